"""The KUU1 format: ranges equal slices, and no change of the bytes goes unseen."""

import hashlib
import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.adapters.vault import kuu1

SMALL = 64  # a small chunk keeps the property tests fast; the format carries its chunk size
KEY, DEK, PREFIX, NONCE = bytes(range(32)), bytes(range(32, 64)), b"prefix7", b"nonce-of-12."
HERE = kuu1.place("espoo", "0123456789abcdef")


def header(chunk: int = SMALL) -> kuu1.Header:
    return kuu1.wrap(KEY, 1, DEK, NONCE, PREFIX, HERE, chunk)


def sealed(plain: bytes, chunk: int = SMALL) -> bytes:
    target = io.BytesIO()
    kuu1.seal(io.BytesIO(plain), target, DEK, header(chunk), HERE)
    return target.getvalue()


def opened(body: bytes, where: bytes = HERE, chunk: int = SMALL) -> tuple[int, kuu1.Read]:
    return kuu1.opened(lambda at, n: body[at : at + n], len(body), DEK, header(chunk), where)


def whole(body: bytes) -> bytes:
    size, read = opened(body)
    return b"".join(read(0, size))


def text(size: int) -> bytes:
    return hashlib.shake_128(b"plain").digest(size)


@pytest.mark.parametrize("size", [0, 1, SMALL - 1, SMALL, SMALL + 1, 2 * SMALL, 2 * SMALL + 1, 5 * SMALL + 17])
def test_what_was_sealed_comes_back(size: int) -> None:
    found, read = opened(sealed(text(size)))
    assert found == size
    assert b"".join(read(0, size)) == text(size)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 6 * SMALL), st.integers(-10, 7 * SMALL), st.integers(-10, 7 * SMALL))
def test_any_range_equals_the_slice(size: int, start: int, stop: int) -> None:
    _, read = opened(sealed(text(size)))
    assert b"".join(read(start, stop)) == text(size)[max(start, 0) : max(stop, 0)]


@pytest.mark.parametrize("size", [0, 1, SMALL, SMALL + 1, 3 * SMALL, 3 * SMALL + 5])
def test_every_cut_and_every_extension_is_seen_at_open(size: int) -> None:
    body = sealed(text(size))
    for length in range(len(body)):
        with pytest.raises(kuu1.Damaged):
            opened(body[:length])
    for more in (1, 15, 16, 17, SMALL + 16):
        with pytest.raises(kuu1.Damaged):
            opened(body + bytes(more))


def test_a_cut_that_leaves_a_bare_tag_is_seen() -> None:
    body = sealed(text(3 * SMALL))
    with pytest.raises(kuu1.Damaged):
        opened(body[: 2 * (SMALL + kuu1.TAG) + kuu1.TAG])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_flipped_bit_anywhere_is_seen(data: st.DataObject) -> None:
    body = bytearray(sealed(text(3 * SMALL + 5)))
    body[data.draw(st.integers(0, len(body) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(kuu1.Damaged):
        whole(bytes(body))


def test_swapped_chunks_are_seen() -> None:
    step, body = SMALL + kuu1.TAG, sealed(text(3 * SMALL))
    _, read = opened(body[step : 2 * step] + body[:step] + body[2 * step :])
    with pytest.raises(kuu1.Damaged):
        b"".join(read(0, SMALL))


@pytest.mark.parametrize(
    "where", [kuu1.place("espoo", "another-object-1"), kuu1.place("janakkala", "0123456789abcdef")]
)
def test_bytes_cannot_pass_for_another_object_or_controller(where: bytes) -> None:
    with pytest.raises(kuu1.Damaged):
        opened(sealed(text(10)), where)
    with pytest.raises(kuu1.Damaged):
        kuu1.unwrap(KEY, header(), where)


def test_two_places_never_share_their_associated_data() -> None:
    assert kuu1.place("ab", "c") != kuu1.place("a", "bc")


def test_the_header_reads_back_and_yields_the_data_key() -> None:
    found = kuu1.Header.unpack(header().pack())
    assert found == header()
    assert kuu1.unwrap(KEY, found, HERE) == DEK


@pytest.mark.parametrize("change", [slice(4, 8), slice(8, 10), slice(10, 22), slice(22, 70), slice(70, 77)])
def test_a_changed_header_does_not_open(change: slice) -> None:
    raw = bytearray(header().pack())
    raw[change.stop - 1] ^= 1
    with pytest.raises(kuu1.Damaged):
        kuu1.unwrap(KEY, kuu1.Header.unpack(bytes(raw)), HERE)


@pytest.mark.parametrize("raw", [b"", b"KUU1", b"RIFF" + bytes(73), b"KUU1" + bytes(73)])
def test_what_is_no_header_is_refused(raw: bytes) -> None:
    with pytest.raises(kuu1.Damaged):
        kuu1.Header.unpack(raw)


def test_a_source_that_gives_little_at_a_time_is_sealed_alike() -> None:
    class Drops(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 7))

    target = io.BytesIO()
    kuu1.seal(Drops(text(200)), target, DEK, header(), HERE)
    assert target.getvalue() == sealed(text(200))


# Bytes written by the first version of the format; a later version must still make and read them.
VECTORS = {
    0: "3d3cb9f337cff4aaaa90e83ae7a728878bebd6dc2e622083567aded4c5387b22",
    65_536: "105946bf929471b8f98f388101024d8c16638ef967d16b81869682c89fb74d0c",
    65_537: "d1cd559359a585f102e003a5437723d27d54e493bc2e1cf2da3e8aafb869b48a",
}


@pytest.mark.parametrize("size", sorted(VECTORS))
def test_the_format_is_the_one_that_was_first_written(size: int) -> None:
    file = header(kuu1.CHUNK).pack() + sealed(text(size), kuu1.CHUNK)
    assert struct.unpack(">4sIH", file[:10]) == (b"KUU1", 65_536, 1)
    assert hashlib.sha256(file).hexdigest() == VECTORS[size]
