"""Requests that have been answered, by the services that staff use."""

from dataclasses import dataclass

from portal.domain.access import Role
from portal.domain.case import Case, Verdict
from portal.domain.decisions import Outcome
from portal.domain.number_proof import How
from portal.services.approve import approve
from portal.services.check_speaker import check_speaker
from portal.services.choose_call import choose_call
from portal.services.decide import propose, save_draft
from portal.services.make_copy import make_copy
from portal.services.office import Office
from portal.services.redact import Typed, approve_redaction, render_redaction, review, save_passages, submit
from portal.services.sign_letter import must_tell, sign_letter
from portal.services.support_number import support_number
from portal.services.take_up import take_up
from portal.services.tell_recipient import tell_recipient
from tests import make


@dataclass
class Desk:
    """Two clerks of Espoo who answer one request."""

    office: Office
    ref: str

    def __post_init__(self) -> None:
        handler = (Role.HANDLER, Role.LISTENER, Role.DECISION_MAKER)
        self.first = make.clerk(self.office, "malla", *handler).actor
        self.second = make.clerk(self.office, "severi", *handler).actor

    @property
    def case(self) -> Case:
        with self.office.reading() as work:
            return work.cases.open(self.ref, self.first)

    def found(self, recording: str) -> None:
        """This is the call, and the voice is the applicant's."""
        take_up(self.office, self.first, self.ref, self.case.moves)
        choose_call(self.office, self.first, self.ref, recording, 1, it_is=True, seen=self.case.moves)
        check_speaker(self.office, self.first, self.ref, recording, Verdict.FITS, "Sama asia", self.case.moves)
        support_number(self.office, self.first, self.ref, 1, How.REGISTER, "Sama numero", self.case.moves)

    def _leave_out(self) -> None:
        """A passage marked by one, rendered, and approved by the other."""
        for finding in self.case.chosen:
            where = (self.ref, finding.recording)
            typed = [Typed("0.00,20", "0.00,60", "R15-4")]
            made = save_passages(self.office, self.first, *where, typed, "mute", "")
            submit(self.office, self.first, *where, made.edition)
            render_redaction(self.office, self.case.id, finding.recording, made.n)
            found = review(self.office, self.second, *where)
            approve_redaction(self.office, self.second, *where, found.edition if found else "")

    def answered(self, outcome: Outcome, **reasons: str) -> None:
        """Decided by one, approved and signed by the other; the copies are made. In part: a passage is left out."""
        if outcome is Outcome.PARTLY:
            self._leave_out()
        save_draft(self.office, self.first, self.ref, {"1": {"outcome": outcome.value, "what": "Puhelu", **reasons}})
        propose(self.office, self.first, self.ref, self.case.moves)
        approve(self.office, self.second, self.ref, self.case.moves)
        for code in must_tell(self.office, self.case, self.case.decision) if self.case.decision else ():
            tell_recipient(self.office, self.first, self.ref, code, "told", "", self.case.moves)
        sign_letter(self.office, self.second, self.ref, self.case.moves)
        for finding in self.case.chosen:
            make_copy(self.office, self.case.id, finding.recording)
