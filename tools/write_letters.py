"""python -m tools.write_letters [--folder FOLDER] [--kind KIND …] [--dpi N]: each letter as PDF and as PNG pages.

For eyes: whoever changes a text or approves one looks at the very sheets that people receive. The controllers are
two of those the portal ships with; people, calls and reasons are invented.
"""

import argparse
import os
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from portal.adapters.letters.render import letter_html
from portal.adapters.letters.weasy import write_pdf
from portal.domain.decisions import LetterKind
from portal.domain.letters import LetterFacts
from portal.domain.phone import national
from portal.domain.words import Language
from portal.registers.load import load_all
from tests.letters.make_register import make_letter

CONTROLLERS = {"public": "espoo", "private": "pikkujatti"}
CREATED = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
REGISTERS = load_all()
Job = tuple[LetterKind, Language, str, Path, int]


def main() -> None:
    """Write them, and say how many and in what time."""
    parser = argparse.ArgumentParser(prog="make letters", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("var/letters"))
    parser.add_argument("--kind", nargs="+", type=LetterKind, default=list(LetterKind))
    parser.add_argument("--dpi", type=int, default=80)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    jobs = [
        (kind, language, sector, given.folder, given.dpi)
        for kind, language, sector in product(given.kind, Language, CONTROLLERS)
    ]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        pages = sum(pool.map(write, jobs))
    print(f"{len(jobs)} letters, {pages} pages in {given.folder}; {time.monotonic() - start:.1f} s")


def write(job: Job) -> int:
    """One letter into its files: <kind>.<language>.<sector>.pdf and a picture of each page. Returns the pages."""
    kind, language, sector, folder, dpi = job
    facts = letter(kind, language, sector)
    name = folder / f"{kind}.{language}.{sector}"
    for old in folder.glob(f"{name.name}-*.png"):
        old.unlink()
    pdf = name.with_name(f"{name.name}.pdf")
    pdf.write_bytes(write_pdf(letter_html(facts), facts.register, language, CREATED))
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(name)], check=True)
    return len(list(folder.glob(f"{name.name}-*.png")))


def letter(kind: LetterKind, language: Language, sector: str) -> LetterFacts:
    """An invented letter of a shipped controller."""
    register = REGISTERS[CONTROLLERS[sector]]
    facts = make_letter(kind, language, register)
    number = register.service_numbers[0]
    called = f"{national(number.e164)} ({number.name[language]})"
    return replace(
        facts,
        calls=(replace(facts.calls[0], called=called), *facts.calls[1:]),
        search=f"{called}, 17.5.2026 14.15–14.45",
    )


if __name__ == "__main__":
    main()
