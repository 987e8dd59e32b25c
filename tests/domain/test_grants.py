"""A copy is given to one person, until a day, for so many downloads."""

from datetime import date
from typing import Any

import pytest

from portal.domain.grants import MOST_DOWNLOADS, Form, GrantState, grant_state, renewed_most

LAST = date(2026, 7, 20)
GRANT: dict[str, Any] = {
    "available_until": LAST, "today": LAST, "disputed": False, "revoked": False, "downloads": 0, "most": 3,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, GrantState.OPEN),
        ({"downloads": 2}, GrantState.OPEN),
        ({"downloads": 3}, GrantState.USED_UP),
        ({"today": date(2026, 7, 21)}, GrantState.ENDED),
        ({"today": date(2026, 7, 21), "disputed": True}, GrantState.OPEN),
        ({"today": date(2026, 7, 21), "downloads": 3}, GrantState.ENDED),
        ({"revoked": True, "today": date(2026, 7, 21), "disputed": True, "downloads": 3}, GrantState.REVOKED),
    ],
)
def test_a_grant_ends_by_being_taken_back_by_its_day_and_by_its_count(
    changes: dict[str, Any], state: GrantState
) -> None:
    assert grant_state(**(GRANT | changes)) is state


def test_a_renewed_grant_allows_as_many_again() -> None:
    assert renewed_most(10) == 10 + MOST_DOWNLOADS


def test_a_bundle_has_the_sound_of_its_form() -> None:
    assert [(form.value, form.is_bundle, form.sound.value) for form in Form] == [
        ("mp3", False, "mp3"),
        ("wav", False, "wav"),
        ("bundle_mp3", True, "mp3"),
        ("bundle_wav", True, "wav"),
        ("package", False, "mp3"),
    ]
