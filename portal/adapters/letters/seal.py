"""The controller's electronic seal on a frozen letter: PAdES with a configured certificate (eIDAS arts. 35-36).

The seal is the last thing done to a letter: it is appended to the finished bytes, which stay as they were. Its field
is invisible and hidden, so that the letter stays as accessible as it was (PDF/UA-1 7.18).
"""

import io
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from asn1crypto.algos import SignedDigestAlgorithm
from asn1crypto.x509 import Certificate as Asn1Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

T = TypeVar("T")
FIELD = "Sinetti"
WEAKEST_KEY = 2048
"""Bits of the smallest RSA key that may seal."""


class SealError(Exception):
    """A key or certificate that cannot seal; says what is wrong with it."""


class _KeptKeySigner(Signer):
    """An RSA key that is read once and not for every letter."""

    def __init__(self, key: rsa.RSAPrivateKey, certificate: Asn1Certificate) -> None:
        super().__init__(
            signing_cert=certificate,
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]  # the library's own
            signature_mechanism=SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
        )
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The signature; as many zeros when only its length is asked for."""
        if dry_run:
            return bytes(self._key.key_size // 8)
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _apart(work: Callable[[], T]) -> T:
    """Run it in a thread of its own: pyHanko starts an event loop, which the caller's thread may already have."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work).result()


@dataclass(frozen=True)
class Seal:
    """A key with its certificate, and the certificates whose seals are ours: this one and its predecessors."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    ours: tuple[bytes, ...]

    @property
    def ends_at(self) -> datetime:
        """Until when the certificate is good."""
        return self.certificate.not_valid_after_utc

    def apply(self, pdf: bytes, reason: str) -> bytes:
        """The letter with the seal appended; the bytes before it do not change. `reason` stands in the seal."""
        signer = _KeptKeySigner(self.key, Asn1Certificate.load(_der(self.certificate)))
        field = SigFieldSpec(
            FIELD,
            readable_field_name="Sähköinen sinetti",
            invis_sig_settings=InvisSigSettings(set_hidden_flag=True, set_print_flag=True),
        )
        meaning = PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason
        )
        out = io.BytesIO()
        signing = PdfSigner(meaning, signer, new_field_spec=field)
        _apart(lambda: signing.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out))
        return out.getvalue()

    def holds(self, pdf: bytes) -> bool | None:
        """Is the letter sealed by us, whole and unchanged? None: it bears no seal.

        For bytes that we have issued ourselves: a stranger's file is never opened.
        """
        try:
            found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
            if not found:
                return None
            trusted = ValidationContext(
                trust_roots=[Asn1Certificate.load(one) for one in self.ours], allow_fetching=False
            )
            status: Any = _apart(lambda: validate_pdf_signature(found[-1], trusted))
        except (PdfError, SigningError, SignatureValidationError, ValueError):
            return False
        whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        return bool(status.intact and status.valid and whole and status.signing_cert.dump() in self.ours)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def load_seal(key_file: Path, certificate_file: Path, passphrase_file: Path | None = None) -> Seal:
    """The seal of these PEM files. The first certificate seals; seals of those after it are recognised still.

    Raises SealError naming the file and what is wrong."""
    secret = passphrase_file.read_bytes().strip() if passphrase_file else None
    try:
        key = serialization.load_pem_private_key(key_file.read_bytes(), secret)
        certificates = x509.load_pem_x509_certificates(certificate_file.read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise SealError(f"{key_file} or {certificate_file}: {error}") from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < WEAKEST_KEY:
        raise SealError(f"{key_file}: wants an RSA key of at least {WEAKEST_KEY} bits")
    if certificates[0].public_key() != key.public_key():
        raise SealError(f"{certificate_file}: its first certificate belongs to another key")
    return Seal(key, certificates[0], tuple(_der(one) for one in certificates))


def make_seal(key_file: Path, certificate_file: Path, name: str, now: datetime) -> None:
    """A self-made key and certificate, for the demo and for tests: nobody else trusts it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=WEAKEST_KEY)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(plain)
    certificate_file.write_bytes(certificate.public_bytes(pem))
