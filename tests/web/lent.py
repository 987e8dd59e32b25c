"""An application of one face for each test, without making its two hundred routes anew, which takes longer than most.

What belongs to one test is its own: the office, the settings, the pages that are kept. Routes, templates and handlers
are the first one's, and nothing in them knows an office.
"""

import copy
from pathlib import Path

from portal import wiring
from portal.services.office import Office
from portal.web.app import Portal
from portal.web.kept import Kept
from tests import make

_MADE: dict[str, Portal] = {}


def application(folder: Path, url: str, office: Office, face: str) -> Portal:
    """The face over this office, by the tests' own settings; faults are shown."""
    if face not in _MADE:
        _MADE[face] = wiring.create_app(make.settings(folder, url, faces=face), office)
        _MADE[face].testing = True
    made = copy.copy(_MADE[face])
    made.office, made.kept, made.config = office, Kept(), copy.copy(made.config)
    return made
