"""One trial: people send requests while web and worker are killed again and again; then everything is counted.

`python -m tests.crash` runs it by hand, with any seed and number; test_kill.py asserts what it finds.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal import wiring
from portal.domain.access import SYSTEM
from portal.domain.identity import Assurance
from portal.jobs import runner
from portal.services.office import Office
from portal.store import audit_trail
from portal.store.engine import reading
from portal.store.tables import audit, cases, document, hold, job
from tests import make
from tests.crash import people
from tests.crash.people import Sender, Sent
from tests.crash.processes import Portal

CLIENTS = 4
VICTIMS = ("web_worker", "worker", "web")


@dataclass
class Outcome:
    """What the trial left: who was acknowledged, and what is in the database."""

    acknowledged: dict[str, str]
    """By person, each of whom sends one request: the reference of the receipt."""
    kills: dict[str, int]
    tries: int
    cases: int = 0
    faults: list[str] = field(default_factory=list)
    """What was lost, doubled or broken; empty when all is well."""


def run(folder: Path, url: str, submissions: int, kills: int, seed: int) -> Outcome:
    """Send, kill, restart, drain, and count. The database must have the schema and be empty."""
    settings = make.settings(folder, url)
    here = wiring.build_office(settings, people.now)
    senders = people.seat(here, submissions)
    portal = Portal(_environment(folder, url), folder)
    try:
        sent = _send_under_fire(portal, senders, kills, random.Random(seed))
        _wait_for_the_worker(here)
    finally:
        portal.stop()
    outcome = Outcome({one.subject: one.ref for one in sent if one.ref}, portal.kills, sum(s.tries for s in sent))
    later = replace(here, clock=lambda: people.now() + timedelta(days=1))
    runner.drain(later)  # what a kill or a busy database put off until later
    _count(here, senders, outcome)
    return outcome


def _environment(folder: Path, url: str) -> dict[str, str]:
    level = Assurance.TEST_SUBSTANTIAL.value
    return {
        "PORTAL_MODE": "demo", "PORTAL_FACES": "citizen", "PORTAL_DATABASE_URL": url,
        "PORTAL_DATA_DIR": str(folder / "data"), "PORTAL_KEYS_FILE": str(folder / "keys.json"),
        "PORTAL_CITIZEN_URL": "http://127.0.0.1:8000", "PORTAL_STAFF_URL": "http://127.0.0.1:8010",
        "PORTAL_PROVIDERS": '[{"id":"demo","label":"Demo","preset":"demo","issuer":"http://127.0.0.1:8020","client_id":"kuuluu-demo",'
                            f'"accepted":["{level}"],"test":true}}]',
        "PORTAL_EVEN_SECONDS": "0", "PORTAL_LOG_LEVEL": "WARNING", "FLASK_SKIP_DOTENV": "1",
    }  # fmt: skip


def _send_under_fire(portal: Portal, senders: list[Sender], kills: int, chance: random.Random) -> list[Sent]:
    portal.start_web()
    portal.start_worker()
    portal.wait_until_it_answers()
    done = threading.Event()
    answered: list[Sent] = []
    executioner = threading.Thread(target=_kill_at_random, args=(portal, answered, len(senders), kills, chance, done))
    executioner.start()

    def one(sender: Sender) -> None:
        answered.append(people.send(sender, portal.port))

    try:
        with ThreadPoolExecutor(CLIENTS) as pool:
            for _ in pool.map(one, senders):
                pass
    finally:
        done.set()
        executioner.join(60)
    portal.wait_until_it_answers()
    return answered


def _kill_at_random(
    portal: Portal, answered: list[Sent], count: int, kills: int, chance: random.Random, done: threading.Event
) -> None:
    """Each kill falls at a random number of answers, and a random moment after it."""
    for nth, point in enumerate(sorted(chance.sample(range(1, count - 4), kills))):
        while len(answered) < point:
            if done.wait(0.002):
                return
        time.sleep(chance.uniform(0, 0.05))
        portal.kill(VICTIMS[nth % len(VICTIMS)])


def _wait_for_the_worker(here: Office) -> None:
    """Until no job is due any more: the restarted worker has repaired what its killed ones left."""
    until = time.monotonic() + 180
    while time.monotonic() < until:
        with here.reading() as work:
            if work.outbox.next_ready(here.now()) is None:
                return
        time.sleep(0.2)
    raise AssertionError("the worker does not come to the end of its jobs")


def _count(here: Office, senders: list[Sender], outcome: Outcome) -> None:
    with reading(here.book.engine) as db:  # type: ignore[attr-defined]  # a store.Book
        rows = db.execute(select(cases.c.id, cases.c.person, cases.c.ref, cases.c.event_seq)).all()
        acks = db.scalars(select(document.c.case_id).where(document.c.kind == "ack"))
        letters = Counter(acks)
        holds = {(row.case_id, row.recording) for row in db.execute(select(hold).where(hold.c.released_at.is_(None)))}
        events: dict[str, list[str]] = {}
        for chain, action in db.execute(select(audit.c.chain, audit.c.action).order_by(audit.c.chain, audit.c.seq)):
            events.setdefault(chain, []).append(action)
        jobs = Counter(db.scalars(select(job.c.state)))
        fault = audit_trail.verify(db)
    outcome.cases = len(rows)
    with here.reading() as work:
        persons = {sender.subject: work.people.find(people.REGISTER, sender.subject) for sender in senders}
        outcome.faults += [f"miscounted hold: {one}" for one in work.recordings.miscounted()]
    for sender in senders:
        mine = [row for row in rows if row.person == persons[sender.subject]]
        told = outcome.acknowledged.get(sender.subject)
        if len(mine) > 1:
            outcome.faults.append(f"one submission, {len(mine)} cases")
        if told and told not in [row.ref for row in mine]:
            outcome.faults.append(f"acknowledged and lost: {told}")
        for row in mine:
            outcome.faults += _case_faults(here, row, sender, events, holds, letters)
    if fault is not None:
        outcome.faults.append(f"the audit trail is broken: {fault}")
    if set(jobs) - {"done"}:
        outcome.faults.append(f"jobs not done: {dict(jobs)}")
    outcome.faults += [f"a letter that does not open: {name}" for name in _damaged(here)]


def _case_faults(
    here: Office, row: Any, sender: Sender, events: dict[str, list[str]], holds: set[tuple[str, str]],
    letters: Counter[str],
) -> Iterator[str]:  # fmt: skip
    chain = events.get(f"case:{row.id}", [])
    if chain[:2] != ["request_received", "hold_outcome_recorded"]:
        yield f"{row.ref}: its events begin {chain[:2]}"
    if chain.count("request_received") != 1 or len(chain) != row.event_seq:
        yield f"{row.ref}: {len(chain)} events where the case says {row.event_seq}"
    with here.reading() as work:
        case = work.cases.open(row.ref, SYSTEM)
        told = {one.recording: one.outcome for one in work.recordings.candidates(case.id)}
        noted = work.cases.timeline(case)[1].facts or {}
    if sender.recording is None:
        if told or noted.get("outcome") != "none_found":
            yield f"{row.ref}: nothing was recorded, but it says {told or noted}"
    elif told != {sender.recording: "held"} or (row.id, sender.recording) not in holds:
        yield f"{row.ref}: not held: {told}"
    if letters[row.id] != 1:
        yield f"{row.ref}: {letters[row.id]} acknowledgements"


def _damaged(here: Office) -> Iterator[str]:
    """Letters of the database whose bytes are not whole in the vault."""
    with reading(here.book.engine) as db:  # type: ignore[attr-defined]  # a store.Book
        kept = db.execute(select(document.c.vault_object, document.c.size)).all()
    for vault_object, size in kept:
        try:
            length, read = here.vault.open(people.REGISTER, vault_object)
            whole = length == size and b"".join(read(0, length)).startswith(b"%PDF-")
        except Exception as error:  # whatever is wrong with it is the finding
            yield f"{vault_object}: {error!r}"
        else:
            if not whole:
                yield vault_object
