"""The assertion, judged: for us, about our request, of this moment, at a level that may enter, about a known person.

python3-saml accepts an answer without Destination, without InResponseTo, without an audience or a recipient, and
minutes out of time; so each rule stands here by name (SAML profiles 4.1.4.3). Everything is read from the assertion
as it was signed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.adapters.identity.id_token import LEEWAY, Untrue
from portal.adapters.identity.saml_xml import find, one, text_of
from portal.domain.identity import Assurance, BadCode, Identified, PersonalIdentityCode, ProviderSession

_EIDAS = "http://eidas.europa.eu/attributes/naturalperson/"
CODE = "urn:oid:1.2.246.21"
FIRST_NAMES, GIVEN_NAME = f"{_EIDAS}CurrentGivenName", "urn:oid:2.5.4.42"
FAMILY_NAME, FOREIGN_FAMILY_NAME = "urn:oid:2.5.4.4", f"{_EIDAS}CurrentFamilyName"
DISPLAY_NAME = "urn:oid:2.16.840.1.113730.3.1.241"
FOREIGN_ID, BORN = f"{_EIDAS}PersonIdentifier", f"{_EIDAS}DateOfBirth"
REQUESTED = (CODE, FIRST_NAMES, GIVEN_NAME, FAMILY_NAME, FOREIGN_FAMILY_NAME, DISPLAY_NAME, FOREIGN_ID, BORN)
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_HELSINKI = ZoneInfo("Europe/Helsinki")
_INSTANT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?Z")
_FOREIGN = re.compile(r"[A-Z]{2}/FI/[\x21-\x7e]{1,256}")  # eIDAS: country of the person, country asking, identifier
_INDEX = re.compile(r"[\x21\x23-\x25\x28-\x3b\x3d\x3f-\x7e]{1,256}")  # goes back into XML: no quote, ampersand, bracket


@dataclass(frozen=True)
class Expected:
    """What the answer must say, from the login that is under way. Times are epoch seconds."""

    issuer: str
    audience: str
    recipient: str
    request: str
    sent_at: int
    now: int
    levels: frozenset[str]


def hold_message(root: Any, expected: Expected) -> None:
    """The response around the assertion: sent here, about our request, now. Raises Untrue."""
    rules = {
        "destination": root.get("Destination") == expected.recipient,
        "request": root.get("InResponseTo") == expected.request,
        "issuer": all(text_of(found) == expected.issuer for found in find(root, "./saml:Issuer")),
        "issue time": _fresh(root, "IssueInstant", expected),
    }
    hold("response", rules)


def hold_assertion(assertion: Any, expected: Expected) -> None:
    """The assertion itself: of the provider, for us, about our request, now, at an accepted level. Raises Untrue."""
    conditions, login = one(assertion, "./saml:Conditions"), one(assertion, "./saml:AuthnStatement")
    restrictions = find(conditions, "./saml:AudienceRestriction")
    audiences = [[text_of(found) for found in find(each, "./saml:Audience")] for each in restrictions]
    bearer = one(assertion, "./saml:Subject/saml:SubjectConfirmation")
    proof = one(bearer, "./saml:SubjectConfirmationData")
    rules = {
        "issuer": text_of(one(assertion, "./saml:Issuer")) == expected.issuer,
        "issue time": _fresh(assertion, "IssueInstant", expected),
        "audience": audiences == [[expected.audience]],
        "start": _begun(conditions, expected) and _begun(proof, expected),
        "end": _lasting(conditions, "NotOnOrAfter", expected) and _lasting(proof, "NotOnOrAfter", expected),
        "confirmation": bearer.get("Method") == _BEARER,
        "recipient": proof.get("Recipient") == expected.recipient,
        "request": proof.get("InResponseTo") == expected.request,
        "login time": _fresh(login, "AuthnInstant", expected),
        "session end": login.get("SessionNotOnOrAfter") is None or _lasting(login, "SessionNotOnOrAfter", expected),
    }
    hold("assertion", rules)
    if level_of(assertion) not in expected.levels:
        raise Untrue("level", "level")


def hold(what: str, rules: dict[str, bool]) -> None:
    if not all(rules.values()):
        raise Untrue(f"{what}: " + ", ".join(name for name, holds in rules.items() if not holds))


def level_of(assertion: Any) -> str:
    """The one level that the assertion names. Raises Untrue."""
    return text_of(one(assertion, "./saml:AuthnStatement/saml:AuthnContext/saml:AuthnContextClassRef"))


def identified(assertion: Any, provider: str, now: int, allow_temporary: bool, evidence: str) -> Identified:
    """The person of an assertion that holds. Raises Untrue without a usable identifier or name."""
    found = _attributes(assertion)
    code = _code(found[CODE], now, allow_temporary) if CODE in found else None
    born = _born(found.get(BORN), code)
    given = _name(found.get(FIRST_NAMES) or found.get(GIVEN_NAME))
    family = _name(found.get(FAMILY_NAME) or found.get(FOREIGN_FAMILY_NAME))
    if not given and not family:
        family = _name(found.get(DISPLAY_NAME))
    if not given and not family:
        raise Untrue("no name")
    login = one(assertion, "./saml:AuthnStatement")
    return Identified(
        subject_key=f"hetu:{code.value}" if code else f"eidas:{_foreign(found.get(FOREIGN_ID))}",
        code=code,
        given=given,
        family=family,
        born=born,
        level=Assurance(level_of(assertion)),
        method=_method(login, provider),
        authenticated_at=datetime.fromtimestamp(instant(login, "AuthnInstant"), UTC),
        provider=provider,
        transaction=evidence,
        session=session_of(one(assertion, "./saml:Subject/saml:NameID"), login.get("SessionIndex")),
    )


def session_of(name_id: Any, index: str | None) -> ProviderSession:
    """The provider's own session by its name and index. Raises Untrue without both."""
    name = text_of(name_id)
    if len(name) > 256 or not name.isprintable() or index is None or not _INDEX.fullmatch(index):
        raise Untrue("no session of the provider's")
    return ProviderSession(
        name=name,
        format=name_id.get("Format") or "",
        name_qualifier=name_id.get("NameQualifier") or "",
        for_qualifier=name_id.get("SPNameQualifier") or "",
        index=index,
    )


def _attributes(assertion: Any) -> dict[str, str]:
    """Every attribute once, with one value of text alone; those without a value are left out."""
    listed = find(one(assertion, "./saml:AttributeStatement"), "./saml:Attribute")
    names = [str(attribute.get("Name")) for attribute in listed]
    if len(set(names)) != len(names):
        raise Untrue("attribute twice")
    found = {}
    for name, attribute in zip(names, listed, strict=True):
        values = find(attribute, "./saml:AttributeValue")
        if name not in REQUESTED or not any(value.text or len(value) for value in values):
            continue
        if len(values) != 1:
            raise Untrue("attribute with several values")
        found[name] = text_of(values[0])
    return found


def _code(text: str, now: int, allow_temporary: bool) -> PersonalIdentityCode:
    today = datetime.fromtimestamp(now, _HELSINKI).date()
    try:
        return PersonalIdentityCode.parse(text, allow_temporary, today=today)
    except BadCode as error:
        raise Untrue(str(error), "identifier") from None


def _foreign(value: str | None) -> str:
    if value is None or not _FOREIGN.fullmatch(value):
        raise Untrue("no usable identifier of the person", "identifier")
    return value


def _born(value: str | None, code: PersonalIdentityCode | None) -> date | None:
    if value is None:
        return code.born if code else None
    try:
        born = datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise Untrue("no usable birth date") from None
    if code is not None and born != code.born:
        raise Untrue("birth date and personal identity code disagree")
    return born


def _name(value: str | None) -> str:
    """A name for a letter: blanks joined, control and direction marks gone."""
    kept = "".join(mark for mark in value or "" if unicodedata.category(mark) not in ("Cc", "Cf", "Cs"))
    if len(kept) > 300:
        raise Untrue("a name without end")
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _method(login: Any, fallback: str) -> str:
    """The means of identification, when the provider names exactly one; else the provider itself."""
    found = find(login, "./saml:AuthnContext/saml:AuthenticatingAuthority")
    name = (found[0].text or "").strip() if len(found) == 1 else ""
    return name if re.fullmatch(r"[\x21-\x7e]{1,200}", name) else fallback


def _fresh(element: Any, name: str, expected: Expected) -> bool:
    """Between our request and this moment."""
    return expected.sent_at - LEEWAY <= instant(element, name) <= expected.now + LEEWAY


def _begun(element: Any, expected: Expected) -> bool:
    return element.get("NotBefore") is None or instant(element, "NotBefore") <= expected.now + LEEWAY


def _lasting(element: Any, name: str, expected: Expected) -> bool:
    return instant(element, name) > expected.now - LEEWAY


def instant(element: Any, name: str) -> int:
    """Epoch seconds of a time in UTC. Raises Untrue when it is missing or of another form."""
    found = _INSTANT.fullmatch(element.get(name) or "")
    if found is None:
        raise Untrue(f"{name} is missing or of another form")
    try:
        return int(datetime.fromisoformat(found[1]).replace(tzinfo=UTC).timestamp())
    except ValueError:
        raise Untrue(f"{name} is missing or of another form") from None
