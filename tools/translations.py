"""Keep Swedish and English complete: Finnish is the source, and a text without its translations fails the checks.

`python -m tools.translations update` carries new texts into translations/; `check` names what is missing.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message, TranslationError
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("sv", "en")
HEADER = {
    "header_comment": "# Kuuluu: translations from Finnish.",
    "project": "Kuuluu",
    "version": "-",
    "msgid_bugs_address": "-",
    "last_translator": "-",
    "language_team": "-",
}


def source_texts() -> Catalog:
    """The texts that code and templates hold now, found as pyproject.toml says."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "messages.pot"
        pybabel = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
        options = ["--mapping-file", "pyproject.toml", "--keyword", "lazy_gettext lazy_ngettext:1,2"]
        subprocess.run([*pybabel, *options, "--output-file", str(file), "."], cwd=ROOT, check=True)
        with file.open("rb") as stream:
            return read_po(stream)


def catalog_file(language: str) -> Path:
    """Where the translations into one language are kept."""
    return ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"


def read_catalog(language: str) -> Catalog:
    """The translations into one language; an empty catalog if there are none yet."""
    file = catalog_file(language)
    if not file.exists():
        return Catalog(locale=language, fuzzy=False, **HEADER)
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def is_translated(message: Message | None) -> bool:
    """Whether a reader would see a translation: present, every plural form filled, not a guess."""
    if message is None or message.fuzzy:
        return False
    if isinstance(message.string, tuple):
        return all(message.string)
    return bool(message.string)


def faults(language: str, source: Catalog) -> Iterator[str]:
    """What keeps one language from being complete, a line each."""
    catalog = read_catalog(language)
    if catalog.fuzzy:
        yield f"{language}: the whole catalog is marked fuzzy, so it would not be compiled"
    for wanted in source:
        if not wanted.id:
            continue  # the header
        found = catalog.get(wanted.id, wanted.context)
        place = ":".join(map(str, wanted.locations[0])) if wanted.locations else "?"
        if not is_translated(found):
            yield f"{language}: no translation of {wanted.id!r} ({place})"
        elif found is not None:
            yield from (f"{language}: {wanted.id!r}: {fault}" for fault in wrong_placeholders(found, catalog))


def wrong_placeholders(message: Message, catalog: Catalog) -> list[TranslationError]:
    """Placeholders that the translation lost or invented."""
    return message.check(catalog)


def update() -> int:
    """Write the texts of today into every catalog; those no longer used go."""
    source = source_texts()
    for language in LANGUAGES:
        catalog = read_catalog(language)
        catalog.update(source, no_fuzzy_matching=True, update_creation_date=False)
        catalog.fuzzy = False
        catalog.obsolete.clear()
        file = catalog_file(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            write_po(stream, catalog, width=120, sort_output=True, no_location=True)
    return 0


def check() -> int:
    """Print every fault; 1 if there is one."""
    source = source_texts()
    found = [fault for language in LANGUAGES for fault in faults(language, source)]
    print(*found, f"{len(source)} texts in {len(LANGUAGES)} languages, {len(found)} faults", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    verbs = {"check": check, "update": update}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit("usage: python -m tools.translations check|update")
    sys.exit(verbs[sys.argv[1]]())
