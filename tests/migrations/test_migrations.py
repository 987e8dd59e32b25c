"""Migrations and models are one schema, on both databases; an upgrade may be repeated and taken back."""

import re
from pathlib import Path

import pytest
from alembic import command, op
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

from portal.store import migrate
from portal.store.engine import make_engine, writing
from portal.store.tables import metadata
from portal.store.triggers import missing_triggers


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table of ours."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


def schema(url: str) -> dict[str, object]:
    """Everything that the database says about its tables, in comparable form."""
    engine = create_engine(url)
    try:
        if url.startswith("sqlite"):
            with engine.connect() as connection:
                rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE name <> 'alembic_version'"))
                return {name: re.sub(r"\s+", " ", sql or "") for name, sql in rows if "alembic" not in name}
        found = inspect(engine)
        return {
            table: (
                [(column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(table)],
                sorted(str(index) for index in found.get_indexes(table)),
                sorted(str(check) for check in found.get_check_constraints(table)),
                sorted(str(key) for key in found.get_foreign_keys(table)),
                str(found.get_pk_constraint(table)),
            )
            for table in found.get_table_names()
            if table != "alembic_version"
        }
    finally:
        engine.dispose()


def test_the_models_are_what_the_migrations_make(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_migrations_keep_strict_tables_partial_indexes_and_checks(sqlite_url: str, tmp_path: Path) -> None:
    by_models = f"sqlite:///{tmp_path / 'models.db'}"
    engine = create_engine(by_models)
    metadata.create_all(engine)
    engine.dispose()
    made = {name: sql for name, sql in schema(sqlite_url).items() if "TRIGGER" not in str(sql)}
    assert {n: parts(sql) for n, sql in made.items()} == {n: parts(sql) for n, sql in schema(by_models).items()}
    tables = [str(sql) for sql in made.values() if str(sql).startswith("CREATE TABLE")]
    assert all("STRICT" in sql for sql in tables)
    assert sum("WITHOUT ROWID" in sql for sql in tables) == 1


def parts(sql: object) -> list[str]:
    """A statement's words; in which order its constraints stand says nothing."""
    return sorted(re.findall(r"[^\s,()]+", str(sql)))


def test_up_down_and_up_again_gives_the_same_schema(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    first = schema(empty_url)
    command.downgrade(migrate._config(empty_url), "base")
    assert schema(empty_url) == {}
    migrate.upgrade(empty_url)
    assert schema(empty_url) == first


def test_an_upgrade_may_be_repeated(empty_url: str) -> None:
    for _ in range(2):
        migrate.upgrade(empty_url)
    assert shortfall(empty_url) is None


def test_a_database_that_lacks_the_schema_says_so(empty_url: str) -> None:
    assert "flask db upgrade" in (shortfall(empty_url) or "")


def test_triggers_that_a_rebuilt_table_lost_come_back_with_the_next_upgrade(sqlite_url: str) -> None:
    rebuild_cases(sqlite_url)
    assert "cases_state" in (shortfall(sqlite_url) or "")
    migrate.upgrade(sqlite_url)
    assert shortfall(sqlite_url) is None


def test_a_trigger_that_is_switched_off_counts_as_missing(postgresql_url: str) -> None:
    engine = make_engine(postgresql_url)
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_change"))
        assert missing_triggers(connection) == ("audit_change",)
    engine.dispose()


def rebuild_cases(url: str) -> None:
    """What Alembic's batch mode does to a table on SQLite: a new table under the old name."""
    engine = create_engine(url)
    with (
        engine.begin() as connection,
        connection.exec_driver_sql("PRAGMA legacy_alter_table=ON"),  # as the migrations' own connection has it
        Operations.context(MigrationContext.configure(connection)),
        op.batch_alter_table("cases", recreate="always") as batch,
    ):
        batch.alter_column("keeping", nullable=True)
    engine.dispose()


def shortfall(url: str) -> str | None:
    engine: Engine = make_engine(url)
    try:
        return migrate.shortfall(engine)
    finally:
        engine.dispose()
