"""Sealing of personal fields: AES-256-GCM bound to its place, a data key per case, keyed tokens for finding.

Master key ring (outside the database) -> key per controller and purpose (HKDF) -> wraps one random data key per case
or person. Deleting the wrapped key erases all fields of the case and its audit payloads.
"""

import hmac
import json
import os
import unicodedata
from functools import lru_cache
from typing import Any, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = 1
_HEAD = 3


class Keys(Protocol):
    """The master key ring; `current` is the newest generation."""

    @property
    def current(self) -> int: ...

    def controller_key(self, controller: str, purpose: str, generation: int | None = None) -> bytes: ...


class Box:
    """Seals and opens values with one key; each value is bound to where it stands (`table.column|row`)."""

    def __init__(self, key: bytes, generation: int = 0) -> None:
        self._gcm = AESGCM(key)
        self._head = bytes([VERSION]) + generation.to_bytes(2, "big")

    def seal(self, plain: bytes, where: str) -> bytes:
        nonce = os.urandom(12)
        return self._head + nonce + self._gcm.encrypt(nonce, plain, self._head + where.encode())

    def open(self, sealed: bytes, where: str) -> bytes:
        if sealed[0] != VERSION:
            raise ValueError("unknown field version")
        return self._gcm.decrypt(sealed[_HEAD:15], sealed[15:], sealed[:_HEAD] + where.encode())

    def seal_json(self, value: Any, where: str) -> bytes:
        return self.seal(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(), where)

    def open_json(self, sealed: bytes, where: str) -> Any:
        return json.loads(self.open(sealed, where))


class Cipher:
    """All keys of the store: boxes per controller, wrapped data keys, tokens."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self.box = lru_cache(maxsize=256)(self._box)
        self.token_key = lru_cache(maxsize=256)(self._token_key)

    def _box(self, controller: str, purpose: str, generation: int) -> Box:
        return Box(self._keys.controller_key(controller, purpose, generation), generation)

    def _token_key(self, controller: str, purpose: str) -> bytes:
        # the first generation: tokens must stay findable when the wrapping keys rotate
        return self._keys.controller_key(controller, f"token-{purpose}", 1)

    def field(self, controller: str) -> Box:
        """The controller's own box, for rows without a case. New values take the newest generation."""
        return self.box(controller, "field", self._keys.current)

    def open_field(self, controller: str, sealed: bytes, where: str) -> Any:
        return self.box(controller, "field", int.from_bytes(sealed[1:_HEAD], "big")).open_json(sealed, where)

    def new_data_key(self, controller: str, owner: str) -> tuple[bytes, Box]:
        """A fresh data key: wrapped for its row, and as a box."""
        key = os.urandom(32)
        wrapped = self.box(controller, "wrap", self._keys.current).seal(key, f"data_key|{owner}")
        return wrapped, Box(key)

    def data_box(self, controller: str, owner: str, wrapped: bytes) -> Box:
        """The box of a wrapped data key."""
        generation = int.from_bytes(wrapped[1:_HEAD], "big")
        return Box(self.box(controller, "wrap", generation).open(wrapped, f"data_key|{owner}"))

    def rewrapped(self, controller: str, owner: str, wrapped: bytes) -> bytes | None:
        """A wrapped data key under the newest generation; None when it is so already."""
        generation = int.from_bytes(wrapped[1:_HEAD], "big")
        if generation == self._keys.current:
            return None
        key = self.box(controller, "wrap", generation).open(wrapped, f"data_key|{owner}")
        return self.box(controller, "wrap", self._keys.current).seal(key, f"data_key|{owner}")

    def token(self, controller: str, kind: str, value: str) -> str:
        """A keyed digest (128 bits, hex) by which a value is found again."""
        return hmac.digest(self.token_key(controller, kind), f"{kind}|v1|{value}".encode(), "sha256").hex()[:32]

    def number_key(self, controller: str, e164: str) -> int:
        """A telephone number as 63 bits of a keyed digest."""
        digest = hmac.digest(self.token_key(controller, "number"), e164.encode(), "sha256")
        return int.from_bytes(digest[:8], "big") >> 1


def name_words(name: str) -> frozenset[str]:
    """The words of a name as they are searched: case and accents folded."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return frozenset("".join(c if c.isalnum() else " " for c in plain).split())
