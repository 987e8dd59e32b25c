"""The rules an ID token must keep, each broken alone: every row begins with the same right answer, so that it can be
refused for its own reason only."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from portal.domain.identity import Assurance
from tests.adapters.identity.peers import CLIENT, TEST_LEVEL, Hostile, raw_token, segment

Spoil = Callable[[Hostile], object]


def change(**claims: Any) -> Spoil:
    """Other claims; a callable gets the moment in epoch seconds."""

    def spoil(hostile: Hostile) -> None:
        now = int(time.time())
        hostile.claims = {name: value(now) if callable(value) else value for name, value in claims.items()}

    return spoil


def drop(*names: str) -> Spoil:
    return lambda hostile: hostile.dropped.update(names)


def head(**members: Any) -> Spoil:
    """Other header members, rightly signed, written by hand because the library refuses to write some."""

    def spoil(hostile: Hostile) -> None:
        hostile.encode = lambda header, claims: raw_token(hostile.key, json.dumps(header | members), json.dumps(claims))

    return spoil


def issuer_as(make: Callable[[str], Any]) -> Spoil:
    return lambda hostile: hostile.claims.update(iss=make(hostile.issuer))


def signed_by_stranger(hostile: Hostile) -> None:
    hostile.encode = lambda header, claims: hostile.sign(header, claims, hostile.foreign)


def signed_by_the_key_in_its_header(hostile: Hostile) -> None:
    hostile.header["jwk"] = hostile.foreign.as_dict(private=False)
    signed_by_stranger(hostile)


def signed_with_our_public_key_as_secret(hostile: Hostile) -> None:
    def secret(header: dict[str, Any], claims: dict[str, Any]) -> str:
        body = f"{segment(json.dumps({**header, 'alg': 'HS256'}))}.{segment(json.dumps(claims))}"
        mark = hmac.new(hostile.key.as_pem(private=False), body.encode(), "sha256").digest()
        return f"{body}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"

    hostile.encode = secret


def signed_with(alg: str) -> Spoil:
    def spoil(hostile: Hostile) -> None:
        hostile.encode = lambda header, claims: hostile.sign({**header, "alg": alg}, claims)

    return spoil


def unsigned(hostile: Hostile) -> None:
    def bare(header: dict[str, Any], claims: dict[str, Any]) -> str:
        return raw_token(hostile.key, '{"alg":"none"}', json.dumps(claims)).rsplit(".", 1)[0] + "."

    hostile.encode = bare


def doubled_claim(hostile: Hostile) -> None:
    hostile.encode = lambda header, claims: raw_token(
        hostile.key, json.dumps(header), json.dumps(claims)[:-1] + f', "acr": "{TEST_LEVEL}"}}'
    )


def doubled_header(hostile: Hostile) -> None:
    hostile.encode = lambda header, claims: raw_token(
        hostile.key, json.dumps(header)[:-1] + ', "alg": "RS256"}', json.dumps(claims)
    )


def claims_that_are_a_list(hostile: Hostile) -> None:
    hostile.encode = lambda header, claims: raw_token(hostile.key, json.dumps(header), json.dumps([claims]))


def endless_expiry(hostile: Hostile) -> None:
    hostile.claims["exp"] = float("inf")
    hostile.encode = lambda header, claims: raw_token(hostile.key, json.dumps(header), json.dumps(claims))


def deep_claims(hostile: Hostile) -> None:
    hostile.encode = lambda header, claims: raw_token(hostile.key, json.dumps(header), "[" * 50_000)


def key_of_another_use(**members: Any) -> Spoil:
    return lambda hostile: hostile.keys.__setitem__(0, hostile.public(hostile.key, **members))


def two_keys_and_no_kid(hostile: Hostile) -> None:
    hostile.keys.append(hostile.public(hostile.foreign))
    hostile.header.pop("kid")


def tampered(hostile: Hostile) -> None:
    other = json.dumps({"acr": Assurance.HIGH.value})

    def swap(token: str) -> str:
        first, _, last = token.split(".")
        return f"{first}.{raw_token(hostile.key, '{}', other).split('.')[1]}.{last}"

    hostile.wrap = swap


def sealed(key: bool = False, **header: Any) -> Spoil:
    """Another wrapping: other header members, or for a stranger's key."""

    def spoil(hostile: Hostile) -> None:
        whose = hostile.foreign if key else None
        hostile.seal = lambda token: hostile.encrypt(token, whose, **header)

    return spoil


def twice_sealed(hostile: Hostile) -> None:
    hostile.seal = lambda token: hostile.encrypt(hostile.encrypt(token))


def broken_seal(hostile: Hostile) -> Callable[[str], str]:
    def broken(token: str) -> str:
        head, key, vector, _content, tag = hostile.encrypt(token).split(".")
        return f"{head}.{key}.{vector}.{segment('other')}.{tag}"

    return broken


UNKNOWN = "ID token's key is not among the provider's current keys"

TOKENS: list[tuple[str, Spoil, str]] = [
    # whose word it is
    ("a stranger's key", signed_by_stranger, "ID token does not open (BadSignatureError)"),
    ("the key in its own header", signed_by_the_key_in_its_header, "ID token does not open (BadSignatureError)"),
    ("the public key as a secret", signed_with_our_public_key_as_secret, "ID token is not signed RS256"),
    ("no signature", unsigned, "ID token is not signed RS256"),
    ("PS256", signed_with("PS256"), "ID token is not signed RS256"),
    ("RS512", signed_with("RS512"), "ID token is not signed RS256"),
    ("changed claims", tampered, "ID token does not open (BadSignatureError)"),
    ("an unknown key id", head(kid="other"), UNKNOWN),
    ("no key id among two keys", two_keys_and_no_kid, UNKNOWN),
    ("an encryption key", key_of_another_use(use="enc"), UNKNOWN),
    ("a key for another algorithm", key_of_another_use(alg="PS256"), UNKNOWN),
    ("a key for another operation", key_of_another_use(key_ops=["encrypt"]), UNKNOWN),
    ("no keys at all", lambda hostile: hostile.keys.clear(), UNKNOWN),
    # its form
    ("a critical extension", head(crit=["exp"], exp=1), "ID token's header asks for an extension"),
    ("another type of token", head(typ="at+jwt"), "a token of another type"),
    ("a key id that is no text", head(kid=7), "ID token's header is broken"),
    ("a claim twice", doubled_claim, "ID token does not open (InvalidPayloadError)"),
    ("a header member twice", doubled_header, "ID token's header is broken"),
    ("claims that are a list", claims_that_are_a_list, "ID token does not open (InvalidPayloadError)"),
    ("claims without a floor", deep_claims, "unexpected RecursionError"),
    ("five parts", lambda hostile: setattr(hostile, "wrap", lambda token: token + ".a.b"), "not a plain signed"),
    ("a token that is a number", lambda hostile: setattr(hostile, "seal", lambda token: 7), "gave no ID token"),
    ("a token that is null", lambda hostile: setattr(hostile, "seal", lambda token: None), "gave no ID token"),
    ("a token beyond ASCII", lambda hostile: setattr(hostile, "seal", lambda token: token + "ä"), "gave no ID token"),
    ("a token without end", lambda hostile: setattr(hostile, "seal", lambda token: "a" * 98_305), "gave no ID token"),
    # its wrapping
    ("no encryption", lambda hostile: setattr(hostile, "seal", lambda token: token), "ID token is not encrypted"),
    ("a stranger's encryption", sealed(key=True), "no key of ours opens the ID token"),
    ("RSA1_5", sealed(alg="RSA1_5"), "wrapped in another way"),
    ("A256GCM", sealed(enc="A256GCM"), "wrapped in another way"),
    ("squeezed small", sealed(zip="DEF"), "wrapped in another way"),
    ("another issuer outside", sealed(iss="https://other.example"), "header and claims disagree"),
    ("another audience outside", sealed(aud="stranger"), "header and claims disagree"),
    ("encrypted twice", twice_sealed, "ID token is not a plain signed token"),
    ("a broken seal", lambda hostile: setattr(hostile, "seal", broken_seal(hostile)), "no key of ours opens"),
    ("a wrapping that is no JSON", lambda hostile: setattr(hostile, "seal", lambda token: "e30x.a.b.c.d"), "broken"),
    # who speaks, and to whom
    ("another issuer", change(iss="https://other.example"), "ID token: iss"),
    ("an issuer with a slash more", issuer_as(lambda issuer: issuer + "/"), "ID token: iss"),
    ("a list of issuers", issuer_as(lambda issuer: [issuer]), "ID token: iss"),
    ("no issuer", drop("iss"), "ID token: iss"),
    ("no subject", drop("sub"), "ID token: sub"),
    ("another audience", change(aud=["stranger"]), "ID token: aud"),
    ("another audience beside ours", change(aud=[CLIENT, "stranger"], azp=CLIENT), "ID token: aud"),
    ("an audience of others with our azp", change(aud=["stranger"], azp=CLIENT), "ID token: aud"),
    ("our audience twice", change(aud=[CLIENT, CLIENT]), "ID token: aud"),
    ("no audience", drop("aud"), "ID token: aud"),
    ("another authorised party", change(azp="stranger"), "ID token: azp"),
    ("an authorised party that is null", change(azp=None), "ID token: azp"),
    # which login
    ("another login's nonce", change(nonce="other"), "ID token: nonce"),
    ("no nonce", drop("nonce"), "ID token: nonce"),
    ("a nonce in a list", lambda hostile: hostile.claims.update(nonce=[hostile.nonce]), "ID token: nonce"),
    ("a nonce beyond ASCII", change(nonce="ä"), "ID token: nonce"),
    # when
    ("a token that ended", change(exp=lambda now: now - 31), "ID token: exp"),
    ("no end", drop("exp"), "ID token: exp"),
    ("an end that is text", change(exp="2999999999"), "ID token: exp"),
    ("an end that is true", change(exp=True), "ID token: exp"),
    ("an end at infinity", endless_expiry, "ID token does not open (InvalidPayloadError)"),
    ("a token from before the login", change(iat=lambda now: now - 33), "ID token: iat"),
    ("a token from the future", change(iat=lambda now: now + 33), "ID token: iat"),
    ("no time of issue", drop("iat"), "ID token: iat"),
    ("a token not valid yet", change(nbf=lambda now: now + 33), "ID token: nbf"),
    ("an earlier visit's sign-in", change(auth_time=lambda now: now - 33), "ID token: auth_time"),
    ("a sign-in in the future", change(auth_time=lambda now: now + 33), "ID token: auth_time"),
    ("no time of sign-in", drop("auth_time"), "ID token: auth_time"),
    ("a time of sign-in that is text", change(auth_time=lambda now: str(now)), "ID token: auth_time"),
    # how surely
    ("a level not accepted", change(acr="http://ftn.ficora.fi/2017/loatest3"), "ID token: acr"),
    ("a weaker level", change(acr="http://eidas.europa.eu/LoA/low"), "ID token: acr"),
    ("a list of levels", change(acr=[TEST_LEVEL]), "ID token: acr"),
    ("two levels in one text", change(acr=f"{TEST_LEVEL} {TEST_LEVEL}"), "ID token: acr"),
    ("no level", drop("acr"), "ID token: acr"),
    # who
    ("no identity code", drop("personal_identity_code"), "no usable identifier of the person"),
    ("a code in lower case", change(personal_identity_code="131052-913a"), "not in the form"),
    ("a code with a wrong check character", change(personal_identity_code="040387-913X"), "no such"),
    ("a code that is a list", change(personal_identity_code=["040387-913W"]), "not in the form"),
    ("a code of the unborn", change(personal_identity_code="010199A9012", birthdate="2099-01-01"), "in the future"),
    ("another birth date", change(birthdate="1987-03-05"), "birth date and personal identity code disagree"),
    ("no birth date", drop("birthdate"), "no usable birth date"),
    ("a birth date in another form", change(birthdate="4.3.1987"), "no usable birth date"),
    ("no name", drop("given_name", "family_name"), "no name"),
    ("a name of control characters", change(given_name="\u202e\x00", family_name=" "), "no name"),
    ("a name that is a number", change(family_name=7), "a name that is no text"),
]
