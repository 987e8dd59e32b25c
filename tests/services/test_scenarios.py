"""The scenario pack of recordings, as a case meets them: what is searched, held, shown and given."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from portal.domain.access import SYSTEM
from portal.domain.lifecycle import NotNow
from portal.domain.matching import Fit
from portal.domain.recording import Denied, Transient
from portal.domain.rights import Right
from portal.services import choose_call, lists, secure
from portal.services.dispose import dispose_due
from portal.services.listening_copy import make_listening_copy
from portal.services.office import Office
from portal.services.ports import Recording, SourceAway
from portal.services.related_calls import Related, related
from tests import make
from tests.services.test_redact import CALL
from tests.services.walk import Walk, walk

AT = datetime(2026, 6, 16, 11, 12, tzinfo=UTC)


def candidates(made: Walk) -> tuple[lists.CandidateView, ...]:
    return lists.case_view(made.office, made.handler, made.filed.ref).candidates


def one_of(here: Office, recording: str) -> Recording:
    with here.reading() as work:
        found = work.recordings.get(recording)
    assert found is not None
    return found


def kin(made: Walk) -> dict[int, Related]:
    shown = candidates(made)
    places = {one.recording.id: one.place for one in shown if one.recording}
    return {places[recording]: found for recording, found in related(shown).items()}


# --- the calls -----------------------------------------------------------------------------------------------------


def test_a_transfer_in_3_segments_is_held_whole_and_shown_as_one_call(here: Office) -> None:
    legs = [
        make.segment(AT + timedelta(minutes=4 * n), 200, call_uid="1750072320.17", agent=f"Agentti {n}")
        for n in range(3)
    ]
    legs[2] = replace(legs[2], caller="+358981621", service_number="+358981620")  # the inner leg tells another number
    make.recorded(here, *legs)
    made = walk(here, found=0)
    assert [one.outcome for one in candidates(made)] == ["held"] * 3
    assert {place: found.segments for place, found in kin(made).items()} == {1: (2, 3), 2: (1, 3), 3: (1, 2)}


def test_the_same_call_id_on_another_day_is_another_call(here: Office) -> None:
    make.recorded(here, make.segment(call_uid="17"), make.segment(AT - timedelta(days=40), call_uid="17", caller=None,
                                                                  withheld=True))  # fmt: skip
    assert len(candidates(walk(here, found=0))) == 1


def test_both_agents_duplicate_is_suggested_by_time_and_sound_and_never_merged(here: Office) -> None:
    ids = make.recorded(here, make.segment(seconds=8), make.segment(seconds=8, agent="B. Toinen"))
    files = here.sources["fake-espoo"].files  # type: ignore[attr-defined]  # a FakeSource
    files.update(dict.fromkeys(files, CALL.read_bytes()))
    made = walk(here, found=0)
    (before,) = {found.doubles[0][1] for found in kin(made).values()}
    assert before is None  # nobody has heard them yet: their sound is not known
    for one in ids:
        make_listening_copy(here, one_of(here, one))
    assert {place: found.doubles for place, found in kin(made).items()} == {1: ((2, True),), 2: ((1, True),)}
    made.taken()
    choose_call.choose_call(here, made.handler, made.filed.ref, ids[0], 1, it_is=True, seen=made.case.moves)
    assert [one.finding is None for one in candidates(made)].count(True) == 1


def test_a_call_back_with_an_outbound_leg_hours_later_is_found_by_the_other_number(here: Office) -> None:
    back = make.segment(
        AT + timedelta(hours=3), caller="+358981621", other_number=make.NUMBER, direction="out", service_number=None
    )
    make.recorded(here, back)
    (found,) = candidates(walk(here, found=0))
    assert "outbound" in {reason.code for reason in found.reasons}
    assert found.fit is not Fit.UNLIKELY


def test_a_withheld_number_is_found_by_service_and_time_and_says_so(here: Office) -> None:
    make.recorded(here, make.segment(caller=None, withheld=True))
    made = walk(here, make.request(Right.ACCESS, make.call(withheld=True, own_number=None)), found=0)
    (found,) = candidates(made)
    assert {reason.code for reason in found.reasons} >= {"as_claimed", "equal"}


@pytest.mark.parametrize("hour", [0, 1])
def test_october_s_repeated_hour_is_searched_in_both_its_hours(here: Office, clock: make.Clock, hour: int) -> None:
    clock.at = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
    make.recorded(here, make.segment(datetime(2025, 10, 26, hour, 30, tzinfo=UTC)))
    described = make.call(day=date(2025, 10, 26), time=time(3, 30), own_number=None)
    assert len(candidates(walk(here, make.request(Right.ACCESS, described), found=0))) == 1


@pytest.mark.parametrize("hour", [0, 1])
def test_march_s_missing_hour_is_searched_on_both_its_sides(here: Office, clock: make.Clock, hour: int) -> None:
    clock.at = datetime(2026, 4, 7, 9, 0, tzinfo=UTC)
    make.recorded(here, make.segment(datetime(2026, 3, 29, hour, 30, tzinfo=UTC)))
    described = make.call(day=date(2026, 3, 29), time=time(3, 30), own_number=None)
    assert len(candidates(walk(here, make.request(Right.ACCESS, described), found=0))) == 1


def test_a_call_from_abroad_is_found_however_its_number_is_written(here: Office) -> None:
    make.recorded(here, make.segment(caller="+46701234567"))
    made = walk(here, make.request(Right.ACCESS, make.call(own_number="+46701234567")), found=0)
    assert len(candidates(made)) == 1


def test_two_people_on_one_line_are_both_shown_and_neither_is_given_before_the_voice_is_checked(here: Office) -> None:
    ids = make.recorded(here, make.segment(), make.segment(AT + timedelta(minutes=40)))
    made = walk(here, found=0).taken()
    assert [one.fit for one in candidates(made)] == [Fit.GOOD, Fit.GOOD]
    choose_call.choose_call(here, made.handler, made.filed.ref, ids[1], 1, it_is=True, seen=made.case.moves)
    with pytest.raises(NotNow, match="speaker"):
        made.proposed(outcome="granted")


# --- the source ----------------------------------------------------------------------------------------------------


def test_a_file_replaced_after_a_hold_is_not_what_is_heard_once_a_copy_lies_in_the_vault(here: Office) -> None:
    make.recorded(here, make.segment(), custody="operator")
    made = walk(here, found=0)
    recording = made.recordings[0]
    secure.secure(here, made.case.id, recording)
    before = one_of(here, recording)
    source = here.sources["fake-espoo"]
    source.files.update(dict.fromkeys(source.files, make.tone(3.0)))  # type: ignore[attr-defined]  # a FakeSource
    secure.secure(here, made.case.id, recording)
    after = one_of(here, recording)
    assert (after.vault_object, after.sha256) == (before.vault_object, before.sha256)


class Stubborn(make.FakeSource):
    """A source that denies deletion, drops its line, or says deleted and is not."""

    says: bool | SourceAway = False

    def erase(self, locator: str) -> bool:
        if isinstance(self.says, SourceAway):
            raise self.says
        return self.says


@pytest.mark.parametrize(
    "says", [Denied("read only"), Transient("dropped"), False], ids=["denies", "drops", "says deleted and is not"]
)
def test_a_source_that_does_not_delete_is_never_said_to_have_deleted(
    here: Office, clock: make.Clock, says: bool | SourceAway
) -> None:
    (one,) = make.recorded(here, make.segment())
    kind = here.sources["fake-espoo"]
    stubborn = Stubborn("fake-espoo", "espoo", files=kind.files, segments=kind.segments)  # type: ignore[attr-defined]  # a FakeSource
    stubborn.says = says
    office = replace(here, sources={**here.sources, "fake-espoo": stubborn})
    clock.move(days=400)
    assert dispose_due(office, SYSTEM, "espoo", dry_run=False).deleted == 0
    with office.reading() as work:
        assert work.recordings.erased_on(one) is None
    assert list(office.ledger.entries()) == []  # nothing is told to the ledger either
    clock.move(days=1)
    assert dispose_due(here, SYSTEM, "espoo", dry_run=False).deleted == 1  # once it can, it is done


def test_a_hold_that_comes_in_the_second_the_file_is_being_deleted_is_told_that_it_is_too_late(
    here: Office, clock: make.Clock
) -> None:
    (one,) = make.recorded(here, make.segment())
    asked: list[str] = []

    class Slow(make.FakeSource):
        def erase(self, locator: str) -> bool:
            asked.append(walk(here, make.request(Right.ACCESS, make.call()), found=0).filed.ref)
            return super().erase(locator)

    kind = here.sources["fake-espoo"]
    slow = Slow("fake-espoo", "espoo", files=kind.files)  # type: ignore[attr-defined]  # a FakeSource
    office = replace(here, sources={**here.sources, "fake-espoo": slow})
    with here.writing() as work:
        assert work.recordings.condemn_one(one, here.now(), "w", timedelta(minutes=5))
    assert dispose_due(office, SYSTEM, "espoo", dry_run=False, worker="w").deleted == 1
    with here.reading() as work:
        case = work.cases.open(asked[0], SYSTEM)
        assert [row.outcome for row in work.recordings.candidates(case.id)] == ["too_late"]
        assert work.recordings.miscounted() == ()
