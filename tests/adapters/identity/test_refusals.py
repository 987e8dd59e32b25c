"""What must be refused: a provider that answers rightly but for one thing, each in a login of its own.

Every row begins with the same right answer, so a row can be refused for its own reason only; the reason is compared.
"""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request, Response

from portal.adapters.identity.client_keys import ClientKeys
from portal.adapters.identity.ftn import FtnIdentities, FtnSettings
from portal.adapters.identity.presets import PRESETS
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
from tests.adapters.identity.door import AT, COUNTED, ENTERED, NOTHING, Door, Visitor, portal_at, refused_page
from tests.adapters.identity.hostile_rows import TOKENS, UNKNOWN, Spoil, change, head
from tests.adapters.identity.peers import CALLBACK, CLIENT, TEST_LEVEL, Hostile, Parameters, as_json


def begin(identities: FtnIdentities, hostile: Hostile, at: datetime | None = None) -> PendingLogin:
    start = identities.begin("fi", "my-requests", at or datetime.now(UTC))
    assert isinstance(start, Begun), start
    hostile.nonce = start.pending.nonce
    return start.pending


def answer(pending: PendingLogin, **more: str) -> Parameters:
    return list({"code": "one-code", "state": pending.state, **more}.items())


def login(identities: FtnIdentities, hostile: Hostile) -> Outcome:
    pending = begin(identities, hostile)
    return identities.finish(answer(pending), "GET", pending, datetime.now(UTC))


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


# Through the real callback, each in a fresh browser


@pytest.fixture(scope="module")
def door(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, client_key: Path, _hostile_server: Hostile
) -> Iterator[Door]:
    """A portal whose one broker is the hostile one."""
    with portal_at(tmp_path_factory.mktemp("door"), sqlite_template, client_key, _hostile_server.issuer) as made:
        yield made


@pytest.fixture(autouse=True)
def _nothing_kept(request: pytest.FixtureRequest) -> None:
    """The portal believes nothing of what the last row's broker said."""
    if "door" in request.fixturenames:
        provider = request.getfixturevalue("door").office.identities["demo"]._provider
        provider._metadata = provider._keys = provider._refetched = None


def at_the_door(door: Door, hostile: Hostile, row: int) -> Visitor:
    """A fresh browser with a sign-in under way, the rows taking turns in the languages."""
    visitor = door.visitor(("fi", "sv", "en")[row % 3])
    assert visitor.begin().status_code == ENTERED
    hostile.nonce = visitor.asked["nonce"]
    return visitor


def turned_away(
    visitor: Visitor, answer: TestResponse, cause: str, caplog: pytest.LogCaptureFixture, status: int = 400
) -> None:
    """A calm page with a number that stands in the log beside the cause; and no trace of success."""
    COUNTED["rows"] += 1
    page, reference = refused_page(answer, visitor.language)
    assert page.status == status
    [line] = [vars(record) for record in caplog.records if record.name == "portal.web"]
    assert line["trace"] == reference
    assert cause in line["fault"], line["fault"]
    assert cause not in page.body
    for secret in ("040387", "Eero", "Esimerkkilä", visitor.asked["nonce"], visitor.asked["state"], "one-code", "eyJ"):
        assert secret not in str(line)
    assert not visitor.inside
    assert visitor.door.traces() == NOTHING


@pytest.mark.parametrize(
    ("row", "spoil", "reason"), [(n, *one[1:]) for n, one in enumerate(TOKENS)], ids=[one[0] for one in TOKENS]
)
def test_this_id_token_is_refused(
    row: int, spoil: Spoil, reason: str, hostile: Hostile, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = at_the_door(door, hostile, row)
    spoil(hostile)
    turned_away(visitor, visitor.back(), reason, caplog)


def test_the_right_answer_comes_in_through_the_callback(
    hostile: Hostile, tmp_path: Path, sqlite_template: Path, client_key: Path
) -> None:
    with portal_at(tmp_path, sqlite_template, client_key, hostile.issuer) as door:
        visitor = at_the_door(door, hostile, 0)
        answer = visitor.back()
        assert (answer.status_code, answer.headers["Location"]) == (ENTERED, f"/fi/{AT}/request/right")
        assert visitor.inside
        assert door.traces() == {"sessions": 1, "people": 0, "events": 0}


CALLBACKS: list[tuple[str, Callable[[Visitor], Any], str]] = [
    ("another state", lambda v: v.answer(state="other"), "no such sign-in under way"),
    ("no state", lambda v: [("code", "c")], "not one state"),
    ("an empty state", lambda v: v.answer(state=""), "no such sign-in under way"),
    ("a state twice", lambda v: [*v.answer(), ("state", v.asked["state"])], "not one state"),
    ("a code twice", lambda v: [*v.answer(), ("code", "other")], "parameter twice"),
    ("a stranger's parameter twice", lambda v: [*v.answer(), ("x", "1"), ("x", "2")], "parameter twice"),
    ("no code", lambda v: [("state", v.asked["state"])], "without a code"),
    ("an empty code", lambda v: v.answer(code=""), "without a code"),
    ("an endless code", lambda v: v.answer(code="c" * 2049), "without a code"),
    ("another issuer", lambda v: v.answer(iss="https://other.example"), "another issuer"),
    ("an empty issuer", lambda v: v.answer(iss=""), "another issuer"),
    ("another issuer's error", lambda v: v.answer(error="access_denied", iss="https://x.example"), "another issuer"),
    ("an error beside a code", lambda v: v.answer(error="invalid_scope"), "provider answered invalid_scope"),
    ("an empty error beside a code", lambda v: v.answer(error=""), "provider answered an error of its own"),
    ("somebody's own words", lambda v: v.answer(error="Eero 040387-913W"), "provider answered an error of its own"),
    ("turning back", lambda v: v.answer(error="access_denied"), "turned back at the provider"),
    ("bytes that are no text", lambda v: f"code=%ff&state={v.asked['state']}%ff", "no such sign-in under way"),
    ("nothing at all", lambda v: "", "not one state"),
]


@pytest.mark.parametrize(
    ("row", "make", "reason"), [(n, *one[1:]) for n, one in enumerate(CALLBACKS)], ids=[one[0] for one in CALLBACKS]
)
def test_this_callback_is_refused_before_anything_is_sent(
    row: int, make: Callable[[Visitor], Any], reason: str, hostile: Hostile, door: Door,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    visitor = at_the_door(door, hostile, row)
    turned_away(visitor, visitor.back(make(visitor)), reason, caplog)
    assert "/token" not in hostile.calls


def test_an_announced_issuer_must_come_back(hostile: Hostile, door: Door, caplog: pytest.LogCaptureFixture) -> None:
    hostile.metadata["authorization_response_iss_parameter_supported"] = True
    visitor = at_the_door(door, hostile, 0)
    turned_away(visitor, visitor.back(), "callback without the announced issuer", caplog)


def test_an_answer_in_another_browser_is_refused_and_spends_nothing(
    hostile: Hostile, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = at_the_door(door, hostile, 0)
    stranger = door.visitor()
    stranger.asked = visitor.asked
    turned_away(stranger, stranger.back(), "no session", caplog)
    caplog.clear()
    other = at_the_door(door, hostile, 1)
    turned_away(other, other.back(visitor.answer()), "no such sign-in under way", caplog)
    caplog.clear()
    hostile.nonce = visitor.asked["nonce"]
    hostile.claims["acr"] = "low"
    turned_away(visitor, visitor.back(), "ID token: acr", caplog)


def test_an_answer_counts_once(hostile: Hostile, door: Door, caplog: pytest.LogCaptureFixture) -> None:
    visitor = at_the_door(door, hostile, 2)
    hostile.claims["acr"] = "low"
    turned_away(visitor, visitor.back(), "ID token: acr", caplog)
    caplog.clear()
    hostile.claims.clear()
    turned_away(visitor, visitor.back(), "no such sign-in under way", caplog)
    assert hostile.calls.count("/token") == 1


@pytest.mark.parametrize("minutes", [10, 25, -2])
def test_an_answer_that_comes_too_late_or_before_its_question_is_refused(
    minutes: int, hostile: Hostile, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = at_the_door(door, hostile, minutes)
    door.clock.by = timedelta(minutes=minutes)
    try:
        reason = {-2: "login begun too long ago", 10: "no such sign-in under way", 25: "no session"}[minutes]
        turned_away(visitor, visitor.back(), reason, caplog)
    finally:
        door.clock.by = timedelta(0)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_callback_by_another_method_is_no_page_at_all(method: str, hostile: Hostile, door: Door) -> None:
    visitor = at_the_door(door, hostile, 0)
    assert visitor.back(method=method).status_code in (400, 404)
    assert not visitor.inside
    assert "/token" not in hostile.calls


def test_a_head_request_signs_nobody_in(hostile: Hostile, door: Door) -> None:
    visitor = at_the_door(door, hostile, 0)
    assert visitor.back(method="HEAD").status_code == 400
    assert "/token" not in hostile.calls
    assert door.traces() == NOTHING


def test_an_answer_at_another_providers_address_is_refused(hostile: Hostile, door: Door) -> None:
    visitor = at_the_door(door, hostile, 0)
    answer = visitor.client.get(f"/login/other/callback?{urlencode(visitor.answer())}")
    assert answer.status_code == 404
    assert "/token" not in hostile.calls


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded", "Referer"])
def test_no_header_decides_where_the_browser_comes_back(header: str, hostile: Hostile, door: Door) -> None:
    visitor = door.visitor()
    value = "host=evil.example" if header == "Forwarded" else "evil.example"
    visitor.client.environ_base[f"HTTP_{header.upper().replace('-', '_')}"] = value
    visitor.client.get(f"/fi/{AT}/sign-in?to=//evil.example/")
    visitor.begin()
    assert visitor.asked["redirect_uri"] == CALLBACK


def test_of_two_tabs_the_later_one_comes_in(
    hostile: Hostile, tmp_path: Path, sqlite_template: Path, client_key: Path
) -> None:
    with portal_at(tmp_path, sqlite_template, client_key, hostile.issuer) as door:
        visitor = at_the_door(door, hostile, 0)
        earlier = visitor.answer()
        visitor.begin()
        hostile.nonce = visitor.asked["nonce"]
        assert visitor.back().status_code == ENTERED
        assert visitor.back(earlier).status_code == 400
        assert visitor.inside, "the other tab's end does not end this session"


def test_a_hundred_abandoned_sign_ins_grow_neither_cookie_nor_table(hostile: Hostile, door: Door) -> None:
    visitor = door.visitor()
    page = visitor.client.get(f"/fi/{AT}/sign-in").get_data(as_text=True)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    before = door.count("SELECT count(*) FROM pending_login")
    for _ in range(100):
        visitor.client.post(f"/fi/{AT}/sign-in/demo", data={"csrf_token": token})
    assert door.count("SELECT count(*) FROM pending_login") - before <= 5
    cookie = visitor.client.get_cookie("kuuluu")
    assert cookie is not None
    assert len(cookie.value) < 100
    assert "Set-Cookie" not in visitor.begin().headers or len(visitor.begin().headers["Set-Cookie"]) < 4096


# A broker that is away, through the real callback


def endless(_request: Request) -> Response:
    """A gigabyte of keys."""
    return Response((b'{"keys": [' + b" " * 65_526 for _ in range(16_384)), content_type="application/json")


def slow(_request: Request) -> Response:
    time.sleep(0.8)
    return as_json({})


AWAY: list[tuple[str, Callable[[Request], Response], str]] = [
    ("HTML instead of JSON", lambda _: Response("<html>Huoltokatko</html>", content_type="text/html"), "not JSON"),
    ("an error 500", lambda _: Response("", 500), "HTTP 500"),
    ("a redirect elsewhere", lambda _: Response("", 307, headers={"Location": "http://127.0.0.1:9/x"}), "redirect"),
    ("a gigabyte", endless, "answer over 256 kB"),
    ("slow", slow, "no whole answer in 0.5 s"),
]


@pytest.fixture
def impatient(door: Door) -> Iterator[None]:
    """Each call to the broker may take half a second."""
    provider = door.office.identities["demo"]._provider  # type: ignore[attr-defined]  # the real adapter
    kept, provider.timeout = provider.timeout, 0.5
    yield
    provider.timeout = kept


@pytest.mark.parametrize("path", ["/token", "/jwks"])
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("row", "reply", "reason"), [(n, *one[1:]) for n, one in enumerate(AWAY)], ids=[one[0] for one in AWAY]
)
def test_a_broker_that_is_away_is_said_with_the_paper_path(
    row: int, reply: Callable[[Request], Response], reason: str, path: str, hostile: Hostile, door: Door,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    visitor = at_the_door(door, hostile, row)
    hostile.replies[path] = reply
    began = time.monotonic()
    answer = visitor.back()
    assert time.monotonic() - began < 3, "bounded"
    turned_away(visitor, answer, reason, caplog, status=503)
    assert f"/{visitor.language}/{AT}/paper" in answer.get_data(as_text=True)
    assert hostile.calls.count(path) == 1, "one attempt"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("row", "reply"), [(n, one[1]) for n, one in enumerate(AWAY)], ids=[one[0] for one in AWAY])
def test_no_sign_in_begins_at_a_broker_that_is_away(
    row: int, reply: Callable[[Request], Response], hostile: Hostile, door: Door
) -> None:
    hostile.replies["/.well-known/openid-configuration"] = reply
    visitor = door.visitor(("fi", "sv", "en")[row % 3])
    page, _reference = refused_page(visitor.begin(), visitor.language)
    COUNTED["rows"] += 1
    assert page.status == 503
    assert not visitor.address


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
    right = answer(pending, iss=hostile.issuer)
    assert isinstance(identities.finish(right, "GET", pending, datetime.now(UTC)), Identified)


@pytest.mark.parametrize(("broker", "error"), [("telia", "access_denied"), ("op", "cancel"), ("op", "access_denied")])
def test_turning_back_is_no_refusal(broker: str, error: str, hostile: Hostile, adapter: Build) -> None:
    identities = adapter(hostile.issuer, preset={"cancelled": PRESETS[broker].cancelled})
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


def at(identities: FtnIdentities, hostile: Hostile, moment: datetime) -> Outcome:
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
    hostile: Hostile, adapter: Build, our_keys: ClientKeys
) -> None:
    identities = adapter(hostile.issuer)
    pending = begin(identities, hostile)
    identities.finish(answer(pending), "GET", pending, datetime.now(UTC))
    [form] = hostile.forms
    proof = jwt.decode(form["client_assertion"], our_keys.signing())
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


def test_a_person_from_abroad_is_known_by_the_eidas_identifier(hostile: Hostile, adapter: Build) -> None:
    hostile.dropped, hostile.claims = {"personal_identity_code"}, {"eidas_id": "EE/FI/Ab-123/4"}
    who = login(adapter(hostile.issuer), hostile)
    assert isinstance(who, Identified)
    assert (who.subject_key, who.code, who.born) == ("eidas:EE/FI/Ab-123/4", None, date(1987, 3, 4))


@pytest.mark.parametrize("value", [None, "", "123", "EE/SE/123", "EE/FI/", "ee/FI/123", "EE/FI/1 2", ["EE/FI/1"]])
def test_an_eidas_identifier_in_another_form_is_refused(value: Any, hostile: Hostile, adapter: Build) -> None:
    hostile.dropped, hostile.claims = {"personal_identity_code"}, {"eidas_id": value}
    assert login(adapter(hostile.issuer), hostile) == Refused("no usable identifier of the person", "identifier")


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
        {"service_name": "Kuuluu & Co"},
        {"service_name": "K" * 41},
        {"service_name": " "},
    ],
)
def test_settings_that_can_never_be_right_stop_the_start(change: dict[str, Any], adapter: Build) -> None:
    with pytest.raises(ValueError, match=next(iter(change))):
        adapter(**({"issuer": "https://broker.example"} | change))


def test_demo_settings_are_unfit_for_production_with_their_reasons() -> None:
    demo = FtnSettings("demo", PRESETS["demo"], "http://127.0.0.1:1", CLIENT, CALLBACK, frozenset({TEST_LEVEL}),
                       allow_temporary_codes=True)  # fmt: skip
    real = FtnSettings("bank", PRESETS["telia"], "https://broker.example", CLIENT, "https://portal.example/cb",
                       frozenset({Assurance.SUBSTANTIAL.value}))  # fmt: skip
    assert len(demo.unfit_for_production()) == 5
    assert real.unfit_for_production() == []
