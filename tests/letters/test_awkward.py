"""Names and texts that would break a careless letter arrive on paper as they were written, or not at all."""

import io
import re
from typing import Any

import pikepdf
import pytest

from portal.adapters.letters.glyphs import unprintable
from portal.adapters.letters.render import Incomplete, letter_html, missing_in
from portal.domain.decisions import ItemDecision, LetterKind, Outcome, Reasons
from tests.letters.library import flat
from tests.letters.make_register import make_letter
from tests.letters.printed import Word, print_letter, words

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


def _overlap(one: Word, other: Word) -> bool:
    """Whether two words of a page print over each other by more than the slack of their boxes."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return one.page == other.page and across > 0.3 and down > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def test_reasons_of_twenty_thousand_characters_are_printed_whole_without_overlap() -> None:
    facts, assessment = (
        " ".join(f"{word}{at}" for at in range(2_000))[:19_999] + "!" for word in ("tosiseikka", "arvio")
    )
    items = (ItemDecision(1, Outcome.REFUSED, Reasons("TSL34-2", facts, assessment), "jäljennös"),)
    letter = print_letter(make_letter(LetterKind.REFUSE, items=items))
    assert flat(facts) in letter.text
    assert flat(assessment) in letter.text
    found = sorted(words(letter.pdf), key=lambda word: (word.page, word.top))
    assert all(word.left >= 19 and word.right <= 191 and word.bottom <= 291.5 for word in found)
    assert not [
        (one, other) for at, one in enumerate(found) for other in found[at + 1 : at + 40] if _overlap(one, other)
    ]


RIGHT_TO_LEFT = ["محمد بن أحمد", "יוסי כהן", "Anna محمد Österlund"]


@pytest.mark.parametrize("name", [*RIGHT_TO_LEFT, "Zoë 😀 Testi", "Nguyễn Thị Ánh", "Ошаков Иван"])
def test_names_of_other_scripts_and_emoji_are_printed_with_glyphs_from_the_left(name: str) -> None:
    assert unprintable(name) == ""
    letter = print_letter(make_letter(LetterKind.GRANT, recipient=(name, "Esimerkkikatu 1", "02999 MALLILA")))
    assert "".join(name.split()) in re.sub(r"[\s\u202b\u202c]", "", letter.text)  # pdftotext marks directions
    row = [word for word in words(letter.pdf) if word.page == 1 and 43 < word.top < 48]
    assert min(word.left for word in row) == pytest.approx(22, abs=1)
    fonts = {
        str(font.BaseFont)
        for page in pikepdf.open(io.BytesIO(letter.pdf)).pages
        for font in page.Resources.Font.values()
    }
    assert any("DejaVu" in font for font in fonts)


def test_a_right_to_left_word_does_not_turn_the_sentence_around_it() -> None:
    items = (ItemDecision(1, Outcome.REFUSED, Reasons("TSL34-2", "Soittaja on محمد.", "Arvio."), "jäljennös"),)
    text = print_letter(make_letter(LetterKind.REFUSE, items=items)).text
    assert "Tosiseikat: Soittaja on" in text
    assert text.index("محمد") < text.index("Sovellettu säännös")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recipient": ("李小龙", "Esimerkkikatu 1", "02999 MALLILA")}, "recipient"),
        ({"decided_by": "Testi 🦽 Virkanen"}, "text"),
    ],
)
def test_a_character_without_a_glyph_stops_the_letter(changes: dict[str, Any], field: str) -> None:
    facts = make_letter(LetterKind.GRANT, **changes)
    assert [(each.code, each.field) for each in missing_in(facts)] == [("unprintable", field)]
    with pytest.raises(Incomplete):
        letter_html(facts)


def test_an_acknowledgement_goes_at_once_whatever_the_name() -> None:
    assert missing_in(make_letter(LetterKind.ACK, recipient=("李小龙",))) == ()


def test_a_surname_of_sixty_letters_is_printed_whole() -> None:
    surname = ("Esimerkkiläläis" * 4)[:60]
    letter = print_letter(make_letter(LetterKind.GRANT, recipient=(f"Aino {surname}", "Katu 1", "02999 MALLILA")))
    assert surname in "".join(letter.text.split())


def test_six_address_rows_are_refused_with_their_limit() -> None:
    rows = ("Aino Esimerkki", "c/o Testi Virkanen", "Esimerkkitalo", "B-rappu", "Esimerkkikatu 12", "02999 MALLILA")
    found = missing_in(make_letter(LetterKind.GRANT, recipient=rows))
    assert [(each.code, each.field) for each in found] == [("address_rows", "recipient")]
