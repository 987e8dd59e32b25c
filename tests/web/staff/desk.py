"""A staff member at their browser: signed in without the forms, or through them."""

from collections.abc import Callable
from datetime import datetime

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


Desk = Callable[[], Browser]


def at_desk_daily(app: Portal, office: Office, who: Clerk) -> Desk:
    """The same browser, and a new sign-in when the clock has moved: sessions do not outlive days."""
    made: dict[datetime, Browser] = {}

    def desk() -> Browser:
        now = office.now()
        if now not in made:
            made[now] = at_desk(app, office, who)
        return made[now]

    return desk


def address(page: str, ref: str = "", register: str = "espoo", language: str = "fi") -> str:
    """/fi/staff/espoo/cases/R-2026-00001/decision and its like; `page` may hold {ref}."""
    return f"/{language}/staff/{register}/{page.format(ref=ref)}"
