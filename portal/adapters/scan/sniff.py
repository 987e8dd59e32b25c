"""Is this audio that we take? The bytes answer; the name and the sender's word prove nothing."""

import re

import magic

from portal.domain.recording import AudioKind, RefusalCode, Refused

HEAD_BYTES = 4096
# What libmagic may call bytes whose header we recognise; MPEG frames without a tag often get no name.
_PLAUSIBLE = re.compile(r"audio/|video/ogg|application/ogg|application/octet-stream")


def sniff(head: bytes, name: str) -> AudioKind | Refused:
    """The container of a file that begins with `head` (4096 bytes are enough), or why it is refused.

    `name` only makes the reason clearer: "HTML named .wav" is a commoner accident than an attack.
    """
    if not head:
        return Refused(RefusalCode.EMPTY, "0 bytes")
    mime = magic.from_buffer(head, mime=True)
    kind = _container(head)
    if kind is not None and _PLAUSIBLE.match(mime):
        return kind
    said = _suffix(name)
    detail = f"{mime}, named {said}" if said else mime
    audible = mime.startswith(("audio/", "video/"))
    return Refused(RefusalCode.UNSUPPORTED if audible else RefusalCode.NOT_AUDIO, detail)


def _container(head: bytes) -> AudioKind | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return AudioKind.WAV
    if head[:4] == b"fLaC":
        return AudioKind.FLAC
    if head[:4] == b"OggS" and any(mark in head[:128] for mark in (b"OpusHead", b"\x01vorbis", b"\x7fFLAC")):
        return AudioKind.OGG
    if head[:3] == b"ID3" or _mpeg_frame(head):
        return AudioKind.MP3
    return None


def _mpeg_frame(head: bytes) -> bool:
    """Whether an MPEG layer III frame begins here: sync, layer, and no reserved bit rate or sample rate."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bit_rate, sample_rate = head[2] >> 4, head[2] >> 2 & 3
    return version != 1 and layer == 1 and bit_rate not in (0, 15) and sample_rate != 3


def _suffix(name: str) -> str:
    """The extension, if it is an ordinary one: the rest of a name may hold personal data."""
    found = re.search(r"\.[A-Za-z0-9]{1,5}$", name)
    return found.group().lower() if found else ""
