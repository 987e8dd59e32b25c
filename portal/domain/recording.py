"""What a recording source tells about a call, and why it may refuse a row or a file.

The shapes shared by the sources, the audio worker, the vault and the index. Article 15 makes the
metadata of a call personal data of its own right, so a row is never half taken: it is a complete
SegmentMeta or a RowRefusal with its line and reason.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

Direction = Literal["in", "out"]
Custody = Literal["ours", "operator", "unreachable"]


class RecordingClass(StrEnum):
    """Why a recording is kept; the register's retention rules name these classes."""

    CUSTOMER_SERVICE = "customer_service"
    THREAT = "threat"
    QUALITY = "quality"
    COMPLAINT = "complaint"
    PATIENT_DOCUMENT = "patient_document"


class RefusalCode(StrEnum):
    """Closed list of reasons for refusing a manifest row or an audio file.

    The texts in Finnish, Swedish and English belong to the interface; the code is what is stored.
    """

    # the manifest as a file
    NO_MANIFEST = "no_manifest"
    WRONG_ENCODING = "wrong_encoding"
    MISSING_COLUMN = "missing_column"
    MALFORMED = "malformed"
    # one row
    NO_NUMBER = "no_number"
    BAD_NUMBER = "bad_number"
    BAD_DATE = "bad_date"
    NO_SUCH_HOUR = "no_such_hour"
    BAD_DURATION = "bad_duration"
    BAD_SERVICE_NUMBER = "bad_service_number"
    BAD_DIRECTION = "bad_direction"
    BAD_CLASS = "bad_class"
    BAD_PATH = "bad_path"
    DUPLICATE = "duplicate"
    # its audio
    EMPTY = "empty"
    NOT_AUDIO = "not_audio"
    UNSUPPORTED = "unsupported"
    BROKEN_HEADER = "broken_header"
    TRUNCATED = "truncated"
    NO_FRAMES = "no_frames"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    TOO_COSTLY = "too_costly"


class AudioKind(StrEnum):
    """A container that we can decode, told from the bytes and never from the file's name."""

    WAV = "wav"
    FLAC = "flac"
    MP3 = "mp3"
    OGG = "ogg"


class Capability(StrEnum):
    """What a source can do by itself. What it cannot do becomes a task for staff."""

    LIST = "list"
    SEARCH = "search"
    FETCH = "fetch"
    RANGE = "range"
    HOLD = "hold"
    RESTRICT = "restrict"
    DELETE = "delete"
    VERIFY_ABSENT = "verify_absent"
    PUSH = "push"


@dataclass(frozen=True)
class Refused:
    """Why something was not taken. `detail` is for the administrator and holds no personal data."""

    code: RefusalCode
    detail: str = ""


@dataclass(frozen=True)
class AudioInfo:
    """What a decode probe found. Length in frames (one sample per channel) and in milliseconds.

    `warnings` is drawn from "header_repaired" (a crashed recorder left the size 0) and
    "size_unknown" (it left the size open); both files decode to their end.
    """

    codec: str
    channels: int
    samplerate: int
    frames: int
    duration_ms: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class SegmentMeta:
    """One recorded leg of a call, as its source describes it. Instants are aware UTC.

    `caller` is E.164, or None when the number was withheld (then `withheld` is True).
    `service_number` is the number that was called, E.164. `other_number` is a call-back number or
    the other party. `local_ambiguous` is set when the source's local time falls in the hour that
    is repeated in October and nothing settles which; `other_start` is then the other candidate.
    """

    call_uid: str
    locator: str
    start: datetime
    end: datetime
    caller: str | None
    withheld: bool
    other_number: str | None
    service_number: str | None
    queue: str | None
    agent: str | None
    direction: Direction
    recording_class: RecordingClass
    has_audio: bool
    local_ambiguous: bool = False
    other_start: datetime | None = None
    audio: AudioInfo | None = None

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a segment's times are aware instants")
        if self.end < self.start:
            raise ValueError("a segment ends before it starts")
        if self.withheld != (self.caller is None):
            raise ValueError("a segment has a caller's number or is withheld, never both or neither")


@dataclass(frozen=True)
class RowRefusal:
    """A manifest row that was not taken. `line` counts from 1; the other rows are not affected."""

    source: str
    file: str
    line: int
    code: RefusalCode
    detail: str = ""


@dataclass(frozen=True)
class ScanBatch:
    """One step of an incremental scan. Store it whole, then remember `cursor`; `done` ends the scan.

    A batch may repeat a segment of an earlier one (same call_uid and locator); storing is an upsert.
    `progress` is how much of what is there has been read, 0 to 1, where the source can tell. `skew` is by how many
    seconds the source's wall clock is ahead of the instants it betrays elsewhere; None where it betrays none.
    """

    segments: tuple[SegmentMeta, ...]
    refusals: tuple[RowRefusal, ...]
    cursor: str
    done: bool
    progress: float | None = None
    skew: int | None = None


@dataclass(frozen=True)
class Stat:
    """A recording as it lies at its source. `version` changes whenever the content does."""

    size: int
    sha256: str
    version: str


@dataclass(frozen=True)
class StoredObject:
    """A file in the vault: its plain size and SHA-256, and the SHA-256 of the encrypted file."""

    object_id: str
    size: int
    sha256: str
    cipher_sha256: str


class SourceFailure(Exception):
    """A source could not do what was asked. The message names no person and no number."""


class NotFound(SourceFailure):
    """There is no such recording at the source."""


class Denied(SourceFailure):
    """The source, or the locator's own rules, forbid it."""


class Transient(SourceFailure):
    """It may work later: try again."""


class Changed(SourceFailure):
    """The recording is no longer the one that was meant; nothing was touched."""


class Unsupported(SourceFailure):
    """This source has no such verb; the work becomes a task for staff."""


class VaultFailure(Exception):
    """The vault could not keep or give an object."""


class VaultFull(VaultFailure):
    """No room on the disk; nothing was stored."""


class ObjectExists(VaultFailure):
    """The vault never overwrites: this id is taken."""


class ObjectMissing(VaultFailure):
    """There is no such object in the vault."""


class ObjectDamaged(VaultFailure):
    """The object does not prove itself: cut, changed, of another controller, or its key is gone."""
