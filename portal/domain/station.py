"""The listening station of a visit on site (art. 15(3); the notice's "kuuntelu toimipaikassa"): how long it stays open,
and when a visit has been missed. Times are aware UTC instants.
"""

from datetime import datetime, timedelta

_SPARE = timedelta(minutes=30)


def listening_ends(start: datetime, minutes: int, now: datetime) -> datetime:
    """When a station that opens `now` ends by itself: half an hour after the visit's booked end; a visit that begins
    after its booked end gets its whole length from now."""
    end = start + timedelta(minutes=minutes)
    return end + _SPARE if now < end else now + timedelta(minutes=minutes)


def may_miss(start: datetime, minutes: int, now: datetime) -> bool:
    """May the visit be recorded as missed now? Not before its booked end: whoever is late may still come."""
    return now >= start + timedelta(minutes=minutes)
