"""For whom a request is made: what an authorisations register says when it is filed, and the verdict of staff."""

from dataclasses import dataclass, replace

from portal.domain.access import Action, Actor, demand
from portal.domain.case import Case
from portal.domain.identity import Identified
from portal.domain.representation import Kind, Mandate, Representative, asks_for_themselves
from portal.domain.representation_steps import CheckRepresentation
from portal.domain.rights import Right
from portal.services.attach_document import remove_documents
from portal.services.office import Office
from portal.services.ports import Attachment
from portal.services.reveal_code import masked_code
from portal.services.step import opened, take_step


@dataclass(frozen=True)
class ActingView:
    """What the case page shows of who asks for whom. `code` is masked, empty where the register keeps none;
    `young`: the child is 15 or over; `checked_by` is the name of who gave the verdict."""

    case: Case
    acting: Representative | None
    files: tuple[Attachment, ...]
    code: str
    young: bool
    checked_by: str


def stated(office: Office, identified: Identified, asked: Representative | None, right: Right) -> Representative | None:
    """What the applicant says, with the answer of the authorisations register where it can be asked: it knows an
    organisation by its business id; whose code is not known here, a person must look into."""
    if asked is None or asked.kind is not Kind.ORGANISATION:
        return asked
    answer = office.mandates.may(identified.subject_key, f"y:{asked.business_id}", right.value, office.now())
    return replace(asked, register=answer)


def acting_view(office: Office, actor: Actor, ref: str) -> ActingView:
    """Who acts for whom in a case, for staff."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.SEE_CASE, case.register)
        acting = case.representative
        files = work.attachments.of_case(case.id)
        code = masked_code(work, case)
        names = work.staff.names({acting.checked_by} if acting and acting.checked_by else set())
    young = acting is not None and asks_for_themselves(acting, office.today())
    return ActingView(case, acting, files, code, young, names.get(acting.checked_by, "") if acting else "")


def check(office: Office, actor: Actor, ref: str, step: CheckRepresentation, seen: int) -> None:
    """Record the verdict of staff. Once it is given, the files have served and go, unless the register keeps them
    until the case is closed.

    Raises NotNow when the case moved, for a verdict without reasons or proof, and for a young person's matter that
    was not confirmed.
    """
    with office.writing() as work:
        case = take_step(office, work, opened(work, ref, actor, seen), step, actor)
    if step.verdict is not Mandate.ASK and office.registers[case.register].mandate_files == "until_checked":
        remove_documents(office, case.id)
