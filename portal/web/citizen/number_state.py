"""The own numbers of a request as its pages show them: proved, to be proved by a code, or left to staff.

Nothing here tells what staff have found: that a number was looked into would tell that there is something to give.
"""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Any

from flask import request

from portal.domain.case import Case
from portal.domain.matching import CallDescription
from portal.domain.moments import format_date, helsinki
from portal.domain.number_proof import CodeWay, Grade
from portal.domain.phone import mask
from portal.services.prove_number import Asker, OwnNumber, own_numbers
from portal.web.guard import Visit
from portal.web.language import gettext as _

Row = dict[str, Any]


def asker(visit: Visit) -> Asker:
    """Who asks for a code: this person, in this session, from this address."""
    assert visit.identity is not None, "only guarded pages ask for codes"
    assert visit.stored is not None, "whoever is identified has a session"
    return Asker(visit.here.id, visit.identity.subject_key, visit.stored.key, _address())


def _address() -> str:
    """The visitor's network address; of IPv6 the network, for one visitor has billions of addresses in it."""
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(found if found.version == 4 else ip_network((found, 64), strict=False))


def of_calls(visit: Visit, calls: Iterable[CallDescription]) -> tuple[OwnNumber, ...]:
    """The numbers of the calls, where a code can be sent at all; empty where this installation sends none."""
    return own_numbers(visit.office, asker(visit), calls) if visit.office.codes.texts else ()


def provable(numbers: Iterable[OwnNumber]) -> bool:
    """Is there a number among them that a text message can still prove?"""
    return any(one.way is CodeWay.TEXT and one.proved_at is None for one in numbers)


def rows(visit: Visit, calls: Iterable[CallDescription]) -> list[Row]:
    """What the summary of a request being written says of its numbers."""
    url = visit.url("citizen.proof.show")
    return [
        _row(one.number, _("vahvistettu") if one.proved_at else WORDS[one.way](), url) for one in of_calls(visit, calls)
    ]


WORDS = {
    CodeWay.TEXT: lambda: _("ei vahvistettu, varmistamme sen muulla tavalla"),
    CodeWay.CALL_BACK: lambda: _("voimme soittaa sinulle ja antaa koodin"),
    CodeWay.STAFF: lambda: _("varmistamme sen muulla tavalla"),
}


def case_rows(visit: Visit, case: Case) -> list[Row]:
    """What the page of a filed request says of its numbers, and where a code can be typed while it is open."""
    shown: dict[str, Row] = {}
    for call in case.calls:
        number = call.own_number
        if number is None or number in shown:
            continue
        proof = case.number(call.number)
        if proof.grade is Grade.PROVED and proof.at:
            day = format_date(helsinki(proof.at).date())
            shown[number] = _row(number, _("vahvistettu %(day)s", day=day), None)
        elif case.state.open and visit.office.codes.way(number) is not CodeWay.STAFF:
            url = visit.url("citizen.proof.case", ref=case.ref, n=call.number)
            shown[number] = _row(number, _("ei vahvistettu koodilla"), url) | {"action": _("Vahvista")}
    return list(shown.values())


def _row(number: str, words: str, url: str | None) -> Row:
    return {"label": _("Numero"), "value": f"{mask(number)}: {words}", "url": url}
