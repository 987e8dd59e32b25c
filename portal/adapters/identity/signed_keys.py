"""A broker's keys as a statement signed by its long-lived entity key (OpenID Federation's signed JWK set).

The entity key comes to us on paper or by e-mail and lies in a file: whoever takes over the broker's web server, or a
certificate for its name, still cannot put a key of theirs among the keys that sign ID tokens.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

from portal.adapters.identity.client_keys import BITS
from portal.adapters.identity.id_token import LEEWAY
from portal.adapters.identity.transport import LIMIT, Away, OneOfEach


class _Registry(JWSRegistry):
    max_header_length = 8 * 1024
    max_payload_length = LIMIT


def load_entity_keys(path: Path) -> list[RSAKey]:
    """The entity keys in a file: a PEM public key, a JWK, or a JWK set with the old and the new one. Raises ValueError
    that names the file."""
    try:
        text = path.read_text(encoding="ascii")
        found = [text] if text.lstrip().startswith("-----BEGIN") else _members(json.loads(text))
        keys = [RSAKey.import_key(member) for member in found]
    except (OSError, ValueError, TypeError, JoseError):
        raise ValueError(f"{path.name}: not an entity key (PEM, JWK or JWK set)") from None
    if not keys or any(key.is_private or key.raw_value.key_size < BITS for key in keys):
        raise ValueError(f"{path.name}: wants public RSA keys of at least {BITS} bits")
    return keys


def _members(found: Any) -> list[Any]:
    return list(found["keys"]) if isinstance(found, dict) and "keys" in found else [found]


def open_key_set(statement: str, entity_keys: Sequence[RSAKey], issuer: str, now: int) -> dict[str, Any]:
    """The key set inside a signed statement of `issuer`, current at `now` (epoch seconds). Raises Away: keys that
    nobody vouches for are as good as none."""
    registry = _Registry(algorithms=["RS256"], strict_check_header=False)
    for key in entity_keys:
        try:
            claims = jwt.decode(statement.strip(), key, registry=registry, decoder_cls=OneOfEach).claims
        except (JoseError, ValueError, RecursionError):
            continue
        if claims.get("iss") != issuer or claims.get("sub", issuer) != issuer:
            raise Away("the signed key set is another issuer's")
        if not _current(claims, now):
            raise Away("the signed key set is out of date")
        return dict(claims)
    raise Away("the key set is not signed by the entity key")


def _current(claims: dict[str, Any], now: int) -> bool:
    issued, ends = claims.get("iat"), claims.get("exp")
    if type(issued) is not int or type(ends) is not int:
        return False
    return issued <= now + LEEWAY and ends > now - LEEWAY
