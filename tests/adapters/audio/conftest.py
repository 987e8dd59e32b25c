"""The committed recordings, and one decoding process for all tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.adapters.audio.sandbox import Sandbox

AUDIO = Path(__file__).parents[2] / "data/audio"


@pytest.fixture
def audio() -> Path:
    return AUDIO


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as shared:
        yield shared
