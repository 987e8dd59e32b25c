"""A call in words: a complete, unedited transcript, which says of every line who speaks (art. 15(3)).

A summary is no copy, so a text counts only when a listener says that it is the recording word for word.
"""

import re
from dataclasses import dataclass

_SPOKEN = re.compile(r"[^:]{1,40}:\s*\S")


@dataclass(frozen=True)
class Transcript:
    """The text so far, its lines parted by newlines; `complete` when a listener says that it is word for word."""

    text: str
    complete: bool


def plain_text(typed: str) -> str:
    """What was typed as it is kept: one kind of line end, no spaces at the ends of lines, no empty ends."""
    return "\n".join(line.rstrip() for line in typed.splitlines()).strip("\n")


def first_unattributed(text: str) -> int | None:
    """The number (from 1) of the first line that does not begin with its speaker, as in "Soittaja: hei"; 1 for an
    empty text, None when every line that is not empty has its speaker."""
    if not text.strip():
        return 1
    lines = enumerate(text.split("\n"), 1)
    return next((n for n, line in lines if line.strip() and not _SPOKEN.match(line.strip())), None)
