"""Who may do what: the second lock on the object."""

from dataclasses import replace

import pytest

from portal.domain.access import SYSTEM, Action, Actor, ActorKind, Forbidden, Role, actions_of, allowed, demand

CITIZEN = Actor(ActorKind.CITIZEN, "person", "espoo")


def staff(*roles: Role, controller: str = "espoo") -> Actor:
    return Actor(ActorKind.STAFF, "clerk", controller, frozenset(roles))


def test_a_data_subject_acts_on_their_own_things_only() -> None:
    assert allowed(CITIZEN, Action.SEE_OWN_CASE, "espoo", "person")
    assert not allowed(CITIZEN, Action.SEE_OWN_CASE, "espoo", "somebody")


def test_a_data_subject_has_no_action_of_staff() -> None:
    given = {action for action in Action if allowed(CITIZEN, action, "espoo", "person")}
    assert given == {
        Action.FILE_REQUEST, Action.SEE_OWN_CASE, Action.WRITE_MESSAGE, Action.WITHDRAW, Action.OPEN_REPLY,
        Action.PROVE_NUMBER,
    }  # fmt: skip


@pytest.mark.parametrize("action", list(Action))
def test_roles_count_in_their_own_controller_only(action: Action) -> None:
    everything = staff(*set(Role) - {Role.ADMINISTRATOR})
    assert not allowed(everything, action, "janakkala")
    assert not allowed(replace(CITIZEN, controller="janakkala"), action, "espoo", "person")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_whoever_is_also_an_administrator_cannot_listen(role: Role) -> None:
    given = actions_of(frozenset({role, Role.LISTENER, Role.ADMINISTRATOR}))
    assert Action.LISTEN not in given
    assert Action.CHECK_SPEAKER not in given


def test_an_auditor_only_reads() -> None:
    assert actions_of(frozenset({Role.AUDITOR})) == {
        Action.SEE_CASE, Action.SEE_AUDIT, Action.SEE_SOURCES, Action.SEE_RETENTION,
    }  # fmt: skip


def test_only_a_decision_maker_approves_and_signs() -> None:
    for action in (Action.APPROVE, Action.SIGN):
        assert [role for role in Role if action in actions_of(frozenset({role}))] == [Role.DECISION_MAKER]


@pytest.mark.parametrize("action", [Action.DECIDE, Action.APPROVE, Action.SIGN, Action.CLOSE, Action.LISTEN])
def test_the_system_never_decides_closes_or_listens(action: Action) -> None:
    assert not allowed(SYSTEM, action, "espoo")


def test_an_account_without_roles_may_nothing() -> None:
    assert not any(allowed(staff(), action, "espoo") for action in Action)


def test_demand_names_the_action_that_was_refused() -> None:
    with pytest.raises(Forbidden, match="sign"):
        demand(staff(Role.HANDLER), Action.SIGN, "espoo")


@pytest.mark.parametrize("action", list(Action))
def test_every_action_belongs_to_somebody(action: Action) -> None:
    hands = [CITIZEN, SYSTEM, *(staff(role) for role in Role)]
    assert any(allowed(actor, action, "espoo", "person") for actor in hands)
