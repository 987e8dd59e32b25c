"""Every letter holds exactly the statements its row of the statutory matrix demands, word for word.

The matrix is written down here a second time, as the specification has it, and so are the words of the statements
(statements.toml): neither the product's table nor its templates vouch for themselves.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from portal.adapters.letters.render import letter_html
from portal.domain.decisions import GROUNDS, LetterKind, grounds_for
from portal.domain.letters import LetterFacts
from portal.domain.register import Register, Sector
from portal.domain.rights import Right
from portal.domain.words import Language
from tests.letters.library import COUNTED, LIBRARY, enclosed, sections, stands_in, telling
from tests.letters.make_register import RIGHTS, items, make_letter, make_register
from tests.letters.printed import printed

# kind: the statements required, and those that apply where their condition is met
MATRIX = {
    "ack": ("01 02 03 04 24 25", "03t"),
    "ask": ("01 04 05 06 07a 24", "05p 05o"),
    "extend": ("01 02 04 08 20 24", ""),
    "grant": ("01 02 09a 11 12 20 24 25", "13"),
    "part": ("01 02 09b 10 11 12 13 20 21 24", "14 25"),
    "refuse": ("01 02 09c 10 20 21 24", "14"),
    "no_recordings": ("01 02 15 20 24", "25"),
    "rectified": ("01 02 16a 17 24", "26a"),
    "rectification_refused": ("01 02 09c 10 20 21 24 26b", "26a"),
    "erased": ("01 02 16b 17 24", "16k"),
    "restricted": ("01 02 16c 17 18 24", ""),
    "restriction_lifting": ("01 19 20 21 24", ""),
    "objection": ("01 02 09 20 21 24", "10 16d"),
    "consent_withdrawn": ("01 02 16e 20 21 24", "16b"),
    "portability": ("01 02 09a 11 20 21 24", "13"),
    "fee": ("01 02 10 20 21 22 24", ""),
    "visit": ("01 23 24 25", ""),
    "complaint_sheet": ("20 21", "14"),
    "closed_no_reply": ("01 02 07b 20 21 24", ""),
    "request_withdrawn": ("01 16f 20 24", ""),
    "other_controller": ("01 02 16g/16h 20 24", ""),
    "visit_certificate": ("01 24 27 28", ""),
}
# A partial grant of another right than access carries that right's effect where the files and article 15 would stand.
PART_EFFECT = {
    Right.ACCESS: "11 12 13",
    Right.PORTABILITY: "11 13",
    Right.RECTIFICATION: "16a 17",
    Right.ERASURE: "16b 17",
    Right.RESTRICTION: "16c 17 18",
    Right.WITHDRAWAL: "16e",
}
LINES_OF_12 = ("S12-0", "S12a", "S12b", "S12c", "S12d", "S12d-hold", "S12e", "S12g", "S12h", "S12-2")
ASKED = {Language.FI: "S05a", Language.SV: "S05b", Language.EN: "S05c"}
# Enclosed with every answer that does not itself hold both remedies.
SHEETED = {"grant", "no_recordings", "rectified", "erased", "restricted", "other_controller"}

ANY_RIGHT = {
    "ack", "ask", "extend", "no_recordings", "restriction_lifting", "complaint_sheet", "closed_no_reply",
    "request_withdrawn", "other_controller", "fee",
}  # fmt: skip
UNANSWERED = {"R11-2", "R12-6"}
EXCESSIVE = {"R12-5U", "R12-5E"}
EVERY = [
    pytest.param(kind, language, sector, id=f"{kind}-{language}-{sector}")
    for kind, language, sector in product(LetterKind, Language, Sector)
]
PRINTED = [
    pytest.param(kind, language, sector, id=f"{kind}-{language}-{sector}")
    for kind, language, sector in product(LetterKind, Language, (Sector.MUNICIPAL, Sector.PRIVATE))
]


def rights(kind: LetterKind) -> list[Right]:
    """The rights a letter of this kind can answer."""
    if kind is LetterKind.REFUSE:
        return [right for right in Right if right not in (Right.RECTIFICATION, Right.OBJECTION)]
    if kind is LetterKind.PART:
        return list(PART_EFFECT)
    return list(Right) if kind.value in ANY_RIGHT else [RIGHTS.get(kind, Right.ACCESS)]


def grounds(kind: LetterKind, right: Right, register: Register) -> list[str | None]:
    """The grounds on which a letter of this kind can rest; [None] for one that rests on none."""
    codes = [ground.code for ground in grounds_for(right) if not ground.answer]
    if register.controller.sector is Sector.PRIVATE:
        codes = [code for code in codes if code != "R20-3"]  # its register has no public task
    if kind in (LetterKind.REFUSE, LetterKind.RECTIFICATION_REFUSED, LetterKind.OBJECTION):
        return [code for code in codes if not GROUNDS[code].only_part]
    if kind in (LetterKind.PART, LetterKind.COMPLAINT_SHEET):
        return list(codes)
    if kind is LetterKind.CLOSED_NO_REPLY:
        return [code for code in codes if code in UNANSWERED]
    if kind is LetterKind.FEE:
        return [code for code in codes if code in EXCESSIVE]
    return [None]


def letters(kind: LetterKind, language: Language, sector: Sector) -> Iterator[LetterFacts]:
    """A complete letter for every right and ground."""
    register = make_register(sector)
    for right in rights(kind):
        for ground in grounds(kind, right, register):
            facts = make_letter(kind, language, register, right=right)
            yield replace(facts, items=items(kind, language, ground)) if ground else facts


def demanded(facts: LetterFacts) -> set[str]:
    """The statements the matrix demands of this letter, in the variants that fit it."""
    kind, required = facts.kind.value, MATRIX[facts.kind.value][0].split()
    if kind == "part":
        required = [code for code in required if code not in ("11", "12", "13")] + PART_EFFECT[facts.right].split()
    codes = {variant for code in required for variant in variants(code, facts)}
    return codes | {f"S{code}" for code in applying(facts)}


def variants(code: str, facts: LetterFacts) -> tuple[str, ...]:
    """A number stands for whichever of its variants fits."""
    public = facts.register.controller.sector is not Sector.PRIVATE
    fitting = {
        "05": (ASKED[facts.language],),
        "09": ("S09c",),  # the objection is refused
        "12": LINES_OF_12,
        "15": ("S15a",),
        "16g/16h": ("S16g" if public else "S16h",),
        "17": ("S17a",),
        "21": ("S21b" if public else "S21a",),
        "25": ("S25b" if facts.kind.value in ("ack", "visit") else "S25a",),
    }
    return fitting.get(code, (f"S{code}",))


def applying(facts: LetterFacts) -> set[str]:
    """The statements of the matrix's last column whose condition these letters meet."""
    codes = set(MATRIX[facts.kind.value][1].split())
    reasons = [item.reasons.ground for item in facts.items if item.reasons]
    if not any(code.startswith("TSL34") for code in reasons):
        codes.discard("14")
    if facts.register.controller.sector is Sector.PRIVATE:
        codes.discard("05o")  # the Openness Act binds authorities alone
    codes -= {"13", "16b", "16d"}  # nothing was cut from a full grant; nothing erased; the objection is refused
    if facts.kind is LetterKind.PART and facts.right is Right.RECTIFICATION:
        codes.add("26a")
    if facts.kind is LetterKind.PART and facts.right is Right.ERASURE:
        codes.add("16k")
    return {"25a" if code == "25" else code for code in codes}


def sheet(facts: LetterFacts) -> set[str]:
    """The statements on the complaint sheet enclosed with this letter."""
    return {"S20", *variants("21", facts)} if facts.kind.value in SHEETED else set()


@pytest.mark.parametrize(("kind", "language", "sector"), EVERY)
def test_every_right_and_ground_gives_exactly_the_statements_of_its_row(
    kind: LetterKind, language: Language, sector: Sector
) -> None:
    for facts in letters(kind, language, sector):
        html = letter_html(facts)
        COUNTED["rendered"] += 1
        case = (kind, language, sector, facts.right, [item.reasons.ground for item in facts.items if item.reasons])
        for found, expected in ((sections(html), demanded(facts)), (enclosed(html), sheet(facts))):
            assert set(found) == expected, case
            for code, text in found.items():
                assert stands_in(code, language, text), (case, code, text)


@pytest.mark.parametrize(("kind", "language", "sector"), PRINTED)
def test_the_printed_sheet_holds_the_words_of_its_row_and_of_no_other(
    kind: LetterKind, language: Language, sector: Sector
) -> None:
    letter = printed(kind, language, sector)
    COUNTED["printed"] += 1
    expected = demanded(letter.facts) | sheet(letter.facts)
    for code in LIBRARY:
        if code in expected:
            assert stands_in(code, language, letter.text), code
        else:
            assert telling(code, language) not in letter.text, code


def test_the_matrix_knows_every_kind_and_the_library_every_statement_of_it() -> None:
    assert set(MATRIX) == set(LetterKind)
    assert set(RIGHTS) <= set(LetterKind)
    rows = {
        code for kind, language, sector in product(LetterKind, Language, Sector)
        for facts in letters(kind, language, sector) for code in demanded(facts)
    }  # fmt: skip
    assert rows <= set(LIBRARY)
    # told only where calls or recipients have different fates: see test_contents
    assert set(LIBRARY) - rows == {"S09a", "S15b", "S16d", "S16i", "S16m", "S17b", "S17n", "S19b"} - rows
