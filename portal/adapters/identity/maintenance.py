"""A broker's own words on interruptions, for the page where people choose how to identify themselves."""

from __future__ import annotations

import unicodedata
from threading import Lock
from urllib.parse import urljoin

from portal.adapters.identity.transport import Away, fetch_text

KEPT = 300  # seconds; a broker that does not answer is asked as seldom
_TIMEOUT = 2.0  # seconds: nobody waits longer for a page because of a notice
_LONGEST = 600  # characters
_LANGUAGES = ("fi", "sv", "en")


class Maintenance:
    """One broker's text, "fi|sv|en", fetched when it is wanted and at most every five minutes."""

    def __init__(self, issuer: str, path: str) -> None:
        self._url = urljoin(issuer, path)
        self._lock = Lock()
        self._kept: tuple[int, tuple[str, ...]] | None = None

    def text(self, language: str, now: int) -> str | None:
        """The text in this language at `now` (epoch seconds), as plain words; None where there is none."""
        with self._lock:
            kept = self._kept
            if kept is None or not 0 <= now - kept[0] < KEPT:
                kept = self._kept = (now, self._fetch())
        parts = kept[1]
        found = parts[_LANGUAGES.index(language)] if len(parts) == len(_LANGUAGES) and language in _LANGUAGES else ""
        return found or None

    def _fetch(self) -> tuple[str, ...]:
        try:
            text = fetch_text(self._url, _TIMEOUT, "text/plain")
        except Away:
            return ()
        return tuple(_plain(part) for part in text.split("|"))


def _plain(part: str) -> str:
    kept = "".join(mark if unicodedata.category(mark)[0] not in "CZ" else " " for mark in part)
    return " ".join(kept.split())[:_LONGEST]
