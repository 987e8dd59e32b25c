"""Make the copy that is given: MP3 from the listening copy, or from what was approved of it, into the vault; and WAV
from the same source for the moment of a download."""

import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from portal.domain.case import Case
from portal.domain.recording import Refused
from portal.domain.redaction_version import Version, VersionState
from portal.services.listening_copy import Undecodable, make_listening_copy
from portal.services.office import Office
from portal.services.omissions import copy_version, redactable, version_of
from portal.services.ports import Absent, Copy, Recording, Work


def make_copy(office: Office, case_id: str, recording_id: str, replaces: str | None = None) -> None:
    """Encode one granted recording for its applicant, as the decision gives it: whole, or by the approved version of
    what is left out. `replaces`: an earlier copy that no longer counts. A copy that was taken back is not made; nor is
    one of which something is being marked anew: the next answer gives it. Repeating it changes nothing."""
    with office.reading() as work:
        case = work.cases.open_for_system(case_id)
        one = work.recordings.get(recording_id)
        mine = {copy.recording: copy for copy in work.documents.copies(case_id, case.applicant.person)}
        version = version_of(work, case, recording_id) if redactable(case, recording_id) else None
    if replaces:
        office.vault.delete(case.register, replaces)
    granted = mine.get(recording_id)
    if one is None or granted is None or granted.vault_object or granted.revoked_at:
        return
    if version is not None and version.state is not VersionState.APPROVED:
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
    number = version.n if version else 0
    with office.writing() as work:
        kept = work.documents.copy_made(case_id, recording_id, new, stored.sha256, stored.size, number)
    if not kept:
        office.vault.delete(one.register, new)  # taken back meanwhile


def wav_source(office: Office, work: Work, case: Case, copy: Copy) -> str | None:
    """What the copy was encoded from, as long as it stands; None: only the copy itself can be given."""
    if copy.vault_object is None or copy.version is None:
        return None
    if copy.version:
        version = copy_version(work, case, copy)
        found = version.vault_object if version and version.state is VersionState.APPROVED else None
    else:
        one = work.recordings.get(copy.recording)
        found = one.vault_object if one else None
    return found if found and office.vault.exists(case.register, found) else None


def make_wav(office: Office, register: str, source_object: str) -> BinaryIO:
    """The source decoded to WAV, as an open file that has no name any more: it is gone when it is closed, and when the
    process dies. Raises Undecodable."""
    with tempfile.TemporaryDirectory(dir=office.scratch) as folder:
        flac, wav = Path(folder, "copy.flac"), Path(folder, "copy.wav")
        with office.vault.reader(register, source_object) as source, flac.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        made = office.audio.to_wav(flac, wav)
        if isinstance(made, Refused):
            raise Undecodable(made)
        return wav.open("rb")


def _source(office: Office, one: Recording, version: Version | None) -> str:
    """What is encoded: never the whole recording in place of a version whose file is gone."""
    if version is None:
        return one.vault_object or make_listening_copy(office, one)
    if version.vault_object is None:
        raise Absent(one.id)
    return version.vault_object
