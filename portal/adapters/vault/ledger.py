"""The erasure ledger as a file: one line an entry, each with the hash of the one before it (arts. 5(1)(e) and 17).

It lies in a folder of its own outside the backups, so that a restored backup cannot bring back what was erased, nor
give again what was taken back. A line without its end was never acknowledged (the process died while it wrote) and
gives way to the next one.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from portal.services.ports.ledger import Closing, Entry, Erasure, LedgerBroken, Revocation

_NAME = "erasures.jsonl"
_FIRST = "0" * 64


class FileLedger:
    """The ledger in `folder`, which is made when it is not there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / _NAME

    def write(self, entry: Entry) -> None:
        """Add an entry and wait until it is on the disk. OSError when it cannot be written: then it is not there."""
        new = not self._path.exists()
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            whole = _whole(file)
            if whole < file.seek(0, os.SEEK_END):
                file.truncate(whole)
            n, prev = _last(file, whole)
            file.write(_line(n + 1, prev, entry))
            file.flush()
            os.fsync(file.fileno())
        if new:
            _fsync(self._path.parent)

    def entries(self) -> Iterator[Entry]:
        """Every entry, oldest first. Raises LedgerBroken."""
        if not self._path.exists():
            return
        n, prev = 0, _FIRST
        with self._path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    return
                n, prev, entry = _read(line, n, prev)
                yield entry


def _line(n: int, prev: str, entry: Entry) -> bytes:
    told = {"n": n, "prev": prev, "kind": type(entry).__name__.lower(), **asdict(entry)}
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}
    return (json.dumps(plain | {"hash": _hash(plain)}, sort_keys=True) + "\n").encode()


def _read(line: bytes, n: int, prev: str) -> tuple[int, str, Entry]:
    try:
        told: dict[str, Any] = json.loads(line)
        proof = told.pop("hash")
        if proof != _hash(told):
            raise LedgerBroken(f"line {n + 1} of the erasure ledger was changed")
        if (told.pop("n"), told.pop("prev")) != (n + 1, prev):
            raise LedgerBroken(f"line {n + 1} of the erasure ledger does not follow the one before it")
        return n + 1, proof, _entry(told)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LedgerBroken(f"line {n + 1} of the erasure ledger cannot be read") from None


def _entry(told: dict[str, Any]) -> Entry:
    at = datetime.fromisoformat(told.pop("at"))
    kind = told.pop("kind")
    if kind == "closing":
        return Closing(told["register"], at)
    if kind == "revocation":
        return Revocation(**told, at=at)
    day, objects = date.fromisoformat(told.pop("call_day")), tuple(told.pop("objects"))
    return Erasure(**told, call_day=day, objects=objects, at=at)


def _hash(told: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _whole(file: BinaryIO) -> int:
    """Where the last whole line ends."""
    end = file.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - 4096)
        file.seek(start)
        place = file.read(end - start).rfind(b"\n")
        if place >= 0:
            return start + place + 1
        end = start
    return 0


def _last(file: BinaryIO, whole: int) -> tuple[int, str]:
    """The number and the hash of the last line. Raises LedgerBroken when it is no line of ours."""
    if whole == 0:
        return 0, _FIRST
    start = whole - 1
    while start:
        at = max(0, start - 4096)
        file.seek(at)
        place = file.read(start - at).rfind(b"\n")
        start = at + place + 1 if place >= 0 else at
        if place >= 0:
            break
    file.seek(start)
    try:
        told = json.loads(file.read(whole - start))
        return int(told["n"]), str(told["hash"])
    except (ValueError, KeyError, TypeError):
        raise LedgerBroken("the last line of the erasure ledger cannot be read") from None


def _fsync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
