"""Our two key pairs at Suomi.fi: one signs what we send, the other opens what is sent to us. Never one for both.

They lie in a folder: signing.key, signing.crt, encryption.key, encryption.crt, and while an encryption key is being
changed encryption-previous.key, which still opens what was encrypted for the old certificate.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

BITS = 2048  # the smallest that may be used
_NEW_BITS = 3072
_LIFE = timedelta(days=3 * 365)


class BadKeys(ValueError):
    """The key folder cannot serve. The message names the file and what is wrong with it."""


@dataclass(frozen=True, repr=False)
class SamlKeys:
    """The pairs as PEM. `previous` still opens, and is in no metadata."""

    signing_key: str
    signing_certificate: str
    encryption_key: str
    encryption_certificate: str
    previous: str | None = None

    def __repr__(self) -> str:
        return "SamlKeys(…)"


def load(folder: Path) -> SamlKeys:
    """The pairs in the folder. Raises BadKeys: a file missing, readable by others, under 2048 bits, a certificate of
    another key, one key for both uses."""
    signing, encryption = _private(folder / "signing.key"), _private(folder / "encryption.key")
    if _public_bytes(signing.public_key()) == _public_bytes(encryption.public_key()):
        raise BadKeys("signing.key and encryption.key are one key: each use wants its own")
    previous = folder / "encryption-previous.key"
    if previous.exists():
        _private(previous)
    return SamlKeys(
        signing_key=_text(folder / "signing.key"),
        signing_certificate=_certificate(folder / "signing.crt", signing),
        encryption_key=_text(folder / "encryption.key"),
        encryption_certificate=_certificate(folder / "encryption.crt", encryption),
        previous=_text(previous) if previous.exists() else None,
    )


def make(folder: Path, name: str, now: datetime) -> None:
    """Two new pairs with self-signed certificates for the host `name`, for three years. Raises FileExistsError: a key
    that is in use is never written over."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for use in ("signing", "encryption"):
        key = generate_private_key(public_exponent=65537, key_size=_NEW_BITS)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_new(folder / f"{use}.key", pem, 0o600)
        _write_new(folder / f"{use}.crt", self_signed(key, name, now).public_bytes(Encoding.PEM), 0o644)


def certificate_bits(certificate: str) -> int:
    """The size of a certificate's RSA key (PEM, or its bare base64); 0 for another kind of key. Raises ValueError."""
    body = "".join(certificate.split())
    pem = certificate if "BEGIN" in certificate else _framed(body)
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    return key.key_size if isinstance(key, RSAPublicKey) else 0


def _framed(body: str) -> str:
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def self_signed(key: RSAPrivateKey, name: str, now: datetime) -> x509.Certificate:
    """A certificate for three years, by which a provider knows the key; who vouches for it is the signed metadata."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + _LIFE)
        .sign(key, SHA256())
    )


def _write_new(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _private(path: Path) -> RSAPrivateKey:
    try:
        if path.stat().st_mode & 0o077:
            raise BadKeys(f"{path.name}: others may read the key; its mode must be 0600")
        key = load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError:
        raise BadKeys(f"{path.name} is missing (flask saml new-key makes the pairs)") from None
    except (TypeError, ValueError) as error:
        if isinstance(error, BadKeys):
            raise
        raise BadKeys(f"{path.name}: not a private key in PEM without a passphrase") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < BITS:
        raise BadKeys(f"{path.name}: wants an RSA key of at least {BITS} bits")
    return key


def _certificate(path: Path, key: RSAPrivateKey) -> str:
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes()).public_key()
    except FileNotFoundError:
        raise BadKeys(f"{path.name} is missing (flask saml new-key makes the pairs)") from None
    except ValueError:
        raise BadKeys(f"{path.name}: not a certificate in PEM") from None
    if not isinstance(found, RSAPublicKey) or _public_bytes(found) != _public_bytes(key.public_key()):
        raise BadKeys(f"{path.name}: the certificate of another key")
    return _text(path)


def _public_bytes(key: RSAPublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _text(path: Path) -> str:
    return path.read_text(encoding="ascii")
