"""What can happen to the proof that a number is the caller's (GDPR art. 12(6), 5(1)(f))."""

from dataclasses import dataclass
from typing import ClassVar

from portal.domain.event import Event


@dataclass(frozen=True)
class NumberProved(Event):
    """The person typed the code that was sent or read out to the number of a call."""

    to_citizen: ClassVar[bool] = True
    call: int
    how: str


@dataclass(frozen=True)
class NumberSupported(Event):
    """Staff found that the number fits the person: how, and on which facts. Never told to the citizen: staff look
    into a number when there is something to give."""

    call: int
    how: str
    note: str


@dataclass(frozen=True)
class NumberUnproved(Event):
    """A proof or a support was taken back, with its reason."""

    call: int
    why: str


@dataclass(frozen=True)
class NumberShared(Event):
    """Others use the number too, or (false) they do not after all."""

    call: int
    shared: bool


@dataclass(frozen=True)
class NumberRung(Event):
    """Staff got a code to read out when they ring the number of a call."""

    call: int
