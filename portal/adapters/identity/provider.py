"""What we may believe of a provider right now: its verified metadata and its current signing keys.

Metadata counts only after its issuer has been compared with the configured one, and for an hour; keys for five
minutes, so that a withdrawn key ends soon. An unknown key id fetches the keys anew once, at most every 10 s.
A provider without a metadata document is known by configured paths; one whose keys are signed, by its entity keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from portal.adapters.identity.presets import Paths
from portal.adapters.identity.signed_keys import open_key_set
from portal.adapters.identity.transport import TIMEOUT, Away, fetch_object, fetch_text, is_loopback, is_safe

METADATA_LIFE = 3600  # seconds
KEYS_LIFE = 300
REFETCH_PAUSE = 10
KEY_SET = "application/jwk-set+jwt"
_KEY_BITS = range(2048, 8192 + 1)


class UnknownKey(Exception):
    """No current signing key of the provider answers to the token's key id."""


@dataclass(frozen=True)
class Metadata:
    """The members of the provider's discovery document that we use."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    announces_iss: bool  # RFC 9207: its answers carry `iss`


class Provider:
    """One provider's metadata and keys, fetched when needed. All times are epoch seconds. Raises Away."""

    def __init__(
        self,
        issuer: str,
        timeout: float = TIMEOUT,
        *,
        paths: Paths | None = None,
        entity_keys: Sequence[RSAKey] = (),
    ) -> None:
        """`paths`: the endpoints, instead of a metadata document. `entity_keys`: the keys must come signed by one
        of these."""
        self.issuer = issuer
        self.timeout = timeout
        self._entity_keys = tuple(entity_keys)
        self._paths = paths
        self._lock = Lock()
        self._metadata: tuple[int, Metadata] | None = None
        self._keys: tuple[int, list[RSAKey]] | None = None
        self._refetched: int | None = None

    def metadata(self, now: int) -> Metadata:
        """The verified metadata, at most an hour old."""
        kept = self._metadata
        if kept is None or not 0 <= now - kept[0] < METADATA_LIFE:
            kept = self._metadata = (now, self._fetch_metadata())
        return kept[1]

    def key(self, kid: str | None, now: int) -> RSAKey:
        """The current signing key with this id; without an id, the provider's only key. Raises UnknownKey too."""
        with self._lock:
            kept = self._keys
            if kept is None or not 0 <= now - kept[0] < KEYS_LIFE:
                kept = self._keys = (now, self._fetch_keys(now))
            found = _choose(kept[1], kid)
            if found is None and not self._refetched_lately(now):
                self._refetched = now
                self._keys = (now, self._fetch_keys(now))
                found = _choose(self._keys[1], kid)
        if found is None:
            raise UnknownKey
        return found

    def _refetched_lately(self, now: int) -> bool:
        return self._refetched is not None and 0 <= now - self._refetched < REFETCH_PAUSE

    def _fetch_metadata(self) -> Metadata:
        if self._paths is not None:
            base = self.issuer.rstrip("/")
            ends = (base + self._paths.authorise, base + self._paths.token, base + self._paths.keys)
            return Metadata(self.issuer, *ends, announces_iss=False)
        found = fetch_object(self.issuer.rstrip("/") + "/.well-known/openid-configuration", self.timeout)
        if found.get("issuer") != self.issuer:
            raise Away("the metadata names another issuer")
        return Metadata(
            issuer=self.issuer,
            authorization_endpoint=self._endpoint(found, "authorization_endpoint"),
            token_endpoint=self._endpoint(found, "token_endpoint"),
            jwks_uri=self._endpoint(found, "jwks_uri"),
            announces_iss=found.get("authorization_response_iss_parameter_supported") is True,
        )

    def _endpoint(self, found: dict[str, Any], name: str) -> str:
        url = found.get(name)
        if not isinstance(url, str) or not is_safe(url, loopback=is_loopback(self.issuer)):
            raise Away(f"the metadata's {name} is missing or unsafe")
        return url

    def _fetch_keys(self, now: int) -> list[RSAKey]:
        found = self._key_set(self.metadata(now).jwks_uri, now).get("keys")
        if not isinstance(found, list):
            raise Away("no key set")
        return [key for member in found if (key := _signing_key(member)) is not None]

    def _key_set(self, url: str, now: int) -> dict[str, Any]:
        if not self._entity_keys:
            return fetch_object(url, self.timeout)
        return open_key_set(fetch_text(url, self.timeout, KEY_SET), self._entity_keys, self.issuer, now)


def _signing_key(member: Any) -> RSAKey | None:
    """A published key if it may sign our ID tokens: RSA of 2048 to 8192 bits, not meant for anything else."""
    if not isinstance(member, dict) or member.get("kty") != "RSA":
        return None
    if member.get("use", "sig") != "sig" or member.get("alg", "RS256") != "RS256":
        return None
    if "verify" not in member.get("key_ops", ["verify"]):
        return None
    try:
        key = RSAKey.import_key({name: member[name] for name in ("kty", "n", "e", "kid") if name in member})
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if key.raw_value.key_size in _KEY_BITS else None


def _choose(keys: list[RSAKey], kid: str | None) -> RSAKey | None:
    fitting = [key for key in keys if kid is None or key.kid == kid]
    return fitting[0] if len(fitting) == 1 else None
