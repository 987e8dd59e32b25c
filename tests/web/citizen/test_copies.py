"""What is done with a copy besides hearing it: the portability package, and the word that it has been kept."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from portal.domain.case import Wishes
from portal.domain.rights import Right
from portal.jobs import runner
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk, walk
from tests.web.client import Browser, entered

KEPT = "Kopio on minulla, poistakaa tallenne"


def answered(office: Office, right: Right, register: str, wishes: Wishes) -> Walk:
    made = walk(office, make.request(right, wishes=wishes), register=register).taken().heard()
    made.proposed(outcome="granted").approved().signed()
    runner.drain(office)
    return made


@pytest.fixture
def erasure(office: Office) -> Walk:
    return answered(office, Right.ERASURE, "espoo", Wishes(copy_first=True))


def state(made: Walk) -> int:
    with made.office.reading() as work:
        found = work.recordings.get(made.recordings[0])
    assert found is not None
    return found.state


def test_a_portability_answer_gives_the_package_and_its_schema(office: Office, citizen: Browser) -> None:
    made = answered(office, Right.PORTABILITY, "pk_terveys", Wishes())
    page = citizen.get(f"/fi/pk_terveys/cases/{made.filed.ref}/reply")
    package = citizen.client.get(page.link("Lataa siirtopaketti (ZIP)"))
    assert package.mimetype == "application/zip"
    assert package.headers["Cache-Control"] == "no-store"
    assert f"{made.filed.ref}-1.mp3" in ZipFile(BytesIO(package.data)).namelist()
    schema = citizen.client.get(page.link("Tietojen rakenne (JSON Schema)"))
    assert (schema.status_code, schema.mimetype) == (200, "application/json")
    assert "copy_downloaded" in made.actions


def test_the_recording_goes_when_the_copy_is_said_to_be_kept(office: Office, citizen: Browser, erasure: Walk) -> None:
    page = citizen.get(f"/fi/espoo/cases/{erasure.filed.ref}/reply")
    asked = citizen.click(page, "Kopio on minulla")
    assert "Poistettua tallennetta ei saa takaisin." in asked.text
    assert state(erasure) == 0
    assert citizen.press(asked, KEPT).status == 200
    runner.drain(office)
    assert state(erasure) == 3
    page = citizen.get(f"/fi/espoo/cases/{erasure.filed.ref}/reply")
    assert "Vahvistit, että kopio on sinulla" in page.text


def test_nobody_else_says_so(app: Portal, office: Office, erasure: Walk) -> None:
    stranger = entered(app, office, make.identified("Eero Esimerkkilä", "040387-913K"))
    make.filed(office, who=make.identified("Eero Esimerkkilä", "040387-913K"))
    assert stranger.get(f"/fi/espoo/cases/{erasure.filed.ref}/copy-kept").status == 404


def test_an_access_answer_has_nothing_to_keep_or_to_move(office: Office, citizen: Browser) -> None:
    made = answered(office, Right.ACCESS, "espoo", Wishes())
    page = citizen.get(f"/fi/espoo/cases/{made.filed.ref}/reply")
    assert "Kopio on minulla" not in page.text
    assert "siirtopaketti" not in page.text
    assert citizen.client.get(f"/fi/espoo/cases/{made.filed.ref}/package/1").status_code == 404
    assert citizen.get(f"/fi/espoo/cases/{made.filed.ref}/copy-kept").h1 == "Vastaus pyyntöösi"
    sent = {"csrf_token": page.value("csrf_token")}
    assert citizen.post(f"/fi/espoo/cases/{made.filed.ref}/copy-kept", sent).status == 409


def test_the_receipt_of_a_withdrawal_says_that_it_holds_now(office: Office, citizen: Browser) -> None:
    wanted = make.request(Right.WITHDRAWAL, wishes=Wishes(purposes=("marketing",)))
    filed = make.filed(office, wanted, register="pk_terveys")
    page = citizen.get(f"/fi/pk_terveys/request/received/{filed.ref}")
    assert "Peruutus on voimassa tästä hetkestä" in page.text
