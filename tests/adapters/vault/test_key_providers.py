"""Where the ring may come from: environment, command, key management service; what fails tells no key."""

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]  # it has no types
import pytest
from moto import mock_aws

from portal.adapters.vault import key_providers
from portal.adapters.vault.keys import KeyRing, KeyRingError

KEY = base64.b64encode(bytes(range(32))).decode()
RING = json.dumps({"current": 1, "keys": {"1": KEY}, "apart_from": 1})


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield key_providers.client("eu-north-1", None)


def key_of(kms: Any) -> str:
    return str(kms.create_key()["KeyMetadata"]["KeyId"])


def test_a_ring_from_the_environment(tmp_path: Path) -> None:
    made = key_providers.from_environment("RING", {"RING": RING})
    assert made == KeyRing(1, {1: bytes(range(32))}, 1)
    with pytest.raises(KeyRingError, match="no OTHER"):
        key_providers.from_environment("OTHER", {"RING": RING})
    with pytest.raises(KeyRingError) as refused:
        key_providers.from_environment("RING", {"RING": RING[:-2]})
    assert KEY not in str(refused.value)


def test_a_ring_that_a_command_prints() -> None:
    made = key_providers.from_command([sys.executable, "-c", f"print({RING!r})"])
    assert made.keys == {1: bytes(range(32))}


@pytest.mark.parametrize(
    ("program", "why"),
    [("import sys; print({0!r}); sys.exit(3)", "ended with 3"), ("print({0!r}[:-9])", "wants"),
     ("import time; time.sleep(9)", "TimeoutExpired"), ("print('x' * 70000)", "printed too much")],
)  # fmt: skip
def test_a_command_that_fails_is_named_and_what_it_printed_is_not(program: str, why: str) -> None:
    with pytest.raises(KeyRingError, match=why) as refused:
        key_providers.from_command([sys.executable, "-c", program.format(RING)], seconds=2)
    assert KEY not in str(refused.value)


def test_a_command_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyRingError, match="no-such-program"):
        key_providers.from_command(["/nowhere/no-such-program"])


def test_a_ring_wrapped_by_a_key_management_service_opens_with_it(tmp_path: Path, kms: Any) -> None:
    path = tmp_path / "ring"
    key_providers.create_kms(path, key_of(kms), kms)
    first = key_providers.from_kms(path, kms)
    assert (first.current, first.apart_from) == (1, 1)
    assert base64.b64encode(first.keys[1]).decode() not in path.read_text("ascii")
    assert path.stat().st_mode & 0o077 == 0
    assert key_providers.rotate_kms(path, kms) == 2
    second = key_providers.from_kms(path, kms)
    assert second.current == 2
    assert second.keys[1] == first.keys[1] != second.keys[2]
    assert key_providers.ring_of(path, kind="kms", region="eu-north-1") == second


def test_a_wrapped_ring_is_never_overwritten(tmp_path: Path, kms: Any) -> None:
    key_providers.create_kms(tmp_path / "ring", key_of(kms), kms)
    with pytest.raises(KeyRingError, match="exists"):
        key_providers.create_kms(tmp_path / "ring", key_of(kms), kms)


def test_a_wrapped_key_opens_only_as_its_own_generation(tmp_path: Path, kms: Any) -> None:
    path = tmp_path / "ring"
    key_providers.create_kms(path, key_of(kms), kms)
    told = json.loads(path.read_text("ascii"))
    path.write_text(json.dumps(told | {"current": 2, "keys": {"2": told["keys"]["1"]}}), "ascii")
    with pytest.raises(KeyRingError, match="does not open key 2"):
        key_providers.from_kms(path, kms)


def test_a_key_that_the_service_no_longer_gives_stops_everything(tmp_path: Path, kms: Any) -> None:
    path, key = tmp_path / "ring", key_of(kms)
    key_providers.create_kms(path, key, kms)
    kms.disable_key(KeyId=key)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    other = boto3.client("kms", region_name="eu-west-1")
    with pytest.raises(KeyRingError, match="does not open key 1"):
        key_providers.from_kms(path, other)


@pytest.mark.parametrize("content", ["", "[]", RING, '{"current": 1, "kms": "k", "keys": []}'])
def test_a_file_that_is_no_wrapped_ring_is_refused(tmp_path: Path, kms: Any, content: str) -> None:
    (tmp_path / "ring").write_text(content, "ascii")
    with pytest.raises(KeyRingError):
        key_providers.from_kms(tmp_path / "ring", kms)
