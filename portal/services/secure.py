"""Fetch a held recording into the vault: a copy that the operator's own purge cannot reach, ready for listening."""

from portal.domain import events
from portal.domain.access import SYSTEM
from portal.domain.retention import HoldOutcome
from portal.services.find_calls import renew_keeping
from portal.services.listening_copy import Undecodable, make_listening_copy
from portal.services.office import Office
from portal.services.ports import SourceGone
from portal.services.step import record


def secure(office: Office, case_id: str, recording_id: str) -> None:
    """Copy the recording and record the outcome: copied, or too late when the source no longer has it.

    SourceAway passes through: the job tries again later.
    """
    with office.reading() as work:
        one = work.recordings.get(recording_id)
    if one is None:
        return
    outcome, note = HoldOutcome.COPIED, ""
    if one.vault_object is None:
        try:
            make_listening_copy(office, one)
        except SourceGone:
            outcome = HoldOutcome.TOO_LATE
        except Undecodable as error:
            outcome, note = HoldOutcome.TASK, error.refused.code.value
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        row = next((row for row in work.recordings.candidates(case_id) if row.recording == recording_id), None)
        if row is None or row.outcome != HoldOutcome.ASKED.value:
            return
        work.recordings.set_outcome(case_id, recording_id, outcome.value, note)
        event = events.HoldOutcomeRecorded(recording_id, outcome.value, note)
        case = record(office, work, case, event, SYSTEM)
        renew_keeping(work, case)
