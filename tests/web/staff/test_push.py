"""POST /push/<source>: a recording system's door. Its signature opens it, once for each call, and nothing else does."""

import hashlib
import hmac
import io
import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage, Headers
from werkzeug.test import EnvironBuilder, encode_multipart

from portal import wiring
from portal.services.harvest import harvest
from portal.services.receive_push import LARGEST_PUSH
from portal.web.app import Portal
from tests import make
from tests.make import Clock

SOUND = (Path(__file__).parents[2] / "data/audio/ulaw.wav").read_bytes()
KEY = b"k" * 40
CALL = {"call_uid": "c1", "start": "2026-06-01T09:00:00+03:00", "duration": "2", "caller": "0401234567",
        "service_number": "09 816 0011"}  # fmt: skip
PROFILE = 'id = "push"\ncontroller = "espoo"\nlisting = "push"\n[push]\nkey_file = "key"\n'


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, clock: Clock) -> Portal:
    folder = tmp_path / "sources" / "push"
    folder.mkdir(parents=True)
    (folder / "source.toml").write_text(PROFILE)
    (folder / "key").write_bytes(KEY + b"\n")
    (folder / "key").chmod(0o600)
    here = make.office(tmp_path, sqlite_url, clock, sources_dir=tmp_path / "sources")
    return wiring.create_app(make.settings(tmp_path, sqlite_url, sources_dir=tmp_path / "sources"), here)


def send(
    app: Portal, call: Any = CALL, sound: bytes = SOUND, to: str = "/push/push", **changes: str
) -> tuple[int, Any]:
    """Send a signed call; `changes` spoil what the sender's headers say."""
    told = call if isinstance(call, str) else json.dumps(call)
    boundary, body = encode_multipart({"call": told, "audio": FileStorage(io.BytesIO(sound), "a.wav")}, "x" * 30)
    at = changes.get("at") or str(int(app.office.now().timestamp()))
    key, digest = changes.get("key", "call-0000000000-1"), hashlib.sha256(body).hexdigest()
    signed = f"{at}\n{key}\n{changes.get('signed_digest', digest)}".encode()
    secret = changes.get("secret", KEY.decode()).encode()
    headers = Headers({
        "Kuuluu-Timestamp": at, "Idempotency-Key": key, "Kuuluu-Digest": changes.get("digest", digest),
        "Kuuluu-Signature": changes.get("signature", hmac.new(secret, signed, hashlib.sha256).hexdigest()),
    })  # fmt: skip
    builder = EnvironBuilder(
        to, method="POST", data=None, input_stream=io.BytesIO(body), headers=headers,
        content_type=f"multipart/form-data; boundary={boundary}", content_length=len(body),
    )  # fmt: skip
    answer = app.test_client().open(builder)
    return answer.status_code, answer.get_json()


def test_a_signed_call_is_taken_and_harvested(app: Portal) -> None:
    assert send(app) == (202, {"taken": "now"})
    assert harvest(app.office, "push") == (1, 0)
    assert "Set-Cookie" not in app.test_client().post("/push/push").headers


def test_the_same_call_again_is_answered_alike_and_taken_once(app: Portal) -> None:
    assert [send(app)[0] for _ in range(3)] == [202, 202, 202]
    assert send(app)[1] == {"taken": "before"}
    assert harvest(app.office, "push") == (1, 0)


def test_the_same_key_with_another_body_is_a_conflict(app: Portal) -> None:
    send(app)
    assert send(app, CALL | {"caller": "0407654321"})[0] == 409
    assert harvest(app.office, "push") == (1, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": "x" * 40}, {"signature": ""}, {"signature": "0" * 64}, {"digest": "0" * 64}, {"key": "short"},
        {"at": "1"}, {"at": "now"}, {"at": "-5"}, {"signature": "å"},
        {"digest": "0" * 64, "signed_digest": "0" * 64},
    ],
)  # fmt: skip
def test_what_is_not_signed_as_it_came_is_turned_away_alike(app: Portal, changes: dict[str, Any]) -> None:
    assert send(app, CALL, SOUND, **changes) == (401, {"error": "unproven"})
    assert harvest(app.office, "push") == (0, 0)


@pytest.mark.parametrize("to", ["/push/upload-espoo", "/push/nobody"])
def test_a_source_that_takes_nothing_answers_as_a_wrong_signature(app: Portal, to: str) -> None:
    assert send(app, to=to) == (401, {"error": "unproven"})


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_request_older_or_newer_than_five_minutes_is_turned_away(app: Portal, minutes: int) -> None:
    at = str(int(app.office.now().timestamp()) + 60 * minutes)
    assert send(app, at=at)[0] == 401


@pytest.mark.parametrize(
    ("call", "sound", "error"),
    [
        ("{", SOUND, "malformed"), ("[]", SOUND, "malformed"), ({}, SOUND, "bad_date"),
        (CALL | {"caller": ""}, SOUND, "no_number"), (CALL, b"<html></html>", "not_audio"), (CALL, b"", "empty"),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_used_is_refused_with_its_reason_and_may_come_again(
    app: Portal, call: Any, sound: bytes, error: str
) -> None:
    status, told = send(app, call, sound)
    assert (status, told["error"]) == (422, error)
    assert harvest(app.office, "push") == (0, 0)
    assert send(app, key="call-0000000000-2")[0] == 202


def test_a_body_over_the_limit_is_not_read(app: Portal) -> None:
    at = str(int(app.office.now().timestamp()))
    told = f"{at}\n{'k' * 20}\n{'0' * 64}".encode()
    answer = app.test_client().post(
        "/push/push", content_type="multipart/form-data; boundary=x", data=b"",
        headers={"Kuuluu-Timestamp": at, "Idempotency-Key": "k" * 20, "Kuuluu-Digest": "0" * 64,
                 "Kuuluu-Signature": hmac.new(KEY, told, hashlib.sha256).hexdigest()},
        environ_overrides={"CONTENT_LENGTH": str(LARGEST_PUSH + 1)},
    )  # fmt: skip
    assert answer.status_code == 413


def test_a_key_that_others_can_read_stops_the_start(app: Portal, tmp_path: Path, sqlite_url: str) -> None:
    (tmp_path / "sources/push/key").chmod(0o644)
    with pytest.raises(SystemExit, match="key: wants mode 0600"):
        make.office(tmp_path, sqlite_url, sources_dir=tmp_path / "sources")
