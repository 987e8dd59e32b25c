"""Keys, servers and adapters for the logins of these tests."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from portal.adapters.identity import client_keys
from portal.adapters.identity.client_keys import ClientKeys
from portal.adapters.identity.ftn import FtnIdentities, FtnSettings
from portal.adapters.identity.presets import PRESETS
from portal.demo.dialect import DemoClient
from portal.demo.provider import create_provider
from tests.adapters.identity.door import COUNTED
from tests.adapters.identity.peers import CALLBACK, CLIENT, TEST_LEVEL, Hostile, serving

Build = Callable[..., FtnIdentities]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many ways in were tried that must stay shut."""
    if COUNTED:
        terminalreporter.write_line(f"identity: {COUNTED['rows']} answers refused through the real callback")


def _key() -> RSAKey:
    key = RSAKey.generate_key(2048, private=True)
    key.ensure_kid()
    return key


@pytest.fixture(scope="session")
def our_keys(client_key: Path) -> ClientKeys:
    """Our own keys."""
    return ClientKeys(client_key)


@pytest.fixture(scope="session")
def our_public(client_key: Path) -> dict[str, Any]:
    """Their public halves, as the broker has them."""
    return client_keys.publish(client_key, 1_760_000_000)


@pytest.fixture(scope="session")
def demo_issuer(our_public: dict[str, Any]) -> Iterator[str]:
    """The address of a running demo provider."""
    client = DemoClient(CLIENT, frozenset({CALLBACK}), our_public)
    with serving(lambda port: create_provider(port, [client])) as address:
        yield address


@pytest.fixture(scope="session")
def _hostile_server(our_public: dict[str, Any]) -> Iterator[Hostile]:
    [portal] = [RSAKey.import_key(key) for key in our_public["keys"] if key["use"] == "enc"]
    hostile = Hostile(_key(), _key(), portal)
    with serving(lambda port: hostile) as address:
        hostile.issuer = address
        yield hostile


@pytest.fixture
def hostile(_hostile_server: Hostile) -> Hostile:
    """A provider that answers rightly until the test spoils one thing."""
    _hostile_server.reset()
    return _hostile_server


@pytest.fixture
def adapter(our_keys: ClientKeys) -> Build:
    """Builds the adapter for an issuer, with settings of the demonstration unless told otherwise."""

    def build(
        issuer: str, timeout: float = 5.0, entity_keys: tuple[RSAKey, ...] = (), preset: dict[str, Any] | None = None,
        keys: ClientKeys | None = None, **changes: Any,
    ) -> FtnIdentities:  # fmt: skip
        settings: dict[str, Any] = {
            "id": "demo",
            "preset": replace(PRESETS["demo"], **(preset or {})),
            "issuer": issuer,
            "client_id": CLIENT,
            "redirect_uri": CALLBACK,
            "accepted": frozenset({TEST_LEVEL}),
            "allow_temporary_codes": True,
        }
        return FtnIdentities(FtnSettings(**(settings | changes)), keys or our_keys, entity_keys, timeout)

    return build
