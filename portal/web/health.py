"""How the portal is, for monitoring: whether a hold has failed and whether the worker runs, as codes and numbers.

Only for who shows the token: that a number rises when somebody files a request would tell whether a call was recorded.
"""

import hmac

from flask import Response, current_app, jsonify, request

from portal.services.hold_alarms import counts
from portal.web.guard import PUBLIC, Visit
from portal.web.routes import Page

page = Page("health")


@page.route("/health", PUBLIC)
def show(visit: Visit) -> Response:
    """200 when nothing must be looked at, else 503 with what; to everybody else there is no such page."""
    token: str = current_app.config["HEALTH_TOKEN"]
    shown = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
        return Response(status=404)
    found = counts(visit.office)
    answer = jsonify(status="alarm" if found else "ok", alarms=found)
    answer.status_code = 503 if found else 200
    answer.headers["Cache-Control"] = "no-store"
    return answer
