"""The ports of staff credentials: passkeys (WebAuthn), and the waits that slow down guessing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class Busy(Exception):
    """So many passwords are being checked that this one cannot wait its turn: try again in a moment."""


@dataclass(frozen=True)
class NewPasskey:
    """What a verified registration brought: the credential's id, its public key (COSE), its signature counter."""

    credential: bytes
    public_key: bytes
    counter: int


@dataclass(frozen=True)
class Passkey:
    """A passkey of an account. `counter` is the last one seen; it stays 0 where the authenticator does not count."""

    id: str
    account: str
    credential: bytes
    public_key: bytes
    counter: int
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Shown:
    """What an answer says of itself before anything is verified: challenge, credential, and whose it claims to be."""

    challenge: str
    credential: bytes
    account: str | None


class PasskeyBook(Protocol):
    """The passkeys of one unit of work."""

    def add(self, account: str, made: NewPasskey, name: str, now: datetime) -> bool:
        """Keep a passkey; False when the credential is somebody's already."""

    def of(self, account: str, *, lock: bool = False) -> tuple[Passkey, ...]:
        """The account's passkeys, oldest first."""

    def by_credential(self, credential: bytes) -> Passkey | None: ...

    def used(self, found: Passkey, counter: int, now: datetime) -> bool:
        """Note a use and its counter; False when another use has moved the counter since `found` was read."""

    def rename(self, account: str, which: str, name: str) -> bool: ...

    def remove(self, account: str, which: str) -> bool: ...

    def remove_all(self, account: str) -> None: ...

    def holders(self) -> frozenset[str]:
        """The accounts that have a passkey."""


class Passkeys(Protocol):
    """The checking of passkeys for this installation's address."""

    @property
    def usable(self) -> bool:
        """Can this address have passkeys at all? Not by a bare number such as 127.0.0.1."""

    def creation(self, account: str, login: str, name: str, known: Iterable[bytes]) -> tuple[dict[str, Any], str]:
        """Options for a browser to make a passkey (not on an authenticator that holds one of `known`), and their
        challenge."""

    def request(self, known: Iterable[bytes]) -> tuple[dict[str, Any], str]:
        """Options for a browser to use a passkey (one of `known`; of none: any that it finds), and their challenge."""

    def shown(self, answer: dict[str, Any]) -> Shown | None:
        """What an answer says of itself, nothing of it verified; None when it cannot be read."""

    def made(self, answer: dict[str, Any], challenge: str) -> NewPasskey | None:
        """The passkey of a registration, verified: this challenge, origin and party, user verified. None otherwise."""

    def counter(self, answer: dict[str, Any], challenge: str, by: Passkey) -> int | None:
        """The new counter of a use, verified as above and signed by this passkey, its counter not going back."""


@dataclass(frozen=True)
class Tries:
    """The failed tries under one name: how many are remembered, since when forgetting counts, until when to wait."""

    failures: int
    failed_at: datetime
    wait_until: datetime | None


class Throttle(Protocol):
    """The waits of one unit of work. `kind` and `who` are kept as a keyed digest only."""

    def of(self, kind: str, who: str, now: datetime) -> Tries:
        """What is remembered, locked until the unit ends."""

    def keep(self, kind: str, who: str, tries: Tries) -> None: ...

    def forget(self, kind: str, who: str) -> None: ...

    def sweep(self, before: datetime) -> int:
        """Remove what began before an instant."""
