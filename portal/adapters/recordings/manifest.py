"""A manifest's bytes into rows, and a row into a SegmentMeta or its refusal.

Each line is decoded and parsed by itself, so one broken line never spoils its neighbours. What is
refused says so with its line; the reason quotes dates and column names, never a telephone number.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.adapters.recordings.profile import Profile
from portal.adapters.recordings.times import NoSuchHour, Span, span
from portal.domain.phone import Number, Unusable, Withheld, normalise
from portal.domain.recording import RecordingClass, RefusalCode, Refused, SegmentMeta

Row = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One row of a manifest, by our field names, or why its line gives none. Lines count from 1.

    `end` is the place in the file up to which it is read once this row is done; None when the row
    is not finished yet, because a recording system may be in the middle of writing the last line.
    """

    number: int
    row: Row | Refused
    end: int | None


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


def lines(data: bytes, profile: Profile) -> Iterator[Line]:
    """The rows of a whole manifest. Raises BrokenManifest before the first row, or for broken JSON."""
    if b"\0" in data[:4096]:
        raise BrokenManifest(1, Refused(RefusalCode.WRONG_ENCODING, f"wants {' or '.join(profile.encodings)}"))
    if profile.format == "json":
        return iter(_json(data, profile))
    return _csv(data, profile) if profile.format == "csv" else _ndjson(data, profile)


def _decoded(raw: bytes, profile: Profile) -> str | Refused:
    for encoding in profile.encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return Refused(RefusalCode.WRONG_ENCODING, f"wants {' or '.join(profile.encodings)}")


def _csv(data: bytes, profile: Profile) -> Iterator[Line]:
    raw = data.splitlines(keepends=True)
    header = (
        _cells(_decoded(raw[0].rstrip(b"\r\n"), profile), profile) if raw else Refused(RefusalCode.EMPTY, "0 bytes")
    )
    if isinstance(header, Refused):
        raise BrokenManifest(1, header)
    header = [name.strip() for name in header]
    missing = sorted(set(profile.columns.values()) - set(header))
    if missing:
        raise BrokenManifest(1, Refused(RefusalCode.MISSING_COLUMN, ", ".join(missing)))
    return _csv_rows(raw, header, profile)


def _csv_rows(raw: list[bytes], header: list[str], profile: Profile) -> Iterator[Line]:
    for number, line, end in list(_numbered(raw))[1:]:
        cells = _cells(_decoded(line, profile), profile)
        if not isinstance(cells, Refused) and len(cells) != len(header):
            cells = Refused(RefusalCode.MALFORMED, f"{len(cells)} cells, the header has {len(header)}")
        row = cells if isinstance(cells, Refused) else _ours(dict(zip(header, cells, strict=True)), profile)
        yield Line(number, row, end)


def _numbered(raw: list[bytes]) -> Iterator[tuple[int, bytes, int | None]]:
    """The lines that hold something: number, text without its end of line, and place of its end."""
    at = 0
    for number, line in enumerate(raw, start=1):
        at += len(line)
        text = line.rstrip(b"\r\n")
        if text.strip():
            yield number, text, at if text != line else None


def _cells(text: str | Refused, profile: Profile) -> list[str] | Refused:
    if isinstance(text, Refused):
        return text
    try:
        return next(csv.reader([text], delimiter=profile.delimiter, strict=True), [])
    except csv.Error as error:
        return Refused(RefusalCode.MALFORMED, str(error))


def _ndjson(data: bytes, profile: Profile) -> Iterator[Line]:
    for number, line, end in _numbered(data.splitlines(keepends=True)):
        text = _decoded(line, profile)
        yield Line(number, text if isinstance(text, Refused) else _object_row(text, profile), end)


def _object_row(text: str, profile: Profile) -> Row | Refused:
    try:
        return _of_object(json.loads(text), profile)
    except (ValueError, RecursionError):
        return Refused(RefusalCode.MALFORMED, "not a JSON object")


def _json(data: bytes, profile: Profile) -> list[Line]:
    """A JSON array, bare or as the one list inside an object; rows carry the line they begin on."""
    text = _decoded(data, profile)
    if isinstance(text, Refused):
        raise BrokenManifest(_bad_line(data, profile), text)
    at, found, decoder = text.find("[") + 1, [], json.JSONDecoder()
    try:
        json.loads(text)  # broken anywhere: nothing of it is taken
        while at and text[at := _past(text, at)] != "]":
            line = text.count("\n", 0, at) + 1
            item, at = decoder.raw_decode(text, at)
            found.append(Line(line, _of_object(item, profile), len(data)))
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
        return SegmentMeta(
            call_uid=row.get("call_uid") or _derived_uid(profile, locator, when, number),
            locator=locator,
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
    return _optional_number(said, profile, RefusalCode.BAD_SERVICE_NUMBER)


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
        return span(start, end, duration, ZoneInfo(profile.zone))
    except NoSuchHour as error:
        raise RowError(RefusalCode.NO_SUCH_HOUR, str(error)) from None
    except (ValueError, OverflowError) as error:
        raise RowError(RefusalCode.BAD_DURATION, str(error)) from None


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
