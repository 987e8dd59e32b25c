"""Outcomes, grounds and letters: what a decision must contain (GDPR art. 12(3)-(5); law of the grounds, closed list).

A refusal names a ground from the closed list, ties the facts of this case to its provision and says where to
complain; what each kind of letter must state stands in `MATRIX`. The grounds themselves are in `grounds.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.grounds import GROUNDS as GROUNDS
from portal.domain.grounds import Ground as Ground
from portal.domain.grounds import grounds_for as grounds_for
from portal.domain.register import Register, Sector
from portal.domain.rights import LegalBasis, Right


class Outcome(StrEnum):
    """How one item of a request is decided."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    NO_RECORDING = "no_recording"
    NO_REPLY = "no_reply"  # closed because what was asked was not answered: a refusal (art. 12(4))
    OTHER_CONTROLLER = "other_controller"  # the data are another body's: an answer (APA s. 21)


class LetterKind(StrEnum):
    """Every letter the portal can issue; templates/letters/<kind>/<language>.html."""

    ACK = "ack"
    ASK = "ask"
    EXTEND = "extend"
    GRANT = "grant"
    PART = "part"
    REFUSE = "refuse"
    NO_RECORDINGS = "no_recordings"
    RECTIFIED = "rectified"
    RECTIFICATION_REFUSED = "rectification_refused"
    ERASED = "erased"
    RESTRICTED = "restricted"
    OBJECTION = "objection"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    PORTABILITY = "portability"
    RESTRICTION_LIFTING = "restriction_lifting"
    FEE = "fee"
    VISIT = "visit"
    COMPLAINT_SHEET = "complaint_sheet"
    CLOSED_NO_REPLY = "closed_no_reply"
    REQUEST_WITHDRAWN = "request_withdrawn"
    OTHER_CONTROLLER = "other_controller"
    VISIT_CERTIFICATE = "visit_certificate"


@dataclass(frozen=True)
class Reasons:
    """Why an item is not granted: a ground's code, the facts of this case and how the provision bears on them."""

    ground: str
    facts: str
    assessment: str


@dataclass(frozen=True)
class ItemDecision:
    """The decision on one item (one call) of a request. `what` names the item as the letter prints it;
    `left_out` says what a partly granted item leaves out (empty: "in part"); `elsewhere` names the body that is
    controller when it is another one, `elsewhere_private` says that it is no authority: an authority transfers a
    request to another authority only (APA s. 21)."""

    item: int
    outcome: Outcome
    reasons: Reasons | None = None
    what: str = ""
    left_out: str = ""
    elsewhere: str = ""
    elsewhere_private: bool = False

    @property
    def refuses(self) -> bool:
        """Whether the person is left without something asked for: art. 12(4) then applies."""
        return self.outcome in (Outcome.REFUSED, Outcome.PARTLY, Outcome.NO_REPLY)


@dataclass(frozen=True)
class Decision:
    """The decision on a request, item by item. `note` is for the file and is never printed."""

    items: tuple[ItemDecision, ...]
    note: str = ""

    @property
    def outcomes(self) -> frozenset[Outcome]:
        """The outcomes that occur."""
        return frozenset(item.outcome for item in self.items)


@dataclass(frozen=True)
class Missing:
    """What a letter still lacks: `code` says what, `field` where it is written, `statement` where it would stand."""

    code: str
    field: str
    statement: str


@dataclass(frozen=True)
class StatementRow:
    """The statements of one kind of letter: always required, and required where they apply."""

    required: tuple[str, ...]
    if_applies: tuple[str, ...] = ()


# Where one letter covers calls with different fates, S15 answers for the calls without a recording and S16g or S16h
# for those of another controller; S14 goes with every refusal that rests on section 34 of the Data Protection Act.
# Everything else is the statutory matrix; "S16gh" and "S21" stand for the variant of the controller's sector. S05o
# tells that the Openness Act knows no pause; S16i is what an authority says of a body to which it can transfer nothing.
MATRIX: dict[LetterKind, StatementRow] = {
    LetterKind.ACK: StatementRow(("S01", "S02", "S03", "S04", "S24", "S25b"), ("S03t",)),
    LetterKind.ASK: StatementRow(("S01", "S04", "S05", "S06", "S07a", "S24"), ("S05p", "S05o")),
    LetterKind.EXTEND: StatementRow(("S01", "S02", "S04", "S08", "S20", "S24")),
    LetterKind.GRANT: StatementRow(
        ("S01", "S02", "S09a", "S11", "S12", "S20", "S24", "S25a"),
        ("S13", "S15", "S16gh"),
    ),
    LetterKind.PART: StatementRow(
        ("S01", "S02", "S09b", "S10", "S11", "S12", "S13", "S20", "S21", "S24"),
        ("S14", "S15", "S16gh", "S25a"),
    ),
    LetterKind.REFUSE: StatementRow(("S01", "S02", "S09c", "S10", "S20", "S21", "S24"), ("S14", "S15", "S16gh")),
    LetterKind.NO_RECORDINGS: StatementRow(("S01", "S02", "S15", "S20", "S24"), ("S16gh", "S25a")),
    LetterKind.RECTIFIED: StatementRow(("S01", "S02", "S16a", "S17", "S24"), ("S15", "S16gh", "S26a")),
    LetterKind.RECTIFICATION_REFUSED: StatementRow(
        ("S01", "S02", "S09c", "S10", "S20", "S21", "S24", "S26b"),
        ("S15", "S16gh", "S26a"),
    ),
    LetterKind.ERASED: StatementRow(("S01", "S02", "S16b", "S17", "S24"), ("S15", "S16gh", "S16k", "S16m")),
    LetterKind.RESTRICTED: StatementRow(("S01", "S02", "S16c", "S17", "S18", "S24"), ("S15", "S16gh")),
    LetterKind.OBJECTION: StatementRow(("S01", "S02", "S09", "S20", "S21", "S24"), ("S10", "S15", "S16d", "S16gh")),
    LetterKind.CONSENT_WITHDRAWN: StatementRow(("S01", "S02", "S16e", "S20", "S21", "S24"), ("S15", "S16b", "S16gh")),
    LetterKind.PORTABILITY: StatementRow(("S01", "S02", "S09a", "S11", "S20", "S21", "S24"), ("S13", "S15", "S16gh")),
    LetterKind.RESTRICTION_LIFTING: StatementRow(("S01", "S19", "S20", "S21", "S24")),
    LetterKind.FEE: StatementRow(("S01", "S02", "S10", "S20", "S21", "S22", "S24")),
    LetterKind.VISIT: StatementRow(("S01", "S23", "S24", "S25b")),
    LetterKind.COMPLAINT_SHEET: StatementRow(("S20", "S21"), ("S14",)),
    LetterKind.CLOSED_NO_REPLY: StatementRow(("S01", "S02", "S07b", "S20", "S21", "S24")),
    LetterKind.REQUEST_WITHDRAWN: StatementRow(("S01", "S16f", "S20", "S24")),
    LetterKind.OTHER_CONTROLLER: StatementRow(("S01", "S02", "S16gh", "S20", "S24")),
    LetterKind.VISIT_CERTIFICATE: StatementRow(("S01", "S24", "S27", "S28")),
}

# What stands in a partial grant instead of the files and the article 15 information, by right.
_EFFECTS: dict[Right, tuple[str, ...]] = {
    Right.ACCESS: ("S11", "S12", "S13"),
    Right.PORTABILITY: ("S11", "S13"),
    Right.RECTIFICATION: ("S16a", "S17"),
    Right.ERASURE: ("S16b", "S17"),
    Right.RESTRICTION: ("S16c", "S17", "S18"),
    Right.WITHDRAWAL: ("S16e",),
}
_GRANTED_KIND: dict[Right, LetterKind] = {
    Right.ACCESS: LetterKind.GRANT,
    Right.RECTIFICATION: LetterKind.RECTIFIED,
    Right.ERASURE: LetterKind.ERASED,
    Right.RESTRICTION: LetterKind.RESTRICTED,
    Right.PORTABILITY: LetterKind.PORTABILITY,
    Right.OBJECTION: LetterKind.OBJECTION,
    Right.WITHDRAWAL: LetterKind.CONSENT_WITHDRAWN,
}
_UNIFORM_KIND: dict[Outcome, LetterKind] = {
    Outcome.NO_RECORDING: LetterKind.NO_RECORDINGS,
    Outcome.NO_REPLY: LetterKind.CLOSED_NO_REPLY,
    Outcome.OTHER_CONTROLLER: LetterKind.OTHER_CONTROLLER,
}
REFUSAL_KINDS = frozenset(
    {LetterKind.REFUSE, LetterKind.PART, LetterKind.RECTIFICATION_REFUSED, LetterKind.CLOSED_NO_REPLY}
)
NOTICE_KINDS = frozenset(
    {
        LetterKind.ACK,
        LetterKind.ASK,
        LetterKind.EXTEND,
        LetterKind.RESTRICTION_LIFTING,
        LetterKind.FEE,
        LetterKind.VISIT,
        LetterKind.COMPLAINT_SHEET,
        LetterKind.REQUEST_WITHDRAWN,
        LetterKind.VISIT_CERTIFICATE,
    }
)
"""The letters that do not answer the request; all others decide its items."""

_NO_REPLY_GROUNDS = ("R11-2", "R12-6")
"""What an unanswered question can leave open: who asks, or who of the recorded is the one that asks."""


def letter_kind(right: Right, decision: Decision) -> LetterKind:
    """The letter that carries this decision. ValueError when the decision has no items."""
    outcomes = decision.outcomes
    if not outcomes:
        raise ValueError("a decision without items has no letter")
    if len(outcomes) == 1 and (only := next(iter(outcomes))) in _UNIFORM_KIND:
        return _UNIFORM_KIND[only]
    refuses = any(item.refuses for item in decision.items)
    grants = bool(outcomes & {Outcome.GRANTED, Outcome.PARTLY})
    if not refuses and not grants:
        return LetterKind.NO_RECORDINGS
    if right is Right.OBJECTION:
        return LetterKind.OBJECTION
    if grants:
        return LetterKind.PART if refuses else _GRANTED_KIND[right]
    return LetterKind.RECTIFICATION_REFUSED if right is Right.RECTIFICATION else LetterKind.REFUSE


def required_contents(kind: LetterKind, sector: Sector, right: Right = Right.ACCESS) -> tuple[str, ...]:
    """The statements that a letter of this kind must hold, in printing order; S16gh and S21 are already the sector's.

    A letter on another right than access carries that right's effect instead of the article 15 information.
    """
    codes: list[str] = []
    for code in MATRIX[kind].required:
        if code == "S11" and kind is LetterKind.PART:
            codes.extend(_EFFECTS.get(right, ()))
        elif code in ("S12", "S13") and kind is LetterKind.PART:
            continue
        else:
            codes.append(of_sector(code, sector))
    return tuple(codes)


def of_sector(code: str, sector: Sector) -> str:
    """The variant of a statement for this sector: the remedy (S21), and what an authority and a private controller
    do with a request that belongs elsewhere (S16gh: transfer it, tell where it can be made)."""
    if code == "S21":
        return "S21b" if sector.public else "S21a"
    if code == "S16gh":
        return "S16g" if sector.public else "S16h"
    return code


def needs_second(decision: Decision, right: Right) -> bool:
    """Whether a second person must approve: refusals, erasures, releases of a recording and starred grounds."""
    releases = right in (Right.ACCESS, Right.PORTABILITY, Right.ERASURE)
    for item in decision.items:
        if item.refuses or (releases and item.outcome is Outcome.GRANTED):
            return True
        if item.reasons and item.reasons.ground in GROUNDS and GROUNDS[item.reasons.ground].second:
            return True
    return False


def missing(
    decision: Decision,
    right: Right,
    register: Register,
    *,
    recipients_confirmed: bool = True,
    direct_marketing: bool = False,
) -> tuple[Missing, ...]:
    """What the letter of this decision still lacks, in the order of the page; empty when it may be approved.

    `direct_marketing`: the objection concerns direct marketing, which is met always (art. 21(2)-(3)).
    """
    if not decision.items:
        return (Missing("no_items", "items", "S09"),)
    lacks: list[Missing] = []
    for item in decision.items:
        lacks.extend(_missing_of_item(item, right, register, direct_marketing))
    if right is Right.ACCESS and decision.outcomes & {Outcome.GRANTED, Outcome.PARTLY} and not recipients_confirmed:
        lacks.append(Missing("recipients_unconfirmed", "recipients", "S12c"))
    return tuple(lacks)


def _missing_of_item(item: ItemDecision, right: Right, register: Register, marketing: bool) -> list[Missing]:
    where = f"items.{item.item}."
    lacks = [] if item.what.strip() else [Missing("no_what", where + "what", "S09")]
    if item.outcome is Outcome.OTHER_CONTROLLER and not item.elsewhere.strip():
        lacks.append(Missing("no_elsewhere", where + "elsewhere", "S16gh"))
    if not item.refuses:
        return lacks
    if marketing and right is Right.OBJECTION:
        return [*lacks, Missing("marketing_is_absolute", where + "outcome", "S16d")]
    reasons = item.reasons or Reasons("", "", "")
    fault = _fault_of_ground(reasons.ground, item.outcome, right, register)
    if fault:
        lacks.append(Missing(fault, where + "ground", "S10"))
    if not reasons.facts.strip():
        lacks.append(Missing("no_facts", where + "facts", "S10"))
    if not reasons.assessment.strip():
        lacks.append(Missing("no_assessment", where + "assessment", "S10"))
    return lacks


def _fault_of_ground(code: str, outcome: Outcome, right: Right, register: Register) -> str | None:
    if not code:
        return "no_ground"
    if code not in GROUNDS:
        return "unknown_ground"
    ground = GROUNDS[code]
    if right not in ground.rights:
        return "ground_of_other_right"
    if ground.answer:
        return "ground_is_an_answer"
    if ground.only_part and outcome is not Outcome.PARTLY:
        return "ground_only_for_part"
    if outcome is Outcome.NO_REPLY and code not in _NO_REPLY_GROUNDS:
        return "ground_not_for_no_reply"
    if code == "R20-3" and not any(LegalBasis.PUBLIC_TASK in purpose.bases for purpose in register.purposes):
        return "ground_not_in_register"
    return None
