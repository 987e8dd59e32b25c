"""The command line: flask db|registers|letters|deadlines|retention|audit|keys|controllers|sources|worker|staff|
doctor|demo."""

import json
import signal
import threading
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask

from config import HERE, Settings, load
from portal import cli_controllers, cli_keys, cli_sources, cli_staff, wiring, wiring_post
from portal.adapters import clock
from portal.adapters.letters import approvals, press
from portal.adapters.vault.ledger import FileLedger
from portal.cli_saml import saml
from portal.demo import run as demo_run
from portal.domain.access import SYSTEM
from portal.domain.deadlines import explain
from portal.domain.words import Language
from portal.jobs import runner
from portal.registers.check import as_listing, check
from portal.registers.load import RegisterError, load_all
from portal.services import dispose, harvest, hold_alarms, retention_rules
from portal.services.live_sources import searched_live
from portal.services.office import Office
from portal.services.ports import LedgerBroken, Work
from portal.services.prove_number import texts_left
from portal.store import audit_trail, migrate, tombstones
from portal.store.engine import make_engine, reading
from portal.store.triggers import missing_triggers

REGISTERS = HERE / "portal" / "registers"
_SEAL_WARNING = 60
"""Days before its end at which the seal's certificate is spoken of."""


def command_line() -> Flask:
    """A Flask that only carries the commands."""
    app = Flask("kuuluu", static_folder=None)
    cli_keys.keys.context_settings["obj"] = lambda: settings()
    for command in (
        db,
        registers,
        letters,
        deadlines,
        retention,
        audit,
        cli_keys.keys,
        saml,
        cli_sources.group(lambda: office()),
        worker,
        cli_staff.group(lambda: office(), lambda: settings()),
        cli_controllers.group(lambda: office(), lambda: settings()),
        doctor,
        demo_run.demo,
    ):
        app.cli.add_command(command)
    return app


def settings() -> Settings:
    """This installation's settings; where none are given, those of the demo beside the code if it has been started."""
    demo_run.borrow_settings()
    return load()


def office() -> Office:
    """This installation's office."""
    return wiring.build_office(settings())


@click.group()
def db() -> None:
    """The database's schema."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to this version's schema; safe to repeat."""
    migrate.upgrade(settings().database_url)
    click.echo("The database is at this version's schema.")


@db.command("check")
def db_check() -> None:
    """Does the database have this version's schema and triggers?"""
    lacking = migrate.shortfall(make_engine(settings().database_url))
    if lacking:
        raise click.ClickException(lacking)
    click.echo("The database has this version's schema and triggers.")


@click.group()
def registers() -> None:
    """The controllers' registers."""


@registers.command("check")
@click.option("--production", is_flag=True, help="Also demand that every gap of a notice has been confirmed.")
@click.option("--dir", "folder", type=click.Path(path_type=Path, file_okay=False), default=REGISTERS)
def registers_check(production: bool, folder: Path) -> None:
    """Validate the register files; fails with file, key and reason."""
    try:
        found = load_all(folder)
    except RegisterError as error:
        raise click.ClickException(str(error)) from None
    errors = 0
    for register in found.values():
        path = folder / f"{register.id}.toml"
        for finding in check(register, production=production, today=clock.now().date(), path=path):
            click.echo(f"{finding.severity}: {finding}")
            errors += finding.severity == "error"
    if errors:
        raise SystemExit(1)
    click.echo(f"{len(found)} registers are valid.")


@registers.command("list")
@click.option("--json", "as_json", is_flag=True)
def registers_list(as_json: bool) -> None:
    """Show the registers."""
    listing = [as_listing(register) for register in load_all(REGISTERS).values()]
    if as_json:
        click.echo(json.dumps(listing, ensure_ascii=False, indent=2))
        return
    for one in listing:
        click.echo(f"{one['id']:20} {one['controller']} ({one['sector']}): {one['retention']}")


@click.group()
def letters() -> None:
    """The texts of the letters."""


@letters.command("approvals")
def letters_approvals() -> None:
    """List the texts that a lawyer approves, with the hash of their present words; fails while one is not approved."""
    record = settings().text_approvals
    try:
        lines, waiting = approvals.approval_lines(record), approvals.unapproved(record)
    except approvals.BadApprovals as error:
        raise click.ClickException(str(error)) from None
    for line in lines:
        click.echo(line)
    if waiting:
        raise click.ClickException(f"{len(waiting)} texts are not approved.")


@letters.command("calibration")
@click.argument("register")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--language", type=click.Choice([language.value for language in Language]), default="fi")
@click.option("--dir", "folder", type=click.Path(path_type=Path, file_okay=False), default=REGISTERS)
def letters_calibration(register: str, file: Path, language: str, folder: Path) -> None:
    """Write the sheet that shows whether REGISTER's letters fit its window envelopes into FILE (PDF)."""
    known = load_all(folder)
    if register not in known:
        raise click.ClickException(f"no such register: {register}")
    file.write_bytes(press.calibration(known[register], Language(language)))
    click.echo(f"{file}: print it at 100 per cent and fold it into the envelope.")


@click.group()
def deadlines() -> None:
    """Time limits."""


@deadlines.command("explain")
@click.option("--json", "file", type=click.File(encoding="utf-8"), required=True, help="An array of cases.")
def deadlines_explain(file: Any) -> None:
    """Derive the time limits of each case in a JSON array (received, pauses, extended), in order."""
    try:
        click.echo(json.dumps(explain(json.load(file)), ensure_ascii=False, indent=1))
    except ValueError as error:
        raise click.ClickException(str(error)) from None


@click.group()
def retention() -> None:
    """The recordings' retention."""


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Count what would go; touch nothing.")
def retention_run(dry_run: bool) -> None:
    """Delete recordings whose retention has ended; a held one is never taken."""
    here = office()
    if not dry_run:
        wiring.replay(here)
    for register in here.registers:
        done = dispose.dispose_due(here, SYSTEM, register, dry_run=dry_run, worker=wiring.process_name())
        taken = f"{done.condemned} {'would go' if dry_run else 'condemned'}"
        click.echo(f"{register}: {taken}, {done.deleted} deleted, {done.failed} left for later, {done.held} held")
        with here.reading() as work:
            longer = Counter(one.reason for one in work.duties.longer(register, "approved"))
            asked = len(work.duties.erasures(register))
        if longer or asked:
            kept = ", ".join(f"{reason} {number}" for reason, number in sorted(longer.items()))
            click.echo(f"{register}: kept longer: {kept or 'none'}; asked of operators to erase: {asked}")


@retention.command("replay")
def retention_replay() -> None:
    """Erase again what a restored backup brought back; the portal and the worker do it at every start too."""
    done = wiring.replay(office())
    click.echo(
        f"{done.entries} entries: {done.again} recordings erased again, {done.waiting} wait for their source, "
        f"{done.closed} controllers removed again, {done.revoked} copies taken back again, "
        f"{done.added} older erasures added"
    )


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
def audit_verify() -> None:
    """Check every chain (audit, tombstones, erasure ledger) and the triggers; names the first bad row and exits 1."""
    with reading(make_engine(settings().database_url)) as connection:
        missing = missing_triggers(connection)
        fault = audit_trail.verify(connection) or tombstones.verify(connection)
        rows = audit_trail.count(connection)
    if missing:
        click.echo(f"triggers missing: {', '.join(missing)}")
    if fault:
        click.echo(f"first bad row: {fault.chain} {fault.seq}: {fault.why}")
    torn = _ledger_fault(settings())
    if torn:
        click.echo(torn)
    if missing or fault or torn:
        raise SystemExit(1)
    click.echo(f"{rows} rows, every chain whole.")


def _ledger_fault(found: Settings) -> str | None:
    """What is wrong with the erasure ledger; None when it is whole."""
    try:
        for _ in FileLedger(found.ledger).entries():
            pass
    except (LedgerBroken, OSError) as error:
        return str(error)
    return None


@click.group()
def worker() -> None:
    """Background work."""


@worker.command("run")
def worker_run() -> None:
    """Work until told to stop (SIGTERM or Ctrl-C finishes the current job)."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    wiring.start_logging(settings())
    here = office()
    wiring.replay(here)
    here.vault.sweep()
    runner.loop(here, wiring.process_name(), stop)


@worker.command("once")
def worker_once() -> None:
    """Run the jobs that are due, and end."""
    click.echo(f"{runner.drain(office())} jobs done.")


@worker.command("jobs")
def worker_jobs() -> None:
    """How many jobs are in each state, and which have died."""
    with office().reading() as work:
        for state, count in sorted(work.outbox.counts().items()):
            click.echo(f"{state}: {count}")
        for job in work.outbox.dead():
            click.echo(f"dead: {job.id} {job.task} {job.last_error}")


@worker.command("retry")
@click.argument("job", type=int)
def worker_retry(job: int) -> None:
    """Queue a dead job again."""
    here = office()
    with here.writing() as work:
        if not work.outbox.retry(job, here.now()):
            raise click.ClickException("no dead job of that number")


@click.command()
def doctor() -> None:
    """Check this installation: settings, database, keys, sources, jobs; exits 1 when something is wrong."""
    found = settings()
    faults = 0
    click.echo(f"mode: {found.mode}, faces: {found.faces}, data: {found.data_dir}")
    engine = make_engine(found.database_url)
    lacking = migrate.shortfall(engine)
    faults += _say("database", lacking)
    if lacking:
        raise SystemExit(1)
    here = wiring.build_office(found)
    seal, seal_fault = _seal_state(found, here.now())
    faults += seal_fault
    _say("seal", seal)
    with reading(engine) as connection:
        faults += _say("audit trail", audit_trail.verify(connection))
        faults += _say("tombstones", tombstones.verify(connection))
    faults += _say("erasure ledger", _ledger_fault(found))
    with here.reading() as work:
        faults += _say("hold counts", ", ".join(work.recordings.miscounted()) or None)
        alarms = hold_alarms.counts(here)
        silent = alarms.pop(hold_alarms.SILENT, 0)  # so it is before the worker's first start, too
        faults += _say("holds", _named(alarms))
        _say("worker", "nobody has looked for alarms for three minutes: flask worker run" if silent else None)
        for stuck in work.duties.stuck():
            _say(f"deletion at {stuck.source}", f"{stuck.number} wait since {stuck.since:%Y-%m-%d}")
        dead = work.outbox.counts().get("dead", 0)
        faults += _say("jobs", f"{dead} dead: flask worker jobs" if dead else None)
        for refused in work.sources.refusals():
            click.echo(f"  refused row: {refused.source} {refused.file}:{refused.line} {refused.code} {refused.detail}")
        _say_waiting(here, work)
        click.echo(f"text messages: {', '.join(texts_left(here))}")
        if found.email is None:
            click.echo("e-mail: none (PORTAL_EMAIL): nobody is told by it")
        else:
            faults += _say("e-mail", wiring_post.email_fault(found))
        reached = {one.source for one in work.sources.harvests()}
        unread = sorted(one.id for one in here.sources.values() if one.id not in reached and not searched_live(one))
        click.echo(f"sources: {len(reached)} read, not read yet: {', '.join(unread) or 'none'}")
        for state in work.sources.states():
            warning = harvest.clock_warning(state.skew)
            faults += _say(f"source {state.source}", f"{state.fault}: {state.detail}" if state.fault else None)
            _say(f"clock of {state.source}", f"{warning} off by {state.skew} s" if warning else None)
    if faults:
        raise SystemExit(1)


def _named(alarms: dict[str, int]) -> str | None:
    """The alarms by code; None when there are none."""
    return ", ".join(f"{code} {number}" for code, number in alarms.items()) or None


def _say_waiting(here: Office, work: Work) -> None:
    """Shorter retention periods that wait for two people: no fault, but somebody should know."""
    for register in here.registers.values():
        for one in retention_rules.standing(work, register):
            if one.waits:
                _say(
                    "retention",
                    f"{register.id} {one.recording_class}: {one.filed} waits for two people, {one.period} stands",
                )


def _seal_state(found: Settings, now: datetime) -> tuple[str | None, int]:
    """What is to be said of the seal, and whether it is a fault: no certificate is a choice, an old one is not."""
    if found.seal_key is None:
        return "none (PORTAL_SEAL_KEY): letters are not sealed", 0
    seal = wiring.load_seal_of(found)
    left = (seal.ends_at - now).days if seal else 0
    if left < 0:
        return "the certificate has ended: its seals will not be trusted", 1
    return (f"the certificate ends in {left} days", 0) if left < _SEAL_WARNING else (None, 0)


def _say(what: str, fault: object) -> int:
    click.echo(f"{what}: {fault or 'ok'}")
    return int(fault is not None)
