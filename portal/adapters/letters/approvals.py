"""Which of the marked texts a lawyer has approved in the very words that stand there now (rule V17).

An approval names the statement, the language, the hash of its text, who approved it by role and when; a text that has
been changed since is unapproved again. The record is a TOML file that the controller keeps beside its settings:

    [[approval]]
    statement = "S20"
    language = "fi"
    sha256 = "…"
    approver_role = "Lakimies"
    approved_on = 2026-11-20
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

from portal.adapters.letters.render import TEMPLATES
from portal.domain.letters import LEGAL_REVIEW
from portal.domain.words import Language

APPEAL = "appeal"
"""The appeal instructions, part of S21b, are approved under this name."""


class BadApprovals(Exception):
    """The record of approvals cannot be read; the message names the entry and what is wrong with it."""


@dataclass(frozen=True)
class Approval:
    """One approved text."""

    statement: str
    language: Language
    sha256: str
    approver_role: str
    approved_on: date


Text = tuple[str, str]
"""A statement's code and a language."""


def marked_texts() -> dict[Text, str]:
    """The hash of each marked text as it stands: statement and language to SHA-256, in the order of the library."""
    return {(code, language.value): _hash(_words(code, language)) for code, language in product(_marked(), Language)}


def unapproved(path: Path | None) -> tuple[Text, ...]:
    """The marked texts without an approval of their present words; all of them when there is no record.

    Raises BadApprovals for a record that cannot be read.
    """
    given = {(one.statement, one.language.value): one.sha256 for one in _read(path)}
    return tuple(text for text, sha256 in marked_texts().items() if given.get(text) != sha256)


def approval_lines(path: Path | None) -> tuple[str, ...]:
    """A line for each marked text: statement, language, state, hash. Raises BadApprovals."""
    given = {(one.statement, one.language.value): one for one in _read(path)}
    return tuple(
        f"{code:10} {language}  {_state(given.get((code, language)), sha256):44}  {sha256}"
        for (code, language), sha256 in marked_texts().items()
    )


def _state(approval: Approval | None, sha256: str) -> str:
    if approval is None:
        return "not approved"
    by = f"{approval.approved_on} {approval.approver_role}"
    return f"approved {by}" if approval.sha256 == sha256 else f"changed since {by}"


def _marked() -> tuple[str, ...]:
    return (*LEGAL_REVIEW, APPEAL)


def _words(code: str, language: Language) -> str:
    """The template text of a marked statement."""
    if code == APPEAL:
        pages = sorted(TEMPLATES.glob(f"appeal/*/{language}.html"))
        return "\n".join(page.read_text(encoding="utf-8") for page in pages)
    library = (TEMPLATES / "statements" / f"{language}.html").read_text(encoding="utf-8")
    macro = re.search(rf"{{% macro {code.replace('-', '_')}\(\) %}}(.*?){{% endmacro %}}", library, re.S)
    if macro is None:
        raise LookupError(f"{code} has no words in {language}")
    return macro[1]


def _hash(text: str) -> str:
    """Over the text with single spaces, so that a moved line end is no change of words."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def _read(path: Path | None) -> tuple[Approval, ...]:
    if path is None:
        return ()
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("approval", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadApprovals(f"{path.name}: {error}") from error
    return tuple(_approval(path, number, entry) for number, entry in enumerate(_tables(path, entries), 1))


def _tables(path: Path, entries: object) -> Iterable[dict[str, object]]:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadApprovals(f"{path.name}: approvals are tables named [[approval]]")
    return entries


def _approval(path: Path, number: int, entry: dict[str, object]) -> Approval:
    where = f"{path.name}, approval {number}"
    code, language, sha256, role, day = (
        entry.get(key) for key in ("statement", "language", "sha256", "approver_role", "approved_on")
    )
    if code not in _marked():
        raise BadApprovals(f"{where}: no marked statement is called {code!r}")
    if language not in tuple(Language):
        raise BadApprovals(f"{where}: {language!r} is no language of the letters")
    if not isinstance(sha256, str) or not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise BadApprovals(f"{where}: sha256 must be the 64 hexadecimal digits that the list shows")
    if not isinstance(role, str) or not role.strip():
        raise BadApprovals(f"{where}: approver_role is missing")
    if type(day) is not date:
        raise BadApprovals(f"{where}: approved_on must be a day, such as 2026-11-20")
    return Approval(str(code), Language(str(language)), sha256, role.strip(), day)
