"""Guessing is slowed down by name and by address, alike for names that exist and that do not; nobody is locked out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from portal.domain.access import Role
from portal.services import staff_sign_in, sweep, throttle
from portal.services.office import Office
from tests import make
from tests.services.test_staff_sign_in import entered, session


def claims(office: Office, times: int, **who: str) -> list[bool]:
    found = []
    for _ in range(times):
        with office.writing() as work:
            found.append(throttle.claim(work, office.now(), **who))
    return found


def wait(office: Office, kind: str, who: str) -> timedelta:
    with office.writing() as work:
        found = work.throttle.of(kind, who, office.now())
    return found.wait_until - office.now() if found.wait_until else timedelta()


def test_waits_double_up_to_a_quarter_of_an_hour_and_never_more(here: Office, clock: make.Clock) -> None:
    waits = []
    for _ in range(20):
        assert claims(here, 1, login="anni") == [True]
        waits.append(wait(here, "login", "anni"))
        clock.at += waits[-1]
    assert [one.total_seconds() for one in waits[:8]] == [0, 0, 0, 2, 4, 8, 16, 32]
    assert max(waits) == timedelta(minutes=15)


def test_twenty_tries_at_once_are_not_one(office: Office) -> None:
    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(lambda _n: claims(office, 1, login="anni")[0], range(20)))
    assert found.count(True) == 4  # three free ones, and the one that begins the wait


def test_an_address_waits_whatever_the_name(here: Office) -> None:
    found = [claims(here, 1, address="192.0.2.7", login=f"name{n}")[0] for n in range(30)]
    assert found == [True] * 21 + [False] * 9
    assert claims(here, 1, address="192.0.2.8", login="name99") == [True]


def test_a_whole_network_of_new_addresses_is_one(here: Office) -> None:
    found = [claims(here, 1, address=f"2001:db8:1:2::{n:x}")[0] for n in range(30)]
    assert found.count(True) == 21
    assert claims(here, 1, address="2001:db8:1:3::1") == [True]


def test_an_address_is_forgiven_try_by_try_and_in_time(here: Office, clock: make.Clock) -> None:
    for _ in range(100):  # a busy office, where everybody gets in
        assert claims(here, 1, address="192.0.2.7") == [True]
        with here.writing() as work:
            throttle.forgive(work, here.now(), address="192.0.2.7")
    for _ in range(100):  # and one where somebody mistypes every three minutes
        assert claims(here, 1, address="192.0.2.7") == [True]
        clock.move(minutes=3)


def test_a_name_that_does_not_exist_waits_like_one_that_does(
    here: Office, clock: make.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.clerk(here, "anni", Role.HANDLER)
    checked: list[Any] = []

    def wrong(stored: str | None, plain: str) -> bool:
        checked.append(stored)
        return False

    monkeypatch.setattr(here.credentials, "verify_password", wrong)
    for login in ("anni", "nobody"):
        for _ in range(6):
            assert not staff_sign_in.first_factor(here, session(here), login, "wrong", "192.0.2.7")
    assert wait(here, "login", "anni") == wait(here, "login", "nobody") == timedelta(seconds=2)
    assert len(checked) == 12, "a wait is answered as slowly as a wrong password"


def test_somebody_elses_guesses_at_the_password_do_not_keep_a_colleague_from_confirming(here: Office) -> None:
    clerk = make.clerk(here, "anni", Role.HANDLER)
    claims(here, 10, login="anni")
    with here.reading() as work:
        account = work.staff.by_login("anni")
    assert account is not None
    assert staff_sign_in.confirm_factor(here, session(here), account, clerk.code(here.now()))
    assert not staff_sign_in.confirm_factor(here, session(here), account, clerk.code(here.now())), "spent"


def test_wrong_codes_wait_too_and_a_right_one_ends_the_count(here: Office, clock: make.Clock) -> None:
    clerk = make.clerk(here, "anni", Role.HANDLER)
    with here.reading() as work:
        account = work.staff.by_login("anni")
    assert account is not None
    for _ in range(4):
        assert not staff_sign_in.confirm_factor(here, session(here), account, "000000")
    assert not staff_sign_in.confirm_factor(here, session(here), account, clerk.code(here.now())), "it must wait"
    clock.move(seconds=2)
    assert entered(here, clerk) is not None
    assert wait(here, "factor", account.id) == timedelta()


def test_neither_address_nor_name_is_kept_and_all_is_swept_after_a_day(here: Office, clock: make.Clock) -> None:
    claims(here, 2, address="192.0.2.7", login="anni")
    with here.book.engine.connect() as database:  # type: ignore[attr-defined]  # the store's Book
        rows = database.exec_driver_sql("SELECT * FROM throttle").fetchall()
    assert len(rows) == 2
    assert "192.0.2" not in str(rows)
    assert "anni" not in str(rows)
    clock.move(days=1, seconds=1)
    sweep.sweep(here)
    with here.book.engine.connect() as database:  # type: ignore[attr-defined]  # as above
        assert database.exec_driver_sql("SELECT count(*) FROM throttle").scalar() == 0
