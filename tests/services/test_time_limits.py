"""The clocks of a case beyond its month: another law's, a late notice that was allowed, a question nobody answers."""

from datetime import date, timedelta

import pytest

from portal.domain.access import SYSTEM, Forbidden, Role
from portal.domain.acts import may_close_unanswered
from portal.domain.case import Route, deadline, leading
from portal.domain.lifecycle import AllowLate, Ask, DecideRoute, Extend, NotNow, OpenProceeding
from portal.jobs import periodic
from portal.services import allow_late, ask_applicant, decide_route, extend, proceedings, remind, send_message
from portal.services.office import Office
from portal.services.ports import QueueFilter
from tests.services.walk import Walk, clerk, walk

REASON = "the request concerns forty calls in three units"


def dpo(made: Walk, what: str, reason: str = "the counted pause carried the limit") -> None:
    actor = clerk("dpo", Role.DPO, register=made.register)
    allow_late.allow_late(made.office, actor, made.filed.ref, AllowLate(what, reason), made.case.moves)


def route(made: Walk, to: Route, *, large: bool = False, why: str = "asks for documents too") -> None:
    step = DecideRoute(to, large, why)
    decide_route.decide_route(made.office, made.handler, made.filed.ref, step, made.case.moves)


def asked(made: Walk, kind: str = "identity") -> Walk:
    step = Ask(kind, "which call", "two calls fit", made.office.today() + timedelta(days=14), doubt=True)
    ask_applicant.ask_applicant(made.office, made.handler, made.filed.ref, step, made.case.moves)
    return made


def answered(made: Walk) -> Walk:
    send_message.send_message(made.office, made.citizen, made.filed.ref, "the second one")
    return made


def extended(made: Walk) -> None:
    extend.extend(made.office, made.handler, made.filed.ref, Extend("amount", REASON), made.case.moves)


def line(made: Walk) -> tuple[date | None, date, date, str]:
    with made.office.reading() as work:
        row = work.queue.page(made.register, QueueFilter(), None, 5)[0]
    return row.due_on, row.internal_due, row.sort_on, row.clock


def test_a_request_by_both_laws_is_queued_by_the_shorter_clock(here: Office) -> None:
    made = walk(here).taken()
    assert line(made) == (date(2026, 7, 20), date(2026, 7, 17), date(2026, 7, 17), "running")
    route(made, Route.BOTH)
    assert line(made) == (date(2026, 7, 2), date(2026, 7, 2), date(2026, 7, 2), "running")
    route(made, Route.DATA_PROTECTION)
    assert line(made)[0] == date(2026, 7, 20)


def test_a_large_request_for_documents_has_a_month(here: Office) -> None:
    made = walk(here).taken()
    route(made, Route.OPENNESS, large=True)
    assert leading(made.case).law == "openness"
    assert line(made)[:2] == (date(2026, 7, 20), date(2026, 7, 17))


def test_the_openness_clock_runs_while_the_other_stands_still(here: Office) -> None:
    made = walk(here).taken()
    route(made, Route.BOTH)
    asked(made)
    assert deadline(made.case).due is None
    assert line(made)[3] == "running"


def test_the_openness_act_does_not_bind_a_private_controller(here: Office) -> None:
    made = walk(here, register="pk_terveys").taken()
    with pytest.raises(NotNow, match="no_openness_act"):
        route(made, Route.BOTH)
    with pytest.raises(NotNow, match="no_reason"):
        route(made, Route.DATA_PROTECTION, why=" ")


def test_a_notice_carried_by_a_pause_alone_needs_the_data_protection_officer(office: Office) -> None:
    made = asked(walk(office).taken())
    office.clock.move(days=20)  # type: ignore[attr-defined]  # the tests' clock
    answered(made)
    office.clock.move(days=14)  # type: ignore[attr-defined]
    assert extend.barred(office, made.case, made.handler) == "extension_needs_dpo"
    with pytest.raises(NotNow, match="extension_needs_dpo"):
        extended(made)
    with pytest.raises(Forbidden):
        allow_late.allow_late(office, made.handler, made.filed.ref, AllowLate("extension", "x"), made.case.moves)
    with pytest.raises(NotNow, match="no_reason"):
        dpo(made, "extension", " ")
    dpo(made, "extension")
    extended(made)
    assert made.case.extension
    assert extend.barred(office, made.case, made.handler) == "extended_already"


def test_nobody_opens_a_way_past_the_statutory_date(here: Office) -> None:
    made = walk(here).taken()
    here.clock.move(days=33)  # type: ignore[attr-defined]
    dpo(made, "extension")
    assert extend.barred(here, made.case, made.handler) == "extension_too_late"


def test_a_late_question_stops_the_clock_once_it_is_allowed(here: Office) -> None:
    made = walk(here).taken()
    here.clock.move(days=20)  # type: ignore[attr-defined]
    asked(made)
    assert (made.case.pauses[-1].counts, made.case.pauses[-1].note) == (False, "asked_too_late")
    answered(made)
    dpo(made, "pause")
    here.clock.move(days=6)  # type: ignore[attr-defined]
    asked(made)
    assert made.case.pauses[-1].counts


def test_an_open_question_is_reminded_of_once_after_two_weeks(office: Office) -> None:
    made = asked(walk(office).taken())
    office.clock.move(days=13)  # type: ignore[attr-defined]
    assert remind.remind(office, made.register) == 0
    office.clock.move(days=1)  # type: ignore[attr-defined]
    periodic.tick(office, "worker")
    assert remind.remind(office, made.register) == 0
    assert made.actions.count("reminder_sent") == 1
    assert made.case.reminded_at == office.now()


def test_another_question_has_a_reminder_of_its_own(here: Office) -> None:
    made = asked(walk(here).taken())
    here.clock.move(days=14)  # type: ignore[attr-defined]
    remind.remind(here, made.register)
    asked(answered(made))
    assert remind.remind(here, made.register) == 0
    here.clock.move(days=14)  # type: ignore[attr-defined]
    assert remind.remind(here, made.register) == 1


def test_an_answered_question_is_not_reminded_of(here: Office) -> None:
    made = answered(asked(walk(here).taken()))
    here.clock.move(days=15)  # type: ignore[attr-defined]
    assert remind.remind(here, made.register) == 0


def test_a_question_may_be_closed_unanswered_after_thirty_days_and_never_by_itself(here: Office) -> None:
    made = asked(walk(here).taken())
    here.clock.move(days=29)  # type: ignore[attr-defined]
    assert not may_close_unanswered(made.case, here.today())
    here.clock.move(days=1)  # type: ignore[attr-defined]
    assert may_close_unanswered(made.case, here.today())
    periodic.tick(here, "worker")
    assert made.case.state.open
    assert SYSTEM.id not in {made.case.author, made.case.approver}


def test_an_extension_lengthens_the_month_of_the_gdpr_alone(here: Office) -> None:
    made = walk(here).taken()
    route(made, Route.OPENNESS)
    with pytest.raises(NotNow, match="extension_other_clock"):
        extended(made)
    route(made, Route.BOTH)
    extended(made)
    assert leading(made.case).law == "openness"


def test_a_question_about_a_request_for_documents_never_stops_the_clock_and_the_letter_says_so(office: Office) -> None:
    made = walk(office).taken()
    route(made, Route.OPENNESS)
    asked(made)
    assert (made.case.pauses[-1].counts, made.case.pauses[-1].note) == (False, "openness_act")
    html = _asked_letter(made)
    assert 'data-s="S05p"' not in html
    assert "määräaika ei keskeydy kysymyksemme vuoksi. Se päättyy 2.7.2026." in html


def test_by_both_laws_the_letter_says_which_limit_stands_still_and_which_runs_on(office: Office) -> None:
    made = walk(office).taken()
    route(made, Route.BOTH)
    html = _asked_letter(asked(made))
    assert 'data-s="S05p"' in html
    assert "Se päättyy 2.7.2026." in html
    assert 'data-s="S05o"' not in _asked_letter(asked(walk(office).taken()))


def _asked_letter(made: Walk) -> str:
    with made.office.reading() as work:
        one = [one for one in work.documents.of_case(made.case.id) if one.kind == "ask"][-1]
        return work.documents.html(made.case.id, one.id, work.cases.box(made.case)) or ""


SILENT = {"outcome": "no_reply", "ground": "R12-6", "facts": "Kysyimme.", "assessment": "Emme tiedä, kuka pyytää."}


def test_a_request_renewed_by_a_late_answer_may_be_extended_once_within_its_own_month(office: Office) -> None:
    made = asked(walk(office).taken())
    office.clock.move(days=31)  # type: ignore[attr-defined]  # the tests' clock
    made.proposed(**SILENT).approved().signed()
    office.clock.move(days=10)  # type: ignore[attr-defined]
    answered(made)
    assert leading(made.case).due == date(2026, 8, 31)
    extended(made)
    assert (leading(made.case).law, leading(made.case).due) == ("own", date(2026, 10, 29))
    assert line(made)[3] == "extended"
    assert extend.barred(office, made.case, made.handler) == "extended_already"
    with office.reading() as work:
        one = work.documents.of_case(made.case.id)[-1]
        html = work.documents.html(made.case.id, one.id, work.cases.box(made.case)) or ""
    assert "Uusi määräaika päättyy 29.10.2026." in html


def test_the_renewed_month_is_not_extended_after_its_end(here: Office) -> None:
    made = asked(walk(here).taken())
    here.clock.move(days=31)  # type: ignore[attr-defined]
    made.proposed(**SILENT).approved().signed()
    answered(made)
    here.clock.move(days=34)  # type: ignore[attr-defined]
    assert extend.barred(here, made.case, made.handler) == "extension_too_late"


def test_the_day_that_an_authority_has_set_is_its_own_to_move(here: Office) -> None:
    made = walk(here).taken().heard().proposed(outcome="granted").approved().signed()
    step = OpenProceeding("inquiry", "ombudsman", "TSV/12/2026", date(2026, 8, 31), "why")
    proceedings.open_proceeding(here, made.handler, made.filed.ref, step, made.case.moves)
    assert extend.barred(here, made.case, made.handler) == "extension_authority"
