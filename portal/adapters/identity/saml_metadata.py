"""Our own SAML metadata, signed: what a controller hands to Suomi.fi when it asks for the connection."""

from __future__ import annotations

from datetime import datetime, timedelta

from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.metadata import OneLogin_Saml2_Metadata as Builder
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils

from portal.adapters.identity.saml_assertion import REQUESTED
from portal.adapters.identity.saml_keys import SamlKeys
from portal.adapters.identity.suomifi import SuomiFiSettings

VALID = timedelta(days=365)
_URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"


def metadata(settings: SuomiFiSettings, keys: SamlKeys, service: str, now: datetime) -> str:
    """The metadata as XML, signed with the signing key, good for a year. `service` is the name that Suomi.fi shows."""
    described = {
        "entityId": settings.entity_id,
        "NameIDFormat": Constants.NAMEID_TRANSIENT,
        "assertionConsumerService": {"url": settings.acs_url, "binding": Constants.BINDING_HTTP_POST},
        "singleLogoutService": {"url": settings.logout_url, "binding": Constants.BINDING_HTTP_REDIRECT},
    }
    root = etree.fromstring(
        Builder.builder(described, authnsign=True, wsign=True, valid_until=now + VALID, cache_duration="P1D").encode()
    )
    descriptor = root[0]
    descriptor.insert(0, _key("encryption", keys.encryption_certificate))
    descriptor.insert(0, _key("signing", keys.signing_certificate))
    descriptor.append(_wanted(service))
    signed = Builder.sign_metadata(
        etree.tostring(root).decode(),
        keys.signing_key,
        keys.signing_certificate,
        Constants.RSA_SHA256,
        Constants.SHA256,
    )
    return signed if isinstance(signed, str) else bytes(signed).decode()


def _key(use: str, certificate: str) -> etree._Element:
    described = etree.Element(f"{{{Constants.NS_MD}}}KeyDescriptor", use=use)
    info = etree.SubElement(described, f"{{{Constants.NS_DS}}}KeyInfo", nsmap={"ds": Constants.NS_DS})
    data = etree.SubElement(info, f"{{{Constants.NS_DS}}}X509Data")
    etree.SubElement(data, f"{{{Constants.NS_DS}}}X509Certificate").text = Utils.format_cert(certificate, heads=False)
    return described


def _wanted(service: str) -> etree._Element:
    """The attributes that we ask for: identity and name, nothing else of the population register (art. 5(1)(c))."""
    consuming = etree.Element(f"{{{Constants.NS_MD}}}AttributeConsumingService", index="1")
    name = etree.SubElement(consuming, f"{{{Constants.NS_MD}}}ServiceName")
    name.set("{http://www.w3.org/XML/1998/namespace}lang", "fi")
    name.text = service
    for one in REQUESTED:
        etree.SubElement(consuming, f"{{{Constants.NS_MD}}}RequestedAttribute", Name=one, NameFormat=_URI)
    return consuming
