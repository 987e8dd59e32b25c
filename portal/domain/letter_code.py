"""A letter's own code, printed on it: it leads a returned envelope to its case and a doubter to the proof.

Eight random signs and one that checks them, K7Q2-9FXM-J. It says nothing of the person, the case or the contents. The
thirty-one signs leave out those that are mistaken for each other (0 O, 1 I L); as thirty-one is a prime, the check
notices every wrong sign and every two that changed places.
"""

import re

SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
SPACE = len(SIGNS) ** LENGTH
"""How many codes there are: some 40 bits."""

_CODE = re.compile(rf"([{SIGNS}]{{4}})[ -]?([{SIGNS}]{{4}})[ -]?([{SIGNS}])")


def letter_code(number: int) -> str:
    """The code of a random number from 0 to SPACE - 1. ValueError outside."""
    if not 0 <= number < SPACE:
        raise ValueError("a letter's code is made from a number below SPACE")
    signs = ""
    for _ in range(LENGTH):
        number, value = divmod(number, len(SIGNS))
        signs += SIGNS[value]
    return f"{signs[:4]}-{signs[4:]}-{_check(signs)}"


def read_code(text: str) -> str | None:
    """The code in what was typed or scanned, hyphens and small letters as they come; None when there is none.

    A scanner types the whole address that the letter's square holds: the code is its last part.
    """
    last = text.strip().rstrip("/").rpartition("/")[2].upper()
    found = _CODE.fullmatch(last)
    if found is None or _check(found[1] + found[2]) != found[3]:
        return None
    return f"{found[1]}-{found[2]}-{found[3]}"


def _check(signs: str) -> str:
    return SIGNS[sum(place * SIGNS.index(sign) for place, sign in enumerate(signs, 1)) % len(SIGNS)]
