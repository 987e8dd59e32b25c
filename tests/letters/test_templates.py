"""The templates are complete in three languages, and every ground has its paragraph."""

import re
from pathlib import Path

import pytest

from portal.adapters.letters.render import TEMPLATES, template_version
from portal.domain.decisions import GROUNDS, MATRIX, LetterKind
from portal.domain.words import Language


def _code(path: Path) -> list[str]:
    """The template's own language: expressions and tags, without words that are in quotes."""
    found = re.findall(r"\{[{%].*?[%}]\}", re.sub(r"\{#.*?#\}", "", path.read_text("utf-8")), re.S)
    return [re.sub(r'(heading\()".*?"|/(fi|sv|en)\.html|"(tel\.|puh\.|tfn) "', r"\1", each) for each in found]


@pytest.mark.parametrize("folder", [*(kind.value for kind in LetterKind), "appeal/administrative_court"])
def test_the_three_languages_use_the_same_blocks_and_values_in_the_same_order(folder: str) -> None:
    fi, sv, en = (_code(TEMPLATES / folder / f"{language}.html") for language in Language)
    assert fi == sv == en


def test_the_statements_use_the_same_values_in_every_language() -> None:
    tables = [dict(_macros(TEMPLATES / "statements" / f"{language}.html")) for language in Language]
    assert tables[0].keys() == tables[1].keys() == tables[2].keys()
    for name in tables[0]:
        assert tables[0][name] == tables[1][name] == tables[2][name], name


def _macros(path: Path) -> list[tuple[str, list[str]]]:
    found = re.findall(r"\{% macro (\w+)\(\) %\}(.*?)\{% endmacro %\}", path.read_text("utf-8"), re.S)
    return [(name, sorted(re.findall(r"\{\{ (?!parts\.reach)(.*?) \}\}", body))) for name, body in found]


def test_the_words_are_the_same_set_in_every_language() -> None:
    names = [
        re.findall(r"\{% set (\w+)|\"(\w+)\":", (TEMPLATES / "words" / f"{each}.html").read_text("utf-8"))
        for each in Language
    ]
    assert names[0] == names[1] == names[2]


@pytest.mark.parametrize("code", GROUNDS)
def test_every_ground_has_a_paragraph_in_every_language(code: str) -> None:
    for language in Language:
        text = (TEMPLATES / "paragraphs" / code / f"{language}.html").read_text("utf-8")
        assert len(re.sub(r"<.*?>", "", text).strip()) > 40


def test_every_kind_has_a_template_and_a_row_in_the_matrix_and_no_template_is_without_a_kind() -> None:
    shared = {"statements", "words", "paragraphs", "appeal"}
    folders = {each.name for each in TEMPLATES.iterdir() if each.is_dir()} - shared
    assert folders == {kind.value for kind in LetterKind} == {kind.value for kind in MATRIX}


def test_no_template_has_room_for_a_personal_identity_code() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8").lower()
        assert not re.search(r"henkilötunnu|personbeteckning|hetu\b|identity code|\|\s*safe", text), path.name


def test_the_version_of_a_template_is_its_own_and_stands_still() -> None:
    versions = {template_version(kind, language) for kind in LetterKind for language in Language}
    assert len(versions) == len(LetterKind) * len(Language)
    assert template_version(LetterKind.REFUSE, Language.FI) == template_version(LetterKind.REFUSE, Language.FI)
    assert all(re.fullmatch(r"[0-9a-f]{12}", version) for version in versions)
