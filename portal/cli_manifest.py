"""The command line of the keys that sign the manifest of what was given (docs/delivery.md)."""

import json
from pathlib import Path

import click

from config import Settings
from portal.adapters import manifests
from portal.adapters.manifests import ManifestKeyError


@click.group()
def manifest() -> None:
    """The keys that sign the manifest of every answer that is given as one file."""


@manifest.command("new")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def new(path: Path) -> None:
    """Make the keys in PATH (mode 0600); name it in PORTAL_MANIFEST_KEYS."""
    try:
        manifests.create(path)
    except ManifestKeyError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Made {path}. Name it in PORTAL_MANIFEST_KEYS.")


@manifest.command("rotate")
def rotate() -> None:
    """Put a new key into use from the next start on; the old one's public half stays published."""
    try:
        made = manifests.rotate(_path())
    except ManifestKeyError as error:
        raise click.ClickException(str(error)) from None
    click.echo(
        f"{made.public_keys()['keys'][0]['kid']} signs from the next start on; {len(made.earlier)} stay published."
    )


@manifest.command("show-public")
def show_public() -> None:
    """Print the JWK set by which a manifest is verified."""
    try:
        click.echo(json.dumps(manifests.load(_path()).public_keys(), indent=2))
    except ManifestKeyError as error:
        raise click.ClickException(str(error)) from None


def _path() -> Path:
    found: Settings = click.get_current_context().obj()
    return found.manifest_keys or found.data_dir / "manifest-keys.json"
