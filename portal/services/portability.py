"""The portability package (art. 20(1)): a ZIP of the audio as delivered, data.json, its published schema and a README.

Structured, commonly used and machine-readable: the schema is also public at static/schema/portability-1.json. It holds
what the person provided or what was observed of them; the agent's name stays out (art. 20(4)).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.register import Register
from portal.domain.rights import Right
from portal.domain.words import Language, Words
from portal.services.hand_over import given_copy
from portal.services.office import Office
from portal.services.ports import Absent, Copy, Recording
from portal.services.zip_stream import Entry, zipped

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
    assert case.answered_at is not None, "only an answered case has a package"
    size, read = office.vault.open(case.register, copy.vault_object)
    entries = [Entry(file, len(text), [text.encode()]) for file, text in texts.items()]
    entries.append(Entry(f"{name}.mp3", size, read(0, size)))
    return Package(f"{name}.zip", zipped(entries, case.answered_at))


def package_data(
    register: Register, case: Case, one: Recording, copy: Copy, statements: tuple[str, ...], audio: str
) -> dict[str, Any]:
    """data.json as its schema has it: instants in UTC, numbers in E.164."""
    assert case.answered_at is not None, "only an answered case has a copy to give"
    return {
        "schema": "portability-1",
        "controller": controller_data(register, case.language),
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
        "call": call_data(one),
        "audio": {"file": audio, "media_type": "audio/mpeg", "bytes": copy.size, "sha256": copy.sha256},
        "statements": list(statements),
    }


def controller_data(register: Register, language: Language) -> dict[str, Any]:
    """Who gives the data."""
    return {
        "name": register.controller.name[language],
        "business_id": register.controller.business_id,
        "register": register.name[language],
    }


def call_data(one: Recording) -> dict[str, Any]:
    """The call as the data subject's own data; the agent's name is not theirs."""
    return {
        "started_at": one.start.isoformat(),
        "ended_at": one.end.isoformat(),
        "seconds": one.seconds,
        "direction": one.direction,
        "own_number": own_number(one),
        "service_number": one.service,
        "queue": one.queue,
    }


def own_number(one: Recording) -> str | None:
    """The data subject's number, E.164; None when it was withheld."""
    return one.other if one.direction == "out" else one.caller


def readme(register: Register, case: Case, audio: str, language: Language) -> str:
    """What lies in the package, in plain words."""
    return _README[language].format(audio=audio, controller=register.controller.name[language], ref=case.ref)
