"""What happens around listening: who may hear what, who was asked to, and each use that a restriction stopped."""

from dataclasses import dataclass

from portal.domain.event import Event


@dataclass(frozen=True)
class StaffLinked(Event):
    """An administrator said under which names the recorder knows a colleague, and who supervises them (ids)."""

    account: str
    names: tuple[str, ...]
    supervisors: tuple[str, ...]


@dataclass(frozen=True)
class ReviewAsked(Event):
    """Somebody who may not hear the recording asked those who may; `of`: their accounts."""

    recording: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class ReviewAnswered(Event):
    """One of those who were asked has listened; `text` is what they say of it, empty where their work says it."""

    recording: str
    text: str = ""


@dataclass(frozen=True)
class RestrictedUseRefused(Event):
    """Art. 18(2): a restricted recording was about to be used. `use`: play, preview, redaction, transcript, copy or
    erasure."""

    recording: str
    use: str
