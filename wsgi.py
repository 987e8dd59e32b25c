"""The WSGI entry: `gunicorn wsgi:app`. PORTAL_FACES chooses citizen, staff or both.

Under the `flask` command this is the command line instead: its commands read the settings only when they need them.
"""

import click
from flask import Flask

from config import load
from portal.cli import command_line
from portal.wiring import create_app, start_logging


def application() -> Flask:
    """The portal, with its settings read and its logging on."""
    settings = load()
    start_logging(settings)
    return create_app(settings)


app = application() if click.get_current_context(silent=True) is None else command_line()
