"""The ports of staff sign-in by their organisation: its provider, and the accounts that came by it.

A provider of staff and a provider of strong identification are two kinds of thing that cannot stand in for each
other: other types, another registry, other addresses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from portal.domain.access import Role
from portal.domain.identity import Cancelled, Refused, Unreachable


@dataclass(frozen=True, repr=False)
class Sent:
    """A sign-in under way, kept on our side. `sent_at` is in epoch seconds; `anew`: the person must show their means
    of identification again now, whatever session the provider knows."""

    state: str
    nonce: str
    verifier: str
    provider: str
    redirect_uri: str
    sent_at: int
    anew: bool


@dataclass(frozen=True, repr=False)
class Sending:
    """The address to send the browser to, and what to keep until it returns."""

    url: str
    sent: Sent


@dataclass(frozen=True, repr=False)
class Member:
    """A colleague as their organisation knows them. `identity`, `subject` and `session` are digests (64 characters):
    who it is, by which subject and by which session the provider will tell of a logout."""

    identity: str
    subject: str
    session: str | None
    name: str
    groups: frozenset[str]
    authenticated_at: datetime


@dataclass(frozen=True, repr=False)
class LoggedOut:
    """A provider's word that a session, or every session of a subject, has ended. `key` is the message's own digest,
    which counts once until `until`."""

    key: str
    until: datetime
    session: str | None
    subject: str | None


class OrganisationProvider(Protocol):
    """An organisation's sign-in of its own staff."""

    @property
    def id(self) -> str:
        """Our short name of the provider, as it stands in its redirect address."""

    def public_keys(self, now: datetime) -> Sequence[Mapping[str, Any]]:
        """Our public keys for the provider, as members of a JWK set; none where we prove ourselves by a secret."""

    def begin(self, language: str, anew: bool, now: datetime) -> Sending | Unreachable:
        """Start a sign-in; `anew` asks for the person's means of identification again."""

    def finish(
        self, params: Sequence[tuple[str, str]], method: str, sent: Sent, now: datetime
    ) -> Member | Cancelled | Refused | Unreachable:
        """Judge the provider's answer, every parameter of it, doubles included. Never raises for what came from
        outside."""

    def logged_out(self, token: str, now: datetime) -> LoggedOut | Refused | Unreachable:
        """Judge a logout message (OpenID Connect Back-Channel Logout 1.0). Never raises for what came from outside."""


@dataclass(frozen=True)
class Organisation:
    """An organisation's sign-in as it is offered: its name on the button, and which group gives which roles where."""

    label: str
    title: str
    provider: OrganisationProvider
    roles: Mapping[str, frozenset[tuple[str, Role]]]

    @property
    def id(self) -> str:
        """The provider's short name."""
        return self.provider.id

    def roles_of(self, groups: frozenset[str]) -> dict[str, frozenset[Role]]:
        """The roles by register that these groups give; a group that is not named gives none."""
        given = {pair for group in groups for pair in self.roles.get(group, frozenset())}
        return {register: frozenset(role for at, role in given if at == register) for register, _ in sorted(given)}


class OrganisationAccounts(Protocol):
    """The organisations' accounts of one unit of work."""

    def find(self, identity: str) -> str | None:
        """The account of an identity."""

    def add(self, identity: str, provider: str, subject: str, account: str) -> None:
        """From now on this identity is this account."""

    def refresh(self, account: str, name: str, subject: str) -> None:
        """Take over the name and the subject that the organisation says now."""

    def of_subject(self, provider: str, subject: str) -> tuple[str, ...]:
        """The accounts that a provider means by a subject."""

    def provider_of(self, account: str) -> str | None:
        """The provider an account comes by; None for a local account."""

    def hear(self, key: str, until: datetime, now: datetime) -> bool:
        """Note a logout message; False when it was heard before."""
