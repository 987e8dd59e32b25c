"""Files that show a right to act for another: taken while the request is written, opened by staff, deleted in time.

They lie encrypted in the vault under random ids and have no names. A file goes when staff have given their verdict
(or, where the register says so, when the case is closed), and a day after it was added to a request never sent.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import IO
from uuid import uuid4

from portal.domain import events
from portal.domain.access import SYSTEM, Action, Actor, demand
from portal.domain.case import Case
from portal.services.drafts import LIFE
from portal.services.office import Office
from portal.services.ports import Absent, Attachment, FileFault, FileForm, Work
from portal.services.step import opened, record

MOST_FILES = 5
LARGEST = 10 * 1024 * 1024
"""Bytes of one file."""


@dataclass(frozen=True)
class DocumentFile:
    """An attached file as it came: its form and its bytes."""

    form: FileForm
    data: bytes


def attach_document(office: Office, register: str, submission: str, stream: IO[bytes]) -> Attachment | FileFault:
    """Take a file for a request that is being written, or say why not. `submission` is the request's own random id."""
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        return FileFault.SIZE
    form = office.file_check(data)
    if isinstance(form, FileFault):
        return form
    made = Attachment(uuid4().hex, register, form.value, len(data), uuid4().hex, office.now())
    assert made.vault_object is not None
    office.vault.put(register, made.vault_object, BytesIO(data))
    with office.writing() as work:
        full = len(work.attachments.of_submission(register, _key(submission))) >= MOST_FILES
        if not full:
            work.attachments.add(made, _key(submission))
    if full:
        office.vault.delete(register, made.vault_object)
        return FileFault.COUNT
    return made


def attached(office: Office, register: str, submission: str) -> tuple[Attachment, ...]:
    """The files of a request that is being written, oldest first."""
    with office.reading() as work:
        return work.attachments.of_submission(register, _key(submission))


def detach_document(office: Office, register: str, submission: str, number: int) -> None:
    """Take file `number` (from 1) of a request that is being written away again."""
    mine = attached(office, register, submission)
    if 1 <= number <= len(mine):
        _forget(office, mine[number - 1 : number])


def detach_all(office: Office, register: str, submission: str) -> None:
    """The request is made for somebody else now, or given up: its files go."""
    _forget(office, attached(office, register, submission))


def file_with(office: Office, work: Work, case: Case, submission: str, actor: Actor) -> Case:
    """The request has become a case: its files are the case's, each with its event."""
    for one in work.attachments.of_submission(case.register, _key(submission)):
        case = record(office, work, case, events.DocumentAttached(one.id, one.form), actor)
    work.attachments.file(case.register, _key(submission), case.id)
    return case


def open_document(office: Office, actor: Actor, ref: str, document: str) -> DocumentFile:
    """A file of the case for staff who decide on it; the opening is recorded. Absent: not this case's, or deleted."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        demand(actor, Action.DECIDE, case.register)
        found = next((one for one in work.attachments.of_case(case.id) if one.id == document), None)
        if found is None or found.vault_object is None:
            raise Absent(document)
        with office.vault.reader(case.register, found.vault_object) as file:
            data = file.read()
        record(office, work, case, events.DocumentOpened(found.id), actor)
    return DocumentFile(FileForm(found.form), data)


def remove_documents(office: Office, case_id: str) -> None:
    """Delete a case's files from the vault; that there were some stays in the case's events."""
    with office.reading() as work:
        found = [one for one in work.attachments.of_case(case_id) if one.vault_object]
    _remove(office, found)


def sweep_documents(office: Office) -> None:
    """Delete the files of requests that were never sent, and of cases that have ended."""
    with office.reading() as work:
        unfiled, ended = work.attachments.unfiled(office.now() - LIFE), work.attachments.of_ended_cases()
    _forget(office, unfiled)
    _remove(office, ended)


def _remove(office: Office, found: Iterable[Attachment]) -> None:
    for one in found:
        assert one.vault_object is not None
        assert one.case_id is not None
        office.vault.delete(one.register, one.vault_object)
        with office.writing() as work:
            work.attachments.emptied(one.id)
            case = work.cases.open_for_system(one.case_id)
            record(office, work, case, events.DocumentRemoved(one.id), SYSTEM)


def _forget(office: Office, found: Iterable[Attachment]) -> None:
    for one in found:
        if one.vault_object:
            office.vault.delete(one.register, one.vault_object)
        with office.writing() as work:
            work.attachments.forget(one.id)


def _key(submission: str) -> str:
    return hashlib.sha256(submission.encode()).hexdigest()
