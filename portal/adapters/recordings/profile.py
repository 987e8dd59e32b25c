"""How one recording system writes its manifest: data about the source, not code for it.

A profile is read from `source.toml` beside the recordings, because only the people who run the
recording system know its columns, its clock and its words.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from portal.domain.recording import Custody, RecordingClass

PROFILE_NAME = "source.toml"
# Our names for what a row can hold. A profile's `columns` maps them to the source's own.
FIELDS = frozenset({"call_uid", "file", "start", "date", "time", "end", "end_time", "duration", "caller",
                    "other_number", "service_number", "queue", "agent", "direction", "class"})  # fmt: skip


class ProfileError(ValueError):
    """The profile is wrong; the message names the key and what it wants."""


@dataclass(frozen=True)
class Profile:
    """One source: whose it is, how its manifest reads, and who has the files.

    `manifest` is a glob pattern in the archive's folder. `columns` maps our field names (FIELDS) to
    the source's columns. A start is one column (`start`) or two (`date` and `time`); an end is a
    full instant (`end`), a time of day (`end_time`) or a `duration`, in seconds or h:mm:ss.
    `date_format` is strptime's; "iso" takes ISO 8601, with or without an offset. `strip` are prefixes
    a telephone exchange puts before a number. `services` maps queue names to the numbers they answer.
    """

    id: str
    controller: str
    manifest: str
    format: Literal["csv", "json", "ndjson"]
    columns: Mapping[str, str]
    delimiter: str = ";"
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252")
    date_format: str = "%d.%m.%Y %H.%M.%S"
    decimal_comma: bool = True
    zone: str = "Europe/Helsinki"
    withheld_words: frozenset[str] = frozenset()
    strip: tuple[str, ...] = ()
    services: Mapping[str, str] = field(default_factory=dict)
    directions: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    default_class: RecordingClass = RecordingClass.CUSTOMER_SERVICE
    custody: Custody = "ours"

    def __post_init__(self) -> None:
        strange = set(self.columns) - FIELDS
        if strange:
            raise ProfileError(f"columns: unknown {', '.join(sorted(strange))}; known are {', '.join(sorted(FIELDS))}")
        if "caller" not in self.columns:
            raise ProfileError("columns: a caller column is needed")
        if "start" not in self.columns and not {"date", "time"} <= set(self.columns):
            raise ProfileError("columns: start, or date and time, are needed")
        if not {"end", "end_time", "duration"} & set(self.columns):
            raise ProfileError("columns: one of end, end_time and duration is needed")
        if self.format not in ("csv", "json", "ndjson"):
            raise ProfileError("format: csv, json or ndjson")
        if self.custody not in ("ours", "operator", "unreachable"):
            raise ProfileError("custody: ours, operator or unreachable")
        if "/" in self.manifest or "\\" in self.manifest:
            raise ProfileError("manifest: a file name or pattern, without folders")
        ZoneInfo(self.zone)


def load_profile(path: Path) -> Profile:
    """Read a profile. Raises ProfileError with the file's name, the key and what it wants."""
    try:
        return profile_from(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, ValueError, TypeError, KeyError) as error:
        raise ProfileError(f"{path.name}: {error}") from error


def profile_from(table: Mapping[str, Any]) -> Profile:
    """A profile from a table as TOML gives it; `withheld_words` are the source's own besides the usual ones."""
    known = {f.name for f in fields(Profile)}
    if strange := set(table) - known:
        raise ProfileError(f"unknown keys: {', '.join(sorted(strange))}")
    values = dict(table)
    for key in ("encodings", "strip"):
        if key in values:
            values[key] = tuple(values[key])
    values["withheld_words"] = frozenset(values.get("withheld_words", ()))
    if "default_class" in values:
        values["default_class"] = RecordingClass(values["default_class"])
    return Profile(**values)
