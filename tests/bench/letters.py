"""(e) a letter from its facts to the finished tagged PDF/A, against WeasyPrint alone over the same HTML."""

from pathlib import Path

from portal.adapters.letters import render, weasy
from portal.domain.decisions import LetterKind
from portal.domain.letters import LetterFacts
from portal.domain.words import Language
from tests.bench import anchors
from tests.bench.batch import batch
from tests.bench.timing import Line, compare
from tests.letters.make_register import make_letter
from tests.make import NOON
from tests.postgres import Cluster

BUDGET = 1.2
KINDS = ((LetterKind.ACK, "acknowledgement"), (LetterKind.GRANT, "access decision"), (LetterKind.REFUSE, "refusal"))


def letter(root: Path, cluster: Cluster | None) -> list[Line]:
    """Each kind written whole and barely, in turns; then a print batch."""
    lines = []
    for kind, name in KINDS:
        facts = make_letter(kind, Language.FI)
        bare = anchors.bare_letter(render.letter_html(facts))

        def whole(facts: LetterFacts = facts) -> bytes:
            return weasy.write_pdf(render.letter_html(facts), facts.register, facts.language, NOON)

        found = compare(whole, bare, seconds=0.5)
        lines.append(Line(f"letter: {name} / bare WeasyPrint", found.ratio, "x", BUDGET, str(found)))
    return lines + batch(root, cluster)
