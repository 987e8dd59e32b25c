"""Pages kept as they were drawn, for as long as all that they show stands.

What belongs to one answer or to one person alone is never in a kept page: the nonce, the form's token, the person's
name and the session's end are holes in it, filled in anew for every answer.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from flask import current_app, render_template
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from portal.web.frame import seen_by_frame, session_ends
from portal.web.guard import Visit
from portal.web.headers import nonce

MOST = 256
CLOCK = "%-H.%M"
_MARK = secrets.token_hex(16)  # of this process: nobody can type it into a page
_HOLE = re.compile(f"{_MARK}([a-z]+);")
Pieces = tuple[str, ...]
"""A drawn page cut at its holes: text and the names of holes by turns, text first."""


class Kept:
    """The kept pages of one application: one page a place, the `MOST` places that were drawn last."""

    def __init__(self) -> None:
        self._pages: dict[Hashable, tuple[Hashable, Pieces]] = {}
        self._lock = Lock()

    def get(self, place: Hashable, stands: Hashable) -> Pieces | None:
        """The page of a place, if it was drawn while the same stood."""
        found = self._pages.get(place)
        return found[1] if found and found[0] == stands else None

    def put(self, place: Hashable, stands: Hashable, pieces: Pieces) -> None:
        """Keep a page over the one that had its place; the place drawn longest ago makes room."""
        with self._lock:
            self._pages.pop(place, None)
            if len(self._pages) >= MOST:
                del self._pages[next(iter(self._pages))]
            self._pages[place] = stands, pieces

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._pages.clear()


def kept_page(
    visit: Visit, template: str, *, place: Hashable, stands: Hashable, values: Callable[[], Mapping[str, Any]]
) -> str:
    """The page of `template` with `values`, drawn only where it is not kept.

    A page shows what follows from its address, from the roles of who asks, from `place` and from `stands`, and nothing
    else. `stands` is what changes with time: the page drawn before it changed is replaced.
    """
    pages: Kept = current_app.kept  # type: ignore[attr-defined]  # a Portal
    name, ends = visit.person_name, session_ends(visit)
    where = (template, seen_by_frame(visit), place, name is None, ends is None)
    pieces = pages.get(where, stands)
    if pieces is None:
        drawn = render_template(template, **{**values(), **_holes(name, ends)})
        pieces = tuple(_HOLE.split(drawn))
        pages.put(where, stands, pieces)
    return _filled(pieces, name, ends)


def _filled(pieces: Pieces, name: str | None, ends: datetime | None) -> str:
    filled, holes = list(pieces), pieces[1::2]
    known = {
        "nonce": nonce(),
        "token": generate_csrf() if "token" in holes else "",  # a page without forms begins no session
        "person": str(escape(name)),
        "ends": ends.isoformat() if ends else "",
        "clock": ends.strftime(CLOCK) if ends else "",
    }
    filled[1::2] = [known[hole] for hole in holes]
    return "".join(filled)


def _holes(name: str | None, ends: datetime | None) -> dict[str, Any]:
    """Template values that leave holes where the page would show what is of one answer or one person alone."""
    return {
        "csp_nonce": lambda: _hole("nonce"),
        "csrf_token": lambda: _hole("token"),
        "person_name": None if name is None else _hole("person"),
        "session_ends": None if ends is None else _OpenEnd(),
    }


def _hole(name: str) -> str:
    return f"{_MARK}{name};"


class _OpenEnd:
    """Stands for the session's end, with the two ways in which the layouts write it."""

    def isoformat(self) -> str:
        """As the page's script reads it."""
        return _hole("ends")

    def strftime(self, _form: str) -> str:
        """As the person reads it."""
        return _hole("clock")
