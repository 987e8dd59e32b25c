"""The statement library word for word, and how its words are looked for in a letter."""

import html
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

from portal.domain.words import Language

LIBRARY: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).with_name("statements.toml")).read_text(encoding="utf-8")
)
COUNTED: Counter[str] = Counter()
"""How many letters the matrix test rendered and printed; the test run says so at its end."""

_BLOCK = re.compile(r"</?(?:p|li|ul|table|caption|tbody|tr|th|td|h\d|section|div|header|article|br|svg|title)\b[^>]*>")
_SECTION = re.compile(r'<section data-s="(S[^"]+)">(.*?)</section>', re.S)
_SHEET = '<section class="letter-sheet'


def flat(text: str) -> str:
    """The text with every run of white space, hard spaces too, as one space."""
    return " ".join(text.split())


def text_of(markup: str) -> str:
    """What a reader of this HTML reads."""
    return flat(html.unescape(re.sub(r"<[^>]+>", "", _BLOCK.sub(" ", markup))))


def sections(letter: str) -> dict[str, str]:
    """The text of each statement in the letter itself, without its enclosures, in printing order."""
    return _sections(letter.split(_SHEET)[0])


def enclosed(letter: str) -> dict[str, str]:
    """The text of each statement on the complaint sheet that is enclosed with the letter."""
    return _sections("".join(letter.split(_SHEET)[1:]))


def _sections(markup: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, body in _SECTION.findall(markup):
        found.setdefault(code, text_of(body))
    return found


@cache
def fragments(code: str, language: Language) -> tuple[str, ...]:
    """The fixed words of a statement: what stands between its values, without the full stop after a value (a list
    or a table has none)."""
    pieces = (flat(piece).lstrip(". ") for piece in re.split(r"\{\w+\}", LIBRARY[code][language]))
    return tuple(piece for piece in pieces if re.search(r"\w", piece))


def stands_in(code: str, language: Language, text: str) -> bool:
    """Whether the fixed words of the statement stand in the text, each once, in order."""
    return re.search(".+?".join(re.escape(each) for each in fragments(code, language)), text) is not None


@cache
def telling(code: str, language: Language) -> str:
    """The longest piece of a statement that no other statement holds."""
    others = [words[language] for each, words in LIBRARY.items() if each != code]
    return max(
        (each for each in fragments(code, language) if not any(each in flat(other) for other in others)), key=len
    )
