"""A source's profile is checked before a row is read."""

from pathlib import Path

import pytest

from portal.adapters.recordings.profile import ProfileError, load_profile
from portal.domain.recording import RecordingClass

GOOD = """
id = "s"
controller = "espoo"
manifest = "puhelut*.csv"
format = "csv"
columns = { caller = "A", start = "B", duration = "C" }
withheld_words = ["Ei näy"]
default_class = "quality"
"""


def loaded(folder: Path, text: str):
    (folder / "source.toml").write_text(text, encoding="utf-8")
    return load_profile(folder / "source.toml")


def test_a_profile_reads_with_its_defaults(tmp_path: Path) -> None:
    found = loaded(tmp_path, GOOD)
    assert (found.delimiter, found.zone, found.custody) == (";", "Europe/Helsinki", "ours")
    assert found.default_class is RecordingClass.QUALITY
    assert found.withheld_words == {"Ei näy"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('format = "csv"', 'format = "xls"', "format"),
        ('start = "B", ', "", "start"),
        (', duration = "C"', "", "duration"),
        ('caller = "A", ', "", "caller"),
        ('caller = "A"', 'caller = "A", colour = "D"', "colour"),
        ('id = "s"', 'id = "s"\nfolder = "x"', "folder"),
        ("puhelut*.csv", "../puhelut.csv", "manifest"),
        ('"quality"', '"secret"', "secret"),
        ('id = "s"', 'id = "s"\nzone = "Europe/Atlantis"', "Atlantis"),
        ('id = "s"', 'id = "s"\ncustody = "mine"', "custody"),
        ('id = "s"', "id = ", "source.toml"),
        ('controller = "espoo"', "", "controller"),
    ],
)
def test_a_wrong_profile_is_refused_with_its_file_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ProfileError, match=said) as refused:
        loaded(tmp_path, GOOD.replace(old, new))
    assert "source.toml" in str(refused.value)


def test_a_missing_profile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"source\.toml"):
        load_profile(tmp_path / "source.toml")
