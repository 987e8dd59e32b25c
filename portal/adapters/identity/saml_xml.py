"""SAML messages as XML: read without entities, held to a narrow shape, and seen only as they were signed.

python3-saml verifies signatures; what it lets in is held here first: external references that the signature library
would follow, transforms beyond the profile's two, comments that cut a name in half, keys transported by RSA 1.5
(SAML core 5.4; XML Signature and Encryption). What is read afterwards is the signed bytes themselves, parsed anew:
an element that was not signed cannot be mistaken for one that was.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from copy import deepcopy
from typing import Any

from lxml import etree

from portal.adapters.identity.id_token import Untrue

LARGEST = 256 * 1024  # bytes of a message, as it is sent and as it is unpacked
NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
    "ec": "http://www.w3.org/2001/10/xml-exc-c14n#",
}
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-"
SIGNATURES = {f"{_RSA}sha256", f"{_RSA}sha384", f"{_RSA}sha512"}
_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256": hashlib.sha256,
    "http://www.w3.org/2001/04/xmldsig-more#sha384": hashlib.sha384,
    "http://www.w3.org/2001/04/xmlenc#sha512": hashlib.sha512,
}
_CIPHERS = {f"http://www.w3.org/2001/04/xmlenc#aes{bits}-cbc" for bits in (128, 192, 256)} | {
    f"http://www.w3.org/2009/xmlenc11#aes{bits}-gcm" for bits in (128, 192, 256)
}
_TRANSPORTS = {"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", "http://www.w3.org/2009/xmlenc11#rsa-oaep"}
_MOST_ELEMENTS, _DEEPEST = 2_000, 40


def parse(raw: bytes) -> Any:
    """The root element of a message. Raises Untrue for what is too large, no XML, or more than elements and text."""
    if len(raw) > LARGEST:
        raise Untrue("message too large")
    reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, reader)
    except (etree.XMLSyntaxError, ValueError):
        raise Untrue("message is not XML") from None
    held(root)
    return root


def held(root: Any) -> None:
    """Elements and text only, bounded, no id twice. Raises Untrue."""
    document = root.getroottree()
    if document.docinfo.doctype or document.docinfo.internalDTD is not None:
        raise Untrue("message with a document type")
    nodes = list(document.iter())
    if len(nodes) > _MOST_ELEMENTS or any(_depth(node) > _DEEPEST for node in nodes):
        raise Untrue("message with too many elements")
    unseen = document.xpath("//comment() | //processing-instruction()")  # the library's own elements hide these
    if unseen or any(not isinstance(node.tag, str) for node in nodes):
        raise Untrue("message with a comment, an instruction or an entity")
    ids = [value for node in nodes for name, value in node.attrib.items() if name in ("ID", "Id", "id")]
    if len(set(ids)) != len(ids):
        raise Untrue("message with an id twice")


def _depth(node: Any) -> int:
    return sum(1 for _ in node.iterancestors())


def hold_encryption(root: Any) -> None:
    """One assertion, and that encrypted. Raises Untrue."""
    if find(root, "//saml:Assertion"):
        raise Untrue("assertion that is not encrypted")
    hidden = find(root, "//saml:EncryptedAssertion")
    if len(hidden) != 1 or hidden[0].getparent() is not root:
        raise Untrue("not one encrypted assertion")
    hold_encrypted(root)


def hold_encrypted(root: Any) -> None:
    """One encrypted element, by current ciphers, its cipher text and key in the message itself. Raises Untrue."""
    if find(root, "//xenc:CipherReference") or find(root, "//xenc:EncryptionProperties"):
        raise Untrue("cipher text outside the message")
    if any(not uri.startswith("#") for uri in find(root, "//ds:RetrievalMethod/@URI")):
        raise Untrue("key outside the message")
    if find(root, "//ds:RetrievalMethod/ds:Transforms"):
        raise Untrue("key behind a transform")
    data = find(root, "//xenc:EncryptedData")
    keys = find(root, "//xenc:EncryptedKey")
    if len(data) != 1 or not 1 <= len(keys) <= 4:
        raise Untrue("not one encrypted element")
    if method(data[0]) not in _CIPHERS or any(method(key) not in _TRANSPORTS for key in keys):
        raise Untrue("cipher that is not current")


def method(encrypted: Any) -> str | None:
    """The algorithm of an encrypted element or key."""
    found = encrypted.find("xenc:EncryptionMethod", NAMES)
    return found.get("Algorithm") if found is not None else None


def hold_signatures(root: Any) -> None:
    """Each signature is a child of what it signs, and signs nothing else, in the profile's way. Raises Untrue."""
    for signature in find(root, "//ds:Signature"):
        parent, info = signature.getparent(), signature.findall("ds:SignedInfo", NAMES)
        references = find(signature, ".//ds:Reference")
        if parent is None or len(info) != 1 or len(references) != 1 or references[0].getparent() is not info[0]:
            raise Untrue("signature of another shape")
        if not parent.get("ID") or references[0].get("URI") != f"#{parent.get('ID')}":
            raise Untrue("signature of something else")
        transforms = find(references[0], ".//ds:Transform/@Algorithm")
        if transforms != [_ENVELOPED, _EXCLUSIVE]:
            raise Untrue("signature after a transform")
        found = find(signature, ".//ds:CanonicalizationMethod/@Algorithm")
        if found != [_EXCLUSIVE] or find(signature, "./ds:Object") or find(signature, ".//ds:RetrievalMethod"):
            raise Untrue("signature of another shape")
        if find(info[0], "./ds:SignatureMethod/@Algorithm")[:1] not in [[one] for one in SIGNATURES]:
            raise Untrue("signature algorithm that is not current")
        if find(references[0], "./ds:DigestMethod/@Algorithm")[:1] not in [[one] for one in _DIGESTS]:
            raise Untrue("digest algorithm that is not current")


def as_signed(element: Any) -> Any:
    """The element as its own (already verified) signature covers it: the digested bytes, parsed anew. Raises Untrue."""
    own = element.findall("ds:Signature", NAMES)
    if len(own) != 1:
        raise Untrue("assertion without one signature")
    reference = own[0].find("ds:SignedInfo/ds:Reference", NAMES)
    prefixes = find(reference, ".//ec:InclusiveNamespaces/@PrefixList")
    digest = _DIGESTS[reference.find("ds:DigestMethod", NAMES).get("Algorithm")]
    bare = deepcopy(element)
    _take_out(bare.find("ds:Signature", NAMES))
    signed = etree.tostring(
        bare, method="c14n", exclusive=True, with_comments=False,
        inclusive_ns_prefixes=prefixes[0].split() if prefixes else None,
    )  # fmt: skip
    try:
        wanted = base64.b64decode(
            "".join((reference.findtext("ds:DigestValue", "", NAMES) or "").split()), validate=True
        )
    except binascii.Error:
        raise Untrue("digest that is not base64") from None
    if not hmac.compare_digest(digest(signed).digest(), wanted):
        raise Untrue("assertion is not what was signed")
    return parse(signed)


def _take_out(signature: Any) -> None:
    """Remove the signature alone: the text behind it is signed, and lxml would take it along."""
    parent, before, tail = signature.getparent(), signature.getprevious(), signature.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(signature)


def find(node: Any, path: str) -> list[Any]:
    """What an XPath with the profile's prefixes finds."""
    found: list[Any] = node.xpath(path, namespaces=NAMES)
    return found


def one(node: Any, path: str) -> Any:
    """The only thing an XPath finds. Raises Untrue, naming the path, which holds no value of the message."""
    found = find(node, path)
    if len(found) != 1:
        raise Untrue(f"{path} {len(found)} times")
    return found[0]


def text_of(element: Any) -> str:
    """The text of an element without children. Raises Untrue."""
    if len(element) or not element.text:
        raise Untrue("element that holds more, or less, than text")
    return str(element.text)
