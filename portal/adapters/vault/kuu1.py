"""The KUU1 format: a file in AES-256-GCM chunks of 64 KiB that can be read from any place.

    magic "KUU1" · chunk size · key generation · wrap nonce · wrapped data key · nonce prefix · chunks

Each chunk carries its number and whether it is the last in its nonce, so chunks cannot be swapped,
left out or added. The last chunk is decrypted at open: without that a cut which leaves a final piece
of exactly one tag would go unseen. The data key is wrapped by the controller's key; controller and
object are authenticated with every chunk, so a file cannot be passed off as another.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC, VERSION = b"KUU1", 1
CHUNK, TAG = 64 * 1024, 16
_HEADER = struct.Struct(">4sIH12s48s7s")
HEADER_BYTES = _HEADER.size
MAX_CHUNKS = 1 << 32

Read = Callable[[int, int], Iterator[bytes]]


class Reader(Protocol):
    """What sealing reads from."""

    def read(self, size: int, /) -> bytes: ...


class Writer(Protocol):
    """What sealing writes to."""

    def write(self, data: bytes, /) -> int: ...


class Damaged(Exception):
    """The bytes do not prove themselves."""


@dataclass(frozen=True)
class Header:
    """The head of a sealed file; `chunk` is the plain size of a full chunk in bytes."""

    chunk: int
    generation: int
    wrap_nonce: bytes
    wrapped: bytes
    prefix: bytes

    def pack(self) -> bytes:
        """The header as it stands in the file."""
        return _HEADER.pack(MAGIC, self.chunk, self.generation, self.wrap_nonce, self.wrapped, self.prefix)

    @classmethod
    def unpack(cls, data: bytes) -> "Header":
        """Read a header. Raises Damaged for anything but a KUU1 header."""
        if len(data) != HEADER_BYTES:
            raise Damaged("shorter than its header")
        magic, chunk, generation, wrap_nonce, wrapped, prefix = _HEADER.unpack(data)
        if magic != MAGIC or not 0 < chunk <= 1 << 24:
            raise Damaged("not a KUU1 file")
        return cls(chunk, generation, wrap_nonce, wrapped, prefix)


def place(controller_id: str, object_id: str) -> bytes:
    """The associated data that binds bytes to their format, controller and object."""
    parts = [part.encode("utf-8") for part in (controller_id, object_id)]
    return MAGIC + bytes([VERSION]) + b"".join(struct.pack(">H", len(part)) + part for part in parts)


def wrap(key: bytes, generation: int, dek: bytes, wrap_nonce: bytes, prefix: bytes, where: bytes, chunk: int) -> Header:
    """A header that carries `dek` wrapped by the controller's `key`."""
    aad = _wrap_aad(where, generation, chunk, prefix)
    return Header(chunk, generation, wrap_nonce, AESGCM(key).encrypt(wrap_nonce, dek, aad), prefix)


def unwrap(key: bytes, header: Header, where: bytes) -> bytes:
    """The data key of a header. Raises Damaged if key, place or header do not agree."""
    aad = _wrap_aad(where, header.generation, header.chunk, header.prefix)
    try:
        return AESGCM(key).decrypt(header.wrap_nonce, header.wrapped, aad)
    except InvalidTag:
        raise Damaged("its key does not open") from None


def _wrap_aad(where: bytes, generation: int, chunk: int, prefix: bytes) -> bytes:
    return where + b"wrap" + struct.pack(">HI", generation, chunk) + prefix


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


def seal(source: Reader, target: Writer, dek: bytes, header: Header, where: bytes) -> int:
    """Encrypt `source` to its end into `target` as chunks; returns the plain size in bytes."""
    gcm, number, size = AESGCM(dek), 0, 0
    block = _full(source, header.chunk)
    while True:
        after = _full(source, header.chunk)  # look ahead: only the true end carries the flag
        target.write(gcm.encrypt(_nonce(header.prefix, number, not after), block, where))
        size += len(block)
        if not after:
            return size
        number, block = number + 1, after
        if number == MAX_CHUNKS:
            raise ValueError("too long for one KUU1 file")


def _full(source: Reader, size: int) -> bytes:
    """Exactly `size` bytes unless the source ends: pipes and sockets give less at a time."""
    block = source.read(size)
    while block and len(block) < size:
        more = source.read(size - len(block))
        if not more:
            break
        block += more
    return block


def opened(at: Callable[[int, int], bytes], body: int, dek: bytes, header: Header, where: bytes) -> tuple[int, Read]:
    """Check the end, then give (plain size, read).

    `at(offset, length)` reads from the chunks, which are `body` bytes in all; `read(a, b)` yields the
    plain bytes [a, b). Raises Damaged, also from `read`, when a chunk does not prove itself.
    """
    gcm, step = AESGCM(dek), header.chunk + TAG
    count = -(-body // step)
    if count == 0:
        raise Damaged("no chunks")

    def chunk(number: int) -> bytes:
        try:
            return gcm.decrypt(_nonce(header.prefix, number, number == count - 1), at(number * step, step), where)
        except (InvalidTag, ValueError):
            raise Damaged(f"chunk {number} of {count}") from None

    size = (count - 1) * header.chunk + len(chunk(count - 1))

    def read(start: int, stop: int) -> Iterator[bytes]:
        start, stop = max(start, 0), min(stop, size)
        if start >= stop:
            return
        for number in range(start // header.chunk, -(-stop // header.chunk)):
            yield chunk(number)[max(start - number * header.chunk, 0) : stop - number * header.chunk]

    return size, read
