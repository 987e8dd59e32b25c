"""What becomes of a delivered copy: heard, fetched, kept, taken back, given for more downloads."""

from dataclasses import dataclass
from typing import ClassVar

from portal.domain.event import Event


@dataclass(frozen=True)
class CopyPlayed(Event):
    """The data subject heard their copy in the browser: once for each play, not for each stretch."""

    to_citizen: ClassVar[bool] = True
    recording: str
    form: str = "mp3"


@dataclass(frozen=True)
class CopyDownloaded(Event):
    """The data subject fetched their copy; `form` as in grants.Form. `delivery`: the whole answer's id, which its
    signed manifest bears."""

    to_citizen: ClassVar[bool] = True
    recording: str
    form: str = "mp3"
    delivery: str = ""


@dataclass(frozen=True)
class CopyKept(Event):
    """The data subject says that they have the copy: what was to be erased after it may go now."""

    to_citizen: ClassVar[bool] = True
    recording: str


@dataclass(frozen=True)
class CopyRevoked(Event):
    """Staff took a copy back and its file was deleted; the data subject reads the reason."""

    to_citizen: ClassVar[bool] = True
    recording: str
    reason: str


@dataclass(frozen=True)
class CopyRevokedAgain(Event):
    """A restored backup had given a copy again that was taken back; it was taken back anew."""

    to_citizen: ClassVar[bool] = True
    recording: str


@dataclass(frozen=True)
class CopyRenewed(Event):
    """Staff allowed more downloads of a copy: `most` in all."""

    to_citizen: ClassVar[bool] = True
    recording: str
    most: int
