"""Replay of the erasure ledger: what was erased stays erased, whatever backup was put back (arts. 5(1)(e) and 17).

Run before the portal opens. It also writes into the ledger what was erased before there was one.
"""

from dataclasses import dataclass
from itertools import islice

from portal.domain.access import Action, Actor, demand
from portal.services.close_controller import remove_closed
from portal.services.dispose import erase_again
from portal.services.grants import revoke_again
from portal.services.office import Office
from portal.services.ports import Closing, Erasure
from portal.services.ports.ledger import Revocation

_BATCH = 500


@dataclass(frozen=True)
class Replayed:
    """What a replay found: entries in all, recordings erased again, those whose source cannot delete now, controllers
    removed again, copies taken back again, and tombstones that the ledger lacked."""

    entries: int
    again: int
    waiting: int
    closed: int
    revoked: int
    added: int


def replay(office: Office, actor: Actor) -> Replayed:
    """Erase again whatever the ledger says is gone; repeating it changes nothing. Raises LedgerBroken before anything
    is touched."""
    demand(actor, Action.HOUSEKEEP, actor.controller)
    entries, gone, ended, taken_back = 0, set[str](), dict[str, Closing](), list[Revocation]()
    for one in office.ledger.entries():
        entries += 1
        if isinstance(one, Closing):
            ended[one.register] = one
        elif isinstance(one, Revocation):
            taken_back.append(one)
        else:
            gone.add(one.recording)
    closed = sum(remove_closed(office, actor, one) for one in ended.values())
    revoked = sum(revoke_again(office, one) for one in taken_back if one.register not in ended)
    again = waiting = 0
    erased = (one for one in office.ledger.entries() if isinstance(one, Erasure) and one.register not in ended)
    while batch := list(islice(erased, _BATCH)):
        with office.reading() as work:
            known = work.tombstones.known([one.recording for one in batch])
        for one in batch:
            done = erase_again(office, actor, one, known=one.recording in known)
            again += done is True
            waiting += done is False
    return Replayed(entries, again, waiting, closed, revoked, _fill(office, gone, frozenset(ended)))


def _fill(office: Office, gone: set[str], ended: frozenset[str]) -> int:
    """Write the tombstones that the ledger lacks into it; returns how many."""
    with office.reading() as work:
        if work.tombstones.count() == len(gone):  # whatever the ledger has is buried by now: then it has them all
            return 0
        lacking = (one for one in work.tombstones.all() if one.register not in ended)
        added = 0
        for one in lacking:
            if one.recording not in gone:
                office.ledger.write(one)
                added += 1
    return added
