"""The key that signs the manifest of a delivered answer: Ed25519, compact JWS (RFC 7515, RFC 9864).

The file is JSON, `{"key": <private JWK>, "earlier": [<public JWK>, …]}`, readable by its owner alone. A change of keys
destroys the old private half and keeps the public one, so that what it signed can be verified for ever.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHM = "Ed25519"
"""EdDSA with this curve, by its full name (RFC 9864, which retires the name "EdDSA")."""
_CURVE: Literal["Ed25519"] = "Ed25519"


class ManifestKeyError(Exception):
    """The keys cannot be used; the message says which file and what it wants, never a key."""


@dataclass(frozen=True)
class ManifestKeys:
    """The key in use, and the public halves of those before it."""

    key: OKPKey = field(repr=False)
    earlier: tuple[dict[str, Any], ...]

    def sign(self, payload: bytes) -> str:
        """The payload as a compact JWS whose header names the key."""
        header = {"alg": ALGORITHM, "kid": self.key.thumbprint(), "typ": "kuuluu-manifest+jws"}
        return jws.serialize_compact(header, payload, self.key, algorithms=[ALGORITHM])

    def public_keys(self) -> dict[str, Any]:
        """The JWK set, the key in use first."""
        return {"keys": [_public(self.key), *self.earlier]}


def load(path: Path) -> ManifestKeys:
    """Read the keys. Raises ManifestKeyError if the file is missing, open to others, or holds no such key."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except OSError as error:
        raise ManifestKeyError(f"{path}: {error.strerror}") from error
    if mode & 0o077:
        raise ManifestKeyError(f"{path}: mode {mode & 0o777:04o}; it wants 0600 or 0400")
    try:
        kept = json.loads(text)
        key = OKPKey.import_key(kept["key"])
        earlier = tuple(_public(OKPKey.import_key(one)) for one in kept["earlier"])
        if not key.is_private or key.curve_name != _CURVE:
            raise ValueError("no private key of ours")
    except (ValueError, KeyError, TypeError, AttributeError, JoseError):
        raise ManifestKeyError(f"{path}: wants the keys that `flask keys manifest new` makes") from None
    return ManifestKeys(key, earlier)


def create(path: Path) -> ManifestKeys:
    """Write a new key, mode 0600. Raises ManifestKeyError if the file exists."""
    made = ManifestKeys(OKPKey.generate_key(_CURVE, private=True), ())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ManifestKeyError(f"{path}: {error.strerror}") from error
    _write(made, handle)
    return made


def rotate(path: Path) -> ManifestKeys:
    """Put a new key into use; of the old one only the public half stays. Raises ManifestKeyError."""
    before = load(path)
    earlier = (_public(before.key), *before.earlier)
    made = ManifestKeys(OKPKey.generate_key(_CURVE, private=True), earlier)
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.unlink(missing_ok=True)  # what a change that was cut off left
        _write(made, os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        draft.replace(path)
    except OSError as error:
        raise ManifestKeyError(f"{path}: {error.strerror}") from error
    return made


def _public(key: OKPKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM}


def _write(keys: ManifestKeys, handle: int) -> None:
    kept = {"key": keys.key.as_dict(private=True), "earlier": list(keys.earlier)}
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
