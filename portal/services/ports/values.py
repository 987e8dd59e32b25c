"""The values that pass through the ports: frozen dataclasses; rows, files and sessions of a library never come here."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from portal.domain.access import Role
from portal.domain.case import State
from portal.domain.grants import MOST_DOWNLOADS


class Absent(Exception):
    """There is no such thing for this actor: the same answer whether it exists or not."""


class Repeated(Exception):
    """Another unit of work is filing the same submission at this moment, or has just done so."""


@dataclass(frozen=True)
class Keeping:
    """The recording's clock of a case: how safe its candidates are, and the first day one could be lost."""

    state: str  # none | safe | copied | asked | task | gone | erased | restricted
    expires_on: date | None = None


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue as stored; the name is opened for the lines shown only."""

    id: str
    ref: str
    name: str
    state: State
    right: str
    language: str
    handler: str | None
    handler_name: str
    received_at: datetime
    due_on: date | None
    internal_due: date
    clock: str
    keeping: str
    expires_on: date | None
    sort_on: date


@dataclass(frozen=True)
class QueueFilter:
    """What the queue shows. All None: every open case of the register."""

    state: str | None = None
    right: str | None = None
    handler: str | None = None
    language: str | None = None
    keeping_in: tuple[str, ...] | None = None
    due_by: date | None = None
    free: bool = False
    words: str | None = None


@dataclass(frozen=True)
class Recording:
    """A recorded call as staff and background work see it; numbers and place are opened."""

    id: str
    register: str
    source: str
    locator: str
    start: datetime
    end: datetime
    purge_at: datetime
    caller: str | None
    other: str | None
    withheld: bool
    service: str | None
    queue: str | None
    agent: str | None
    direction: str
    recording_class: str
    custody: str
    vault_object: str | None
    sha256: str | None
    state: int
    hold_count: int
    restricted: bool
    bars: tuple[int, ...] = ()
    call: str = ""  # opaque; the same for every recorded leg of one call

    @property
    def seconds(self) -> int:
        return round((self.end - self.start).total_seconds())

    @property
    def loudness(self) -> tuple[float, ...]:
        """The recording's picture as heights from 0 to 1."""
        return tuple(bar / 100 for bar in self.bars)


@dataclass(frozen=True)
class Search:
    """What to look for: UTC windows, and the caller's number or the number called."""

    windows: tuple[tuple[datetime, datetime], ...]
    number: str | None = None
    service: str | None = None


@dataclass(frozen=True)
class Job:
    """One thing to do: a task's name and ids, never personal data."""

    id: int
    task: str
    args: dict[str, Any]
    starts: int
    attempts: int
    max_attempts: int
    state: str
    last_error: str | None
    run_at: datetime


@dataclass(frozen=True)
class Identity:
    """What identification gave: the stable key (never shown) and the name."""

    subject: str
    given: str
    family: str
    born: date | None

    def __repr__(self) -> str:
        return "Identity(…)"


@dataclass
class Session:
    """One browser's session. `data` is sealed at rest; `changed` tells whether it must be written back."""

    key: str
    face: str
    subject: str | None
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    auth_at: datetime | None
    data: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Session({self.face})"


@dataclass(frozen=True)
class Account:
    """A staff member. `roles` maps a register's id to the roles held there."""

    id: str
    login: str
    name: str
    title: str
    password: str | None
    factor: str | None
    factor_step: int | None
    recovery: tuple[str, ...]
    committed: bool
    disabled: bool
    compromised: bool
    password_at: datetime | None
    roles: dict[str, frozenset[Role]]

    def __repr__(self) -> str:
        return f"Account({self.id})"


@dataclass(frozen=True)
class Document:
    """A letter as issued; its bytes lie in the vault under `vault_object`."""

    id: str
    kind: str
    language: str
    sha256: str
    size: int
    template: str
    vault_object: str
    issued_at: datetime
    posted_on: date | None
    code: str | None = None
    dispatch: str | None = None
    returned_on: date | None = None


@dataclass(frozen=True)
class Copy:
    """A delivered copy of a recording: `vault_object` is None until it has been made and after it was taken back.

    `version`: of what is left out, 0 for a whole copy, None where it is not known; `most`: downloads allowed in all.
    """

    recording: str
    vault_object: str | None
    sha256: str | None
    size: int | None
    available_until: date
    downloads: int = 0
    most: int = MOST_DOWNLOADS
    revoked_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Harvest:
    """How far a source has been read, and when."""

    source: str
    register: str
    harvested_at: datetime
    loaded: int


@dataclass(frozen=True)
class Refusal:
    """A row or file that was not taken, with its place and reason."""

    source: str
    file: str
    line: int
    code: str
    detail: str
    at: datetime


@dataclass(frozen=True)
class Entry:
    """One row as it is read: who, when, what; `facts` is the opened payload or None when its key is gone."""

    seq: int
    at: datetime
    actor_kind: str
    actor: str
    action: str
    object: str
    facts: dict[str, Any] | None


@dataclass(frozen=True)
class Fault:
    """The first bad row: where it stands and what is wrong with it."""

    chain: str
    seq: int
    why: str


@dataclass(frozen=True)
class TrailLine:
    """One row of the trail as an auditor sees it."""

    id: int
    at: datetime
    actor_kind: str
    actor: str
    action: str
    object: str
    ref: str | None
