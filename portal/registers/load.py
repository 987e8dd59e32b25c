"""Reads register files into `Register`s. A notice is data: each value says where it comes from.

Each table has exactly one origin: `clause` (of the notice), `gap` (the notice is silent: why, and which lawful default
stands) or `law` (the provision that decides whatever the notice says). `gaps` and `laws` inside a table give single
keys of it an origin of their own. Unknown keys are errors, so a misspelt promise cannot be lost.
"""

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from portal.domain.envelope import C5
from portal.domain.register import (
    Appeal,
    Complaint,
    Confirmed,
    Contact,
    Controller,
    Delivery,
    FeeRule,
    IdDocument,
    Listeners,
    Note,
    Notice,
    Purpose,
    Recipient,
    Register,
    RetentionRule,
    Sector,
    ServiceNumber,
)
from portal.domain.retention import parse_period
from portal.domain.rights import LegalBasis, Right
from portal.domain.words import Language, Words
from portal.registers.envelope import read_envelope

FOLDER = Path(__file__).parent

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_LISTENERS = ("phone_service_staff", "named_persons", "staff_who_need_it", "agent_and_supervisor",
              "confirmed_by_controller")  # fmt: skip
_MANNERS = ("download", "transcript", "post", "on_site", "portability")
_FILES_KEPT = ("until_checked", "until_closed")

Choice = TypeVar("Choice", bound=StrEnum)


class RegisterError(Exception):
    """A register file that cannot be read: which file, which key, and why."""

    def __init__(self, file: Path, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}" if key else f"{file}: {reason}")
        self.file = file
        self.key = key
        self.reason = reason


def load_all(folder: Path = FOLDER) -> dict[str, Register]:
    """Every register of the folder by its id, in the order of the file names. RegisterError when one cannot be read
    or there is none."""
    registers = {path.stem: load_register(path) for path in sorted(folder.glob("*.toml"))}
    if not registers:
        raise RegisterError(folder, "", "holds no register file (*.toml)")
    return registers


def load_register(path: Path) -> Register:
    """The register in this file; its id and theme are the file's name, its version the first 12 hex digits of the
    file's SHA-256. RegisterError names file, key and reason."""
    try:
        data = path.read_bytes()
        content = tomllib.loads(data.decode())
    except OSError as error:
        raise RegisterError(path, "", error.strerror or "cannot be read") from error
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError
        raise RegisterError(path, "", f"is not a TOML file in UTF-8: {error}") from error
    return _register(_Table(path, "", content, {}), hashlib.sha256(data).hexdigest()[:12])


def _register(top: "_Table", version: str) -> Register:
    confirmed_on = top.days("confirmed_on")
    register = Register(
        id=top.file.stem,
        theme=top.file.stem,
        name=top.one("name", _own_words),
        controller=top.one("controller", _controller),
        contact=top.one("contact", _contact),
        dpo=top.one("dpo", _contact),
        requests_to=top.one("requests_to", _contact),
        notice=top.one("notice", _notice),
        purposes=top.many("purposes", "code", _purpose),
        categories=top.many("categories", "code", _own_words),
        source=top.one("source", _own_words),
        recipients=top.many("recipients", "code", _recipient),
        retention=top.many("retention", "class", _retention),
        listeners=top.one("listeners", _listeners),
        rights_in_notice=top.one("rights_in_notice", lambda t: frozenset(t.choices("values", Right))),
        delivery=top.many("delivery", "manner", _delivery),
        id_documents=top.many("id_documents", "code", lambda t: IdDocument(t.id, _own_words(t))),
        service_target_days=top.maybe("service_target", lambda t: t.number("days")),
        fee=top.one("fee", _fee),
        languages=top.one("languages", lambda t: t.choices("values", Language)),
        complaint=top.one("complaint", lambda t: Complaint(authority=_own_words(t), checked_on=t.day("checked_on"))),
        confirmed=top.one("confirmed", _confirmed),
        service_numbers=top.many("service_numbers", "e164", _service_number),
        channels=top.one("channels", lambda t: t.known("values", ("portal", "paper", "on_site", "email", "phone"))),
        openness_act=top.one("openness_act", lambda t: t.flag("applies")),
        appeal=top.maybe("appeal", lambda t: Appeal(court=t.words("court"), instructions=t.text("instructions"))),
        download_days=top.one("download", lambda t: t.number("days")),
        hold_review_days=top.one("hold", lambda t: t.number("review_days")),
        password_max_age_days=top.maybe("password", lambda t: t.number("max_age_days")),
        recording_announcement=top.one("recording_announcement", _own_words),
        notes=top.many("notes", "code", _note),
        clauses=top.origins,
        version=version,
        required_languages=top.one("required_languages", lambda t: t.choices("values", Language)),
        after_service_end=top.maybe("after_service_end", lambda t: t.period("period")),
        confirmed_on=confirmed_on,
        envelope=top.maybe("letter", lambda t: t.read("window", dict, read_envelope)) or C5,
        keeps_identity_code=top.maybe("identity_code", lambda t: t.flag("kept")) or False,
        mandate_files=top.maybe("mandate_files", lambda t: t.one_of("kept", _FILES_KEPT)) or _FILES_KEPT[0],
    )
    top.finish()
    _confirmations_are_gaps(top, confirmed_on)
    return register


def _confirmations_are_gaps(top: "_Table", confirmed_on: dict[str, date]) -> None:
    for key in confirmed_on:
        if not top.origins.get(key, "").startswith("gap: "):
            raise RegisterError(top.file, f"confirmed_on.{key}", "confirms no gap of this register")


def _own_words(t: "_Table") -> Words:
    return Words(fi=t.text("fi"), sv=t.text("sv"), en=t.text("en"))


def _note(t: "_Table") -> Note:
    return Note(fi=t.text("fi"), sv=t.text("sv"), en=t.text("en"), code=t.id)


def _controller(t: "_Table") -> Controller:
    return Controller(
        name=t.words("name"),
        sector=t.choice("sector", Sector),
        address=t.texts("address"),
        business_id=t.text_or_none("business_id"),
        unit=t.words_or_none("unit"),
        valid_from=t.day_or_none("valid_from"),
        valid_to=t.day_or_none("valid_to"),
        successor=t.words_or_none("successor"),
        transfer_basis=t.words_or_none("transfer_basis"),
    )


def _contact(t: "_Table") -> Contact:
    post = t.texts("post") if t.has("post") else ()
    return Contact(role=t.words("role"), phone=t.text_or_none("phone"), email=t.text_or_none("email"), post=post)


def _notice(t: "_Table") -> Notice:
    act = t.one_of("act", ("GDPR", "HETIL"))
    return Notice(t.day_or_none("date"), act, t.text_or_none("mapping_note"), t.text_or_none("url"))


def _purpose(t: "_Table") -> Purpose:
    return Purpose(
        code=t.id,
        name=t.words("name"),
        bases=frozenset(t.choices("bases", LegalBasis) if t.filled("bases") else ()),
        direct_marketing=t.flag("direct_marketing") if t.has("direct_marketing") else False,
        special_category=t.text_or_none("special_category"),
    )


def _recipient(t: "_Table") -> Recipient:
    return Recipient(code=t.id, name=t.words("name"), kind=t.one_of("kind", ("processor", "authority", "other")))


def _retention(t: "_Table") -> RetentionRule:
    return RetentionRule(
        recording_class=t.id,
        period=t.period("period"),
        longest=t.period("longest") if t.has("longest") else None,
        reasons=t.texts("reasons") if t.has("reasons") else (),
        approver_role=t.text_or_none("approver_role"),
        review_days=t.number("review_days") if t.has("review_days") else None,
    )


def _listeners(t: "_Table") -> Listeners:
    return Listeners(rule=t.one_of("rule", _LISTENERS), text=t.words("text"))


def _delivery(t: "_Table") -> Delivery:
    if t.id not in _MANNERS:
        raise t.error("manner", f"is {t.id!r}, not one of {', '.join(_MANNERS)}")
    return Delivery(t.id, t.has("default") and t.flag("default"), t.words_list("places"))


def _fee(t: "_Table") -> FeeRule:
    prior = t.number("prior_notice_days") if t.has("prior_notice_days") else None
    note = t.flag("free_per_year_note") if t.has("free_per_year_note") else False
    return FeeRule(mode=t.text("mode"), prior_notice_days=prior, free_per_year_note=note)


def _confirmed(t: "_Table") -> Confirmed:
    return Confirmed(t.flag("no_automated_decisions"), t.flag("no_third_country_transfers"))


def _service_number(t: "_Table") -> ServiceNumber:
    if not _E164.fullmatch(t.id):
        raise t.error("e164", f"is {t.id!r}, not a number in E.164 such as +358981621")
    return ServiceNumber(e164=t.id, name=t.words("name"))


Built = TypeVar("Built")


class _Table:
    """One table of the file: typed look-ups that name file and key when they fail, and the keys nobody asked for."""

    def __init__(self, file: Path, key: str, values: object, origins: dict[str, str], identity: str = "") -> None:
        self.file = file
        self.key = key
        self.origins = origins
        self.id = identity
        if not isinstance(values, dict):
            raise RegisterError(file, key, "must be a table")
        self._values: dict[str, Any] = dict(values)
        self._asked: set[str] = set()

    def error(self, name: str, reason: str) -> RegisterError:
        return RegisterError(self.file, self._path(name), reason)

    def has(self, name: str) -> bool:
        return name in self._values

    def filled(self, name: str) -> bool:
        """Whether a list holds anything: an empty one is legible, and answered for by rule V15."""
        return bool(self._take(name, list))

    def text(self, name: str) -> str:
        text: str = self._take(name, str)
        if not text.strip():
            raise self.error(name, "is empty")
        return text

    def text_or_none(self, name: str) -> str | None:
        return self.text(name) if self.has(name) else None

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._take(name, list)
        if not values or not all(isinstance(value, str) and value.strip() for value in values):
            raise self.error(name, "must be a list of texts, none of them empty")
        return tuple(values)

    def number(self, name: str) -> int:
        number: int = self._take(name, int)
        if isinstance(number, bool) or number < 1:
            raise self.error(name, "must be a whole number from 1 up")
        return number

    def flag(self, name: str) -> bool:
        flag: bool = self._take(name, bool)
        return flag

    def day(self, name: str) -> date:
        day: date = self._take(name, date)
        if isinstance(day, datetime):
            raise self.error(name, f"must be {_KINDS[date]}, without a time")
        return day

    def day_or_none(self, name: str) -> date | None:
        return self.day(name) if self.has(name) else None

    def days(self, name: str) -> dict[str, date]:
        values: dict[str, date] = self._take(name, dict) if self.has(name) else {}
        for key, value in values.items():
            if not isinstance(value, date):
                raise self.error(f"{name}.{key}", "must be a date such as 2027-01-31")
        return values

    def period(self, name: str) -> str:
        self.read(name, str, parse_period)
        return self.text(name)

    def read(self, name: str, kind: type, parse: Callable[[Any], Built]) -> Built:
        """What `parse` makes of the value; its ValueError says what is wrong with it."""
        try:
            return parse(self._take(name, kind))
        except ValueError as error:
            raise self.error(name, str(error)) from error

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        text = self.text(name)
        if text not in allowed:
            raise self.error(name, f"is {text!r}, not one of {', '.join(allowed)}")
        return text

    def known(self, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        texts = self.texts(name)
        if unknown := [text for text in texts if text not in allowed]:
            raise self.error(name, f"holds {unknown[0]!r}, not one of {', '.join(allowed)}")
        return texts

    def choice(self, name: str, kind: type[Choice]) -> Choice:
        return kind(self.one_of(name, tuple(kind)))

    def choices(self, name: str, kind: type[Choice]) -> tuple[Choice, ...]:
        return tuple(kind(text) for text in self.known(name, tuple(kind)))

    def words(self, name: str) -> Words:
        return self._plain(name, self._take(name, dict))

    def words_or_none(self, name: str) -> Words | None:
        return self.words(name) if self.has(name) else None

    def words_list(self, name: str) -> tuple[Words, ...]:
        values = self._take(name, list) if self.has(name) else []
        return tuple(self._plain(f"{name}[{n}]", value) for n, value in enumerate(values, 1))

    def one(self, name: str, build: Callable[["_Table"], Built]) -> Built:
        """A table of its own, with its origin; every key of it must be asked for by `build`."""
        return self._built(self._path(name), self._take(name, dict), build)

    def maybe(self, name: str, build: Callable[["_Table"], Built]) -> Built | None:
        return self.one(name, build) if self.has(name) else None

    def many(self, name: str, identity: str, build: Callable[["_Table"], Built]) -> tuple[Built, ...]:
        """A list of tables, each known by the value of its key `identity`, which may stand only once."""
        return tuple(self._each(name, identity, build))

    def finish(self) -> None:
        """RegisterError for the first key that nobody asked for."""
        for name in self._values:
            if name not in self._asked:
                raise self.error(name, "is no key of a register file")

    def _each(self, name: str, identity: str, build: Callable[["_Table"], Built]) -> Iterator[Built]:
        seen: set[str] = set()
        for number, values in enumerate(self._take(name, list) if self.has(name) else [], 1):
            probe = _Table(self.file, f"{self._path(name)}[{number}]", values, self.origins)
            code = probe.text(identity)
            if code in seen:
                raise probe.error(identity, f"{code!r} stands twice")
            seen.add(code)
            rest = {key: value for key, value in values.items() if key != identity}
            yield self._built(f"{self._path(name)}.{code}", rest, build, code)

    def _built(self, key: str, values: object, build: Callable[["_Table"], Built], identity: str = "") -> Built:
        table = _Table(self.file, key, values, self.origins, identity)
        table._record_origin()
        built = build(table)
        table.finish()
        return built

    def _record_origin(self) -> None:
        given = [kind for kind in ("clause", "gap", "law") if self.has(kind)]
        if len(given) != 1:
            raise RegisterError(self.file, self.key, "must say where it comes from: one of clause, gap, law")
        self.origins[self.key] = _origin(given[0], self.text(given[0]))
        for kind in ("gap", "law"):
            for name, why in (self._take(f"{kind}s", dict) if self.has(f"{kind}s") else {}).items():
                if not isinstance(why, str) or not why.strip():
                    raise self.error(f"{kind}s.{name}", "must say why")
                self.origins[self._path(name)] = _origin(kind, why)

    def _plain(self, name: str, values: object) -> Words:
        table = _Table(self.file, self._path(name), values, self.origins)
        words = _own_words(table)
        table.finish()
        return words

    def _take(self, name: str, kind: type) -> Any:
        self._asked.add(name)
        if name not in self._values:
            raise self.error(name, "is missing")
        value = self._values[name]
        if not isinstance(value, kind):
            raise self.error(name, f"must be {_KINDS[kind]}")
        return value

    def _path(self, name: str) -> str:
        return f"{self.key}.{name}" if self.key else name


_KINDS: dict[type, str] = {
    str: "a text", int: "a whole number", bool: "true or false", date: "a date such as 2027-01-31", list: "a list",
    dict: "a table",
}  # fmt: skip


def _origin(kind: str, text: str) -> str:
    return text if kind == "clause" else f"{kind}: {text}"
