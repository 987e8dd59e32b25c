"""The person an ID token speaks of: names for a letter, and an identity that stays the same from login to login.

The identity is the personal identity code or, from abroad, the eIDAS person identifier; never the broker's `sub`,
which some brokers change at every login.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.adapters.identity.id_token import Untrue
from portal.adapters.identity.presets import ClaimNames
from portal.domain.identity import Assurance, BadCode, Identified, PersonalIdentityCode

_HELSINKI = ZoneInfo("Europe/Helsinki")
_FOREIGN = re.compile(r"[A-Z]{2}/FI/[\x21-\x7e]{1,256}")  # eIDAS: country of the person, country asking, identifier


def identified(
    claims: dict[str, Any], names: ClaimNames, *, provider: str, transaction: str, now: int, temporary: bool
) -> Identified:
    """The person of checked claims. `now` in epoch seconds; `temporary` admits the codes of test persons.
    Raises Untrue."""
    given, family = _name(claims.get(names.given)), _name(claims.get(names.family))
    if not given and not family:
        raise Untrue("no name")
    key, code = _subject(claims, names, now, temporary)
    return Identified(
        subject_key=key,
        code=code,
        given=given,
        family=family,
        born=_born(claims, names, code),
        level=Assurance(claims["acr"]),
        method=_method(claims.get("amr"), provider),
        authenticated_at=datetime.fromtimestamp(claims["auth_time"], UTC),
        provider=provider,
        transaction=transaction,
    )


def _subject(
    claims: dict[str, Any], names: ClaimNames, now: int, temporary: bool
) -> tuple[str, PersonalIdentityCode | None]:
    if names.code in claims:
        code = _code(claims[names.code], now, temporary)
        return f"hetu:{code.value}", code
    foreign = claims.get(names.foreign) if names.foreign else None
    if not isinstance(foreign, str) or not _FOREIGN.fullmatch(foreign):
        raise Untrue("no usable identifier of the person", "identifier")
    return f"eidas:{foreign}", None


def _code(text: object, now: int, temporary: bool) -> PersonalIdentityCode:
    today = datetime.fromtimestamp(now, _HELSINKI).date()
    try:
        return PersonalIdentityCode.parse(str(text), temporary, today=today)
    except BadCode as error:
        raise Untrue(str(error), "identifier") from None


def _born(claims: dict[str, Any], names: ClaimNames, code: PersonalIdentityCode | None) -> date | None:
    """The birth date, which must be the same in the code and in its own claim."""
    if names.born is None:
        return code.born if code else None
    try:
        born = datetime.strptime(claims[names.born], "%Y-%m-%d").date()
    except (KeyError, TypeError, ValueError):
        raise Untrue("no usable birth date") from None
    if code is not None and born != code.born:
        raise Untrue("birth date and personal identity code disagree")
    return born


def _name(value: object) -> str:
    """A name for a letter: blanks joined, control and direction marks gone."""
    if value is not None and not isinstance(value, str):
        raise Untrue("a name that is no text")
    kept = "".join(mark for mark in value or "" if unicodedata.category(mark) not in ("Cc", "Cf", "Cs"))
    if len(kept) > 300:
        raise Untrue("a name without end")
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _method(amr: object, fallback: str) -> str:
    """The means of identification, when the provider names exactly one; else the provider itself."""
    first = amr[0] if isinstance(amr, list) and len(amr) == 1 else amr
    return first if isinstance(first, str) and re.fullmatch(r"[\x21-\x7e]{1,200}", first) else fallback
