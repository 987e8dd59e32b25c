"""An identity provider that does as it is told: right answers, and every wrong one that the refusal matrix needs.

It signs and encrypts with xmlsec; the independent counterpart, whose ways are not ours, is samlify (tests/peers).
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import xmlsec as untyped
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils

from portal.adapters.identity import saml_keys
from portal.adapters.identity.saml_xml import NAMES, find

xmlsec: Any = untyped  # its own types name half of it
ENTITY = "https://idp.example/idp1"
SSO, SLO = "https://idp.example/sso", "https://idp.example/slo"
SP = "https://kuuluu.example/sp"
LEVEL = "http://ftn.ficora.fi/2017/loa2"
CODE = "040387-913W"
PEOPLE = {
    "urn:oid:1.2.246.21": CODE,
    "http://eidas.europa.eu/attributes/naturalperson/CurrentGivenName": "Tuulikki Aamu",
    "urn:oid:2.5.4.42": "Tuulikki",
    "urn:oid:2.5.4.4": "Soittola",
    "urn:oid:2.16.840.1.113730.3.1.241": "Tuulikki Soittola",
}
_METADATA = """<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}">
<md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>
<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{slo}"/>
<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{sso}"/>
</md:IDPSSODescriptor></md:EntityDescriptor>"""
_ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{assertion_id}" Version="2.0"
 IssueInstant="{issued}"><saml:Issuer>{issuer}</saml:Issuer>
<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">{name}</saml:NameID>
<saml:SubjectConfirmation Method="{method}"><saml:SubjectConfirmationData InResponseTo="{confirmed_request}"
 NotOnOrAfter="{confirmed_until}" Recipient="{recipient}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{not_before}" NotOnOrAfter="{not_after}"><saml:AudienceRestriction>
<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{authenticated}" SessionIndex="{index}"><saml:AuthnContext>
<saml:AuthnContextClassRef>{level}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"""
_RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_response" Version="2.0" IssueInstant="{issued}"
 Destination="{destination}" InResponseTo="{request}"><saml:Issuer>{issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status></samlp:Response>"""
_LOGOUT = """<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_logout1" Version="2.0" IssueInstant="{issued}"
 Destination="{destination}"><saml:Issuer>{issuer}</saml:Issuer><saml:NameID
 Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">{name}</saml:NameID>
<samlp:SessionIndex>{index}</samlp:SessionIndex></samlp:LogoutRequest>"""
_LOGGED_OUT = """<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_done1" Version="2.0" IssueInstant="{issued}"
 Destination="{destination}" InResponseTo="{request}"><saml:Issuer>{issuer}</saml:Issuer>
<samlp:Status><samlp:StatusCode Value="{status}"/></samlp:Status></samlp:LogoutResponse>"""
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_SIGNATURES = {
    Constants.RSA_SHA1: xmlsec.Transform.RSA_SHA1,
    Constants.RSA_SHA256: xmlsec.Transform.RSA_SHA256,
    Constants.RSA_SHA512: xmlsec.Transform.RSA_SHA512,
}
_DIGESTS = {
    Constants.SHA1: xmlsec.Transform.SHA1,
    Constants.SHA256: xmlsec.Transform.SHA256,
    Constants.SHA512: xmlsec.Transform.SHA512,
}
Change = Callable[[etree._Element], etree._Element | None]


@dataclass(frozen=True)
class Asked:
    """What our portal sent to the provider."""

    root: etree._Element
    relay: str
    query: str

    @property
    def request(self) -> str:
        return str(self.root.get("ID"))


def asked(address: str) -> Asked:
    """The message in one of our addresses."""
    query = urlsplit(address).query
    values = parse_qs(query)
    packed = (values.get("SAMLRequest") or values["SAMLResponse"])[0]
    root = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
    return Asked(root, values.get("RelayState", [""])[0], query)


@dataclass
class Answer:
    """How to answer: values of the templates, and what to do to the message at each stage. None: leave as it is."""

    values: dict[str, str | int] = field(default_factory=dict)  # a number: a time, so many seconds from now
    attributes: dict[str, str] = field(default_factory=lambda: dict(PEOPLE))
    before: Change | None = None  # the assertion, before it is signed
    after: Change | None = None  # the assertion, after it is signed
    enclosed: Change | None = None  # the response, before it is signed
    last: Change | None = None  # the response, at the end
    raw: Callable[[bytes], bytes] | None = None
    sign: bool = True
    sign_response: bool = True
    encrypt: bool = True
    foreign: bool = False
    signature: str = Constants.RSA_SHA256
    digest: str = Constants.SHA256
    cipher: str = "AES256_GCM"
    transport: str = "RSA_OAEP"


class Idp:
    """The provider. `folder` holds its keys and a stranger's, made once."""

    def __init__(self, folder: Path, ours: saml_keys.SamlKeys, acs: str, logout: str) -> None:
        for name in ("idp", "stranger"):
            if not (folder / name).exists():
                saml_keys.make(folder / name, f"{name}.example", datetime.now(UTC))
        self.keys, self.stranger = (saml_keys.load(folder / name) for name in ("idp", "stranger"))
        self.ours, self.acs, self.logout = ours, acs, logout

    def metadata(self, sso: str = SSO, slo: str = SLO, certificate: str | None = None) -> bytes:
        bare = Utils.format_cert(certificate or self.keys.signing_certificate, heads=False)
        return _METADATA.format(entity=ENTITY, certificate=bare, sso=sso, slo=slo).encode()

    def answer(self, to: Asked, how: Answer | None = None) -> str:
        """The form field SAMLResponse."""
        how = how or Answer()
        values = self._values(to, how)
        response = etree.fromstring(_RESPONSE.format(**values))
        assertion = _changed(etree.fromstring(_ASSERTION.format(**values)), how.before)
        if how.sign:
            assertion = self._signed(assertion, how)
        assertion = _changed(assertion, how.after)
        response.append(self._encrypted(assertion, how) if how.encrypt else assertion)
        response = _changed(response, how.enclosed)
        if how.sign_response:
            response = self._signed(response, how)
        raw = etree.tostring(_changed(response, how.last))
        return base64.b64encode(how.raw(raw) if how.raw else raw).decode()

    def failure(self, to: Asked, status: str, **changes: str | int) -> str:
        """An answer without an assertion."""
        said = {"status": f"urn:oasis:names:tc:SAML:2.0:status:{status}"}
        values = self._values(to, Answer()) | said | timed(changes)
        return base64.b64encode(_RESPONSE.format(**values).encode()).decode()

    def logout_request(
        self, name: str = "_nobody", index: str = "_index", *, key: str | None = None, **changes: str | int
    ) -> str:
        """The query of a logout request."""
        values = self._logout_values() | {"name": name, "index": index} | timed(changes)
        return self._query("SAMLRequest", _LOGOUT.format(**values), str(changes.get("relay", "their-word")), key)

    def logout_response(self, to: Asked, **changes: str | int) -> str:
        """The query of an answer to our logout request. `signer="stranger"`: signed by somebody else."""
        values = self._logout_values() | {"request": to.request, "status": SUCCESS} | timed(changes)
        key = self.stranger.signing_key if changes.get("signer") == "stranger" else None
        return self._query("SAMLResponse", _LOGGED_OUT.format(**values), str(changes.get("relay", to.relay)), key)

    def _query(self, kind: str, message: str, relay: str, key: str | None) -> str:
        packed = Utils.deflate_and_base64_encode(message)
        query = urlencode({kind: packed, "RelayState": relay, "SigAlg": Constants.RSA_SHA256})
        signature = base64.b64encode(Utils.sign_binary(query, key or self.keys.signing_key)).decode()
        return f"{query}&{urlencode({'Signature': signature})}"

    def _logout_values(self) -> dict[str, str]:
        return {"issued": instant(0), "destination": self.logout, "issuer": ENTITY}

    def _values(self, to: Asked, how: Answer) -> dict[str, str]:
        listed = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
            for name, value in how.attributes.items()
        )
        return {
            "issued": instant(0), "issuer": ENTITY, "assertion_id": "_assertion", "name": "_nobody", "index": "_index",
            "method": Constants.CM_BEARER, "confirmed_request": to.request, "confirmed_until": instant(300),
            "recipient": self.acs, "not_before": instant(0), "not_after": instant(300), "audience": SP,
            "authenticated": instant(0), "level": LEVEL, "attributes": listed, "destination": self.acs,
            "request": to.request, "status": SUCCESS,
        } | timed(how.values)  # fmt: skip

    def _signed(self, element: etree._Element, how: Answer) -> etree._Element:
        """Signed as it stands, comments and all, behind its issuer."""
        keys = self.stranger if how.foreign else self.keys
        signature = xmlsec.template.create(element, xmlsec.Transform.EXCL_C14N, _SIGNATURES[how.signature], ns="ds")
        find(element, "./saml:Issuer")[0].addnext(signature)
        xmlsec.tree.add_ids(element, ["ID"])
        reference = xmlsec.template.add_reference(signature, _DIGESTS[how.digest], uri=f"#{element.get('ID')}")
        xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
        xmlsec.template.add_transform(reference, xmlsec.Transform.EXCL_C14N)
        xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(keys.signing_key, xmlsec.KeyFormat.PEM, None)
        context.key.load_cert_from_memory(keys.signing_certificate, xmlsec.KeyFormat.PEM)
        context.sign(signature)
        return element

    def _encrypted(self, assertion: etree._Element, how: Answer) -> etree._Element:
        """EncryptedAssertion with the key inside, for our encryption certificate."""
        made = etree.Element(f"{{{NAMES['saml']}}}EncryptedAssertion", nsmap={"saml": NAMES["saml"]})
        made.append(deepcopy(assertion))
        cipher = getattr(xmlsec.Transform, how.cipher)
        data = xmlsec.template.encrypted_data_create(made, cipher, type=xmlsec.EncryptionType.ELEMENT, ns="xenc")
        xmlsec.template.encrypted_data_ensure_cipher_value(data)
        info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
        key = xmlsec.template.add_encrypted_key(info, getattr(xmlsec.Transform, how.transport))
        xmlsec.template.encrypted_data_ensure_cipher_value(key)
        manager = xmlsec.KeysManager()
        manager.add_key(xmlsec.Key.from_memory(self.ours.encryption_certificate, xmlsec.KeyFormat.CERT_PEM, None))
        context = xmlsec.EncryptionContext(manager)
        context.key = xmlsec.Key.generate(xmlsec.KeyData.AES, int(how.cipher[3:6]), xmlsec.KeyDataType.SESSION)
        context.encrypt_xml(data, made[0])
        return made


def instant(seconds: float) -> str:
    """A time in UTC, so many seconds from now."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def timed(values: Mapping[str, str | int]) -> dict[str, str]:
    """The values, numbers as times so many seconds from now."""
    return {name: instant(value) if isinstance(value, int) else value for name, value in values.items()}


def _changed(element: etree._Element, change: Change | None) -> etree._Element:
    found = change(element) if change else None
    return element if found is None else found
