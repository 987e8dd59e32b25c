"""The seal: appended to the letter, good until one bit changes, and ours alone."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portal.adapters.letters.seal import Seal, SealError, load_seal, make_seal
from portal.domain.decisions import LetterKind
from portal.domain.register import Sector
from portal.domain.words import Language
from tests.letters.printed import printed

NOW = datetime.now(UTC)


def made(folder: Path, name: str = "seal") -> Seal:
    make_seal(folder / f"{name}.key", folder / f"{name}.pem", "Testisinetti", NOW)
    return load_seal(folder / f"{name}.key", folder / f"{name}.pem")


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    """A self-made seal."""
    return made(tmp_path_factory.mktemp("seal"))


@pytest.fixture(scope="module")
def letter() -> bytes:
    """A letter without a seal."""
    return printed(LetterKind.ACK, Language.FI, Sector.MUNICIPAL).pdf


@pytest.fixture(scope="module")
def sealed(seal: Seal, letter: bytes) -> bytes:
    """The same letter, sealed."""
    return seal.apply(letter, "Mallilan kaupunki")


def test_the_seal_is_appended_and_the_letter_stays_as_it_was(seal: Seal, letter: bytes, sealed: bytes) -> None:
    assert sealed.startswith(letter)
    assert b"/ETSI.CAdES.detached" in sealed
    assert seal.holds(sealed) is True


def test_an_unsealed_letter_bears_no_seal(seal: Seal, letter: bytes) -> None:
    assert seal.holds(letter) is None


def test_it_is_made_and_checked_where_an_event_loop_runs_already(seal: Seal, letter: bytes) -> None:
    async def within() -> bool | None:
        return seal.holds(seal.apply(letter, "Mallilan kaupunki"))

    assert asyncio.run(within()) is True


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_one_changed_bit_breaks_it(seal: Seal, letter: bytes, sealed: bytes, share: float) -> None:
    changed = bytearray(sealed)
    changed[int(len(letter) * share)] ^= 1
    assert seal.holds(bytes(changed)) is False


def test_whatever_is_added_afterwards_breaks_it(seal: Seal, sealed: bytes) -> None:
    assert seal.holds(sealed + b"\n% more") is False


def test_another_certificates_seal_is_not_ours_unless_it_stands_among_the_earlier(
    seal: Seal, letter: bytes, sealed: bytes, tmp_path: Path
) -> None:
    newer = made(tmp_path)
    assert newer.holds(sealed) is False
    earlier = seal.certificate.public_bytes(serialization.Encoding.PEM)
    (tmp_path / "seal.pem").write_bytes((tmp_path / "seal.pem").read_bytes() + earlier)
    assert load_seal(tmp_path / "seal.key", tmp_path / "seal.pem").holds(sealed) is True


def test_a_key_with_a_passphrase_is_opened_with_its_file(tmp_path: Path) -> None:
    plain = made(tmp_path)
    locked = plain.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"sana")
    )
    (tmp_path / "locked.key").write_bytes(locked)
    (tmp_path / "word").write_text("sana\n")
    assert load_seal(tmp_path / "locked.key", tmp_path / "seal.pem", tmp_path / "word").ours == plain.ours
    with pytest.raises(SealError):
        load_seal(tmp_path / "locked.key", tmp_path / "seal.pem")


def test_a_key_that_cannot_seal_is_refused_with_its_file(tmp_path: Path) -> None:
    made(tmp_path)
    made(tmp_path, "other")
    with pytest.raises(SealError, match="belongs to another key"):
        load_seal(tmp_path / "seal.key", tmp_path / "other.pem")
    curve = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "ec.key").write_bytes(curve.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))  # fmt: skip
    with pytest.raises(SealError, match="RSA key"):
        load_seal(tmp_path / "ec.key", tmp_path / "seal.pem")
    with pytest.raises(SealError, match=r"absent\.key"):
        load_seal(tmp_path / "absent.key", tmp_path / "seal.pem")


def test_a_made_key_is_readable_by_its_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    made(tmp_path)
    assert (tmp_path / "seal.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        make_seal(tmp_path / "seal.key", tmp_path / "seal.pem", "Testisinetti", NOW)
