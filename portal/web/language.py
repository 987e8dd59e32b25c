"""The page's language: it stands in the address, and nowhere else; and the texts in it.

Finnish is the source of every text, so a text without a catalogue is itself. These stand in for Flask-Babel's
functions of the same names, which ask a dozen objects for the language before each text.
"""

from functools import cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask import has_request_context, request
from flask_babel import get_locale
from flask_babel.speaklater import LazyString

from portal.domain.words import Language

TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"
_CODES = tuple(language.value for language in Language)


def chosen() -> str:
    """The page's language; Finnish where there is no request."""
    if not has_request_context():
        return Language.FI.value
    return _of_address() or str(get_locale() or Language.FI.value)[:2]


def select() -> str:
    """The language of the address, or the browser's best, or Finnish: what Flask-Babel asks for once a request."""
    return _of_address() or request.accept_languages.best_match(_CODES) or Language.FI.value


def _of_address() -> str | None:
    path = request.path
    code = path[1:3]
    return code if code in _CODES and path[3:4] in ("", "/") else None


@cache
def catalogue(code: str) -> NullTranslations:
    """The compiled translations into a language, read once."""
    found: NullTranslations = Translations.load(str(TRANSLATIONS), [code])
    return found


def gettext(text: str, **values: Any) -> str:
    """The text in the page's language, its placeholders filled."""
    found: str = catalogue(chosen()).gettext(text)
    return found % values if values else found


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """The form of the text that `num` asks for, in the page's language; `num` is one of its placeholders."""
    found: str = catalogue(chosen()).ngettext(one, many, num)
    return found % ({"num": num} | values)


def lazy_gettext(text: str, **values: Any) -> LazyString:
    """A text that takes its language when it is shown."""
    return LazyString(gettext, text, **values)
