"""Calls to a provider that cannot hurt us: https (loopback excepted), no redirects, one deadline, a size cap.

The HTTP library alone follows redirects with the code and the verifier in hand, waits for ever on a dripping
answer and reads any amount; this transport is mounted on every session that talks with a provider.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from concurrent.futures import Future
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response, Session, Timeout
from requests.adapters import HTTPAdapter

TIMEOUT = 10.0  # seconds for a whole exchange, from name look-up to the last byte
LIMIT = 256 * 1024  # bytes of a body
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Away(Exception):
    """The provider cannot be talked with. The message is for the log and names no person."""


class OneOfEach(json.JSONDecoder):
    """JSON whose objects name each member once and whose numbers are numbers: two readers of a doubled member
    may believe different things."""

    def __init__(self, **options: Any) -> None:
        super().__init__(object_pairs_hook=_pairs, parse_constant=_constant, **options)


def _pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in found}) != len(found):
        raise ValueError("repeated member")
    return dict(found)


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def is_loopback(url: str) -> bool:
    """Whether the address stays on this machine, where http is tolerable."""
    return urlsplit(url).hostname in _LOOPBACK


def is_safe(url: str | None, *, loopback: bool = True) -> bool:
    """Whether we may call, or send a browser to, this address: https, or http on loopback where `loopback`."""
    if url is None or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        if not parts.hostname or parts.username is not None or parts.fragment:
            return False
        return parts.scheme == "https" or (loopback and parts.scheme == "http" and is_loopback(url))
    except ValueError:
        return False


class _Guard(HTTPAdapter):
    """Refuses redirects and compressed bodies; reads at most LIMIT bytes within the deadline."""

    def __init__(self, timeout: float) -> None:
        super().__init__()
        self._timeout = timeout

    def send(self, request: PreparedRequest, *_: Any, **options: Any) -> Response:
        if not is_safe(request.url):
            raise Away("neither https nor loopback")
        # A thread, because a socket's time-out counts each read anew and name look-up has none at all.
        future: Future[Response] = Future()
        Thread(target=self._work, args=(future, request, options), daemon=True).start()
        try:
            return future.result(self._timeout)
        except (TimeoutError, Timeout):
            raise Away(f"no whole answer in {self._timeout:g} s") from None
        except Away:
            raise
        except Exception as error:  # whatever breaks on the way, requests', urllib3's or the socket's own
            raise Away(type(error).__name__) from None

    def _work(self, future: Future[Response], request: PreparedRequest, options: Mapping[str, Any]) -> None:
        try:
            future.set_result(self._exchange(request, options))
        except Exception as error:  # carried to the waiting thread, whatever it is
            future.set_exception(error)

    def _exchange(self, request: PreparedRequest, options: Mapping[str, Any]) -> Response:
        deadline = time.monotonic() + self._timeout
        response = super().send(request, **{**options, "stream": True, "timeout": self._timeout})
        try:
            if 300 <= response.status_code < 400:
                raise Away(f"redirect ({response.status_code})")
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise Away("compressed answer")
            response._content = _body(response, deadline)  # requests has no public way to cap a body
        finally:
            response.close()
        return response


def _body(response: Response, deadline: float) -> bytes:
    body = bytearray()
    while part := response.raw.read1(16 * 1024):
        body += part
        if len(body) > LIMIT:
            raise Away(f"answer over {LIMIT // 1024} kB")
        if time.monotonic() > deadline:
            raise Away("answer too slow")
    return bytes(body)


def guard(session: Session, timeout: float) -> None:
    """Make a session safe to talk with a provider; nothing from the environment (netrc, proxies) enters it."""
    session.trust_env = False
    session.headers["Accept-Encoding"] = "identity"
    session.headers["Connection"] = "close"
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Guard(timeout))


def json_object(response: Response) -> dict[str, Any]:
    """The JSON object of an answer. Raises Away for anything else: a gateway's page, a list, a doubled member."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise Away(f"not JSON (HTTP {response.status_code})")
    try:
        found = json.loads(response.content.decode("utf-8"), cls=OneOfEach)
    except (ValueError, RecursionError):
        raise Away(f"broken JSON (HTTP {response.status_code})") from None
    if not isinstance(found, dict):
        raise Away(f"no JSON object (HTTP {response.status_code})")
    return found


def fetch_object(url: str, timeout: float) -> dict[str, Any]:
    """GET a JSON object from a provider, once. Raises Away."""
    return json_object(_get(url, timeout, "application/json"))


def fetch_text(url: str, timeout: float, kind: str) -> str:
    """GET a text of exactly this media type from a provider, once. Raises Away."""
    response = _get(url, timeout, kind)
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != kind:
        raise Away("text of another kind")
    try:
        return response.content.decode("utf-8")
    except UnicodeDecodeError:
        raise Away("text in another encoding") from None


def _get(url: str, timeout: float, kind: str) -> Response:
    with Session() as session:
        guard(session, timeout)
        response = session.get(url, allow_redirects=False, headers={"Accept": kind})
    if response.status_code != 200:
        raise Away(f"HTTP {response.status_code}")
    return response
