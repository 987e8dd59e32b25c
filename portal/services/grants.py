"""The grants of delivered copies: each download counted, a copy taken back with its reason, or given for more
(arts. 5(1)(f), 15(3))."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from portal.domain import events
from portal.domain.access import SYSTEM, Action, Actor, demand
from portal.domain.case import Case
from portal.domain.grants import Form, GrantState, grant_state, renewed_most
from portal.domain.lifecycle import NotNow
from portal.domain.notifications import FILES_WARNED
from portal.services.office import HELSINKI, Office
from portal.services.ports import Absent, Copy, Entry, Recording, Work
from portal.services.ports.ledger import Revocation
from portal.services.step import opened, record


class Revoked(Absent):
    """The copy was taken back: to its own applicant the page says so."""


@dataclass(frozen=True)
class GrantLine:
    """One grant as staff see it. `why`: the reason of its revocation."""

    number: int
    recording: Recording | None
    copy: Copy
    state: GrantState
    why: str = ""


def state_of(office: Office, case: Case, copy: Copy) -> GrantState:
    """What the grant allows now."""
    return grant_state(
        available_until=copy.available_until,
        today=office.today(),
        disputed=case.disputed,
        revoked=copy.revoked_at is not None,
        downloads=copy.downloads,
        most=copy.most,
    )


def revocation_reason(entries: Iterable[Entry], recording: str) -> str:
    """Why the recording's copy was taken back, as it was last written; empty when it was not, or cannot be read."""
    found = [
        str(entry.facts["reason"])
        for entry in entries
        if entry.action == "copy_revoked" and entry.facts and entry.facts["recording"] == recording
    ]
    return found[-1] if found else ""


def count_download(
    office: Office, work: Work, case: Case, actor: Actor, copies: Iterable[Copy], form: Form, delivery: str = ""
) -> Case:
    """Take one download of each copy and record it, all or none. NotNow when one has none left."""
    for copy in copies:
        if not work.documents.take(case.id, copy.recording):
            raise NotNow("downloads_used")
        event = events.CopyDownloaded(copy.recording, form.value, delivery)
        case = record(office, work, case, event, actor)
    return case


def staff_grants(office: Office, actor: Actor, ref: str) -> tuple[GrantLine, ...]:
    """The case's grants with their counts and states, numbered as the applicant sees them."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.SEE_CASE, case.register)
        copies = work.documents.copies(case.id, case.applicant.person)
        known = work.recordings.many([copy.recording for copy in copies]) if copies else {}
        entries = work.cases.timeline(case) if copies else ()
    return tuple(
        GrantLine(
            n,
            known.get(copy.recording),
            copy,
            state_of(office, case, copy),
            revocation_reason(entries, copy.recording),
        )
        for n, copy in enumerate(copies, 1)
    )


def revoke_copy(office: Office, actor: Actor, ref: str, recording: str, reason: str, seen: int) -> None:
    """Take a copy back: nobody opens it from now on, and a job deletes its file. It returns only by a new answer, and
    by no restored backup: the ledger outside the backups knows.

    Absent: no such copy. NotNow when it was taken back already."""
    with office.writing() as work:
        case, copy = _granted(work, actor, ref, recording, seen)
        if not work.documents.revoke(case.id, recording, office.now()):
            raise NotNow("moved")
        case = record(office, work, case, events.CopyRevoked(recording, reason), actor)
        _queue_deletion(office, work, case, copy)
        office.ledger.write(Revocation(case.register, case.id, recording, office.now()))


def revoke_again(office: Office, told: Revocation) -> bool:
    """Take back a copy that a restored backup gives again. False: it is taken back there too, or gone, or a later
    answer gave it anew."""
    with office.writing() as work:
        try:
            case = work.cases.open_for_system(told.case)
        except Absent:
            return False
        found = [
            one for one in work.documents.copies(case.id, case.applicant.person) if one.recording == told.recording
        ]
        given_anew = case.answered_at is not None and case.answered_at > told.at
        if not found or given_anew or not work.documents.revoke(case.id, told.recording, told.at):
            return False
        case = record(office, work, case, events.CopyRevokedAgain(told.recording), SYSTEM)
        _queue_deletion(office, work, case, found[0])
    return True


def _queue_deletion(office: Office, work: Work, case: Case, copy: Copy) -> None:
    """The job that makes copies deletes the file of one that was taken back."""
    if copy.vault_object:
        args = {"case": case.id, "recording": copy.recording, "replaces": copy.vault_object}
        work.outbox.add("make_copy", args, f"make_copy:{case.id}:{copy.recording}:{case.seq}", office.now())


def renew_copy(office: Office, actor: Actor, ref: str, recording: str, seen: int) -> None:
    """Allow as many downloads again. NotNow while some are left, after the last day, or for a copy taken back."""
    with office.writing() as work:
        case, copy = _granted(work, actor, ref, recording, seen)
        if state_of(office, case, copy) is not GrantState.USED_UP:
            raise NotNow("moved")
        most = renewed_most(copy.downloads)
        if not work.documents.renew(case.id, recording, most):
            raise NotNow("moved")
        record(office, work, case, events.CopyRenewed(recording, most), actor)


def queue_reminder(office: Office, work: Work, case: Case, until: date) -> None:
    """Remind of the copies that are given until a day, in the open unit; of a shorter time nobody is reminded."""
    at = datetime.combine(until - FILES_WARNED, time(9), HELSINKI).astimezone(UTC)
    if at > office.now():
        args = {"case": case.id, "until": until.isoformat()}
        work.outbox.add("remind_files", args, f"remind_files:{case.id}:{until}", at)


def remind_files(office: Office, case_id: str, until: date) -> None:
    """Remind of copies that nobody has fetched and that end on this day; nothing when there are none by now."""
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        copies = work.documents.copies(case.id, case.applicant.person)
        waiting = [one for one in copies if one.available_until == until and not one.downloads]
        still = any(state_of(office, case, one) is GrantState.OPEN for one in waiting)
        if still and not case.disputed and work.outbox.once(f"files:{case_id}", until.isoformat()):
            record(office, work, case, events.FilesReminded(until), SYSTEM)


def _granted(work: Work, actor: Actor, ref: str, recording: str, seen: int) -> tuple[Case, Copy]:
    case = opened(work, ref, actor, seen)
    demand(actor, Action.CHANGE_COPY, case.register)
    copies = work.documents.copies(case.id, case.applicant.person)
    found = next((copy for copy in copies if copy.recording == recording), None)
    if found is None:
        raise Absent(ref)
    return case, found
