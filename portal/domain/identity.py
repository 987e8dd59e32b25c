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
from typing import Protocol

from stdnum.exceptions import ValidationError
from stdnum.fi import hetu

# Thirteen century signs: one for the 1800s, six each for the 1900s and 2000s (government decree 2022/690).
_CENTURIES = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)
_SHAPE = re.compile(r"[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]")


class Assurance(Enum):
    """Level of a login: the `acr` values of the Finnish Trust Network (Traficom 213/2023 S)."""

    TEST_SUBSTANTIAL = "http://ftn.ficora.fi/2017/loatest2"
    TEST_HIGH = "http://ftn.ficora.fi/2017/loatest3"
    SUBSTANTIAL = "http://ftn.ficora.fi/2017/loa2"
    HIGH = "http://ftn.ficora.fi/2017/loa3"

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


@dataclass(frozen=True, repr=False)
class Identified:
    """A person proved by a provider, with the evidence of the proof.

    `subject_key` is the stable identity: "hetu:" and the code, or "eidas:" and the person identifier.
    `authenticated_at` is when the person showed their means of identification (UTC). `transaction` is the SHA-256
    of the ID token's signature in hex: evidence that does not keep the token.
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
    """The answer must not be believed. `reason` is technical, for the log, and holds no personal data."""

    reason: str


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
