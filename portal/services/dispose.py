"""The one door for deletion: every way in which a recording is destroyed passes here.

Two phases: condemned (a hold still rescues), then deleting; the hold is tested in the statements themselves. What was
made of a recording (listening copy, delivered copies, transcripts) goes in the same run, and a tombstone keeps the
proof.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.lifecycle import NotNow
from portal.services.office import Office
from portal.services.ports import Erasure, Recording, SourceAway, Work
from portal.services.step import opened, record

_LEASE = timedelta(minutes=10)


@dataclass(frozen=True)
class Disposal:
    """What a retention run did, or would do, in one register."""

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
        condemned += taken
        for one in mine:
            if one.id in failed:
                continue
            if _delete(office, actor, one, f"retention:{one.recording_class}", worker) is None:
                failed.add(one.id)
            else:
                deleted += 1
        if not taken:
            break
    if condemned or failed:
        with office.writing() as work:
            event = events.RetentionRun(condemned, deleted, held, len(failed), now)
            work.trail.note(register, actor, event, register, now)
    return Disposal(register, condemned, deleted, len(failed), held)


def erase_by_decision(office: Office, actor: Actor, ref: str, recording_id: str) -> None:
    """Erase one recording of a granted case (art. 17), by who signed it or by the worker that carries out what was
    signed. NotNow while another hold stands on it, or a complaint, an inquiry or a matter in court is open."""
    now, worker = office.now(), f"case:{ref}"
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.CARRY_OUT, case.register)
        one = work.recordings.get(recording_id)
        if one is None or one.state == 3:
            return
        if one.custody != "ours":
            raise NotNow("source_cannot_erase")
        if one.state == 0:
            if case.disputed:  # an authority or a court may yet ask for it
                raise NotNow("disputed")
            work.recordings.release(case.id, now, recording_id=recording_id)
            if not work.recordings.condemn_one(recording_id, now, worker, _LEASE):
                raise NotNow("held_by_others")

    def tell(work: Work, proof: str) -> None:
        record(office, work, opened(work, ref, actor), events.RecordingErased(recording_id, proof), actor)

    if _delete(office, actor, one, f"erasure:{case.ref}", worker, tell) is None:
        raise NotNow("source_cannot_erase")


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
    return _delete(office, actor, there, erasure.why, worker, erasure=mine) is not None


def _delete(
    office: Office,
    actor: Actor,
    one: Recording,
    why: str,
    worker: str,
    tell: Callable[[Work, str], None] = lambda _work, _proof: None,
    erasure: Erasure | None = None,
) -> str | None:
    """Delete at the source, then what was made of it, then write the tombstone; None when it must wait or was saved.

    Where the operator deletes by its own retention, ours is the copy and the index; the tombstone says "not verified".
    `tell` writes what belongs to the tombstone, in the same unit. `erasure` is what the ledger says of it already.
    """
    with office.writing() as work:
        if not work.recordings.start_deleting(one.id, worker):
            return None
        objects = work.recordings.made_of(one.id)
    source = office.sources.get(one.source)
    try:
        verified = one.custody == "ours" and source is not None and source.erase(one.locator)
    except SourceAway:
        return None
    if one.custody == "ours" and not verified:
        return None  # the source still has it: nothing is declared gone that is not
    for made in objects:
        office.vault.delete(one.register, made)
    if erasure is None:
        with office.reading() as work:
            erasure = work.tombstones.prepare(one, why, verified, actor.id, office.now(), objects)
        office.ledger.write(erasure)  # outside the backups, before anybody is told: a restore brings it back no more
    with office.writing() as work:
        work.transcripts.forget(one.id)
        proof = work.recordings.gone(erasure)
        disposed = events.RecordingDisposed(one.id, why, verified)
        work.trail.note(one.register, actor, disposed, one.id, office.now())
        tell(work, proof)
    return proof
