"""Names and texts that would break a careless letter arrive on paper as they were written, or not at all."""

import pytest

from portal.adapters.letters.render import letter_html
from portal.domain.decisions import ItemDecision, LetterKind, Outcome, Reasons
from tests.letters.make_register import make_letter
from tests.letters.printed import print_letter, words

NAME = """<script>alert("å'ä&ö")</script> Žofia Šimůnek"""


def test_a_name_with_markup_is_printed_letter_for_letter() -> None:
    letter = print_letter(make_letter(LetterKind.ACK, recipient=(NAME, "Esimerkkikatu 1", "02999 MALLILA")))
    assert "<script" not in letter.html
    assert NAME in letter.text


def test_staff_text_with_markup_and_line_breaks_stays_text_in_paragraphs() -> None:
    reasons = Reasons("TSL34-2", "Yksi <b>& kaksi</b>.\r\n\r\nKolme {{ f }} “neljä”…", "Arvio {% raw %}.")
    items = (ItemDecision(1, Outcome.REFUSED, reasons, "jäljennös <i>"),)
    letter = print_letter(make_letter(LetterKind.REFUSE, items=items))
    assert "<b>" not in letter.html
    assert "<i>" not in letter.html
    assert "Yksi <b>& kaksi</b>. Kolme {{ f }} “neljä”…" in letter.text
    assert "Arvio {% raw %}." in letter.text


def test_a_word_without_end_stays_on_the_sheet() -> None:
    reasons = Reasons("TSL34-2", "Q" * 400, "å" * 300)
    items = (ItemDecision(1, Outcome.REFUSED, reasons, "Ö" * 200),)
    letter = print_letter(make_letter(LetterKind.REFUSE, items=items, decided_by="X" * 200, case_no="R-2026-00412"))
    assert all(word.left >= 19 and word.right <= 191 for word in words(letter.pdf))


def test_a_text_longer_than_any_letter_is_refused() -> None:
    with pytest.raises(ValueError, match="20000"):
        letter_html(make_letter(LetterKind.EXTEND, extension_reason="a" * 20_001))
