"""Every kind of letter passes an accessibility checker that knows nothing of ours: PDF/UA-1, no error and no warning.

The checker is a program in an environment of its own (`tools/setup --test` makes it); neither the portal nor this test
imports it. LNK-010 is left out: it wants the e-mail address in the sender's contact lines to be a link, which paper
has no use for.
"""

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.adapters.letters.seal import load_seal, make_seal
from portal.adapters.letters.weasy import write_pdf
from portal.domain.decisions import LetterKind
from portal.domain.register import Sector
from portal.domain.words import Language
from tests.letters.make_register import make_letter, make_register
from tests.letters.printed import CREATED, print_letter, printed

CHECKER = Path(__file__).parents[2] / ".venv-pdfua" / "bin" / "outloud"
SAMPLES = [(kind, Language.FI, Sector.MUNICIPAL) for kind in LetterKind] + [
    (kind, language, Sector.PRIVATE)
    for kind in (LetterKind.ACK, LetterKind.GRANT, LetterKind.PART, LetterKind.REFUSE)
    for language in (Language.SV, Language.EN)
]


@pytest.fixture(scope="module")
def checker() -> Path:
    """The program."""
    if not CHECKER.exists():
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("the checker of accessible PDFs is not installed (tools/setup --test brings it)")
    return CHECKER


def faults(checker: Path, folder: Path) -> dict[str, list[str]]:
    """What the checker says against each file of the folder: errors and warnings."""
    done = subprocess.run(
        [checker, "--skip", "LNK-010", "--fail-on", "never", "--quiet", "--json", folder / "report.json", folder],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    results = json.loads((folder / "report.json").read_text())["results"]
    assert all(one["error"] is None for one in results)
    return {
        Path(one["path"]).stem: [f"{each['rule']}: {each['message']}" for each in one["findings"]
                                 if each["severity"] in ("error", "warning")]
        for one in results
    }  # fmt: skip


def test_every_kind_passes_and_each_sample_was_looked_at(checker: Path, tmp_path: Path) -> None:
    for kind, language, sector in SAMPLES:
        (tmp_path / f"{kind}-{language}.pdf").write_bytes(printed(kind, language, sector).pdf)
    found = faults(checker, tmp_path)
    assert len(found) == len(set(SAMPLES))
    assert {name: said for name, said in found.items() if said} == {}


def test_a_sealed_letter_with_its_code_passes_too(checker: Path, tmp_path: Path) -> None:
    make_seal(tmp_path / "seal.key", tmp_path / "seal.pem", "Testisinetti", datetime.now(UTC))
    seal = load_seal(tmp_path / "seal.key", tmp_path / "seal.pem")
    facts = make_letter(LetterKind.REFUSE, code="K7Q2-9FXM-J", verify_url="https://puhelut.example.fi/fi/letter/x")
    (tmp_path / "sealed.pdf").write_bytes(seal.apply(print_letter(facts).pdf, "Mallilan kaupunki"))
    assert faults(checker, tmp_path) == {"sealed": []}


def test_the_checker_sees_a_letter_that_is_not_accessible(checker: Path, tmp_path: Path) -> None:
    html = printed(LetterKind.ACK, Language.FI, Sector.MUNICIPAL).html.replace("<h1", "<h4").replace("</h1", "</h4")
    (tmp_path / "broken.pdf").write_bytes(write_pdf(html, make_register(), Language.FI, CREATED))
    assert faults(checker, tmp_path)["broken"]
