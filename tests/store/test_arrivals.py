"""What came from another site waits for its own session, once, for its time."""

from datetime import timedelta
from typing import Any

from portal.services.office import Office
from portal.services.sign_in import BEFORE_SIGN_IN
from tests import make

PENDING = {"provider": "suomifi", "state": "s1"}


def pending(office: Office, provider: str = "suomifi", state: str = "s1") -> str:
    """A sign-in under way; the key of its session."""
    now = office.now()
    with office.writing() as work:
        cookie = work.sessions.start("citizen", None, {}, now + BEFORE_SIGN_IN, None, now)
        session = work.sessions.open(cookie, "citizen", BEFORE_SIGN_IN, now)
        assert session is not None
        work.sessions.keep_pending(session.key, state, {"provider": provider, "state": state}, now)
    return session.key


def answered(office: Office, state: str = "s1", provider: str = "suomifi") -> tuple[str, dict[str, Any]] | None:
    with office.writing() as work:
        return work.arrivals.answered(state, provider, office.now())


def test_a_pending_sign_in_is_answered_once_by_its_state(office: Office) -> None:
    key = pending(office)
    assert answered(office, "s2") is None
    assert answered(office) == (key, PENDING)
    assert answered(office) is None


def test_another_providers_sign_in_is_neither_answered_nor_spent(office: Office) -> None:
    key = pending(office, "broker")
    assert answered(office) is None
    with office.writing() as work:
        assert work.sessions.spend_pending(key, "s1", office.now()) is not None


def test_a_sign_in_of_ten_minutes_ago_is_not_answered(office: Office, clock: make.Clock) -> None:
    pending(office)
    clock.move(minutes=10)
    assert answered(office) is None


def test_what_waits_is_fetched_once_by_its_own_session_in_its_time(office: Office) -> None:
    now = office.now()
    until = now + timedelta(minutes=2)
    with office.writing() as work:
        work.arrivals.keep("mine", "handle", {"x": 1}, until)
        work.arrivals.keep("mine", "late", {"x": 2}, until)
    with office.writing() as work:
        assert work.arrivals.fetch("other", "handle", now) is None
        assert work.arrivals.fetch("mine", "handle", now) == {"x": 1}
        assert work.arrivals.fetch("mine", "handle", now) is None
        assert work.arrivals.fetch("mine", "late", until) is None


def test_what_nobody_fetched_is_swept(office: Office) -> None:
    now = office.now()
    with office.writing() as work:
        work.arrivals.keep("mine", "handle", {}, now + timedelta(minutes=2))
        assert work.arrivals.sweep(now) == 0
        assert work.arrivals.sweep(now + timedelta(minutes=2)) == 1
