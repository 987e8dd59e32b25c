"""What the applicant's answer shows of each copy: whether it can be heard and fetched, in which forms, how often."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain.case import Case
from portal.domain.grants import GrantState
from portal.domain.transcript import Transcript
from portal.services.grants import revocation_reason, state_of
from portal.services.make_copy import wav_source
from portal.services.office import Office
from portal.services.omissions import copy_gaps
from portal.services.ports import Copy, Entry, Recording, Work
from portal.services.transcribe import given_transcript


@dataclass(frozen=True)
class GivenCopy:
    """One copy in an answer: number from 1, the call's time, whether it is ready to hear, and what it leaves out as
    seconds (from, to). `wav`: can it be fetched as WAV too; `why`: the reason why it was taken back."""

    number: int
    recording: Recording | None
    copy: Copy
    statements: tuple[str, ...]
    transcript: Transcript | None = None
    gaps: tuple[tuple[int, int], ...] = ()
    state: GrantState = GrantState.OPEN
    wav: bool = False
    why: str = ""

    @property
    def ready(self) -> bool:
        return self.copy.vault_object is not None

    @property
    def left(self) -> int:
        """Downloads left."""
        return max(self.copy.most - self.copy.downloads, 0)


def given_copies(
    office: Office, work: Work, case: Case, person: str, entries: Iterable[Entry]
) -> tuple[GivenCopy, ...]:
    """Every copy that was ever given in the case, in the order of their numbers; `entries` is the case's timeline."""
    copies = work.documents.copies(case.id, person)
    known = work.recordings.many([copy.recording for copy in copies]) if copies else {}
    return tuple(
        GivenCopy(
            n,
            known.get(copy.recording),
            copy,
            work.recordings.statements(copy.recording, case.register),
            given_transcript(work, case, copy.recording),
            copy_gaps(work, case, copy),
            state_of(office, case, copy),
            wav_source(office, work, case, copy) is not None,
            revocation_reason(entries, copy.recording),
        )
        for n, copy in enumerate(copies, 1)
    )


def bundled(copies: Iterable[GivenCopy]) -> tuple[GivenCopy, ...]:
    """The copies that the whole answer holds: all that were neither taken back nor have ended; none before every one
    of them has been made."""
    alive = tuple(one for one in copies if one.state in (GrantState.OPEN, GrantState.USED_UP))
    return alive if all(one.ready for one in alive) else ()
