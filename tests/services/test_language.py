"""The language of a matter: changed until it is decided, and followed by every letter after it."""

from dataclasses import replace

import pytest

from portal.domain.access import Action, Forbidden, Role, actions_of
from portal.domain.case import State
from portal.domain.lifecycle import NotNow
from portal.domain.words import Language
from portal.services.acknowledge import acknowledge
from portal.services.change_language import change_language
from portal.services.office import Office
from portal.services.ports import QueueFilter
from tests.services.walk import Walk, clerk, walk

REFUSAL = {"outcome": "refused", "ground": "R11-2", "facts": "Fakta.", "assessment": "Bedömning."}


def change(made: Walk, to: Language) -> None:
    change_language(made.office, made.handler, made.filed.ref, to, made.case.moves)


def letters(made: Walk) -> dict[str, str]:
    with made.office.reading() as work:
        return {one.kind: one.language for one in work.documents.of_case(made.case.id)}


def test_later_letters_are_in_the_new_language_and_earlier_ones_stay(here: Office) -> None:
    made = walk(here)
    acknowledge(here, made.case.id)
    change(made, Language.SV)
    made.taken().proposed(**REFUSAL).approved().signed()
    assert letters(made) == {"ack": "fi", "refuse": "sv"}
    assert made.actions.count("language_changed") == 1


def test_the_queue_shows_the_new_language(here: Office) -> None:
    made = walk(here)
    change(made, Language.EN)
    with here.reading() as work:
        assert [row.language for row in work.queue.page("espoo", QueueFilter(), None, 9)] == [Language.EN]


def test_a_language_in_which_the_register_does_not_serve_is_refused(here: Office) -> None:
    finnish = replace(here.registers["espoo"], languages=(Language.FI, Language.SV))
    made = walk(replace(here, registers={**here.registers, "espoo": finnish}))
    with pytest.raises(NotNow, match="language_not_served"):
        change(made, Language.EN)
    assert made.case.language is Language.FI


def test_a_decision_that_waits_for_approval_keeps_its_language(here: Office) -> None:
    made = walk(here).taken().proposed(**REFUSAL)
    assert made.case.state is State.FOR_APPROVAL
    with pytest.raises(NotNow, match="state"):
        change(made, Language.SV)


def test_a_page_from_before_the_change_is_stale(here: Office) -> None:
    made = walk(here)
    change(made, Language.SV)
    with pytest.raises(NotNow, match="moved"):
        change_language(here, made.handler, made.filed.ref, Language.EN, 0)


@pytest.mark.parametrize("role", [role for role in Role if Action.TAKE_UP not in actions_of(frozenset({role}))])
def test_only_those_who_take_up_cases_change_the_language(here: Office, role: Role) -> None:
    made = walk(here)
    with pytest.raises(Forbidden):
        change_language(here, clerk("muu", role), made.filed.ref, Language.SV, made.case.moves)
