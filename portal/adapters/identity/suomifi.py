"""Suomi.fi e-Identification: public bodies' strong identification over SAML 2.0 (Act 571/2016 §5).

python3-saml builds, decrypts and verifies; `saml_xml` holds a message before the library sees it, `saml_assertion`
judges what was signed. The answer comes by a post from another site, without our cookie, so `finish` asks nothing
of the browser: that it is the browser that began is checked afterwards (services/cross_site_answer).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import xmlsec
from lxml import etree
from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request as AuthnRequest
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as MetadataParser
from onelogin.saml2.logout_request import OneLogin_Saml2_Logout_Request as LogoutRequest
from onelogin.saml2.logout_response import OneLogin_Saml2_Logout_Response as LogoutResponse
from onelogin.saml2.response import OneLogin_Saml2_Response as Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings as LibrarySettings
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils

from portal.adapters.identity import saml_assertion, saml_redirect, saml_xml
from portal.adapters.identity.id_token import LEEWAY, Untrue
from portal.adapters.identity.saml_keys import BITS, SamlKeys, certificate_bits
from portal.adapters.identity.saml_xml import find, one, text_of
from portal.adapters.identity.transport import is_safe
from portal.domain.identity import (
    Assurance,
    Begun,
    Cancelled,
    LogoutAsked,
    LogoutDone,
    Outcome,
    PendingLogin,
    ProviderSession,
    Refused,
    Unreachable,
)

LOGIN_LIFE = 600  # seconds from sending the browser away to its return
_LOGOUT_LIFE = 300  # seconds for which a word of logout is news
_LANGUAGES = ("fi", "sv", "en")
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,255}")
_STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
_CANCELLED = {f"{_STATUS}AuthnFailed", f"{_STATUS}RequestDenied"}
_TOO_LOW = f"{_STATUS}NoAuthnContext"
# What the library calls each of its refusals; its own words may quote the message, and stay out of the log.
_LIBRARY = {
    value: name for name, value in vars(OneLogin_Saml2_ValidationError).items() if name.isupper() and type(value) is int
}


@dataclass(frozen=True)
class SuomiFiSettings:
    """What is agreed with Suomi.fi. `metadata` is the provider's own, from disk, trusted as it stands; `accepted`
    holds the levels that may enter."""

    entity_id: str
    acs_url: str
    logout_url: str
    metadata: bytes
    accepted: frozenset[str]
    allow_temporary_codes: bool = False
    id: str = "suomifi"


class SuomiFi:
    """The ports `Identities` and `SingleLogout` over Suomi.fi. Safe to share between threads."""

    def __init__(self, settings: SuomiFiSettings, keys: SamlKeys) -> None:
        """Raises ValueError for settings or metadata that could never be right."""
        known = {level.value for level in Assurance}
        if not settings.accepted or not settings.accepted <= known:
            raise ValueError(f"accepted must name levels out of {', '.join(sorted(known))}")
        if not all(is_safe(place) for place in (settings.acs_url, settings.logout_url)):
            raise ValueError("the portal's own addresses must be https (http on loopback only)")
        self.settings = settings
        self.keys = keys
        self._idp = _provider(settings.metadata)
        self.certificates = tuple(Utils.format_cert(one) for one in _certificates(self._idp))
        self._outgoing = self._library(keys.signing_key, keys.signing_certificate)
        opening = [keys.encryption_key, *([keys.previous] if keys.previous else [])]
        self._incoming = [self._library(key, keys.encryption_certificate) for key in opening]

    @property
    def id(self) -> str:
        """Our short name of the provider."""
        return self.settings.id

    @property
    def issuer(self) -> str:
        """The provider's name in its messages."""
        return str(self._idp["entityId"])

    @property
    def places(self) -> tuple[str, str]:
        """(the provider's sign-in address, its logout address)."""
        return self._idp["singleSignOnService"]["url"], self._idp["singleLogoutService"]["url"]

    def unfit_for_production(self) -> list[str]:
        """Why this provider may not serve real people, one sentence a reason; empty when it may."""
        settings = self.settings
        addresses = (*self.places, settings.acs_url, settings.logout_url)
        reasons = {
            "a test level is accepted": any(Assurance(level).is_test for level in settings.accepted),
            "temporary personal identity codes are accepted": settings.allow_temporary_codes,
            "an address is not https": not all(place.startswith("https://") for place in addresses),
            f"a key of the provider's is under {BITS} bits": min(map(certificate_bits, self.certificates)) < BITS,
            "the provider is a test environment": self.issuer.startswith("https://testi."),
        }
        return [reason for reason, holds in reasons.items() if holds]

    # Signing in

    def begin(self, language: str, return_to: str, now: datetime) -> Begun | Unreachable:
        """The address that starts a login: a signed request that demands a fresh login at an accepted level."""
        request = AuthnRequest(self._outgoing, force_authn=True)
        pending = PendingLogin(
            state=secrets.token_urlsafe(32),
            nonce=request.get_id(),
            verifier="",
            provider=self.id,
            redirect_uri=self.settings.acs_url,
            sent_at=int(now.timestamp()),
            return_to=return_to,
            language=language if language in _LANGUAGES else "fi",
        )
        return Begun(
            self._address(self.places[0], "SAMLRequest", request.get_xml(), pending.state, pending.language), pending
        )

    def finish(self, params: Sequence[tuple[str, str]], method: str, pending: PendingLogin, now: datetime) -> Outcome:
        """Judge the provider's answer: see `Identities.finish`. Never raises for what came from outside."""
        try:
            return self._finish(params, method, pending, int(now.timestamp()))
        except Untrue as untrue:
            return Refused(str(untrue), untrue.kind)
        except Exception as error:  # an answer nobody foresaw is refused, not a page of error 500
            return Refused(f"unexpected {type(error).__name__}")

    def _finish(self, params: Sequence[tuple[str, str]], method: str, pending: PendingLogin, now: int) -> Outcome:
        answer = dict(params)
        if method != "POST" or len(answer) != len(params):
            raise Untrue("answer by another method, or with a parameter twice")
        if (pending.provider, pending.redirect_uri) != (self.id, self.settings.acs_url):
            raise Untrue("login begun at another provider")
        if not -LEEWAY <= now - pending.sent_at <= LOGIN_LIFE:
            raise Untrue("login begun too long ago")
        raw = _decoded(answer.get("SAMLResponse", ""))
        root = saml_xml.parse(raw)
        if root.tag != f"{{{saml_xml.NAMES['samlp']}}}Response":
            raise Untrue("message of another kind")
        expected = saml_assertion.Expected(
            self.issuer, self.settings.entity_id, self.settings.acs_url, pending.nonce, pending.sent_at, now,
            self.settings.accepted,
        )  # fmt: skip
        saml_assertion.hold_message(root, expected)
        status = find(root, "./samlp:Status//samlp:StatusCode/@Value")
        if status != [f"{_STATUS}Success"]:
            return _failure(status)
        assertion = self._verified(root, raw, pending)
        saml_assertion.hold_assertion(assertion[0], expected)
        allow = self.settings.allow_temporary_codes
        return saml_assertion.identified(assertion[0], self.id, now, allow, assertion[1])

    def _verified(self, root: Any, raw: bytes, pending: PendingLogin) -> tuple[Any, str]:
        """The assertion as the provider signed it, and the SHA-256 of its signature. Raises Untrue."""
        saml_xml.hold_encryption(root)
        saml_xml.hold_signatures(root)
        response = self._opened(raw)
        plain = response.decrypted_document
        saml_xml.held(plain)
        saml_xml.hold_signatures(plain)
        try:
            response.is_valid(self._place(), pending.nonce, raise_exceptions=True)
        except OneLogin_Saml2_ValidationError as error:
            raise Untrue(f"library: {_LIBRARY.get(error.code, 'invalid')}") from None
        assertion = one(plain, "/samlp:Response/saml:Assertion")
        signature = text_of(one(assertion, "./ds:Signature/ds:SignatureValue"))
        evidence = hashlib.sha256("".join(signature.split()).encode()).hexdigest()
        return saml_xml.as_signed(assertion), evidence

    def _opened(self, raw: bytes) -> Response:
        """The response, its assertion decrypted by the first key of ours that opens it."""
        encoded = base64.b64encode(raw).decode()
        for settings in self._incoming:
            try:
                return Response(settings, encoded)
            except (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, xmlsec.Error, etree.LxmlError):
                continue
        raise Untrue("no key of ours opens it")

    def _place(self) -> dict[str, str]:
        """Where the answer came, by our settings: the library would believe the request's Host header."""
        parts = urlsplit(self.settings.acs_url)
        return {
            "https": "on" if parts.scheme == "https" else "off",
            "http_host": parts.netloc,
            "script_name": parts.path,
        }

    # Signing out

    def logout(self, session: ProviderSession, relay: str, language: str) -> tuple[str, str]:
        """The address that ends the provider's session: see `SingleLogout.logout`."""
        request = LogoutRequest(
            self._outgoing, name_id=session.name, session_index=session.index, nq=session.name_qualifier or None,
            name_id_format=session.format or None, spnq=session.for_qualifier or None,
        )  # fmt: skip
        address = self._address(self.places[1], "SAMLRequest", request.get_xml(), relay, language)
        return address, str(request.id)

    def heard(self, query: str, now: datetime) -> LogoutAsked | LogoutDone | Refused:
        """Judge what came to the logout address: see `SingleLogout.heard`."""
        try:
            return self._heard(saml_redirect.opened(query, self.certificates), int(now.timestamp()))
        except Untrue as untrue:
            return Refused(str(untrue))
        except Exception as error:  # a message nobody foresaw is refused, not a page of error 500
            return Refused(f"unexpected {type(error).__name__}")

    def _heard(self, carried: saml_redirect.Carried, now: int) -> LogoutAsked | LogoutDone:
        root = carried.root
        kind = {"SAMLRequest": "LogoutRequest", "SAMLResponse": "LogoutResponse"}[carried.kind]
        if root.tag != f"{{{saml_xml.NAMES['samlp']}}}{kind}":
            raise Untrue("message of another kind")
        rules = {
            "version": root.get("Version") == "2.0",
            "issuer": text_of(one(root, "./saml:Issuer")) == self.issuer,
            "destination": root.get("Destination") == self.settings.logout_url,
            "id": _ID.fullmatch(root.get("ID") or "") is not None,
            "time": abs(now - saml_assertion.instant(root, "IssueInstant")) <= _LOGOUT_LIFE,
            "end": root.get("NotOnOrAfter") is None or saml_assertion.instant(root, "NotOnOrAfter") > now - LEEWAY,
        }
        saml_assertion.hold(kind, rules)
        if kind == "LogoutResponse":
            return LogoutDone(str(root.get("InResponseTo")), carried.relay)
        session = saml_assertion.session_of(self._name(root), text_of(one(root, "./samlp:SessionIndex")))
        return LogoutAsked(session.name, session.index, root.get("ID"), carried.relay)

    def _name(self, request: Any) -> Any:
        """The NameID of a logout request, decrypted where it came encrypted."""
        hidden = find(request, "./saml:EncryptedID/xenc:EncryptedData")
        if not hidden:
            return one(request, "./saml:NameID")
        saml_xml.hold_encrypted(request)
        for settings in self._incoming:
            try:
                found = Utils.decrypt_element(hidden[0], settings.get_sp_key())
            except xmlsec.Error:
                continue
            saml_xml.held(found)
            return found
        raise Untrue("no key of ours opens it")

    def answer(self, asked: LogoutAsked, ended: bool) -> str:
        """The address that carries our answer: see `SingleLogout.answer`."""
        response = LogoutResponse(self._outgoing)
        response.build(asked.answer_to, f"{_STATUS}{'Success' if ended else 'Responder'}")
        return self._address(self.places[1], "SAMLResponse", response.get_xml(), asked.relay, "")

    def _address(self, place: str, kind: str, message: str, relay: str, language: str) -> str:
        """A signed address. The language is Suomi.fi's own parameter: last, and outside the signature."""
        made = saml_redirect.address(place, kind, message, relay, self.keys.signing_key)
        return f"{made}&{urlencode({'locale': language})}" if language in _LANGUAGES else made

    def _library(self, key: str, certificate: str) -> LibrarySettings:
        """python3-saml's settings, as strict as it goes. One pair serves one use."""
        ours = self.settings
        return LibrarySettings(
            {
                "strict": True,
                "sp": {
                    "entityId": ours.entity_id,
                    "assertionConsumerService": {"url": ours.acs_url, "binding": Constants.BINDING_HTTP_POST},
                    "singleLogoutService": {"url": ours.logout_url, "binding": Constants.BINDING_HTTP_REDIRECT},
                    "NameIDFormat": Constants.NAMEID_TRANSIENT,
                    "privateKey": key,
                    "x509cert": certificate,
                },
                "idp": self._idp,
                "security": {
                    "authnRequestsSigned": True,
                    "logoutRequestSigned": True,
                    "logoutResponseSigned": True,
                    "wantAssertionsSigned": True,
                    "wantAssertionsEncrypted": True,
                    "rejectUnsolicitedResponsesWithInResponseTo": True,
                    "rejectDeprecatedAlgorithm": True,
                    "signatureAlgorithm": Constants.RSA_SHA256,
                    "digestAlgorithm": Constants.SHA256,
                    "requestedAuthnContext": sorted(ours.accepted),
                    "requestedAuthnContextComparison": "exact",
                },
            }
        )


def _provider(metadata: bytes) -> dict[str, Any]:
    """The provider's addresses and certificates. Raises ValueError for metadata of another shape."""
    try:
        root = saml_xml.parse(metadata)
    except Untrue as untrue:
        raise ValueError(f"the provider's metadata: {untrue}") from None
    if len(root.xpath("//*[local-name()='IDPSSODescriptor']")) != 1:
        raise ValueError("the provider's metadata must describe one identity provider")
    idp: dict[str, Any] = MetadataParser.parse(metadata).get("idp", {})
    for name in ("singleSignOnService", "singleLogoutService"):
        if not is_safe(idp.get(name, {}).get("url") or ""):
            raise ValueError(f"the provider's metadata has no usable {name} (HTTP-Redirect)")
    if not idp.get("entityId") or not _certificates(idp):
        raise ValueError("the provider's metadata has no entityID or no signing certificate")
    return idp


def _certificates(idp: dict[str, Any]) -> list[str]:
    """The certificates by which the provider signs."""
    several: list[str] = idp.get("x509certMulti", {}).get("signing", [])
    return several or ([idp["x509cert"]] if idp.get("x509cert") else [])


def _decoded(text: str) -> bytes:
    if not 0 < len(text) <= saml_xml.LARGEST * 4 // 3 + 4:
        raise Untrue("no answer, or one too large")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Untrue("answer that is not base64") from None


def _failure(status: list[str]) -> Outcome:
    """What an answer without an assertion means. Its words are a stranger's and go nowhere."""
    if _CANCELLED & set(status):
        return Cancelled()
    if _TOO_LOW in status:
        return Refused("level", "level")
    return Unreachable("provider answered with a failure")
