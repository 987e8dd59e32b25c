"""Through the envelope's window shows the address and nothing else, however the folded sheet slides."""

import io
import subprocess
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image, ImageOps

from portal.domain.decisions import LetterKind
from portal.domain.envelope import CLEAR, Envelope
from portal.domain.register import Sector
from portal.domain.words import Language, Words
from tests.letters.make_register import make_letter, make_register
from tests.letters.printed import Word, print_letter, printed, words

Box = tuple[float, float, float, float]


def boxes(envelope: tuple[float, float], window: Box, sheet: tuple[float, float]) -> tuple[Box, Box]:
    """Millimetres of the sheet that show in every position, and those that may ever show. `window`: left, top,
    width, height; the folded sheet has `envelope - sheet` to slide."""
    dx, dy = envelope[0] - sheet[0], envelope[1] - sheet[1]
    left, top, width, height = window
    return (left, top, left + width - dx, top + height - dy), (left - dx, top - dy, left + width, top + height)


SAFE, SEEN = boxes((229, 162), (15, 44, 105, 35), (210, 148.5))
EVER: Box = (0, 28, 122, 84)
"""The widest field that any of the usual envelopes may show."""

ADDRESSES = [
    ("Aino Ö", "02999 MALLILA"),
    ("Anna-Karin Österlund-Kärkkäinen", "Esimerkkikatu 12 as 345", "02999 MALLILA"),
    ("Anna-Karin Österlund-Kärkkäinen", "c/o Testi Virkanen", "Esimerkkikatu 12 as 345", "02999 MALLILA"),
    (
        "Anna-Karin Österlund-Kärkkäinen",
        "c/o Testi Virkanen",
        "Esimerkkitalo",
        "Esimerkkikatu 12 as 345",
        "02999 MALLILA",
    ),
    (
        "Maximiliana-Wilhelmiina Konstantinopolitsa-Suurimmanhuoneenlinna von der Esimerkkilä",
        "Esimerkkikatu 1",
        "02999 MALLILA",
    ),
    ("W" * 60, "Esimerkkikatu 1", "02999 MALLILA"),
]


def _meets(word: Word, box: Box) -> bool:
    return word.left < box[2] and word.right > box[0] and word.top < box[3] and word.bottom > box[1]


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda rows: f"{len(rows)}x{len(rows[0])}")
def test_the_whole_address_shows_in_every_position_and_nothing_else_ever_does(address: tuple[str, ...]) -> None:
    facts = make_letter(LetterKind.REFUSE, recipient=address)
    on_first = [word for word in words(print_letter(facts).pdf) if word.page == 1]
    shown = [word for word in on_first if _meets(word, EVER)]
    assert "".join(word.text for word in shown) == "".join("".join(address).split())
    for word in shown:
        assert SAFE[0] <= word.left, word
        assert SAFE[1] <= word.top, word
        assert word.right <= SAFE[2], word
        assert word.bottom <= SAFE[3], word


@pytest.mark.parametrize("kind", LetterKind)
def test_no_kind_of_letter_puts_a_word_beside_the_address(kind: LetterKind) -> None:
    letter = printed(kind, Language.SV, Sector.MUNICIPAL)
    shown = [word.text for word in words(letter.pdf) if word.page == 1 and _meets(word, EVER)]
    assert shown == ["Anna-Karin", "Österlund-Kärkkäinen", "Esimerkkikatu", "12", "as", "345", "02999", "MALLILA"]


def test_a_senders_long_name_stays_above_the_window() -> None:
    name = "Keskisen Pohjois-Esimerkkimaan hyvinvointialueen yhteisten palveluiden liikelaitoskuntayhtymä"
    register = make_register()
    register = replace(register, controller=replace(register.controller, name=Words(name, name, name)))
    found = [word for word in words(print_letter(make_letter(LetterKind.ACK, register=register)).pdf) if word.page == 1]
    above = [word for word in found if word.bottom <= EVER[1] and word.left < EVER[2]]
    assert " ".join(word.text for word in above) == name


def test_the_known_envelopes_stay_inside_the_field() -> None:
    assert SAFE == (15, 44, 101, 65.5)
    assert SEEN[1] >= EVER[1]
    assert SEEN[2] <= EVER[2]
    assert SEEN[3] <= EVER[3]


_DPI = 150
_URL = "https://puhelut.example.fi/fi/letter/K7Q2-9FXM-J"


def first_sheet(pdf: bytes) -> Image.Image:
    """The first page as it comes out of the printer, in greys."""
    command = ["pdftoppm", "-r", str(_DPI), "-gray", "-f", "1", "-l", "1", "-"]
    drawn = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(drawn))


def field(sheet: Image.Image, box: Box) -> Image.Image:
    """A field of the sheet, from millimetres."""
    left, top, right, bottom = (round(side / 25.4 * _DPI) for side in box)
    return sheet.crop((max(left, 0), top, right, bottom))


@pytest.mark.parametrize("kind", [LetterKind.ACK, LetterKind.PART, LetterKind.REFUSE])
def test_no_line_or_picture_shows_either_at_any_shift_of_the_sheet(kind: LetterKind) -> None:
    facts = make_letter(kind, code="K7Q2-9FXM-J", verify_url=_URL)
    sheet = first_sheet(print_letter(facts).pdf)
    ink = ImageOps.invert(field(sheet, EVER)).getbbox()
    assert ink is not None
    left, top, right, bottom = (side * 25.4 / _DPI for side in ink)
    assert SAFE[0] <= left < right <= SAFE[2]
    assert SAFE[1] <= top + EVER[1] < bottom + EVER[1] <= SAFE[3]


def test_the_letters_square_is_read_from_the_printed_sheet() -> None:
    facts = make_letter(LetterKind.ACK, code="K7Q2-9FXM-J", verify_url=_URL)
    found = zxingcpp.read_barcodes(first_sheet(print_letter(facts).pdf))
    assert [one.text for one in found] == [_URL]


def test_the_field_is_the_one_that_decides_about_cover_pages() -> None:
    usual = Envelope()
    assert (CLEAR.left, CLEAR.top, CLEAR.right, CLEAR.bottom) == EVER
    assert (usual.sure.left, usual.sure.top, usual.sure.right, usual.sure.bottom) == SAFE
    assert (usual.ever.left, usual.ever.top, usual.ever.right, usual.ever.bottom) == SEEN
