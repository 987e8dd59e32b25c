"""Decide a request item by item: draft, see what the letter still lacks, propose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.decisions import Decision, ItemDecision, LetterKind, Missing, Outcome, Reasons, letter_kind, missing
from portal.domain.lifecycle import Propose
from portal.domain.moments import format_date
from portal.domain.register import Register
from portal.domain.rights import Right
from portal.domain.words import Words
from portal.services.decision_facts import decided_kind, decision_facts
from portal.services.item_names import first_name, right_name
from portal.services.match_dossier import current, keep
from portal.services.office import Office
from portal.services.omissions import unredacted
from portal.services.ports import Work
from portal.services.step import opened, take_step
from portal.services.tell_recipient import tells_recipients, untold
from portal.services.transcribe import untranscribed

DRAFT = "decision"
"""The kind of draft that a case's decision is while it is written."""

EVIDENCED = ("R12-5E", "R12-5U")
LEAST_EVIDENCE = 2
"""Dated facts that show a request to be manifestly unfounded or excessive (art. 12(5)): one alone is no pattern."""
YEAR = timedelta(days=365)
BEFORE_SIGNING = ("recipients_untold", "transcript_missing")
"""What the letter may lack while the decision waits for approval: nobody is told of, or writes down, what has not been
approved."""

_REFUSES = (Outcome.REFUSED, Outcome.PARTLY, Outcome.NO_REPLY)
_EVIDENCE = Words("Näyttö", "Bevisning", "Evidence")
_DATED = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}\b")


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
        return _checked(office, work, case, actor)


def propose(office: Office, actor: Actor, ref: str, seen: int) -> None:
    """Send the drafted decision on: to approval, or to signing where no second person is needed.

    Raises Incomplete while anything is missing, NotNow when the case moved or a speaker is not confirmed.
    """
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        decision, lacks = _drafted(office, work, case)
        lacks = tuple(one for one in lacks if one.code not in BEFORE_SIGNING)
        if lacks:
            raise Incomplete(lacks)
        summary = ", ".join(sorted(outcome.value for outcome in decision.outcomes))
        case = keep(office, work, case, proposed=True)
        take_step(office, work, case, Propose(decision, summary), actor)


def as_decision(register: Register, case: Case, typed: dict[str, Any] | None) -> Decision:
    """The decision in what was typed: one item a call, left out until an outcome is chosen."""
    items = []
    for number in case.items:
        fields = (typed or {}).get(str(number), {})
        if not fields.get("outcome"):
            continue
        outcome = Outcome(fields["outcome"])
        reasons = _reasons(case, fields) if outcome in _REFUSES else None
        what = fields.get("what", "").strip() or first_name(register, case, number)
        elsewhere = fields.get("elsewhere", "").strip() if outcome is Outcome.OTHER_CONTROLLER else ""
        private = bool(elsewhere) and bool(fields.get("elsewhere_private"))
        left_out = fields.get("left_out", "").strip()
        items.append(ItemDecision(number, outcome, reasons, what, left_out, elsewhere, private))
    return Decision(tuple(items), (typed or {}).get("note", ""))


def _reasons(case: Case, fields: dict[str, Any]) -> Reasons:
    """What was typed; the evidence of an unfounded or excessive request is part of the facts that the letter tells."""
    ground, facts = fields.get("ground", ""), fields.get("facts", "").strip()
    if ground in EVIDENCED and facts and evidence(fields):
        facts = f"{facts.rstrip('.')}. {_EVIDENCE[case.language]}: {'; '.join(evidence(fields))}"
    return Reasons(ground, facts, fields.get("assessment", "").strip())


def evidence(fields: dict[str, Any]) -> tuple[str, ...]:
    """The facts on the evidence list that carry their day, a line each."""
    lines = (line.strip().rstrip(".;") for line in fields.get("evidence", "").splitlines())
    return tuple(line for line in lines if _DATED.search(line))


def earlier_requests(office: Office, case: Case) -> tuple[str, ...]:
    """The person's own requests of the last twelve months, a line each, from the case book: the evidence list begins
    with them, and a fee is weighed beside them. Their number alone makes nothing excessive (art. 12(5))."""
    with office.reading() as work:
        earlier = work.cases.earlier(case, office.now() - YEAR)
    return tuple(f"{ref} {format_date(day)} {right_name(right, case.language)}" for ref, day, right in earlier)


def _drafted(office: Office, work: Work, case: Case) -> tuple[Decision, tuple[Missing, ...]]:
    """The decision as far as it goes, and what it lacks."""
    register = office.registers[case.register]
    typed = work.drafts.load(case.id, DRAFT, case.ref)
    decision = as_decision(register, case, typed)
    undecided = sorted(set(case.items) - {item.item for item in decision.items})
    lacks = tuple(Missing("undecided", f"items.{number}.outcome", "S09") for number in undecided)
    if not decision.items:
        return decision, lacks
    marketing = _against_marketing(register, case)
    lacks += missing(decision, case.right, register, direct_marketing=marketing)
    lacks += tuple(Missing(why, "redaction", "S13") for _item, why in unredacted(work, case, decision)[:1])
    if untranscribed(work, case, decision):
        lacks = (*lacks, Missing("transcript_missing", "transcript", "S11"))
    if Outcome.NO_RECORDING in decision.outcomes and current(office, work, case).unanswered:
        lacks = (*lacks, Missing("source_unanswered", "search", "S15"))
    return decision, (*lacks, *_unproved(typed or {}, decision), *_around(register, case, decision))


def _unproved(typed: dict[str, Any], decision: Decision) -> Iterator[Missing]:
    """Art. 12(5): the controller bears the burden of demonstrating; one event is no pattern."""
    for item in decision.items:
        grounded = item.refuses and item.reasons and item.reasons.ground in EVIDENCED
        if grounded and len(evidence(typed.get(str(item.item), {}))) < LEAST_EVIDENCE:
            yield Missing("no_evidence", f"items.{item.item}.evidence", "S10")


def _around(register: Register, case: Case, decision: Decision) -> Iterator[Missing]:
    """What the letter needs beside its items: the recipients told."""
    kind = letter_kind(case.right, decision)
    if tells_recipients(kind, case, register) and untold(register, case):
        yield Missing("recipients_untold", "recipients", "S17")


def _against_marketing(register: Register, case: Case) -> bool:
    """Is direct marketing among what is objected to? It is met always (art. 21(2)-(3))."""
    named = [one for one in register.purposes if one.code in case.wishes.purposes]
    return case.right is Right.OBJECTION and any(one.direct_marketing for one in named)


def _checked(office: Office, work: Work, case: Case, actor: Actor) -> DecisionDraft:
    decision, lacks = _drafted(office, work, case)
    if not decision.items:
        return DecisionDraft(case, decision, lacks, None, "")
    kind = decided_kind(case, decision)
    facts = decision_facts(office, work, case, kind, decision, actor.name)
    return DecisionDraft(case, decision, lacks, kind, office.letters.preview(facts))
