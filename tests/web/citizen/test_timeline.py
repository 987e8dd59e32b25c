"""Every kind of event has its words, with its facts and when their key is gone, on both faces."""

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import render_template

from portal.domain.events import TO_CITIZEN, Event, kind_of
from portal.services.lists import Moment
from portal.web.app import Portal

AT = datetime(2026, 6, 18, 9, 0, tzinfo=UTC)
FOLDER = Path(__file__).parents[3] / "templates/timeline"
KINDS = {kind_of(kind): kind for kind in Event.__subclasses__()}


def facts_of(kind: type[Event]) -> dict[str, Any]:
    """Facts as they come out of the trail: plain JSON values."""
    plain: dict[Any, Any] = {
        int: 5, int | None: 1, bool: True, str: "text", date: "2026-07-01", date | None: "2026-07-01",
        datetime: AT.isoformat(), tuple[datetime, ...]: [AT.isoformat()], tuple[int, ...]: [1, 2],
        tuple[str, ...]: ["text"],
    }  # fmt: skip
    return {field.name: plain[field.type] for field in dataclasses.fields(kind)}


@pytest.mark.parametrize("face", ["citizen", "staff"])
def test_every_event_is_told_in_words(app: Portal, face: str) -> None:
    for kind in sorted(KINDS if face == "staff" else TO_CITIZEN):
        for facts in (facts_of(KINDS[kind]), {}):
            with app.test_request_context("/fi/espoo/"):
                told = render_template(f"timeline/{kind}.html", moment=Moment(kind, AT, "staff", "", facts), face=face)
            assert told.startswith("<b>"), kind
            assert len(told.split("</b>")[0]) > len("<b>") + 3, kind


def test_no_file_is_left_over() -> None:
    assert {file.stem for file in FOLDER.glob("*.html")} == set(KINDS)
