"""The portability package: its data keep the published schema, its bytes are those delivered, and nobody else's."""

import hashlib
import json
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from jsonschema import Draft202012Validator, ValidationError

from portal.domain.rights import Right, rights_by_law
from portal.domain.words import Language
from portal.jobs import runner
from portal.services import hand_over
from portal.services.office import Office
from portal.services.portability import SCHEMA, open_package
from portal.services.ports import Absent
from tests import make
from tests.services.walk import Walk, walk

PUBLISHED: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))


def given(here: Office, language: Language = Language.FI, right: Right = Right.PORTABILITY) -> Walk:
    """A granted request of a register whose processing rests on consent or contract."""
    made = walk(here, make.request(right, language=language), register="pk_terveys").taken().heard()
    made.proposed(outcome="granted").approved().signed()
    runner.drain(here)
    return made


def opened(made: Walk) -> ZipFile:
    package = open_package(made.office, made.citizen, made.filed.ref, 1)
    return ZipFile(BytesIO(b"".join(package.pieces)))


def test_the_package_holds_the_audio_as_delivered_its_data_the_schema_and_a_readme(here: Office) -> None:
    made = given(here)
    package = opened(made)
    audio = f"{made.filed.ref}-1.mp3"
    assert package.testzip() is None
    assert package.namelist() == ["README.txt", "data.json", "schema.json", audio]
    data = json.loads(package.read("data.json"))
    Draft202012Validator.check_schema(PUBLISHED)
    Draft202012Validator(PUBLISHED).validate(data)
    assert json.loads(package.read("schema.json")) == PUBLISHED
    assert hashlib.sha256(package.read(audio)).hexdigest() == data["audio"]["sha256"]
    assert len(package.read(audio)) == data["audio"]["bytes"]
    copy = hand_over.open_copy(here, made.citizen, made.filed.ref, 1)
    assert package.read(audio) == b"".join(copy.read(0, copy.size))


def test_the_data_are_the_persons_own_and_the_agents_name_stays_out(here: Office) -> None:
    data = json.loads(opened(given(here)).read("data.json"))
    assert data["call"]["own_number"] == make.NUMBER
    assert data["data_subject"]["family_name"] == "Soittola"
    assert datetime.fromisoformat(data["call"]["started_at"]).utcoffset() is not None
    assert "Agentti" not in json.dumps(data)


@pytest.mark.parametrize("change", [{"extra": 1}, {"audio": {}}, {"schema": "portability-2"}])
def test_the_schema_refuses_what_it_does_not_know(here: Office, change: dict[str, Any]) -> None:
    data = json.loads(opened(given(here)).read("data.json"))
    with pytest.raises(ValidationError):
        Draft202012Validator(PUBLISHED).validate(data | change)


@pytest.mark.parametrize(
    ("language", "word"), [(Language.SV, "Överföringspaket"), (Language.EN, "Portability package")]
)
def test_the_readme_is_in_the_cases_language(here: Office, language: Language, word: str) -> None:
    assert opened(given(here, language)).read("README.txt").decode().startswith(word)


def test_a_correcting_statement_travels_with_the_recording(here: Office) -> None:
    made = given(here)
    with here.writing() as work:
        text = "Oikea osoite on Esimerkkikuja 4."
        work.recordings.attach(made.recordings[0], made.case.id, "pk_terveys", text, here.now())
    assert json.loads(opened(made).read("data.json"))["statements"] == [text]


def test_the_same_answer_makes_the_same_bytes(here: Office) -> None:
    made = given(here)
    first, again = (b"".join(open_package(here, made.citizen, made.filed.ref, 1).pieces) for _ in range(2))
    assert first == again


def test_no_package_of_another_right_or_another_person(here: Office) -> None:
    made = given(here, right=Right.ACCESS)
    with pytest.raises(Absent):
        open_package(here, made.citizen, made.filed.ref, 1)
    foreign = make.filed(here, who=make.identified("Eero Esimerkkilä", "040387-913K"), register="pk_terveys")
    with pytest.raises(Absent):
        open_package(here, make.citizen(foreign, "pk_terveys"), given(here).filed.ref, 1)


def test_the_letter_names_the_package_and_its_formats(here: Office) -> None:
    made = given(here)
    with here.reading() as work:
        letter = next(one for one in work.documents.of_case(made.case.id) if one.kind == "portability")
        html = work.documents.html(made.case.id, letter.id, work.cases.box(made.case)) or ""
    assert "siirtopaketti, puhelu 16.6.2026 14.12" in html.replace("\xa0", " ")
    assert "ZIP (MP3, JSON)" in html


def test_portability_exists_only_where_consent_or_contract_is_a_basis(here: Office) -> None:
    having = {one for one, register in here.registers.items() if Right.PORTABILITY in rights_by_law(register)}
    assert "pk_terveys" in having
    assert "espoo" not in having
