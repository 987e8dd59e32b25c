"""The listener's word on which channel is the caller's: the labels of the passages and of the proposals follow it."""

from flask import request
from werkzeug.wrappers import Response

from portal.domain.access import Action
from portal.services.lists import CaseView
from portal.services.tell_channel import tell_channel
from portal.web.guard import STAFF, Visit
from portal.web.routes import Page
from portal.web.staff.desk import go, seen

page = Page("staff.channels")


@page.route("/<lang>/staff/<controller>/cases/<ref>/channels/<recording>", STAFF(Action.LISTEN), methods=("POST",))
def tell(visit: Visit, ref: str, recording: str) -> Response:
    """Keep what was said; an empty choice takes it back."""
    said = request.form.get("caller", "")
    caller = int(said) if said.isdigit() and len(said) == 1 else None
    tell_channel(visit.office, visit.who, ref, recording, caller, seen())
    return go(visit, "staff.listen.show", ref=ref, recording=recording, _anchor="spans-h")


def caller_channel(view: CaseView, recording: str) -> int | None:
    """The caller's channel as it was last told in this case; None: nobody has said, or it was taken back."""
    told = (one.facts for one in view.timeline if one.kind == "channel_told")
    caller: int | None = next((facts["caller"] for facts in told if facts.get("recording") == recording), None)
    return caller
