"""How the person can be told of news here, and how they are: for a request being written, and for a filed one."""

from collections.abc import Iterable
from typing import Any

from portal.domain.case import Case
from portal.domain.lifecycle import ChooseContact, open_steps
from portal.domain.number_proof import CodeWay
from portal.services.choose_contact import proved_numbers
from portal.web.citizen import contact_form
from portal.web.citizen.contact_form import Way
from portal.web.guard import Visit
from portal.web.language import gettext as _


def ways(visit: Visit, proved: Iterable[str]) -> list[Way]:
    """By e-mail, and by text message to the numbers (E.164) that the person has proved; what this installation has."""
    codes = visit.office.codes
    reached = [number for number in proved if codes.way(number) is CodeWay.TEXT]
    return contact_form.ways(reached, email=visit.office.emails is not None)


def ways_of(visit: Visit, case: Case) -> list[Way]:
    """The ways in a filed request; none where it is over."""
    return ways(visit, proved_numbers(case)) if ChooseContact in open_steps(case, visit.who) else []


def rows(visit: Visit, case: Case) -> list[dict[str, Any]]:
    """The summary's row of a filed request; none where this installation tells nobody of anything."""
    if not ways_of(visit, case):
        return []
    url = visit.url("citizen.contact.show", ref=case.ref)
    return [{"label": _("Ilmoitus vastauksesta"), "value": contact_form.words(case.contact), "url": url}]
