"""A case as the domain's tests need it, in any state, and the people who act on it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from portal.domain.access import Actor, ActorKind, Role
from portal.domain.case import Applicant, Case, Evidence, Finding, State, Verdict, Wishes
from portal.domain.decisions import Decision, ItemDecision, Outcome, Reasons
from portal.domain.matching import CallDescription
from portal.domain.moments import DaySureness, TimeSureness
from portal.domain.number_proof import Grade, How, NumberProof
from portal.domain.rights import Right
from portal.domain.words import Language

RECEIVED = datetime(2026, 6, 18, 9, 0, tzinfo=UTC)
NOW = RECEIVED + timedelta(days=1)
CALL = CallDescription(1, date(2026, 6, 16), None, DaySureness.CERTAIN, TimeSureness.UNKNOWN, "+358981621", None)
SUPPORTED = NumberProof(1, Grade.SUPPORTED, How.REGISTER.value, RECEIVED, "handler", "customer 1")
FOUND = Finding("rec", 1, chosen=True, speaker=Verdict.FITS, how="name and birthday")
GRANT = Decision((ItemDecision(1, Outcome.GRANTED, what="copy"),))
REFUSAL = Decision((ItemDecision(1, Outcome.REFUSED, Reasons("R11-2", "facts", "assessment"), "copy"),))
RECTIFY = Decision((ItemDecision(1, Outcome.GRANTED, what="the address"),))

CITIZEN = Actor(ActorKind.CITIZEN, "person", "espoo")
HANDLER = Actor(ActorKind.STAFF, "handler", "espoo", frozenset({Role.HANDLER}))
DECIDER = Actor(ActorKind.STAFF, "decider", "espoo", frozenset({Role.DECISION_MAKER}))
LISTENER = Actor(ActorKind.STAFF, "listener", "espoo", frozenset({Role.LISTENER}))
ADMIN = Actor(ActorKind.STAFF, "admin", "espoo", frozenset({Role.ADMINISTRATOR}))
AUDITOR = Actor(ActorKind.STAFF, "auditor", "espoo", frozenset({Role.AUDITOR}))
DPO = Actor(ActorKind.STAFF, "dpo", "espoo", frozenset({Role.DPO}))


def a_case(state: State = State.IN_HAND, **changes: object) -> Case:
    plain = Case(
        id="case", ref="R-2026-00001", register="espoo", register_version="1", right=Right.ACCESS, state=state,
        language=Language.FI, applicant=Applicant("person", "Tuulikki", "Soittola"),
        evidence=Evidence("demo", "bank", "substantial", RECEIVED, "0"), received_at=RECEIVED,
        received_on=date(2026, 6, 18), calls=(CALL,), wishes=Wishes(), seq=3, moves=2, findings=(FOUND,),
        numbers=(SUPPORTED,),
    )  # fmt: skip
    if state in (State.FOR_APPROVAL, State.APPROVED):
        plain = replace(plain, decision=GRANT, author="handler")
    if state is State.APPROVED:
        plain = replace(plain, approver="decider")
    return replace(plain, **changes)  # type: ignore[arg-type]  # fields by name
