"""Decide a request item by item: draft, see what the letter still lacks, propose."""

from dataclasses import dataclass
from typing import Any

from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.decisions import Decision, ItemDecision, LetterKind, Missing, Outcome, Reasons, letter_kind, missing
from portal.domain.lifecycle import Propose
from portal.domain.moments import format_date
from portal.domain.rights import Right
from portal.domain.words import Words
from portal.services.letter_facts import decision_facts
from portal.services.office import Office
from portal.services.ports import Work
from portal.services.step import opened, take_step

DRAFT = "decision"
"""The kind of draft that a case's decision is while it is written."""


class Incomplete(Exception):
    """The decision lacks what its letter must say; `missing` lists it."""

    def __init__(self, lacks: tuple[Missing, ...]) -> None:
        super().__init__(", ".join(one.code for one in lacks))
        self.missing = lacks


@dataclass(frozen=True)
class DecisionDraft:
    """The decision page's state: the decision as far as it goes, what is lacking, and the letter's preview."""

    case: Case
    decision: Decision
    missing: tuple[Missing, ...]
    kind: LetterKind | None
    preview: str


def save_draft(office: Office, actor: Actor, ref: str, typed: dict[str, Any]) -> None:
    """Keep what was typed for the case; colleagues on the case see the same draft."""
    with office.writing() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.DECIDE, case.register)
        work.drafts.save(case.id, DRAFT, case.ref, typed, office.now())


def load_draft(office: Office, actor: Actor, ref: str) -> DecisionDraft:
    """The draft of the case's decision (empty at first), checked against the law and previewed."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.SEE_CASE, case.register)
        decision = _drafted(work, case)
        return _checked(office, work, case, decision, actor)


def propose(office: Office, actor: Actor, ref: str, seen: int) -> None:
    """Send the drafted decision on: to approval, or to signing where no second person is needed.

    Raises Incomplete while anything is missing, NotNow when the case moved or a speaker is not confirmed.
    """
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        decision = _drafted(work, case)
        lacks = _missing(office, case, decision)
        if lacks:
            raise Incomplete(lacks)
        summary = ", ".join(sorted(outcome.value for outcome in decision.outcomes))
        take_step(office, work, case, Propose(decision, summary), actor)


def as_decision(case: Case, typed: dict[str, Any] | None) -> Decision:
    """The decision in what was typed: one item a call, left out until an outcome is chosen."""
    items = []
    for number in case.items:
        fields = (typed or {}).get(str(number), {})
        if not fields.get("outcome"):
            continue
        outcome = Outcome(fields["outcome"])
        reasons = None
        if outcome in (Outcome.REFUSED, Outcome.PARTLY):
            reasons = Reasons(
                fields.get("ground", ""), fields.get("facts", "").strip(), fields.get("assessment", "").strip()
            )
        what = fields.get("what", "").strip() or item_name(case, number)
        items.append(ItemDecision(number, outcome, reasons, what, fields.get("left_out", "").strip()))
    return Decision(tuple(items), (typed or {}).get("note", ""))


_ITEM = {
    Right.ACCESS: Words("jäljennös tallenteesta", "kopia av inspelningen", "copy of the recording"),
    Right.RECTIFICATION: Words("tiedon oikaiseminen", "rättelse av uppgiften", "rectification of the data"),
    Right.ERASURE: Words("tallenteen poistaminen", "radering av inspelningen", "erasure of the recording"),
    Right.RESTRICTION: Words("käsittelyn rajoittaminen", "begränsning av behandlingen", "restriction of processing"),
    Right.PORTABILITY: Words("tietojen siirtäminen", "överföring av uppgifterna", "transfer of the data"),
    Right.OBJECTION: Words("käsittelyn vastustaminen", "invändningen mot behandlingen", "the objection"),
    Right.WITHDRAWAL: Words("suostumuksen peruuttaminen", "återkallandet av samtycket", "withdrawal of consent"),
}


def item_name(case: Case, number: int) -> str:
    """How the letter names an item: what was asked, and the call's day as the applicant gave it."""
    what = _ITEM[case.right][case.language]
    day = next((call.day for call in case.calls if call.number == number), None)
    return f"{what} {format_date(day)}" if day else what


def _drafted(work: Work, case: Case) -> Decision:
    return as_decision(case, work.drafts.load(case.id, DRAFT, case.ref))


def _missing(office: Office, case: Case, decision: Decision) -> tuple[Missing, ...]:
    undecided = sorted(set(case.items) - {item.item for item in decision.items})
    lacks = tuple(Missing("undecided", f"items.{number}.outcome", "S09") for number in undecided)
    return lacks + (missing(decision, case.right, office.registers[case.register]) if decision.items else ())


def _checked(office: Office, work: Work, case: Case, decision: Decision, actor: Actor) -> DecisionDraft:
    lacks = _missing(office, case, decision)
    if not decision.items:
        return DecisionDraft(case, decision, lacks, None, "")
    kind = letter_kind(case.right, decision)
    facts = decision_facts(office, work, case, kind, decision, actor.name)
    return DecisionDraft(case, decision, lacks, kind, office.letters.preview(facts))
