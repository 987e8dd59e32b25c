"""Swedish and English are whole: nothing untranslated, no placeholder lost, no Finnish left on a public page.

Language Act (423/2003) section 10; GDPR article 12(1): clear and plain language, whichever language it is.
"""

import copy
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from portal import wiring
from portal.domain.access import Role
from portal.domain.words import Language
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.citizen.steps import CALL
from tests.web.client import Browser, Fetched, entered
from tests.web.staff.desk import address, at_desk
from tools.translations import LANGUAGES, ROOT, catalog_file, faults, read_catalog, source_texts

each = pytest.mark.parametrize("language", LANGUAGES)

PUBLIC = ("", "notice", "paper", "accessibility")
FINNISH = re.compile(
    r"\b(ja|tai|ei|että|sekä|jos|kun|joka|voit|sinä|saat|emme|olet|klo)\b|\b(Voit|Sinä|Saat|Emme|Olet|Ei|Jos)\b"
    r"|(?i:puhelu|tallen(ne|te|ta)|pyyn(tö|nö)|käsittel|viimeistään|säilyt|vastau|kirje)"
)
"""Finnish function words and the service's own words. None is a word of these pages in Swedish or English."""

CLERK_TITLE = "käsittelijä"

STATED = {
    "S04": "Pyyntöäsi mahdollisesti koskevia tallenteita ei poisteta pyynnön käsittelyn aikana.",
    "S09a": "Hyväksymme pyyntösi.",
    "S09c": "Emme hyväksy pyyntöäsi.",
}
"""Texts of pages that are statements of the letters too."""


@pytest.fixture(scope="module")
def source() -> Catalog:
    return source_texts()


@each
def test_every_text_is_translated_with_its_placeholders(language: str, source: Catalog) -> None:
    assert list(faults(language, source)) == []


@each
def test_a_missing_translation_and_a_lost_placeholder_are_noticed(language: str, source: Catalog) -> None:
    asked = copy.deepcopy(source)
    asked.add("Tätä tekstiä ei ole missään")
    assert [fault for fault in faults(language, asked) if "Tätä tekstiä ei ole missään" in fault]
    catalog = read_catalog(language)
    message = catalog.get("Pyyntö %(ref)s")
    assert message is not None
    assert not list(message.check(catalog))
    message.string = "%(reference)s"
    assert list(message.check(catalog))


@each
def test_nothing_is_a_guess_and_nothing_is_out_of_use(language: str, source: Catalog) -> None:
    catalog = read_catalog(language)
    assert not catalog.fuzzy
    assert not catalog.obsolete
    assert [message.id for message in catalog if message.id and message.fuzzy] == []
    assert [message.id for message in catalog if message.id and source.get(message.id) is None] == []


@each
def test_every_translation_ends_as_its_source_does(language: str) -> None:
    """A lost full stop or colon shows where two texts meet on a page; an abbreviation's own stop is none."""
    ends = [
        (source, text) for source, text in _pairs(language) if _end(source) != _end(text) and not text.endswith("kl.")
    ]
    assert ends == []


@each
def test_no_translation_is_finnish(language: str) -> None:
    assert [text for _, text in _pairs(language) if FINNISH.search(_without_addresses(text))] == []


@each
@pytest.mark.parametrize("code", STATED)
def test_a_statement_reads_the_same_on_a_page_and_in_a_letter(language: str, code: str) -> None:
    message = read_catalog(language).get(STATED[code])
    assert message is not None
    letter = (ROOT / "templates/letters/statements" / f"{language}.html").read_text(encoding="utf-8")
    assert f'data-s="{code}"><p>{message.string}</p>' in letter


@each
def test_what_the_portal_reads_was_compiled_from_the_catalogue_of_today(language: str) -> None:
    compiled = catalog_file(language).with_suffix(".mo")
    assert compiled.exists(), "not compiled: run tools/setup"
    with compiled.open("rb") as stream:
        read = set(_pairs_of(read_mo(stream)))
    assert read == set(_pairs(language)), "compiled from an older catalogue: run tools/setup"


@each
def test_no_public_page_has_finnish_left(language: str, tmp_path: Path, sqlite_url: str, sqlite_office: Office) -> None:
    visitor = Browser(_face("citizen", tmp_path, sqlite_url, sqlite_office))
    addresses = [f"/{language}/"]
    addresses += [f"/{language}/{register}/{page}" for register in sqlite_office.registers for page in PUBLIC]
    pages = [visitor.get(address) for address in addresses]
    assert {page.status for page in pages} == {200}
    assert len(pages) == 1 + len(PUBLIC) * 5
    assert _left(pages, sqlite_office) == {}


def test_the_scan_sees_finnish(tmp_path: Path, sqlite_url: str, sqlite_office: Office) -> None:
    visitor = Browser(_face("citizen", tmp_path, sqlite_url, sqlite_office))
    pages = [visitor.get(f"/fi/espoo/{page}") for page in PUBLIC]
    left = _left(pages, sqlite_office)
    assert len(left) == len(PUBLIC)
    assert all(len(texts) > 5 for texts in left.values())


@each
def test_no_page_of_a_citizen_has_finnish_left(
    language: str, tmp_path: Path, sqlite_url: str, sqlite_office: Office
) -> None:
    found = make.filed(sqlite_office, make.request(language=Language(language)))
    app = _face("citizen", tmp_path, sqlite_url, sqlite_office)
    person = entered(app, sqlite_office, make.identified())
    at = f"/{language}/espoo"
    pages = [person.get(f"{at}/{page}") for page in ("request/right", "cases")]
    pages += [person.get(f"{at}/cases/{found.ref}{page}") for page in ("", "/message", "/withdraw")]
    onward = _button("Jatka", language)
    caller = person.press(person.get(f"{at}/request/right"), onward, right="access")
    kinds = ("child", "mandate", "organisation", "estate")
    pages += [caller, *(person.press(caller, onward, caller=kind) for kind in kinds)]
    call = person.press(caller, onward, caller="self")
    pages += [call, person.press(call, onward, day="31.2.2026", time="25.61", own="x")]
    pages += [person.press(call, onward, **CALL)]
    for right in ("access", "rectification", "erasure", "restriction", "objection"):
        calls = person.press(person.press(person.get(f"{at}/request/right"), onward, right=right), onward)
        pages += [calls, person.click(calls, onward)]
    assert {page.status for page in pages} == {200, 422}
    assert _left(pages, sqlite_office) == {}


@each
def test_no_page_of_the_staff_has_finnish_left(
    language: str, tmp_path: Path, sqlite_url: str, sqlite_office: Office
) -> None:
    make.recorded(sqlite_office, make.segment())
    ref = make.filed(sqlite_office, make.request(language=Language(language))).ref
    clerk = make.clerk(sqlite_office, "aino", *(role for role in Role if role is not Role.ADMINISTRATOR))
    admin = make.clerk(sqlite_office, "paula", Role.ADMINISTRATOR)
    app = _face("staff", tmp_path, sqlite_url, sqlite_office)
    desk, other = (at_desk(app, sqlite_office, who, language) for who in (clerk, admin))
    pages = [desk.get(address("cases/{ref}", ref, language=language))]
    pages += [desk.press(pages[0], _button("Ota käsittelyyn", language))]
    case = ("calls", "calls/upload", "ask", "extend", "decision", "letter")
    pages += [desk.get(address(f"cases/{{ref}}/{page}", ref, language=language)) for page in case]
    pages += [desk.get(address(page, language=language)) for page in ("queue", "approvals", "audit")]
    pages += [other.get(address(page, language=language)) for page in ("sources", "accounts")]
    pages += [Browser(app).get(f"/{language}/staff/sign-in")]
    assert {page.status for page in pages} == {200}
    assert _left(pages, sqlite_office) == {}


def _face(face: str, folder: Path, url: str, office: Office) -> Portal:
    return wiring.create_app(make.settings(folder, url, faces=face), office)


def _button(text: str, language: str) -> str:
    """The words on a button in this language."""
    return dict(_pairs(language))[text]


def _pairs(language: str) -> Iterator[tuple[str, str]]:
    """Each text beside its translation, every plural form."""
    return _pairs_of(read_catalog(language))


def _pairs_of(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for message in catalog:
        forms = [(one, str(other)) for one, other in zip(_forms(message.id), _forms(message.string), strict=True)]
        yield from forms if message.id else ()


def _forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _end(text: str) -> str:
    last = text.rstrip()[-1]
    return last if last in ".:?!," else ""


def _without_addresses(text: str) -> str:
    """The text without addresses on the net, which are the same in every language."""
    return re.sub(r"\S+@\S+|\S+\.fi\b", "", text)


def _left(pages: Iterable[Fetched], office: Office) -> dict[str, list[str]]:
    """The Finnish that is read on pages, but for proper names and the title that a test gave its clerk."""
    names = {one.controller.name[language] for one in office.registers.values() for language in Language} | {
        CLERK_TITLE
    }
    found = {page.url: sorted(set(_finnish_on(page, names))) for page in pages}
    return {url: texts for url, texts in found.items() if texts}


def _finnish_on(page: Fetched, names: Iterable[str]) -> Iterator[str]:
    for unread in page.tree.xpath('//*[@hreflang="fi"] | //script | //style'):
        unread.drop_tree()
    read = [*page.tree.itertext(), *page.tree.xpath("//@aria-label | //@placeholder | //@alt | //@title")]
    for text in read:
        plain = _without_addresses(text)
        for name in names:
            plain = plain.replace(name, "")
        if FINNISH.search(plain):
            yield " ".join(plain.split())
