"""Which of a case's candidates are pieces of one call, and which may be the same talk recorded twice: for the clerk who
chooses. A suggestion only: whoever listens says."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.domain.same_call import Leg, doubles_of, segments_with
from portal.services.lists import CandidateView
from portal.services.ports import Recording


@dataclass(frozen=True)
class Related:
    """The places of the other candidates: pieces of the same call, and possible duplicates with whether their sound
    goes the same way (None: not known)."""

    segments: tuple[int, ...]
    doubles: tuple[tuple[int, bool | None], ...]


def related(candidates: Sequence[CandidateView]) -> dict[str, Related]:
    """By recording; only those that have something in common with another one."""
    known = {one.recording.id: (one.place, _leg(one.recording)) for one in candidates if one.recording}
    legs = [leg for _place, leg in known.values()]
    found = {}
    for recording, (_place, leg) in known.items():
        doubles = doubles_of(leg, legs)
        double = {one.recording for one in doubles}
        segments = [one for one in segments_with(leg, legs) if one not in double]
        if doubles or segments:
            found[recording] = Related(
                tuple(known[one][0] for one in segments), tuple((known[one.recording][0], one.alike) for one in doubles)
            )
    return found


def _leg(one: Recording) -> Leg:
    numbers = frozenset(number for number in (one.caller, one.other) if number)
    return Leg(one.id, one.start, one.end, numbers, one.call, one.agent or "", one.bars)
