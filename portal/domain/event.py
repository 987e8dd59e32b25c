"""The base of everything that can happen, and its name in the audit trail."""

import re
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Event:
    """Base of all events; the class name in snake case is the event's kind in the audit trail."""

    to_citizen: ClassVar[bool] = False


_SNAKE = re.compile(r"(?<!^)(?=[A-Z])")


def kind_of(event: Event | type[Event]) -> str:
    """The event's name in the trail: request_received for RequestReceived."""
    name = event.__name__ if isinstance(event, type) else type(event).__name__
    return _SNAKE.sub("_", name).lower()
