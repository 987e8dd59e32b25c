"""What the rules V14, V17 and V18 ask of the set of letter templates."""

import re
from pathlib import Path

from portal.adapters.letters.approvals import unapproved
from portal.adapters.letters.render import TEMPLATES
from portal.domain.decisions import LetterKind
from portal.domain.words import Language

_IDENTITY_CODE = re.compile(r"\{\{[^}]*(?:identity_code|personal_code|hetu\b|ssn\b)", re.I)


def missing_in(language: Language) -> tuple[str, ...]:
    """The templates of letters that a language lacks."""
    wanted = [f"{kind.value}/{language}.html" for kind in LetterKind]
    wanted += [f"{folder}/{language}.html" for folder in ("statements", "words")]
    return tuple(f"letters/{name}" for name in wanted if not (TEMPLATES / name).is_file())


def unapproved_in(approvals: Path | None) -> dict[Language, tuple[str, ...]]:
    """By language, the statements that await a lawyer's approval of their present words. Raises BadApprovals."""
    waiting = unapproved(approvals)
    return {language: tuple(code for code, of in waiting if of == language.value) for language in Language}


def with_identity_code() -> tuple[str, ...]:
    """The templates with a placeholder for the personal identity code."""
    return tuple(
        f"letters/{path.relative_to(TEMPLATES)}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        if _IDENTITY_CODE.search(path.read_text(encoding="utf-8"))
    )
