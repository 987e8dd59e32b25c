"""Article 19: no letter of a rectification, an erasure or a restriction without a word on each recipient."""

import pytest

from portal.domain.case import Wishes
from portal.domain.lifecycle import NotNow
from portal.domain.rights import Right
from portal.services import decide, sign_letter, tell_recipient
from portal.services.office import Office
from portal.services.tell_recipient import recipients, untold
from tests import make
from tests.services.walk import Walk, walk

GRANTED = {"outcome": "granted"}
REFUSED = {"outcome": "refused", "ground": "R17-NG", "facts": "The contract runs.", "assessment": "None of 17(1)."}
CHANGES = {
    Right.RECTIFICATION: Wishes(wrong="Osoite on väärin.", correct="Esimerkkikuja 4."),
    Right.ERASURE: Wishes(reason="Ei enää tarpeen."),
    Right.RESTRICTION: Wishes(ground="contested"),
}


def tell(made: Walk, code: str, state: str, why: str = "") -> None:
    office, ref = made.office, made.filed.ref
    tell_recipient.tell_recipient(office, made.handler, ref, code, state, why, made.case.moves)


def approved(here: Office, right: Right, **item: str) -> Walk:
    made = walk(here, make.request(right, wishes=CHANGES[right])).taken().heard().proposed(**item)
    return made.approved() if made.case.state.value == "for_approval" else made


def letter(made: Walk) -> str:
    with made.office.reading() as work:
        last = work.documents.of_case(made.case.id)[-1]
        return work.documents.html(made.case.id, last.id, work.cases.box(made.case)) or ""


@pytest.mark.parametrize("right", list(CHANGES))
def test_a_change_is_not_signed_before_every_recipient_has_a_state(here: Office, right: Right) -> None:
    made = approved(here, right, **GRANTED)
    first, *others = untold(here.registers["espoo"], made.case)
    with pytest.raises(NotNow, match="recipients_untold"):
        sign_letter.sign_letter(here, made.decider, made.filed.ref, made.case.moves)
    tell(made, first, "impossible", "järjestelmä on poistettu käytöstä")
    assert first not in untold(here.registers["espoo"], made.case)
    for code in others:
        tell(made, code, "told")
    sign_letter.sign_letter(here, made.decider, made.filed.ref, made.case.moves)
    names = {line.code: line.name for line in recipients(here.registers["espoo"], made.case, made.case.language)}
    printed = letter(made)
    assert f"Seuraaville vastaanottajille emme ilmoittaneet: {names[first]}" in printed
    assert "koska järjestelmä on poistettu käytöstä." in printed
    assert f"Ilmoitimme tästä seuraaville vastaanottajille: {names[others[0]]}" in printed


def test_a_recording_is_not_erased_while_a_recipient_has_no_state(here: Office) -> None:
    made = approved(here, Right.ERASURE, **GRANTED)
    with pytest.raises(NotNow):
        sign_letter.sign_letter(here, made.decider, made.filed.ref, made.case.moves)
    with here.reading() as work:
        found = work.recordings.get(made.recordings[0])
    assert found is not None
    assert found.state == 0


def test_the_decision_page_lists_the_untold_and_still_sends_the_decision_for_approval(here: Office) -> None:
    made = walk(here, make.request(Right.ERASURE)).taken().heard()
    decide.save_draft(here, made.handler, made.filed.ref, {"1": GRANTED})
    assert "recipients_untold" in {one.code for one in decide.load_draft(here, made.handler, made.filed.ref).missing}
    decide.propose(here, made.handler, made.filed.ref, made.case.moves)
    assert made.case.state.value == "for_approval"


def test_a_refusal_and_an_access_letter_ask_for_no_recipients(here: Office) -> None:
    refused = approved(here, Right.ERASURE, **REFUSED)
    sign_letter.sign_letter(here, refused.decider, refused.filed.ref, refused.case.moves)
    granted = walk(here).taken().heard().proposed(**GRANTED).approved()
    sign_letter.sign_letter(here, granted.decider, granted.filed.ref, granted.case.moves)


def test_an_access_letter_names_who_else_was_given_the_recording(here: Office) -> None:
    made = walk(here).taken()
    tell(made, "Esimerkin poliisilaitos", "told")
    made.heard().proposed(**GRANTED).approved()
    sign_letter.sign_letter(here, made.decider, made.filed.ref, made.case.moves)
    names = "; ".join(one.name.fi for one in here.registers["espoo"].recipients)
    assert f"{names}; Esimerkin poliisilaitos." in letter(made)


def test_nobody_is_told_of_an_access_request_and_an_objection_names_nobody(here: Office) -> None:
    access = walk(here).taken()
    first = here.registers["espoo"].recipients[0].code
    for code, state, why in ((first, "told", ""), ("Esimerkin poliisilaitos", "impossible", "yritys on lopettanut")):
        with pytest.raises(NotNow, match="state"):
            tell(access, code, state, why)
    other = walk(here, make.request(Right.OBJECTION)).taken()
    with pytest.raises(NotNow, match="state"):
        tell(other, "Esimerkin poliisilaitos", "told")


def test_impossible_needs_a_reason(here: Office) -> None:
    made = walk(here, make.request(Right.ERASURE)).taken()
    with pytest.raises(NotNow, match="no_reason"):
        tell(made, "telia", "impossible", "  ")


def test_a_recipient_that_the_register_does_not_know_is_told_of_too(here: Office) -> None:
    made = walk(here, make.request(Right.ERASURE)).taken()
    tell(made, "Länsi-Uudenmaan poliisilaitos", "told")
    lines = recipients(here.registers["espoo"], made.case, made.case.language)
    assert [(line.name, line.state) for line in lines if line.kind == "other"][-1] == (
        "Länsi-Uudenmaan poliisilaitos", "told",
    )  # fmt: skip
