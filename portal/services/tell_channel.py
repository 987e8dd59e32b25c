"""Say on which channel of a stereo recording the caller is heard: recorders swap them, and none says so."""

from portal.domain import search_events
from portal.domain.access import Actor
from portal.services.listen import listenable
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.restricted_use import refusals_kept
from portal.services.step import opened, record

MOST_CHANNELS = 8


@refusals_kept
def tell_channel(office: Office, actor: Actor, ref: str, recording: str, caller: int | None, seen: int) -> None:
    """Record the caller's channel, from 0; None takes it back. Whoever may hear the recording may say.

    Raises as listening does, Absent for a channel that cannot be, NotNow when the case moved."""
    if caller is not None and not 0 <= caller < MOST_CHANNELS:
        raise Absent(recording)
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        listenable(office, work, actor, ref, recording)
        record(office, work, case, search_events.ChannelTold(recording, caller), actor)
