"""The match dossier: what was searched for a request, where and how far, what was found, what was taken or not and by
whom, and by which rule the rest is gone (GDPR arts. 5(1)(e), 5(2), 12(2), 15(1)).

It is kept on the case as it was when the decision was proposed, so that the letter, a complaint and the Ombudsman see
the same search that the clerk saw. A caller's number is in it as it is shown, never whole.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from portal.domain.matching import Reason
from portal.domain.moments import DaySureness, TimeSureness, Window


@dataclass(frozen=True)
class Sought:
    """One search of one call. `on`: the day from which it reached back; `by`: who made it, empty for the request's own.

    `service` is the number called (E.164 or short, empty: not known). The windows are UTC. `service_last`: searched by
    service and time only where the number found nothing. `first` and `last` are the Helsinki days searched.
    `erased_on`: the day by which such a recording was erased before the request came, where that is known.
    """

    call: int
    on: date
    by: str
    day: date | None
    time: time | None
    day_sureness: DaySureness
    time_sureness: TimeSureness
    service: str
    own_masked: str
    by_number: tuple[Window, ...]
    by_service: tuple[Window, ...]
    service_last: bool
    first: date
    last: date
    erased_on: date | None = None


@dataclass(frozen=True)
class SourceRead:
    """A recording system that was searched. `at`: when its list of calls was last read, or, where it is searched
    `live`, when it last answered for this case; None: not yet. `fault`: why it did not answer since; empty: it did."""

    source: str
    live: bool
    at: datetime | None
    fault: str = ""

    @property
    def answered(self) -> bool:
        """Does the search cover this source?"""
        return self.at is not None and not (self.live and self.fault)


@dataclass(frozen=True)
class Kept:
    """How long a class of recordings is kept (ISO 8601 periods from the end of the call)."""

    recording_class: str
    period: str
    longest: str = ""


@dataclass(frozen=True)
class Considered:
    """A recording that was considered: why it may be the call, what became of its hold, and what staff said of it.

    `taken`: None while nobody has said. `by` and `at`: who said so, and when. `start` and `end` are None once it is
    gone from the index."""

    recording: str
    call: int
    start: datetime | None
    end: datetime | None
    service: str
    fit: str
    reasons: tuple[Reason, ...]
    hold: str
    note: str = ""
    taken: bool | None = None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Dossier:
    """One version. `oldest_day`: the first day from which a recording could still be kept when the request came."""

    searches: tuple[Sought, ...]
    sources: tuple[SourceRead, ...]
    rules: tuple[Kept, ...]
    oldest_day: date
    considered: tuple[Considered, ...] = ()

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The sources searched live that have not answered for this case: "no recording" cannot be said yet."""
        return tuple(one.source for one in self.sources if one.live and not one.answered)


def lasting(dossier: Dossier) -> Dossier:
    """The dossier without what time alone changes, the last reading of each source: two that are equal in this way
    tell of the same search and the same choice."""
    return replace(dossier, sources=tuple(replace(one, at=None) for one in dossier.sources))
