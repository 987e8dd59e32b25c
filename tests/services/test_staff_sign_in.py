"""Staff accounts: a wrong password tells nothing, codes and links are good once, a leaver is out at once."""

from dataclasses import replace

import pytest

from portal.domain.access import Action, Actor, ActorKind, Forbidden, Role
from portal.services import staff_accounts, staff_sign_in
from portal.services.office import Office
from portal.services.ports import Session, Tries
from portal.services.sign_in import open_session, start_anonymous
from tests import make


def session(office: Office) -> Session:
    cookie = start_anonymous(office, "staff", {})
    found = open_session(office, cookie, "staff")
    assert found is not None
    return found


def entered(office: Office, clerk: make.Clerk, code: str | None = None) -> str | None:
    """Both factors in a new session; the signed-in cookie or None."""
    begun = session(office)
    if not staff_sign_in.first_factor(office, begun, clerk.login, clerk.password):
        return None
    return staff_sign_in.second_factor(office, begun, code or clerk.code(office.now()))


def tries(office: Office, login: str, kind: str = "login") -> Tries:
    with office.writing() as work:
        return work.throttle.of(kind, login, office.now())


def test_password_and_code_make_a_new_session_and_end_the_old_one(office: Office) -> None:
    clerk = make.clerk(office, "anni", Role.HANDLER)
    begun = session(office)
    assert staff_sign_in.first_factor(office, begun, " ANNI ", clerk.password)
    assert staff_sign_in.account_of(office, begun) is None
    cookie = staff_sign_in.second_factor(office, begun, clerk.code(office.now()))
    assert cookie is not None
    full = open_session(office, cookie, "staff")
    assert full is not None
    account = staff_sign_in.account_of(office, full)
    assert account is not None
    assert staff_sign_in.actor_of(account, "espoo").roles == {Role.HANDLER}
    assert staff_sign_in.actor_of(account, "janakkala").roles == frozenset()
    with office.reading() as work:
        assert work.sessions.open(begun.key, "staff", staff_sign_in.IDLE, office.now()) is None


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(here: Office) -> None:
    make.clerk(here, "anni", Role.HANDLER)
    begun = session(here)
    assert staff_sign_in.first_factor(here, begun, "anni", "wrong wrong wrong") is False
    assert staff_sign_in.first_factor(here, begun, "nobody", "wrong wrong wrong") is False
    assert begun.data == {}


def test_a_password_alone_opens_nothing(here: Office) -> None:
    clerk = make.clerk(here, "anni", Role.HANDLER)
    begun = session(here)
    assert staff_sign_in.first_factor(here, begun, clerk.login, clerk.password)
    assert staff_sign_in.second_factor(here, begun, "000000") is None
    assert staff_sign_in.second_factor(here, session(here), clerk.code(here.now())) is None


def test_wrong_tries_wait_longer_and_tries_during_the_wait_do_not_lengthen_it(
    here: Office, clock: make.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = make.clerk(here, "anni", Role.HANDLER)
    real = here.credentials.verify_password
    monkeypatch.setattr(here.credentials, "verify_password", lambda stored, plain: stored and plain == clerk.password)
    waits = []
    for _ in range(6):
        staff_sign_in.first_factor(here, session(here), clerk.login, "wrong")
        found = tries(here, "anni")
        waits.append(0 if found.wait_until is None else int((found.wait_until - here.now()).total_seconds()))
        if waits[-1]:
            staff_sign_in.first_factor(here, session(here), clerk.login, "wrong")
            assert not staff_sign_in.first_factor(here, session(here), clerk.login, clerk.password)
            assert tries(here, "anni") == found
        clock.move(seconds=waits[-1])
    assert waits == [0, 0, 0, 2, 4, 8]
    assert real(None, "x") is False
    assert entered(here, clerk) is not None
    assert tries(here, "anni").failures == 0


def test_a_code_is_good_once(office: Office, clock: make.Clock) -> None:
    clerk = make.clerk(office, "anni", Role.HANDLER)
    code = clerk.code(office.now())
    assert entered(office, clerk, code) is not None
    assert entered(office, clerk, code) is None
    clock.move(seconds=60)
    assert entered(office, clerk) is not None


def test_the_second_factor_must_follow_within_ten_minutes(here: Office, clock: make.Clock) -> None:
    clerk = make.clerk(here, "anni", Role.HANDLER)
    begun = session(here)
    staff_sign_in.first_factor(here, begun, clerk.login, clerk.password)
    clock.move(minutes=10)
    assert staff_sign_in.second_factor(here, begun, clerk.code(here.now())) is None


def enrol(office: Office, login: str = "berit") -> tuple[str, str]:
    token = staff_accounts.add_staff(office, login, "Berit Testi", "", {"espoo": frozenset({Role.HANDLER})})
    return token, office.credentials.new_totp_secret()


def test_a_recovery_code_is_good_once(here: Office, clock: make.Clock) -> None:
    token, secret = enrol(here)
    first = make.Clerk("berit", "seitsemän sinistä saapasta", secret, Actor(ActorKind.STAFF, "x", "espoo"))
    codes = staff_accounts.set_credentials(here, token, first.password, secret, first.code(here.now()))
    assert isinstance(codes, tuple)
    assert entered(here, first, codes[0]) is not None
    assert entered(here, first, codes[0]) is None
    assert entered(here, first, codes[1]) is not None


def test_a_one_time_link_is_good_once_and_for_a_day(here: Office, clock: make.Clock) -> None:
    token, secret = enrol(here)
    clerk = make.Clerk("berit", "seitsemän sinistä saapasta", secret, Actor(ActorKind.STAFF, "x", "espoo"))
    spent = staff_accounts.set_credentials(here, token, clerk.password, secret, clerk.code(here.now()))
    assert isinstance(spent, tuple)
    assert staff_accounts.set_credentials(here, token, clerk.password, secret, clerk.code(here.now())) == "link_used"
    late, _ = enrol(here, "cecilia")
    clock.move(days=1)
    assert staff_accounts.of_link(here, late) is None


def test_a_newer_link_ends_the_older_one(here: Office) -> None:
    older, _ = enrol(here)
    newer, _ = enrol(here)
    assert staff_accounts.of_link(here, older) is None
    assert staff_accounts.of_link(here, newer) is not None


@pytest.mark.parametrize(("password", "why"), [("short", "too_short"), ("berit testi berit", "contains_name")])
def test_a_weak_password_does_not_spend_the_link(here: Office, password: str, why: str) -> None:
    token, secret = enrol(here)
    assert staff_accounts.set_credentials(here, token, password, secret, "000000") == why
    assert staff_accounts.of_link(here, token) is not None


def test_a_disabled_account_loses_its_sessions_and_cannot_come_back(here: Office, clock: make.Clock) -> None:
    clerk = make.clerk(here, "anni", Role.HANDLER)
    cookie = entered(here, clerk)
    assert cookie is not None
    half = session(here)
    assert staff_sign_in.first_factor(here, half, clerk.login, clerk.password)
    assert staff_accounts.disable(here, "anni")
    assert open_session(here, cookie, "staff") is None
    clock.move(seconds=60)
    assert staff_sign_in.second_factor(here, half, clerk.code(here.now())) is None
    assert entered(here, clerk) is None


def test_changed_roles_end_the_sessions_and_need_an_administrator(here: Office) -> None:
    clerk, admin = make.clerk(here, "anni", Role.HANDLER), make.clerk(here, "chief", Role.ADMINISTRATOR)
    cookie = entered(here, clerk)
    assert cookie is not None
    with pytest.raises(Forbidden, match=Action.MANAGE_STAFF.value):
        staff_accounts.set_roles(here, clerk.actor, clerk.actor.id, frozenset(Role))
    with pytest.raises(Forbidden):
        staff_accounts.set_roles(here, admin.actor, admin.actor.id, frozenset(Role))
    staff_accounts.set_roles(here, admin.actor, clerk.actor.id, frozenset({Role.AUDITOR}))
    assert open_session(here, cookie, "staff") is None
    elsewhere = replace(admin.actor, controller="janakkala", roles=frozenset())
    with pytest.raises(Forbidden):
        staff_accounts.set_roles(here, elsewhere, clerk.actor.id, frozenset(Role))
