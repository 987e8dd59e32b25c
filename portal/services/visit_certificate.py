"""The certificate of a visit to listen on site: issued like every letter, once, after the listening has ended."""

from dataclasses import replace

from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.decisions import LetterKind
from portal.domain.letters import Attendance, LetterFacts
from portal.domain.lifecycle import NotNow
from portal.domain.visit_events import CertificateIssued
from portal.domain.visits import VisitState
from portal.services.attend_visit import found_visit, received, told
from portal.services.issue_letter import frozen, issue
from portal.services.letter_facts import base_facts
from portal.services.office import Office
from portal.services.ports import Appointment, Work
from portal.services.step import record


def issue_certificate(office: Office, actor: Actor, appointment: str) -> str:
    """Freeze the certificate into the case; returns the letter's id.

    NotNow before something was heard, while the station is open, and a second time.
    """
    with office.reading() as work:
        one, case = found_visit(work, actor, appointment)
        demand(actor, Action.RECEIVE_VISITOR, one.register)
        facts = certificate_facts(office, work, case, one)
    with frozen(office, case.register, facts) as letter, office.writing() as work:
        one, case = received(work, actor, appointment)
        certificate_facts(office, work, case, one)  # what was true when it was written is true now
        case = issue(office, work, case, letter, actor)
        mine = [doc for doc in work.documents.of_case(case.id) if doc.kind == LetterKind.VISIT_CERTIFICATE.value]
        made = next(doc.id for doc in mine if doc.sha256 == letter.sha256)
        record(office, work, case, CertificateIssued(one.id, made), actor)
    return made


def certificate_facts(office: Office, work: Work, case: Case, one: Appointment) -> LetterFacts:
    """What the certificate tells, in the case's language. NotNow where nothing can be certified now."""
    timeline, seats = work.cases.timeline(case), work.stations.of_appointment(one.id)
    heard = {facts["recording"] for facts in told(timeline, "station_played", one.id)}
    if one.state is not VisitState.ATTENDED or not heard or any(seat.open_at(office.now()) for seat in seats):
        raise NotNow("state")
    if told(timeline, "certificate_issued", one.id):
        raise NotNow("certificate_issued")
    known, language = work.recordings.many(list(heard)), case.language
    kinds = {kind.code: kind.name[language] for kind in office.registers[case.register].id_documents}
    attendance = Attendance(
        name=case.applicant.name,
        begin=seats[0].opened_at,
        end=max(seat.ended_at for seat in seats),
        place=f"{one.place.name[language]}, {one.place.address}",
        document=kinds.get(one.document_kind or "", ""),
        calls=tuple(sorted(recording.start for recording in known.values())),
    )
    return replace(base_facts(office, case, LetterKind.VISIT_CERTIFICATE), attendance=attendance)
