"""Column types that behave alike on SQLite (STRICT tables) and PostgreSQL."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Float,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    TypeDecorator,
)  # fmt: skip
from sqlalchemy.ext.compiler import compiles


class Instant(TypeDecorator[datetime]):
    """An instant. Refuses naive values, stores UTC, returns aware UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime refused")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return instant


class Json(TypeDecorator[Any]):
    """A small JSON value kept as text: the same on both databases, never queried by path."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


def _name_for_sqlite(kind: type[Any], name: str) -> None:
    """STRICT tables refuse VARCHAR, DATETIME and the like as type names."""

    def compile_type(_type: Any, _compiler: Any, **_options: Any) -> str:
        return name

    compiles(kind, "sqlite")(compile_type)


for _kind, _name in (
    (String, "TEXT"),
    (Text, "TEXT"),
    (DateTime, "TEXT"),
    (Date, "TEXT"),
    (Boolean, "INTEGER"),
    (BigInteger, "INTEGER"),
    (SmallInteger, "INTEGER"),
    (Float, "REAL"),
    (LargeBinary, "BLOB"),
):
    _name_for_sqlite(_kind, _name)
