"""The table of passages to leave out, as it is typed: rows from a version, rows from the form, and what is wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request
from flask_babel import gettext as _

from portal.domain.redaction_version import Version, written_time
from portal.services.lists import CaseView
from portal.services.redact import BadRow, Typed

RENDERS = timedelta(minutes=5)
"""Longer than a rendering takes, the wait for the worker included."""
LONGEST_NOTE = 300
MOST = 500
"""Passages in one recording that a form may bring."""


@dataclass(frozen=True)
class Row:
    """One line of the table, word for word; `place` is its number in the saved version, from 0."""

    begin: str = ""
    end: str = ""
    ground: str = ""
    channel: str = ""
    note: str = ""
    place: int | None = None
    seconds: str = ""

    @property
    def typed(self) -> Typed:
        """What the service gets."""
        channel = int(self.channel) if self.channel.isdigit() and len(self.channel) == 1 else None
        return Typed(self.begin, self.end, self.ground, channel, self.note)


def late(view: CaseView, recording: str, now: datetime) -> bool:
    """Has the rendering that was asked for last taken longer than it ever should? The clerk is told what to do."""
    asked = (one for one in view.timeline if one.kind == "redaction_submitted")
    last = next((one.at for one in asked if one.facts.get("recording") == recording), now)
    return now - last > RENDERS


def rows_of(version: Version | None) -> list[Row]:
    """The passages of a version as lines."""
    if version is None:
        return []
    rate = version.samplerate
    return [
        Row(
            written_time(span.begin, rate),
            written_time(span.end, rate),
            span.ground,
            str(span.channels[0]) if span.channels else "",
            span.note,
            place,
            f"{(span.end - span.begin) / rate:.1f}".replace(".", ","),
        )
        for place, span in enumerate(version.spans)
    ]


def rows_of_form() -> list[Row]:
    """The lines of the form that was sent: empty and removed ones left out."""
    fields = [request.form.getlist(name)[:MOST] for name in ("begin", "end", "ground", "channel", "note")]
    removed = set(request.form.getlist("drop"))
    rows = [
        Row(begin.strip(), end.strip(), ground, channel, note.strip()[:LONGEST_NOTE])
        for number, (begin, end, ground, channel, note) in enumerate(zip(*fields, strict=False))
        if str(number) not in removed
    ]
    return [row for row in rows if row.begin or row.end or row.note]


def alone_unconfirmed(rows: list[Row]) -> tuple[str, str] | None:
    """(anchor, text) when a passage is taken from one channel alone and nobody ticked the warning."""
    if any(row.channel for row in rows) and "alone" not in request.form:
        return "alone", _("Vahvista, että kohta peitetään vain yhdeltä kanavalta")
    return None


def fault(row: BadRow) -> tuple[str, str]:
    """(anchor, text) of what is wrong with a line."""
    number = row.row + 1
    told = {
        "time": ("begin", _("Kohta %(n)d: kirjoita alku ja loppu muodossa 2.14,50", n=number)),
        "order": ("end", _("Kohta %(n)d: lopun on oltava alun jälkeen", n=number)),
        "outside": ("begin", _("Kohta %(n)d: aika ei ole tallenteella", n=number)),
        "channel": ("channel", _("Kohta %(n)d: tallenteella ei ole tätä kanavaa", n=number)),
        "ground": ("ground", _("Kohta %(n)d: valitse peruste", n=number)),
    }
    field, text = told[row.code]
    return f"{field}-{row.row}", text
