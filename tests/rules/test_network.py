"""The guard that keeps tests on this machine, proven against the ways out."""

import socket

import pytest
import requests

from tests.network import LeftTheMachine, is_loopback


@pytest.mark.parametrize("url", ["http://192.0.2.1/", "http://example.org/", "http://[2001:db8::1]/"])
def test_a_request_to_another_machine_is_refused(url: str, network_strays: list[str]) -> None:
    with pytest.raises(LeftTheMachine):
        requests.get(url, timeout=1)
    assert network_strays
    network_strays.clear()


def test_a_raw_connection_to_another_machine_is_refused(network_strays: list[str]) -> None:
    with socket.socket() as plain, pytest.raises(LeftTheMachine):
        plain.connect_ex(("192.0.2.1", 443))
    assert network_strays == ["192.0.2.1"]
    network_strays.clear()


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", b"127.0.0.1", None])
def test_loopback_names_are_known(host: object) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1.example.org", "localhost.example.org", "10.0.0.1", "0.0.0.0"])
def test_a_name_that_looks_like_loopback_is_not(host: str) -> None:
    assert not is_loopback(host)
