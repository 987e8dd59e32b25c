"""The match dossier for staff: on the page of calls, on a page to print, and as a file."""

import hashlib
import json

from portal.domain.access import Role
from portal.domain.rights import Right
from portal.services import harvest
from portal.services.office import Office
from portal.services.take_up import take_up
from portal.web.app import Portal
from tests import make
from tests.web.staff.desk import address, at_desk


def test_the_clerk_reads_prints_and_saves_what_was_searched(app: Portal, office: Office) -> None:
    harvest.harvest(office, "fake-espoo")
    make.recorded(office, make.segment())
    ref = make.filed(office).ref
    who = make.clerk(office, "aino", Role.HANDLER)
    desk = at_desk(app, office, who)
    take_up(office, who.actor, ref, 0)
    desk.press(desk.get(address("cases/{ref}/calls", ref)), "Tämä on puhelu", it_is="yes")
    for page in (desk.get(address("cases/{ref}/calls", ref)), desk.get(address("cases/{ref}/calls/dossier", ref))):
        told = page.text.replace("\xa0", " ")
        for said in (
            "Tallennettu versio 2, 18.6.2026", "Pyynnön tiedoilla", "040 *** **67", "6.6.2026 0.00 – 27.6.2026 0.00",
            "UTC 5.6.2026 21.00 – 26.6.2026 21.00", "fake-espoo", "luettu viimeksi 18.6.2026 12.00, viive 0 min",
            "Vanhin päivä, jolta tallenne voi olla", "sama numero; 12 minuuttia ilmoitettua myöhemmin", "Valittu",
        ):  # fmt: skip
            assert said in told, said
    file = desk.client.get(address("cases/{ref}/calls/dossier.json", ref))
    assert json.loads(file.data)["searches"][0]["own_masked"] == "040 *** **67"
    assert b"234567" not in file.data.replace(b" ", b"")
    assert hashlib.sha256(file.data).hexdigest()[:16] in page.text
    assert file.headers["Cache-Control"] == "no-store"
    assert file.headers["Content-Disposition"] == f'attachment; filename="{ref}-dossier-2.json"'


def test_nothing_found_is_told_with_the_rule_and_the_day(app: Portal, office: Office) -> None:
    day = make.NOON.date().replace(year=2025, month=11, day=3)
    ref = make.filed(office, make.request(Right.ACCESS, make.call(day=day))).ref
    who = make.clerk(office, "aino", Role.HANDLER)
    told = at_desk(app, office, who).get(address("cases/{ref}/calls/dossier", ref)).text
    assert "Tallenne poistui 3.5.2026." in told
    assert "6 kuukautta" in told


def test_a_request_without_number_and_service_says_that_nothing_could_be_searched(app: Portal, office: Office) -> None:
    ref = make.filed(office, make.request(Right.ACCESS, make.call(own_number=None, service_number=None))).ref
    who = make.clerk(office, "aino", Role.HANDLER)
    told = at_desk(app, office, who).get(address("cases/{ref}/calls/dossier", ref)).text
    assert "Ei voitu hakea: numero ja palvelu puuttuvat" in told
