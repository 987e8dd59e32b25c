"""A passkey opens its own account only, once for each challenge; and what is refused leaves no trace of success."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from portal.adapters.passkeys import Passkeys
from portal.domain.access import Role
from portal.services import passkeys, staff_accounts, staff_sign_in
from portal.services.office import Office
from portal.services.ports import Account, Session
from portal.services.sign_in import open_session, start_anonymous
from tests import make
from tests.authenticator import PRESENT, Authenticator

ORIGIN, PARTY = "https://staff.example.fi", "staff.example.fi"


def at_home(office: Office) -> Office:
    """The office at an address that can have passkeys."""
    return replace(office, passkeys=Passkeys.at(ORIGIN))


@pytest.fixture
def home(here: Office) -> Office:
    return at_home(here)


def session(office: Office) -> Session:
    found = open_session(office, start_anonymous(office, "staff", {}), "staff")
    assert found is not None
    return found


def account_of(office: Office, login: str) -> Account:
    with office.reading() as work:
        found = work.staff.by_login(login)
    assert found is not None
    return found


@dataclass
class Holder:
    """Somebody with a passkey on their telephone."""

    account: Account
    phone: Authenticator


def holder(office: Office, login: str = "anni") -> Holder:
    """An account with password and codes, and a passkey added to it."""
    make.clerk(office, login, Role.HANDLER)
    account, phone, here = account_of(office, login), Authenticator(ORIGIN, PARTY), session(office)
    assert passkeys.add(office, here, account, phone.make(passkeys.offer(office, here, account)), "Puhelin")
    return Holder(account, phone)


def signed_in_events(office: Office) -> int:
    with office.reading() as work:
        return len(work.trail.page("portal", None, 100, "signed_in"))


def full_sessions(office: Office, account: Account) -> int:
    with office.reading() as work:
        return len(work.sessions.of_subject(account.id, "staff", office.staff_idle, office.now()))


def test_a_passkey_alone_signs_in_and_ends_the_session_before_it(office: Office) -> None:
    home = at_home(office)
    who, here = holder(home), session(home)
    cookie = passkeys.enter(home, here, who.phone.use(passkeys.challenge(home, here, None)))
    assert cookie is not None
    full, account = staff_sign_in.enter(home, cookie)
    assert full is not None
    assert full.auth_at == home.now()
    assert account is not None
    assert account.login == "anni"
    assert (signed_in_events(home), full_sessions(home, who.account)) == (1, 1)
    (key,) = passkeys.of(home, who.account)
    assert (key.name, key.counter, key.used_at) == ("Puhelin", 1, home.now())


def test_a_passkey_follows_the_password(home: Office) -> None:
    who, here = holder(home), session(home)
    assert staff_sign_in.first_factor(home, here, "anni", "seitsemän sinistä saapasta")
    answer = who.phone.use(passkeys.challenge(home, here, who.account))
    assert passkeys.second_factor(home, here, answer) is not None


def test_without_the_password_a_second_factor_is_nothing(home: Office) -> None:
    who, here = holder(home), session(home)
    assert passkeys.second_factor(home, here, who.phone.use(passkeys.challenge(home, here, who.account))) is None
    assert signed_in_events(home) == 0


Lie = Callable[[Office, Holder, Session], dict[str, Any]]


def _use(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    return who.phone.use(passkeys.challenge(home, here, None))


def unverified(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    who.phone.flags = PRESENT
    return _use(home, who, here)


def other_origin(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    who.phone.origin = "https://staff.example.com"
    return _use(home, who, here)


def other_party(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    who.phone.rp_id = "example.com"
    return _use(home, who, here)


def counter_back(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    other = session(home)
    assert passkeys.enter(home, other, _use(home, who, other))
    with home.writing() as work:
        work.sessions.end_all_of(who.account.id)
    who.phone.held[-1].counter = 0
    return _use(home, who, here)


def challenge_of_another_browser(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    return _use(home, who, session(home))


def challenge_of_our_own_making(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    return who.phone.use({"challenge": "A" * 86})


def challenge_for_somebody(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    return who.phone.use(passkeys.challenge(home, here, who.account))


def challenge_for_making(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    return who.phone.use(passkeys.offer(home, here, who.account))


def handle_of_another(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    who.phone.held[-1].handle = holder(home, "berit").phone.held[-1].handle
    return _use(home, who, here)


def no_handle(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    who.phone.held[-1].handle = ""
    return _use(home, who, here)


def removed(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    assert passkeys.remove(home, who.account, passkeys.of(home, who.account)[0].id)
    return _use(home, who, here)


def disabled(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    assert staff_accounts.disable(home, who.account.login)
    return _use(home, who, here)


def nothing(home: Office, who: Holder, here: Session) -> dict[str, Any]:
    return {}


LIES: list[Lie] = [
    unverified, other_origin, other_party, counter_back, challenge_of_another_browser, challenge_of_our_own_making,
    challenge_for_somebody, challenge_for_making, handle_of_another, no_handle, removed, disabled, nothing,
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_refused_passkey_leaves_no_session_and_no_sign_in(home: Office, lie: Lie) -> None:
    who, here = holder(home), session(home)
    answer = lie(home, who, here)
    before = signed_in_events(home)
    assert passkeys.enter(home, here, answer) is None
    assert (signed_in_events(home), full_sessions(home, who.account)) == (before, 0)
    with home.reading() as work:
        assert work.trail.page("portal", None, 100, "sign_in_failed")


def test_an_answer_is_good_once(home: Office) -> None:
    who, here = holder(home), session(home)
    who.phone.counts = False  # where nothing counts, the challenge alone must see to it
    answer = who.phone.use(passkeys.challenge(home, here, who.account))
    assert passkeys.confirm(home, here, who.account, answer)
    assert not passkeys.confirm(home, here, who.account, answer)


def test_a_refused_answer_has_spent_its_challenge(home: Office) -> None:
    who, here = holder(home), session(home)
    options = passkeys.challenge(home, here, who.account)
    who.phone.flags = PRESENT
    assert not passkeys.confirm(home, here, who.account, who.phone.use(options))
    who.phone.flags = 5
    assert not passkeys.confirm(home, here, who.account, who.phone.use(options))


@pytest.mark.parametrize(("seconds", "good"), [(299, True), (300, False)])
def test_a_challenge_is_good_for_five_minutes(home: Office, clock: make.Clock, seconds: int, good: bool) -> None:
    who, here = holder(home), session(home)
    options = passkeys.challenge(home, here, who.account)
    clock.move(seconds=seconds)
    assert passkeys.confirm(home, here, who.account, who.phone.use(options)) is good


def test_a_colleagues_passkey_confirms_nothing(home: Office) -> None:
    anni, berit, here = holder(home, "anni"), holder(home, "berit"), session(home)
    answer = berit.phone.use(passkeys.challenge(home, here, anni.account))
    assert not passkeys.confirm(home, here, anni.account, answer)
    assert not passkeys.confirm(
        home, here, berit.account, berit.phone.use(passkeys.challenge(home, here, anni.account))
    )


def test_two_tabs_may_each_have_a_challenge(home: Office) -> None:
    who, here = holder(home), session(home)
    first, second = (passkeys.challenge(home, here, None) for _tab in range(2))
    assert first != second
    assert passkeys.confirm(home, here, who.account, who.phone.use(first)) is False  # of nobody, not of this account
    assert passkeys.enter(home, here, who.phone.use(second)) is not None


def test_there_is_no_challenge_for_an_account_without_passkeys_nor_at_a_bare_number(here: Office) -> None:
    make.clerk(here, "anni", Role.HANDLER)
    account, browser = account_of(here, "anni"), session(here)
    assert passkeys.challenge(at_home(here), browser, account) == {}
    assert passkeys.challenge(here, browser, None) == {}
    assert passkeys.offer(here, browser, account) == {}


def test_a_passkey_is_added_once_and_renamed(home: Office) -> None:
    who, here = holder(home), session(home)
    answer = who.phone.make(passkeys.offer(home, here, who.account))
    assert passkeys.add(home, here, who.account, answer, "x" * 100)
    assert not passkeys.add(home, here, who.account, answer, "taas")
    assert sorted(len(key.name) for key in passkeys.of(home, who.account)) == [7, 60]
    other = holder(home, "berit")
    mine = passkeys.of(home, who.account)[0].id
    assert not passkeys.rename(home, other.account, mine, "minun")
    assert passkeys.rename(home, who.account, mine, "Työpuhelin")
    assert passkeys.of(home, who.account)[0].name == "Työpuhelin"


def test_only_ones_own_passkey_is_removed_and_never_the_last_way_in(office: Office) -> None:
    home = at_home(office)
    anni, berit = holder(home, "anni"), by_link(home, "berit")
    (only,) = passkeys.of(home, berit.account)
    assert not passkeys.remove(home, anni.account, only.id)
    assert not passkeys.remove(home, berit.account, only.id)
    here = session(home)
    assert passkeys.add(
        home, here, berit.account, berit.phone.make(passkeys.offer(home, here, berit.account)), "Toinen"
    )
    assert passkeys.remove(home, berit.account, only.id)
    (left,) = passkeys.of(home, berit.account)
    assert not passkeys.remove(home, berit.account, left.id)


def by_link(home: Office, login: str, phone: Authenticator | None = None) -> Holder:
    """An account that took its link with a passkey: it has no password."""
    token = staff_accounts.add_staff(home, login, "Berit Testi", "", {"espoo": frozenset({Role.HANDLER})})
    account, here, phone = account_of(home, login), session(home), phone or Authenticator(ORIGIN, PARTY)
    answer = phone.make(passkeys.offer(home, here, account, anew=True))
    assert staff_accounts.set_passkey(home, here, token, answer, "Puhelin") is None
    assert staff_accounts.of_link(home, token) is None
    return Holder(account_of(home, login), phone)


def test_a_link_taken_with_a_passkey_ends_all_that_opened_before(home: Office) -> None:
    who = holder(home)
    after = by_link(home, "anni")
    assert (after.account.password, after.account.factor, after.account.recovery) == (None, None, ())
    here = session(home)
    assert passkeys.enter(home, here, who.phone.use(passkeys.challenge(home, here, None))) is None
    assert not staff_sign_in.first_factor(home, here, "anni", "seitsemän sinistä saapasta")
    assert passkeys.enter(home, here, after.phone.use(passkeys.challenge(home, here, None))) is not None


def test_a_link_taken_with_a_password_ends_the_passkeys(home: Office) -> None:
    who = by_link(home, "berit")
    make.clerk(home, "berit", Role.HANDLER)
    assert passkeys.of(home, who.account) == ()


def test_a_refused_passkey_does_not_spend_the_link(home: Office) -> None:
    token = staff_accounts.add_staff(home, "berit", "Berit Testi", "", {"espoo": frozenset({Role.HANDLER})})
    account, here, phone = account_of(home, "berit"), session(home), Authenticator(ORIGIN, PARTY, flags=PRESENT)
    answer = phone.make(passkeys.offer(home, here, account, anew=True))
    assert staff_accounts.set_passkey(home, here, token, answer, "Puhelin") == "refused"
    assert staff_accounts.of_link(home, token) is not None
    assert staff_accounts.set_passkey(home, here, "nobody's", answer, "Puhelin") == "link_used"


def test_an_account_of_the_organisation_gets_no_passkey_here(home: Office) -> None:
    staff_accounts.add_staff(home, "cecilia", "Cecilia Testi", "", {"espoo": frozenset({Role.HANDLER})})
    account, here = account_of(home, "cecilia"), session(home)
    answer = Authenticator(ORIGIN, PARTY).make(passkeys.offer(home, here, account))
    assert not passkeys.add(home, here, account, answer, "Puhelin")
