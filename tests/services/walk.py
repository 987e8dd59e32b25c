"""The people of the services' tests, and how far a case is walked."""

from dataclasses import dataclass

from portal.domain.access import Actor, ActorKind, Role
from portal.domain.case import Case, Verdict
from portal.domain.number_proof import How
from portal.domain.rights import Right
from portal.services import (
    approve,
    check_speaker,
    choose_call,
    decide,
    sign_letter,
    support_number,
    take_up,
    tell_recipient,
)
from portal.services.file_request import Filed, Request
from portal.services.office import Office
from tests import make


def clerk(name: str, *roles: Role, register: str = "espoo") -> Actor:
    return Actor(ActorKind.STAFF, name.ljust(32, "0"), register, frozenset(roles), name)


@dataclass(frozen=True)
class Walk:
    """One case with the hands that move it."""

    office: Office
    filed: Filed
    register: str

    @property
    def handler(self) -> Actor:
        return clerk("handler", Role.HANDLER, register=self.register)

    @property
    def listener(self) -> Actor:
        return clerk("listener", Role.LISTENER, register=self.register)

    @property
    def decider(self) -> Actor:
        return clerk("decider", Role.DECISION_MAKER, register=self.register)

    @property
    def citizen(self) -> Actor:
        return make.citizen(self.filed, self.register)

    @property
    def case(self) -> Case:
        with self.office.reading() as work:
            return work.cases.open(self.filed.ref, self.handler)

    @property
    def recordings(self) -> tuple[str, ...]:
        with self.office.reading() as work:
            return tuple(row.recording for row in work.recordings.candidates(self.case.id))

    @property
    def actions(self) -> list[str]:
        with self.office.reading() as work:
            return [entry.action for entry in work.cases.timeline(self.case)]

    def taken(self) -> "Walk":
        take_up.take_up(self.office, self.handler, self.filed.ref, self.case.moves)
        return self

    def heard(self) -> "Walk":
        """Every candidate chosen, its speaker confirmed, and the number found in the customer register."""
        make.heard_by(self.office, self.listener.id, self.register)
        for recording in self.recordings:
            choose_call.choose_call(
                self.office, self.handler, self.filed.ref, recording, 1, it_is=True, seen=self.case.moves
            )
            check_speaker.check_speaker(
                self.office, self.listener, self.filed.ref, recording, Verdict.FITS, "name", self.case.moves
            )
        return self.supported()

    def supported(self) -> "Walk":
        """The number of the first call compared with the controller's own customer register."""
        if not self.case.number(1).enough:
            support_number.support_number(
                self.office, self.handler, self.filed.ref, 1, How.REGISTER, "same number", self.case.moves
            )
        return self

    def proposed(self, **item: str) -> "Walk":
        decide.save_draft(self.office, self.handler, self.filed.ref, {"1": item})
        decide.propose(self.office, self.handler, self.filed.ref, self.case.moves)
        return self

    def approved(self) -> "Walk":
        approve.approve(self.office, self.decider, self.filed.ref, self.case.moves)
        return self

    def told(self) -> "Walk":
        """Every recipient that has no state yet is told (art. 19)."""
        for code in tell_recipient.untold(self.office.registers[self.register], self.case):
            tell_recipient.tell_recipient(self.office, self.handler, self.filed.ref, code, "told", "", self.case.moves)
        return self

    def signed(self) -> "Walk":
        """Signed, after the recipients were told where the law wants them told."""
        if self.case.right in (Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION):
            self.told()
        sign_letter.sign_letter(self.office, self.decider, self.filed.ref, self.case.moves)
        return self


def walk(office: Office, wanted: Request | None = None, register: str = "espoo", found: int = 1) -> Walk:
    """A filed request with `found` recordings that fit it."""
    if found:
        make.recorded(office, *(make.segment() for _ in range(found)), register=register)
    for name in ("listener", "second", "both"):
        make.heard_by(office, clerk(name).id, register)
    return Walk(office, make.filed(office, wanted or make.request(Right.ACCESS), register=register), register)
