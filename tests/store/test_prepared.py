"""A prepared statement gives what SQLAlchemy gives, and fails as SQLAlchemy fails."""

import pytest
from sqlalchemy import bindparam, column, select, table
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from portal.services.office import Office
from portal.store.prepared import Prepared
from portal.store.tables import cases
from tests import make
from tests.store.raw import engine_of, is_postgres

_CASE = select(cases).where(cases.c.register == bindparam("of"), cases.c.state == bindparam("at"))


def test_its_rows_have_every_columns_value_as_its_type_says(office: Office) -> None:
    make.filed(office)
    values = {"of": "espoo", "at": "received"}
    prepared = Prepared(_CASE)
    with engine_of(office).connect() as connection:
        expected = [dict(row._mapping) for row in connection.execute(_CASE, values)]
        for _time in range(2):
            assert [row._asdict() for row in prepared.rows(connection, values)] == expected
        assert prepared.rows(connection, {"of": "janakkala", "at": "received"}) == []
    assert len(expected) == 1


def test_it_raises_what_sqlalchemy_raises(office: Office) -> None:
    lost = Prepared(select(column("id")).select_from(table("no_such_table")))
    with engine_of(office).connect() as connection, pytest.raises(DBAPIError) as raised:
        lost.rows(connection, {})
    assert type(raised.value) is (ProgrammingError if is_postgres(office) else OperationalError)


def test_a_value_is_never_part_of_the_statement(office: Office) -> None:
    make.filed(office)
    with engine_of(office).connect() as connection:
        assert Prepared(_CASE).rows(connection, {"of": "espoo' OR '1'='1", "at": "received"}) == []
