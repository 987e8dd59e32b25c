"""The staff's face over a real office: fixtures for its page tests."""

from pathlib import Path

import pytest
from jinja2 import FileSystemBytecodeCache

from portal import wiring
from portal.services.office import Office
from portal.web.app import Portal
from tests import make


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, office: Office, compiled_templates: FileSystemBytecodeCache) -> Portal:
    """The staff's face, faults shown."""
    made = wiring.create_app(make.settings(tmp_path, sqlite_url, faces="staff"), office)
    made.testing = True
    made.jinja_env.bytecode_cache = compiled_templates
    return made
