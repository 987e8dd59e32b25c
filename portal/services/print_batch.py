"""The mail room's batch: letters bound into one file, printed again as often as needed, posted in one go."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.case import Address, Case
from portal.domain.dispatch import Obstacle
from portal.domain.lifecycle import NotNow
from portal.domain.register import Register
from portal.domain.words import Language
from portal.services.letter_facts import address_rows, postal_obstacle
from portal.services.office import Office
from portal.services.ports import Absent, BatchItem, Bound, Mail, PrintBatch, Sheets, Work
from portal.services.step import record

LARGEST = 500
"""Letters in one batch: a pile that a person can carry."""

KEPT = timedelta(days=90)
"""How long after its posting a batch can be printed again; each letter stays in its own case."""


@dataclass(frozen=True)
class Waiting:
    """A letter that could be posted: to whom, where (town alone), and what stands in the way."""

    mail: Mail
    name: str
    postcode: str
    town: str
    obstacle: Obstacle | None
    cover: bool


@dataclass(frozen=True)
class MailRoom:
    """The letters that wait, in the order of the pile, and the latest batches."""

    waiting: tuple[Waiting, ...]
    batches: tuple[PrintBatch, ...]


@dataclass(frozen=True)
class BatchView:
    """A batch with its letters and the name of who made it."""

    batch: PrintBatch
    items: tuple[BatchItem, ...]
    made_by: str


def mail_room(office: Office, actor: Actor, *, every: bool = False) -> MailRoom:
    """What waits to be posted in the actor's register; `every`: also letters that only the portal has."""
    demand(actor, Action.POST_LETTER, actor.controller)
    with office.reading() as work:
        waiting = _waiting(office, work, work.mail.to_post(actor.controller, every=every))
        return MailRoom(waiting, work.mail.batches(actor.controller))


def make_batch(office: Office, actor: Actor, documents: Sequence[str], language: Language) -> PrintBatch:
    """Bind the chosen letters, sorted by postcode, town and reference, and record it in each case.

    Raises NotNow when a chosen letter is posted, in another batch or has no address by now, or none was chosen.
    """
    demand(actor, Action.POST_LETTER, actor.controller)
    register, now = office.registers[actor.controller], office.now()
    with office.reading() as work:
        chosen = _chosen(office, work, actor.controller, documents)
        number = work.mail.next_number(register.id)
        sheets = [_sheets(office, work, register, one) for one in chosen]
    bound = office.press.bind(register, language, number, now, sheets)
    with _kept(office, register.id, bound) as vault_object, office.writing() as work:
        _chosen(office, work, actor.controller, documents)
        if work.mail.next_number(register.id) != number:
            raise NotNow("moved")
        batch = PrintBatch(
            uuid4().hex, register.id, number, now, actor.id, len(chosen), bound.pages, vault_object,
            hashlib.sha256(bound.pdf).hexdigest(), len(bound.pdf),
        )  # fmt: skip
        work.mail.add_batch(batch, _items(chosen, bound))
        for one in chosen:
            case = work.cases.open_for_system(one.mail.case_id)
            record(office, work, case, events.LetterPrinted(one.mail.document.id, number), actor)
    return batch


def open_batch(office: Office, actor: Actor, number: int) -> BatchView:
    """A batch of the actor's register. Absent when there is none of this number."""
    demand(actor, Action.POST_LETTER, actor.controller)
    with office.reading() as work:
        batch = work.mail.batch(actor.controller, number)
        names = work.staff.names({batch.made_by})
        return BatchView(batch, work.mail.items(batch.id), names.get(batch.made_by, ""))


def batch_file(office: Office, actor: Actor, number: int) -> bytes:
    """The batch's exact bytes, the same at every printing. Absent when they have been removed (`KEPT`)."""
    batch = open_batch(office, actor, number).batch
    if batch.vault_object is None:
        raise Absent(str(number))
    with office.vault.reader(batch.register, batch.vault_object) as file:
        return file.read()


def post_batch(office: Office, actor: Actor, number: int, on: date) -> None:
    """Record that every letter of the batch was posted on a day. NotNow when the batch is not open any more."""
    demand(actor, Action.POST_LETTER, actor.controller)
    with office.writing() as work:
        batch = work.mail.batch(actor.controller, number, lock=True)
        if not batch.open:
            raise NotNow("moved")
        for item in work.mail.items(batch.id):
            case = work.cases.open_for_system(item.case_id)
            if any(one.id == item.document and one.posted_on is None for one in work.documents.of_case(case.id)):
                record(office, work, case, events.LetterPosted(item.document, on), actor)
                work.documents.posted(item.document, on)
        work.mail.batch_posted(batch.id, on)


def drop_batch(office: Office, actor: Actor, number: int) -> None:
    """The batch will not be posted: its letters wait again. NotNow when it is not open any more."""
    demand(actor, Action.POST_LETTER, actor.controller)
    with office.writing() as work:
        batch = work.mail.batch(actor.controller, number, lock=True)
        if not batch.open:
            raise NotNow("moved")
        work.mail.batch_dropped(batch.id, office.now())


def _waiting(office: Office, work: Work, mails: Sequence[Mail]) -> tuple[Waiting, ...]:
    cases: dict[str, Case] = {}
    found = []
    for mail in mails:
        case = cases.setdefault(mail.case_id, work.cases.open_for_system(mail.case_id))
        found.append(_as_it_stands(office, work, mail, case))
    return tuple(sorted(found, key=lambda one: (one.postcode, one.town.casefold(), one.mail.ref)))


def _as_it_stands(office: Office, work: Work, mail: Mail, case: Case) -> Waiting:
    stops = postal_obstacle(office, case)
    if mail.document.returned_on and mail.document.dispatch == "check":
        stops = Obstacle.RETURNED
    address = case.applicant.address if stops is None else None
    cover = office.registers[case.register].envelope.needs_cover or work.mail.rows(mail) != address_rows(office, case)
    shown = address or Address("", "", "")
    return Waiting(mail, case.applicant.name, shown.postcode, shown.town, stops, cover)


def _chosen(office: Office, work: Work, register: str, documents: Sequence[str]) -> tuple[Waiting, ...]:
    wanted = set(documents)
    if not 1 <= len(wanted) <= LARGEST:
        raise NotNow("moved")
    chosen = _waiting(office, work, work.mail.to_post(register, every=True, only=wanted))
    if len(chosen) != len(wanted) or any(one.obstacle for one in chosen):
        raise NotNow("moved")
    return chosen


def _sheets(office: Office, work: Work, register: Register, one: Waiting) -> Sheets:
    document = one.mail.document
    rows = address_rows(office, work.cases.open_for_system(one.mail.case_id)) if one.cover else ()
    with office.vault.reader(register.id, document.vault_object) as file:
        return Sheets(one.mail.ref, document.code, file.read(), Language(document.language), rows)


def _items(chosen: Sequence[Waiting], bound: Bound) -> Iterator[BatchItem]:
    for place, (one, pages) in enumerate(zip(chosen, bound.of_letter, strict=True), 1):
        document = one.mail.document
        yield BatchItem(place, document.id, one.mail.case_id, one.mail.ref, document.code, pages, one.cover)


@contextmanager
def _kept(office: Office, register: str, bound: Bound) -> Iterator[str]:
    """The batch in the vault; if the block fails, its bytes are removed again."""
    vault_object = uuid4().hex
    office.vault.put(register, vault_object, BytesIO(bound.pdf))
    try:
        yield vault_object
    except BaseException:
        office.vault.delete(register, vault_object)
        raise
