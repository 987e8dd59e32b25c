"""Was the number the caller's? Three grades, the ways to them, and the limits on codes (GDPR arts. 5(1)(f), 12(6)).

Strong identification proves who asks, not that they made the call. A code proves control of a number now, staff's own
comparison supports it; without either no recording is released. Filing is never stopped.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType

FINLAND = 358
DIGITS = 6
"""How long a code is."""
TRIES = 5
"""How often a code may be typed; then it is void."""
CODE_LIFE = timedelta(minutes=10)
PROOF_KEPT = timedelta(days=1)
"""How long a proof waits for the request to be sent: as long as what was typed is kept."""
FAR_APART = 90
"""Days between the call and the proof from which staff are warned: a number changes hands."""


class Grade(StrEnum):
    """How sure it is that a number is the applicant's."""

    UNPROVED = "unproved"
    SUPPORTED = "supported"
    PROVED = "proved"


class How(StrEnum):
    """What a grade rests on: a code sent or read out; staff's comparison with the controller's own customer register,
    with details known, documents seen (their kind alone), or the period stated for a withheld or former number."""

    TEXT = "text"
    READ_OUT = "read_out"
    REGISTER = "register"
    DETAILS = "details"
    DOCUMENTS = "documents"
    STATED = "stated"

    @property
    def code(self) -> bool:
        """Does the person prove it by a code?"""
        return self in (How.TEXT, How.READ_OUT)


SUPPORTS = tuple(how for how in How if not how.code)
"""What staff may rest a support on."""


@dataclass(frozen=True)
class NumberProof:
    """What is known of the number of one call. `by` is the staff member, empty where the person proved it; `days` lie
    between the call's stated day and the proof, None where no day was stated; `shared`: others use the number too."""

    call: int
    grade: Grade
    how: str = ""
    at: datetime | None = None
    by: str = ""
    note: str = ""
    days: int | None = None
    shared: bool = False

    @property
    def enough(self) -> bool:
        """May a recording be released on it, when a listener has confirmed the speaker?"""
        return self.grade is not Grade.UNPROVED


class CodeWay(StrEnum):
    """How a code reaches a number: by text message, read out when staff ring it, or not at all (staff compare)."""

    TEXT = "text"
    CALL_BACK = "call_back"
    STAFF = "staff"


def code_way(e164: str | None, countries: frozenset[int], *, texts: bool) -> CodeWay:
    """The way for a number: text messages to mobiles alone, a call to these and to fixed lines, in the given
    countries (calling codes); service, toll-free and premium numbers get no code. `texts`: can messages be sent?"""
    if e164 is None or not e164.startswith("+"):
        return CodeWay.STAFF
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return CodeWay.STAFF
    if number.country_code not in countries or not phonenumbers.is_valid_number(number):
        return CodeWay.STAFF
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.MOBILE:
        return CodeWay.TEXT if texts else CodeWay.CALL_BACK
    return CodeWay.CALL_BACK if kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP) else CodeWay.STAFF


@dataclass(frozen=True)
class CodesSent:
    """How many messages have gone: to the number in an hour and a day over all persons, for the person in a day and
    to how many other numbers, from the address in an hour, and in all in a day."""

    number_hour: int = 0
    number_day: int = 0
    person_day: int = 0
    other_numbers: int = 0
    address_hour: int = 0
    total_day: int = 0


class Limit(StrEnum):
    """Which limit stops a message."""

    NUMBER = "number"
    PERSON = "person"
    ADDRESS = "address"
    BUDGET = "budget"


def limit_reached(sent: CodesSent, budget: int) -> Limit | None:
    """The limit that stops one message more; None: it may go. `budget`: messages a day for the whole installation."""
    if sent.total_day >= budget:
        return Limit.BUDGET
    if sent.number_hour >= 3 or sent.number_day >= 5:
        return Limit.NUMBER
    if sent.person_day >= 5 or sent.other_numbers >= 3:
        return Limit.PERSON
    return Limit.ADDRESS if sent.address_hour >= 20 else None


def days_apart(proved_on: date, called_on: date | None) -> int | None:
    """Days from the call to the proof; negative where the proof came first, None where the call's day is unknown."""
    return (proved_on - called_on).days if called_on else None


def far_apart(days: int | None) -> bool:
    """Is the proof so far from the call that the number may have had another holder?"""
    return days is not None and abs(days) > FAR_APART


_LONG_FIGURE = re.compile(r"\d{3,}")


def note_fault(how: How, note: str) -> str | None:
    """What is wrong with the facts of a support: `no_note`, or `number_in_note` where a document's number stands
    instead of its kind; None: nothing."""
    if not note.strip():
        return "no_note"
    return "number_in_note" if how is How.DOCUMENTS and _LONG_FIGURE.search(note) else None
