"""Keys, servers and adapters for the logins of these tests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from portal.adapters.identity.oidc import OidcIdentities, OidcSettings, public_jwks
from portal.demo.provider import DemoClient, create_provider
from tests.adapters.identity.peers import CALLBACK, CLIENT, TEST_LEVEL, Hostile, serving

Build = Callable[..., OidcIdentities]


def _key() -> RSAKey:
    key = RSAKey.generate_key(2048, private=True)
    key.ensure_kid()
    return key


@pytest.fixture(scope="session")
def client_key() -> RSAKey:
    """Our own signing key."""
    return _key()


@pytest.fixture(scope="session")
def demo_issuer(client_key: RSAKey) -> Iterator[str]:
    """The address of a running demo provider."""
    client = DemoClient(CLIENT, frozenset({CALLBACK}), public_jwks(client_key))
    with serving(lambda port: create_provider(port, [client])) as address:
        yield address


@pytest.fixture(scope="session")
def _hostile_server() -> Iterator[Hostile]:
    hostile = Hostile(_key(), _key())
    with serving(lambda port: hostile) as address:
        hostile.issuer = address
        yield hostile


@pytest.fixture
def hostile(_hostile_server: Hostile) -> Hostile:
    """A provider that answers rightly until the test spoils one thing."""
    _hostile_server.reset()
    return _hostile_server


@pytest.fixture
def adapter(client_key: RSAKey) -> Build:
    """Builds the adapter for an issuer, with settings of the demonstration unless told otherwise."""

    def build(issuer: str, timeout: float = 5.0, **changes: Any) -> OidcIdentities:
        settings: dict[str, Any] = {
            "id": "demo",
            "issuer": issuer,
            "client_id": CLIENT,
            "redirect_uri": CALLBACK,
            "accepted": frozenset({TEST_LEVEL}),
            "scope": "openid personal_identity_code profile",
            "allow_temporary_codes": True,
        }
        return OidcIdentities(OidcSettings(**(settings | changes)), client_key, timeout)

    return build
