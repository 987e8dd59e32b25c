"""The match dossier: kept when the search or the choice changes, frozen when the decision is proposed."""

import hashlib
from datetime import date

import pytest

from portal.domain.access import Role
from portal.domain.dossier import Dossier, lasting
from portal.domain.moments import helsinki
from portal.domain.rights import Right
from portal.services import choose_call, find_calls, harvest
from portal.services.match_dossier import dossier_view
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.ports.dossiers import DossierVersion
from portal.services.search_proof import search_text
from tests import make
from tests.services.walk import Walk, clerk, walk


def kept(made: Walk) -> DossierVersion:
    with made.office.reading() as work:
        found = work.dossiers.newest(made.case.id, work.cases.box(made.case))
    assert found is not None
    return found


def text(made: Walk) -> str:
    with made.office.reading() as work:
        return search_text(made.office, work, made.case)


def test_the_filing_keeps_what_was_searched_and_found(here: Office) -> None:
    made = walk(here)
    found = kept(made)
    (search,), (one,) = found.dossier.searches, found.dossier.considered
    assert (found.n, search.by, search.call) == (1, "", 1)
    assert [helsinki(at).isoformat(" ", "minutes")[:16] for at in search.by_number[0]] == [
        "2026-06-06 00:00", "2026-06-27 00:00",
    ]  # fmt: skip
    assert [helsinki(at).isoformat(" ", "minutes")[:16] for at in search.by_service[0]] == [
        "2026-06-16 11:30", "2026-06-16 16:30",
    ]  # fmt: skip
    assert (one.recording, one.hold, one.taken) == (made.recordings[0], "held", None)
    assert {reason.code for reason in one.reasons} >= {"equal", "minutes_off"}
    assert found.dossier.oldest_day == date(2025, 12, 17)


def test_no_number_and_no_name_stand_in_it(here: Office) -> None:
    made = walk(here)
    assert make.NUMBER[-7:] not in kept(made).text
    assert "Soittola" not in kept(made).text


def test_a_choice_and_a_search_make_a_version_each_with_who_did_it(here: Office) -> None:
    made = walk(here).taken().heard()
    assert kept(made).n == 2
    (one,) = kept(made).dossier.considered
    assert (one.taken, one.by) == (True, made.handler.id)
    choose_call.choose_call(
        here, made.handler, made.filed.ref, made.recordings[0], 1, it_is=False, seen=made.case.moves
    )
    assert [one.taken for one in kept(made).dossier.considered] == [False]
    find_calls.find_more(here, made.handler, made.filed.ref, make.call(day=date(2026, 5, 4)))
    assert [search.by for search in kept(made).dossier.searches] == ["", made.handler.id]
    assert kept(made).n == 4


def test_the_trail_holds_the_digest_of_each_version(here: Office) -> None:
    made = walk(here).taken().heard()
    with here.reading() as work:
        told = [entry.facts for entry in work.cases.timeline(made.case) if entry.action == "dossier_kept"]
    assert told[-1] == {"n": 2, "sha256": hashlib.sha256(kept(made).text.encode()).hexdigest()}


def test_what_changes_nothing_keeps_no_version(here: Office) -> None:
    made = walk(here)
    harvest.search_again(here, "espoo")
    harvest.harvest(here, "fake-espoo")
    harvest.search_again(here, "espoo")
    assert kept(made).n == 1


def test_a_source_that_is_read_on_is_the_same_search_but_a_fault_is_not(here: Office, clock: make.Clock) -> None:
    harvest.harvest(here, "fake-espoo")
    made = walk(here)
    before = kept(made).dossier
    clock.move(minutes=3)
    harvest.harvest(here, "fake-espoo")
    after = dossier_view(here, made.handler, made.filed.ref).dossier
    assert (before == after, lasting(before) == lasting(after)) == (False, True)
    with here.writing() as work:
        work.sources.failed("fake-espoo", "espoo", "transient", "away", here.now())
    after = dossier_view(here, made.handler, made.filed.ref).dossier
    assert lasting(before) != lasting(after)


def test_from_the_proposal_on_the_letter_reads_what_was_kept(here: Office, clock: make.Clock) -> None:
    harvest.harvest(here, "fake-espoo")
    made = walk(here, found=0).taken()
    clock.move(minutes=5)
    harvest.harvest(here, "fake-espoo")
    assert "18.6.2026 12.05" in text(made)
    made.proposed(outcome="no_recording")
    frozen, told = kept(made), text(made)
    clock.move(days=1)
    harvest.harvest(here, "fake-espoo")
    assert (text(made), kept(made)) == (told, frozen)
    made.signed()
    assert (text(made), kept(made)) == (told, frozen)


def test_nothing_found_is_proved_by_the_rule_and_its_day(here: Office) -> None:
    made = walk(here, make.request(Right.ACCESS, make.call(day=date(2025, 11, 3))), found=0)
    found = kept(made).dossier
    assert [search.erased_on for search in found.searches] == [date(2026, 5, 3)]
    assert [(rule.recording_class, rule.period) for rule in found.rules] == [("customer_service", "P6M")]


def test_a_dossier_is_read_by_its_own_controllers_staff_alone(here: Office) -> None:
    made = walk(here)
    with pytest.raises(Absent):
        dossier_view(here, clerk("other", Role.HANDLER, register="janakkala"), made.filed.ref)


def test_an_old_version_is_never_changed(here: Office) -> None:
    made = walk(here)
    with here.writing() as work, pytest.raises(Exception, match=r"UNIQUE|duplicate"):
        work.dossiers.add(made.case.id, 1, Dossier((), (), (), here.today()), here.now(), work.cases.box(made.case))
