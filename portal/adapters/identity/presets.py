"""What one broker of the Finnish Trust Network does differently from another: data, one record a broker.

The profile itself (Traficom 213/2023 S) is the same for all and stands in `ftn`. Telia and OP follow their published
guides; Signicat and Idura are examples after their public pages, to be compared with the contract; `demo` is the
provider of `flask demo` and never serves real people.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClaimNames:
    """What a broker calls the attributes. `born` or `foreign` None: the broker does not give it."""

    code: str
    given: str
    family: str
    born: str | None
    foreign: str | None = None


@dataclass(frozen=True)
class Paths:
    """Where a broker without a metadata document listens, under its issuer."""

    authorise: str
    token: str
    keys: str


@dataclass(frozen=True)
class Preset:
    """One broker's dialect. `scope`: what is asked for; `cancelled`: its words for a person who turned back;
    `request_type`: the `typ` of our request object; `prompt`: what makes it ask anew; `paths`: its endpoints, where
    it publishes no metadata; `signed_keys`: its keys come signed by its long-lived entity key; `maintenance`: path
    under the issuer's host of a text "fi|sv|en" on interruptions; `for_tests`: proves nobody's identity."""

    claims: ClaimNames
    scope: str = "openid"
    cancelled: frozenset[str] = frozenset({"access_denied"})
    request_type: str = "JWT"
    prompt: str = "login"
    paths: Paths | None = None
    signed_keys: bool = False
    maintenance: str | None = None
    for_tests: bool = False


_STANDARD = ClaimNames("personal_identity_code", "given_name", "family_name", "birthdate")

PRESETS = {
    "telia": Preset(
        claims=ClaimNames(
            code="urn:oid:1.2.246.21",
            given="urn:oid:1.2.246.575.1.14",
            family="urn:oid:2.5.4.4",
            born="urn:oid:1.3.6.1.5.5.7.9.1",
        ),
        maintenance="/uas/resource/maintenance.txt",
    ),
    # OP publishes an entity statement to be read by people, not a metadata document: the paths are its guide's.
    "op": Preset(
        claims=_STANDARD,
        scope="openid profile personal_identity_code",
        cancelled=frozenset({"cancel", "access_denied"}),
        paths=Paths("/oauth/authorize", "/oauth/token", "/jwks/broker-signed"),
        signed_keys=True,
    ),
    "signicat": Preset(
        claims=ClaimNames("ftn_hetu", "given_name", "family_name", "birthdate"),
        scope="openid profile ftn-extra",
        request_type="oauth-authz-req+jwt",
    ),
    "idura": Preset(
        claims=ClaimNames("hetu", "given_name", "family_name", "birthdate"),
        request_type="oauth-authz-req+jwt",
    ),
    "demo": Preset(
        claims=ClaimNames("personal_identity_code", "given_name", "family_name", "birthdate", foreign="eidas_id"),
        scope="openid profile personal_identity_code",
        request_type="oauth-authz-req+jwt",
        for_tests=True,
    ),
}
