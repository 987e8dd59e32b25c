"""The applicant opens the answer: hears and downloads the copy, reads the letter. Each is recorded in the case."""

from dataclasses import dataclass

from portal.domain import events
from portal.domain.access import Action, Actor, ActorKind, demand
from portal.domain.case import Case
from portal.services.listen import AudioFile
from portal.services.office import Office
from portal.services.ports import Absent, Copy, Document, Work
from portal.services.step import opened, record


@dataclass(frozen=True)
class LetterFile:
    """A frozen letter: its exact bytes, and the record of it."""

    document: Document
    pdf: bytes


def open_copy(office: Office, actor: Actor, ref: str, number: int) -> AudioFile:
    """Copy `number` (from 1) of an answered case. Absent: not theirs, not given, not made, or its life is over."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        copy = given_copy(office, work, case, actor, number)
    if copy.vault_object is None:
        raise Absent(ref)
    size, read = office.vault.open(case.register, copy.vault_object)
    return AudioFile(size, copy.vault_object, "audio/mpeg", f"{case.ref}-{number}.mp3", read)


def note_heard(office: Office, actor: Actor, ref: str, number: int, *, downloaded: bool) -> None:
    """Record one play or one download: once for each, not once for each stretch."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        copy = given_copy(office, work, case, actor, number)
        event = events.CopyDownloaded(copy.recording) if downloaded else events.CopyPlayed(copy.recording)
        record(office, work, case, event, actor)


def open_letter(office: Office, actor: Actor, ref: str, document_id: str) -> LetterFile:
    """A letter of the case, byte for byte as it was signed; the applicant's reading is recorded."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        action = Action.SEE_OWN_CASE if actor.kind is ActorKind.CITIZEN else Action.SEE_CASE
        demand(actor, action, case.register)
        letter = next((one for one in work.documents.of_case(case.id) if one.id == document_id), None)
    if letter is None:
        raise Absent(document_id)
    with office.vault.reader(case.register, letter.vault_object) as file:
        pdf = file.read()
    if actor.kind is ActorKind.CITIZEN:
        with office.writing() as work:
            record(office, work, opened(work, ref, actor), events.LetterRead(document_id), actor)
    return LetterFile(letter, pdf)


def given_copy(office: Office, work: Work, case: Case, actor: Actor, number: int) -> Copy:
    """The granted copy with this number whose life has not ended; while the matter is disputed none ends."""
    demand(actor, Action.OPEN_REPLY, case.register, case.applicant.person)
    copies = work.documents.copies(case.id, actor.id)
    if not 1 <= number <= len(copies):
        raise Absent(case.ref)
    copy = copies[number - 1]
    if copy.available_until < office.today() and not case.disputed:
        raise Absent(case.ref)
    return copy
