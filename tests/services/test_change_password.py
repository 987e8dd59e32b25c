"""A password has the age that the notices promise, and a new one is really new; nothing of it stops a passkey."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.domain.access import Role
from portal.services import change_password, passkeys, password_age, staff_accounts, staff_sign_in
from portal.services.office import Office
from portal.services.ports import Account, Session
from portal.services.sign_in import open_session
from tests import make
from tests.services.test_passkeys import at_home, holder, session

OLD, NEW = "seitsemän sinistä saapasta", "hidas harmaa haikara lentää"
HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.fixture(autouse=True)
def quick_hashes(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What argon2 does is tested beside it; here it would only take time."""
    monkeypatch.setattr(here.credentials, "hash_password", lambda plain: f"hash of {plain}")
    monkeypatch.setattr(here.credentials, "verify_password", lambda stored, plain: stored == f"hash of {plain}")


def account_of(office: Office, login: str = "anni") -> Account:
    with office.reading() as work:
        found = work.staff.by_login(login)
    assert found is not None
    return found


def clerk(office: Office, register: str = "janakkala") -> make.Clerk:
    return make.clerk(office, "anni", Role.HANDLER, register=register)


def after_both_factors(office: Office, who: make.Clerk, password: str = OLD) -> tuple[Session, str | None]:
    here = session(office)
    assert staff_sign_in.first_factor(office, here, who.login, password)
    return here, staff_sign_in.second_factor(office, here, who.code(office.now()))


def change(office: Office, old: str, new: str) -> str | None:
    return change_password.change_password(office, session(office), account_of(office), old, new)


@pytest.mark.parametrize(
    ("days", "left", "warned", "blocked"),
    [(0, 90, None, False), (75, 15, None, False), (76, 14, 14, False), (89, 1, 1, False), (90, 0, 0, False),
     (91, -1, 0, True), (400, -310, 0, True)],
)  # fmt: skip
def test_the_ninetieth_day_is_the_last_good_one(
    here: Office, clock: make.Clock, days: int, left: int, warned: int | None, blocked: bool
) -> None:
    clerk(here)
    clock.move(days=days)
    account = account_of(here)
    found = (password_age.days_left(here, account), password_age.warning(here, account))
    assert found == (left, warned)
    assert password_age.must_change(here, account) is blocked


def test_days_are_counted_by_the_finnish_calendar(here: Office, clock: make.Clock) -> None:
    clerk(here)
    set_on = clock.at.astimezone(HELSINKI).date()
    last = datetime(set_on.year, set_on.month, set_on.day, 23, 59, 59, tzinfo=HELSINKI) + timedelta(days=90)
    clock.at = last
    assert not password_age.must_change(here, account_of(here))
    clock.at = last + timedelta(seconds=1)
    assert password_age.must_change(here, account_of(here))


def test_where_no_notice_promises_it_a_password_has_no_age(here: Office, clock: make.Clock) -> None:
    who = clerk(here, register="espoo")
    clock.move(days=1000)
    assert password_age.days_left(here, account_of(here)) is None
    assert after_both_factors(here, who)[1] is not None


def test_the_strictest_of_an_accounts_registers_counts(here: Office) -> None:
    who = clerk(here, register="espoo")
    staff_accounts.add_staff(here, who.login, "", "", {"janakkala": frozenset({Role.AUDITOR})})
    assert password_age.limit(here, account_of(here)) == timedelta(days=90)


def test_an_old_password_opens_nothing_but_its_own_change(here: Office, clock: make.Clock) -> None:
    who = clerk(here)
    clock.move(days=91)
    half, cookie = after_both_factors(here, who)
    assert cookie is None
    due = staff_sign_in.password_due(here, half)
    assert due is not None
    assert staff_sign_in.account_of(here, half) is None
    assert change_password.change_password(here, half, due, OLD, NEW) is None
    cookie = change_password.enter(here, half, due)
    assert staff_sign_in.enter(here, cookie)[1] is not None
    clock.move(minutes=5)
    assert after_both_factors(here, who, NEW)[1] is not None


def test_a_password_right_but_for_its_age_still_needs_its_factor(here: Office, clock: make.Clock) -> None:
    who = clerk(here)
    clock.move(days=91)
    half = session(here)
    assert staff_sign_in.first_factor(here, half, who.login, OLD)
    assert staff_sign_in.second_factor(here, half, "000000") is None
    assert staff_sign_in.password_due(here, half) is None


def test_the_way_to_the_change_is_open_for_ten_minutes(here: Office, clock: make.Clock) -> None:
    who = clerk(here)
    clock.move(days=91)
    half, _cookie = after_both_factors(here, who)
    clock.move(minutes=10)
    assert staff_sign_in.password_due(here, half) is None


def test_a_passkey_opens_whatever_the_passwords_age(here: Office, clock: make.Clock) -> None:
    home = at_home(here)
    who = holder(home)
    staff_accounts.add_staff(home, "anni", "", "", {"janakkala": frozenset({Role.HANDLER})})
    clock.move(days=91)
    browser = session(home)
    assert passkeys.enter(home, browser, who.phone.use(passkeys.challenge(home, browser, None))) is not None
    browser = session(home)
    assert staff_sign_in.first_factor(home, browser, "anni", OLD)
    answer = who.phone.use(passkeys.challenge(home, browser, account_of(home)))
    assert passkeys.second_factor(home, browser, answer) is None, "after the old password it does not"
    assert staff_sign_in.password_due(home, browser) is not None


def test_a_compromised_password_ends_sessions_and_must_be_changed(here: Office, clock: make.Clock) -> None:
    who = clerk(here, register="espoo")
    cookie = after_both_factors(here, who)[1]
    assert cookie is not None
    assert staff_accounts.compromised(here, " ANNI ")
    assert open_session(here, cookie, "staff") is None
    clock.move(minutes=1)
    half, cookie = after_both_factors(here, who)
    assert cookie is None
    assert staff_sign_in.password_due(here, half) is not None
    assert change(here, OLD, NEW) is None
    assert not password_age.must_change(here, account_of(here))
    assert not staff_accounts.compromised(here, "nobody")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("wrong", NEW, "old_wrong"),
        (OLD, "lyhyt", "too_short"),
        (OLD, "salasana salasana", "common"),
        (OLD, "annin oma salainen lause", "contains_name"),
        (OLD, OLD, "too_alike"),
        (OLD, OLD + "1", "too_alike"),
        (OLD, OLD[::-1], "too_alike"),
        (OLD, OLD.replace(" ", "-") + "2026!", "too_alike"),
        (OLD, NEW, None),
    ],
)
def test_a_new_password_is_really_new(here: Office, old: str, new: str, problem: str | None) -> None:
    clerk(here)
    assert change(here, old, new) == problem
    assert account_of(here).password == f"hash of {NEW if problem is None else OLD}"


def test_the_last_five_passwords_are_not_chosen_again(here: Office, clock: make.Clock) -> None:
    clerk(here)
    words = ["vihreä ankka uimassa", "kolme kissaa katolla", "hidas harmaa haikara", "musta kuusi metsässä"]
    old = OLD
    for new in words:
        clock.move(days=1)
        assert change(here, old, new) is None
        old = new
    assert change(here, old, OLD) == "used_before"
    assert change(here, old, words[0]) == "used_before"
    clock.move(days=1)
    assert change(here, old, "punainen vene rannalla") is None
    assert change(here, "punainen vene rannalla", OLD) is None, "the sixth may come back"


def test_a_link_does_not_bring_an_old_password_back(here: Office, clock: make.Clock) -> None:
    who = clerk(here)
    token = staff_accounts.new_link(here, "anni")
    assert token is not None
    clock.move(minutes=5)
    code = who.code(here.now())
    assert staff_accounts.set_credentials(here, token, OLD, who.secret, code) == "used_before"
    assert isinstance(staff_accounts.set_credentials(here, token, NEW, who.secret, code), tuple)


def test_a_changed_password_ends_every_session(here: Office) -> None:
    who = clerk(here)
    _half, cookie = after_both_factors(here, who)
    assert cookie is not None
    assert change(here, OLD, NEW) is None
    assert open_session(here, cookie, "staff") is None


def test_the_old_password_is_guessed_at_no_faster_than_at_sign_in(here: Office) -> None:
    clerk(here)
    assert [change(here, f"wrong {n}", NEW) for n in range(4)] == ["old_wrong"] * 4
    assert change(here, OLD, NEW) == "old_wrong", "it must wait"


def test_new_recovery_codes_end_the_old_ones(here: Office, clock: make.Clock) -> None:
    clerk(here)
    account = account_of(here)
    first = staff_accounts.renew_recovery_codes(here, account)
    second = staff_accounts.renew_recovery_codes(here, account)
    assert len(set(first + second)) == 20
    assert not staff_sign_in.confirm_factor(here, session(here), account, first[0])
    assert staff_sign_in.confirm_factor(here, session(here), account, second[0].lower().replace("-", " "))
    assert len(account_of(here).recovery) == 9
    assert second[1] not in str(account_of(here).recovery)


def test_a_new_link_ends_the_older_one_and_is_not_for_leavers(here: Office) -> None:
    clerk(here)
    first, second = staff_accounts.new_link(here, "anni"), staff_accounts.new_link(here, "Anni")
    assert first is not None
    assert second is not None
    assert staff_accounts.of_link(here, first) is None
    assert staff_accounts.of_link(here, second) is not None
    with here.reading() as work:
        assert len(work.trail.page("portal", None, 100, "link_issued")) == 3
    assert staff_accounts.new_link(here, "nobody") is None
    staff_accounts.disable(here, "anni")
    assert staff_accounts.new_link(here, "anni") is None


def test_who_comes_by_the_organisation_gets_no_link_round_it(here: Office) -> None:
    clerk(here)
    with here.writing() as work:
        account = work.staff.by_login("anni")
        assert account is not None
        work.organisation_accounts.add("i" * 64, "city", "s" * 64, account.id)
    assert staff_accounts.new_link(here, "anni") is None
