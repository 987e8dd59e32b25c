"""A draft of the call in words by the controller's own transcriber, where it has one: asked for by a listener, made by
a job, and never more than a draft. Only a listener says that a text is the recording word for word (art. 15(3)).
"""

import shutil
import tempfile
from datetime import timedelta

from portal.domain import events
from portal.domain.access import SYSTEM, Actor
from portal.domain.case import Case
from portal.domain.lifecycle import NotNow
from portal.domain.transcript import Transcript, plain_text
from portal.services.listen import listenable
from portal.services.listening_copy import make_listening_copy
from portal.services.office import Office
from portal.services.ports import NotTranscribed, Work
from portal.services.restricted_use import is_only_stored, refusals_kept
from portal.services.step import opened, record
from portal.services.transcribe import LONGEST, demand_asked


@refusals_kept
def ask_draft(office: Office, actor: Actor, ref: str, recording: str) -> None:
    """Queue the draft. NotNow where there is no transcriber, something has been written already, or one is being made;
    Absent where no transcript was asked for."""
    with office.writing() as work:
        case = opened(work, ref, actor)
        listenable(office, work, actor, ref, recording, "transcript")
        demand_asked(case, recording)
        if office.transcriber is None or _written(work, case, recording):
            raise NotNow("moved")
        if draft_state(office, work, case, recording) == "asked":
            return
        case = record(office, work, case, events.TranscriptDraftAsked(recording), actor)
        args = {"case": case.id, "recording": recording}
        work.outbox.add("draft_transcript", args, f"draft_transcript:{case.id}:{recording}:{case.seq}", office.now())


def draft_transcript(office: Office, case_id: str, recording: str) -> None:
    """Make the draft that was asked for. What a listener has written meanwhile stays, and what cannot be made is said;
    a restricted recording is not read."""
    with office.reading() as work:
        case = work.cases.open_for_system(case_id)
        one = work.recordings.get(recording)
        usable = one is not None and one.state <= 1 and case.state.open and not is_only_stored(work, case, one)
        if _written(work, case, recording):
            return
    text = ""
    if office.transcriber is not None and one is not None and usable:
        vault_object = one.vault_object or make_listening_copy(office, one)
        with tempfile.TemporaryFile(dir=office.scratch) as audio:
            with office.vault.reader(one.register, vault_object) as source:
                shutil.copyfileobj(source, audio, 1 << 20)
            audio.seek(0)
            try:
                text = plain_text(office.transcriber.write_down(audio, office.scratch))[:LONGEST]
            except NotTranscribed:
                text = ""  # said in the case below: the listener types, or asks again
    with office.writing() as work:
        case = work.cases.open_for_system(case_id)
        if not case.state.open or _written(work, case, recording):
            return
        if text:
            box = work.cases.box(case)
            work.transcripts.save(case.id, recording, Transcript(text, complete=False), SYSTEM.id, office.now(), box)
        record(office, work, case, events.TranscriptDrafted(recording, bool(text)), SYSTEM)


def draft_state(office: Office, work: Work, case: Case, recording: str) -> str:
    """asked | made | failed, or nothing: what became of the last draft of the recording. One that was asked for and has
    not come in twice the time that it may take has failed: its worker has ended."""
    found, asked_at = "", office.now()
    for entry in work.cases.timeline(case):
        if entry.facts and entry.facts.get("recording") == recording:
            if entry.action == "transcript_draft_asked":
                found, asked_at = "asked", entry.at
            elif entry.action == "transcript_drafted":
                found = "made" if entry.facts["made"] else "failed"
    patience = timedelta(seconds=2 * office.transcriber.seconds) if office.transcriber else timedelta()
    return "failed" if found == "asked" and office.now() - asked_at > patience else found


def _written(work: Work, case: Case, recording: str) -> bool:
    kept = work.transcripts.load(case.id, recording, work.cases.box(case))
    return kept is not None and bool(kept.text)
