"""File a request: the case, its holds, its first events and its acknowledgement, in one unit of work."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from portal.domain import events
from portal.domain.access import Action, Actor, ActorKind, demand
from portal.domain.case import Address, Applicant, Case, Evidence, State, Wishes
from portal.domain.contact import Channel, Contact
from portal.domain.dispatch import Dispatch, Way
from portal.domain.identity import Identified
from portal.domain.matching import CallDescription
from portal.domain.number_proof import PROOF_KEPT
from portal.domain.register import Language
from portal.domain.representation import Representative
from portal.domain.rights import Right
from portal.services.attach_document import file_with
from portal.services.find_calls import find_and_hold
from portal.services.live_sources import queue_search
from portal.services.office import HELSINKI, Office
from portal.services.ports import Identity, Repeated, Work
from portal.services.prove_number import keep_proofs
from portal.services.queue_notification import queue_notification
from portal.services.representation import stated
from portal.services.step import record


@dataclass(frozen=True)
class Request:
    """What the applicant sends. `submission` is the form's own random id: the same one twice is one case.

    `protected`: the applicant's address is under non-disclosure, so that nothing may be posted and none is kept.
    `contact`: where they want to be told of news.
    """

    submission: str
    right: Right
    language: Language
    calls: tuple[CallDescription, ...]
    wishes: Wishes
    address: Address | None = None
    protected: bool = False
    representative: Representative | None = None
    contact: Contact | None = None


@dataclass(frozen=True)
class Filed:
    """The receipt: the reference, and the person's id for their session."""

    ref: str
    person: str
    again: bool


def file_request(office: Office, register_id: str, identified: Identified, request: Request) -> Filed:
    """Make a case of a strongly identified person's request (arts. 12(2), 15-22).

    Held before it is promised: when this returns, everything is committed. A second click returns the first case,
    also when both arrive at once.
    """
    try:
        return _filed(office, register_id, identified, request)
    except Repeated:
        return _filed(office, register_id, identified, request)


def _filed(office: Office, register_id: str, identified: Identified, request: Request) -> Filed:
    register = office.registers[register_id]
    now = office.now()
    acting = stated(office, identified, request.representative, request.right)
    with office.writing() as work:
        identity = Identity(identified.subject_key, identified.given, identified.family, identified.born)
        person = work.people.find_or_add(register_id, identity, now)
        actor = Actor(ActorKind.CITIZEN, person, register_id)
        demand(actor, Action.FILE_REQUEST, register_id)
        if register.keeps_identity_code:
            work.identity_codes.keep(register_id, person, *_kind_and_code(identified))
        submission = _submission(person, request)
        known = work.cases.of_submission(submission)
        if known:
            return Filed(known, person, again=True)
        local = now.astimezone(HELSINKI)
        address = None if request.protected else request.address
        case = Case(
            id=uuid4().hex,
            ref=work.cases.next_ref(register_id, local.year),
            register=register_id,
            register_version=register.version,
            right=request.right,
            state=State.RECEIVED,
            language=request.language,
            applicant=Applicant(person, identified.given, identified.family, identified.born, address),
            evidence=_evidence(identified),
            received_at=now,
            received_on=local.date(),
            calls=request.calls,
            wishes=request.wishes,
            seq=1,
            dispatch=Dispatch(Way.PORTAL, protected=True, chosen_at=now) if request.protected else None,
            representative=acting,
            contact=_contact(work, register_id, identified, request.contact, now),
        )
        received = events.RequestReceived(
            request.right.value, "portal", request.language.value, len(request.calls), register.version
        )
        case = work.cases.add(case, submission, received, actor, now)
        queue_notification(office, work, case, received)
        case = file_with(office, work, case, request.submission, actor)
        if request.right is Right.WITHDRAWAL:  # holds from this moment, whatever is answered later (art. 7(3))
            case = record(office, work, case, events.ConsentWithdrawn(request.wishes.purposes), actor)
        case = keep_proofs(office, work, case, identified.subject_key, actor)
        case = find_and_hold(office, work, case, request.calls, first=True)
        queue_search(office, work, case, now)
        work.outbox.add("acknowledge", {"case": case.id}, f"acknowledge:{case.id}", now)
    return Filed(case.ref, person, again=False)


def _contact(
    work: Work, register_id: str, identified: Identified, wanted: Contact | None, now: datetime
) -> Contact | None:
    """Where news goes: a text message to nobody's number but one that this person has proved, and not too long ago."""
    if wanted is None or wanted.channel is Channel.EMAIL:
        return wanted
    proved = work.numbers.proved(register_id, identified.subject_key, wanted.to, now - PROOF_KEPT)
    return wanted if proved else None


def _submission(person: str, request: Request) -> str:
    """A form's id is the person's own: the same form sent by somebody else on the same screen is another request."""
    return hashlib.sha256(f"{person}|{request.submission}".encode()).hexdigest()


def _kind_and_code(identified: Identified) -> tuple[str, str]:
    kind, _, value = identified.subject_key.partition(":")
    return kind, value


def _evidence(identified: Identified) -> Evidence:
    at: datetime = identified.authenticated_at
    return Evidence(identified.provider, identified.method, identified.level.value, at, identified.transaction)
