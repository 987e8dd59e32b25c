"""Accessibility feedback as staff see it: with its date, once, and their own controller's only."""

from portal.domain.access import Role
from portal.domain.words import Language
from portal.services import give_feedback
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.web.staff.desk import address, at_desk


def test_staff_see_it_with_its_date_and_note_the_answer_once(app: Portal, office: Office) -> None:
    give_feedback.give_feedback(office, "espoo", "Kirje ei aukea", "09 1234", Language.FI)
    desk = at_desk(app, office, make.clerk(office, "kaisa", Role.HANDLER))
    page = desk.get(address("feedback"))
    assert "Kirje ei aukea" in page.text
    assert "2.7.2026" in page.text
    done = desk.press(page, "Merkitse vastatuksi")
    assert "Vastattu 18.6.2026" in done.text
    assert desk.press(page, "Merkitse vastatuksi").status == 404


def test_another_controllers_feedback_is_not_shown(app: Portal, office: Office) -> None:
    give_feedback.give_feedback(office, "janakkala", "Kirje ei aukea", "", Language.FI)
    desk = at_desk(app, office, make.clerk(office, "kaisa", Role.HANDLER))
    assert "Kirje ei aukea" not in desk.get(address("feedback")).text
