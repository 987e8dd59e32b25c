"""Two people and whole reasons, kept by the database itself: by raw SQL and by the store's own hand."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.domain.access import Actor, Role
from portal.domain.case import Act, Case, CostLine, State
from portal.domain.decisions import Decision, ItemDecision, Outcome, Reasons
from portal.domain.events import ActProposed, DecisionApproved
from portal.domain.lifecycle import ApproveAct, Propose, ProposeAct
from portal.domain.rights import Right
from portal.services import approve
from portal.services.office import Office
from portal.services.ports import QueueFilter
from portal.services.step import opened, take_step
from portal.store.audit_trail import append, case_chain
from portal.store.crypto import Box
from portal.store.engine import writing
from tests import make
from tests.services.walk import Walk, clerk, walk
from tests.store.raw import Raw, engine_of

WHOLE = {"ground": "R11-2", "facts": "The voice is another person's.", "assessment": "Art. 11(2)."}
REFUSED = {"outcome": "refused", **WHOLE}
HANDLER = clerk("handler", Role.HANDLER)
DECIDER = clerk("decider", Role.DECISION_MAKER)


def proposed(office: Office, **changes: str) -> Walk:
    """A refusal on its way, put before the store without the services' own checks."""
    made = walk(office).taken()
    reasons = Reasons(**(WHOLE | changes))
    decision = Decision((ItemDecision(1, Outcome.REFUSED, reasons, "copy"),))
    with office.writing() as work:
        take_step(office, work, opened(work, made.filed.ref, HANDLER), Propose(decision, "refused"), HANDLER)
    return made


def forced(office: Office, made: Walk, actor: Actor, **changes: object) -> None:
    """The store writes `changes` of the case with a true event, past the law."""
    with office.writing() as work:
        case = opened(work, made.filed.ref, actor)
        after: Case = replace(case, seq=case.seq + 1, moves=case.moves + 1, **changes)  # type: ignore[arg-type]  # any field
        work.cases.record(case, after, DecisionApproved(), actor, office.now())


@pytest.mark.parametrize(
    ("gap", "empty"), [("ground", ""), ("facts", ""), ("facts", " \n "), ("assessment", ""), ("assessment", "\t")]
)
def test_a_refusal_that_lacks_a_reason_cannot_be_stored(office: Office, gap: str, empty: str) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)decision_item"):
        proposed(office, **{gap: empty})
    with office.reading() as work:
        assert work.queue.page("espoo", QueueFilter(), None, 5)[0].state is State.IN_HAND


@pytest.mark.parametrize(
    "change",
    [
        "ground = NULL", "ground = ''", "facts = NULL", "assessment = NULL", "outcome = 'perhaps'",
        "facts = (SELECT html FROM document WHERE false)",
    ],
)  # fmt: skip
def test_no_statement_empties_the_reasons_of_a_refusal(office: Office, raw: Raw, change: str) -> None:
    proposed(office)
    with pytest.raises(DBAPIError, match=r"(?i)check|ck_decision_item"):
        raw(f"UPDATE decision_item SET {change}")


def test_a_sealed_text_of_no_length_is_no_reason(office: Office, raw: Raw) -> None:
    proposed(office)
    with pytest.raises(DBAPIError, match=r"(?i)not_empty"):
        raw("UPDATE decision_item SET facts = :nothing", nothing=bytes(31))


def test_the_store_writes_no_approver_who_is_the_author(office: Office) -> None:
    made = proposed(office)
    with pytest.raises(DBAPIError, match="two_people"):
        forced(office, made, HANDLER, approver=HANDLER.id, state=State.APPROVED)


def test_the_store_signs_no_refusal_that_nobody_approved(office: Office) -> None:
    made = proposed(office)
    with pytest.raises(DBAPIError, match=r"second.person"):
        forced(office, made, DECIDER, state=State.ANSWERED, answered_at=office.now())


def test_no_statement_makes_the_author_the_approver_or_takes_the_approver_away(office: Office, raw: Raw) -> None:
    proposed(office).approved()
    for change in ("approver = author", "author = approver", "author = NULL", "approver = NULL"):
        with pytest.raises(DBAPIError, match=r"two_people|second.person"):
            raw(f"UPDATE cases SET {change}")


def signed_in_sql(office: Office, made: Walk) -> None:
    """Somebody with the database's own tools: the mark taken off, a forged event, and the state of a signed case."""
    with writing(engine_of(office)) as connection:
        chain, box = case_chain(made.case.id), Box(bytes(32))
        seq = append(connection, chain, "espoo", DECIDER, DecisionApproved(), "", office.now(), box)
        connection.execute(text("UPDATE cases SET second = false, state = 'approved', event_seq = :seq"), {"seq": seq})


def test_a_refusal_stays_one_of_two_people_when_its_mark_is_taken_off(office: Office) -> None:
    made = proposed(office)
    with pytest.raises(DBAPIError, match="a refusal needs a second person"):
        signed_in_sql(office, made)


def test_no_state_of_a_decision_without_its_items(office: Office) -> None:
    made = walk(office).taken()
    with pytest.raises(DBAPIError, match="a decision needs its items"):
        forced(office, made, DECIDER, state=State.APPROVED)


def test_no_copy_is_given_before_a_second_person_agreed(office: Office) -> None:
    made = walk(office).taken().heard().proposed(outcome="granted")
    with pytest.raises(DBAPIError, match="a release needs a second person"), office.writing() as work:
        work.documents.deliver(made.case.id, made.recordings[0], made.filed.person, date(2026, 7, 18))
    made.approved().signed()
    assert made.case.state is State.ANSWERED


def test_a_decision_that_is_made_anew_replaces_its_items(office: Office, raw: Raw) -> None:
    made = proposed(office)
    approve.return_decision(office, DECIDER, made.filed.ref, "no such recording", made.case.moves)
    made.proposed(outcome="no_recording")
    rows = raw("SELECT outcome, ground, facts FROM decision_item")
    assert [tuple(row) for row in rows] == [("no_recording", None, None)]
    assert made.case.state is State.APPROVED


def with_act(office: Office, made: Walk, act: Act) -> None:
    """The store writes an act with the case, past the law."""
    with office.writing() as work:
        case = opened(work, made.filed.ref, HANDLER)
        after = replace(case, seq=case.seq + 1, acts=(act,))
        work.cases.record(case, after, ActProposed(act.kind, act.reason), HANDLER, office.now())


def test_the_store_writes_no_act_that_its_author_approved(office: Office) -> None:
    made = walk(office).taken()
    with pytest.raises(DBAPIError, match="two_people"):
        with_act(office, made, Act("fee", "because", HANDLER.id, approver=HANDLER.id))


def test_no_statement_makes_the_author_of_an_act_its_approver(office: Office, raw: Raw) -> None:
    with_act(office, walk(office).taken(), Act("fee", "because", HANDLER.id))
    assert raw("SELECT n, kind, approver FROM act")[0] == (1, "fee", None)
    with pytest.raises(DBAPIError, match="two_people"):
        raw("UPDATE act SET approver = author")
    with pytest.raises(DBAPIError, match="act_kind"):
        raw("UPDATE act SET kind = 'anything'")


def test_an_act_of_two_people_stands_in_its_own_table(office: Office, raw: Raw) -> None:
    made = walk(office, make.request(Right.ACCESS)).taken()
    act = Act(
        "fee", "the same again", reply_by=date(2026, 7, 10), ground="R12-5E", facts="Five requests in a month.",
        assessment="Excessive.", lines=(CostLine("reading", 4000),),
    )  # fmt: skip
    for actor, step in ((HANDLER, ProposeAct(act)), (DECIDER, ApproveAct("fee"))):
        with office.writing() as work:
            take_step(office, work, opened(work, made.filed.ref, actor), step, actor)
    assert raw("SELECT kind, author, approver FROM act")[0] == ("fee", HANDLER.id, DECIDER.id)
