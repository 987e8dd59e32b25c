"""Calendar files: what a calendar makes of them, and what a reader over the shoulder does not learn."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from portal.adapters.calendar_files import IcalendarFiles
from portal.domain.visits import VisitState
from portal.services.ports import Appointment
from tests import make

START = datetime(2026, 3, 30, 11, 30, tzinfo=UTC)
"""Monday 30.3.2026 at 14.30 in Helsinki, the day after the clocks were put forward."""
BOOKED = Appointment(
    "1" * 32, make.TE, "2" * 32, "3" * 32, START, 40, make.place(), 1, VisitState.BOOKED, "4" * 32, 0, make.NOON,
    make.NOON,
)  # fmt: skip


def read(one: Appointment = BOOKED, language: str = "fi", *, cancelled: bool = False) -> Calendar:
    made = IcalendarFiles().entry(one, language, make.NOON, cancelled=cancelled)
    return Calendar.from_ical(made)


def test_half_past_two_after_the_clock_change_comes_back_as_half_past_two() -> None:
    event = read().events[0]
    assert event.start.isoformat() == "2026-03-30T14:30:00+03:00"
    assert event.end - event.start == timedelta(minutes=40)
    winter = read(replace(BOOKED, start=datetime(2026, 3, 27, 12, 30, tzinfo=UTC))).events[0]
    assert winter.start.isoformat() == "2026-03-27T14:30:00+02:00"


def test_the_file_carries_its_own_time_zone() -> None:
    (zone,) = read().timezones
    assert zone.tz_name == "Europe/Helsinki"
    assert zone.to_tz().utcoffset(datetime(2026, 3, 30, 14, 30)) == timedelta(hours=3)


def test_a_moved_booking_changes_its_entry_and_a_cancelled_one_takes_it_out() -> None:
    first, moved = read().events[0], read(replace(BOOKED, sequence=1)).events[0]
    gone = read(replace(BOOKED, sequence=2), cancelled=True)
    assert first["uid"] == moved["uid"] == gone.events[0]["uid"]
    assert [one["sequence"] for one in (first, moved, gone.events[0])] == [0, 1, 2]
    assert (read()["method"], gone["method"]) == ("REQUEST", "CANCEL")
    assert gone.events[0]["status"] == "CANCELLED"
    assert not gone.events[0].alarms.times


@pytest.mark.parametrize(("language", "summary"), [("fi", "Varattu aika"), ("sv", "Bokad tid"), ("en", "Appointment")])
def test_the_entry_is_private_and_tells_no_controller_name_or_case(language: str, summary: str) -> None:
    event = read(language=language).events[0]
    assert (event["summary"], event["class"]) == (summary, "PRIVATE")
    assert event["location"] == "Esimerkkikatu 2, Lappeenranta"
    text = IcalendarFiles().entry(BOOKED, language, make.NOON).decode()
    for hidden in ("Neuvontapiste", "TE-toimisto", BOOKED.case, BOOKED.slot, "ATTENDEE", "DESCRIPTION:K", make.TE):
        assert hidden not in text


def test_a_day_before_the_calendar_reminds_in_the_same_words() -> None:
    event = read().events[0]
    (alarm,) = event.alarms.times
    assert event.start - alarm.trigger == timedelta(days=1)
    assert alarm.alarm["description"] == "Varattu aika"
