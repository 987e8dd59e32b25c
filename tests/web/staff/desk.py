"""A staff member at their browser: signed in without the forms, or through them."""

from portal.services import staff_sign_in
from portal.services.office import Office
from portal.web.app import Portal
from tests.make import Clerk
from tests.web.client import Browser


def at_desk(app: Portal, office: Office, who: Clerk, language: str = "fi") -> Browser:
    """A browser in which this staff member is signed in: the session as the second factor leaves it."""
    browser = Browser(app, language)
    now = office.now()
    with office.writing() as work:
        cookie = work.sessions.start("staff", who.actor.id, {}, now + staff_sign_in.LONGEST, now, now)
    browser.client.set_cookie("kuuluu-staff", cookie)
    return browser


def address(page: str, ref: str = "", register: str = "espoo", language: str = "fi") -> str:
    """/fi/staff/espoo/cases/R-2026-00001/decision and its like; `page` may hold {ref}."""
    return f"/{language}/staff/{register}/{page.format(ref=ref)}"
