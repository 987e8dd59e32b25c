"""What every staff page shares: the navigation that the roles give, the head of a case's pages, the stale guard."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, request
from werkzeug.wrappers import Response

from portal.domain.access import Action, Role, actions_of
from portal.domain.moments import at_time
from portal.domain.visits import offers_visits
from portal.services.lists import CandidateView, CaseView
from portal.services.ports import Account
from portal.web.frame import frame
from portal.web.guard import Visit, address
from portal.web.language import gettext as _
from portal.web.staff import clocks, words


@dataclass(frozen=True)
class Link:
    """A link of the navigation, of the choice of controller, or of a case's tabs (url None: not open)."""

    label: str
    url: str | None
    current: bool = False
    done: bool = False


def desk(visit: Visit, **values: Any) -> dict[str, Any]:
    """Template values of the staff layout, and `values` on top; `seen_by_frame` holds what the layout's follow from."""
    given = frame(visit)
    urls = dict(given["urls"])
    if visit.account and visit.register:
        actions = actions_of(visit.account.roles.get(visit.register.id, frozenset()))
        urls["home"] = landing(visit, visit.register.id)
        if Action.SEE_CASE not in actions:
            urls.pop("search", None)
        given["nav"] = _nav(visit, actions)
        given["controllers"] = [
            Link(visit.office.registers[one].controller.name[visit.language], landing(visit, one), one == visit.here.id)
            for one in registers_of(visit, visit.account)
        ]
    return given | {"urls": urls, "words": words} | values


def registers_of(visit: Visit, account: Account) -> tuple[str, ...]:
    """The ids of the registers in which the account holds a role, in the order of the registers."""
    return tuple(one for one in visit.office.registers if account.roles.get(one))


def landing(visit: Visit, register: str) -> str:
    """Where the account's work in a register begins: the queue, the sources or the audit trail."""
    roles = visit.account.roles.get(register, frozenset()) if visit.account else frozenset()
    endpoint = "staff.queue.list"
    if roles <= {Role.ADMINISTRATOR}:
        endpoint = "staff.sources.list"
    elif roles <= {Role.AUDITOR, Role.ADMINISTRATOR}:
        endpoint = "staff.audit.list"
    return address(endpoint, visit.language.value, register)


def _nav(visit: Visit, actions: frozenset[Action]) -> list[Link]:
    pages: tuple[tuple[Action, str, str, tuple[str, ...]], ...] = (
        (Action.SEE_CASE, "staff.queue.list", _("Jono"), ("staff.queue", "staff.case", "staff.calls", "staff.dossier",
                                                          "staff.channels",
                                                          "staff.listen",
                                                          "staff.redaction",
                                                          "staff.decision", "staff.letter", "staff.acts",
                                                          "staff.time_limits", "staff.recipients", "staff.metadata",
                                                          "staff.proceedings", "staff.erasures", "staff.longer",
                                                          "staff.feedback", "staff.transcript",
                                                          "staff.representation", "staff.grants",
                                                          "staff.numbers")),
        (Action.APPROVE, "staff.approval.list", _("Hyväksyttävät"), ("staff.approval",)),
        (Action.POST_LETTER, "staff.mailroom.list", _("Postitus"), ("staff.mailroom",)),
        (Action.SEE_SOURCES, "staff.sources.list", _("Lähteet"), ("staff.sources", "staff.retention")),
        (Action.SEE_AUDIT, "staff.audit.list", _("Lokihaku"), ("staff.audit",)),
        (Action.MANAGE_STAFF, "staff.accounts.list", _("Käyttäjät"), ("staff.accounts",)),
    )  # fmt: skip
    if visit.register and offers_visits(visit.register):
        visits = (Action.SEE_CASE, "staff.visits.list", _("Kuuntelukäynnit"), ("staff.visits",))
        slots = (Action.DECIDE, "staff.slots.show", _("Kuunteluajat"), ("staff.slots",))
        pages = (*pages[:1], visits, slots, *pages[1:])
    here = (request.endpoint or "").rpartition(".")[0]
    return [
        Link(label, visit.url(endpoint), here in own) for action, endpoint, label, own in pages if action in actions
    ]


def case_desk(visit: Visit, view: CaseView, tab: str, **values: Any) -> dict[str, Any]:
    """Template values of a page of one case: the head with its clocks and tabs, and the steps open to this actor."""
    today, language = visit.office.today(), visit.language.value
    case = view.case
    head = {
        "queue_url": visit.url("staff.queue.list"),
        "ref": case.ref,
        "name": case.applicant.name,
        "pills": (
            {"text": words.RIGHT[case.right]},
            {"text": _("Tunnistettu vahvasti"), "icon": "shield-check"},
            {"text": words.STATE[case.state]},
        ),
        "note": _("Asiointikieli %(language)s", language=words.LANGUAGE[case.language]),
        "answer": clocks.of_case(case, today, language),
        "recording": clocks.of_recording(view.keeping, view.expires_on, today, language),
        "tabs": _tabs(visit, view, tab),
    }
    steps = frozenset(step.__name__ for step in view.steps)
    labels: dict[str, str] = current_app.config["PROVIDER_LABELS"]
    provider = labels.get(case.evidence.provider, case.evidence.provider)
    shared = {"provider": provider, "view": view, "case": case, "head": head, "steps": steps, "today": today}
    return desk(visit, **shared, clock_time=lambda clock: at_time(clock, language), **values)


def _tabs(visit: Visit, view: CaseView, tab: str) -> tuple[Link, ...]:
    case, may = view.case, actions_of(visit.who.roles)
    heard = listen_target(view)
    checked = bool(case.chosen) and all(finding.speaker for finding in case.chosen)
    listen = visit.url("staff.listen.show", ref=case.ref, recording=heard) if heard else None
    decide = visit.url("staff.decision.edit", ref=case.ref) if Action.DECIDE in may else None
    sign = visit.url("staff.letter.show", ref=case.ref) if Action.SIGN in may else None
    return (
        Link(_("Asia"), visit.url("staff.case.show", ref=case.ref), tab == "case"),
        Link(_("Puhelut"), visit.url("staff.calls.list", ref=case.ref), tab == "calls", bool(case.chosen)),
        Link(_("Kuuntelu"), listen, tab == "listen", checked),
        Link(_("Päätös"), decide, tab == "decision", case.decision is not None),
        Link(_("Kirje"), sign, tab == "letter", case.answered_at is not None),
    )


def listen_target(view: CaseView) -> str | None:
    """The recording to hear next, of those that the reader may hear: a chosen one not yet checked, else the best
    candidate; None when closed or none."""
    if not view.case.state.open:
        return None
    unchecked = [finding.recording for finding in view.case.chosen if finding.speaker is None]
    known = [one.recording.id for one in view.candidates if one.recording and one.hearable]
    return next((one for one in (*unchecked, *(f.recording for f in view.case.chosen), *known) if one in known), None)


def candidate_of(view: CaseView, recording: str) -> CandidateView | None:
    """The candidate with this recording."""
    return next((one for one in view.candidates if one.recording and one.recording.id == recording), None)


def seen() -> int:
    """The case's moves on the page that sent this form; -1, which is always stale, when the form does not say."""
    text = request.form.get("seen", "")
    return int(text) if text.isdigit() and len(text) < 10 else -1


def go(visit: Visit, endpoint: str, **values: Any) -> Response:
    """See other: where a handled form leads."""
    return redirect(visit.url(endpoint, **values), 303)
