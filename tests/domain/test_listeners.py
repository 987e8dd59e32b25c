"""Who may hear which recording, notice by notice."""

import pytest

from portal.domain.listeners import Standing, may_ask_all, may_hear, recorder_key

AGENT = Standing(own=frozenset({"neuvoja 11"}))
ABOVE = Standing(supervised=frozenset({"neuvoja 11"}), supervisor=True)
ELSEWHERE = Standing(own=frozenset({"neuvoja 12"}), supervised=frozenset({"neuvoja 13"}), supervisor=True)
RULE = "agent_and_supervisor"


@pytest.mark.parametrize("standing", [AGENT, ABOVE])
@pytest.mark.parametrize("agent", ["neuvoja 11", "Neuvoja  11 ", "NEUVOJA\t11"])
def test_in_espoo_the_agent_of_the_call_and_the_supervisor_hear_it(agent: str, standing: Standing) -> None:
    assert may_hear(RULE, agent, standing, concerned=False)


@pytest.mark.parametrize("standing", [Standing(), ELSEWHERE])
def test_in_espoo_nobody_else_hears_it_whatever_their_part_in_the_case(standing: Standing) -> None:
    assert not may_hear(RULE, "neuvoja 11", standing, concerned=True)


@pytest.mark.parametrize("agent", ["neuvoja 1", "neuvoja 111", "neuvoja-11", "n. 11", "neuvoja11"])
def test_likeness_is_not_sameness(agent: str) -> None:
    assert not may_hear(RULE, agent, AGENT, concerned=True)


@pytest.mark.parametrize("agent", [None, "", "   "])
def test_where_the_recorder_names_no_agent_those_who_supervise_somebody_hear_it(agent: str | None) -> None:
    assert may_hear(RULE, agent, ELSEWHERE, concerned=False)
    assert not may_hear(RULE, agent, AGENT, concerned=True)
    assert not may_hear(RULE, agent, Standing(own=frozenset({""})), concerned=True)


def test_at_the_te_office_only_whoever_needs_it_hears_it() -> None:
    assert may_hear("staff_who_need_it", "neuvoja 11", Standing(), concerned=True)
    assert not may_hear("staff_who_need_it", "neuvoja 11", AGENT, concerned=False)
    assert not may_ask_all("staff_who_need_it")


@pytest.mark.parametrize("rule", ["phone_service_staff", "named_persons", "confirmed_by_controller"])
def test_elsewhere_the_listeners_are_themselves_the_circle(rule: str) -> None:
    assert may_hear(rule, None, Standing(), concerned=False)
    assert may_ask_all(rule)


def test_letter_case_spaces_and_the_way_of_writing_dots_do_not_count() -> None:
    assert recorder_key(" Äiti\u00a0 ÖÖ ") == recorder_key("A\u0308iti o\u0308o\u0308") == "äiti öö"
