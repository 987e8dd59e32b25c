"""An authenticator in software (ES256), which also answers as no honest one would."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Credential:
    """One passkey: its id, its private key, whose it is, and how often it was used."""

    id: bytes
    key: ec.EllipticCurvePrivateKey
    handle: str
    counter: int = 0


@dataclass
class Authenticator:
    """Somebody's telephone at one page. What is changed between two answers is a lie of the next one."""

    origin: str
    rp_id: str
    flags: int = PRESENT | VERIFIED
    counts: bool = True
    cross_origin: bool = False
    held: list[Credential] = field(default_factory=list)

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        made = Credential(secrets.token_bytes(32), ec.generate_private_key(ec.SECP256R1()), options["user"]["id"])
        self.held.append(made)
        public = made.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        known = bytes(16) + len(made.id).to_bytes(2, "big") + made.id + encode_cbor(cose)
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(made, ATTESTED) + known}
        response = {
            "clientDataJSON": text(self._client("webauthn.create", options["challenge"])),
            "attestationObject": text(encode_cbor(attested)),
        }
        return self._answer(made, response)

    def use(
        self, options: dict[str, Any], held: Credential | None = None, kind: str = "webauthn.get"
    ) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`, by the newest passkey unless another is named."""
        by = held or self.held[-1]
        by.counter += self.counts
        data, client = self._data(by), self._client(kind, options["challenge"])
        signature = by.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signature),
            "userHandle": by.handle,
        }  # fmt: skip
        return self._answer(by, response)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin}
        return json.dumps(said).encode()

    def _data(self, by: Credential, more: int = 0) -> bytes:
        party = hashlib.sha256(self.rp_id.encode()).digest()
        return party + bytes([self.flags | more]) + by.counter.to_bytes(4, "big")

    def _answer(self, by: Credential, response: dict[str, str]) -> dict[str, Any]:
        return {"id": text(by.id), "rawId": text(by.id), "type": "public-key", "response": response}


def text(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(data: str) -> bytes:
    """What stands behind base64url without padding."""
    return urlsafe_b64decode(data + "=" * (-len(data) % 4))
