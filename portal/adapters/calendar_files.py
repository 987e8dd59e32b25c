"""Calendar files by icalendar: one neutral entry with a zone of its own, so that every calendar shows Finnish time.

METHOD is REQUEST or CANCEL; UID stays and SEQUENCE rises when the booking is moved or given back, so that a calendar
changes its entry instead of adding another (RFC 5546). The entry has no attendee: it is the person's own file.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress

from portal.services.ports import Appointment

_SUMMARY = {"fi": "Varattu aika", "sv": "Bokad tid", "en": "Appointment"}
_HELSINKI = ZoneInfo("Europe/Helsinki")
_NOBODY = vCalAddress("invalid:nomail")
"""RFC 5546 asks for an organiser; naming one would name the controller."""


class IcalendarFiles:
    """The calendar files of the icalendar library."""

    def entry(self, booked: Appointment, language: str, now: datetime, *, cancelled: bool = False) -> bytes:
        """The entry as a file: a request to keep the time, or to take a kept time out again."""
        start = booked.start.astimezone(_HELSINKI)
        event = Event.new(
            uid=f"{booked.uid}@invalid",
            sequence=booked.sequence,
            stamp=now,
            start=start,
            end=(booked.start + timedelta(minutes=booked.minutes)).astimezone(_HELSINKI),
            summary=_SUMMARY[language],
            location=booked.place.address,
            organizer=_NOBODY,
        )
        event.add("class", "PRIVATE")
        event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        if not cancelled:
            event.add_component(_alarm(_SUMMARY[language]))
        method = "CANCEL" if cancelled else "REQUEST"
        file = Calendar.new(prodid="-//kuuluu//appointments//EN", method=method, uid=f"{booked.uid}@invalid")
        file.add_component(event)
        file.add_missing_timezones(first_date=start.date() - timedelta(days=400), last_date=start.date())
        return bytes(file.to_ical())


def _alarm(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(days=-1))
    return alarm
