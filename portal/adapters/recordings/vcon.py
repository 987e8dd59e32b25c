"""vCon, the container for conversations (IETF draft vcon-core): read from 0.0.1 to 0.4.0, written as 0.4.0.

A tolerant reader brings older names to the present ones before anything is believed; nothing is fetched from outside,
and what must be understood and is not refuses the whole container. The writer streams the audio, so an hour of it
takes no more memory than a second.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

LARGEST = 512 << 20  # bytes of a container: some four hours of audio, base64
_VERSIONS = {"0.0.1", "0.0.2", "0.3.0", "0.4.0"}
_RENAMED = {
    "mimetype": "mediatype",  # 0.0.1
    "transfer-target": "transfer_target",  # 0.0.2
    "target-dialog": "target_dialog",
    "appended": "amended",  # 0.3.0
    "must_support": "critical",
}
_PIECE = 3 << 16  # bytes; a multiple of three, so that the pieces of base64 join


class BadVcon(ValueError):
    """Not a container we can read. `code`: broken | signed | encrypted | unknown_version | critical | too_large |
    bad_hash | external. The message names no person."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


@dataclass(frozen=True)
class Party:
    """Someone in the conversation; `tel` as it stands in the container (tel: taken away)."""

    tel: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Sound:
    """A recorded dialog. `parties` has one entry per channel (or one for a mix), each a tuple of indices into the
    container's parties; `originator` is the index of the one who called. `audio` is None where only an outside
    address is given or the sound was taken out."""

    start: datetime
    duration: timedelta
    parties: tuple[tuple[int, ...], ...]
    originator: int | None
    mediatype: str | None
    audio: bytes | None


@dataclass(frozen=True)
class Vcon:
    """What we use of a container."""

    uuid: str
    parties: tuple[Party, ...]
    sounds: tuple[Sound, ...]
    redacted: bool


def read(data: bytes) -> Vcon:
    """The conversation in these bytes. Raises BadVcon."""
    if len(data) > LARGEST:
        raise BadVcon("too_large", f"{len(data)} bytes")
    try:
        found = json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise BadVcon("broken", "no JSON") from None
    if not isinstance(found, dict):
        raise BadVcon("broken", "no object")
    if "signatures" in found:
        raise BadVcon("signed")
    if "ciphertext" in found:
        raise BadVcon("encrypted")
    found = _renamed(found)
    if found.get("vcon", "0.4.0") not in _VERSIONS:
        raise BadVcon("unknown_version")
    if found.get("critical"):
        raise BadVcon("critical")
    try:
        parties = tuple(_party(one) for one in found.get("parties", []))
        sounds = tuple(_sound(one, len(parties)) for one in found.get("dialog", []) if _is_sound(one))
        return Vcon(str(UUID(found["uuid"])), parties, sounds, bool(found.get("redacted")))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        if isinstance(error, BadVcon):
            raise
        raise BadVcon("broken", type(error).__name__) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("repeated member")
    return dict(pairs)


def _renamed(value: Any) -> Any:
    """Older drafts' names as they are now, at any depth."""
    if isinstance(value, dict):
        return {_RENAMED.get(name, name): _renamed(one) for name, one in value.items()}
    return [_renamed(one) for one in value] if isinstance(value, list) else value


def _party(found: dict[str, Any]) -> Party:
    tel, name = found.get("tel"), found.get("name")
    return Party(str(tel).removeprefix("tel:") if tel else None, str(name) if name else None)


def _is_sound(found: dict[str, Any]) -> bool:
    kind = str(found.get("mediatype") or "")
    return found.get("type") == "recording" and not kind.startswith("video/")


def _sound(found: dict[str, Any], known: int) -> Sound:
    start = datetime.fromisoformat(found["start"])
    if start.tzinfo is None:
        raise BadVcon("broken", "a time without its zone")
    groups = _channels(found.get("parties", []))
    originator = found.get("originator", groups[0][0] if groups and groups[0] else None)
    named = {one for group in groups for one in group} | ({originator} if originator is not None else set())
    if any(type(one) is not int or not 0 <= one < known for one in named):
        raise BadVcon("broken", "an unknown party")
    return Sound(
        start=start.astimezone(UTC),
        duration=timedelta(seconds=float(found.get("duration") or 0)),
        parties=groups,
        originator=originator,
        mediatype=found.get("mediatype"),
        audio=_content(found),
    )


def _channels(parties: Any) -> tuple[tuple[int, ...], ...]:
    """One entry per channel, whether the container says 0, [0, 1] or [0, [1, 2], null]."""
    listed = parties if isinstance(parties, list) else [parties]
    return tuple(tuple(one) if isinstance(one, list) else (one,) if one is not None else () for one in listed)


def _content(found: dict[str, Any]) -> bytes | None:
    body = found.get("body")
    if body in (None, ""):
        return None
    if found.get("encoding", "base64url") != "base64url" or not isinstance(body, str):
        raise BadVcon("broken", "sound that is not base64url")
    try:
        audio = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise BadVcon("broken", "sound that is not base64url") from None
    stated = found.get("content_hash")
    wanted = [one for one in (stated if isinstance(stated, list) else [stated]) if str(one).startswith("sha512-")]
    if wanted and not hmac.compare_digest(str(wanted[0]), content_hash(audio)):
        raise BadVcon("bad_hash")
    return audio


def content_hash(audio: bytes) -> str:
    """The container's way to say which bytes are meant: sha512- and base64url without padding."""
    return "sha512-" + base64.urlsafe_b64encode(hashlib.sha512(audio).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Written:
    """What a container of ours says. `channels`: for each channel of the audio the indices of its parties;
    `redacted`: what kind of data was taken out, None for a whole copy."""

    uuid: UUID
    created_at: datetime
    subject: str
    parties: tuple[Party, ...]
    start: datetime
    duration: timedelta
    channels: tuple[tuple[int, ...], ...]
    originator: int
    mediatype: str
    filename: str
    redacted: str | None = None


def write(told: Written, audio: Iterable[bytes]) -> Iterator[bytes]:
    """The container's bytes, the audio inside as it comes. No outside address: it would point at what was left out."""
    dialog = {
        "type": "recording",
        "start": told.start.astimezone(UTC).isoformat(),
        "duration": told.duration.total_seconds(),
        "parties": [list(group) if len(group) != 1 else group[0] for group in told.channels],
        "originator": told.originator,
        "mediatype": told.mediatype,
        "filename": told.filename,
        "encoding": "base64url",
        "body": "",
    }
    container = {
        "vcon": "0.4.0",
        "uuid": str(told.uuid),
        "created_at": told.created_at.astimezone(UTC).isoformat(),
        "subject": told.subject,
        **({"redacted": {"type": told.redacted}} if told.redacted else {}),
        "parties": [_named(party) for party in told.parties],
        "dialog": [dialog],
        "analysis": [],
        "attachments": [],
    }
    head, tail = json.dumps(container, ensure_ascii=False).rsplit('"body": ""', 1)
    yield (head + '"body": "').encode()
    yield from _encoded(audio)
    yield ('"' + tail).encode()


def _named(party: Party) -> dict[str, str]:
    return ({"tel": f"tel:{party.tel}"} if party.tel else {}) | ({"name": party.name} if party.name else {})


def _encoded(audio: Iterable[bytes]) -> Iterator[bytes]:
    """Base64url without padding, in pieces that join."""
    held = b""
    for block in audio:
        held += block
        whole = len(held) - len(held) % _PIECE
        if whole:
            yield base64.urlsafe_b64encode(held[:whole])
            held = held[whole:]
    yield base64.urlsafe_b64encode(held).rstrip(b"=")
