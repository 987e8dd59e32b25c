"""A manifest's bytes into rows, and a row into a SegmentMeta or its refusal.

Each line is decoded and parsed by itself, so one broken line never spoils its neighbours. What is
refused says so with its line; the reason quotes dates and column names, never a telephone number.
"""

import csv
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.times import NoSuchHour, Span, span
from portal.domain.phone import Number, Unusable, Withheld, normalise
from portal.domain.recording import RecordingClass, RefusalCode, Refused, SegmentMeta

Row = Mapping[str, str]
LONGEST_LINE = 1 << 20  # bytes
NO_FILE = "no-file/"  # the locator of a row without a file: each such call is a call of its own
LARGEST_JSON = 16 << 20  # bytes: a JSON array must be read whole


@dataclass(frozen=True)
class Place:
    """How far a manifest has been read: lines (of JSON: rows), bytes, and the CRC-32 of those bytes, by which a
    manifest that was written anew is told from one that grew."""

    line: int = 0
    at: int = 0
    crc: int = 0


@dataclass(frozen=True)
class Line:
    """One row of a manifest, by our field names, or why its line gives none. Lines count from 1.

    `after` is the place up to which the manifest is read once this row is done; None when the row is not finished
    yet, because a recording system may be in the middle of writing the last line.
    """

    number: int
    row: Row | Refused
    after: Place | None


class BrokenManifest(Exception):
    """The manifest as a whole cannot be read."""

    def __init__(self, line: int, why: Refused) -> None:
        super().__init__(why.detail)
        self.line, self.why = line, why


class RowError(Exception):
    """This row is refused."""

    def __init__(self, code: RefusalCode, detail: str = "") -> None:
        super().__init__(detail)
        self.why = Refused(code, detail)


def lines(file: BinaryIO, profile: Profile, place: Place) -> Iterator[Line]:
    """The rows of a manifest from `place` on, read as they are asked for: memory does not grow with the file.

    Raises BrokenManifest before the first row, for a line that never ends, or for broken JSON.
    """
    if b"\0" in file.read(4096):
        raise BrokenManifest(1, Refused(RefusalCode.WRONG_ENCODING, f"wants {' or '.join(profile.encodings)}"))
    file.seek(0)
    if profile.format == "json":
        return _json(file, profile, place)
    return _csv(file, profile, place) if profile.format == "csv" else _ndjson(file, profile, place)


def unchanged(file: BinaryIO, place: Place) -> bool:
    """Are the bytes up to `place` still those that were read?"""
    left, crc = place.at, 0
    file.seek(0)
    while left and (block := file.read(min(left, 1 << 20))):
        crc, left = zlib.crc32(block, crc), left - len(block)
    return left == 0 and crc == place.crc


def _decoded(raw: bytes, profile: Profile) -> str | Refused:
    for encoding in profile.encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return Refused(RefusalCode.WRONG_ENCODING, f"wants {' or '.join(profile.encodings)}")


def _csv(file: BinaryIO, profile: Profile, place: Place) -> Iterator[Line]:
    first = file.readline(LONGEST_LINE)
    header = (
        _cells(_decoded(first.rstrip(b"\r\n"), profile), profile) if first else Refused(RefusalCode.EMPTY, "0 bytes")
    )
    if isinstance(header, Refused):
        raise BrokenManifest(1, header)
    header = [name.strip() for name in header]
    missing = sorted(set(profile.columns.values()) - set(header))
    if missing:
        raise BrokenManifest(1, Refused(RefusalCode.MISSING_COLUMN, ", ".join(missing)))
    start = place if place.at else Place(1, len(first), zlib.crc32(first))
    return _csv_rows(file, header, profile, start)


def _csv_rows(file: BinaryIO, header: list[str], profile: Profile, place: Place) -> Iterator[Line]:
    columns = [(ours, header.index(theirs)) for ours, theirs in profile.columns.items()]
    for number, text, after in _numbered(file, place):
        cells = _cells(_decoded(text, profile), profile)
        if isinstance(cells, Refused):
            yield Line(number, cells, after)
        elif len(cells) != len(header):
            said = f"{len(cells)} cells, the header has {len(header)}"
            yield Line(number, Refused(RefusalCode.MALFORMED, said), after)
        else:
            yield Line(number, {ours: cells[at].strip() for ours, at in columns}, after)


def _numbered(file: BinaryIO, place: Place) -> Iterator[tuple[int, bytes, Place | None]]:
    """The lines that hold something: number, text without its end of line, and the place after it."""
    file.seek(place.at)
    number, at, crc = place.line, place.at, place.crc
    while line := file.readline(LONGEST_LINE):
        number, at, crc = number + 1, at + len(line), zlib.crc32(line, crc)
        text = line.rstrip(b"\r\n")
        if len(line) == LONGEST_LINE and text == line:
            raise BrokenManifest(number, Refused(RefusalCode.MALFORMED, "a line that does not end"))
        if text.strip():
            yield number, text, Place(number, at, crc) if text != line else None


def _cells(text: str | Refused, profile: Profile) -> list[str] | Refused:
    if isinstance(text, Refused):
        return text
    try:
        return next(csv.reader([text], delimiter=profile.delimiter, strict=True), [])
    except csv.Error as error:
        return Refused(RefusalCode.MALFORMED, str(error))


def _ndjson(file: BinaryIO, profile: Profile, place: Place) -> Iterator[Line]:
    for number, raw, after in _numbered(file, place):
        text = _decoded(raw, profile)
        yield Line(number, text if isinstance(text, Refused) else _object_row(text, profile), after)


def _object_row(text: str, profile: Profile) -> Row | Refused:
    try:
        return _of_object(json.loads(text), profile)
    except (ValueError, RecursionError):
        return Refused(RefusalCode.MALFORMED, "not a JSON object")


def _json(file: BinaryIO, profile: Profile, place: Place) -> Iterator[Line]:
    """A JSON array, bare or as the one list inside an object; rows carry the line they begin on."""
    data = file.read(LARGEST_JSON + 1)
    if len(data) > LARGEST_JSON:
        said = f"over {LARGEST_JSON >> 20} MiB: ask for CSV, or one object a line"
        raise BrokenManifest(1, Refused(RefusalCode.TOO_LARGE, said))
    text = _decoded(data, profile)
    if isinstance(text, Refused):
        raise BrokenManifest(_bad_line(data, profile), text)
    rows, crc = _json_rows(text, profile), zlib.crc32(data)
    last = len(rows)
    return (
        Line(line, row, Place(n, len(data) if n == last else 0, crc if n == last else 0))
        for n, (line, row) in enumerate(rows, start=1)
        if n > place.line
    )


def _json_rows(text: str, profile: Profile) -> list[tuple[int, Row | Refused]]:
    at, line, found, decoder = text.find("[") + 1, 1, [], json.JSONDecoder()
    seen = 0
    try:
        json.loads(text)  # broken anywhere: nothing of it is taken
        while at and text[at := _past(text, at)] != "]":
            line, seen = line + text.count("\n", seen, at), at
            item, at = decoder.raw_decode(text, at)
            found.append((line, _of_object(item, profile)))
    except (ValueError, IndexError, RecursionError) as error:
        why = Refused(RefusalCode.MALFORMED, getattr(error, "msg", "not a list of recordings"))
        raise BrokenManifest(getattr(error, "lineno", 1), why) from None
    if not at:
        raise BrokenManifest(1, Refused(RefusalCode.MALFORMED, "no list of recordings"))
    return found


def _past(text: str, at: int) -> int:
    while text[at] in " \t\r\n,":
        at += 1
    return at


def _bad_line(data: bytes, profile: Profile) -> int:
    for number, raw in enumerate(data.split(b"\n"), start=1):
        if isinstance(_decoded(raw, profile), Refused):
            return number
    return 1


def _of_object(item: Any, profile: Profile) -> Row | Refused:
    if not isinstance(item, dict):
        return Refused(RefusalCode.MALFORMED, "not a JSON object")
    flat = {
        key: "" if value is None else str(value) for key, value in item.items() if not isinstance(value, dict | list)
    }
    return _ours(flat, profile)


def _ours(theirs: Mapping[str, str], profile: Profile) -> Row:
    return {ours: theirs.get(column, "").strip() for ours, column in profile.columns.items()}


def segment(row: Row, number: int, profile: Profile) -> SegmentMeta | Refused:
    """One row as a segment, its audio not yet looked at; or the first reason why not."""
    try:
        when = _span(row, profile)
        caller, withheld = _caller(row, profile)
        locator = row.get("file", "").replace("\\", "/")
        uid = row.get("call_uid") or _derived_uid(profile, locator, when, number)
        return SegmentMeta(
            call_uid=uid,
            locator=locator or f"{NO_FILE}{uid}",
            start=when.start,
            end=when.end,
            caller=caller,
            withheld=withheld,
            other_number=_optional_number(row.get("other_number", ""), profile, RefusalCode.BAD_NUMBER),
            service_number=_service(row, profile),
            queue=row.get("queue") or None,
            agent=row.get("agent") or None,
            direction=_direction(row, profile),
            recording_class=_class(row, profile),
            has_audio=bool(locator),
            local_ambiguous=when.other_start is not None,
            other_start=when.other_start,
        )
    except RowError as error:
        return error.why


def _caller(row: Row, profile: Profile) -> tuple[str | None, bool]:
    """An empty cell is a missing number, not a withheld one: the source has words for that."""
    text = row.get("caller", "")
    if not text:
        raise RowError(RefusalCode.NO_NUMBER, profile.columns["caller"])
    found = _number(text, profile)
    if isinstance(found, Unusable):
        raise RowError(RefusalCode.BAD_NUMBER, f"{profile.columns['caller']}: {found.reason}")
    return (found.e164, False) if isinstance(found, Number) else (None, True)


def _number(text: str, profile: Profile) -> Number | Withheld | Unusable:
    """Read as citizens' own numbers are read: a call is found only if both come to the same form."""
    return normalise(text, prefixes=profile.strip, withheld_words=profile.withheld_words)


def _optional_number(text: str, profile: Profile, code: RefusalCode) -> str | None:
    if not text:
        return None
    found = _number(text, profile)
    if isinstance(found, Unusable):
        raise RowError(code, found.reason)
    return found.e164 if isinstance(found, Number) else None


def _service(row: Row, profile: Profile) -> str | None:
    said = row.get("service_number", "") or profile.services.get(row.get("queue", ""), "")
    found = _service_number(said, profile.strip, profile.withheld_words) if said else None
    if isinstance(found, Unusable):
        raise RowError(RefusalCode.BAD_SERVICE_NUMBER, found.reason)
    return found.e164 if isinstance(found, Number) else None


@lru_cache(1024)  # a controller has few numbers of its own, and each is on thousands of rows
def _service_number(text: str, strip: tuple[str, ...], words: frozenset[str]) -> Number | Withheld | Unusable:
    return normalise(text, prefixes=strip, withheld_words=words)


def _direction(row: Row, profile: Profile) -> Any:
    said = row.get("direction", "").casefold()
    words = {word.casefold(): ours for word, ours in profile.directions.items()}
    found = words.get(said, said or "in")
    if found not in ("in", "out"):
        raise RowError(RefusalCode.BAD_DIRECTION, said[:40])
    return found


def _class(row: Row, profile: Profile) -> RecordingClass:
    said = row.get("class", "")
    if not said:
        return profile.default_class
    try:
        return RecordingClass(profile.classes.get(said, said))
    except ValueError:
        raise RowError(RefusalCode.BAD_CLASS, said[:40]) from None


def _span(row: Row, profile: Profile) -> Span:
    start = _instant(row.get("start") or f"{row.get('date', '')} {row.get('time', '')}".strip(), profile)
    end, duration = _end(row, start, profile), _duration(row.get("duration", ""), profile)
    if end is None and duration is None:
        raise RowError(RefusalCode.BAD_DURATION, "no end and no duration")
    try:
        return _unskewed(span(start, end, duration, ZoneInfo(profile.zone)), timedelta(seconds=profile.skew_seconds))
    except NoSuchHour as error:
        raise RowError(RefusalCode.NO_SUCH_HOUR, str(error)) from None
    except (ValueError, OverflowError) as error:
        raise RowError(RefusalCode.BAD_DURATION, str(error)) from None


def _unskewed(found: Span, fast: timedelta) -> Span:
    """The same call by a right clock."""
    other = found.other_start - fast if found.other_start else None
    return Span(found.start - fast, found.end - fast, other) if fast else found


def _instant(text: str, profile: Profile) -> datetime:
    try:
        found = (
            datetime.fromisoformat(text)
            if profile.date_format == "iso"
            else datetime.strptime(text, profile.date_format)
        )
    except ValueError:
        raise RowError(RefusalCode.BAD_DATE, text[:40] or "empty") from None
    if not 1980 <= found.year <= 9000:  # outside it, time zone arithmetic overflows
        raise RowError(RefusalCode.BAD_DATE, text[:40])
    return found


def _end(row: Row, start: datetime, profile: Profile) -> datetime | None:
    if row.get("end"):
        return _instant(row["end"], profile)
    if not row.get("end_time"):
        return None
    text = row["end_time"].replace(".", ":")
    try:
        at = time.fromisoformat(text if text.index(":") == 2 else "0" + text)
    except ValueError:
        raise RowError(RefusalCode.BAD_DATE, row["end_time"][:40]) from None
    end = datetime.combine(start.date(), at, start.tzinfo)
    midnight_passed = end < start and start.hour >= 20 and end.hour < 12
    return end + timedelta(days=1) if midnight_passed else end


def _duration(text: str, profile: Profile) -> timedelta | None:
    """Seconds, with a decimal comma where the profile says so, or [h:]mm:ss."""
    if not text:
        return None
    try:
        parts = [float(part) for part in (text.replace(",", ".") if profile.decimal_comma else text).split(":")]
        if len(parts) > 3 or any(not 0 <= part < 1e6 for part in parts):
            raise ValueError
    except ValueError:
        raise RowError(RefusalCode.BAD_DURATION, text[:40]) from None
    return timedelta(seconds=sum(part * 60**power for power, part in enumerate(reversed(parts))))


def _derived_uid(profile: Profile, locator: str, when: Span, number: int) -> str:
    """An id for a source that gives none: the same row gives the same id, and nothing personal is in it."""
    told = f"{profile.id}\0{locator or number}\0{when.start.isoformat()}"
    return hashlib.sha256(told.encode("utf-8")).hexdigest()[:32]
