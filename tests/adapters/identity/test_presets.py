"""Where brokers differ: OP's endpoints on paper and its signed keys, Telia's text on interruptions, claim names."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.wrappers import Request, Response

from portal.adapters.identity.ftn import FtnIdentities
from portal.adapters.identity.maintenance import Maintenance
from portal.adapters.identity.presets import PRESETS, Paths
from portal.adapters.identity.signed_keys import load_entity_keys
from portal.domain.identity import Begun, Identified, Outcome, Unreachable
from tests.adapters.identity.conftest import Build
from tests.adapters.identity.peers import Hostile, as_json

OP_SIGNED = {"signed_keys": True, "paths": Paths("/oauth/authorize", "/oauth/token", "/jwks/broker-signed")}


def login(identities: FtnIdentities, hostile: Hostile) -> Outcome:
    start = identities.begin("fi", "my-requests", datetime.now(UTC))
    assert isinstance(start, Begun), start
    hostile.nonce = start.pending.nonce
    answer = [("code", "one-code"), ("state", start.pending.state)]
    return identities.finish(answer, "GET", start.pending, datetime.now(UTC))


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_each_brokers_claim_names_give_the_same_person(name: str, hostile: Hostile, adapter: Build) -> None:
    names = PRESETS[name].claims
    person = hostile.person()
    hostile.dropped = {"given_name", "family_name", "birthdate", "personal_identity_code"}
    given = {names.code: person["personal_identity_code"], names.given: "Eero", names.family: "Esimerkkilä"}
    hostile.claims = given | ({names.born: "1987-03-04"} if names.born else {})
    hostile.dropped -= set(hostile.claims)
    who = login(adapter(hostile.issuer, preset={"claims": names}), hostile)
    assert isinstance(who, Identified), who
    assert (who.subject_key, who.given, who.family) == ("hetu:040387-913W", "Eero", "Esimerkkilä")


# OP: endpoints on paper, keys signed by the entity key


@pytest.fixture(scope="module")
def entity() -> RSAKey:
    key = RSAKey.generate_key(2048, private=True)
    key.ensure_kid()
    return key


def public(key: RSAKey) -> RSAKey:
    return RSAKey.import_key(key.as_dict(private=False))


def signed(hostile: Hostile, entity: RSAKey, **changes: Any) -> Callable[[Request], Response]:
    """The broker's keys as its entity vouches for them."""

    def reply(_request: Request) -> Response:
        now = int(datetime.now(UTC).timestamp())
        claims = {"iss": hostile.issuer, "sub": hostile.issuer, "iat": now, "exp": now + 3600, "keys": hostile.keys}
        text = jwt.encode({"alg": "RS256", "kid": entity.kid, "typ": "JWS"}, claims | changes, entity, ["RS256"])
        return Response(text, content_type="application/jwk-set+jwt")

    return reply


def at_op(hostile: Hostile, adapter: Build, entity: RSAKey, *more: RSAKey) -> FtnIdentities:
    hostile.replies["/oauth/token"] = hostile.at_token
    return adapter(hostile.issuer, entity_keys=(*more, public(entity)), preset=OP_SIGNED)


def test_keys_that_the_entity_key_vouches_for_are_believed(hostile: Hostile, adapter: Build, entity: RSAKey) -> None:
    hostile.replies["/jwks/broker-signed"] = signed(hostile, entity)
    outcome = login(at_op(hostile, adapter, entity), hostile)
    assert isinstance(outcome, Identified), outcome
    assert "/.well-known/openid-configuration" not in hostile.calls, "OP forbids asking it for metadata by programme"


def test_the_old_entity_key_may_stand_beside_the_new(hostile: Hostile, adapter: Build, entity: RSAKey) -> None:
    hostile.replies["/jwks/broker-signed"] = signed(hostile, entity)
    assert isinstance(login(at_op(hostile, adapter, entity, public(hostile.foreign)), hostile), Identified)


PAST = {"iat": 1_700_000_000, "exp": 1_700_003_600}
UNVOUCHED: list[tuple[str, Callable[[Hostile, RSAKey], Callable[[Request], Response]]]] = [
    ("a stranger's signature", lambda h, e: signed(h, h.foreign)),
    ("plain keys", lambda h, e: lambda _: as_json({"keys": h.keys})),
    ("plain keys of the right type", lambda h, e: lambda _: Response("{}", content_type="application/jwk-set+jwt")),
    ("another issuer's keys", lambda h, e: signed(h, e, iss="https://other.example")),
    ("another subject's keys", lambda h, e: signed(h, e, sub="https://other.example")),
    ("yesterday's keys", lambda h, e: signed(h, e, **PAST)),
    ("keys without an end", lambda h, e: signed(h, e, exp="never")),
    ("keys from the future", lambda h, e: signed(h, e, iat=4_000_000_000, exp=4_000_003_600)),
    ("no keys in it", lambda h, e: signed(h, e, keys="none")),
]


@pytest.mark.parametrize("make", [row[1] for row in UNVOUCHED], ids=[row[0] for row in UNVOUCHED])
def test_keys_that_nobody_vouches_for_are_not_believed(
    make: Any, hostile: Hostile, adapter: Build, entity: RSAKey
) -> None:
    hostile.replies["/jwks/broker-signed"] = make(hostile, entity)
    assert isinstance(login(at_op(hostile, adapter, entity), hostile), Unreachable)


def test_a_broker_with_signed_keys_wants_its_entity_key_and_no_other_broker_does(
    hostile: Hostile, adapter: Build, entity: RSAKey
) -> None:
    with pytest.raises(ValueError, match="entity_key: wanted"):
        adapter(hostile.issuer, preset=OP_SIGNED)
    with pytest.raises(ValueError, match="entity_key: not used"):
        adapter(hostile.issuer, entity_keys=(entity,))


@pytest.mark.parametrize("form", ["pem", "jwk", "set"])
def test_the_entity_key_is_read_in_each_form_it_may_come_in(form: str, tmp_path: Path, entity: RSAKey) -> None:
    jwk = entity.as_dict(private=False)
    text = {"pem": entity.as_pem(private=False).decode(), "jwk": json.dumps(jwk), "set": json.dumps({"keys": [jwk]})}
    file = tmp_path / "op.pem"
    file.write_text(text[form])
    assert [key.thumbprint() for key in load_entity_keys(file)] == [entity.thumbprint()]


@pytest.mark.parametrize("content", [None, "", "{}", "[]", "-----BEGIN nothing", '{"keys": []}', "ä"])
def test_a_file_without_an_entity_key_stops_the_start_with_its_name(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "op.pem"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"op\.pem"):
        load_entity_keys(file)


def test_a_private_entity_key_is_refused(tmp_path: Path, entity: RSAKey) -> None:
    file = tmp_path / "op.pem"
    file.write_bytes(entity.as_pem(private=True))
    with pytest.raises(ValueError, match="public"):
        load_entity_keys(file)


# Telia: a text on interruptions


def text(
    content: str | bytes, kind: str = "text/plain; charset=utf-8", status: int = 200
) -> Callable[[Request], Response]:
    return lambda _: Response(content, status, content_type=kind)


def test_the_text_on_interruptions_comes_in_the_persons_language(hostile: Hostile, adapter: Build) -> None:
    hostile.replies["/uas/resource/maintenance.txt"] = text("Huolto su 3–5|Underhåll sö 3–5|Maintenance Sun 3–5")
    identities = adapter(hostile.issuer, preset={"maintenance": PRESETS["telia"].maintenance})
    now = datetime.now(UTC)
    found = [identities.notice(language, now) for language in ("fi", "sv", "en")]
    assert found == ["Huolto su 3–5", "Underhåll sö 3–5", "Maintenance Sun 3–5"]
    assert hostile.calls.count("/uas/resource/maintenance.txt") == 1, "asked once in five minutes"
    identities.notice("fi", now + timedelta(minutes=6))
    assert hostile.calls.count("/uas/resource/maintenance.txt") == 2
    assert adapter(hostile.issuer).notice("fi", now) is None, "brokers without one are not asked"


@pytest.mark.parametrize(
    "reply",
    [text(""), text("||"), text("a|b"), text("a|b|c|d"), text("a|b|c", "text/html"), text("a|b|c", status=404),
     text(b"\xff|\xff|\xff"), text("x" * 300_000), text("\x00\u202e|\u200b|\x07")],
)  # fmt: skip
def test_a_text_of_another_form_says_nothing(reply: Any, hostile: Hostile) -> None:
    hostile.replies["/maintenance.txt"] = reply
    assert Maintenance(hostile.issuer, "/maintenance.txt").text("fi", 0) is None


def test_a_text_is_plain_and_bounded(hostile: Hostile) -> None:
    hostile.replies["/maintenance.txt"] = text("<b>Huolto</b>\r\n\u202eon" + "n" * 1000 + "|b|c")
    found = Maintenance(hostile.issuer, "/maintenance.txt").text("fi", 0)
    assert found is not None
    assert found.startswith("<b>Huolto</b> on")
    assert len(found) == 600
