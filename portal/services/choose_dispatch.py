"""Choose how a case's letters go: by post to an address, over the counter, or in the portal alone."""

from dataclasses import dataclass
from datetime import date

from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.decisions import NOTICE_KINDS, LetterKind
from portal.domain.dispatch import Obstacle, Way
from portal.domain.lifecycle import ChooseDispatch, NotNow
from portal.domain.service_of_documents import Sending, received_on
from portal.services.letter_facts import appeal_ends, postal_obstacle, sendings
from portal.services.office import HELSINKI, Office
from portal.services.ports import Document, Work
from portal.services.step import opened, take_step


@dataclass(frozen=True)
class DispatchView:
    """How the case's letters go, what stands in the way, and from when the answer counts as received."""

    case: Case
    obstacle: Obstacle | None
    documents: tuple[Document, ...]
    sent: tuple[Sending, ...]
    received: date | None
    batch: int | None
    appeal_ends: date | None


def dispatch_view(office: Office, actor: Actor, ref: str) -> DispatchView:
    """The way of the case's letters. Absent for another controller's case."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.POST_LETTER, case.register)
        documents, sent = work.documents.of_case(case.id), sendings(work, case)
        batch = work.mail.open_batch_of(case.id)
    ends = None
    if case.answered_at and received_on(sent):
        ends = appeal_ends(office, case, case.answered_at.astimezone(HELSINKI).date(), sent)
    return DispatchView(case, postal_obstacle(office, case), documents, sent, received_on(sent), batch, ends)


def choose_dispatch(office: Office, actor: Actor, ref: str, step: ChooseDispatch, seen: int) -> None:
    """Take the step; the case's unposted answers, and what was to be posted anyway, follow it.

    Raises NotNow when the case moved, a letter lies in an open batch, or the address may not be used; AddressTooLong
    when it does not fit the envelope's window."""
    with office.writing() as work:
        case = opened(work, ref, actor, seen)
        if work.mail.open_batch_of(case.id):
            raise NotNow("in_batch")
        case = take_step(office, work, case, step, actor)
        if case.way is Way.POST and postal_obstacle(office, case):
            raise AddressTooLong
        _follow(work, case)


class AddressTooLong(Exception):
    """The address does not fit the window whole; it is asked for again, never cut."""


def _follow(work: Work, case: Case) -> None:
    for letter in work.documents.of_case(case.id):
        answers = LetterKind(letter.kind) not in NOTICE_KINDS
        if letter.posted_on is None and (answers or letter.dispatch in ("post", "check")):
            work.mail.dispatch(letter.id, case.way.value)
