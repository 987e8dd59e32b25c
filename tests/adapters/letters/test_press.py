"""The mail room's prints: a batch on front sides, a cover page that shows the address alone, the check sheet."""

import io
from dataclasses import replace

import pikepdf
import pytest

from portal.adapters.letters import press
from portal.adapters.letters.render import letter_html
from portal.adapters.letters.weasy import write_pdf
from portal.domain.decisions import LetterKind
from portal.domain.envelope import C5, Box, Envelope
from portal.domain.register import Register, Sector
from portal.domain.words import Language
from portal.services.ports import Bound, Sheets
from tests.letters.make_register import make_letter, make_register
from tests.letters.printed import CREATED, Word, printed, words

ROWS = ("Anna-Karin Österlund-Kärkkäinen", "c/o Testi Virkanen", "Esimerkkikatu 12 as 345", "02999 MALLILA")
OTHERS = (Envelope("E65", 15, 40, 95, 30), Envelope("C65", 15, 39, 100, 35), Envelope("C4", 15, 42, 100, 40))


def letter(number: int = 1, cover: tuple[str, ...] = ()) -> Sheets:
    """A letter of an odd number of pages."""
    pdf = printed(LetterKind.ACK, Language.FI, Sector.MUNICIPAL).pdf
    return Sheets(f"R-2026-{number:05}", "K7Q2-9FXM-J", pdf, Language.FI, cover)


def bound(*sheets: Sheets, register: Register | None = None, language: Language = Language.FI) -> Bound:
    return press.bind(register or make_register(), language, 7, CREATED, sheets)


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def inside(word: Word, box: Box) -> bool:
    return box.left <= word.left and word.right <= box.right and box.top <= word.top and word.bottom <= box.bottom


def meets(word: Word, box: Box) -> bool:
    return word.left < box.right and word.right > box.left and word.top < box.bottom and word.bottom > box.top


def test_each_letter_and_each_cover_begins_on_a_front_side() -> None:
    own = pages_of(letter().pdf)
    made = bound(letter(1), letter(2, ROWS), letter(3))
    assert made.of_letter == (own, own + 1, own)
    starts = {word.page for word in words(made.pdf) if word.text == "Vastaanottoilmoitus"}
    assert len(starts) == 3
    assert all(page % 2 == 1 for page in starts)
    assert made.pages == pages_of(made.pdf) == 2 + 3 * (own + own % 2) + 2


def test_the_same_letters_are_bound_into_the_same_bytes() -> None:
    assert bound(letter(1), letter(2, ROWS)).pdf == bound(letter(1), letter(2, ROWS)).pdf


def test_the_manifest_tells_numbers_and_codes_and_no_name() -> None:
    made = bound(letter(1), letter(2, ROWS), language=Language.SV)
    first = " ".join(word.text for word in words(made.pdf) if word.page == 1)
    for told in ("Utskriftsbunt 7", "2 brev", "R-2026-00001", "R-2026-00002", "K7Q2-9FXM-J", "försättsblad"):
        assert told in first
    assert "Österlund" not in first


def test_a_long_manifest_goes_on_and_the_letters_still_begin_on_a_front_side() -> None:
    made = bound(*(letter(n) for n in range(1, 41)))
    starts = {word.page for word in words(made.pdf) if word.text == "Vastaanottoilmoitus"}
    assert len(starts) == 40
    assert all(page % 2 == 1 for page in starts)


def test_the_bound_copy_is_whole_and_carries_no_form_link_or_script() -> None:
    made = bound(letter(1))
    with pikepdf.open(io.BytesIO(made.pdf)) as opened:
        assert opened.check_pdf_syntax() == []
        assert "/AcroForm" not in opened.Root
        assert all("/Annots" not in page.obj for page in opened.pages)


@pytest.mark.parametrize("envelope", [C5, *OTHERS], ids=lambda one: one.format)
def test_a_cover_page_shows_the_whole_address_in_every_position_and_nothing_else_ever(envelope: Envelope) -> None:
    made = bound(letter(1, ROWS), register=make_register(envelope=envelope))
    on_cover = [word for word in words(made.pdf) if word.page == 3]
    shown = [word for word in on_cover if meets(word, envelope.ever)]
    assert "".join(word.text for word in shown) == "".join("".join(ROWS).split())
    assert all(inside(word, envelope.sure) for word in shown)
    assert [word.text for word in on_cover if word not in shown] == ["K7Q2-9FXM-J"]


@pytest.mark.parametrize("envelope", OTHERS[:1], ids=lambda one: one.format)
@pytest.mark.parametrize("kind", LetterKind)
def test_in_another_envelope_the_address_moves_into_its_window_and_nothing_else_ever_shows(
    envelope: Envelope, kind: LetterKind
) -> None:
    facts = make_letter(kind, register=make_register(envelope=envelope), recipient=ROWS)
    html = letter_html(facts)
    style = press.window_style(envelope, facts.recipient)
    pdf = write_pdf(html.replace("</head>", f"<style>{style}</style></head>", 1), facts.register, Language.FI, CREATED)
    shown = [word for word in words(pdf) if word.page == 1 and meets(word, envelope.ever)]
    assert "".join(word.text for word in shown) == "".join("".join(ROWS).split())
    assert all(inside(word, envelope.sure) for word in shown)


def test_the_usual_envelope_needs_no_rules_of_its_own() -> None:
    assert press.window_style(C5, ROWS) == ""


def test_an_address_that_does_not_fit_is_never_bound() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        bound(letter(1, ("rivi",) * 9))


@pytest.mark.parametrize("language", Language)
def test_the_check_sheet_writes_inside_the_frame_that_always_shows(language: Language) -> None:
    register = make_register()
    pdf = press.calibration(replace(register, envelope=OTHERS[0]), language)
    sure = OTHERS[0].sure
    assert pages_of(pdf) == 1
    assert [word for word in words(pdf) if inside(word, sure)]
    assert press.calibration(register, language) == press.calibration(register, language)


def test_every_language_has_every_word() -> None:
    assert len({frozenset(table) for table in press.WORDS.values()}) == 1
