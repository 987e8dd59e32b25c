"""How a letter reaches its reader: the portal always, by post or over the counter as well, and what stands in the way.

An address is never shortened to fit and never printed against a ban on its disclosure (Act 661/2009 s. 36): where a
letter cannot be posted as it stands, somebody chooses.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.envelope import C5, Envelope, address_size


class Way(StrEnum):
    """How letters go to the applicant, beside the portal where they can always be read."""

    PORTAL = "portal"
    POST = "post"
    COUNTER = "counter"


class Obstacle(StrEnum):
    """Why a letter that should be posted cannot be."""

    NO_ADDRESS = "no_address"
    TOO_LONG = "too_long"
    PROTECTED = "protected"
    RETURNED = "returned"


@dataclass(frozen=True)
class Dispatch:
    """What was chosen for the case's letters. `protected`: the applicant's address may not be disclosed, for safety;
    then letters are posted only to an address that was given for them."""

    way: Way
    protected: bool = False
    chosen_at: datetime | None = None


def obstacle(
    rows: tuple[str, ...], *, has_address: bool, protected: bool = False, envelope: Envelope = C5
) -> Obstacle | None:
    """What stops a letter with these address rows from being posted in this envelope; None when nothing does."""
    if protected:
        return Obstacle.PROTECTED
    if not has_address:
        return Obstacle.NO_ADDRESS
    return None if address_size(rows, envelope) else Obstacle.TOO_LONG
