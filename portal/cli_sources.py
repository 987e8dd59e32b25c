"""The command line of recording sources: flask sources list|check|harvest|map."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import click

from portal.domain.phone import Number, normalise
from portal.domain.recording import Capability, SegmentMeta, SourceFailure
from portal.services import harvest, source_holds
from portal.services.live_sources import searched_live
from portal.services.office import Office


def group(office: Callable[[], Office]) -> click.Group:
    """The group of commands for the installation that `office` gives."""

    @click.group()
    def sources() -> None:
        """Where recordings come from."""

    @sources.command("list")
    def list_() -> None:
        """The sources, what each can do, how far it has been read, and how many rows were refused."""
        _list(office())

    @sources.command("check")
    @click.argument("names", nargs=-1)
    def check(names: tuple[str, ...]) -> None:
        """Reach each source: list a call and open its file; exits 1 when one fails."""
        here = office()
        faults = [name for name in names or here.sources if not _checked(here, name, _known(here, name))]
        if faults:
            raise SystemExit(1)

    @sources.command("harvest")
    @click.argument("names", nargs=-1)
    def harvest_(names: tuple[str, ...]) -> None:
        """Read sources on from where they were left; exits 1 when one cannot be read."""
        here = office()
        faults = [name for name in names or here.sources if _known(here, name) and not _harvested(here, name)]
        if faults:
            raise SystemExit(1)

    @sources.command("map")
    @click.argument("name")
    @click.option("--rows", default=10, show_default=True, type=click.IntRange(1, 500))
    def map_(name: str, rows: int) -> None:
        """Show how the profile of source NAME reads its first rows, numbers masked; nothing is stored."""
        source = _known(office(), name)
        if not hasattr(source, "first_rows"):
            raise click.ClickException(f"{name} has no rows to map: its calls are brought or sent")
        try:
            found = source.first_rows(rows)
        except SourceFailure as error:
            raise click.ClickException(f"{type(error).__name__}: {error}") from None
        for file, line, made in found:
            told = _masked(made) if isinstance(made, SegmentMeta) else f"REFUSED {made.code}: {made.detail}"
            click.echo(f"{file}:{line}  {told}")

    return sources


def _list(here: Office) -> None:
    with here.reading() as work:
        reached = {one.source: one for one in work.sources.harvests()}
        states = {one.source: one for one in work.sources.states()}
        for source in here.sources.values():
            one, state = reached.get(source.id), states.get(source.id)
            verb = "searched" if searched_live(source) else "read"
            when = f"{one.loaded} calls, {verb} {one.harvested_at:%Y-%m-%d %H:%M} UTC" if one else f"not {verb} yet"
            click.echo(f"{source.id:30} {source.register:20} {source.custody:12} {when}")
            click.echo(f"{'':30} can: {', '.join(sorted(source.capabilities))}")
            if state and state.fault:
                click.echo(f"{'':30} FAILED {state.fault_at:%Y-%m-%d %H:%M} UTC: {state.fault}: {state.detail}")
            if state and (warning := harvest.clock_warning(state.skew)):
                click.echo(f"{'':30} {warning} is off by {state.skew} s")
        for refused in work.sources.refusals():
            click.echo(f"refused: {refused.source} {refused.file}:{refused.line} {refused.code} {refused.detail}")


def _known(here: Office, name: str) -> Any:
    if name not in here.sources:
        raise click.ClickException(f"no such source: {name}; there are {', '.join(sorted(here.sources))}")
    return here.sources[name]


def _checked(here: Office, name: str, source: Any) -> bool:
    try:
        if searched_live(source):
            source.search(("+358100000000",), "", here.now() - timedelta(days=1), here.now(), 1)
            click.echo(f"{name}: ok: it answers a search; nothing is harvested from it")
            return True
        found = source.first_rows(50) if hasattr(source, "first_rows") else []
        calls = [made for _, _, made in found if isinstance(made, SegmentMeta)]
        bad = len(found) - len(calls)
        said = f"{len(calls)} of the first {len(found)} rows are calls"
        said += f", {bad} refused: flask sources map {name}" if bad else ""
        audio = next((one for one in calls if one.has_audio), None)
        if audio and Capability.FETCH in source.capabilities:
            with source.open(audio.locator) as file:
                said += ", a recording opens" if file.read(1) else ", a recording is empty"
    except SourceFailure as error:
        click.echo(f"{name}: {type(error).__name__}: {error}")
        return False
    click.echo(f"{name}: ok: {said}")
    return True


def _harvested(here: Office, name: str) -> bool:
    if searched_live(here.sources[name]):
        click.echo(f"{name}: not harvested: it is searched for each request")
        return True
    try:
        loaded, refused = harvest.harvest(here, name)
        told = source_holds.bring_into_step(here, name)
    except SourceFailure as error:
        click.echo(f"{name}: {type(error).__name__}: {error}")
        return False
    there = "".join(f", {count} {verb} at the source" for verb, count in told.items())
    click.echo(f"{name}: {loaded} calls loaded, {refused} rows refused{there}")
    return True


def _masked(made: SegmentMeta) -> str:
    """A call as an administrator may see it: no number, no name, no name of a file."""
    number = normalise(made.caller) if made.caller else None
    caller = number.masked if isinstance(number, Number) else "withheld"
    length = int((made.end - made.start).total_seconds())
    has = [name for name, there in (("agent", made.agent), ("queue", made.queue), ("file", made.has_audio)) if there]
    unsure = " (or an hour later: the repeated hour)" if made.local_ambiguous else ""
    return (
        f"{made.start:%Y-%m-%d %H:%M:%S} UTC{unsure}, {length} s, {made.direction}, from {caller}, "
        f"service {made.service_number or '-'}, {made.recording_class}, has {', '.join(has) or 'nothing more'}"
    )
