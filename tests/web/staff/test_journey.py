"""A case walks through the staff's pages: taken up, chosen, heard, decided, approved, signed, posted, closed."""

from portal.domain.access import Role
from portal.services import lists
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.staff.desk import address, at_desk


def test_a_request_is_granted_by_two_pairs_of_hands(app: Portal, office: Office) -> None:
    make.recorded(office, make.segment())
    ref = make.filed(office).ref
    first = make.clerk(office, "aino", Role.HANDLER, Role.LISTENER)
    second = make.clerk(office, "veikko", Role.DECISION_MAKER)
    desk = at_desk(app, office, first)
    page = desk.click(desk.get(address("queue")), "Tuulikki Soittola")
    page = desk.press(page, "Ota käsittelyyn")
    page = desk.press(page, "Tämä on puhelu")
    page = desk.press(page, "Tallenna", verdict="fits", how="Puhuja sanoo nimensä ja asiansa.")
    page = desk.click(page, "Varmista soittajan numero")
    page = desk.press(page, "Merkitse tuetuksi", **{"support1-how": "details", "support1-note": "Sama syntymäaika"})
    page = desk.click(desk.click(page, "Palaa asiaan"), "Tee päätös")
    page = desk.press(page, "Tallenna ja tarkista", **{"i1-outcome": "granted"})
    page = desk.press(page, "Lähetä hyväksyttäväksi")
    assert "Odottaa toisen henkilön hyväksyntää" in page.text
    other = at_desk(app, office, second)
    page = other.click(other.get(address("approvals")), "Tuulikki Soittola")
    page = other.press(page, "Hyväksy")
    assert "Hyväksymme pyyntösi" in page.text
    page = other.press(page, "Allekirjoita ja lähetä")
    page = other.press(page, "Merkitse postitetuksi")
    assert "postitettu 18.6.2026" in page.text
    page = other.press(page, "Päätä asia")
    assert lists.case_view(office, second.actor, ref).case.state.value == "closed"
