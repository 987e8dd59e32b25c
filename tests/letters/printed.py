"""Each letter is rendered once a test run, and read back from its PDF."""

import functools
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime

from portal.adapters.letters.render import letter_html
from portal.adapters.letters.weasy import write_pdf
from portal.domain.decisions import LetterKind
from portal.domain.letters import LetterFacts
from portal.domain.register import Sector
from portal.domain.words import Language
from tests.letters.library import flat
from tests.letters.make_register import make_letter, make_register

CREATED = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
_BODY = ("-x", "0", "-y", "58", "-W", "600", "-H", "712")  # points: without running heads and footers


@dataclass(frozen=True)
class Printed:
    """A letter as it left the printer: its facts, its HTML, its PDF and the running text of the PDF."""

    facts: LetterFacts
    html: str
    pdf: bytes
    text: str


@dataclass(frozen=True)
class Word:
    """A word on a page with its box in millimetres from the sheet's top left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


def print_letter(facts: LetterFacts) -> Printed:
    """Renders the letter and reads its text back."""
    html = letter_html(facts)
    pdf = write_pdf(html, facts.register, facts.language, CREATED)
    return Printed(facts, html, pdf, running_text(pdf))


@functools.cache
def printed(kind: LetterKind, language: Language, sector: Sector) -> Printed:
    """The full letter of this kind from a controller of this sector."""
    return print_letter(make_letter(kind, language, make_register(sector)))


def running_text(pdf: bytes) -> str:
    """The text of the PDF's body with single spaces."""
    return flat(_poppler("pdftotext", *_BODY, pdf=pdf))


def words(pdf: bytes) -> list[Word]:
    """Every word with its place, in millimetres."""
    page, found = 0, []
    for line in _poppler("pdftotext", "-bbox", pdf=pdf).splitlines():
        if "<page " in line:
            page += 1
        box = re.search(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', line)
        if box:
            left, top, right, bottom = (float(box[at]) * 25.4 / 72 for at in range(1, 5))
            found.append(Word(page, left, top, right, bottom, box[5]))
    return found


def _poppler(program: str, *options: str, pdf: bytes) -> str:
    done = subprocess.run([program, *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()
