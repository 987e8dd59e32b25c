"""The worker's loop: due jobs one by one, periodic work by slots, and a clean stop.

`run_job` is the only way a job runs. Every task is idempotent in units of its own, so a worker that dies in the
middle leaves a job that simply runs again; what was acknowledged is never done twice.
"""

import logging
import threading
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from portal.jobs import periodic
from portal.services import (
    acknowledge,
    acts,
    book_visit,
    draft_transcript,
    erase_after_copy,
    grants,
    harvest,
    hold_alarms,
    make_copy,
    notify,
    redact,
    release_rejected,
    search_live,
    secure,
    send_text,
    settle,
)
from portal.services.office import Office

log = logging.getLogger("portal.worker")

TASKS: dict[str, Callable[[Office, dict[str, Any]], None]] = {
    "acknowledge": lambda office, args: acknowledge.acknowledge(office, args["case"]),
    "secure": lambda office, args: secure.secure(office, args["case"], args["recording"]),
    "search_live": lambda office, args: search_live.search_live(office, args["case"]),
    "search_again": lambda office, args: harvest.search_again(office, args["register"]),
    "make_copy": lambda office, args: make_copy.make_copy(
        office, args["case"], args["recording"], args.get("replaces")
    ),
    "render_redaction": lambda office, args: redact.render_redaction(
        office, args["case"], args["recording"], args["n"]
    ),
    "erase_after_copy": lambda office, args: erase_after_copy.erase_after_copy(office, args["case"]),
    "tell_erased": lambda office, args: erase_after_copy.tell_erased(office, args["case"]),
    "release_rejected": lambda office, args: release_rejected.release_rejected(office, args["case"]),
    "tell_duty": lambda office, _args: hold_alarms.tell_duty(office),
    "settle": lambda office, args: settle.settle(office, args["case"]),
    "release": lambda office, args: settle.release(office, args["case"]),
    "send_code": lambda office, args: send_text.send_text(office, args["text"]),
    "draft_transcript": lambda office, args: _draft(office, args["case"], args["recording"]),
    "remind_visit": lambda office, args: book_visit.remind_visit(office, args["appointment"], args["days"]),
    "lift": lambda office, args: acts.lift(office, args["case"]),
    "notify": lambda office, args: notify.notify(office, *notify.read_args(args)),
    "remind_files": lambda office, args: grants.remind_files(office, args["case"], date.fromisoformat(args["until"])),
}
_BESIDE = ("notify", "tell_duty")
"""The tasks that wait for a mail server or a gateway: they run beside the others."""


_ONE_DRAFT = threading.Lock()


def _draft(office: Office, case: str, recording: str) -> None:
    """Beside the other jobs, one after another: a transcriber may take as long as the call, and a hold cannot wait."""
    threading.Thread(target=_drafted, args=(office, case, recording), name="draft", daemon=True).start()


def _drafted(office: Office, case: str, recording: str) -> None:
    with _ONE_DRAFT:
        try:
            draft_transcript.draft_transcript(office, case, recording)
        except Exception as error:  # the listener sees that no draft has come, and may ask again
            log.warning("no draft of a transcript", extra={"fault": type(error).__name__})


def run_job(office: Office, job_id: int) -> bool:
    """Run one due job. True if it ran to its end; a failure is counted and tried again later."""
    with office.writing() as work:
        job = work.outbox.start(job_id, office.now())
    if job is None:
        return False
    try:
        TASKS[job.task](office, job.args)
    except Exception as error:  # whatever a task raises is counted, shown to staff, and tried again
        with office.writing() as work:
            work.outbox.failed(job, type(error).__name__, office.now())
        log.warning("job failed", extra={"job": job_id, "task": job.task, "fault": type(error).__name__})
        return False
    with office.writing() as work:
        work.outbox.done(job_id, office.now())
    return True


def drain(
    office: Office, stop: threading.Event | None = None, only: Collection[str] = (), but: Collection[str] = ()
) -> int:
    """Run every job that is due (of the tasks `only`, or of any but `but`); returns how many ran to their end."""
    ran = 0
    while stop is None or not stop.is_set():
        with office.reading() as work:
            job_id = work.outbox.next_ready(office.now(), only, but)
        if job_id is None:
            return ran
        ran += run_job(office, job_id)
    return ran


def loop(office: Office, worker: str, stop: threading.Event) -> None:
    """Work until `stop` is set: due jobs each second, periodic work when its slot comes, and beside them the look for
    alarms and the messages to people: a mail server that does not answer keeps no hold waiting."""
    beside = [
        threading.Thread(target=work, args=(office, stop), name=name, daemon=True)
        for name, work in (("alarms", _watch), ("notify", _tell))
    ]
    for one in beside:
        one.start()
    while not stop.is_set():
        try:
            drain(office, stop, but=_BESIDE)
            periodic.tick(office, worker)
        except Exception as error:  # the database may be away; the loop outlives it and says so
            log.error("worker waits", extra={"fault": type(error).__name__})
            stop.wait(5)
        stop.wait(1)
    for one in beside:
        one.join(5)


def _watch(office: Office, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            periodic.look_for_alarms(office)
        except Exception as error:  # as above
            log.error("nobody looks for alarms", extra={"fault": type(error).__name__})
        stop.wait(1)


def _tell(office: Office, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            drain(office, stop, only=_BESIDE)
        except Exception as error:  # as above
            log.error("nobody is told of news", extra={"fault": type(error).__name__})
        stop.wait(1)
