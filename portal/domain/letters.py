"""What a letter needs to know and which statements it must therefore hold (GDPR arts. 12, 15, 16-21; APA ss. 44-49).

`LetterFacts` is everything a letter is written from, as free of language as it can be; texts in it are the staff's
own, in the case's language. `statements(facts)` resolves the statutory matrix for these facts; the templates print
exactly those. `lacks(facts)` names what a letter cannot be signed without. `LEGAL_REVIEW` marks the statements that
a lawyer approves before they are used (rule V17).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime

from portal.domain.decisions import (
    MATRIX,
    NOTICE_KINDS,
    REFUSAL_KINDS,
    Decision,
    ItemDecision,
    LetterKind,
    Missing,
    Outcome,
    letter_kind,
    missing,
    required_contents,
)
from portal.domain.grounds import FEE_GROUNDS
from portal.domain.letter_parts import Ask as Ask
from portal.domain.letter_parts import Attendance as Attendance
from portal.domain.letter_parts import CallLine as CallLine
from portal.domain.letter_parts import Closing as Closing
from portal.domain.letter_parts import Corrected as Corrected
from portal.domain.letter_parts import Fee as Fee
from portal.domain.letter_parts import FileLine as FileLine
from portal.domain.letter_parts import Lifting as Lifting
from portal.domain.letter_parts import Omission as Omission
from portal.domain.letter_parts import OtherController as OtherController
from portal.domain.letter_parts import Visit as Visit
from portal.domain.register import Register
from portal.domain.retention import parse_period
from portal.domain.rights import Right, rights_by_law
from portal.domain.words import Language, Words

ADDRESS_ROWS = 5
"""Rows that show through the narrowest window; a longer address is shortened in the form, not on paper."""

LEGAL_REVIEW: tuple[str, ...] = (
    "S05b", "S05c", "S05o", "S05p", "S07b", "S08", "S12-0", "S12a", "S12b", "S12c", "S12d", "S12d-hold", "S12e", "S12g",
    "S12h", "S12-2", "S14", "S16i", "S16m", "S18", "S19", "S19b", "S20", "S21a", "S21b", "S22",
)  # fmt: skip
"""The statements whose words need a lawyer's approval on record before they are used; the appeal instructions, being
part of S21b, need it too."""

_MONTH, _MONTHS = Words("kuukausi", "månad", "month"), Words("kuukautta", "månader", "months")
_IDENTITY_CODE = re.compile(r"(?<![0-9A-Za-z])[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y](?![0-9A-Za-z])", re.I)


@dataclass(frozen=True)
class LetterFacts:
    """Everything a letter is written from. Instants are aware UTC; clauses (`extension_reason`,
    `restricted_until_event`, `not_told_why`) have neither capital letter nor full stop. `code` is the letter's own
    code and `verify_url` where anyone can have it checked; both stand at the foot of the first page.
    `recipients_named` are those to whom these very data were given besides the register's recipients. `openness_due` is
    the day of the Openness Act's own limit, where it runs on while a question is open. `copy_first`: the copies are
    given now and what is granted is erased after them. `for_whom` is whom the recipient acts for, empty in their own
    matter."""

    kind: LetterKind
    language: Language
    register: Register
    case_no: str
    right: Right
    received_at: datetime
    letter_date: date
    recipient: tuple[str, ...]
    calls: tuple[CallLine, ...] = ()
    due: date | None = None
    target: date | None = None
    extended_due: date | None = None
    preserved: bool = False
    ask: Ask | None = None
    openness_due: date | None = None
    extension_reason: str = ""
    items: tuple[ItemDecision, ...] = ()
    files: tuple[FileLine, ...] = ()
    available_until: date | None = None
    recording_class: str = "customer_service"
    erase_on: date | None = None
    held: bool = False
    omissions: tuple[Omission, ...] = ()
    search: str = ""
    erased_on: date | None = None
    done_on: date | None = None
    corrected: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    erasure_asked: tuple[str, ...] = ()
    erasure_due: date | None = None
    copy_first: bool = False
    restricted_until_event: str = ""
    recipients_named: tuple[str, ...] = ()
    recipients_told: tuple[str, ...] = ()
    recipients_not_told: tuple[str, ...] = ()
    not_told_why: str = ""
    kept: str = ""
    kept_until: date | None = None
    statement_attached: bool = False
    decided_by: str = ""
    identified_at: datetime | None = None
    identified_ref: str = ""
    lifting: Lifting | None = None
    fee: Fee | None = None
    visit: Visit | None = None
    attendance: Attendance | None = None
    closing: Closing | None = None
    withdrawn_on: date | None = None
    other_controller: OtherController | None = None
    corrects: Corrected | None = None
    code: str | None = None
    verify_url: str | None = None
    for_whom: str = ""

    @property
    def effective_on(self) -> date:
        """The day on which data were rectified, erased or restricted: the letter's own unless stated."""
        return self.done_on or self.letter_date

    def items_with(self, *outcomes: Outcome) -> tuple[ItemDecision, ...]:
        """The items decided in one of these ways."""
        return tuple(item for item in self.items if item.outcome in outcomes)

    @property
    def refused(self) -> tuple[ItemDecision, ...]:
        """The items that are not, or not wholly, granted: each carries its reasons."""
        return tuple(item for item in self.items if item.refuses)

    @property
    def granted(self) -> tuple[ItemDecision, ...]:
        """The items that are granted, wholly or in part."""
        return self.items_with(Outcome.GRANTED, Outcome.PARTLY)

    @property
    def answers(self) -> bool:
        """Whether the letter answers the request, item by item."""
        return self.kind not in NOTICE_KINDS

    @property
    def is_decision(self) -> bool:
        """Whether the letter decides something, so that it names the decision maker and is kept secret."""
        return self.answers or self.kind in _OTHER_DECISIONS

    @property
    def names_decision_maker(self) -> bool:
        """Whether the letter cannot go without the name of who decided (APA s. 44)."""
        return self.kind in REFUSAL_KINDS or self.kind in _OTHER_DECISIONS or (self.answers and bool(self.refused))

    @property
    def elsewhere(self) -> OtherController:
        """The other controller: as stated, or named by the items that are another body's."""
        public = self.register.controller.sector.public
        named = [item for item in self.items if item.elsewhere.strip() and not (public and item.elsewhere_private)]
        names = dict.fromkeys(item.elsewhere for item in named)
        return self.other_controller or OtherController("; ".join(names), None)

    @property
    def pointed_to(self) -> str:
        """The bodies that are no authorities, to which an authority cannot transfer the request."""
        private = (item.elsewhere for item in self.items_with(Outcome.OTHER_CONTROLLER) if item.elsewhere_private)
        return "; ".join(dict.fromkeys(private))

    @property
    def retention(self) -> str:
        """The storage period of these recordings in the letter's language."""
        return period_words(self.register.rule(self.recording_class).period)[self.language]

    @property
    def other_rights(self) -> tuple[Right, ...]:
        """The rights other than access that exist in this register by law (art. 15(1)(e))."""
        return tuple(right for right in rights_by_law(self.register) if right is not Right.ACCESS)


_OTHER_DECISIONS = (LetterKind.FEE, LetterKind.RESTRICTION_LIFTING)
"""They answer no item of the request, yet an appeal lies against them."""


def period_words(iso: str) -> Words:
    """An ISO 8601 period in words: "P3M" is 3 kuukautta, 3 månader, 3 months. ValueError for a broken period."""
    period = parse_period(iso)
    if period.months and "Y" in iso and period.months % 12 == 0:
        count, one, many = period.months // 12, Words("vuosi", "år", "year"), Words("vuotta", "år", "years")
    elif period.months:
        count, one, many = period.months, _MONTH, _MONTHS
    else:
        count, one, many = period.days, Words("päivä", "dag", "day"), Words("päivää", "dagar", "days")
    unit = one if count == 1 else many
    return Words(*(f"{count} {unit[language]}" for language in Language))


def statements(facts: LetterFacts) -> tuple[str, ...]:
    """The statements this letter must hold, each in the variant that fits the facts, in printing order."""
    codes: list[str] = []
    effects = Right.ACCESS if facts.copy_first else facts.right
    for code in required_contents(facts.kind, facts.register.controller.sector, effects):
        codes.extend(_variants(code, facts))
    for code, applies in _additions(facts):
        if applies and code not in codes:
            codes.append(code)
    return tuple(codes)


def sheet(facts: LetterFacts) -> tuple[str, ...]:
    """The statements of the complaint sheet that is enclosed with this letter: with every answer, unless the letter
    itself already holds both remedies."""
    own = MATRIX[facts.kind].required
    if not facts.answers or {"S20", "S21"} <= set(own):
        return ()
    return required_contents(LetterKind.COMPLAINT_SHEET, facts.register.controller.sector)


def _variants(code: str, facts: LetterFacts) -> Iterable[str]:
    if code == "S04":  # only after the recording system has accepted the hold
        return ("S04",) if facts.preserved else ()
    if code == "S05":
        return ({"call": "S05a", "identity": "S05b", "scope": "S05c"}[facts.ask.kind] if facts.ask else "S05a",)
    if code == "S09":
        return (_outcome_statement(facts),)
    if code == "S12":
        return _access_information(facts)
    if code == "S13":
        return ("S13",) if facts.omissions else ()
    if code == "S15":
        return ("S15b",) if facts.erased_on else ("S15a",)
    if code == "S16b":  # what only an operator can erase is not claimed to be gone
        return ("S16b",) if facts.erased or not facts.erasure_asked else ()
    if code in ("S16g", "S16h"):
        return _elsewhere_statements(facts)
    if code == "S17":
        return _recipient_statements(facts)
    if code == "S19":
        return ("S19b",) if facts.lifting and facts.lifting.taken_back else ("S19",)
    return (code,)


def _outcome_statement(facts: LetterFacts) -> str:
    if not facts.refused:
        return "S09a"
    return "S09b" if facts.granted else "S09c"


def _access_information(facts: LetterFacts) -> tuple[str, ...]:
    lines = ("S12-0", "S12a", "S12b", "S12c", "S12d", "S12e", "S12g", "S12h", "S12-2")
    return (*lines[:5], "S12d-hold", *lines[5:]) if facts.held else lines


def _elsewhere_statements(facts: LetterFacts) -> tuple[str, ...]:
    """An authority transfers to an authority and points to anybody else; a private controller points."""
    if not facts.register.controller.sector.public:
        return ("S16h",)
    others = facts.items_with(Outcome.OTHER_CONTROLLER)
    pointed = any(item.elsewhere_private for item in others)
    transferred = not others or not all(item.elsewhere_private for item in others)
    return (("S16g",) if transferred else ()) + (("S16i",) if pointed else ())


def _recipient_statements(facts: LetterFacts) -> tuple[str, ...]:
    told = ("S17a",) if facts.recipients_told else ()
    untold = ("S17b",) if facts.recipients_not_told else ()
    return (*told, *untold) or ("S17n",)


def _additions(facts: LetterFacts) -> tuple[tuple[str, bool], ...]:
    """The statements of the matrix's last column, each with whether it applies."""
    kind, grounds = facts.kind, {item.reasons.ground for item in facts.refused if item.reasons}
    none_found = bool(facts.items_with(Outcome.NO_RECORDING)) and kind is not LetterKind.NO_RECORDINGS
    tells_reasons = REFUSAL_KINDS | {LetterKind.COMPLAINT_SHEET}
    return (
        ("S03t", kind is LetterKind.ACK and facts.target is not None),
        ("S05p", kind is LetterKind.ASK and facts.ask is not None and facts.ask.pause_from is not None),
        ("S05o", kind is LetterKind.ASK and facts.openness_due is not None),
        ("S10", kind is LetterKind.OBJECTION and bool(facts.refused)),
        ("S13", kind in (LetterKind.GRANT, LetterKind.PORTABILITY) and bool(facts.omissions)),
        ("S14", kind in tells_reasons and any(code.startswith("TSL34") for code in grounds)),
        ("S15b" if facts.erased_on else "S15a", none_found),
        *((code, bool(facts.items_with(Outcome.OTHER_CONTROLLER))) for code in _elsewhere_statements(facts)),
        ("S16d", kind is LetterKind.OBJECTION and bool(facts.granted)),
        ("S16b", kind is LetterKind.CONSENT_WITHDRAWN and bool(facts.erased)),
        ("S16m", _erases(facts) and bool(facts.erasure_asked)),
        ("S16k", _erases(facts) and bool(facts.kept)),
        ("S25a", kind in (LetterKind.PART, LetterKind.NO_RECORDINGS)),
        ("S26a", facts.right is Right.RECTIFICATION and facts.is_decision and facts.statement_attached),
    )


def _erases(facts: LetterFacts) -> bool:
    return facts.kind is LetterKind.ERASED or (
        facts.kind is LetterKind.PART and facts.right is Right.ERASURE and not facts.copy_first
    )


def lacks(facts: LetterFacts) -> tuple[Missing, ...]:
    """What the letter cannot be signed without, beyond the texts that its template itself asks for."""
    found: list[Missing] = []
    if not 1 <= len(facts.recipient) <= ADDRESS_ROWS or not all(row.strip() for row in facts.recipient):
        found.append(Missing("address_rows", "recipient", "address"))
    decision = Decision(facts.items)
    if facts.answers or facts.kind is LetterKind.FEE:
        found.extend(missing(decision, facts.right, facts.register))
    if facts.answers and facts.items and letter_kind(facts.right, decision) is not facts.kind:
        found.append(Missing("other_kind", "kind", "S09"))
    found.extend(_untimely(facts))
    found.extend(_unfounded_fee(facts))
    if contains_identity_code(facts):
        found.append(Missing("identity_code", "text", "-"))
    return tuple(found)


def _untimely(facts: LetterFacts) -> Iterable[Missing]:
    """A restriction is lifted after its notice, never before, and after the person could speak (art. 18(3))."""
    lifting = facts.lifting if facts.kind is LetterKind.RESTRICTION_LIFTING else None
    if lifting and lifting.taken_back:
        return
    if lifting and not facts.letter_date < lifting.on:
        yield Missing("lifted_without_notice", "lifting.on", "S19")
    if lifting and not facts.letter_date <= lifting.reply_by <= lifting.on:
        yield Missing("reply_after_lifting", "lifting.reply_by", "S19")


def _unfounded_fee(facts: LetterFacts) -> Iterable[Missing]:
    """A fee rests on art. 12(5) and never exceeds its cost lines."""
    if facts.kind is not LetterKind.FEE:
        return
    for item in facts.items:
        if item.reasons and item.reasons.ground not in FEE_GROUNDS:
            yield Missing("ground_not_for_fee", f"items.{item.item}.ground", "S10")
    if facts.fee and not 0 < facts.fee.amount_cents <= sum(cents for _, cents in facts.fee.cost_lines):
        yield Missing("fee_over_costs", "fee.amount_cents", "S22")


def contains_identity_code(facts: LetterFacts) -> bool:
    """Whether any text of the letter looks like a personal identity code (Data Protection Act s. 29)."""
    return any(holds_identity_code(text) for text in _texts(facts))


def holds_identity_code(text: str) -> bool:
    """Whether the text holds what looks like a personal identity code: refused when it is written, not at signing."""
    return _IDENTITY_CODE.search(text) is not None


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, Register):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
