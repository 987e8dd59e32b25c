"""What can happen, and what of it the data subject may see."""

from dataclasses import fields

import pytest

from portal.domain import events, search_events
from portal.domain.events import TO_CITIZEN, Event, kind_of
from portal.domain.lifecycle import RECORDABLE

KINDS = Event.__subclasses__()
_COULD_TELL = (
    events.HoldOutcomeRecorded, events.HoldReleased, events.CallChosen, events.CallRejected, events.RecordingAdded,
    events.RecordingListened, events.SpeakerChecked, events.DecisionProposed, events.DecisionReturned,
    events.DecisionApproved, events.NumberSupported, events.NumberUnproved, events.NumberShared, events.NumberRung,
    search_events.DossierKept, search_events.LiveSearched, search_events.ChannelTold,
)  # fmt: skip


def test_an_events_kind_is_its_name_in_snake_case() -> None:
    assert kind_of(events.RequestReceived) == "request_received"
    assert kind_of(events.TakenUp()) == "taken_up"


def test_no_two_events_share_a_kind() -> None:
    assert len({kind_of(kind) for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", _COULD_TELL, ids=kind_of)
def test_what_could_tell_that_a_recording_exists_is_never_shown_to_the_citizen(kind: type[Event]) -> None:
    assert kind_of(kind) not in TO_CITIZEN


@pytest.mark.parametrize("kind", KINDS, ids=kind_of)
def test_every_event_is_frozen(kind: type[Event]) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]  # set by the decorator


_OF_THE_PERSON = {events.IdentityCodeRevealed, events.MessagesRead}  # they concern who asks, and what they wrote
_OF_THE_SEARCH = {search_events.DossierKept, search_events.LiveSearched}  # they concern every call of the case


@pytest.mark.parametrize("kind", sorted(set(RECORDABLE) - _OF_THE_PERSON - _OF_THE_SEARCH, key=kind_of), ids=kind_of)
def test_what_is_recorded_without_a_step_concerns_a_recording_a_document_purposes_a_call_a_visit_or_telling(
    kind: type[Event],
) -> None:
    assert {field.name for field in fields(kind)} & {
        "recording", "document", "purposes", "call", "appointment", "channel", "until",
    }  # fmt: skip
