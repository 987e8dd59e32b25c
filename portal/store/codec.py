"""Frozen dataclasses to plain JSON values and back, by their annotations: what a sealed body holds."""

import dataclasses
import types
import typing
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """A JSON value of a dataclass, a container, an enum, a date, a time or an instant."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [to_plain(item) for item in value]
    return value


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def from_plain(kind: type[T], plain: Any) -> T:
    """The value of type `kind` that `to_plain` made `plain` of. Missing fields take their defaults."""
    result: T = _read(kind, plain)
    return result


def _read(kind: Any, plain: Any) -> Any:
    if plain is None or kind is Any:
        return plain
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _read(next(arm for arm in typing.get_args(kind) if arm is not type(None)), plain)
    if origin in (tuple, frozenset, list):
        inner = typing.get_args(kind)[0]
        return origin(_read(inner, item) for item in plain)
    if origin is dict:
        return dict(plain)
    if dataclasses.is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]  # a dataclass type, as just checked
        return kind(**{name: _read(hints[name], item) for name, item in plain.items() if name in hints})  # type: ignore[operator]  # likewise
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(plain)
    if kind in (datetime, date, time):
        return kind.fromisoformat(plain)
    return plain
