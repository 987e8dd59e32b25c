"""The ports of the database: what the verbs ask of one unit of work."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from portal.domain.access import Actor, Role
from portal.domain.case import Case
from portal.domain.events import Event
from portal.domain.recording import RowRefusal, SegmentMeta
from portal.domain.rights import Right
from portal.services.ports.ledger import Erasure
from portal.services.ports.sources import SourceState
from portal.services.ports.values import (
    Account,
    Copy,
    Document,
    Entry,
    Harvest,
    Identity,
    Job,
    Keeping,
    QueueFilter,
    QueueRow,
    Recording,
    Refusal,
    Search,
    Session,
    TrailLine,
)


class CaseBook(Protocol):
    """The cases of one unit of work."""

    def next_ref(self, register: str, year: int) -> str:
        """The next reference of the register and year, R-2026-00412; numbers are never used twice."""

    def of_submission(self, submission: str) -> str | None:
        """The reference of the case that this submission already made: a second click finds the first one's case."""

    def add(self, case: Case, submission: str, event: Event, actor: Actor, now: datetime) -> Case:
        """Write a new case with its first event. Repeated: this submission has made its case meanwhile."""

    def open(self, ref: str, actor: Actor, *, lock: bool = False) -> Case:
        """The case with this reference that this actor may see. Absent otherwise."""

    def open_for_system(self, case_id: str) -> Case:
        """A case by its id, for background work only; a writing unit keeps others from moving it meanwhile."""

    def record(self, before: Case, after: Case, event: Event, actor: Actor, now: datetime) -> None:
        """Save `after` with its event. NotNow when somebody else moved the case since `before` was read."""

    def keep(self, case: Case, keeping: Keeping) -> None:
        """Store the recording's clock as an index of what the holds say."""

    def timeline(self, case: Case) -> tuple[Entry, ...]:
        """All events of the case, oldest first."""

    def box(self, case: Case) -> Any:
        """The case's own box, for what belongs to it in other tables."""

    def of_person(self, actor: Actor) -> tuple[Case, ...]:
        """A data subject's own cases in this register, newest first."""

    def open_ids(self, register: str) -> tuple[str, ...]:
        """The ids of the register's open cases, nearest clock first."""

    def awaiting(self, register: str) -> tuple[str, ...]:
        """The ids of the register's cases with an act that waits for a second person."""

    def filed_since(self, person: str, since: datetime) -> int:
        """How many requests the person has filed since an instant (a limit of use, never of the right)."""

    def earlier(self, case: Case, since: datetime) -> tuple[tuple[str, date, Right], ...]:
        """The same person's other requests since an instant, oldest first: reference, day of receipt, right."""


class Queue(Protocol):
    """The open cases of a register, nearest clock first, by keyset."""

    def page(
        self, register: str, wanted: QueueFilter, after: tuple[date, str] | None, size: int
    ) -> tuple[QueueRow, ...]:
        """At most `size` lines after the key (sort_on, id) of the last line shown."""

    def counts(self, register: str) -> dict[tuple[str, str, str | None], int]:
        """How many open cases by (state, keeping, handler): one index scan gives every view's figure."""

    def as_of(self, register: str) -> str:
        """A word for what the register's open cases are now: as long as it stands, so does all that the queue shows."""

    def total(self, register: str, wanted: QueueFilter) -> int:
        """The exact number of open cases that fit."""


class RecordingIndex(Protocol):
    """The recordings of one unit of work."""

    def load(
        self, register: str, source: str, custody: str, metas: Iterable[tuple[SegmentMeta, datetime]]
    ) -> tuple[str, ...]:
        """Add calls with the instant their retention ends; known ones (same source and place) are left as they are.

        Returns the ids of the new ones."""

    def stored(self, recording_id: str, vault_object: str, sha256: str, size: int, bars: tuple[int, ...]) -> None:
        """The recording's audio now lies in the vault."""

    def search(self, register: str, wanted: Search, limit: int = 50) -> tuple[Recording, ...]:
        """Recordings of the register that are not gone, by number or by service, in any of the windows."""

    def get(self, recording_id: str) -> Recording | None: ...

    def many(self, ids: Sequence[str]) -> dict[str, Recording]: ...

    def hold(self, recording_id: str, reason: str, case_id: str, by: str, review_on: date, now: datetime) -> bool:
        """Hold a recording, rescuing it if it was condemned. False: too late, its deletion has begun.

        Repeating the same hold changes nothing. Promise it to nobody before the unit has committed."""

    def release(
        self, case_id: str, now: datetime, *, recording_id: str | None = None, restriction: bool = False
    ) -> tuple[str, ...]:
        """Release the open holds of a case (of one recording, or of all); returns the recordings released.

        The hold of a restriction stays, and ends alone: `restriction`, only after the notice of art. 18(3)."""

    def restrict(self, recording_id: str, on: bool) -> None:
        """Art. 18: mark or unmark; the hold with reason `restriction` is placed beside, in the same unit.

        The mark stays while any case still restricts the recording."""

    def holds_of(self, case_id: str) -> tuple[tuple[str, str], ...]:
        """The case's open holds: recording and reason."""

    def restricted_for(self, recording_id: str) -> frozenset[str]:
        """The people at whose request the recording is restricted."""

    def miscounted(self) -> tuple[str, ...]:
        """Recordings whose hold_count is not the number of their open holds (must be none)."""

    def due(self, register: str, now: datetime, limit: int = 500) -> tuple[Recording, ...]:
        """Live recordings without a hold whose retention has ended: what a dry run shows."""

    def held_past_due(self, register: str, now: datetime) -> int:
        """How many recordings retention would take if no hold stood on them."""

    def condemn(self, register: str, now: datetime, worker: str, lease: timedelta, limit: int = 500) -> int:
        """Condemn what is due, in one statement; returns how many."""

    def condemn_one(self, recording_id: str, now: datetime, worker: str, lease: timedelta) -> bool:
        """Condemn one recording by decision; False while any hold stands on it."""

    def condemned(self, register: str, worker: str, now: datetime) -> tuple[Recording, ...]:
        """This worker's condemned recordings, and those of a worker whose lease ran out (taken over)."""

    def start_deleting(self, recording_id: str, worker: str) -> bool:
        """The deleter is about to touch it. False: a hold rescued it meanwhile, leave it alone."""

    def made_of(self, recording_id: str) -> tuple[str, ...]:
        """The vault objects of a recording and of everything made from it."""

    def gone(self, erasure: Erasure) -> str:
        """Deletion is done: write the tombstone, forget numbers, place and what was made of it. Returns the
        tombstone's hash."""

    def doom(self, recording_id: str, worker: str, now: datetime, lease: timedelta) -> bool:
        """Begin the deletion of what was erased before this database's time: no hold of then stands against it."""

    def erased_on(self, recording_id: str) -> date | None:
        """The day a recording was deleted, from its tombstone."""

    def propose(
        self, case_id: str, found: str, call: int, score: float, fit: str, reasons: Any, outcome: str, now: datetime
    ) -> None:
        """Keep a candidate with its reasons and what became of its hold; a repeated one is brought up to date."""

    def candidates(self, case_id: str) -> tuple[Any, ...]:
        """The case's candidates, best first, as stored (recording, call, score, fit, reasons, outcome, note)."""

    def set_outcome(self, case_id: str, recording_id: str, outcome: str, note: str) -> None:
        """A hold's outcome became known: copied, too late, or confirmed by the operator."""

    def open_cases_of(self, recording_id: str) -> tuple[str, ...]:
        """Ids of open cases that have this recording among their candidates."""

    def attach(self, recording_id: str, case_id: str, register: str, text: str, now: datetime) -> None:
        """Attach a correcting statement; shown wherever the recording is opened."""

    def statements(self, recording_id: str, register: str) -> tuple[str, ...]:
        """The correcting statements attached to a recording, oldest first."""


class Outbox(Protocol):
    """The jobs of one unit of work."""

    def add(self, task: str, args: dict[str, Any], dedupe: str, run_at: datetime, tries: int = 5) -> None:
        """Queue a job; the same `dedupe` twice is one job. The tries come ever more seldom: five take three quarters
        of an hour, eight two days."""

    def once(self, name: str, when: str) -> bool:
        """Is this the first to take the slot `name` at `when`? Leaderless periodic work."""

    def next_ready(self, now: datetime, only: Collection[str] = (), but: Collection[str] = ()) -> int | None:
        """The id of the oldest job that is due: of the tasks `only`, or of any other than `but`."""

    def start(self, job_id: int, now: datetime) -> Job | None:
        """Take a due job and count the start; until its lease has run out no other worker starts it.

        None when the job is not due, or has killed its worker too often (it is dead then)."""

    def done(self, job_id: int, now: datetime) -> None: ...

    def failed(self, found: Job, error: str, now: datetime) -> None:
        """Count a failed attempt: later again, or dead when the tries are used up."""

    def retry(self, job_id: int, now: datetime) -> bool:
        """Queue a dead job again."""

    def counts(self) -> dict[str, int]:
        """How many jobs are in each state."""

    def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the oldest due job waits: the worker's lag."""

    def dead(self) -> tuple[Job, ...]: ...


class People(Protocol):
    """The people of one unit of work."""

    def find(self, register: str, subject: str) -> str | None:
        """The person's id in this register, if they have filed here before."""

    def find_or_add(self, register: str, identity: Identity, now: datetime) -> str:
        """The person's id in this register, made now if this is their first request here."""


class Drafts(Protocol):
    """The drafts of one unit of work."""

    def load(self, owner: str, kind: str, key: str) -> dict[str, Any] | None:
        """The draft, or None."""

    def save(self, owner: str, kind: str, key: str, body: dict[str, Any], now: datetime) -> None:
        """Keep the draft, over an earlier one."""

    def drop(self, owner: str, kind: str, key: str) -> None: ...

    def sweep(self, kind: str, before: datetime) -> int:
        """Remove drafts of a kind last saved before an instant."""


class StaffBook(Protocol):
    """The staff accounts of one unit of work."""

    def add(self, login: str, name: str, title: str, now: datetime) -> str:
        """A new account without credentials; it opens by a one-time link."""

    def by_login(self, login: str) -> Account | None: ...

    def by_id(self, account: str) -> Account | None: ...

    def entered(self, cookie: str, idle: timedelta, now: datetime) -> tuple[Session | None, Account | None]:
        """The live session of staff behind a cookie and its account with all roles, read by one statement."""

    def everyone(self, register: str | None = None) -> tuple[Account, ...]:
        """All accounts, or those with a role in a register, by name."""

    def names(self, ids: set[str]) -> dict[str, str]:
        """Names of accounts by id."""

    def set_roles(self, account: str, register: str, roles: frozenset[Role]) -> None: ...

    def set_password(self, account: str, hashed: str, now: datetime) -> None: ...

    def set_factor(self, account: str, secret: str, recovery: tuple[str, ...], step: int) -> None:
        """Store the one-time-code secret (sealed), the hashed recovery codes, and the step already used."""

    def use_step(self, account: str, step: int) -> bool:
        """Spend a one-time code's step; False when it, or a later one, was spent already."""

    def use_recovery(self, account: str, hashed: str) -> bool:
        """Spend a recovery code."""

    def commit(self, account: str, now: datetime) -> None:
        """The confidentiality commitment was accepted."""

    def disable(self, account: str, now: datetime | None) -> None: ...

    def former_passwords(self, account: str) -> tuple[str, ...]:
        """The hashes of the account's last five passwords, the present one first."""

    def drop_password(self, account: str) -> None:
        """The account has no password and no one-time codes from now on."""

    def set_recovery(self, account: str, recovery: tuple[str, ...]) -> None:
        """Other hashed recovery codes in place of all earlier ones."""

    def compromised(self, account: str, now: datetime) -> None:
        """Somebody else may know the password: it must be changed."""

    def add_link(self, account: str, key: str, expires_at: datetime) -> None:
        """A one-time link by the digest of its token; earlier unused links of the account end."""

    def of_link(self, key: str, now: datetime) -> Account | None:
        """The account of a live one-time link."""

    def spend_link(self, key: str, now: datetime) -> bool: ...


class Documents(Protocol):
    """The letters and copies of one unit of work."""

    def add(self, case_id: str, letter: Document, html: str, rows: tuple[str, ...], box: Any) -> None:
        """Keep an issued letter, its text as a page, and the address rows printed in its window."""

    def of_case(self, case_id: str) -> tuple[Document, ...]:
        """The case's letters, oldest first."""

    def html(self, case_id: str, document_id: str, box: Any) -> str | None:
        """A letter's text as a page."""

    def posted(self, document_id: str, on: date) -> None: ...

    def deliver(self, case_id: str, recording: str, person: str, available_until: date) -> None:
        """Grant a person a recording's copy until a day; the copy itself is made by a job."""

    def copy_made(
        self, case_id: str, recording: str, vault_object: str, sha256: str, size: int, version: int | None = None
    ) -> bool: ...
    def take(self, case_id: str, recording: str) -> bool:
        """Count one download; False: none is left."""

    def revoke(self, case_id: str, recording: str, at: datetime) -> bool: ...
    def renew(self, case_id: str, recording: str, most: int) -> bool: ...

    def copies(self, case_id: str, person: str) -> tuple[Copy, ...]:
        """The copies granted to this person in this case, always in the same order: they are known by number."""

    def copies_of(self, recording: str) -> tuple[str, ...]:
        """Vault objects of every delivered copy of a recording: its children, deleted with it."""

    def expired(self, today: date) -> tuple[tuple[str, str, str], ...]:
        """(case, recording, vault object) of copies whose life has ended and whose file still lies in the vault."""

    def forget_copy(self, vault_object: str) -> None: ...


class Sources(Protocol):
    """The harvest state of one unit of work."""

    def cursor(self, source: str) -> Any:
        """Where the last harvest stopped, in the source's own terms; None at the start."""

    def reached(self, source: str, register: str, cursor: Any, loaded: int, now: datetime) -> None: ...

    def refuse(self, register: str, refusals: tuple[RowRefusal, ...], now: datetime) -> None:
        """Keep what was refused; the same row refused again is one line."""

    def progressed(
        self, source: str, register: str, progress: float | None, skew: int | None, newest: datetime | None
    ) -> None:
        """A batch was read: how far, what it betrayed of the clock, its newest call; an earlier fault is over."""

    def failed(self, source: str, register: str, fault: str, detail: str, now: datetime) -> None:
        """The source could not be read."""

    def states(self, register: str | None = None) -> tuple[SourceState, ...]: ...

    def behind(self, source: str, verb: str, limit: int) -> tuple[str, ...]:
        """Recordings on which the source has yet to be told: hold, release, restrict or open."""

    def told(self, recording_id: str, verb: str) -> None:
        """The source has done so."""

    def harvests(self, register: str | None = None) -> tuple[Harvest, ...]: ...

    def refusals(self, register: str | None = None, limit: int = 500) -> tuple[Refusal, ...]:
        """Refused rows, newest first."""


class Trail(Protocol):
    """The audit trail of one unit of work, for what has no case, and for those who read it."""

    def note(self, register: str, actor: Actor, event: Event, about: str, now: datetime) -> None:
        """Write an event into one of the register's chains."""

    def page(self, register: str, before: int | None, size: int, action: str | None = None) -> tuple[TrailLine, ...]:
        """The register's rows, newest first, without their payloads."""
