"""Logs as JSON lines, by an allow-list: a key that is not on it does not go out, whoever wrote it.

No query string, no body, no name, number, code or token can stand in a log, because only these keys can.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {"event", "level", "timestamp", "endpoint", "method", "status", "ms", "job", "task", "fault", "trace"}
)
_OURS = ("portal.",)  # Flask's own logger is "portal": its messages quote the address


def start(level: str) -> None:
    """Send all logging of this process to stderr in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), structlog.stdlib.add_log_level],
            processors=[
                _only_ours,
                structlog.processors.TimeStamper(fmt="iso"),
                _allowed,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel("WARNING")  # libraries speak only when something is wrong
    logging.getLogger("portal").setLevel(level)


def _only_ours(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A library's message may quote what a person sent: only its logger's name is kept."""
    record = entry.get("_record")
    if record is not None and not record.name.startswith(_OURS):
        entry["event"] = record.name
    raised = entry.get("exc_info")  # the formatter has taken it off the record
    if isinstance(raised, tuple) and raised[0] is not None:
        entry["fault"] = raised[0].__name__
    return entry


def _allowed(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in entry.items() if key in ALLOWED}
