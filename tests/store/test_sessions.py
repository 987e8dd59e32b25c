"""Sessions end when they should, and a sign-in under way is good once, in the browser that began it."""

from datetime import timedelta

import pytest

from portal.services.office import Office
from portal.services.ports import Session
from portal.store.sessions import digest
from tests import make

IDLE = timedelta(minutes=15)


def started(office: Office, subject: str | None = None, face: str = "citizen") -> str:
    now = office.now()
    with office.writing() as work:
        return work.sessions.start(face, subject, {"a": "b"}, now + timedelta(hours=1), now, now)


def opened(office: Office, cookie: str, face: str = "citizen") -> Session | None:
    with office.reading() as work:
        return work.sessions.open(cookie, face, IDLE, office.now())


def test_a_session_is_opened_by_its_cookie_at_its_own_face_only(office: Office) -> None:
    cookie = started(office)
    found = opened(office, cookie)
    assert found is not None
    assert found.data == {"a": "b"}
    assert opened(office, cookie, "staff") is None
    assert opened(office, cookie + "x") is None


def test_the_database_never_holds_the_cookie(sqlite_office: Office) -> None:
    cookie = started(sqlite_office)
    found = opened(sqlite_office, cookie)
    assert found is not None
    assert found.key == digest(cookie) != cookie


def test_an_id_known_before_sign_in_is_worthless_afterwards(office: Office) -> None:
    before = started(office)
    with office.writing() as work:
        work.sessions.end(digest(before))
    after = started(office)
    assert opened(office, before) is None
    assert opened(office, after) is not None


def test_an_idle_session_ends_and_a_visit_prolongs_it(office: Office, clock: make.Clock) -> None:
    cookie = started(office)
    clock.move(minutes=14)
    with office.writing() as work:
        work.sessions.seen(digest(cookie), office.now())
    clock.move(minutes=14)
    assert opened(office, cookie) is not None
    clock.move(minutes=1)
    assert opened(office, cookie) is None


def test_a_session_ends_at_its_absolute_end_however_busy(office: Office, clock: make.Clock) -> None:
    cookie = started(office)
    for _ in range(6):
        clock.move(minutes=10)
        with office.writing() as work:
            work.sessions.seen(digest(cookie), office.now())
    assert opened(office, cookie) is None


def test_a_clock_set_back_does_not_revive_a_session(sqlite_office: Office, clock: make.Clock) -> None:
    cookie = started(sqlite_office)
    clock.move(minutes=-6)
    assert opened(sqlite_office, cookie) is None


def test_all_sessions_of_somebody_end_together(office: Office) -> None:
    mine, also, other = started(office, "me"), started(office, "me", "staff"), started(office, "you")
    with office.writing() as work:
        assert work.sessions.end_all_of("me") == 2
    assert (opened(office, mine), opened(office, also, "staff")) == (None, None)
    assert opened(office, other) is not None


BY_FACE = {"citizen": IDLE, "staff": timedelta(minutes=30)}


def swept(office: Office) -> int:
    with office.writing() as work:
        return work.sessions.sweep(office.now(), BY_FACE)


def test_the_sweep_removes_what_was_last_seen_three_hours_ago_and_nothing_else(
    office: Office, clock: make.Clock
) -> None:
    started(office)
    clock.move(minutes=179)
    live = started(office)
    assert swept(office) == 0
    clock.move(minutes=1)
    assert swept(office) == 1
    assert opened(office, live) is not None


def test_the_sweep_removes_at_once_what_nobody_had_entered(office: Office, clock: make.Clock) -> None:
    now = office.now()
    with office.writing() as work:
        work.sessions.start("citizen", None, {}, now + timedelta(minutes=30), None, now)
    assert swept(office) == 0
    clock.move(minutes=15)
    assert swept(office) == 1


@pytest.mark.parametrize("face", ["citizen", "staff"])
def test_what_the_sweep_has_closed_stays_closed_if_the_clock_goes_back(
    office: Office, clock: make.Clock, face: str
) -> None:
    cookie = started(office, face=face)
    clock.move(minutes=31)
    swept(office)
    clock.move(minutes=-30)
    assert opened(office, cookie, face) is None


def test_an_ended_session_is_remembered_three_hours_and_opens_nothing(office: Office, clock: make.Clock) -> None:
    cookie = started(office)

    def ended() -> Session | None:
        with office.reading() as work:
            return work.sessions.ended(cookie, "citizen", IDLE, office.now())

    assert ended() is None, "it is alive"
    clock.move(minutes=15)
    found = ended()
    assert found is not None
    assert found.data == {"a": "b"}
    with office.writing() as work:
        work.sessions.close(found.key)
    clock.move(minutes=-10)
    assert opened(office, cookie) is None
    assert ended() is not None
    clock.move(minutes=175)
    assert ended() is None


def test_a_session_goes_on_under_a_new_id_and_the_old_one_is_worthless(office: Office, clock: make.Clock) -> None:
    first = office.now()
    with office.writing() as work:
        old = work.sessions.start("staff", "me", {"a": 1}, first + timedelta(hours=1), first, first, "at-the-provider")
    session = opened(office, old, "staff")
    assert session is not None
    clock.move(minutes=11)
    with office.writing() as work:
        work.sessions.keep_pending(session.key, "state", {}, office.now())
        new = work.sessions.renew(session, office.now(), office.now())
    assert new is not None
    assert opened(office, old, "staff") is None
    found = opened(office, new, "staff")
    assert found is not None
    assert (found.subject, found.data, found.created_at, found.ends_at, found.auth_at) == (
        "me", {"a": 1}, first, session.ends_at, office.now(),
    )  # fmt: skip
    with office.writing() as work:
        assert work.sessions.spend_pending(session.key, "state", office.now()) is None
        assert work.sessions.end_by_provider("at-the-provider") == 1
    assert opened(office, new, "staff") is None


def test_a_session_that_was_ended_meanwhile_does_not_go_on(office: Office) -> None:
    session = opened(office, started(office))
    assert session is not None
    with office.writing() as work:
        work.sessions.end(session.key)
        assert work.sessions.renew(session, office.now(), office.now()) is None


def test_a_providers_end_ends_exactly_the_sessions_that_stand_on_it(office: Office) -> None:
    now = office.now()
    ends = now + timedelta(hours=1)
    with office.writing() as work:
        one, two = (work.sessions.start("citizen", None, {}, ends, now, now, key) for key in ("a", "b"))
        bare = work.sessions.start("citizen", None, {}, ends, now, now)
        assert work.sessions.end_by_provider("a") == 1
        assert work.sessions.end_by_provider("c") == 0
    assert [opened(office, cookie) is None for cookie in (one, two, bare)] == [True, False, False]


def test_somebodys_live_sessions_at_one_face_are_listed(office: Office, clock: make.Clock) -> None:
    started(office, "me", "staff")
    clock.move(minutes=10)
    newer = started(office, "me", "staff")
    started(office, "me")
    started(office, "you", "staff")
    with office.reading() as work:
        found = work.sessions.of_subject("me", "staff", IDLE, office.now())
        assert [one.created_at for one in found] == [office.now(), office.now() - timedelta(minutes=10)]
    clock.move(minutes=6)
    with office.reading() as work:
        found = work.sessions.of_subject("me", "staff", IDLE, office.now())
        assert [one.key for one in found] == [digest(newer)]


def test_a_pending_sign_in_is_spent_once(office: Office) -> None:
    key = digest(started(office))
    with office.writing() as work:
        work.sessions.keep_pending(key, "state", {"nonce": "n"}, office.now())
    with office.writing() as work:
        assert work.sessions.spend_pending(key, "state", office.now()) == {"nonce": "n"}
        assert work.sessions.spend_pending(key, "state", office.now()) is None


def test_a_pending_sign_in_is_spent_by_its_own_session_only(office: Office) -> None:
    mine, other = digest(started(office)), digest(started(office))
    with office.writing() as work:
        work.sessions.keep_pending(mine, "state", {"nonce": "n"}, office.now())
        assert work.sessions.spend_pending(other, "state", office.now()) is None
        assert work.sessions.spend_pending(mine, "state", office.now()) is not None


def test_a_pending_sign_in_lapses_after_ten_minutes(office: Office, clock: make.Clock) -> None:
    key = digest(started(office))
    with office.writing() as work:
        work.sessions.keep_pending(key, "state", {}, office.now())
    clock.move(minutes=10)
    with office.writing() as work:
        assert work.sessions.spend_pending(key, "state", office.now()) is None


def test_a_session_keeps_five_pending_sign_ins_the_newest(office: Office, clock: make.Clock) -> None:
    key = digest(started(office))
    for n in range(7):
        clock.move(seconds=1)
        with office.writing() as work:
            work.sessions.keep_pending(key, f"state{n}", {"n": n}, office.now())
    with office.writing() as work:
        found = [work.sessions.spend_pending(key, f"state{n}", office.now()) for n in range(7)]
    assert found == [None, None, *({"n": n} for n in range(2, 7))]


def test_pending_sign_ins_go_with_their_session(sqlite_office: Office) -> None:
    key = digest(started(sqlite_office))
    with sqlite_office.writing() as work:
        work.sessions.keep_pending(key, "state", {}, sqlite_office.now())
        work.sessions.end(key)
        assert work.sessions.spend_pending(key, "state", sqlite_office.now()) is None


@pytest.mark.parametrize("owner", ["me", "you"])
def test_a_draft_is_its_owners_alone_and_the_last_one_counts(office: Office, owner: str) -> None:
    with office.writing() as work:
        work.drafts.save("me", "request", "espoo", {"n": 1}, office.now())
        work.drafts.save("me", "request", "espoo", {"n": 2}, office.now())
        assert work.drafts.load(owner, "request", "espoo") == ({"n": 2} if owner == "me" else None)
        work.drafts.drop(owner, "request", "espoo")
        assert work.drafts.load("me", "request", "espoo") == (None if owner == "me" else {"n": 2})


def test_the_sweep_takes_drafts_of_its_kind_older_than_a_day(office: Office, clock: make.Clock) -> None:
    with office.writing() as work:
        work.drafts.save("me", "request", "espoo", {}, office.now())
        work.drafts.save("me", "decision", "ref", {}, office.now())
    clock.move(days=1, seconds=1)
    with office.writing() as work:
        assert work.drafts.sweep("request", office.now() - timedelta(days=1)) == 1
        assert work.drafts.load("me", "decision", "ref") == {}
