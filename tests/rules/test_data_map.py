"""The data map names every personal column with the purpose and the retention that the tables give it (art. 30)."""

import re
from pathlib import Path

from portal.store.tables import metadata

MAP = Path(__file__).resolve().parents[2] / "docs" / "data-map.md"
_ROW = re.compile(r"^\| `(\w+\.\w+)` \| (.+?) \| (.+?) \|$", re.M)
_CLASS = re.compile(r"^\| ([a-z ]+?) \| .+? \| .+? \|$", re.M)


def marked() -> set[tuple[str, str, str]]:
    """The marks of the tables: column, purpose, retention class."""
    return {
        (f"{table.name}.{column.name}", column.info["purpose"], column.info["kept"])
        for table in metadata.tables.values()
        for column in table.columns
        if column.info
    }


def mapped() -> set[tuple[str, str, str]]:
    """The rows of the map."""
    return {(row[1], row[2], row[3]) for row in _ROW.finditer(MAP.read_text(encoding="utf-8"))}


def test_every_personal_column_stands_in_the_map_with_its_purpose_and_retention() -> None:
    assert mapped() == marked()


def test_every_sealed_column_of_a_table_is_marked_as_personal() -> None:
    technical = {"staff.factor_sealed", "pending_login.sealed"}  # secrets of the portal, not data on the person
    sealed = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.endswith("sealed") or column.name in ("body", "label", "html")
    }
    assert sealed - technical == {name for name, _purpose, _kept in marked()} & sealed


def test_every_retention_class_says_what_ends_it() -> None:
    explained = set(_CLASS.findall(MAP.read_text(encoding="utf-8").split("## The classes")[1]))
    assert {kept for _column, _purpose, kept in marked()} <= explained
