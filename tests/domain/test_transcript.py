"""A transcript says of every line who speaks."""

import pytest

from portal.domain.transcript import first_unattributed, plain_text

TALK = "Asiakaspalvelija: Espoon vaihde, hei.\n\nSoittaja: Hei, kello on 14:12."


def test_a_text_whose_every_line_has_its_speaker_is_whole() -> None:
    assert first_unattributed(TALK) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        (" \n ", 1),
        ("Soittaja kysyi aikaa.", 1),
        ("Soittaja: Hei.\nja sitten", 2),
        ("Soittaja: Hei.\n\n: Hei.", 3),
        ("Soittaja: Hei.\nSoittaja:  ", 2),
        (f"{'a' * 41}: Hei.", 1),
    ],
)
def test_a_line_without_its_speaker_is_found(text: str, line: int) -> None:
    assert first_unattributed(text) == line


def test_a_text_is_kept_with_one_kind_of_line_end_and_without_empty_ends() -> None:
    assert plain_text("\r\nA: hei  \r\n\r\nB: moi\r\n") == "A: hei\n\nB: moi"
