"""Manual upload: staff add a recording that they got from the operator, tied to the case that asks for it."""

from datetime import datetime
from typing import BinaryIO
from uuid import uuid4

from portal.domain import events
from portal.domain.access import Action, Actor, demand
from portal.domain.matching import CallDescription
from portal.domain.recording import RecordingClass, Refused, SegmentMeta
from portal.domain.retention import HoldOutcome, HoldReason, hold_review_on, purge_at
from portal.services.find_calls import renew_keeping
from portal.services.match_dossier import keep
from portal.services.office import Office
from portal.services.retention_rules import adopt
from portal.services.step import opened, record


def add_recording(
    office: Office,
    actor: Actor,
    ref: str,
    call: CallDescription,
    start: datetime,
    end: datetime,
    caller: str | None,
    stream: BinaryIO,
    name: str,
) -> Refused | str:
    """Store, index, hold and propose an uploaded recording for one call of a case; its id, or why it was refused."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        demand(actor, Action.ADD_RECORDING, case.register)
    register = office.registers[case.register]
    told = SegmentMeta(
        call_uid=uuid4().hex,
        locator="",
        start=start,
        end=end,
        caller=caller,
        withheld=caller is None,
        other_number=None,
        service_number=call.service_number,
        queue=None,
        agent=None,
        direction="in",
        recording_class=RecordingClass.CUSTOMER_SERVICE,
        has_audio=True,
    )
    source = office.uploads[case.register]
    made = source.add(told, stream, name)
    if isinstance(made, Refused):
        return made
    now = office.now()
    with office.writing() as work:
        case = opened(work, ref, actor)
        ends = purge_at(made.end, adopt(work, register, now).rule(made.recording_class.value))
        new = work.recordings.load(case.register, source.id, "ours", [(made, ends)])[0]
        work.recordings.hold(
            new, HoldReason.REQUEST.value, case.id, actor.id, hold_review_on(office.today(), register), now
        )
        held = HoldOutcome.HELD.value
        work.recordings.propose(case.id, new, call.number, 0.0, "possible", [], held, now)
        case = record(office, work, case, events.RecordingAdded(new), actor)
        renew_keeping(work, case)
        keep(office, work, case)
    return new
