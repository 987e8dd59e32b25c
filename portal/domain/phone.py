"""Telephone numbers as typed by people and as written by telephone systems, brought to one form (E.164).

A recording is matched by its number, so every way to write a number must reach the same key, and a withheld
number must never become one. Masked forms are what lists and letters show.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType, ValidationResult

_HOME = 358
_FINNISH = re.compile(r"(?:0|\+358)([1-9]\d{4,11})")
_BETWEEN = {ord(one): None for one in " -"}
_MAX_LENGTH = 80
_SHORT = re.compile(r"[1-9]\d{2,5}")
_SCHEME = re.compile(r"^(?:sips?|tel):", re.I)
_EXTENSION = re.compile(r"(?:;.*|(?:,|\s|(?<=\d))(?:ext|x|alanro|ankn)\.?\s*\d+)$", re.I)
_WITHHELD = frozenset(
    {
        "0", "anonymous", "restricted", "unknown", "unavailable", "private", "withheld", "hidden", "blocked",
        "salainen", "tuntematon", "hemligt", "okänt",
    }
)  # fmt: skip


class NumberKind(StrEnum):
    """What sort of number it is; unknown: possible in form, but in no numbering plan known to us."""

    MOBILE = "mobile"
    FIXED = "fixed"
    SERVICE = "service"
    TOLL_FREE = "toll_free"
    PREMIUM = "premium"
    SHORT = "short"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"

    @property
    def is_service(self) -> bool:
        """A number that one calls, not one that a person calls from."""
        return self in (NumberKind.SERVICE, NumberKind.TOLL_FREE, NumberKind.PREMIUM, NumberKind.SHORT)


_KINDS = {
    PhoneNumberType.MOBILE: NumberKind.MOBILE,
    PhoneNumberType.FIXED_LINE: NumberKind.FIXED,
    PhoneNumberType.VOIP: NumberKind.FIXED,
    PhoneNumberType.UAN: NumberKind.SERVICE,
    PhoneNumberType.SHARED_COST: NumberKind.SERVICE,
    PhoneNumberType.TOLL_FREE: NumberKind.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE: NumberKind.PREMIUM,
}


@dataclass(frozen=True)
class Number:
    """A usable number: E.164 (a short number stays as its bare digits), and its kind."""

    e164: str
    kind: NumberKind

    @property
    def national(self) -> str:
        """As people read it; worked out when it is asked for, because a harvest reads a million and shows none."""
        return national(self.e164)

    @property
    def masked(self) -> str:
        """As lists and letters show it: 040 *** **67."""
        return mask(self)


@dataclass(frozen=True)
class Withheld:
    """The source or the person says that the number was hidden or is not known."""


class Fault(StrEnum):
    """Why a text is no telephone number."""

    LETTERS = "letters"
    NO_DIGITS = "no_digits"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NO_SUCH_NUMBER = "no_such_number"


@dataclass(frozen=True)
class Unusable:
    """The text cannot be a telephone number, and why."""

    reason: Fault


_FAULTS = {ValidationResult.TOO_SHORT: Fault.TOO_SHORT, ValidationResult.TOO_LONG: Fault.TOO_LONG}


def normalise(
    text: str, region: str = "FI", *, prefixes: Iterable[str] = (), withheld_words: Iterable[str] = ()
) -> Number | Withheld | Unusable:
    """The number meant by the text, as typed by a person or found in a source.

    `prefixes`: digits a source's exchange puts before outside numbers ("0", "999"), tried while the number is not
    valid. `withheld_words`: the source's own words for a hidden number, besides the usual ones.
    """
    usual = _finnish(text) if region == "FI" and text not in withheld_words else None
    if usual:
        return usual
    plain = _bare(text)
    if not plain or plain.casefold() in _WITHHELD.union(word.casefold() for word in withheld_words):
        return Withheld()
    if fault := _form_fault(plain):
        return Unusable(fault)
    results = [_read(candidate, region) for candidate in _with_stripped(plain, prefixes)]
    valid = (each for each in results if isinstance(each, Number) and each.kind is not NumberKind.UNKNOWN)
    return next(valid, results[0])


def _bare(text: str) -> str:
    """Only what names the number: no display name, scheme, host, extension or invisible characters."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        shown = (c for c in text if unicodedata.category(c) != "Cf")
        text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in shown)
    if bracketed := re.search(r"<([^<>]*)>", text):
        text = bracketed[1]
    text = text.strip()
    if _SCHEME.match(text):
        text = _SCHEME.sub("", text).partition("@")[0].replace("%2B", "+").replace("%2b", "+")
    return _EXTENSION.sub("", text).strip()


def _form_fault(plain: str) -> Fault | None:
    if any(c.isalpha() for c in plain):
        return Fault.LETTERS
    if not any(c.isdigit() for c in plain):
        return Fault.NO_DIGITS
    return Fault.TOO_LONG if len(plain) > _MAX_LENGTH else None


def _with_stripped(plain: str, prefixes: Iterable[str]) -> Iterator[str]:
    yield plain
    digits = re.sub(r"\D", "", plain)
    for prefix in prefixes:
        if digits.startswith(prefix) and len(digits) > len(prefix):
            yield digits[len(prefix) :]


def _finnish(text: str) -> Number | None:
    """A Finnish number in its usual form, without the library's parsing, which is a third of a harvest's work; whether
    it is one, and which kind, is the library's word."""
    form = _FINNISH.fullmatch(text.translate(_BETWEEN))
    if form is None:
        return None
    kind = phonenumbers.number_type(phonenumbers.PhoneNumber(_HOME, int(form[1])))
    return None if kind == PhoneNumberType.UNKNOWN else Number(f"+{_HOME}{form[1]}", _kind(kind))


def _read(plain: str, region: str) -> Number | Unusable:
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException as fault:
        return _short(plain) or Unusable(_parse_fault(fault.error_type))
    kind = phonenumbers.number_type(number)
    if kind != PhoneNumberType.UNKNOWN:  # the same as is_valid_number, which would look it up once more
        ours = number.country_code == _HOME
        return _number(number, _kind(kind) if ours else NumberKind.FOREIGN)
    if short := _short(plain):
        return short
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible in (ValidationResult.IS_POSSIBLE, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return _number(number, NumberKind.UNKNOWN)
    return Unusable(_FAULTS.get(possible, Fault.NO_SUCH_NUMBER))


def _kind(kind: int) -> NumberKind:
    return _KINDS.get(kind, NumberKind.UNKNOWN)


def _short(plain: str) -> Number | None:
    """112, 116 117, 118 123: no E.164 form exists, so the digits are kept as they are."""
    digits = re.sub(r"\D", "", plain)
    return Number(digits, NumberKind.SHORT) if "+" not in plain and _SHORT.fullmatch(digits) else None


def _parse_fault(error: int) -> Fault:
    wrong = phonenumbers.NumberParseException
    if error in (wrong.TOO_SHORT_NSN, wrong.TOO_SHORT_AFTER_IDD, wrong.NOT_A_NUMBER):
        return Fault.TOO_SHORT
    return Fault.TOO_LONG if error == wrong.TOO_LONG else Fault.NO_SUCH_NUMBER


def _number(number: phonenumbers.PhoneNumber, kind: NumberKind) -> Number:
    return Number(phonenumbers.format_number(number, PhoneNumberFormat.E164), kind)


def national(e164: str) -> str:
    """A stored number as people read it: 040 123 4567, or +46 70 123 45 67 for another country; else unchanged."""
    try:
        return _shown(phonenumbers.parse(e164)) if e164.startswith("+") else e164
    except phonenumbers.NumberParseException:
        return e164


def _shown(number: phonenumbers.PhoneNumber) -> str:
    if number.country_code != _HOME:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    area, _, rest = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL).partition(" ")
    return " ".join((area, *_groups(rest))) if rest else area


def _groups(digits: str) -> tuple[str, ...]:
    """Finnish custom: 123 4567, 123 456, 1234 5678; 816 21; four digits or fewer stay together."""
    if not digits.isdigit() or len(digits) < 5:
        return (digits,)
    cut = 4 if len(digits) >= 8 else 3
    return digits[:cut], digits[cut:]


def mask(number: Number | str) -> str:
    """A person's number as lists and letters show it: area code and the last two digits (040 *** **67)."""
    shown = number.national if isinstance(number, Number) else national(number)
    area, gap, rest = shown.partition(" ")
    if not gap:
        area, rest = "", shown
    return f"{area}{gap}{re.sub(r'[0-9]', '*', rest[:-2])}{rest[-2:]}"
