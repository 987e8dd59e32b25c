"""What the search for a described call leaves in the case's trail: part of the proof of how it was searched."""

from dataclasses import dataclass

from portal.domain.event import Event


@dataclass(frozen=True)
class DossierKept(Event):
    """Version `n` of the match dossier was kept; `sha256` is of its text, so that the trail proves it (art. 5(2))."""

    n: int
    sha256: str


@dataclass(frozen=True)
class LiveSearched(Event):
    """A source that may not be harvested was searched for this case: how many calls were new to the portal, or the
    `fault` that kept it from answering."""

    source: str
    found: int
    fault: str = ""


@dataclass(frozen=True)
class ChannelTold(Event):
    """A listener says on which channel (from 0) the caller is heard; None: taken back. Recorders swap them."""

    recording: str
    caller: int | None
