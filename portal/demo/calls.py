"""The demo's archives: five registers, each with a manifest in the form of another recording system.

Everything is invented: people, dialogues, numbers. The voices are synthetic (tools/make_calls.py) and
the call times follow `now`, so that there is always a call of a few weeks ago, one that expires
tomorrow and one that should be gone already. The awkward rows are here on purpose: each of them is
refused with its line and reason, and the others are loaded.
"""

import csv
import io
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy
import soundfile

HELSINKI = ZoneInfo("Europe/Helsinki")
AUDIO = Path(__file__).with_name("audio")
REGISTERS = ("janakkala", "pikkujatti", "te_kaakkois_suomi", "pk_terveys", "espoo")

# Who has which telephone (E.164).
DEMO_NUMBERS: Mapping[str, str] = {
    "Tuulikki Soittola": "+358401234567",
    "Eero Esimerkkilä": "+358449876543",
    "Maj-Lis Provström": "+358505550123",
    "Aava Esimerkki": "+358407654321",
}
# Which queue answers which number (E.164); the same numbers as in the registers.
SERVICE_NUMBERS: Mapping[str, Mapping[str, str]] = {
    "janakkala": {"Hoidon tarpeen arviointi": "+35836801400", "Takaisinsoitto": "+35836801400"},
    "pikkujatti": {"Puhelinpalvelu": "+358103808000"},
    "te_kaakkois_suomi": {"Työnhakijan neuvonta": "+358295042000"},
    "pk_terveys": {"Asiakaspalvelu": "+358107623555"},
    "espoo": {
        "Varhaiskasvatuksen neuvonta": "+35898160011",
        "Asiointineuvonta": "+35898160012",
        "Vaihde": "+358981621",
    },
}
_STRANGERS = ("0405550101", "0415550102", "045 555 0103", "+358 46 555 0104", "050-555 0105", "+46701740610")
_MINUTES = (487, 1012, 533, 941, 615, 722, 868, 574)  # minutes after midnight, for the calls in between


@dataclass(frozen=True)
class Call:
    """One recorded call. `at` is the local wall time of its start, `caller` the cell as the source writes it.

    `sound` names a dialogue in the audio folder, or one of _ODD; None means that only metadata is left.
    """

    register: str
    uid: str
    at: datetime
    seconds: int
    caller: str
    queue: str
    sound: str | None
    file: str = ""
    outbound: bool = False
    person: str | None = None


def featured_calls(now: datetime) -> list[Call]:
    """The calls that the demo's people ask about, newest first within a person; `now` is an aware instant."""
    today = now.astimezone(HELSINKI).date()
    monday, tuesday = _weekday(today, 0, 21), _weekday(today, 1, 14)
    tuulikki, aava, eero, maj_lis = "Tuulikki Soittola", "Aava Esimerkki", "Eero Esimerkkilä", "Maj-Lis Provström"

    def ago(days: int) -> date:
        return _workday(today - timedelta(days))

    return [
        _of(tuulikki, "espoo", monday, time(7, 42, 13), "Varhaiskasvatuksen neuvonta", "varhaiskasvatus"),
        _of(tuulikki, "espoo", monday + timedelta(1), time(14, 12, 40), "Vaihde", "naapuri"),
        _of(tuulikki, "espoo", monday - timedelta(6), time(14, 3, 5), "Vaihde", "naapuri"),
        _of(aava, "pikkujatti", tuesday, time(7, 40, 22), "Puhelinpalvelu", "ajanvaraus"),
        _of(aava, "janakkala", ago(9), time(9, 15, 2), "Takaisinsoitto", "ajanvaraus"),
        _of(eero, "te_kaakkois_suomi", ago(18), time(10, 5, 51), "Työnhakijan neuvonta", "tyonhaku"),
        _of(maj_lis, "pk_terveys", ago(12), time(13, 27, 30), "Asiakaspalvelu", "naapuri"),
        _of(maj_lis, "espoo", ago(40), time(11, 48, 9), "Asiointineuvonta", "naapuri"),
    ]


def make_demo_archive(root: Path, now: datetime) -> None:
    """Write the five archive folders under `root`. A register that is there already is left as it is."""
    for register in REGISTERS:
        if not (root / register / "source.toml").exists():
            shutil.rmtree(root / register, ignore_errors=True)  # a first run that was killed half way
            _make_register(root / register, register, now)


def _make_register(folder: Path, register: str, now: datetime) -> None:
    calls = sorted(_calls(register, now), key=lambda call: call.at)
    form = _FORMS[register]
    named = [replace(call, file=form.name(call, n)) if call.sound else call for n, call in enumerate(calls, start=1)]
    folder.mkdir(parents=True)
    for call in named:
        if call.sound:
            target = folder / call.file.replace("\\", "/")
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_sound(call.sound, target, form.alaw)
    (folder / form.manifest).write_bytes(form.write(named, now))
    (folder / "source.toml").write_text(form.profile.lstrip(), encoding="utf-8")  # last: it says that all is there


def _calls(register: str, now: datetime) -> list[Call]:
    today = now.astimezone(HELSINKI).date()
    own = [call for call in featured_calls(now) if call.register == register]
    return own + _between(register, today) + _awkward(register, today)


def _of(person: str, register: str, day: date, at: time, queue: str, sound: str) -> Call:
    """A named person's call; its id is its time, as the systems' own ids often are."""
    return Call(
        register,
        f"{day:%y%m%d}{at:%H%M%S}",
        datetime.combine(day, at),
        _SECONDS[sound],
        DEMO_NUMBERS[person],
        queue,
        sound,
        outbound=queue == "Takaisinsoitto",
        person=person,
    )


# Ages in days of the calls in between; the last but one is gone tomorrow, the last should be gone already.
_AGES: Mapping[str, tuple[int, ...]] = {
    "janakkala": (1, 6, 15, 23, 34, 47, 58, 66, 75, 89, 100),
    "pikkujatti": (2, 9, 31, 62, 100, 151, 203, 270, 330, 363, 380),
    "te_kaakkois_suomi": (1, 4, 8, 13, 21, 29, 37, 44, 58, 70),
    "pk_terveys": (1, 2, 5, 8, 11, 15, 19, 24, 29, 33),
    "espoo": (1, 3, 12, 26, 55, 80, 111, 140, 179, 190),
}
_SOUNDS = {
    "janakkala": "ajanvaraus",
    "pikkujatti": "ajanvaraus",
    "te_kaakkois_suomi": "tyonhaku",
    "pk_terveys": "naapuri",
    "espoo": "varhaiskasvatus",
}
_SECONDS = {"ajanvaraus": 33, "varhaiskasvatus": 35, "tyonhaku": 30, "naapuri": 27}


def _between(register: str, today: date) -> list[Call]:
    """Other people's calls over the retention period; every fourth has only its metadata left."""
    queues, sound, made = list(SERVICE_NUMBERS[register]), _SOUNDS[register], []
    for n, age in enumerate(_AGES[register]):
        minute = _MINUTES[n % len(_MINUTES)]
        at = datetime.combine(_workday(today - timedelta(age)), time(minute // 60, minute % 60, 7 * n % 60))
        call = Call(register, f"{at:%y%m%d%H%M%S}", at, _SECONDS[sound], _STRANGERS[n % len(_STRANGERS)],
                    queues[n % len(queues)], None if n % 4 == 3 else sound)  # fmt: skip
        made.append(replace(call, outbound=call.queue == "Takaisinsoitto"))
    return made


def _awkward(register: str, today: date) -> list[Call]:
    """The calls that a real archive has too: withheld, repeated hour, three hours, broken files."""
    day = _workday(today - timedelta(7))

    def call(at: time, caller: str, sound: str | None, seconds: int = 30, on: date = day) -> Call:
        when = datetime.combine(on, at)
        return Call(
            register, f"{when:%y%m%d%H%M%S}", when, seconds, caller, next(iter(SERVICE_NUMBERS[register])), sound
        )

    if register == "espoo":
        return [
            call(time(12, 1, 1), "Salainen", "naapuri", 27),
            call(time(12, 20, 2), _STRANGERS[0], "truncated"),
            call(time(12, 40, 3), _STRANGERS[1], "empty"),
            call(time(12, 50, 4), "", "naapuri", 27),
        ]
    if register == "pikkujatti":
        return [
            call(time(3, 20, 0), _STRANGERS[2], "ajanvaraus", 33, _clocks_back(today)),
            call(time(12, 20, 2), _STRANGERS[3], "html"),
        ]
    if register == "te_kaakkois_suomi":
        return [call(time(12, 0, 0), _STRANGERS[4], "three_hours", 3 * 3600, _workday(today - timedelta(20)))]
    return [call(time(12, 1, 1), "anonymous", _SOUNDS[register], 27)] if register == "pk_terveys" else []


def _workday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(max(day.weekday() - 4, 0))


def _weekday(today: date, weekday: int, days_ago: int) -> date:
    """The last such weekday (Monday is 0) at least so many days ago."""
    day = today - timedelta(days_ago)
    return day - timedelta((day.weekday() - weekday) % 7)


def _clocks_back(today: date) -> date:
    """The last Sunday of October before today, when an hour comes twice."""
    for year in (today.year, today.year - 1):
        end = date(year, 10, 31)
        sunday = end - timedelta((end.weekday() + 1) % 7)
        if sunday < today:
            return sunday
    raise AssertionError("one of two Octobers is past")


# ── sound ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_HTML = "<!doctype html>\n<html lang=fi><title>Kirjaudu</title><p>Istuntosi on vanhentunut.</p></html>\n"


def _suffix(sound: str, alaw: bool) -> str:
    if alaw or sound in ("truncated", "empty", "html"):
        return ".wav"
    return ".flac" if sound == "three_hours" else _dialogue(sound).suffix


def _dialogue(sound: str) -> Path:
    return next(path for path in sorted(AUDIO.glob(f"{sound}.*")) if path.suffix != ".json")


def _write_sound(sound: str, target: Path, alaw: bool) -> None:
    if sound == "empty":
        target.write_bytes(b"")
    elif sound == "html":
        target.write_text(_HTML, encoding="utf-8")
    elif sound == "truncated":
        target.write_bytes(_dialogue("tyonhaku").read_bytes()[:20_000])
    elif sound == "three_hours":
        _write_three_hours(target)
    elif alaw:
        samples, rate = soundfile.read(_dialogue(sound), dtype="int16")
        soundfile.write(target, samples, rate, format="WAV", subtype="ALAW")
    else:
        shutil.copyfile(_dialogue(sound), target)


def _write_three_hours(target: Path) -> None:
    """A dialogue, then a line that nobody hung up: FLAC keeps the silence in a few kilobytes."""
    samples, rate = soundfile.read(_dialogue("tyonhaku"), dtype="int16")
    silence = numpy.zeros(rate * 60, dtype=numpy.int16)
    with soundfile.SoundFile(target, "w", rate, 1, format="FLAC", subtype="PCM_16") as file:
        file.write(samples)
        for _minute in range(3 * 60):
            file.write(silence)


# ── manifests, each as another system writes it ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Form:
    manifest: str
    profile: str
    name: Callable[[Call, int], str]
    write: Callable[[list[Call], datetime], bytes]
    alaw: bool = False


def _semicolons(header: str, rows: list[list[str]], encoding: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([header.split(";"), *rows])
    return text.getvalue().encode(encoding)


def _service(call: Call) -> str:
    return SERVICE_NUMBERS[call.register][call.queue]


def _agent(call: Call) -> str:
    return f"neuvoja {10 + int(call.uid) % 7}"


def _janakkala(calls: list[Call], _now: datetime) -> bytes:
    """A call-back queue: the recorded leg goes out, the number called back may be another."""
    rows = [
        [call.uid, f"{call.at:%d.%m.%Y}", f"{call.at:%H.%M.%S}", f"{call.seconds},0", call.caller, "", call.queue,
         _agent(call), "Lähtevä" if call.outbound else "Saapuva", call.file]
        for call in calls
    ]  # fmt: skip
    header = "Puhelutunnus;Päivä;Kello;Kesto s;A-numero;Takaisinsoittonumero;Jono;Vastaaja;Suunta;Äänite"
    return _semicolons(header, rows, "cp1252")


def _pikkujatti(calls: list[Call], now: datetime) -> bytes:
    """UTF-8 with a byte order mark; one line of it was pasted in by a program that writes cp1252."""
    rows = [
        [f"{call.at:%d.%m.%Y %H:%M:%S}", f"{call.at + timedelta(seconds=call.seconds):%d.%m.%Y %H:%M:%S}", call.caller,
         _service(call), _agent(call), call.file]
        for call in calls
    ]  # fmt: skip
    year = now.astimezone(HELSINKI).year
    impossible = [f"31.02.{year} 09:00:00", f"31.02.{year} 09:01:00", _STRANGERS[0], "010 380 8000", "neuvoja 12", ""]
    header = "Alkoi;Päättyi;Numero;Palvelunumero;Asiakasneuvoja;Tallenne"
    yesterday = now.astimezone(HELSINKI) - timedelta(1)
    pasted = f"{yesterday:%d.%m.%Y} 09:30:00;{yesterday:%d.%m.%Y} 09:31:00;0405550101;010 380 8000;iltapäivystäjä;\r\n"
    return _semicolons(header, [*rows, impossible], "utf-8-sig") + pasted.encode("cp1252")


def _te(calls: list[Call], _now: datetime) -> bytes:
    """One JSON document, local times without an offset."""
    rows = [
        {"tunniste": call.uid, "alku": f"{call.at:%Y-%m-%dT%H:%M:%S}", "kesto": call.seconds, "soittaja": call.caller,
         "valittu": _service(call), "jono": call.queue, "asiantuntija": _agent(call), "tiedosto": call.file or None}
        for call in calls
    ]  # fmt: skip
    return json.dumps({"versio": 2, "tallenteet": rows}, ensure_ascii=False, indent=1).encode("utf-8")


def _pk(calls: list[Call], _now: datetime) -> bytes:
    """One JSON object a line, times in UTC."""
    rows = [
        {"id": call.uid, "from": call.caller, "to": _service(call), "queue": call.queue, "agent": _agent(call),
         "started_at": call.at.replace(tzinfo=HELSINKI).astimezone(UTC).isoformat(), "seconds": call.seconds,
         "direction": "inbound", "recording": call.file or None}
        for call in calls
    ]  # fmt: skip
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8")


def _espoo(calls: list[Call], now: datetime) -> bytes:
    rows = [
        [f"{call.at:%d.%m.%Y %H.%M.%S}", f"0:{call.seconds // 60:02d}:{call.seconds % 60:02d}", call.caller, call.queue,
         _agent(call), call.file]
        for call in calls
    ]  # fmt: skip
    year = now.astimezone(HELSINKI).year
    impossible = [f"12.06.{year} 25.61.00", "0:00:30", _STRANGERS[5], "Vaihde", "neuvoja 11", ""]
    return _semicolons("Alkoi;Kesto;Soittaja;Jono;Asiakaspalvelija;Tiedosto", [*rows, impossible], "cp1252")


_FORMS: Mapping[str, _Form] = {
    "janakkala": _Form(
        "puhelut.csv",
        """
# A call-back queue's export: CSV with semicolons in cp1252, Finnish dates, decimal comma.
# The supplier has the recordings and deletes them by its own clock, so a held one is copied at once.
id = "janakkala-puhelut"
controller = "janakkala"
custody = "operator"
manifest = "puhelut*.csv"
format = "csv"
encodings = ["cp1252"]
date_format = "%d.%m.%Y %H.%M.%S"
strip = ["99904", "0"]
columns = { call_uid = "Puhelutunnus", date = "Päivä", time = "Kello", duration = "Kesto s", caller = "A-numero", \
other_number = "Takaisinsoittonumero", queue = "Jono", agent = "Vastaaja", direction = "Suunta", file = "Äänite" }
directions = { "Saapuva" = "in", "Lähtevä" = "out" }
services = { "Hoidon tarpeen arviointi" = "03 680 1400", "Takaisinsoitto" = "03 680 1400" }
""",
        lambda call, n: f"Äänitteet {call.at:%Y}\\päivystys {n:04d}{_suffix(str(call.sound), alaw=True)}",
        _janakkala,
        alaw=True,
    ),
    "pikkujatti": _Form(
        "nauhoitteet.csv",
        """
# CSV with semicolons in UTF-8 with a byte order mark; a start and an end.
id = "pikkujatti-nauhoitteet"
controller = "pikkujatti"
manifest = "nauhoitteet*.csv"
format = "csv"
encodings = ["utf-8-sig"]
date_format = "%d.%m.%Y %H:%M:%S"
columns = { start = "Alkoi", end = "Päättyi", caller = "Numero", service_number = "Palvelunumero", \
agent = "Asiakasneuvoja", file = "Tallenne" }
""",
        lambda call, n: f"{call.at:%Y-%m}/neuvonta åäö {n:03d}{_suffix(str(call.sound), alaw=False)}",
        _pikkujatti,
    ),
    "te_kaakkois_suomi": _Form(
        "tallenteet.json",
        """
# One JSON document with local times.
id = "te-tallenteet"
controller = "te_kaakkois_suomi"
manifest = "tallenteet*.json"
format = "json"
encodings = ["utf-8"]
date_format = "iso"
columns = { call_uid = "tunniste", start = "alku", duration = "kesto", caller = "soittaja", \
service_number = "valittu", queue = "jono", agent = "asiantuntija", file = "tiedosto" }
""",
        lambda call, _n: f"{call.uid}{_suffix(str(call.sound), alaw=False)}",
        _te,
    ),
    "pk_terveys": _Form(
        "recordings.ndjson",
        """
# One JSON object a line, times in UTC.
id = "pk-recordings"
controller = "pk_terveys"
manifest = "recordings*.ndjson"
format = "ndjson"
encodings = ["utf-8"]
date_format = "iso"
columns = { call_uid = "id", start = "started_at", duration = "seconds", caller = "from", \
service_number = "to", queue = "queue", agent = "agent", direction = "direction", file = "recording" }
directions = { inbound = "in", outbound = "out" }
""",
        lambda call, _n: f"{call.at:%Y/%m/%d}/{call.uid}{_suffix(str(call.sound), alaw=False)}",
        _pk,
    ),
    "espoo": _Form(
        "puhelut.csv",
        """
# A contact centre's export: CSV with semicolons in cp1252; queues instead of service numbers.
id = "espoo-puhelut"
controller = "espoo"
manifest = "puhelut*.csv"
format = "csv"
date_format = "%d.%m.%Y %H.%M.%S"
columns = { start = "Alkoi", duration = "Kesto", caller = "Soittaja", queue = "Jono", agent = "Asiakaspalvelija", \
file = "Tiedosto" }
services = { "Varhaiskasvatuksen neuvonta" = "09 816 0011", "Asiointineuvonta" = "09 816 0012", "Vaihde" = "09 816 21" }
""",
        lambda call, n: f"Jono 1/Tallenne {n:03d} {call.at:%d.%m.%Y %H.%M}{_suffix(str(call.sound), alaw=False)}",
        _espoo,
    ),
}
