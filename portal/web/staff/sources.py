"""The recording sources for administrators and auditors: what each can do, how fresh it is, and what was refused."""

from dataclasses import dataclass
from datetime import timedelta

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from portal.domain.access import Action
from portal.domain.recording import Capability
from portal.services import lists
from portal.services.harvest import clock_warning
from portal.services.lists import SourcesView
from portal.services.live_sources import searched_live
from portal.services.ports import Harvest
from portal.services.ports.sources import SourceState
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.desk import desk

page = Page("staff.sources")
LATE = timedelta(minutes=5)
STALE = timedelta(hours=1)
CAN = {
    Capability.LIST: lazy_gettext("luettelo"),
    Capability.SEARCH: lazy_gettext("haku pyyntöä varten, ei luettelointia"),
    Capability.FETCH: lazy_gettext("nouto"),
    Capability.RANGE: lazy_gettext("nouto osissa"),
    Capability.HOLD: lazy_gettext("poistokielto"),
    Capability.RESTRICT: lazy_gettext("käytön rajoitus"),
    Capability.DELETE: lazy_gettext("poisto"),
    Capability.VERIFY_ABSENT: lazy_gettext("poiston tarkistus"),
    Capability.PUSH: lazy_gettext("vastaanotto"),
}
FAULT = {
    "denied": lazy_gettext("Lähde estää lukemisen"),
    "transient": lazy_gettext("Lähteeseen ei saada yhteyttä"),
    "notfound": lazy_gettext("Lähteestä puuttuu tiedosto"),
}


@dataclass(frozen=True)
class SourceLine:
    """One source: its name, what it can do itself, who is asked for the rest, and how it stands."""

    name: str
    can: tuple[str, ...]
    operator: str
    harvest: Harvest | None
    state: SourceState | None
    lag: str
    stale: bool
    clock: str
    live: bool = False

    @property
    def fault(self) -> str:
        """Why it could not be read the last time; empty: it could."""
        return str(FAULT.get(self.state.fault, _("Lukeminen ei onnistunut"))) if self.state and self.state.fault else ""

    @property
    def percent(self) -> int | None:
        """How much of it is read, while a long harvest goes on."""
        unfinished = self.state and self.state.progress is not None and self.state.progress < 1
        return int(self.state.progress * 100) if unfinished and self.state and self.state.progress else None


@page.route("/<lang>/staff/<controller>/sources", STAFF(Action.SEE_SOURCES))
def list_(visit: Visit) -> str:
    """Harvests with their lag, refused rows with file, line and reason, and the state of background work."""
    view = lists.sources_view(visit.office, visit.who)
    now = visit.office.now()
    late = view.oldest_due is not None and now - view.oldest_due > LATE
    waits = _length(now - view.oldest_due) if late and view.oldest_due else ""
    return render_template(
        "staff/sources/list.html", **desk(visit, sources=view, lines=_lines(visit, view), waits=waits)
    )


def _lines(visit: Visit, view: SourcesView) -> list[SourceLine]:
    now, read = visit.office.now(), {one.source: one for one in view.harvests}
    found = []
    for source in sorted(visit.office.sources.values(), key=lambda one: one.id):
        if source.register != visit.here.id:
            continue
        one, state = read.get(source.id), view.states.get(source.id)
        waited = now - one.harvested_at if one else timedelta()
        found.append(
            SourceLine(
                source.id, tuple(str(CAN[what]) for what in CAN if what in source.capabilities), source.operator, one,
                state, _length(waited) if one else "", waited > STALE and not searched_live(source),
                clock_warning(state.skew if state else None),
                searched_live(source),
            )
        )  # fmt: skip
    return found


def _length(span: timedelta) -> str:
    """12 min, 5 h or 3 d: as coarse as it is long."""
    minutes = max(0, round(span / timedelta(minutes=1)))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else str(_("%(num)d pv", num=minutes // 1440))
