"""Make the copy that is given: MP3 from the listening copy, into the vault."""

import shutil
import tempfile
from pathlib import Path
from uuid import uuid4

from portal.domain.recording import Refused
from portal.services.listening_copy import Undecodable, make_listening_copy
from portal.services.office import Office


def make_copy(office: Office, case_id: str, recording_id: str) -> None:
    """Encode one granted recording for its applicant; repeating it changes nothing."""
    with office.reading() as work:
        case = work.cases.open_for_system(case_id)
        one = work.recordings.get(recording_id)
        mine = {copy.recording: copy for copy in work.documents.copies(case_id, case.applicant.person)}
    if one is None or recording_id not in mine or mine[recording_id].vault_object:
        return
    source_object = one.vault_object or make_listening_copy(office, one)
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
