"""The applicant chooses how they are told of news in a filed request, changes the address, or stops it."""

from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.contact import Channel, Contact
from portal.domain.lifecycle import ChooseContact, NotNow
from portal.domain.number_proof import Grade, How
from portal.services.office import Office
from portal.services.step import opened, take_step


def choose_contact(office: Office, actor: Actor, ref: str, contact: Contact | None) -> None:
    """News goes there from now on; the same again changes nothing. NotNow("number_unproved") for a number that the
    applicant has not proved by a code: a message may not go to whoever else has it."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        if contact and contact.channel is Channel.TEXT and contact.to not in proved_numbers(case):
            raise NotNow("number_unproved")
        if contact != case.contact:
            take_step(office, work, case, ChooseContact(contact), actor)


def proved_numbers(case: Case) -> tuple[str, ...]:
    """The numbers (E.164) that the applicant has proved by a code in this case."""
    proofs = {proof.call for proof in case.numbers if proof.grade is Grade.PROVED and How(proof.how).code}
    return tuple(dict.fromkeys(call.own_number for call in case.calls if call.own_number and call.number in proofs))
