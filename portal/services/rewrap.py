"""After a new master key: wrap every data key anew under it (art. 32). No audio and no text is encrypted again."""

from dataclasses import dataclass

from portal.domain.access import Action, Actor, demand
from portal.domain.recording import ObjectMissing, VaultFailure
from portal.services.office import Office


@dataclass(frozen=True)
class Rewrapped:
    """How many keys of files, and of people and cases, came under the current master key; files that did not open."""

    files: int
    keys: int
    damaged: tuple[str, ...]


def rewrap(office: Office, actor: Actor, register: str) -> Rewrapped:
    """Bring one controller's keys under the current master key. Killed half way, it is simply run again."""
    demand(actor, Action.HOUSEKEEP, register)
    files, damaged = 0, list[str]()
    for made in office.vault.ids(register):
        try:
            files += office.vault.rewrap(register, made)
        except ObjectMissing:  # deleted meanwhile
            continue
        except VaultFailure:
            damaged.append(made)
    with office.writing() as work:
        keys = work.controllers.rewrap(register)
    return Rewrapped(files, keys, tuple(damaged))
