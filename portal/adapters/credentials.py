"""Credentials of staff accounts: passwords, time-based codes, recovery codes and one-time links.

Nothing here stores anything. Passwords are argon2id (RFC 9106, low-memory profile); the rules on them follow
NIST SP 800-63B: length and a list of common ones, no composition rules. What is random and long enough is kept as
a plain SHA-256.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import re
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import BoundedSemaphore, get_native_id
from typing import TypeVar

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from portal.services.ports import Busy

SHORTEST = 15  # characters
LONGEST = 256
STEP = 30  # seconds of a time-based code

AT_ONCE, WAITING, PATIENCE = 2, 4, 15.0
"""Hashes that run at once, those that may wait for them, and for how many seconds."""

Result = TypeVar("Result")
_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_RECOVERY_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
_RECOVERY_LENGTH = 16  # 80 bits, so a plain hash of it cannot be searched

# What common passwords are built of, in Finnish, Swedish and English. What remains of a password without these words,
# digits and signs must still be something. Longest first, so that no word hides in another.
_COMMON = sorted(Path(__file__).with_name("common_passwords.txt").read_text("utf-8").split(), key=len, reverse=True)
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopåasdfghjklöäzxcvbnm", "01234567890", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")


def _behind_the_pages() -> None:
    """A thread that hashes, and the four lanes that each hash starts from it, give way to the threads of the pages."""
    os.setpriority(os.PRIO_PROCESS, get_native_id(), 10)


# Each hash takes 64 MiB and four lanes: without bounds, twenty wrong passwords would starve the portal.
_hashers = ThreadPoolExecutor(AT_ONCE, "password", _behind_the_pages)
_places = BoundedSemaphore(AT_ONCE + WAITING)


def _in_turn(hashing: Callable[[], Result]) -> Result:
    """Do it when its turn comes. Raises Busy when too many wait already, or the turn does not come in time."""
    if not _places.acquire(blocking=False):
        raise Busy
    turn: Future[Result] = _hashers.submit(hashing)
    turn.add_done_callback(lambda _turn: _places.release())
    try:
        return turn.result(PATIENCE)
    except TooLate:
        turn.cancel()
        raise Busy from None


def hash_password(plain: str) -> str:
    """The argon2id hash of a password, salt and parameters included. Raises Busy."""
    return _in_turn(lambda: _hasher.hash(_normal(plain)))


def verify_password(stored: str | None, plain: str) -> bool:
    """Whether `plain` is the password of the hash. With `stored` None (no such account) it takes the same time and
    answers False. Raises Busy."""
    known = stored if stored is not None else _dummy()
    try:
        _in_turn(lambda: _hasher.verify(known, _normal(plain)))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _dummy() -> str:
    return hash_password(secrets.token_urlsafe(32))


def _normal(plain: str) -> bytes:
    """One spelling for the same letters typed on different machines."""
    return unicodedata.normalize("NFKC", plain).encode("utf-8", "surrogatepass")


def password_problem(plain: str, name: str) -> str | None:
    """Why this password will not do for the person called `name` (user name, full name, or both): "too_short",
    "too_long", "contains_name" or "common"; None when it will."""
    text = unicodedata.normalize("NFKC", plain)
    if len(text) < SHORTEST:
        return "too_short"
    if len(text) > LONGEST:
        return "too_long"
    folded = _folded(text)
    if any(len(part) >= 4 and part in folded for part in re.split(r"[^a-z0-9]+", _folded(name))):
        return "contains_name"
    return "common" if _is_trivial(folded) else None


def too_alike(new: str, old: str) -> bool:
    """Is a new password the old one again: two signs changed at most, turned round, or with other digits and signs?"""
    after, before = _folded(new), _folded(old)
    words = [re.sub(r"[\W\d_]+", "", text) for text in (after, before)]
    return _differ(after, before) <= 2 or _differ(after, before[::-1]) <= 2 or words[0] == words[1] != ""


def _differ(one: str, other: str) -> int:
    """How many signs must be put in, taken out or changed to make one text of the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for n, mark in enumerate(one, 1):
        above, row[0] = row[0], n
        for m, against in enumerate(other, 1):
            above, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, above + (mark != against))
    return row[-1]


def _folded(text: str) -> str:
    """Lower case without accents: Hyvää and hyvaa are one guess."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in bare if not unicodedata.combining(mark))


def _is_trivial(folded: str) -> bool:
    """Few characters, one piece repeated, a run of the alphabet or keyboard, or common words and digits only."""
    return (
        len(set(folded)) < 6
        or re.fullmatch(r"(.{1,7}?)\1+.{0,6}", folded) is not None
        or _is_run(folded)
        or len(_without_common(folded)) < 4
    )


def _is_run(folded: str) -> bool:
    steps = list(pairwise(folded))
    lines = [_folded(line) for line in _RUNS]
    near = sum(any(a + b in line or b + a in line for line in lines) for a, b in steps)
    return near >= 0.8 * len(steps)


def _without_common(folded: str) -> str:
    plain = folded.translate(str.maketrans("01345@$!", "oleasasi"))
    shortest = folded
    for text in (folded, plain):
        for word in _COMMON:
            text = text.replace(word, "")
        shortest = min(shortest, re.sub(r"[\W\d_]+", "", text), key=len)
    return shortest


def new_totp_secret() -> str:
    """A secret for an authenticator application: 160 bits in base32."""
    return pyotp.random_base32()


def totp_uri(secret: str, account: str, issuer: str) -> str:
    """The otpauth address that an authenticator application reads."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=account, issuer_name=issuer)


def check_totp(secret: str, code: str, now: datetime, last_step: int | None) -> int | None:
    """The time step whose code this is, to be stored as the next `last_step`; None when it is no code of now.

    One step early or late is allowed, a step up to `last_step` never: a code seen over a shoulder is spent.
    """
    typed = re.sub(r"\s", "", code)
    current = int(now.timestamp()) // STEP
    accepted = None
    for step in (current + 1, current, current - 1):  # all three, so that time tells nothing
        right = hmac.compare_digest(pyotp.HOTP(secret).at(step).encode(), typed.encode("utf-8", "replace"))
        if right and (last_step is None or step > last_step):
            accepted = step
    return accepted


def totp_qr_svg(uri: str) -> str:
    """The address as an SVG picture, dark on white in attributes alone: no style that a strict CSP would drop."""
    out = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(
        out, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False, nl=False, svgclass=None,
        lineclass=None,
    )  # fmt: skip
    return out.getvalue().decode("utf-8")


def new_recovery_codes(n: int = 10) -> list[str]:
    """`n` one-time codes for a person without their authenticator, as XXXX-XXXX-XXXX-XXXX. Shown once, kept hashed."""
    return [_grouped("".join(secrets.choice(_RECOVERY_LETTERS) for _ in range(_RECOVERY_LENGTH))) for _ in range(n)]


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def hash_recovery(code: str) -> str:
    """SHA-256 of a recovery code in hex, however it was typed: case, blanks, dashes, O for 0, I and L for 1."""
    letters = re.sub(r"[\s-]", "", code).upper().translate(str.maketrans("OIL", "011"))
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()


def new_link_token() -> tuple[str, str]:
    """A one-time link's token (256 bits, for its address) and its SHA-256 in hex (to keep)."""
    token = secrets.token_urlsafe(32)
    return token, hash_link_token(token)


def hash_link_token(token: str) -> str:
    """SHA-256 of a link's token in hex, to find the link by."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
