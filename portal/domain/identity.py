"""Who is asking: the strongly identified person and the terms of a login.

Strong identification is what makes an answer lawful to hand out (GDPR art. 12(6), 32): the person is known by
the Finnish personal identity code or, from abroad, by the eIDAS person identifier, never by the provider's own
`sub`. Nothing here reads a clock or the network; every value that names a person hides itself in `repr`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Literal, Protocol, runtime_checkable

from stdnum.exceptions import ValidationError
from stdnum.fi import hetu

# Thirteen century signs: one for the 1800s, six each for the 1900s and 2000s (government decree 2022/690).
_CENTURIES = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)
_SHAPE = re.compile(r"[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]")


class Assurance(Enum):
    """Level of a login: the `acr` values of the Finnish Trust Network (Traficom 213/2023 S), and those of eIDAS
    (regulation 910/2014 art. 8), which Suomi.fi gives for means of identification from other countries."""

    TEST_SUBSTANTIAL = "http://ftn.ficora.fi/2017/loatest2"
    TEST_HIGH = "http://ftn.ficora.fi/2017/loatest3"
    SUBSTANTIAL = "http://ftn.ficora.fi/2017/loa2"
    HIGH = "http://ftn.ficora.fi/2017/loa3"
    EIDAS_SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"
    EIDAS_HIGH = "http://eidas.europa.eu/LoA/high"

    @property
    def is_test(self) -> bool:
        """True for the levels of test environments, which prove nobody's identity."""
        return self in (Assurance.TEST_SUBSTANTIAL, Assurance.TEST_HIGH)


class BadCode(ValueError):
    """Not a personal identity code we accept. The message never carries the code itself."""


@dataclass(frozen=True, repr=False)
class PersonalIdentityCode:
    """A Finnish personal identity code. The century sign is part of the identity and is never normalised:
    010190-002R, 010190Y002R and 010190X002R share a check character and are three people."""

    value: str

    def __repr__(self) -> str:
        return "PersonalIdentityCode(…)"

    @classmethod
    def parse(cls, text: str, allow_temporary: bool, *, today: date | None = None) -> PersonalIdentityCode:
        """The code in `text`, exactly as a broker writes it: eleven characters, upper case, nothing repaired.

        `allow_temporary` admits the individual numbers 900–999 of test persons. `today` is the Helsinki date; with
        it a birth date still to come is refused. Leave it out only for a code that was accepted before.
        Raises BadCode.
        """
        if not _SHAPE.fullmatch(text):
            raise BadCode("not in the form of a personal identity code")
        try:
            hetu.validate(text, allow_temporary=allow_temporary)
        except ValidationError as error:
            raise BadCode("no such personal identity code") from error
        code = cls(text)
        if today is not None and code.born > today:
            raise BadCode("birth date in the future")
        return code

    @property
    def born(self) -> date:
        """Date of birth by the first seven characters."""
        day, month, year = (int(self.value[at : at + 2]) for at in (0, 2, 4))
        return date(_CENTURIES[self.value[6]] + year, month, day)

    @property
    def masked(self) -> str:
        """The form that may be shown: birth date and sign, the rest hidden (131052-****)."""
        return self.value[:7] + "****"


def mask_identifier(kind: str, value: str) -> str:
    """An identifier as it may be shown: a Finnish code's birth date and sign (131052-****), an eIDAS identifier's two
    countries (SE/FI/****). `kind` is hetu or eidas."""
    if kind == "hetu":
        return PersonalIdentityCode(value).masked
    countries = re.match(r"[A-Z]{2}/[A-Z]{2}/", value)
    return f"{countries.group() if countries else ''}****"


@dataclass(frozen=True, repr=False)
class ProviderSession:
    """The session that a provider keeps of its own, where it can be ended together with ours: the name and index by
    which the provider knows it, and the terms of the name."""

    name: str
    format: str
    name_qualifier: str
    for_qualifier: str
    index: str

    def __repr__(self) -> str:
        return "ProviderSession(…)"


@dataclass(frozen=True, repr=False)
class Identified:
    """A person proved by a provider, with the evidence of the proof.

    `subject_key` is the stable identity: "hetu:" and the code, or "eidas:" and the person identifier.
    `authenticated_at` is when the person showed their means of identification (UTC). `transaction` is the SHA-256
    of the ID token's (or the assertion's) signature in hex: evidence that does not keep the token. `session` is set
    where the provider's own session can be ended too.
    """

    subject_key: str
    code: PersonalIdentityCode | None
    given: str
    family: str
    born: date | None
    level: Assurance
    method: str
    authenticated_at: datetime
    provider: str
    transaction: str
    session: ProviderSession | None = None

    def __repr__(self) -> str:
        return f"Identified(provider={self.provider!r}, level={self.level.name}, …)"


@dataclass(frozen=True, repr=False)
class PendingLogin:
    """A login under way, to be kept on our side until the provider's answer comes. `sent_at` is in epoch seconds;
    `return_to` is where in the portal to continue, never an address from outside."""

    state: str
    nonce: str
    verifier: str
    provider: str
    redirect_uri: str
    sent_at: int
    return_to: str
    language: str

    def __repr__(self) -> str:
        return f"PendingLogin(provider={self.provider!r}, sent_at={self.sent_at}, …)"


@dataclass(frozen=True, repr=False)
class Begun:
    """The address to send the browser to, and what to keep until it returns."""

    url: str
    pending: PendingLogin

    def __repr__(self) -> str:
        return f"Begun({self.pending!r})"


@dataclass(frozen=True)
class Cancelled:
    """The person turned back at the provider."""


@dataclass(frozen=True)
class Refused:
    """The answer must not be believed. `reason` is technical, for the log, and holds no personal data. `kind` is what
    the person may be told: the level was too low, no usable identifier came, or no more than that it failed."""

    reason: str
    kind: Literal["level", "identifier", "other"] = "other"


@dataclass(frozen=True)
class Unreachable:
    """The provider is away or does not speak as agreed. `reason` is technical and holds no personal data."""

    reason: str


Outcome = Identified | Cancelled | Refused | Unreachable


class Identities(Protocol):
    """A provider of strong identification, whatever its protocol."""

    @property
    def id(self) -> str:
        """Our short name of the provider, as it stands in its redirect address."""

    def begin(self, language: str, return_to: str, now: datetime) -> Begun | Unreachable:
        """Start a login in `language` (fi, sv, en)."""

    def finish(self, params: Sequence[tuple[str, str]], method: str, pending: PendingLogin, now: datetime) -> Outcome:
        """Judge the provider's answer. `params` holds every (name, value) of the callback, doubles included;
        `method` is the HTTP method it came by; `pending` is the login kept by `begin`, to be used once."""


@runtime_checkable
class Announcing(Protocol):
    """A provider that tells people of its interruptions."""

    def notice(self, language: str, now: datetime) -> str | None:
        """Its text in `language` (fi, sv, en), plain words; None where it says nothing."""


@dataclass(frozen=True, repr=False)
class LogoutAsked:
    """A provider's word that one of its sessions has ended; `answer_to` and `relay` go back with our answer."""

    name: str
    index: str
    answer_to: str
    relay: str

    def __repr__(self) -> str:
        return "LogoutAsked(…)"


@dataclass(frozen=True)
class LogoutDone:
    """A provider's answer to our word that a session has ended. `relay` is what we sent along."""

    answer_to: str
    relay: str


@runtime_checkable
class SingleLogout(Protocol):
    """A provider whose own session ends together with ours, in both directions, through the browser."""

    def logout(self, session: ProviderSession, relay: str, language: str) -> tuple[str, str]:
        """(address that ends the provider's session, id of the request in it). Ours has ended before."""

    def heard(self, query: str, now: datetime) -> LogoutAsked | LogoutDone | Refused:
        """Judge what came to the logout address: `query` as it stands there, still encoded."""

    def answer(self, asked: LogoutAsked, ended: bool) -> str:
        """The address that carries our answer to the provider's word."""
