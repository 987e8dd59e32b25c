"""A letter that lacks something can be previewed with its gaps marked, and cannot be signed."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from portal.adapters.letters.render import Incomplete, letter_html, missing_in, preview_fragment, reading_page
from portal.domain.decisions import ItemDecision, LetterKind, Outcome, Reasons
from portal.domain.register import Sector
from portal.domain.words import Language
from tests.letters.make_register import make_letter, make_register

_NO_ASSESSMENT = (ItemDecision(1, Outcome.REFUSED, Reasons("TSL34-2", "Tosiseikka.", " "), "jäljennös"),)

_FULL = make_letter()
assert _FULL.lifting
assert _FULL.fee
assert _FULL.visit
assert _FULL.closing
_LIFTING, _FEE, _VISIT, _CLOSING = _FULL.lifting, _FULL.fee, _FULL.visit, _FULL.closing
_LETTER_DATE, _LATER = _FULL.letter_date, date(2027, 1, 1)


def test_a_missing_assessment_is_marked_in_the_preview_and_stops_the_letter() -> None:
    facts = make_letter(LetterKind.REFUSE, items=_NO_ASSESSMENT)
    assert '<strong>Arviomme:</strong> <mark class="missing">puuttuu</mark>' in preview_fragment(facts)
    with pytest.raises(Incomplete) as stopped:
        letter_html(facts)
    assert [each.field for each in stopped.value.missing] == ["items.1.assessment"]


def test_the_mark_speaks_the_letters_language() -> None:
    for language, word in ((Language.SV, "saknas"), (Language.EN, "missing")):
        facts = make_letter(LetterKind.REFUSE, language, decided_by="")
        assert f'<mark class="missing">{word}</mark>' in letter_html(facts, preview=True)


def test_an_undecided_refusal_previews_without_failing_and_lists_all_its_gaps() -> None:
    facts = make_letter(LetterKind.REFUSE, items=(ItemDecision(1, Outcome.REFUSED),), decided_by="")
    assert preview_fragment(facts).count('class="missing"') >= 4
    fields = {each.field for each in missing_in(facts)}
    assert fields == {"items.1.what", "items.1.ground", "items.1.facts", "items.1.assessment", "decided_by"}


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (LetterKind.ACK, {"due": None}, "due"),
        (LetterKind.ASK, {"ask": None}, "ask.what"),
        (LetterKind.EXTEND, {"extension_reason": "  "}, "extension_reason"),
        (LetterKind.EXTEND, {"extended_due": None}, "extended_due"),
        (LetterKind.GRANT, {"files": ()}, "files"),
        (LetterKind.GRANT, {"available_until": None}, "available_until"),
        (LetterKind.NO_RECORDINGS, {"search": ""}, "search"),
        (LetterKind.RECTIFIED, {"corrected": ()}, "corrected"),
        (LetterKind.RESTRICTED, {"restricted_until_event": ""}, "restricted_until_event"),
        (LetterKind.ERASED, {"kept_until": None}, "kept_until"),
        (LetterKind.ERASED, {"recipients_not_told": ("X Oy",)}, "not_told_why"),
        (LetterKind.RESTRICTION_LIFTING, {"lifting": None}, "lifting.reason"),
        (LetterKind.RESTRICTION_LIFTING, {"lifting": replace(_LIFTING, on=_LETTER_DATE)}, "lifting.on"),
        (LetterKind.RESTRICTION_LIFTING, {"lifting": replace(_LIFTING, reply_by=_LATER)}, "lifting.reply_by"),
        (LetterKind.RESTRICTION_LIFTING, {"decided_by": ""}, "decided_by"),
        (LetterKind.FEE, {"fee": None}, "fee.reason"),
        (LetterKind.FEE, {"fee": replace(_FEE, cost_lines=())}, "fee.cost_lines"),
        (LetterKind.FEE, {"fee": replace(_FEE, amount_cents=2851)}, "fee.amount_cents"),
        (LetterKind.FEE, {"items": ()}, "items"),
        (LetterKind.FEE, {"items": _NO_ASSESSMENT}, "items.1.assessment"),
        (LetterKind.FEE, {"items": _NO_ASSESSMENT}, "items.1.ground"),
        (LetterKind.VISIT, {"visit": None}, "visit.place"),
        (LetterKind.VISIT, {"visit": replace(_VISIT, times=())}, "visit.times"),
        (LetterKind.VISIT, {"visit": replace(_VISIT, id_documents=())}, "visit.id_documents"),
        (LetterKind.VISIT_CERTIFICATE, {"attendance": None}, "attendance.name"),
        (LetterKind.VISIT_CERTIFICATE, {"attendance": None}, "attendance.calls"),
        (LetterKind.CLOSED_NO_REPLY, {"closing": None}, "closing.asked_on"),
        (LetterKind.CLOSED_NO_REPLY, {"closing": replace(_CLOSING, why=" ")}, "closing.why"),
        (LetterKind.REQUEST_WITHDRAWN, {"withdrawn_on": None}, "withdrawn_on"),
        (LetterKind.OTHER_CONTROLLER, {"other_controller": None}, "other_controller.transferred_on"),
        (LetterKind.REFUSE, {"decided_by": ""}, "decided_by"),
        (LetterKind.GRANT, {"items": ()}, "items"),
        (LetterKind.GRANT, {"items": _NO_ASSESSMENT}, "kind"),
        (LetterKind.ACK, {"recipient": ()}, "recipient"),
        (LetterKind.ACK, {"recipient": ("a", "b", "c", "d", "e", "f")}, "recipient"),
        (LetterKind.ACK, {"recipient": ("sana " * 90,)}, "recipient"),
        (LetterKind.EXTEND, {"extension_reason": "henkilö 131052-308T kysyi"}, "text"),
    ],
)
def test_a_letter_without_what_it_must_say_is_not_signed(kind: LetterKind, changes: dict[str, Any], field: str) -> None:
    facts = make_letter(kind, **changes)
    assert field in {each.field for each in missing_in(facts)}
    with pytest.raises(Incomplete):
        letter_html(facts)


def test_a_hold_that_was_not_confirmed_is_not_promised() -> None:
    assert 'data-s="S04"' in letter_html(make_letter(LetterKind.ACK))
    assert 'data-s="S04"' not in letter_html(make_letter(LetterKind.ACK, preserved=False))


def test_an_acknowledgement_holds_no_words_of_the_caller() -> None:
    assert "Toukokuussa" not in letter_html(make_letter(LetterKind.ACK))
    assert "Toukokuussa" in letter_html(make_letter(LetterKind.REFUSE))


@pytest.mark.parametrize("kind", LetterKind)
def test_the_fragment_is_the_printed_letter_with_headings_one_level_lower(kind: LetterKind) -> None:
    facts = make_letter(kind)
    sheet = re.sub(r"\s+", " ", letter_html(facts).split("<body")[1].split(">", 1)[1].split("</body>")[0]).strip()
    lowered = re.sub(r"(</?h)([1-3])", lambda tag: f"{tag[1]}{int(tag[2]) + 1}", sheet)
    assert (
        re.sub(r"\s+", " ", reading_page(facts)).strip()
        == lowered
        == re.sub(r"\s+", " ", preview_fragment(facts)).strip()
    )
    assert "<h1" not in reading_page(facts)
    assert " style=" not in lowered


def test_a_private_controller_needs_no_day_of_transfer() -> None:
    items = (ItemDecision(1, Outcome.OTHER_CONTROLLER, None, "a", elsewhere="Esimerkkilän terveysasema Oy"),)
    facts = make_letter(
        LetterKind.OTHER_CONTROLLER, register=make_register(Sector.PRIVATE), items=items, other_controller=None
    )
    assert "Rekisterinpitäjä on: Esimerkkilän terveysasema Oy." in letter_html(facts)


def test_another_controller_without_a_name_is_no_answer() -> None:
    facts = make_letter(LetterKind.OTHER_CONTROLLER, items=(ItemDecision(1, Outcome.OTHER_CONTROLLER, None, "a"),))
    assert [each.code for each in missing_in(facts)] == ["no_elsewhere"]
