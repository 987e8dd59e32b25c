"""The ports of suppliers: vault, letters, audio, credentials and sources of recordings."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from portal.domain.letters import LetterFacts
from portal.domain.recording import AudioInfo, Capability, NotFound, Refused, SegmentMeta, SourceFailure
from portal.domain.redaction import Cut, Fill


@dataclass(frozen=True)
class Stored:
    """What the vault keeps of an object: plain size in bytes and SHA-256 of the plain bytes."""

    size: int
    sha256: str


class Vault(Protocol):
    """Encrypted, seekable files under random ids."""

    def put(self, controller_id: str, object_id: str, source: BinaryIO) -> Any: ...
    def open(self, controller_id: str, object_id: str) -> tuple[int, Callable[[int, int], Iterator[bytes]]]: ...
    def reader(self, controller_id: str, object_id: str) -> BinaryIO: ...
    def delete(self, controller_id: str, object_id: str) -> None: ...
    def exists(self, controller_id: str, object_id: str) -> bool: ...
    def ids(self, controller_id: str) -> Iterator[str]:
        """Every object of a controller."""

    def rewrap(self, controller_id: str, object_id: str) -> bool:
        """Wrap the object's key anew under the current master key; the content is not touched. False: it was so."""

    def remove_all(self, controller_id: str) -> int:
        """Remove every file of a controller whose keys are destroyed; returns how many."""

    def sweep(self) -> int:
        """Remove half-written files of a process that died."""


@dataclass(frozen=True)
class WrittenLetter:
    """A letter as bytes to freeze, as a page to read, and the version of its templates."""

    pdf: bytes
    html: str
    template: str


class Letters(Protocol):
    """Templates to letters. `write` raises NotNow for an incomplete letter; `preview` marks what is missing.

    A written letter bears the controller's seal where a certificate is configured."""

    def write(self, facts: LetterFacts, created: datetime) -> WrittenLetter: ...
    def preview(self, facts: LetterFacts) -> str: ...
    def preview_pdf(self, facts: LetterFacts, created: datetime) -> bytes: ...
    def seal_holds(self, pdf: bytes) -> bool | None:
        """Is this letter of ours sealed, whole and unchanged? None: it bears no seal, or seals cannot be checked."""


class Audio(Protocol):
    """Decoding and encoding in a confined process; each answers AudioInfo or Refused."""

    def probe(self, path: Path) -> AudioInfo | Refused: ...
    def to_flac(self, source: Path, target: Path) -> AudioInfo | Refused: ...
    def to_mp3(self, source: Path, target: Path) -> AudioInfo | Refused: ...
    def to_wav(self, source: Path, target: Path) -> AudioInfo | Refused: ...
    def bars(self, source: Path) -> tuple[int, ...]:
        """The recording's picture: some 150 heights from 0 to 100; empty when none can be made."""

    def channel_bars(self, source: Path, count: int) -> tuple[tuple[int, ...], ...]:
        """The picture of each channel, at most `count` heights from 0 to 100; empty when none can be made."""

    def turns(self, source: Path) -> tuple[tuple[int, float, float], ...]:
        """Where somebody seems to speak: (channel, begin, end) in seconds; empty when it cannot be told."""

    def redact(
        self,
        source: Path,
        target: Path,
        hidden: Iterable[Cut],
        samplerate: int,
        fill: Fill,
        window: tuple[int, int] | None = None,
    ) -> AudioInfo | Refused:
        """A copy (FLAC) with the cuts silenced (`fill` mute) or a tone in them (beep); `window`: that part alone."""


class Credentials(Protocol):
    """Passwords, one-time codes and links of staff accounts."""

    def hash_password(self, plain: str) -> str: ...
    def verify_password(self, stored: str | None, plain: str) -> bool: ...
    def password_problem(self, plain: str, name: str) -> str | None: ...
    def too_alike(self, new: str, old: str) -> bool: ...
    def new_totp_secret(self) -> str: ...
    def totp_uri(self, secret: str, account: str, issuer: str) -> str: ...
    def totp_qr_svg(self, uri: str) -> str: ...
    def check_totp(self, secret: str, code: str, now: datetime, last_step: int | None) -> int | None: ...
    def new_recovery_codes(self, n: int = 10) -> list[str]: ...
    def hash_recovery(self, code: str) -> str: ...
    def new_link_token(self) -> tuple[str, str]: ...
    def hash_link_token(self, token: str) -> str: ...


SourceGone = NotFound
"""The source no longer has it (catch it before SourceAway, which it is too)."""


SourceAway = SourceFailure
"""The source cannot be reached, or does not allow it now."""


class Source(Protocol):
    """Where recordings come from."""

    @property
    def id(self) -> str: ...
    @property
    def register(self) -> str: ...
    @property
    def custody(self) -> str: ...
    @property
    def capabilities(self) -> frozenset[Capability]: ...
    @property
    def operator(self) -> str:
        """Who is asked for what the source cannot do itself; empty: nobody is named."""

    def scan(self, cursor: str | None, limit: int) -> Any: ...
    def search(
        self, numbers: Sequence[str], service: str, begin: datetime, end: datetime, limit: int
    ) -> tuple[SegmentMeta, ...]:
        """The calls that began in [begin, end) from or to any of the numbers (E.164), or, where none is given, to the
        service's number. Only where the source may not be harvested; others raise Unsupported."""

    def open(self, locator: str) -> BinaryIO: ...
    def erase(self, locator: str) -> bool:
        """Delete at the source and verify that it is gone; True when verified. Repeating it is harmless."""

    def hold(self, locator: str, ref: str) -> None:
        """Keep it against every deletion at the source; the same `ref` again changes nothing."""

    def release(self, locator: str, ref: str) -> None: ...
    def restrict(self, locator: str, on: bool) -> None: ...


class Uploads(Source, Protocol):
    """The source that takes files from staff."""

    def add(self, told: SegmentMeta, stream: BinaryIO, name: str) -> SegmentMeta | Refused: ...
