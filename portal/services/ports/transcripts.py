"""The ports of the transcripts: the calls of a case in words, and who may draft them."""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from portal.domain.transcript import Transcript


class Transcripts(Protocol):
    """The transcripts of one unit of work; each is sealed in its case's box."""

    def save(self, case_id: str, recording: str, found: Transcript, by: str, now: datetime, box: Any) -> None:
        """Keep a recording's transcript, over an earlier one of the same case."""

    def load(self, case_id: str, recording: str, box: Any) -> Transcript | None: ...

    def forget(self, recording: str) -> None:
        """The recording is gone, and with it what was written down from it in any case."""

    def sweep(self, today: date, kept: Collection[str] = ()) -> int:
        """Remove the transcripts of closed cases whose delivered copy's last day is past, save those of `kept`."""


class NotTranscribed(Exception):
    """No text came of it; the message says why, and holds no personal data."""


class Transcriber(Protocol):
    """A controller's own way from sound to words, on its own machine; it takes at most `seconds` for a call."""

    @property
    def seconds(self) -> float: ...

    def write_down(self, audio: IO[bytes], scratch: Path) -> str:
        """The words of the call in `audio` (FLAC, from its beginning), a line for each turn. Raises NotTranscribed.

        `scratch`: a private folder for what the work leaves on disk meanwhile."""
