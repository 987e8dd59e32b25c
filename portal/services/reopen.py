"""An answered case that is taken up again or disputed: its recordings are held anew, and its next letter names the
one whose place it takes (APA ss. 49-51)."""

from portal.domain import events
from portal.domain.access import SYSTEM
from portal.domain.case import Case
from portal.domain.decisions import LetterKind
from portal.domain.letters import Corrected
from portal.domain.longer import LONGER
from portal.domain.moments import helsinki
from portal.services.find_calls import hold_candidate, renew_keeping
from portal.services.office import Office
from portal.services.ports import Work
from portal.services.step import record

_OTHERS = ("restriction", *LONGER)
"""The holds that are not the request's own."""
_DELETING = 2
"""The state of a recording from which nothing can be saved any more."""


def hold_again(office: Office, work: Work, case: Case) -> Case:
    """Hold every recording of the case that still exists and that it does not hold now, in the open unit; what staff
    found to be another call is left alone. Returns the case as it is now. Repeating it changes nothing."""
    held = {recording for recording, reason in work.recordings.holds_of(case.id) if reason not in _OTHERS}
    other = {finding.recording for finding in case.findings if not finding.chosen}
    wanted = {row.recording for row in work.recordings.candidates(case.id) if row.call in case.items} - held - other
    known = work.recordings.many(sorted(wanted))
    for recording in sorted(wanted):  # everybody holds in the same order, so that two units never wait for each other
        if recording not in known or known[recording].state >= _DELETING:
            continue
        outcome = hold_candidate(office, work, case, known[recording]).value
        work.recordings.set_outcome(case.id, recording, outcome, "")
        case = record(office, work, case, events.HoldOutcomeRecorded(recording, outcome), SYSTEM)
    renew_keeping(work, case)
    return case


def corrected_of(work: Work, case: Case) -> Corrected | None:
    """The answer that the case's next decision letter takes the place of: its kind and day; None for a first answer."""
    if case.reopened is None:
        return None
    given = [entry for entry in work.cases.timeline(case) if entry.action == "answer_given" and entry.facts]
    if not given or given[-1].facts is None:
        return None
    return Corrected(LetterKind(given[-1].facts["kind"]), helsinki(given[-1].at).date())
