"""The repository's documents lead somewhere, speak of the product alone, and name only what exists."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_ELSEWHERE = {".venv", ".git", "var", "instance", "node_modules"}
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.rglob("*.md")
    if not _ELSEWHERE & set(path.relative_to(ROOT).parts) and not path.relative_to(ROOT).parts[0].startswith(".")
)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.M)
_FOREIGN = (
    re.compile(r"/(?:work|root|home/\w+|Users|mnt)/"),
    re.compile(r"pypi\.org|pythonhosted|npmjs|proxy\.golang|--index-url|crates\.io", re.I),
    re.compile(r"\b(?:issue|session|helper|prompt|brief) #?\d+\b|\bsub-?agents?\b|\bassistant\b", re.I),
    re.compile(r"\b(?:TODO|FIXME)\b|(?i:coming soon|not yet implemented)"),
)

LAW = ROOT / "docs" / "law.md"
LAW_BEARING = (
    "access", "acts", "calendar_fi", "case", "contact", "deadlines", "decisions", "derivation", "dispatch", "dossier",
    "duties", "envelope", "grants", "grounds", "identity", "letter_code", "letters", "lifecycle", "listeners",
    "longer", "matching", "notifications", "number_proof", "number_steps", "openness", "redaction", "redaction_version",
    "representation", "representation_steps", "retention", "rights", "same_call", "service_of_documents", "station",
    "visits",
)  # fmt: skip
_NAME = re.compile(r"`([a-z_0-9]+)\.([A-Za-z_0-9]+)`")


def text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def anchors(document: str) -> set[str]:
    """The anchors of a document's headings, as they are made of their words."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text(document)))
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_relative_link_leads_to_a_file_and_its_heading(document: str) -> None:
    for link in _LINK.findall(text(document)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        place, _, anchor = link.partition("#")
        target = (ROOT / document).parent / place if place else ROOT / document
        assert target.exists(), f"{document}: {link}"
        if anchor:
            assert anchor in anchors(target.resolve().relative_to(ROOT).as_posix()), f"{document}: {link}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_speaks_of_the_product_alone(document: str) -> None:
    assert [found[0] for foreign in _FOREIGN if (found := foreign.search(text(document)))] == []


@cache
def names(path: Path) -> frozenset[str]:
    """What a module defines at its top: functions, classes and values, imported ones too."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return frozenset(found)


def places(module: str) -> list[Path]:
    """Where the law's page looks for a module of that name."""
    if module.startswith("test_"):
        return sorted((ROOT / "tests").rglob(f"{module}.py"))
    folders = [ROOT / "portal" / floor for floor in ("domain", "services")]
    return [folder / f"{module}.py" for folder in folders if (folder / f"{module}.py").exists()]


LAW_NAMES = sorted(set(_NAME.findall(LAW.read_text(encoding="utf-8"))))
IDENTITY = (ROOT / "docs" / "identity.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("module", "name"), LAW_NAMES, ids=[".".join(pair) for pair in LAW_NAMES])
def test_the_laws_page_names_only_what_exists(module: str, name: str) -> None:
    assert any(name in names(place) for place in places(module))


def test_the_page_on_identity_names_only_tests_and_files_that_exist() -> None:
    named = [pair for pair in _NAME.findall(IDENTITY) if pair[0].startswith("test_")]
    files = re.findall(r"`((?:portal|static|tests)/[\w/.]+\.(?:py|js))`", IDENTITY)
    assert len(named) > 60
    assert [pair for pair in named if not any(pair[1] in names(place) for place in places(pair[0]))] == []
    assert [file for file in files if not (ROOT / file).exists()] == []


@pytest.mark.parametrize("module", LAW_BEARING)
def test_every_public_function_of_the_law_stands_on_its_page(module: str) -> None:
    tree = ast.parse((ROOT / "portal" / "domain" / f"{module}.py").read_text(encoding="utf-8"))
    public = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")}
    assert public <= {name for place, name in LAW_NAMES if place == module}


def test_every_row_of_the_law_ends_in_a_test() -> None:
    rows = [line for line in text("docs/law.md").splitlines() if line.startswith("| ") and "| rule |" not in line]
    assert rows
    assert [row for row in rows if "`test_" not in row.rsplit("|", 2)[1]] == []


def test_every_rule_id_of_the_law_stands_on_its_page() -> None:
    first = {cell for line in text("docs/law.md").splitlines() if line.startswith("| ")
             for cell in re.split(r", ", line.split("|")[1].strip())}  # fmt: skip
    wanted = {f"T{n}" for n in range(1, 16)} | {f"D{n}" for n in range(1, 11)} | {f"V{n}" for n in range(1, 20)}
    assert wanted - first == set()


def test_the_example_settings_are_the_settings() -> None:
    from config import Settings

    given = set(re.findall(r"^#?(PORTAL_\w+)=", text(".env.example"), re.M))
    assert given == {f"PORTAL_{name.upper()}" for name in Settings.model_fields}


def test_the_example_settings_start_the_portal() -> None:
    show = "set -a; . ./.env.example; exec \"$0\" -c 'import config; print(config.load().mode)'"
    done = subprocess.run(["bash", "-c", show, sys.executable], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("production\n", "")


def test_every_decision_is_in_the_list_of_decisions() -> None:
    pages = {path.name for path in (ROOT / "docs" / "adr").glob("0*.md")}
    assert pages == set(re.findall(r"\]\((0\d+[\w-]+\.md)\)", text("docs/adr/README.md")))
