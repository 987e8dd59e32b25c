"""Our signing key at the providers: proves that it is this portal that fetches the ID token (private_key_jwt)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey

BITS = 2048  # the trust network's smallest


def ensure_client_key(path: Path) -> RSAKey:
    """The private key in the file at `path`, made there (RSA 2048, mode 0600) if there is none.

    Its `kid` is the RFC 7638 thumbprint. Raises PermissionError for a file that others may read, ValueError for
    one that holds no private RSA key of at least 2048 bits.
    """
    if not path.exists():
        _write_new(path, RSAKey.generate_key(BITS, private=True))
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path.name}: others may read the key; its mode must be 0600")
    key = RSAKey.import_key(json.loads(path.read_text(encoding="ascii")))
    if not key.is_private or key.raw_value.key_size < BITS:
        raise ValueError(f"{path.name}: not a private RSA key of at least {BITS} bits")
    return _named(key)


def public_jwks(key: RSAKey) -> dict[str, Any]:
    """The JWK set to give to a provider: the public half, for signatures only."""
    return {"keys": [_named(key).as_dict(private=False) | {"use": "sig", "alg": "RS256"}]}


def _named(key: RSAKey) -> RSAKey:
    key.ensure_kid()
    return key


def _write_new(path: Path, key: RSAKey) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(_named(key).as_dict(private=True), file)
    try:
        os.link(draft, path)  # never over a key that another process made first
    except FileExistsError:
        pass
    finally:
        draft.unlink()
