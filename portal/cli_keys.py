"""The command line of keys: the master key ring, and our keys at the brokers of identification.

Standard output carries what goes elsewhere (the JWK set for the broker's form); words for the person go to standard
error, so that `flask keys show-public --for ID > form.json` is whole.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from config import Settings
from portal import wiring
from portal.adapters import clock
from portal.adapters.identity import client_keys
from portal.adapters.identity.client_keys import BadKeys, HeldKey
from portal.adapters.vault import key_providers
from portal.adapters.vault.keys import KeyRing, KeyRingError
from portal.cli_manifest import manifest
from portal.domain.access import SYSTEM
from portal.services import rewrap

Taken = TypeVar("Taken")
_FOR = click.option("--for", "provider", required=True, help="The provider's id in PORTAL_PROVIDERS; staff-ID for a "
                    "provider of PORTAL_STAFF_PROVIDERS.")  # fmt: skip


@click.group()
def keys() -> None:
    """The master key ring, our keys at the brokers of identification, and those that sign what was given."""


keys.add_command(manifest)


@keys.command("new")
@click.argument("path", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--for", "provider", help="Make our keys at this provider instead of a master key ring.")
@click.option("--kms", "key_id", help="Wrap the ring by this key of the key management service of PORTAL_KEYS.")
def new(path: Path | None, provider: str | None, key_id: str | None) -> None:
    """Make a master key ring in PATH, or our keys at a provider (both mode 0600).

    Back the ring up apart from the data: without it nothing can be read. Keys at a provider can be made anew.
    """
    if (path is None) == (provider is None):
        raise click.UsageError("give PATH for a master key ring, or --for ID for keys at a provider")
    if path and key_id:
        kept = _settings().keys
        key_providers.create_kms(path, key_id, key_providers.client(kept.region, kept.endpoint))
        click.echo(f"Made {path}.")
        return
    if path:
        KeyRing.create(path)
        click.echo(f"Made {path}.")
        return
    provider = str(provider)
    file = _file_of(provider)
    made = _step(provider, lambda: client_keys.make(file, _now()))
    click.echo(f"Made {file}. Next: flask keys show-public --for {provider}" if made else f"{file} is there already.")


@keys.command("rotate")
@_FOR
@click.option("--compromised", is_flag=True, help="Destroy the old keys at once; nobody can sign in before the "
              "broker has the new ones.")  # fmt: skip
def rotate(provider: str, compromised: bool) -> None:
    """Take the next step of changing our keys at a provider: make the next ones, or put them into use."""
    file = _file_of(provider)
    done = _step(provider, lambda: client_keys.rotate(file, _now(), compromised=compromised))
    click.echo(_named(done, provider))


@keys.command("next")
def next_() -> None:
    """Put a new master key into use; older ones still open what they wrapped. Then: restart, and flask keys rewrap."""
    found = _settings()
    if found.keys_file is None or found.keys.kind not in ("file", "kms"):
        raise click.ClickException("where the ring comes from the environment or a command, add the key there")
    try:
        if found.keys.kind == "kms":
            kms = key_providers.client(found.keys.region, found.keys.endpoint)
            number = key_providers.rotate_kms(found.keys_file, kms)
        else:
            number = KeyRing.load(found.keys_file).rotated(found.keys_file).current
    except (KeyRingError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Master key {number} is in use from the next start on. Back the ring up now.")


@keys.command("rewrap")
def rewrap_() -> None:
    """Wrap every key of files, people and cases anew under the newest master key; exits 1 where a file is damaged."""
    here, faults = wiring.build_office(_settings()), 0
    for register in here.registers:
        done = rewrap.rewrap(here, SYSTEM, register)
        click.echo(f"{register}: {done.files} files, {done.keys} keys of people and cases")
        for damaged in done.damaged:
            click.echo(f"{register}: does not open: {damaged}")
        faults += len(done.damaged)
    if faults:
        raise SystemExit(1)


@keys.command("show-public")
@_FOR
def show_public(provider: str) -> None:
    """Print the JWK set that goes on the broker's form. A key's day of waiting begins when it is first shown."""
    file = _file_of(provider)
    click.echo(json.dumps(_step(provider, lambda: client_keys.publish(file, _now())), indent=2))
    click.echo("Public halves only: these may be sent by e-mail. Confirm them as the broker asks.", err=True)


@keys.command("status")
def status() -> None:
    """Our keys at each provider: their age, and what to do next; exits 1 where keys are missing or unfit."""
    found, faults = _settings(), 0
    for provider in _known(found):
        try:
            held = client_keys.read(client_keys.key_file(found.data_dir, provider))
        except BadKeys as error:
            click.echo(f"{provider}: {_named(str(error), provider)}")
            faults += 1
            continue
        for key in held:
            click.echo(f"{provider}: {_line(key)}")
        click.echo(f"{provider}: {_named(client_keys.advice(held, _now()), provider)}")
    if faults:
        raise SystemExit(1)


def _settings() -> Settings:
    """This installation's settings: the whole command line gives the way to them as the context's object."""
    found: Settings = click.get_current_context().obj()
    return found


def _known(found: Settings) -> list[str]:
    return [one.id for one in found.providers] + [f"staff-{one.id}" for one in found.staff_providers]


def _file_of(provider: str) -> Path:
    found = _settings()
    if provider not in _known(found):
        raise click.ClickException(f"no such provider: {provider}. Known: {', '.join(_known(found))}")
    return client_keys.key_file(found.data_dir, provider)


def _line(key: HeldKey) -> str:
    shown = f"shown {_day(key.published)}" if key.published else "not shown yet"
    retired = f", retired {_day(key.retired)}" if key.retired else ""
    return f"{key.kid[:8]}… {key.use} {key.state:8} made {_day(key.created)}, {shown}{retired}"


def _day(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"


def _now() -> int:
    return int(clock.now().timestamp())


def _step(provider: str, take: Callable[[], Taken]) -> Taken:
    """Take a step on the keys at a provider; what stops it is said with the provider's id in its commands."""
    try:
        return take()
    except BadKeys as error:
        raise click.ClickException(_named(str(error), provider)) from None


def _named(words: str, provider: str) -> str:
    return words.replace("--for ID", f"--for {provider}")
