"""A register file that shortens retention waits for two people; nothing goes earlier than they agreed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.access import SYSTEM, Action, Forbidden, Role
from portal.domain.lifecycle import NotNow
from portal.domain.register import Register
from portal.domain.retention import oldest_kept, purge_at
from portal.jobs import periodic
from portal.services import retention_rules
from portal.services.dispose import dispose_due
from portal.services.harvest import harvest
from portal.services.office import Office
from portal.services.retention_rules import Standing, approve_shortening, propose_shortening
from portal.services.searched import oldest_searched
from tests import make
from tests.services.walk import clerk

ADMIN = clerk("admin", Role.ADMINISTRATOR)
DPO = clerk("dpo", Role.DPO)
DECIDER = clerk("decider", Role.DECISION_MAKER)
CLASS = "customer_service"


def filed(office: Office, period: str, register: str = "espoo", longest: str | None = None) -> Office:
    """The office after its register file was changed to this period (Espoo's is six months)."""
    before = office.registers[register]
    rules = tuple(
        replace(rule, period=period, longest=longest) if rule.recording_class == CLASS else rule
        for rule in before.retention
    )
    return replace(office, registers={**office.registers, register: replace(before, retention=rules)})


def register(office: Office) -> Register:
    with office.reading() as work:
        return retention_rules.in_force(work, office.registers["espoo"])


def period(office: Office) -> str:
    return register(office).rule(CLASS).period


def standing(office: Office) -> Standing:
    return next(one for one in retention_rules.standing_for(office, DPO) if one.recording_class == CLASS)


def actions(office: Office) -> list[str]:
    with office.reading() as work:
        return [line.action for line in work.trail.page("espoo", None, 50) if line.action.startswith("retention_s")]


@pytest.fixture
def known(here: Office) -> Office:
    """Espoo's six months are in force."""
    retention_rules.adopt_file(here, "espoo")
    return here


@pytest.fixture
def shorter(known: Office) -> Office:
    """Its file says one month now."""
    return filed(known, "P1M")


def agreed(office: Office) -> Office:
    propose_shortening(office, ADMIN, CLASS, "P1M")
    approve_shortening(office, DECIDER, CLASS, "P1M")
    return office


def load(office: Office, **changes: object) -> str:
    """One call harvested from the fake source; its id."""
    source = office.sources["fake-espoo"]
    meta = make.segment(**changes)  # type: ignore[arg-type]  # a segment's own fields
    source.segments.append(meta)  # type: ignore[attr-defined]  # a FakeSource
    source.files[meta.locator] = make.tone()  # type: ignore[attr-defined]
    harvest(office, "fake-espoo")
    with office.reading() as work:
        return work.recordings.due("espoo", office.now() + timedelta(days=9999))[-1].id


def test_the_first_period_and_a_longer_one_come_into_force_by_themselves_and_are_recorded(known: Office) -> None:
    longer = filed(known, "P1Y")
    assert period(longer) == "P1Y"
    retention_rules.adopt_file(longer, "espoo")
    retention_rules.adopt_file(longer, "espoo")
    assert standing(longer).since == longer.now()
    classes = len(known.registers["espoo"].retention)
    assert actions(longer) == ["retention_set"] * (classes + 1)


def test_a_shorter_period_waits_and_the_longer_one_stays_in_force(shorter: Office) -> None:
    retention_rules.adopt_file(shorter, "espoo")
    assert period(shorter) == "P6M"
    assert standing(shorter).waits


def test_two_people_bring_it_into_force_and_the_trail_names_both(shorter: Office) -> None:
    agreed(shorter)
    assert period(shorter) == "P1M"
    assert not standing(shorter).waits
    assert actions(shorter)[:2] == ["retention_shortened", "retention_shortening_proposed"]


def test_nobody_approves_their_own_shortening(shorter: Office) -> None:
    propose_shortening(shorter, DPO, CLASS, "P1M")
    with pytest.raises(NotNow, match="own_shortening"):
        approve_shortening(shorter, DPO, CLASS, "P1M")
    assert period(shorter) == "P6M"


def test_only_those_roles_propose_and_approve(shorter: Office) -> None:
    with pytest.raises(Forbidden, match=Action.CHANGE_RETENTION):
        propose_shortening(shorter, DECIDER, CLASS, "P1M")
    propose_shortening(shorter, DPO, CLASS, "P1M")
    for role in (Role.ADMINISTRATOR, Role.HANDLER, Role.AUDITOR):
        with pytest.raises(Forbidden, match=Action.APPROVE_RETENTION):
            approve_shortening(shorter, clerk("other", role), CLASS, "P1M")


def test_a_second_person_rejects_a_proposal_and_the_period_in_force_stays_since_when_it_was(
    shorter: Office, clock: make.Clock
) -> None:
    since = standing(shorter).since
    propose_shortening(shorter, ADMIN, CLASS, "P1M")
    clock.move(days=1)
    with pytest.raises(Forbidden, match=Action.APPROVE_RETENTION):
        retention_rules.reject_shortening(shorter, ADMIN, CLASS, "P1M")
    retention_rules.reject_shortening(shorter, DECIDER, CLASS, "P1M")
    assert (period(shorter), standing(shorter).proposal, standing(shorter).since) == ("P6M", None, since)
    assert actions(shorter)[0] == "retention_shortening_rejected"
    for late in (approve_shortening, retention_rules.reject_shortening):
        with pytest.raises(NotNow):
            late(shorter, DECIDER, CLASS, "P1M")
    assert period(agreed(shorter)) == "P1M"


def test_what_is_agreed_is_the_period_that_both_have_seen(shorter: Office) -> None:
    propose_shortening(shorter, ADMIN, CLASS, "P1M")
    shortest = filed(shorter, "P14D")
    for seen in ("P1M", "P14D"):
        with pytest.raises(NotNow):
            approve_shortening(shortest, DECIDER, CLASS, seen)
    assert period(shortest) == "P6M"


def test_a_proposal_lapses_when_a_longer_period_comes_into_force(shorter: Office) -> None:
    propose_shortening(shorter, ADMIN, CLASS, "P1M")
    retention_rules.adopt_file(filed(shorter, "P1Y"), "espoo")
    with pytest.raises(NotNow):
        approve_shortening(shorter, DECIDER, CLASS, "P1M")
    propose_shortening(shorter, ADMIN, CLASS, "P1M")
    approve_shortening(shorter, DECIDER, CLASS, "P1M")
    assert period(shorter) == "P1M"


def test_the_same_is_proposed_once(shorter: Office) -> None:
    propose_shortening(shorter, ADMIN, CLASS, "P1M")
    with pytest.raises(NotNow):
        propose_shortening(shorter, DPO, CLASS, "P1M")


def test_nothing_is_condemned_by_a_shortened_file_before_approval(shorter: Office, clock: make.Clock) -> None:
    loaded = load(shorter)
    clock.move(days=60)
    assert dispose_due(shorter, SYSTEM, "espoo", dry_run=False).condemned == 0
    with shorter.reading() as work:
        found = work.recordings.get(loaded)
    assert found is not None
    assert found.state == 0
    assert found.purge_at == purge_at(found.end, register(shorter).rule(CLASS))


def test_after_approval_new_recordings_go_sooner_and_older_ones_keep_their_end(
    shorter: Office, clock: make.Clock
) -> None:
    before = load(shorter)
    agreed(shorter)
    load(shorter, start=make.NOON - timedelta(hours=5))
    clock.move(days=60)
    assert dispose_due(shorter, SYSTEM, "espoo", dry_run=False).deleted == 1
    with shorter.reading() as work:
        found = work.recordings.get(before)
    assert found is not None
    assert found.state == 0


def test_a_search_still_reaches_what_was_loaded_under_the_longer_period(shorter: Office) -> None:
    today = shorter.today()
    longer = oldest_searched(today, filed(shorter, "P6M").registers["espoo"])
    agreed(shorter)
    assert oldest_searched(today, register(shorter)) > longer
    with shorter.reading() as work:
        assert oldest_searched(today, retention_rules.as_kept(work, shorter.registers["espoo"])) == longer


def test_a_cap_below_the_period_in_force_does_not_narrow_the_search(known: Office) -> None:
    capped = filed(known, "P1M", longest="P2M")
    rule = register(capped).rule(CLASS)
    assert (rule.period, rule.longest) == ("P6M", None)
    assert oldest_searched(capped.today(), register(capped)) < oldest_kept(capped.today(), rule)


def test_the_worker_notes_the_period_in_force_before_anything_is_loaded(here: Office) -> None:
    periodic.tick(here, "worker")
    assert period(filed(here, "P1M")) == "P6M"
