"""Where the master key ring comes from: a file, the environment, a command (a hardware module's tool), or a key
management service (article 32). Whatever fails says where, never a key nor what a command printed.
"""

import base64
import binascii
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import boto3  # type: ignore[import-untyped]  # it has no types
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]  # it has no types

from portal.adapters.vault.keys import KEY_BYTES, KeyRing, KeyRingError

_SECONDS = 30
_LONGEST = 1 << 16


class Kms(Protocol):
    """What is asked of a key management service: boto3's client, or one with its two verbs."""

    def decrypt(self, **asked: Any) -> Any: ...
    def generate_data_key(self, **asked: Any) -> Any: ...


def ring_of(
    path: Path | None,
    *,
    kind: str,
    variable: str = "",
    command: Sequence[str] = (),
    region: str | None = None,
    endpoint: str | None = None,
) -> KeyRing:
    """The ring of the `kind` that the settings name. Raises KeyRingError."""
    if kind == "environment":
        return from_environment(variable)
    if kind == "command":
        return from_command(command)
    if path is None:
        raise KeyRingError("wants the file of the key ring")
    return from_kms(path, client(region, endpoint)) if kind == "kms" else KeyRing.load(path)


def from_environment(variable: str, environment: Mapping[str, str] = os.environ) -> KeyRing:
    """The ring whose JSON stands in an environment variable. Raises KeyRingError."""
    if variable not in environment:
        raise KeyRingError(f"the environment has no {variable}")
    return KeyRing.read(environment[variable], f"the environment's {variable}")


def from_command(command: Sequence[str], seconds: float = _SECONDS) -> KeyRing:
    """The ring whose JSON a command prints; it is run without a shell and given no input. Raises KeyRingError."""
    name = Path(command[0]).name
    try:
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise KeyRingError(f"{name}: {type(error).__name__}") from None
    if ended.returncode or len(ended.stdout) > _LONGEST:
        raise KeyRingError(f"{name}: ended with {ended.returncode}, or printed too much")
    return KeyRing.read(ended.stdout, name)


def client(region: str | None, endpoint: str | None) -> Kms:
    """A client of a service that speaks AWS KMS; who we are comes from its own environment or role."""
    made: Kms = boto3.client("kms", region_name=region, endpoint_url=endpoint)
    return made


def from_kms(path: Path, kms: Kms) -> KeyRing:
    """The ring whose keys stand in a file wrapped by a key management service. Raises KeyRingError."""
    told = _wrapped(path)
    keys = {int(n): _opened(kms, told["kms"], int(n), blob) for n, blob in told["keys"].items()}
    return KeyRing(told["current"], keys, told["apart_from"])


def create_kms(path: Path, key_id: str, kms: Kms) -> None:
    """Write a new ring with one key, wrapped by the service's key `key_id`. Raises KeyRingError if the file exists."""
    if path.exists():
        raise KeyRingError(f"{path}: File exists")
    told = {"current": 1, "kms": key_id, "keys": {"1": _generated(kms, key_id, 1)}, "apart_from": 1}
    _write(path, told)


def rotate_kms(path: Path, kms: Kms) -> int:
    """Add a new current key, wrapped by the service; returns its number. The old ones stay."""
    told = _wrapped(path)
    newest = 1 + max(map(int, told["keys"]))
    keys = told["keys"] | {str(newest): _generated(kms, told["kms"], newest)}
    _write(path, told | {"current": newest, "keys": keys})
    return newest


def _wrapped(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
        wanted = {"current": int(told["current"]), "kms": str(told["kms"]), "keys": dict(told["keys"])}
        return wanted | {"apart_from": int(told["apart_from"])}
    except OSError as error:
        raise KeyRingError(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError):
        raise KeyRingError(f"{path}: is no ring of a key management service") from None


def _opened(kms: Kms, key_id: str, n: int, blob: str) -> bytes:
    try:
        sealed = base64.b64decode(blob, validate=True)
        answer = kms.decrypt(CiphertextBlob=sealed, KeyId=key_id, EncryptionContext=_context(n))
    except (BotoCoreError, ClientError, binascii.Error, TypeError) as error:
        raise KeyRingError(f"the key management service does not open key {n}: {type(error).__name__}") from None
    return bytes(answer["Plaintext"])


def _generated(kms: Kms, key_id: str, n: int) -> str:
    try:
        answer = kms.generate_data_key(KeyId=key_id, NumberOfBytes=KEY_BYTES, EncryptionContext=_context(n))
    except (BotoCoreError, ClientError) as error:
        raise KeyRingError(f"the key management service makes no key: {type(error).__name__}") from None
    return base64.b64encode(answer["CiphertextBlob"]).decode("ascii")


def _context(n: int) -> dict[str, str]:
    """What a wrapped key is bound to: it opens as this generation of this product's ring and as nothing else."""
    return {"product": "kuuluu", "generation": str(n)}


def _write(path: Path, told: dict[str, Any]) -> None:
    part = path.with_name(path.name + ".new")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
