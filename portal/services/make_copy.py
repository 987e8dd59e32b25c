"""Make the copy that is given: MP3 from the listening copy, or from what was approved of it, into the vault."""

import shutil
import tempfile
from pathlib import Path
from uuid import uuid4

from portal.domain.recording import Refused
from portal.domain.redaction_version import Version
from portal.services.listening_copy import Undecodable, make_listening_copy
from portal.services.office import Office
from portal.services.omissions import given_version
from portal.services.ports import Absent, Recording


def make_copy(office: Office, case_id: str, recording_id: str, replaces: str | None = None) -> None:
    """Encode one granted recording for its applicant, as the decision gives it: whole, or by the approved version of
    what is left out. `replaces`: an earlier copy that no longer counts. Repeating it changes nothing."""
    with office.reading() as work:
        case = work.cases.open_for_system(case_id)
        one = work.recordings.get(recording_id)
        mine = {copy.recording: copy for copy in work.documents.copies(case_id, case.applicant.person)}
        version = given_version(work, case, recording_id)
    if replaces:
        office.vault.delete(case.register, replaces)
    if one is None or recording_id not in mine or mine[recording_id].vault_object:
        return
    source_object = _source(office, one, version)
    with tempfile.TemporaryDirectory(dir=office.scratch) as folder:
        flac, mp3 = Path(folder, "copy.flac"), Path(folder, "copy.mp3")
        with office.vault.reader(one.register, source_object) as source, flac.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        made = office.audio.to_mp3(flac, mp3)
        if isinstance(made, Refused):
            raise Undecodable(made)
        new = uuid4().hex
        with mp3.open("rb") as source:
            stored = office.vault.put(one.register, new, source)
    with office.writing() as work:
        work.documents.copy_made(case_id, recording_id, new, stored.sha256, stored.size)


def _source(office: Office, one: Recording, version: Version | None) -> str:
    """What is encoded: never the whole recording in place of a version whose file is gone."""
    if version is None:
        return one.vault_object or make_listening_copy(office, one)
    if version.vault_object is None:
        raise Absent(one.id)
    return version.vault_object
