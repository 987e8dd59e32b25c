"""The listening station: only from an attended visit, only the approved copy of its own case, and never afterwards."""

from datetime import timedelta

import pytest

from portal.domain.access import Forbidden, Role
from portal.domain.lifecycle import NotNow
from portal.services.attend_visit import attend, visit_view
from portal.services.grants import revoke_copy
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.ports.stations import Seat
from portal.services.station import calls_of, close_station, leave, note_played, open_heard, open_station, seat_of
from portal.services.visit_certificate import issue_certificate
from tests import make
from tests.make import Clock
from tests.visiting import TE, Visiting, at_the_door, booked, slot_at, visiting


def staff_session(made: Visiting) -> tuple[str, str]:
    """(cookie, key) of the clerk's session on the listening device."""
    office = made.office
    with office.writing() as work:
        now = office.now()
        cookie = work.sessions.start("staff", made.clerk.actor.id, {}, now + timedelta(hours=8), now, now)
        found = work.sessions.open(cookie, "staff", office.staff_idle, now)
    assert found is not None
    return cookie, found.key


def started(made: Visiting) -> tuple[str, Seat]:
    """The key and the seat of a station that has just been opened."""
    key = open_station(made.office, made.clerk.actor, made.appointment, staff_session(made)[1]).key
    seat = seat_of(made.office, key, TE)
    assert seat is not None
    return key, seat


@pytest.fixture
def made(sqlite_office: Office, clock: Clock) -> Visiting:
    """An attended visit to an answered case."""
    made = visiting(sqlite_office)
    at_the_door(clock)
    attend(made.office, made.clerk.actor, made.appointment, "passport")
    return made


def test_opening_a_station_ends_the_clerks_session_in_the_same_unit(made: Visiting) -> None:
    cookie, key = staff_session(made)
    opened = open_station(made.office, made.clerk.actor, made.appointment, key)
    with made.office.reading() as work:
        assert work.sessions.open(cookie, "staff", made.office.staff_idle, made.office.now()) is None
    seat = seat_of(made.office, opened.key, TE)
    assert seat is not None
    assert seat.ends_at == made.booked.start + timedelta(minutes=45 + 30)
    assert [call.number for call in calls_of(made.office, seat)] == [1]
    assert made.events[-1] == "station_opened"


def test_the_sound_is_the_given_copy_and_each_stretch_is_in_the_case(made: Visiting) -> None:
    _key, seat = started(made)
    file = open_heard(made.office, seat, 1)
    with made.office.reading() as work:
        (copy,) = work.documents.copies(made.desk.case.id, made.desk.case.applicant.person)
    assert (file.etag, file.mimetype, file.size) == (copy.vault_object, "audio/mpeg", copy.size)
    note_played(made.office, seat, 1, 0, file.size, file.size)
    with made.office.reading() as work:
        entry = work.cases.timeline(made.desk.case)[-1]
        one = work.recordings.get(made.recording)
    assert (entry.action, entry.actor_kind) == ("station_played", "citizen")
    assert one is not None
    assert entry.facts == {
        "appointment": made.appointment, "recording": made.recording, "start_ms": 0, "end_ms": one.seconds * 1000,
    }  # fmt: skip


def test_no_other_copy_can_be_played(made: Visiting) -> None:
    other = make.filed(made.office, who=make.identified("Eero Esimerkkilä", "040387-913H"), register=TE)
    assert other.ref != made.ref
    _key, seat = started(made)
    for number in (0, 2, -1):
        with pytest.raises(Absent):
            open_heard(made.office, seat, number)
        with pytest.raises(Absent):
            note_played(made.office, seat, number, 0, 1, 1)
    assert "station_played" not in made.events


def test_a_copy_that_was_taken_back_meanwhile_is_not_played(made: Visiting) -> None:
    _key, seat = started(made)
    revoke_copy(made.office, made.clerk.actor, made.ref, made.recording, "Väärä tallenne", made.desk.case.moves)
    assert calls_of(made.office, seat) == ()
    with pytest.raises(Absent):
        open_heard(made.office, seat, 1)
    with pytest.raises(Absent):
        note_played(made.office, seat, 1, 0, 1, 1)
    assert "station_played" not in made.events


def test_a_key_opens_nothing_elsewhere_and_a_guessed_one_nothing_at_all(made: Visiting) -> None:
    key, _seat = started(made)
    assert seat_of(made.office, key, "espoo") is None
    for guess in (None, "", "x", key[:-1], key + "x", key.swapcase()):
        assert seat_of(made.office, guess, TE) is None


@pytest.mark.parametrize("ended", ["visitor", "clerk", "time"])
def test_when_the_listening_has_ended_the_key_is_worth_nothing(made: Visiting, clock: Clock, ended: str) -> None:
    key, seat = started(made)
    file = open_heard(made.office, seat, 1)
    if ended == "visitor":
        leave(made.office, seat)
    elif ended == "clerk":
        close_station(made.office, made.clerk.actor, made.appointment)
    else:
        clock.at = seat.ends_at
    assert seat_of(made.office, key, TE) is None
    with pytest.raises(Absent):
        note_played(made.office, seat, 1, 0, file.size, file.size)
    kinds = {"visitor": "station_left", "clerk": "station_closed", "time": "station_opened"}
    assert made.events[-1] == kinds[ended]
    leave(made.office, seat)
    close_station(made.office, made.clerk.actor, made.appointment)
    assert made.events[-1] == kinds[ended], "ending what has ended is no event"


def test_a_second_opening_takes_the_place_of_the_first(made: Visiting) -> None:
    first, _seat = started(made)
    second, _other = started(made)
    assert seat_of(made.office, first, TE) is None
    assert seat_of(made.office, second, TE) is not None
    assert made.events[-2:] == ["station_closed", "station_opened"]


def test_a_station_does_not_open_once_the_visits_time_has_passed(made: Visiting, clock: Clock) -> None:
    clock.move(hours=4)
    cookie, key = staff_session(made)
    with pytest.raises(NotNow, match="visit_time"):
        open_station(made.office, made.clerk.actor, made.appointment, key)
    with made.office.reading() as work:
        assert work.sessions.open(cookie, "staff", made.office.staff_idle, made.office.now()) is not None
        assert work.stations.of_appointment(made.appointment) == ()
    assert "station_opened" not in made.events


def test_a_visit_that_begins_late_gets_its_whole_length(made: Visiting, clock: Clock) -> None:
    clock.at = made.booked.start + timedelta(minutes=100)
    _key, seat = started(made)
    assert seat.ends_at == clock.at + timedelta(minutes=45)


def test_only_those_who_receive_visitors_open_and_close_a_station(made: Visiting) -> None:
    auditor = make.clerk(made.office, "otso", Role.AUDITOR, register=TE).actor
    stranger = make.clerk(made.office, "espoolainen", Role.HANDLER).actor
    _key, seat = started(made)
    for actor, refusal in ((auditor, Forbidden), (stranger, Absent)):
        with pytest.raises(refusal):
            open_station(made.office, actor, made.appointment, "")
        with pytest.raises(refusal):
            close_station(made.office, actor, made.appointment)
        with pytest.raises(refusal):
            issue_certificate(made.office, actor, made.appointment)
    assert calls_of(made.office, seat)


def test_a_certificate_tells_the_visit_once_and_after_the_listening(made: Visiting, clock: Clock) -> None:
    _key, seat = started(made)
    note_played(made.office, seat, 1, 0, 10, 10)
    with pytest.raises(NotNow):
        issue_certificate(made.office, made.clerk.actor, made.appointment)
    clock.move(minutes=20)
    leave(made.office, seat)
    document = issue_certificate(made.office, made.clerk.actor, made.appointment)
    with made.office.reading() as work:
        case = made.desk.case
        letter = next(one for one in work.documents.of_case(case.id) if one.id == document)
        html = work.documents.html(case.id, document, work.cases.box(case)) or ""
    assert letter.kind == "visit_certificate"
    for words in ("Tuulikki Soittola", "22.6.2026", "9.55–10.15", "Lappeenrannan toimisto", "Passi", "16.6.2026",
                  "14.12", "Kaakkois-Suomen TE-toimisto"):  # fmt: skip
        assert words in html.replace("&nbsp;", " "), words
    assert "131052" not in html
    assert made.events[-2:] == ["letter_issued", "certificate_issued"]
    assert visit_view(made.office, made.clerk.actor, made.appointment).certificate == document
    with pytest.raises(NotNow, match="certificate_issued"):
        issue_certificate(made.office, made.clerk.actor, made.appointment)
    assert made.events.count("certificate_issued") == 1


def test_a_visit_in_which_nothing_was_heard_is_not_certified(made: Visiting) -> None:
    _key, seat = started(made)
    leave(made.office, seat)
    with pytest.raises(NotNow):
        issue_certificate(made.office, made.clerk.actor, made.appointment)
    assert "letter_issued" not in made.events[made.events.index("visit_attended") :]


def test_nothing_is_played_where_no_answer_gives_a_copy(sqlite_office: Office, clock: Clock) -> None:
    made = visiting(sqlite_office, answered=False)
    at_the_door(clock)
    attend(made.office, made.clerk.actor, made.appointment, "passport")
    with pytest.raises(NotNow, match="no_copy_to_play"):
        open_station(made.office, made.clerk.actor, made.appointment, staff_session(made)[1])
    assert visit_view(made.office, made.clerk.actor, made.appointment).may_start is False


def test_a_booked_visit_that_nobody_has_checked_opens_no_station(sqlite_office: Office, clock: Clock) -> None:
    made = visiting(sqlite_office)
    at_the_door(clock)
    with pytest.raises(NotNow, match="state"):
        open_station(made.office, made.clerk.actor, made.appointment, staff_session(made)[1])
    assert "station_opened" not in made.events


def test_a_seat_in_the_next_chair_hears_only_its_own_case(made: Visiting, clock: Clock) -> None:
    """Two people in one place at one time: each key leads to its own case."""
    who = make.identified("Eero Esimerkkilä", "040387-913H", at=clock())
    theirs = make.filed(made.office, who=who, register=TE)
    with made.office.reading() as work:
        case_id = work.cases.open(theirs.ref, made.desk.first).id
    other = booked(made.office, case_id, slot_at(made.office, ahead=timedelta(minutes=10)))
    attend(made.office, made.clerk.actor, other, "kela_card")
    with pytest.raises(NotNow, match="no_copy_to_play"):
        open_station(made.office, made.clerk.actor, other, staff_session(made)[1])
    _key, seat = started(made)
    assert [call.recording.id for call in calls_of(made.office, seat) if call.recording] == [made.recording]
