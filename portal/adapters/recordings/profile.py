"""How one recording system lists its calls and keeps its files: data about the source, not code for it.

A profile is read from `source.toml` beside the recordings, because only the people who run the
recording system know its columns, its clock and its words.
"""

import re
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
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class ProfileError(ValueError):
    """The profile is wrong; the message names the key and what it wants."""


Listing = Literal["manifest", "names", "cdr", "vcon", "push"]
# What a part of a profile may say, and what it must.
_PARTS: Mapping[str, Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "store": {
        "folder": (frozenset({"root"}), frozenset()),
        "sftp": (frozenset({"host", "port", "user", "key_file", "host_key_file", "root"}),
                 frozenset({"host", "user", "key_file", "host_key_file"})),
        "s3": (frozenset({"bucket", "endpoint", "region", "prefix", "lock", "credentials_file"}),
               frozenset({"bucket", "credentials_file"})),
    },
    "cdr": {"sql": (frozenset({"database_file", "table"}), frozenset({"database_file"}))},
    "push": {"hmac": (frozenset({"key_file"}), frozenset({"key_file"}))},
}  # fmt: skip
_CDR_COLUMNS = {
    "call_uid": "linkedid", "start": "start", "duration": "duration", "caller": "src", "service_number": "dst",
    "file": "recordingfile",
}  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """One source: whose it is, how its calls are listed, where its files lie, and who has them in hand.

    `listing`: a manifest, the files' own names, an Asterisk CDR table, vCon containers, or calls that are pushed to
    us. `manifest` is a glob pattern in the archive's folder. `columns` maps our field names (FIELDS) to the source's
    columns. A start is one column (`start`) or two (`date` and `time`); an end is a full instant (`end`), a time of
    day (`end_time`) or a `duration`, in seconds or h:mm:ss. `date_format` is strptime's; "iso" takes ISO 8601, with or
    without an offset. `name_pattern` is a regular expression whose groups are FIELDS; a file's own length is its
    duration where the name tells none. `strip` are prefixes a telephone exchange puts before a number. `services`
    maps queue names to the numbers they answer. `skew_seconds` is by how much the system's clock is known to be fast.
    `settle_seconds`: a file is left alone so long after its last change. `late_hours`: how long after its start a call
    may still appear in the CDR. `operator` is who is asked for what the portal cannot do itself.
    `harvest`: never where calls may not be read into our index, only searched for a request.
    """

    id: str
    controller: str
    manifest: str = ""
    format: Literal["csv", "json", "ndjson"] = "csv"
    columns: Mapping[str, str] = field(default_factory=dict)
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
    listing: Listing = "manifest"
    name_pattern: str = ""
    store: Mapping[str, Any] = field(default_factory=dict)
    cdr: Mapping[str, Any] = field(default_factory=dict)
    push: Mapping[str, Any] = field(default_factory=dict)
    skew_seconds: int = 0
    settle_seconds: int = 30
    late_hours: int = 4
    operator: str = ""
    harvest: Literal["always", "never"] = "always"

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ProfileError("id: small letters, digits, - and _, at most 40")
        if self.listing not in ("manifest", "names", "cdr", "vcon", "push"):
            raise ProfileError("listing: manifest, names, cdr, vcon or push")
        if self.custody not in ("ours", "operator", "unreachable"):
            raise ProfileError("custody: ours, operator or unreachable")
        if self.harvest not in ("always", "never"):
            raise ProfileError("harvest: always or never")
        if self.harvest == "never" and (self.listing != "cdr" or self.custody == "ours"):
            # our retention deletes what our index knows, so that nobody would delete what was never searched for
            raise ProfileError("harvest: never wants listing cdr and custody operator or unreachable")
        if self.listing == "cdr":
            object.__setattr__(self, "columns", {**_CDR_COLUMNS, **self.columns})
        self._check_fields()
        for part, default in (("store", "folder"), ("cdr", "sql"), ("push", "hmac")):
            self._check_part(part, default)
        ZoneInfo(self.zone)

    def _check_fields(self) -> None:
        known = set(re.compile(self.name_pattern).groupindex) if self.listing == "names" else set(self.columns)
        told = "name_pattern" if self.listing == "names" else "columns"
        if strange := known - FIELDS:
            raise ProfileError(f"{told}: unknown {', '.join(sorted(strange))}; known are {', '.join(sorted(FIELDS))}")
        if self.listing not in ("manifest", "names", "cdr"):
            return
        if "caller" not in known:
            raise ProfileError(f"{told}: a caller is needed")
        if "start" not in known and not {"date", "time"} <= known:
            raise ProfileError(f"{told}: start, or date and time, are needed")
        if self.listing == "manifest":
            self._check_manifest(known)

    def _check_manifest(self, known: set[str]) -> None:
        if not {"end", "end_time", "duration"} & known:
            raise ProfileError("columns: one of end, end_time and duration is needed")
        if self.format not in ("csv", "json", "ndjson"):
            raise ProfileError("format: csv, json or ndjson")
        if not self.manifest or "/" in self.manifest or "\\" in self.manifest:
            raise ProfileError("manifest: a file name or pattern, without folders")

    def _check_part(self, part: str, default: str) -> None:
        told = dict(getattr(self, part))
        wanted = part == self.listing or (part == "store" and told)
        if not told and not wanted:
            return
        kind = str(told.pop("kind", default))
        if kind not in _PARTS[part]:
            raise ProfileError(f"{part}.kind: {', '.join(_PARTS[part])}")
        known, needed = _PARTS[part][kind]
        if set(told) - known or needed - set(told):
            raise ProfileError(
                f"{part}: wants {', '.join(sorted(needed)) or 'nothing'}; knows {', '.join(sorted(known))}"
            )


def load_profile(path: Path) -> Profile:
    """Read a profile. Raises ProfileError with the file's name, the key and what it wants."""
    try:
        return profile_from(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, ValueError, TypeError, KeyError, re.error) as error:
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
