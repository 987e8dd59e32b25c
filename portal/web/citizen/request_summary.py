"""A request in words, as it was understood: for checking before it is sent, and on its pages afterwards."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.domain.case import Address, Case, Wishes
from portal.domain.dispatch import Way
from portal.domain.letters import period_words
from portal.domain.matching import CallDescription
from portal.domain.register import Register
from portal.domain.rights import Right
from portal.domain.words import Language
from portal.web.citizen import call_form, caller_form
from portal.web.citizen.details_form import GROUNDS, LANGUAGES
from portal.web.citizen.rights import RIGHT_TEXT

Row = dict[str, Any]
Change = Callable[..., str | None]


def lines(described: Iterable[CallDescription], register: Register, today: date, language: str) -> list[Row]:
    """Each call as it was understood, with what the person should know of it."""
    period = period_words(register.rule("customer_service").period)[language]
    return [
        {
            "n": one.number,
            "when": call_form.when(one, language),
            "called": call_form.called_words(one, register, language),
            "own": call_form.own_words(one),
            "notices": list(call_form.notices(one, register, today, period)),
        }
        for one in described
    ]


def rows(
    right: Right, calls: list[Row], wishes: Wishes, answer_language: Language, address: Address | None,
    register: Register, language: str, change: Change, *, unposted: bool, called_by: list[str],
    numbers: Iterable[Row] = (), told: str = "",
) -> list[Row]:  # fmt: skip
    """The rows of a summary list. `change(step, **values)` is the address where an answer is changed, or None.
    `called_by`: who made the call and for whom the request is.
    `unposted`: nothing may be posted, for the address is under non-disclosure.
    `numbers`: the rows on the own numbers. `told`: how the person is told of news; empty where nobody asked."""
    shown = [_row(_("Pyydät"), RIGHT_TEXT[right], change("right")), _row(_("Kuka soitti"), called_by, change("caller"))]
    for call in calls:
        value = [call["when"], _("numeroon: ") + call["called"], _("numerosta: ") + call["own"]]
        shown.append(_row(_("Puhelu %(n)d", n=call["n"]), value, change("call", n=call["n"])))
    shown += numbers
    if not calls:
        shown.append(_row(_("Puhelut"), _("Pyyntö ei koske tiettyä puhelua."), change("call", n=1)))
    shown += [_row(label, value, change("details")) for label, value in _wished(wishes, register, language) if value]
    shown.append(_row(_("Vastaus"), _answer(right, address, unposted=unposted), change("details")))
    if told:
        shown.append(_row(_("Ilmoitus vastauksesta"), told, change("details")))
    shown.append(_row(_("Vastauksen kieli"), LANGUAGES[answer_language], change("details")))
    return shown


def of_case(case: Case, register: Register, today: date, language: str, numbers: Iterable[Row] = ()) -> list[Row]:
    """The rows of a filed request: nothing in it can be changed any more."""
    calls = lines(case.calls, register, today, language)
    return rows(
        case.right,
        calls,
        case.wishes,
        case.language,
        case.applicant.address,
        register,
        language,
        lambda *_a, **_k: None,
        called_by=caller_form.lines(case.representative, today),
        numbers=numbers,
        unposted=case.dispatch is not None and case.dispatch.protected and case.way is not Way.POST,
    )


def _wished(wishes: Wishes, register: Register, language: str) -> Iterable[tuple[str, Any]]:
    names = {purpose.code: purpose.name[language] for purpose in register.purposes}
    yield _("Mikä on väärin"), wishes.wrong
    yield _("Miten sen pitäisi olla"), wishes.correct
    yield _("Kopio ensin"), _("Kyllä") if wishes.copy_first else ""
    yield _("Tekstiversio"), _("Kyllä") if wishes.transcript else ""
    yield _("Syy"), str(GROUNDS.get(wishes.ground, ""))
    yield _("Käyttö, jota pyyntö koskee"), [names.get(code, code) for code in wishes.purposes]
    yield _("Perustelusi"), wishes.reason


def _answer(right: Right, address: Address | None, *, unposted: bool) -> list[str]:
    told = [_("Tässä palvelussa, kopio äänitiedostona") if right in _GIVES else _("Tässä palvelussa")]
    if unposted:
        told.append(_("Turvakielto: emme lähetä mitään postitse."))
    elif address:
        told += [_("Kirje postitse:"), address.street, f"{address.postcode} {address.town}"]
    return told


_GIVES = (Right.ACCESS, Right.PORTABILITY)


def _row(label: str, value: Any, url: str | None) -> Row:
    return {"label": label, "value": value if isinstance(value, list) else str(value), "url": url}
