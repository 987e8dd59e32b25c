"""Our keys at a broker: one signs our requests, another opens the ID token; both are changed without a gap.

One file a broker (JWK set, mode 0600). A signing key lies published for a day before it signs, because a broker may
keep our published keys that long; an encryption key opens tokens from the moment it stands in the file, that is before
anybody has seen its public half, and thirty days after it has left the published set. Running processes read the file
anew when it changes.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

BITS = 2048  # the trust network's smallest
DAY = 24 * 3600
LEAD = DAY
"""Seconds for which a signing key is published before it signs, and for which the old one stays published after."""
OPENS_FOR = 30 * DAY
"""Seconds for which an encryption key still opens tokens after it was retired."""

Use = Literal["sig", "enc"]
_STATES = ("next", "current", "retired")


class BadKeys(ValueError):
    """The key file cannot serve, or the step cannot be taken now. The message names the file and what to do."""


@dataclass(frozen=True, repr=False)
class HeldKey:
    """One private key and where it is in its life. Times are epoch seconds; `published`: when its public half was
    first handed out."""

    jwk: dict[str, Any]
    use: Use
    state: str
    created: int
    published: int | None = None
    retired: int | None = None

    @property
    def kid(self) -> str:
        """The RFC 7638 thumbprint."""
        return str(self.jwk["kid"])

    @property
    def public(self) -> dict[str, Any]:
        """The public half, as it goes on a broker's form."""
        algorithm = "RS256" if self.use == "sig" else "RSA-OAEP"
        return {"kty": "RSA", "use": self.use, "alg": algorithm, **{name: self.jwk[name] for name in ("kid", "n", "e")}}


def key_file(folder: Path, provider: str) -> Path:
    """Where the keys for a provider lie."""
    return folder / f"client-{provider}.jwks"


def read(path: Path) -> list[HeldKey]:
    """The keys of a file, judged without importing them. Raises BadKeys."""
    try:
        if path.stat().st_mode & 0o077:
            raise BadKeys(f"{path.name}: others may read the keys; its mode must be 0600")
        members = json.loads(path.read_text(encoding="ascii"))["keys"]
        keys = [_held(member) for member in members]
        fault = _fault(keys)
    except OSError:
        raise BadKeys(f"{path.name}: there are no keys; make them with flask keys new --for ID") from None
    except (ValueError, KeyError, TypeError) as error:
        raise error if isinstance(error, BadKeys) else BadKeys(f"{path.name}: not a set of our keys") from None
    if fault:
        raise BadKeys(f"{path.name}: {fault}")
    return keys


def _held(member: dict[str, Any]) -> HeldKey:
    jwk = {name: member[name] for name in ("kty", "kid", "n", "e", "d", "p", "q", "dp", "dq", "qi")}
    if jwk["kty"] != "RSA" or member["use"] not in ("sig", "enc") or member["state"] not in _STATES:
        raise ValueError("unknown kind of key")
    published, retired = member.get("published"), member.get("retired")
    return HeldKey(jwk, member["use"], member["state"], int(member["created"]), published, retired)


def _fault(keys: list[HeldKey]) -> str | None:
    """What makes these keys unfit, if anything does."""
    if any(_bits(key) < BITS for key in keys):
        return f"a key under {BITS} bits"
    if len({key.jwk["n"] for key in keys}) != len(keys):
        return "one key for two uses"
    for use, name in (("sig", "signing"), ("enc", "encryption")):
        if sum(key.use == use and key.state == "current" for key in keys) != 1:
            return f"wants exactly one current {name} key"
    return None


def _bits(key: HeldKey) -> int:
    text = key.jwk["n"]
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big").bit_length()


class ClientKeys:
    """The keys of one file for running processes. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Raises BadKeys for a file that cannot serve."""
        self._path = path
        self._lock = Lock()
        self._seen = (0, 0, 0)
        self._keys: list[HeldKey] = []
        self._made: dict[str, RSAKey] = {}
        self._refresh()

    def signing(self) -> RSAKey:
        """The key that signs now."""
        return next(self._key(held) for held in self._refresh() if (held.use, held.state) == ("sig", "current"))

    def opening(self, now: int) -> Iterator[RSAKey]:
        """Every key that may open an ID token at `now` (epoch seconds), the likeliest first."""
        held = [key for key in self._refresh() if key.use == "enc" and not _ended(key, now)]
        yield from (self._key(key) for key in sorted(held, key=lambda key: _LIKELY[key.state]))

    def _refresh(self) -> list[HeldKey]:
        """The file's keys of this moment; a file that has become unreadable leaves the last good ones in use."""
        try:
            found = self._path.stat()
            seen = (found.st_mtime_ns, found.st_ino, found.st_size)
        except OSError:
            seen = (0, 0, 0)
        with self._lock:
            if seen != self._seen or not self._keys:
                try:
                    self._keys = read(self._path)
                except BadKeys:
                    if not self._keys:
                        raise
                self._seen = seen
            return self._keys

    def _key(self, held: HeldKey) -> RSAKey:
        with self._lock:
            if held.kid not in self._made:  # checking a private key's numbers takes tens of milliseconds
                self._made[held.kid] = RSAKey.import_key(held.jwk)
            return self._made[held.kid]


_LIKELY = {"current": 0, "next": 1, "retired": 2}


def _ended(key: HeldKey, now: int) -> bool:
    """Is this retired key's time over?"""
    return key.retired is not None and now - key.retired >= (OPENS_FOR if key.use == "enc" else LEAD)


# What the command line does


def make(path: Path, now: int) -> list[HeldKey]:
    """Make what the file lacks of a signing and an encryption key, and say what was made. The single signing key of
    an earlier version (client-ID.jwk) is taken over. Raises BadKeys for a file that is there and broken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path):
        old = path.with_suffix(".jwk")
        if path.exists():
            read(path)
            return []
        taken = [_taken_over(old)] if old.exists() else [_new("sig", "current", now)]
        keys = [*taken, _new("enc", "current", now)]
        _write(path, keys)
        old.unlink(missing_ok=True)
    return keys


def _taken_over(old: Path) -> HeldKey:
    """The signing key of the earlier form, which the broker already knows."""
    made = int(old.stat().st_mtime)
    try:
        key = RSAKey.import_key(json.loads(old.read_text(encoding="ascii")))
    except (ValueError, TypeError, JoseError):
        raise BadKeys(f"{old.name}: not a private RSA key") from None
    if not key.is_private:
        raise BadKeys(f"{old.name}: not a private RSA key")
    return HeldKey(_numbers(key), "sig", "current", made, published=made)


def publish(path: Path, now: int) -> dict[str, Any]:
    """The JWK set for the broker, and note that it was handed out: the keys that sign, will sign and signed a moment
    ago, and the one newest encryption key. Raises BadKeys."""
    with _locked(path):
        keys = read(path)
        newest = max((key for key in keys if key.use == "enc"), key=lambda key: _NEWEST[key.state])
        shown = [key for key in keys if (key.use == "sig" and not _ended(key, now)) or key is newest]
        noted = [replace(key, published=now) if key in shown and key.published is None else key for key in keys]
        if noted != keys:
            _write(path, noted)
    return {"keys": [key.public for key in shown]}


_NEWEST = {"retired": 0, "current": 1, "next": 2}


def rotate(path: Path, now: int, *, compromised: bool = False) -> str:
    """Take the next step of a change of keys, and say which. First: new keys beside the old. Then, when the new ones
    have been published for a day: they take over. `compromised`: new keys at once, the old ones destroyed.
    Raises BadKeys when it is too early."""
    with _locked(path):
        keys = [key for key in read(path) if not _ended(key, now)]
        if compromised:
            _write(path, [_new("sig", "current", now), _new("enc", "current", now)])
            return "The old keys are destroyed. Nobody can sign in before the broker has the new ones."
        if not any(key.state == "next" for key in keys):
            _write(path, [*keys, _new("sig", "next", now), _new("enc", "next", now)])
            return "New keys lie beside the old. Give the broker what flask keys show-public --for ID prints."
        early = _too_early(keys, now)
        if early:
            raise BadKeys(early)
        _write(path, [_promoted(key, now) for key in keys])
        return "The new keys are in use. Give the broker the new published set: flask keys show-public --for ID."


def _too_early(keys: list[HeldKey], now: int) -> str | None:
    since = next(key.published for key in keys if (key.use, key.state) == ("sig", "next"))
    if since is None:
        return "The new keys have not been published: run flask keys show-public --for ID and give them to the broker."
    hours = -((now - since - LEAD) // 3600)
    return f"The new keys have been published for less than a day: wait {hours} h more." if hours > 0 else None


def _promoted(key: HeldKey, now: int) -> HeldKey:
    if key.state == "next":
        return replace(key, state="current")
    return replace(key, state="retired", retired=now) if key.state == "current" else key


def advice(keys: list[HeldKey], now: int) -> str:
    """What the keeper of these keys does next, in one line."""
    if any(key.state == "next" for key in keys):
        return _too_early(keys, now) or "When the broker has confirmed the new keys: flask keys rotate --for ID."
    if any(key.state == "current" and key.published is None for key in keys):
        return "Give the broker what flask keys show-public --for ID prints."
    oldest = min(key.created for key in keys if key.state == "current")
    return "A year old: flask keys rotate --for ID." if now - oldest >= 365 * DAY else "Nothing to do."


def _new(use: Use, state: str, now: int) -> HeldKey:
    return HeldKey(_numbers(RSAKey.generate_key(BITS, private=True)), use, state, now)


def _numbers(key: RSAKey) -> dict[str, Any]:
    key.ensure_kid()
    return {**key.as_dict(private=True), "kid": key.kid}


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Two commands, or two processes at the first start, take turns."""
    handle = os.open(path.with_name(f".{path.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(path: Path, keys: list[HeldKey]) -> None:
    """Put the whole new file in the place of the old one at once."""
    members = [
        key.jwk | {"use": key.use, "state": key.state, "created": key.created}
        | {name: at for name, at in (("published", key.published), ("retired", key.retired)) if at is not None}
        for key in keys
    ]  # fmt: skip
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump({"keys": members}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
