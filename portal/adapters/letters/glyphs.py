"""Which characters a letter can print: those of its own fonts and of DejaVu, which the system's packages bring.

Another character would come out as an empty box, so a letter with one is not signed. A missing DejaVu means only that
less can be printed.
"""

import functools
import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont

_OWN = Path(__file__).parents[3] / "static" / "fonts"
_SYSTEM = Path("/usr/share/fonts")
_INVISIBLE = {"Cf", "Zs", "Cc"}
"""Joiners, direction marks, spaces and line breaks: they need no glyph."""

_VARIATIONS = range(0xFE00, 0xFE10)


def unprintable(text: str) -> str:
    """The characters of the text that have no glyph, each once; empty when the whole text can be printed."""
    return "".join(sign for sign in dict.fromkeys(text) if ord(sign) not in _printable() and not _invisible(sign))


@functools.cache
def _printable() -> frozenset[int]:
    fonts = [*_OWN.glob("source-sans-3-*-400-normal.woff2"), *_SYSTEM.rglob("DejaVuSans.ttf")]
    return frozenset(code for font in fonts for code in TTFont(font, lazy=True).getBestCmap())


def _invisible(sign: str) -> bool:
    return unicodedata.category(sign) in _INVISIBLE or ord(sign) in _VARIATIONS
