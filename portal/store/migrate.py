"""Bring a database to the schema of this version: migrations, then triggers, in that order."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from portal.store.engine import make_engine, writing
from portal.store.triggers import ensure_triggers, missing_triggers


def upgrade(url: str) -> None:
    """Run every migration that the database lacks; safe to repeat."""
    command.upgrade(_config(url), "head")
    engine = make_engine(url)
    try:
        with writing(engine) as connection:
            ensure_triggers(connection)
    finally:
        engine.dispose()


def shortfall(engine: Engine) -> str | None:
    """What the database lacks of this version's schema, in words; None when nothing."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        head = _newest()
        if current != head:
            return f"schema is at {current or 'nothing'}, this version wants {head}: run flask db upgrade"
        missing = missing_triggers(connection)
    return f"triggers missing: {', '.join(missing)}: run flask db upgrade" if missing else None


@cache
def _newest() -> str | None:
    """The revision that this version wants; its files do not change while it runs."""
    return ScriptDirectory(str(_FOLDER)).get_current_head()


_FOLDER = Path(__file__).with_name("migrations")


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
