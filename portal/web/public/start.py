"""The way in: which controller, and what may be asked there."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.domain.letters import period_words
from portal.domain.register import Register
from portal.domain.retention import oldest_kept, parse_period
from portal.domain.rights import rights_by_law
from portal.services.letter_facts import preserved
from portal.web import language
from portal.web.citizen.rights import RIGHT_SHORT
from portal.web.frame import frame
from portal.web.guard import PUBLIC, Visit
from portal.web.routes import Page

page = Page("public.start")
_WEEK = 7


@page.route("/", PUBLIC)
def root(_visit: Visit) -> Response:
    """To the browser's language."""
    return redirect(url_for("public.start.choose", lang=language.chosen()))


@page.route("/<lang>/", PUBLIC)
def choose(visit: Visit) -> str | Response:
    """The controllers; where there is one only, straight to it."""
    registers = visit.office.registers
    if len(registers) == 1:
        return redirect(visit.url("public.start.show", controller=next(iter(registers))))
    return render_template("public/start/choose.html", registers=registers.values(), **frame(visit))


@page.route("/<lang>/<controller>/", PUBLIC)
def show(visit: Visit) -> str:
    """What is recorded and kept how long, what may be asked, and how."""
    here, today = visit.here, visit.office.today()
    rule = here.rule("customer_service")
    return render_template(
        "public/start/show.html",
        period=period_words(rule.period)[visit.language],
        parts=_parts(rule.period),
        oldest=oldest_kept(today, rule),
        today=today,
        rights=[(right, *RIGHT_SHORT[right]) for right in rights_by_law(here)],
        preserved=preserved(visit.office, here.id),
        target=here.service_target_days,
        ended=_ended(here, visit),
        **frame(visit),
    )


def _parts(period: str) -> int:
    """The ruler's segments: months, or weeks where the period is days."""
    length = parse_period(period)
    return length.months or max(1, length.days // _WEEK)


def _ended(register: Register, visit: Visit) -> dict[str, object] | None:
    """Who answers today, where this controller has ended."""
    controller = register.controller
    if controller.valid_to is None or controller.valid_to >= visit.office.today() or controller.successor is None:
        return None
    basis = controller.transfer_basis
    return {
        "on": controller.valid_to,
        "successor": controller.successor[visit.language],
        "basis": basis[visit.language] if basis else "",
    }
