"""The listening copy: any codec the recorder wrote, decoded in a confined process and kept as FLAC in the vault."""

import shutil
import tempfile
from pathlib import Path
from uuid import uuid4

from portal.domain.recording import Refused
from portal.services.office import Office
from portal.services.ports import Recording


class Undecodable(Exception):
    """The file cannot be decoded; `refused` says why."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.code.value)
        self.refused = refused


def make_listening_copy(office: Office, one: Recording) -> str:
    """Fetch, decode and store a recording; returns the vault object's id.

    Raises SourceGone, SourceAway or Undecodable; nothing is left half made.
    """
    with tempfile.TemporaryDirectory(dir=office.scratch) as folder:
        raw, flac = Path(folder, "raw"), Path(folder, "copy.flac")
        with office.sources[one.source].open(one.locator) as source, raw.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        made = office.audio.to_flac(raw, flac)
        if isinstance(made, Refused):
            raise Undecodable(made)
        new = uuid4().hex
        with flac.open("rb") as source:
            stored = office.vault.put(one.register, new, source)
        bars = office.audio.bars(flac)
    with office.writing() as work:
        now = work.recordings.get(one.id)
        if now is not None and now.vault_object is None and now.state < 2:
            work.recordings.stored(one.id, new, stored.sha256, stored.size, bars)
            return new
    office.vault.delete(one.register, new)  # another run was faster, or the recording is going
    return now.vault_object or "" if now else ""
