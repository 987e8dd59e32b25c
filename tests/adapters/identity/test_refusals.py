"""What must be refused: a provider that answers rightly but for one thing, each in a login of its own.

Every row begins with the same right answer, so a row can be refused for its own reason only; the reason is compared.
"""

import base64
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from werkzeug.wrappers import Request, Response

from portal.adapters.identity.oidc import ClaimNames, OidcIdentities, OidcSettings
from portal.domain.identity import (
    Assurance,
    Begun,
    Cancelled,
    Identified,
    Outcome,
    PendingLogin,
    Refused,
    Unreachable,
)
from tests.adapters.identity.conftest import Build
from tests.adapters.identity.peers import CALLBACK, CLIENT, TEST_LEVEL, Hostile, Parameters, as_json, raw_token, segment

Spoil = Callable[[Hostile], object]


def begin(identities: OidcIdentities, hostile: Hostile, at: datetime | None = None) -> PendingLogin:
    start = identities.begin("fi", "my-requests", at or datetime.now(UTC))
    assert isinstance(start, Begun), start
    hostile.nonce = start.pending.nonce
    return start.pending


def answer(pending: PendingLogin, **more: str) -> Parameters:
    return list({"code": "one-code", "state": pending.state, **more}.items())


def login(identities: OidcIdentities, hostile: Hostile) -> Outcome:
    pending = begin(identities, hostile)
    return identities.finish(answer(pending), "GET", pending, datetime.now(UTC))


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
    ("a token that is a number", lambda hostile: setattr(hostile, "wrap", lambda token: 7), "gave no ID token"),
    ("a token that is null", lambda hostile: setattr(hostile, "wrap", lambda token: None), "gave no ID token"),
    ("a token beyond ASCII", lambda hostile: setattr(hostile, "wrap", lambda token: token + "ä"), "gave no ID token"),
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


def test_the_right_answer_of_the_hostile_provider_enters(hostile: Hostile, adapter: Build) -> None:
    who = login(adapter(hostile.issuer), hostile)
    assert isinstance(who, Identified), who
    assert (who.subject_key, who.method) == ("hetu:040387-913W", "urn:bank:one")


@pytest.mark.parametrize(
    "spoil",
    [
        change(aud=CLIENT),
        change(azp=CLIENT),
        change(nbf=lambda now: now + 20),
        change(exp=lambda now: now - 20),
        change(iat=lambda now: now + 20),
        head(typ="application/jwt"),
        head(x5c=["A" * 2000], custom="ignored"),
        lambda hostile: hostile.header.pop("kid"),
        lambda hostile: hostile.header.pop("typ"),
    ],
)
def test_what_the_standard_allows_enters(spoil: Spoil, hostile: Hostile, adapter: Build) -> None:
    pending = begin(adapter(hostile.issuer), hostile)
    spoil(hostile)
    who = adapter(hostile.issuer).finish(answer(pending), "GET", pending, datetime.now(UTC))
    assert isinstance(who, Identified), who


@pytest.mark.parametrize(("spoil", "reason"), [row[1:] for row in TOKENS], ids=[row[0] for row in TOKENS])
def test_this_id_token_is_refused(spoil: Spoil, reason: str, hostile: Hostile, adapter: Build) -> None:
    identities = adapter(hostile.issuer)
    pending = begin(identities, hostile)
    spoil(hostile)
    outcome = identities.finish(answer(pending), "GET", pending, datetime.now(UTC))
    assert isinstance(outcome, Refused), outcome
    assert reason in outcome.reason
    assert "040387" not in outcome.reason
    assert pending.nonce not in outcome.reason


def with_iss(pending: PendingLogin, iss: str) -> Parameters:
    return answer(pending, iss=iss)


CALLBACKS: list[tuple[str, Callable[[PendingLogin], Parameters], str]] = [
    ("another state", lambda p: [("code", "c"), ("state", "other")], "another state"),
    ("no state", lambda p: [("code", "c")], "another state"),
    ("an empty state", lambda p: [("code", "c"), ("state", "")], "another state"),
    ("a state twice", lambda p: [*answer(p), ("state", p.state)], "parameter twice"),
    ("a code twice", lambda p: [*answer(p), ("code", "other")], "parameter twice"),
    ("a stranger's parameter twice", lambda p: [*answer(p), ("x", "1"), ("x", "2")], "parameter twice"),
    ("no code", lambda p: [("state", p.state)], "without a code"),
    ("an empty code", lambda p: answer(p, code=""), "without a code"),
    ("an endless code", lambda p: answer(p, code="c" * 2049), "without a code"),
    ("another issuer", lambda p: with_iss(p, "https://other.example"), "another issuer"),
    ("an empty issuer", lambda p: with_iss(p, ""), "another issuer"),
    ("another issuer's error", lambda p: answer(p, error="access_denied", iss="https://x.example"), "another issuer"),
    ("an error beside a code", lambda p: answer(p, error="invalid_scope"), "provider answered invalid_scope"),
    ("an empty error beside a code", lambda p: answer(p, error=""), "provider answered an error of its own"),
    ("somebody's own words", lambda p: answer(p, error="Eero 040387-913W"), "provider answered an error of its own"),
    ("half a letter", lambda p: answer(p, state="\ud800"), "unexpected UnicodeEncodeError"),
]


@pytest.mark.parametrize(("make", "reason"), [row[1:] for row in CALLBACKS], ids=[row[0] for row in CALLBACKS])
def test_this_callback_is_refused_before_anything_is_sent(
    make: Callable[[PendingLogin], Parameters], reason: str, hostile: Hostile, adapter: Build
) -> None:
    identities = adapter(hostile.issuer)
    pending = begin(identities, hostile)
    outcome = identities.finish(make(pending), "GET", pending, datetime.now(UTC))
    assert isinstance(outcome, Refused), outcome
    assert outcome.reason.endswith(reason)
    assert "/token" not in hostile.calls


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT"])
def test_a_callback_by_another_method_is_refused(method: str, hostile: Hostile, adapter: Build) -> None:
    identities = adapter(hostile.issuer)
    pending = begin(identities, hostile)
    assert isinstance(identities.finish(answer(pending), method, pending, datetime.now(UTC)), Refused)


@pytest.mark.parametrize(("minutes", "seconds"), [(10, 1), (24 * 60, 0), (-1, 0)])
def test_a_login_counts_for_ten_minutes(minutes: int, seconds: int, hostile: Hostile, adapter: Build) -> None:
    identities = adapter(hostile.issuer)
    pending = begin(identities, hostile)
    late = datetime.fromtimestamp(pending.sent_at, UTC) + timedelta(minutes=minutes, seconds=seconds)
    assert identities.finish(answer(pending), "GET", pending, late) == Refused("login begun too long ago")


@pytest.mark.parametrize("change", [{"id": "other"}, {"redirect_uri": CALLBACK + "2"}])
def test_a_login_begun_at_another_provider_is_refused(change: dict[str, str], hostile: Hostile, adapter: Build) -> None:
    pending = begin(adapter(hostile.issuer, **change), hostile)
    outcome = adapter(hostile.issuer).finish(answer(pending), "GET", pending, datetime.now(UTC))
    assert outcome == Refused("login begun at another provider")


def test_an_announced_issuer_must_be_there(hostile: Hostile, adapter: Build) -> None:
    hostile.metadata["authorization_response_iss_parameter_supported"] = True
    identities = adapter(hostile.issuer)
    assert login(identities, hostile) == Refused("callback without the announced issuer")
    pending = begin(identities, hostile)
    right = with_iss(pending, hostile.issuer)
    assert isinstance(identities.finish(right, "GET", pending, datetime.now(UTC)), Identified)


@pytest.mark.parametrize("error", ["access_denied", "cancel"])
def test_turning_back_is_no_refusal(error: str, hostile: Hostile, adapter: Build) -> None:
    identities = adapter(hostile.issuer)
    pending = begin(identities, hostile)
    assert identities.finish(answer(pending, error=error), "GET", pending, datetime.now(UTC)) == Cancelled()
    assert "/token" not in hostile.calls


@pytest.mark.parametrize("error", ["temporarily_unavailable", "server_error"])
def test_a_provider_that_says_it_is_away_is_away(error: str, hostile: Hostile, adapter: Build) -> None:
    identities = adapter(hostile.issuer)
    pending = begin(identities, hostile)
    outcome = identities.finish(answer(pending, error=error), "GET", pending, datetime.now(UTC))
    assert isinstance(outcome, Unreachable)


# The transport

BIG = "x" * (256 * 1024 + 1)
AWRY: list[tuple[str, Callable[[Request], Response]]] = [
    ("an error 500", lambda _: Response("", 500)),
    ("a 503 in JSON", lambda _: as_json({"error": "invalid_grant"}, 503)),
    ("a page of HTML", lambda _: Response("<html>Huoltokatko</html>", content_type="text/html")),
    ("JSON called HTML", lambda _: Response("{}", content_type="text/html")),
    ("a gateway's 403", lambda _: Response("<html>no</html>", 403, content_type="text/html")),
    ("a 404 in JSON", lambda _: as_json({}, 404)),
    ("broken JSON", lambda _: as_json('{"issuer": ')),
    ("a list", lambda _: as_json([])),
    ("JSON without a floor", lambda _: as_json("[" * 50_000)),
    ("a body too big", lambda _: as_json({"x": BIG})),
    ("a body squeezed small", lambda _: Response(b"\x1f\x8b", content_type="application/json",
                                                 headers={"Content-Encoding": "gzip"})),
    ("bytes of no alphabet", lambda _: Response(b"\xff\xfe{}", content_type="application/json")),
    ("nothing", lambda _: Response("", content_type="application/json")),
    *(
        (f"a redirect {status}", lambda _, status=status: Response("", status, headers={"Location": "/elsewhere-x"}))
        for status in (301, 302, 303, 307, 308)
    ),
]  # fmt: skip
AWRY_IDS = [row[0] for row in AWRY]


@pytest.mark.parametrize("reply", [row[1] for row in AWRY], ids=AWRY_IDS)
@pytest.mark.parametrize("path", ["/jwks", "/token"])
def test_a_provider_that_does_not_speak_as_agreed_is_unreachable(
    path: str, reply: Callable[[Request], Response], hostile: Hostile, adapter: Build
) -> None:
    hostile.replies[path] = reply
    outcome = login(adapter(hostile.issuer), hostile)
    assert isinstance(outcome, Unreachable), outcome
    assert hostile.calls.count(path) == 1
    assert "/elsewhere-x" not in hostile.calls


@pytest.mark.parametrize("reply", [row[1] for row in AWRY], ids=AWRY_IDS)
def test_a_login_does_not_begin_on_broken_metadata(
    reply: Callable[[Request], Response], hostile: Hostile, adapter: Build
) -> None:
    hostile.replies["/.well-known/openid-configuration"] = reply
    outcome = adapter(hostile.issuer).begin("fi", "front", datetime.now(UTC))
    assert isinstance(outcome, Unreachable), outcome
    assert len(hostile.calls) == 1


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "http://broker.example/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "//broker.example/authorize"},
        {"authorization_endpoint": "https://user:word@broker.example/authorize"},
        {"authorization_endpoint": "https://broker.example/authorize\r\nX: y"},
        {"jwks_uri": ["https://broker.example/jwks"]},
        {"jwks_uri": "http://[::1/jwks"},
    ],
)
def test_metadata_that_points_astray_is_not_believed(
    metadata: dict[str, Any], hostile: Hostile, adapter: Build
) -> None:
    hostile.metadata = metadata
    assert isinstance(adapter(hostile.issuer).begin("fi", "front", datetime.now(UTC)), Unreachable)


def test_doubled_members_of_the_token_answer_are_not_believed(hostile: Hostile, adapter: Build) -> None:
    hostile.replies["/token"] = lambda _: as_json(f'{{"id_token": "{hostile.token()}", "id_token": "x"}}')
    assert isinstance(login(adapter(hostile.issuer), hostile), Unreachable)


def test_an_id_token_beside_an_error_is_not_believed(hostile: Hostile, adapter: Build) -> None:
    hostile.replies["/token"] = lambda _: as_json({"error": "invalid_grant", "id_token": hostile.token()}, 400)
    assert login(adapter(hostile.issuer), hostile) == Refused("token endpoint: invalid_grant")
    hostile.replies["/token"] = lambda _: as_json({"id_token": hostile.token()}, 400)
    assert isinstance(login(adapter(hostile.issuer), hostile), Unreachable)


def test_the_token_endpoints_own_words_stay_out_of_the_log(hostile: Hostile, adapter: Build) -> None:
    hostile.replies["/token"] = lambda _: as_json({"error": "Eero 040387-913W", "error_description": "Eero"}, 400)
    assert login(adapter(hostile.issuer), hostile) == Refused("token endpoint: an error of its own")


def test_an_answer_without_an_id_token_is_refused(hostile: Hostile, adapter: Build) -> None:
    hostile.replies["/token"] = lambda _: as_json({"access_token": "x", "token_type": "Bearer"})
    assert login(adapter(hostile.issuer), hostile) == Refused("token endpoint gave no ID token")


def test_a_provider_that_is_down_is_unreachable(adapter: Build) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        issuer = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert adapter(issuer).begin("fi", "front", datetime.now(UTC)) == Unreachable("ConnectionError")


@pytest.mark.parametrize(
    "bait",
    [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"],
    ids=["silent", "dripping its head", "dripping its body"],
)
def test_a_slow_provider_is_unreachable_at_the_deadline(bait: bytes, adapter: Build) -> None:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            visitor, _ = server.accept()
            with visitor:
                visitor.sendall(bait)
                while bait and not over.wait(0.05):
                    try:
                        visitor.sendall(b" ")
                    except OSError:
                        return
                over.wait(5)

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        outcome = adapter(f"http://127.0.0.1:{server.getsockname()[1]}", timeout=0.3).begin(
            "fi", "front", datetime.now(UTC)
        )
        took = time.monotonic() - began
        over.set()
        thread.join()
    assert isinstance(outcome, Unreachable)
    assert took < 0.8


def test_an_answer_cut_short_is_unreachable(adapter: Build) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def cut() -> None:
            visitor, _ = server.accept()
            with visitor:
                visitor.recv(65536)
                visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")

        thread = threading.Thread(target=cut)
        thread.start()
        outcome = adapter(f"http://127.0.0.1:{server.getsockname()[1]}").begin("fi", "front", datetime.now(UTC))
        thread.join()
    assert isinstance(outcome, Unreachable)


# Keys and metadata over time


def test_metadata_is_kept_for_an_hour(hostile: Hostile, adapter: Build) -> None:
    identities, start = adapter(hostile.issuer), datetime.now(UTC)
    for minutes, fetched in ((0, 1), (59, 1), (60, 2), (61, 2)):
        begin(identities, hostile, start + timedelta(minutes=minutes))
        assert hostile.calls.count("/.well-known/openid-configuration") == fetched


def at(identities: OidcIdentities, hostile: Hostile, moment: datetime) -> Outcome:
    """A whole login at another moment than now."""
    pending = begin(identities, hostile, moment)
    seconds = int(moment.timestamp())
    hostile.claims = {"iat": seconds, "exp": seconds + 120, "auth_time": seconds}
    return identities.finish(answer(pending), "GET", pending, moment)


def test_keys_are_kept_for_five_minutes_and_a_withdrawn_one_ends_with_them(hostile: Hostile, adapter: Build) -> None:
    identities, start = adapter(hostile.issuer), datetime.now(UTC)
    assert isinstance(at(identities, hostile, start), Identified)
    hostile.keys = [hostile.public(hostile.foreign)]
    assert isinstance(at(identities, hostile, start + timedelta(seconds=299)), Identified)
    assert hostile.calls.count("/jwks") == 1
    assert at(identities, hostile, start + timedelta(seconds=300)) == Refused(UNKNOWN)


def test_unknown_key_ids_fetch_the_keys_once_in_ten_seconds(hostile: Hostile, adapter: Build) -> None:
    identities, start = adapter(hostile.issuer), datetime.now(UTC)
    assert isinstance(at(identities, hostile, start), Identified)
    hostile.header["kid"] = "other"
    for seconds, fetched in ((1, 2), (2, 2), (10, 2), (11, 3)):
        assert at(identities, hostile, start + timedelta(seconds=seconds)) == Refused(UNKNOWN)
        assert hostile.calls.count("/jwks") == fetched


def test_a_clock_set_back_revives_no_keys(hostile: Hostile, adapter: Build) -> None:
    identities, start = adapter(hostile.issuer), datetime.now(UTC)
    assert isinstance(at(identities, hostile, start), Identified)
    hostile.keys = []
    assert at(identities, hostile, start - timedelta(days=1)) == Refused(UNKNOWN)


# What we send and what we take


def test_the_token_request_holds_code_verifier_and_our_own_assertion(
    hostile: Hostile, adapter: Build, client_key: Any
) -> None:
    identities = adapter(hostile.issuer)
    pending = begin(identities, hostile)
    identities.finish(answer(pending), "GET", pending, datetime.now(UTC))
    [form] = hostile.forms
    proof = jwt.decode(form["client_assertion"], client_key)
    assert form == {
        "grant_type": "authorization_code",
        "code": "one-code",
        "code_verifier": pending.verifier,
        "redirect_uri": CALLBACK,
        "client_id": CLIENT,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": form["client_assertion"],
    }
    assert proof.claims["aud"] == f"{hostile.issuer}/token"
    assert (proof.claims["iss"], proof.claims["sub"]) == (CLIENT, CLIENT)
    assert proof.claims["exp"] - proof.claims["iat"] == 120


def test_names_come_clean_and_whole(hostile: Hostile, adapter: Build) -> None:
    hostile.claims = {"given_name": " A\u030ake-Øystein\u202e ", "family_name": "O'Testinen\x00  af  Malli"}
    who = login(adapter(hostile.issuer), hostile)
    assert isinstance(who, Identified)
    assert (who.given, who.family) == ("Åke-Øystein", "O'Testinen af Malli")


ABROAD = ClaimNames("personal_identity_code", "given_name", "family_name", "birthdate", foreign="eidas_id")


def test_a_person_from_abroad_is_known_by_the_eidas_identifier(hostile: Hostile, adapter: Build) -> None:
    hostile.dropped, hostile.claims = {"personal_identity_code"}, {"eidas_id": "EE/FI/Ab-123/4"}
    who = login(adapter(hostile.issuer, claims=ABROAD), hostile)
    assert isinstance(who, Identified)
    assert (who.subject_key, who.code, who.born) == ("eidas:EE/FI/Ab-123/4", None, date(1987, 3, 4))


@pytest.mark.parametrize("value", [None, "", "123", "EE/SE/123", "EE/FI/", "ee/FI/123", "EE/FI/1 2", ["EE/FI/1"]])
def test_an_eidas_identifier_in_another_form_is_refused(value: Any, hostile: Hostile, adapter: Build) -> None:
    hostile.dropped, hostile.claims = {"personal_identity_code"}, {"eidas_id": value}
    assert login(adapter(hostile.issuer, claims=ABROAD), hostile) == Refused("no usable identifier of the person")


@pytest.mark.parametrize("amr", [None, [], ["a", "b"], [7], 7, {"a": 1}, "two words", "x" * 201])
def test_a_method_that_is_not_named_is_the_provider(amr: Any, hostile: Hostile, adapter: Build) -> None:
    hostile.claims = {"amr": amr}
    who = login(adapter(hostile.issuer), hostile)
    assert isinstance(who, Identified)
    assert who.method == "demo"


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "http://broker.example"},
        {"issuer": "broker.example"},
        {"redirect_uri": "http://portal.example/login/x/callback"},
        {"client_id": ""},
        {"accepted": frozenset()},
        {"accepted": frozenset({"loa2"})},
        {"scope": "profile"},
    ],
)
def test_settings_that_can_never_be_right_stop_the_start(change: dict[str, Any], adapter: Build) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        adapter(**({"issuer": "https://broker.example"} | change))


def test_demo_settings_are_unfit_for_production_with_their_reasons() -> None:
    demo = OidcSettings("demo", "http://127.0.0.1:1", CLIENT, CALLBACK, frozenset({TEST_LEVEL}), "openid",
                        allow_temporary_codes=True)  # fmt: skip
    real = OidcSettings("op", "https://broker.example", CLIENT, "https://portal.example/cb",
                        frozenset({Assurance.SUBSTANTIAL.value}))  # fmt: skip
    assert len(demo.unfit_for_production()) == 4
    assert real.unfit_for_production() == []
