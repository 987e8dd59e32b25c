"""Messages in an address: packed, signed over the query itself, and opened only when that signature is the provider's.

SAML bindings 3.4 (HTTP-Redirect). The signature covers the parameters as they stand in the address, so they are
never decoded and encoded again before it is verified.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus, urlencode

from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils

from portal.adapters.identity.id_token import Untrue
from portal.adapters.identity.saml_xml import LARGEST, SIGNATURES, parse

_LONGEST_RELAY = 256


@dataclass(frozen=True)
class Carried:
    """A message that came in an address, its signature verified. `kind`: SAMLRequest | SAMLResponse."""

    kind: str
    root: Any
    relay: str


def address(place: str, kind: str, message: str, relay: str, key: str) -> str:
    """The address that carries `message` to `place`, signed with the private key (PEM)."""
    packed = Utils.deflate_and_base64_encode(message)
    query = urlencode({kind: packed, "RelayState": relay, "SigAlg": Constants.RSA_SHA256} if relay else
                      {kind: packed, "SigAlg": Constants.RSA_SHA256})  # fmt: skip
    signature = base64.b64encode(Utils.sign_binary(query, key)).decode()
    return f"{place}{'&' if '?' in place else '?'}{query}&{urlencode({'Signature': signature})}"


def opened(query: str, certificates: Sequence[str]) -> Carried:
    """The message in a raw query, if one of the provider's certificates (PEM) signed it. Raises Untrue."""
    if len(query) > LARGEST or not query.isascii():
        raise Untrue("message too large")
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    raw = dict(pairs)
    kinds = [kind for kind in ("SAMLRequest", "SAMLResponse") if kind in raw]
    if len(raw) != len(pairs) or len(kinds) != 1:
        raise Untrue("address with a parameter twice, or without a message")
    if "Signature" not in raw or "SigAlg" not in raw:
        raise Untrue("message that is not signed")
    algorithm = unquote_plus(raw["SigAlg"])
    if algorithm not in SIGNATURES:
        raise Untrue("signature algorithm that is not current")
    signed = "&".join(f"{name}={raw[name]}" for name in (kinds[0], "RelayState", "SigAlg") if name in raw)
    signature = _decoded(unquote_plus(raw["Signature"]))
    if not any(Utils.validate_binary_sign(signed, signature, one, algorithm) for one in certificates):
        raise Untrue("message that another key signed")
    relay = unquote_plus(raw.get("RelayState", ""))
    if len(relay) > _LONGEST_RELAY or not relay.isprintable():
        raise Untrue("relay state of another shape")
    return Carried(kinds[0], parse(_unpacked(_decoded(unquote_plus(raw[kinds[0]])))), relay)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        raise Untrue("message that is not base64") from None


def _unpacked(packed: bytes) -> bytes:
    """Inflated, but never beyond the largest message: a small address can hold a gigabyte of zeros."""
    reader = zlib.decompressobj(-15)
    try:
        found = reader.decompress(packed, LARGEST + 1)
    except zlib.error:
        raise Untrue("message that does not unpack") from None
    if not reader.eof and len(found) <= LARGEST:
        raise Untrue("message that does not unpack")
    return found
