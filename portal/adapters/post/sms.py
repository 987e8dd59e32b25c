"""Text messages: into a folder (the demo's page and drop folders), or to an operator's gateway by HTTP.

Nothing here logs, and no fault names a number, a message or a code. The gateway is spoken to as providers of
identification are: https, no redirects, one deadline, small answers.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from requests import Response, Session

from portal.adapters.identity.transport import Away, guard
from portal.adapters.post.drop import put
from portal.services.ports.numbers import NotSent, TextMessage

TIMEOUT = 5.0
"""Seconds for one try."""
RETRIES = 2
PAUSE = 0.5
"""Seconds before a second try; twice as long before the third."""
BODY: Mapping[str, Any] = {"id": "{id}", "from": "{sender}", "to": "{number}", "text": "{text}"}
"""The JSON that a gateway gets, unless the settings name another shape."""


@dataclass(frozen=True)
class Folder:
    """Each message as a file `<id>.json` that its owner alone can read."""

    path: Path

    def send(self, message: TextMessage) -> None:
        """Put the message into the folder; NotSent when it cannot be written."""
        put(self.path, message.id, {"to": message.number, "text": message.text})


@dataclass(frozen=True)
class Gateway:
    """A gateway that takes one JSON object by POST.

    `body` is its shape: in each text, {id}, {number}, {text} and {sender} are filled in. The request bears the token
    of `token_file` and an HMAC-SHA256 of time and body with the key of `key_file`; both are read anew each time, so
    that they can be changed while the portal runs. The same Idempotency-Key is one message, however often it comes.
    """

    url: str
    token_file: Path
    key_file: Path
    now: Callable[[], datetime]
    sender: str = ""
    body: Mapping[str, Any] | None = None
    timeout: float = TIMEOUT
    pause: float = PAUSE

    def send(self, message: TextMessage) -> None:
        """POST the message; at most two more times when the gateway is away or busy. NotSent when it was not taken."""
        filled = _filled(self.body or BODY, {"id": message.id, "number": message.number, "text": message.text,
                                             "sender": self.sender})  # fmt: skip
        body = json.dumps(filled, ensure_ascii=False, separators=(",", ":")).encode()
        why = ""
        for attempt in range(RETRIES + 1):
            if attempt:
                time.sleep(self.pause * attempt)
            try:
                answer = self._post(message.id, body)
            except Away as fault:
                why = str(fault)
                continue
            if answer.status_code < 300:
                return
            why = f"HTTP {answer.status_code}"
            if answer.status_code < 500 and answer.status_code != 429:
                break
        raise NotSent(why)

    def _post(self, message_id: str, body: bytes) -> Response:
        try:
            token = self.token_file.read_text("utf-8").strip()
            key = self.key_file.read_bytes().strip()
        except (OSError, ValueError) as fault:
            raise NotSent(f"{type(fault).__name__} at the gateway's secrets") from None
        at = str(int(self.now().timestamp()))
        signature = hmac.new(key, at.encode() + b"." + body, hashlib.sha256).hexdigest()
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": message_id,
            "X-Kuuluu-Timestamp": at,
            "X-Kuuluu-Signature": f"sha256={signature}",
        }
        with Session() as session:
            guard(session, self.timeout)
            return session.post(self.url, data=body, headers=headers, allow_redirects=False)


def _filled(shape: Any, values: Mapping[str, str]) -> Any:
    """The shape with its places filled in, once: what a value holds is not looked at again."""
    if isinstance(shape, Mapping):
        return {name: _filled(one, values) for name, one in shape.items()}
    if isinstance(shape, list | tuple):
        return [_filled(one, values) for one in shape]
    if not isinstance(shape, str):
        return shape
    parts = shape.split("{")
    return parts[0] + "".join(_place(part, values) for part in parts[1:])


def _place(part: str, values: Mapping[str, str]) -> str:
    name, closed, rest = part.partition("}")
    return values[name] + rest if closed and name in values else "{" + part
