"""The one door for deletion: every way in which a recording is destroyed passes here.

Two phases: condemned (a hold still rescues), then deleting; the hold is tested in the statements themselves. What was
made of a recording (listening copy, delivered copies, transcripts) goes in the same run, and a tombstone keeps the
proof.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from portal.domain import duty_events, events
from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.duties import erasure_task_due
from portal.domain.lifecycle import NotNow
from portal.services.erasure_tasks import operator_erases
from portal.services.office import Office
from portal.services.ports import Erasure, Recording, SourceAway, Work
from portal.services.restricted_use import demand_unrestricted, refusals_kept
from portal.services.step import opened, record

_LEASE = timedelta(minutes=10)
_DELETING, _GONE = 2, 3


@dataclass(frozen=True)
class Disposal:
    """What a retention run did, or would do, in one register. `failed`: their source has not let them go, and they are
    tried again later."""

    register: str
    condemned: int
    deleted: int
    failed: int
    held: int


def dispose_due(office: Office, actor: Actor, register: str, *, dry_run: bool, worker: str = "worker") -> Disposal:
    """Delete the register's recordings whose retention has ended and that nobody holds.

    A dry run touches nothing and counts what would go. What the source cannot delete now stays for the next run.
    """
    demand(actor, Action.HOUSEKEEP, register)
    now = office.now()
    with office.reading() as work:
        held = work.recordings.held_past_due(register, now)
        if dry_run:
            return Disposal(register, len(work.recordings.due(register, now, limit=1_000_000)), 0, 0, held)
    condemned = deleted = 0
    failed: set[str] = set()
    while True:
        with office.writing() as work:
            taken = work.recordings.condemn(register, now, worker, _LEASE)
            mine = work.recordings.condemned(register, worker, now)
            waiting = {one.id for one in mine} & work.duties.waiting(register, now)
        condemned += taken
        for one in mine:
            if one.id in failed | waiting:
                continue
            if _delete(office, actor, one, f"retention:{one.recording_class}", worker) is None:
                failed.add(one.id)
                _wait(office, actor, one)
            else:
                deleted += 1
        if not taken:
            break
    if condemned or failed:
        with office.writing() as work:
            event = events.RetentionRun(condemned, deleted, held, len(failed), now)
            work.trail.note(register, actor, event, register, now)
    return Disposal(register, condemned, deleted, len(failed) + len(waiting - failed), held)


def _wait(office: Office, actor: Actor, one: Recording) -> None:
    """A deletion that its source does not let through is said once, and tried ever more seldom; nobody can use the
    recording meanwhile. One that a hold rescued waits for nothing."""
    now = office.now()
    with office.writing() as work:
        there = work.recordings.get(one.id)
        if there is None or there.state != _DELETING:
            return
        if work.duties.wait(one.register, one.id, one.source, now):
            event = duty_events.DeletionStuck(one.id, one.source)
            work.trail.note(one.register, actor, event, one.id, now)


@refusals_kept
def erase_by_decision(office: Office, actor: Actor, ref: str, recording_id: str) -> None:
    """Erase one recording of a granted case (art. 17), by who signed it or by the worker that carries out what was
    signed. What an operator holds goes here at once and is asked of the operator: a task is opened, and only its
    confirmation says that the recording is gone.

    NotNow while another hold stands on it, a complaint, an inquiry or a matter in court is open, or the source does not
    confirm."""
    now, worker = office.now(), f"case:{ref}"
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.CARRY_OUT, case.register)
        one = work.recordings.get(recording_id)
        if one is None:
            return
        asks = operator_erases(office, one)
        if one.state == _GONE:
            if asks and not work.tombstones.verified(one.id):
                _ask(office, work, case, one, actor, "")
            return
        if one.state == 0:
            if case.disputed:  # an authority or a court may yet ask for it
                raise NotNow("disputed")
            work.recordings.release(case.id, now, recording_id=recording_id)
            if not work.recordings.condemn_one(recording_id, now, worker, _LEASE):
                demand_unrestricted(work, case, one, "erasure")
                raise NotNow("held_by_others")

    def tell(work: Work, proof: str) -> None:
        case = opened(work, ref, actor)
        if asks:
            _ask(office, work, case, one, actor, proof)
        else:
            record(office, work, case, events.RecordingErased(recording_id, proof), actor)

    if _delete(office, actor, one, f"erasure:{case.ref}", worker, tell, asked=asks) is None:
        raise NotNow("source_cannot_erase")


def _ask(office: Office, work: Work, case: Case, one: Recording, actor: Actor, proof: str) -> None:
    """Open the task of the operator's erasure, once."""
    if any(task.recording == one.id for task in work.duties.erasures(case.register, case.id)):
        return
    due = erasure_task_due(office.today())
    work.duties.ask_erasure(case.register, case.id, one.id, one.source, one.locator, due, office.now())
    record(office, work, case, duty_events.ErasureAsked(one.id, due, proof), actor)


def erase_again(office: Office, actor: Actor, erasure: Erasure, *, known: bool) -> bool | None:
    """Erase what the ledger says is gone and a restored database or vault still has; `known`: its tombstone stands.

    None: nothing was there but files. False: the source cannot delete now; nobody can use the recording any more then,
    and the next retention run goes on.
    """
    demand(actor, Action.HOUSEKEEP, erasure.register)
    for made in erasure.objects:
        office.vault.delete(erasure.register, made)
    if known:
        return None
    worker = f"again:{erasure.recording[:20]}"
    with office.writing() as work:
        there = work.recordings.get(erasure.recording)
        if there is None:
            other = work.tombstones.namesake(erasure)
            there = work.recordings.get(other) if other else None
        if there is None:
            work.tombstones.remember(erasure)
            return None
        if not work.recordings.doom(there.id, worker, office.now(), _LEASE):
            return None
    mine = erasure if there.id == erasure.recording else replace(erasure, recording=there.id)
    # what its operator was asked for is not asked again: the ledger's own word is that it was not verified
    asked = there.custody == "ours" and not erasure.verified
    return _delete(office, actor, there, erasure.why, worker, erasure=mine, asked=asked) is not None


def _delete(
    office: Office,
    actor: Actor,
    one: Recording,
    why: str,
    worker: str,
    tell: Callable[[Work, str], None] = lambda _work, _proof: None,
    erasure: Erasure | None = None,
    *,
    asked: bool = False,
) -> str | None:
    """Delete at the source, then what was made of it, then write the tombstone; None when it must wait or was saved.

    Where the operator deletes, by its own retention or because it is `asked` to, ours is the copy and the index; the
    tombstone says "not verified". `tell` writes what belongs to the tombstone, in the same unit. `erasure` is what the
    ledger says of it already.
    """
    ours = one.custody == "ours" and not asked
    with office.writing() as work:
        if not work.recordings.start_deleting(one.id, worker):
            return None
        objects = work.recordings.made_of(one.id)
    source = office.sources.get(one.source)
    try:
        verified = ours and source is not None and source.erase(one.locator)
    except SourceAway:
        return None
    if ours and not verified:
        return None  # the source still has it: nothing is declared gone that is not
    for made in objects:
        office.vault.delete(one.register, made)
    if erasure is None:
        with office.reading() as work:
            erasure = work.tombstones.prepare(one, why, verified, actor.id, office.now(), objects)
        office.ledger.write(erasure)  # outside the backups, before anybody is told: a restore brings it back no more
    with office.writing() as work:
        work.transcripts.forget(one.id)
        work.duties.went_through(one.id)
        proof = work.recordings.gone(erasure)
        disposed = events.RecordingDisposed(one.id, why, verified)
        work.trail.note(one.register, actor, disposed, one.id, office.now())
        tell(work, proof)
    return proof
