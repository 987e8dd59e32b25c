"""The templates are complete in three languages, and every ground has its paragraph."""

import re
import shutil
from itertools import product
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


_VARIANTS = {
    "S05": ("S05a", "S05b", "S05c"),
    "S09": ("S09a", "S09b", "S09c"),
    "S12": ("S12_0", "S12a", "S12b", "S12c", "S12d", "S12d_hold", "S12e", "S12g", "S12h", "S12_2"),
    "S15": ("S15a", "S15b"),
    "S16gh": ("S16g", "S16h", "S16i"),
    "S17": ("S17a", "S17b", "S17n"),
    "S19": ("S19", "S19b"),
    "S21": ("S21a", "S21b"),
}
_PART_EFFECTS = ("S16a", "S16b", "S16c", "S16e", "S16k", "S16m", "S17", "S18", "S26a")


def faults(templates: Path) -> list[str]:
    """What is missing, naming kind and language: templates, blocks that the kind's row knows, their words."""
    found = []
    for kind, language in product(LetterKind, Language):
        path = templates / kind / f"{language}.html"
        own = path.read_text("utf-8") if path.exists() else ""
        words = (templates / "statements" / f"{language}.html").read_text("utf-8")
        if not own:
            found.append(f"{kind}/{language}: no template")
            continue
        row = MATRIX[kind].required + MATRIX[kind].if_applies + (_PART_EFFECTS if kind is LetterKind.PART else ())
        for code in (each for one in row for each in _VARIANTS.get(one, (one,))):
            if f"{{{{ s.{code}() }}}}" not in own:
                found.append(f"{kind}/{language}: the block {code} is missing")
            if f"{{% macro {code}() %}}" not in words:
                found.append(f"{kind}/{language}: {code} has no words")
    return found


def test_every_template_has_every_block_that_its_row_may_need_in_every_language() -> None:
    assert faults(TEMPLATES) == []


def test_a_missing_block_or_translation_is_named_with_its_kind_and_language(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(TEMPLATES, tmp_path / "letters"))
    refusal = copy / "refuse" / "sv.html"
    refusal.write_text(refusal.read_text("utf-8").replace("{{ s.S20() }}\n", ""), "utf-8")
    (copy / "visit" / "en.html").unlink()
    assert faults(copy) == ["refuse/sv: the block S20 is missing", "visit/en: no template"]
    words = copy / "statements" / "en.html"
    words.write_text(words.read_text("utf-8").replace("macro S22()", "macro S99()"), "utf-8")
    assert "fee/en: S22 has no words" in faults(copy)


def test_no_template_has_room_for_a_personal_identity_code() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8").lower()
        assert not re.search(r"henkilötunnu|personbeteckning|hetu\b|identity code|\|\s*safe", text), path.name


def test_the_version_of_a_template_is_its_own_and_stands_still() -> None:
    versions = {template_version(kind, language) for kind in LetterKind for language in Language}
    assert len(versions) == len(LetterKind) * len(Language)
    assert template_version(LetterKind.REFUSE, Language.FI) == template_version(LetterKind.REFUSE, Language.FI)
    assert all(re.fullmatch(r"[0-9a-f]{12}", version) for version in versions)
