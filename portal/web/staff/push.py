"""POST /push/<source>: recordings that a recording system sends as each call ends. A machine's door, with its own lock.

No session, cookie or form token counts here: the request's own signature does, and it is checked before the body is
read (docs/sources.md).
"""

import json
from typing import Any, BinaryIO, cast

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from portal.domain.recording import Changed, RefusalCode, Refused
from portal.services.receive_push import LARGEST_PUSH, Proof, Pushes, TooMuch, Unproven, receive_push, sender, spool
from portal.web.guard import Guard, Visit
from portal.web.routes import Page

page = Page("staff.push")
Answer = tuple[dict[str, str], int]
_LARGEST_METADATA = 64 << 10


class MachineGuard(Guard):
    """A recording system that proves itself by its signature over the headers; everybody else is answered 401 alike."""

    name = "MACHINE"

    def admit(self, visit: Visit) -> Any:
        try:
            visit.values["pushes"] = sender(visit.office, str(visit.values["source"]), _proof())
        except Unproven:
            return {"error": "unproven"}, 401
        return None


MACHINE = MachineGuard()


@page.from_outside
@page.route("/push/<source>", MACHINE, methods=("POST",))
def receive(visit: Visit, source: str) -> Answer:
    """202: taken, now or before. 409: this key came before with another body. 413: too large. 422: refused, and why."""
    pushes: Pushes = visit.values["pushes"]
    try:
        if (request.content_length or 0) > LARGEST_PUSH:
            raise TooMuch
        with spool(visit.office, cast("BinaryIO", request.stream), _proof().digest) as body:
            taken = _taken(pushes, body)
    except (TooMuch, RequestEntityTooLarge):
        return {"error": "too_large"}, 413
    except Unproven:
        return {"error": "unproven"}, 401
    except Changed:
        return {"error": "other_body"}, 409
    if isinstance(taken, Refused):
        return {"error": taken.code.value, "detail": taken.detail}, 422
    return {"taken": "now" if taken else "before"}, 202


def _taken(pushes: Pushes, body: BinaryIO) -> Refused | bool:
    """The parts of the body: `call` is JSON by our field names, `audio` the file."""
    kind, options = parse_options_header(request.content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        return Refused(RefusalCode.MALFORMED, "wants multipart/form-data")
    parser = MultiPartParser(max_form_memory_size=_LARGEST_METADATA, max_form_parts=4)
    try:
        form, files = parser.parse(body, options["boundary"].encode("latin-1"), request.content_length)
        told = json.loads(form["call"])
        audio = files["audio"]
    except (ValueError, KeyError, RecursionError):
        return Refused(RefusalCode.MALFORMED, "wants the parts call (JSON) and audio")
    with audio.stream:
        if not isinstance(told, dict):
            return Refused(RefusalCode.MALFORMED, "call: wants a JSON object")
        return receive_push(pushes, _proof(), told, cast("BinaryIO", audio.stream), audio.filename or "")


def _proof() -> Proof:
    given = request.headers
    return Proof(
        given.get("Kuuluu-Timestamp", ""), given.get("Idempotency-Key", ""), given.get("Kuuluu-Digest", ""),
        given.get("Kuuluu-Signature", ""),
    )  # fmt: skip
