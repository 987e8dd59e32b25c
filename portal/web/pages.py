"""The pages of each face, by subject."""

from importlib import import_module

from portal.web.routes import Page

_PUBLIC = ("public.start", "public.notice", "public.accessibility", "public.paper", "public.verify")
_CITIZEN = (
    "citizen.sign_in",
    "citizen.saml",
    "citizen.caller",
    "citizen.request",
    "citizen.proof",
    "citizen.cases",
    "citizen.case",
    "citizen.reply",
    "citizen.copies",
    "citizen.sessions",
)
_STAFF = (
    "staff.start", "staff.sign_in", "staff.step_up", "staff.sessions", "staff.queue", "staff.case", "staff.calls",
    "staff.listen", "staff.redaction", "staff.decision", "staff.letter", "staff.approval", "staff.acts",
    "staff.time_limits", "staff.sources", "staff.push", "staff.audit", "staff.accounts", "staff.credentials",
    "staff.feedback", "staff.proceedings", "staff.recipients", "staff.retention", "staff.metadata", "staff.numbers",
    "staff.transcript", "staff.mailroom", "staff.representation", "staff.organisation",
)  # fmt: skip


def pages_of(face: str) -> tuple[Page, ...]:
    """The pages of citizen, staff or both; the error pages and static files belong to every face."""
    names = {"citizen": _PUBLIC + _CITIZEN, "staff": _STAFF, "both": _PUBLIC + _CITIZEN + _STAFF}[face]
    return tuple(import_module(f"portal.web.{name}").page for name in names)
