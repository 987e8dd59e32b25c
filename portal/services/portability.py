"""The portability package (art. 20(1)): a ZIP of the audio as delivered, data.json, its published schema and a README.

Structured, commonly used and machine-readable: the schema is also public at static/schema/portability-1.json. It holds
what the person provided or what was observed of them; the agent's name stays out (art. 20(4)).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.moments import helsinki
from portal.domain.register import Register
from portal.domain.rights import Right
from portal.domain.words import Language, Words
from portal.services.hand_over import given_copy
from portal.services.office import Office
from portal.services.ports import Absent, Copy, Recording

SCHEMA = Path(__file__).resolve().parents[2] / "static" / "schema" / "portability-1.json"
_README = Words(
    """Siirtopaketti: tallennettu puhelu (yleinen tietosuoja-asetus, 20 artikla)

{audio}     puhelun äänite (MP3)
data.json     puhelun tiedot koneellisesti luettavassa muodossa (JSON)
schema.json   data.json-tiedoston rakenne (JSON Schema, luonnos 2020-12)

Rekisterinpitäjä: {controller}
Asianumero: {ref}

Ajat on ilmoitettu UTC-aikana ja puhelinnumerot kansainvälisessä E.164-muodossa.
Voit siirtää paketin toiselle rekisterinpitäjälle.
""",
    """Överföringspaket: inspelat samtal (allmänna dataskyddsförordningen, artikel 20)

{audio}     inspelningen av samtalet (MP3)
data.json     uppgifterna om samtalet i maskinläsbart format (JSON)
schema.json   strukturen för data.json (JSON Schema, utkast 2020-12)

Personuppgiftsansvarig: {controller}
Ärendenummer: {ref}

Tiderna anges i UTC-tid och telefonnumren i det internationella formatet E.164.
Du kan överföra paketet till en annan personuppgiftsansvarig.
""",
    """Portability package: a recorded call (General Data Protection Regulation, Article 20)

{audio}     the recording of the call (MP3)
data.json     the data on the call in a machine-readable format (JSON)
schema.json   the structure of data.json (JSON Schema, draft 2020-12)

Controller: {controller}
Case number: {ref}

Times are in UTC and telephone numbers in the international format E.164.
You can transmit the package to another controller.
""",
)


@dataclass(frozen=True)
class Package:
    """The ZIP's file name, and its bytes piece by piece."""

    name: str
    pieces: Iterator[bytes]


def open_package(office: Office, actor: Actor, ref: str, number: int) -> Package:
    """Package `number` (from 1) of an answered portability request. Absent: not theirs, not given, not made, or its
    life is over."""
    with office.reading() as work:
        case = work.cases.open(ref, actor)
        copy = given_copy(office, work, case, actor, number)
        one = work.recordings.get(copy.recording)
        statements = work.recordings.statements(copy.recording, case.register)
    if case.right is not Right.PORTABILITY or one is None or copy.vault_object is None:
        raise Absent(ref)
    name = f"{case.ref}-{number}"
    data = package_data(office.registers[case.register], case, one, copy, statements, f"{name}.mp3")
    texts = {
        "README.txt": readme(office.registers[case.register], case, f"{name}.mp3", case.language),
        "data.json": json.dumps(data, ensure_ascii=False, indent=2) + "\n",
        "schema.json": SCHEMA.read_text(encoding="utf-8"),
    }
    size, read = office.vault.open(case.register, copy.vault_object)
    return Package(f"{name}.zip", _zipped(case, texts, f"{name}.mp3", read(0, size)))


def package_data(
    register: Register, case: Case, one: Recording, copy: Copy, statements: tuple[str, ...], audio: str
) -> dict[str, Any]:
    """data.json as its schema has it: instants in UTC, numbers in E.164."""
    assert case.answered_at is not None, "only an answered case has a copy to give"
    return {
        "schema": "portability-1",
        "controller": {
            "name": register.controller.name[case.language],
            "business_id": register.controller.business_id,
            "register": register.name[case.language],
        },
        "request": {
            "reference": case.ref,
            "received_at": case.received_at.isoformat(),
            "answered_at": case.answered_at.isoformat(),
        },
        "data_subject": {
            "given_names": case.applicant.given,
            "family_name": case.applicant.family,
            "born": case.applicant.born.isoformat() if case.applicant.born else None,
        },
        "call": {
            "started_at": one.start.isoformat(),
            "ended_at": one.end.isoformat(),
            "seconds": one.seconds,
            "direction": one.direction,
            "own_number": one.other if one.direction == "out" else one.caller,
            "service_number": one.service,
            "queue": one.queue,
        },
        "audio": {"file": audio, "media_type": "audio/mpeg", "bytes": copy.size, "sha256": copy.sha256},
        "statements": list(statements),
    }


def readme(register: Register, case: Case, audio: str, language: Language) -> str:
    """What lies in the package, in plain words."""
    return _README[language].format(audio=audio, controller=register.controller.name[language], ref=case.ref)


class _Pieces:
    """A file that nobody can seek in: what is written is taken away piece by piece."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: Any) -> int:
        self._held.append(bytes(data))
        return len(self._held[-1])

    def flush(self) -> None:
        """Nothing waits to be written."""

    def take(self) -> bytes:
        taken, self._held = b"".join(self._held), []
        return taken


def _zipped(case: Case, texts: dict[str, str], audio: str, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The package's bytes; the same answer makes the same bytes."""
    assert case.answered_at is not None, "only an answered case has a package"
    at = helsinki(case.answered_at).timetuple()[:6]
    sink = _Pieces()
    with ZipFile(sink, "w", ZIP_STORED) as package:  # type: ignore[call-overload]  # a write-only file is enough for it
        for name, text in texts.items():
            package.writestr(ZipInfo(name, at), text.encode())
        with package.open(ZipInfo(audio, at), "w", force_zip64=True) as entry:
            for block in blocks:
                entry.write(block)
                if piece := sink.take():
                    yield piece
    yield sink.take()
