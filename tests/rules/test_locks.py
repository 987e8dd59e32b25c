"""The locks say what the requirements say, with hashes, and name no place to fetch from."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ["requirements", "requirements-dev", "requirements-install", "requirements-pdfua"]


def pins(file: Path) -> dict[str, str]:
    """Package to version, names in their normal form, extras left out."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", file.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_stands_in_its_lock_with_that_version(name: str) -> None:
    wanted = pins(ROOT / f"{name}.in")
    locked = pins(ROOT / f"{name}.txt")
    assert wanted
    assert wanted.items() <= locked.items()


@pytest.mark.parametrize("name", NAMES)
def test_every_locked_package_has_a_hash(name: str) -> None:
    lock = (ROOT / f"{name}.txt").read_text()
    assert len(re.findall(r"^[^\s#].*==.* \\\n +--hash=sha256:", lock, flags=re.MULTILINE)) == len(
        pins(ROOT / f"{name}.txt")
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_lock_names_an_address(name: str) -> None:
    lock = (ROOT / f"{name}.txt").read_text()
    assert not re.findall(r"://|--(?:extra-)?index-url|--find-links", lock)


def test_both_locks_agree_on_what_they_share() -> None:
    runtime, development = pins(ROOT / "requirements.txt"), pins(ROOT / "requirements-dev.txt")
    assert all(development[name] == runtime[name] for name in runtime.keys() & development.keys())
