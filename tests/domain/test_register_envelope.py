"""A register file names the controller's window envelope; what could not show an address is refused."""

import shutil
from pathlib import Path

import pytest

from portal.domain.envelope import C5, Envelope
from portal.registers.load import FOLDER, RegisterError, load_register

WINDOW = '\n[letter]\ngap = "the notice says nothing of envelopes"\nwindow = {}\n'


def with_window(folder: Path, window: str) -> Path:
    """Espoo's register with this window."""
    file = folder / "espoo.toml"
    shutil.copyfile(FOLDER / "espoo.toml", file)
    file.write_text(file.read_text("utf-8") + WINDOW.format(window), "utf-8")
    return file


def test_without_a_word_about_it_the_envelope_is_the_usual_one() -> None:
    assert load_register(FOLDER / "espoo.toml").envelope == C5


def test_the_window_is_read_in_millimetres(tmp_path: Path) -> None:
    file = with_window(tmp_path, '{ format = "E65", x = 15, y = 40.5, width = 95, height = 30 }')
    assert load_register(file).envelope == Envelope("E65", 15.0, 40.5, 95.0, 30.0)


@pytest.mark.parametrize(
    ("window", "why"),
    [
        ('{ format = "A4", x = 15, y = 44, width = 105, height = 35 }', "format must be one of C5"),
        ('{ format = "C5", x = "15", y = 44, width = 105, height = 35 }', "x must be millimetres"),
        ('{ format = "C5", x = 15, y = 44, width = 105, height = -1 }', "height must be millimetres"),
        ('{ format = "C5", x = 15, y = 44, width = 105 }', "height must be millimetres"),
        ('{ format = "C5", x = 15, y = 44, width = 105, height = 35, z = 1 }', "'z', which is no key"),
        ('{ format = "C5", x = 15, y = 44, width = 80, height = 35 }', "does not show in every position"),
        ('{ format = "C5", x = 15, y = 44, width = 105, height = 28 }', "does not show in every position"),
        ('"C5"', "must be a table"),
    ],
)
def test_a_window_that_cannot_be_is_refused_with_its_key(tmp_path: Path, window: str, why: str) -> None:
    with pytest.raises(RegisterError, match=why) as refused:
        load_register(with_window(tmp_path, window))
    assert refused.value.key == "letter.window"
