"""What a decision must contain, which letter carries it, and when a second person must approve."""

import pytest

from portal.domain.decisions import (
    GROUNDS,
    MATRIX,
    Decision,
    Ground,
    ItemDecision,
    LetterKind,
    Missing,
    Outcome,
    Reasons,
    grounds_for,
    letter_kind,
    missing,
    needs_second,
    of_sector,
    required_contents,
)
from portal.domain.letters import contains_identity_code, period_words, sheet, statements
from portal.domain.register import Sector
from portal.domain.rights import Right
from portal.domain.words import Language, Words
from tests.letters.make_register import make_letter, make_register

G, P, R, N = Outcome.GRANTED, Outcome.PARTLY, Outcome.REFUSED, Outcome.NO_RECORDING
S, E = Outcome.NO_REPLY, Outcome.OTHER_CONTROLLER  # silence; elsewhere
FULL = Reasons("TSL34-2", "Tosiseikat", "Arvio")


def decided(*outcomes: Outcome, reasons: Reasons | None = FULL) -> Decision:
    """A decision with one item an outcome; items that refuse carry the reasons."""
    return Decision(
        tuple(
            ItemDecision(at, each, reasons if each in (P, R) else None, f"puhelu {at}")
            for at, each in enumerate(outcomes, 1)
        )
    )


def lacking(decision: Decision, right: Right = Right.ACCESS, sector: Sector = Sector.MUNICIPAL) -> list[str]:
    """The codes of what is missing."""
    return [each.code for each in missing(decision, right, make_register(sector))]


@pytest.mark.parametrize(
    ("right", "outcomes", "kind"),
    [
        (Right.ACCESS, (G,), LetterKind.GRANT),
        (Right.ACCESS, (G, N), LetterKind.GRANT),
        (Right.ACCESS, (G, R), LetterKind.PART),
        (Right.ACCESS, (P,), LetterKind.PART),
        (Right.ACCESS, (R, R), LetterKind.REFUSE),
        (Right.ACCESS, (R, N), LetterKind.REFUSE),
        (Right.ACCESS, (N, N), LetterKind.NO_RECORDINGS),
        (Right.ERASURE, (N,), LetterKind.NO_RECORDINGS),
        (Right.RECTIFICATION, (G,), LetterKind.RECTIFIED),
        (Right.RECTIFICATION, (R,), LetterKind.RECTIFICATION_REFUSED),
        (Right.RECTIFICATION, (G, R), LetterKind.PART),
        (Right.ERASURE, (G,), LetterKind.ERASED),
        (Right.ERASURE, (R,), LetterKind.REFUSE),
        (Right.RESTRICTION, (G,), LetterKind.RESTRICTED),
        (Right.PORTABILITY, (G,), LetterKind.PORTABILITY),
        (Right.PORTABILITY, (R,), LetterKind.REFUSE),
        (Right.OBJECTION, (G,), LetterKind.OBJECTION),
        (Right.OBJECTION, (R,), LetterKind.OBJECTION),
        (Right.WITHDRAWAL, (G,), LetterKind.CONSENT_WITHDRAWN),
        (Right.ACCESS, (S, S), LetterKind.CLOSED_NO_REPLY),
        (Right.OBJECTION, (S,), LetterKind.CLOSED_NO_REPLY),
        (Right.ACCESS, (G, S), LetterKind.PART),
        (Right.ERASURE, (S, N), LetterKind.REFUSE),
        (Right.RECTIFICATION, (S, E), LetterKind.RECTIFICATION_REFUSED),
        (Right.ACCESS, (E, E), LetterKind.OTHER_CONTROLLER),
        (Right.OBJECTION, (E,), LetterKind.OTHER_CONTROLLER),
        (Right.ACCESS, (G, E), LetterKind.GRANT),
        (Right.ACCESS, (R, E), LetterKind.REFUSE),
        (Right.ACCESS, (N, E), LetterKind.NO_RECORDINGS),
    ],
)
def test_each_outcome_of_each_right_has_its_letter(
    right: Right, outcomes: tuple[Outcome, ...], kind: LetterKind
) -> None:
    assert letter_kind(right, decided(*outcomes)) is kind


def test_a_decision_without_items_has_no_letter() -> None:
    with pytest.raises(ValueError, match="without items"):
        letter_kind(Right.ACCESS, Decision(()))


@pytest.mark.parametrize(
    ("right", "outcome", "second"),
    [
        (Right.ACCESS, G, True),
        (Right.ACCESS, P, True),
        (Right.ACCESS, R, True),
        (Right.ACCESS, N, False),
        (Right.ERASURE, G, True),
        (Right.ERASURE, R, True),
        (Right.ERASURE, N, False),
        (Right.PORTABILITY, G, True),
        (Right.RECTIFICATION, G, False),
        (Right.RECTIFICATION, R, True),
        (Right.RESTRICTION, G, False),
        (Right.RESTRICTION, R, True),
        (Right.OBJECTION, G, False),
        (Right.OBJECTION, R, True),
        (Right.WITHDRAWAL, G, False),
        (Right.ACCESS, S, True),
        (Right.ACCESS, E, False),
        (Right.ERASURE, E, False),
    ],
)
def test_refusals_erasures_and_releases_need_a_second_person(right: Right, outcome: Outcome, second: bool) -> None:
    assert needs_second(decided(outcome), right) is second


def test_a_complete_refusal_lacks_nothing() -> None:
    assert lacking(decided(R)) == []


def test_a_refusal_without_reasons_lacks_ground_facts_and_assessment_of_that_item() -> None:
    found = missing(decided(G, R, reasons=None), Right.ACCESS, make_register())
    assert found == (
        Missing("no_ground", "items.2.ground", "S10"),
        Missing("no_facts", "items.2.facts", "S10"),
        Missing("no_assessment", "items.2.assessment", "S10"),
    )


@pytest.mark.parametrize(
    ("right", "reasons", "code"),
    [
        (Right.ACCESS, Reasons("R99", "a", "b"), "unknown_ground"),
        (Right.ACCESS, Reasons("R17-NG", "a", "b"), "ground_of_other_right"),
        (Right.ERASURE, Reasons("TSL34-2", "a", "b"), "ground_of_other_right"),
        (Right.ACCESS, Reasons("N-ERASED", "a", "b"), "ground_is_an_answer"),
        (Right.ACCESS, Reasons("N-OTHER", "a", "b"), "ground_is_an_answer"),
        (Right.OBJECTION, Reasons("N-OTHER", "a", "b"), "ground_is_an_answer"),
        (Right.ACCESS, Reasons("R15-4", "a", "b"), "ground_only_for_part"),
        (Right.ACCESS, Reasons("TSL34-2", " \n", "b"), "no_facts"),
        (Right.ACCESS, Reasons("TSL34-2", "a", ""), "no_assessment"),
    ],
)
def test_a_refusal_on_a_wrong_or_bare_ground_is_not_complete(right: Right, reasons: Reasons, code: str) -> None:
    assert lacking(decided(R, reasons=reasons), right) == [code]


def test_the_rights_of_others_never_refuse_a_whole_recording_but_may_cut_a_part() -> None:
    assert lacking(decided(P, reasons=Reasons("R15-4", "a", "b"))) == []


def test_public_task_is_no_ground_in_a_register_that_has_none() -> None:
    refusal = decided(R, reasons=Reasons("R20-3", "a", "b"))
    assert lacking(refusal, Right.PORTABILITY, Sector.PRIVATE) == ["ground_not_in_register"]
    assert lacking(refusal, Right.PORTABILITY, Sector.MUNICIPAL) == []


def test_an_objection_to_direct_marketing_cannot_be_refused() -> None:
    refusal = decided(R, reasons=Reasons("R21-COMP", "a", "b"))
    assert lacking(refusal, Right.OBJECTION) == []
    found = missing(refusal, Right.OBJECTION, make_register(), direct_marketing=True)
    assert [each.code for each in found] == ["marketing_is_absolute"]


def test_recipients_are_confirmed_by_name_before_access_is_given() -> None:
    found = missing(decided(G), Right.ACCESS, make_register(), recipients_confirmed=False)
    assert found == (Missing("recipients_unconfirmed", "recipients", "S12c"),)
    assert missing(decided(R), Right.ACCESS, make_register(), recipients_confirmed=False) == ()


@pytest.mark.parametrize(
    ("right", "reasons", "codes"),
    [
        (Right.ACCESS, Reasons("R11-2", "a", "b"), []),
        (Right.OBJECTION, Reasons("R12-6", "a", "b"), []),
        (Right.ACCESS, Reasons("TSL34-2", "a", "b"), ["ground_not_for_no_reply"]),
        (Right.ACCESS, Reasons("R15-4", "a", "b"), ["ground_only_for_part"]),
        (Right.OBJECTION, Reasons("R11-2", "a", "b"), ["ground_of_other_right"]),
        (Right.ACCESS, None, ["no_ground", "no_facts", "no_assessment"]),
    ],
)
def test_a_case_closed_unanswered_is_a_refusal_for_want_of_identification(
    right: Right, reasons: Reasons | None, codes: list[str]
) -> None:
    assert lacking(Decision((ItemDecision(1, S, reasons, "puhelu"),)), right) == codes


def test_another_controller_is_named_and_nothing_refused() -> None:
    named = ItemDecision(1, E, None, "puhelu", elsewhere="Esimerkkilän kunta")
    assert not named.refuses
    assert lacking(Decision((named,))) == []
    assert missing(Decision((ItemDecision(1, E, None, "puhelu"),)), Right.ACCESS, make_register()) == (
        Missing("no_elsewhere", "items.1.elsewhere", "S16gh"),
    )


def test_a_request_that_belongs_elsewhere_is_transferred_by_an_authority_and_pointed_on_by_others() -> None:
    assert "S16g" in required_contents(LetterKind.OTHER_CONTROLLER, Sector.MUNICIPAL)
    assert of_sector("S16gh", Sector.PRIVATE) == "S16h"
    assert of_sector("S24", Sector.PRIVATE) == "S24"


def test_the_complaint_sheet_goes_with_every_answer_that_does_not_state_both_remedies() -> None:
    with_sheet = {kind for kind in LetterKind if sheet(make_letter(kind))}
    assert with_sheet == {
        LetterKind.GRANT, LetterKind.NO_RECORDINGS, LetterKind.RECTIFIED, LetterKind.ERASED, LetterKind.RESTRICTED,
        LetterKind.OTHER_CONTROLLER,
    }  # fmt: skip
    assert sheet(make_letter(LetterKind.ERASED, register=make_register(Sector.PRIVATE))) == ("S20", "S21a")


def test_an_empty_decision_lacks_its_items() -> None:
    assert lacking(Decision(())) == ["no_items"]


def test_the_grounds_are_the_closed_list() -> None:
    assert set(GROUNDS) == {
        "R15-4", "TSL34-1", "TSL34-2", "TSL34-3", "R11-2", "R12-6", "R12-5U", "R12-5E", "R16-OK", "R17-NG",
        "R17-3a", "R17-3b", "R17-3c", "R17-3d", "R17-3e", "R18-NG", "R20-BASIS", "R20-3", "R20-PROV",
        "R21-COMP", "R21-CLAIM", "N-NODATA", "N-ERASED", "N-OTHER",
    }  # fmt: skip
    starred = {code for code, ground in GROUNDS.items() if ground.second}
    assert starred == {
        "R15-4", "TSL34-1", "TSL34-2", "TSL34-3", "R12-5U", "R12-5E",
        "R17-3a", "R17-3b", "R17-3c", "R17-3d", "R17-3e", "R21-COMP", "R21-CLAIM",
    }  # fmt: skip
    assert {code for code, ground in GROUNDS.items() if ground.answer} == {"N-NODATA", "N-ERASED", "N-OTHER"}


@pytest.mark.parametrize("right", Right)
def test_every_right_has_grounds_of_its_own_and_none_of_another(right: Right) -> None:
    found = grounds_for(right)
    assert {"R12-6", "R12-5U", "R12-5E", "N-OTHER"} <= {ground.code for ground in found}
    assert all(right in ground.rights for ground in found)


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=lambda ground: ground.code)
def test_every_ground_has_a_label_and_a_provision_in_three_languages(ground: Ground) -> None:
    for words in (ground.label, ground.provision):
        assert all(words[language].strip() for language in Language)


def test_a_ground_cites_the_provision_of_the_right_asked_for() -> None:
    assert "15 artiklan 4 kohta" in GROUNDS["R15-4"].provision_for(Right.ACCESS).fi
    assert "artikel 20.4" in GROUNDS["R15-4"].provision_for(Right.PORTABILITY).sv


def test_every_kind_of_letter_has_a_row_and_every_refusal_all_of_article_12_4() -> None:
    assert set(MATRIX) == set(LetterKind)
    for kind in (LetterKind.PART, LetterKind.REFUSE, LetterKind.RECTIFICATION_REFUSED):
        assert {"S10", "S20", "S21"} <= set(MATRIX[kind].required)


def test_the_remedy_follows_the_sector() -> None:
    assert "S21b" in required_contents(LetterKind.REFUSE, Sector.STATE)
    assert "S21a" in required_contents(LetterKind.REFUSE, Sector.PRIVATE)
    assert "S21" not in required_contents(LetterKind.REFUSE, Sector.PRIVATE)


def test_a_partial_erasure_says_what_was_erased_instead_of_the_article_15_information() -> None:
    codes = required_contents(LetterKind.PART, Sector.MUNICIPAL, Right.ERASURE)
    assert {"S16b", "S17"} <= set(codes)
    assert not {"S11", "S12", "S13"} & set(codes)


def test_a_data_protection_act_ground_opens_the_way_through_the_ombudsman() -> None:
    assert "S14" in statements(make_letter(LetterKind.REFUSE))
    assert "S14" not in statements(make_letter(LetterKind.PART))


def test_calls_without_a_recording_are_answered_in_the_letter_on_the_others() -> None:
    mixed = decided(G, N).items
    assert "S15a" in statements(make_letter(LetterKind.GRANT, items=mixed))


def test_an_objection_met_in_part_carries_reasons_and_effect() -> None:
    mixed = decided(G, R, reasons=Reasons("R21-COMP", "a", "b")).items
    codes = statements(make_letter(LetterKind.OBJECTION, items=mixed))
    assert {"S09b", "S10", "S16d"} <= set(codes)


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("P3M", Words("3 kuukautta", "3 månader", "3 months")),
        ("P1M", Words("1 kuukausi", "1 månad", "1 month")),
        ("P12M", Words("12 kuukautta", "12 månader", "12 months")),
        ("P5Y", Words("5 vuotta", "5 år", "5 years")),
        ("P30D", Words("30 päivää", "30 dagar", "30 days")),
    ],
)
def test_a_period_is_told_in_words(iso: str, words: Words) -> None:
    assert period_words(iso) == words


@pytest.mark.parametrize("code", ["131052-308T", "010203A123B", "311299+999Y", "(131052-308t)", "131052-3080"])
def test_an_identity_code_in_any_text_is_seen(code: str) -> None:
    assert contains_identity_code(make_letter(LetterKind.EXTEND, extension_reason=f"koska {code}."))


@pytest.mark.parametrize("text", ["040 123 4567", "R-2026-00412", "1234567-1", "17.5.2026"])
def test_numbers_that_are_no_identity_code_pass(text: str) -> None:
    assert not contains_identity_code(make_letter(LetterKind.EXTEND, extension_reason=text))
