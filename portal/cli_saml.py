"""The command line of Suomi.fi e-Identification: our key pairs, and the metadata that is handed in."""

from pathlib import Path

import click

from config import load
from portal import wiring
from portal.adapters import clock
from portal.adapters.identity import saml_keys, saml_metadata


@click.group()
def saml() -> None:
    """Suomi.fi e-Identification."""


@saml.command("new-key")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", required=True, help="The host name of the citizens' face, for the certificates.")
def saml_new_key(folder: Path, name: str) -> None:
    """Make two key pairs in FOLDER (PORTAL_SUOMIFI__KEYS_DIR): one signs, the other opens. Back them up apart."""
    try:
        saml_keys.make(folder, name, clock.now())
    except FileExistsError:
        raise click.ClickException(f"{folder} has keys already: they may be in use, and are not written over") from None
    click.echo(f"Made {folder}: signing and encryption, good for three years.")


@saml.command("metadata")
@click.option("--name", default="Kuuluu", help="The service's name as Suomi.fi shows it.")
def saml_metadata_(name: str) -> None:
    """Print our own metadata, signed: it is handed to Suomi.fi when the connection is asked for or changed."""
    suomifi = wiring.suomifi_of(load())
    click.echo(saml_metadata.metadata(suomifi.settings, suomifi.keys, name, clock.now()))
