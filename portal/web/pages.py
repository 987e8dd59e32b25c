"""The pages of each face, by subject."""

from importlib import import_module

from portal.web.routes import Page

_PUBLIC = ("public.start", "public.notice", "public.accessibility", "public.paper", "public.verify")
_EVERY = ("health",)
_CITIZEN = (
    "citizen.sign_in",
    "citizen.saml",
    "citizen.caller",
    "citizen.request",
    "citizen.proof",
    "citizen.cases",
    "citizen.case",
    "citizen.contact",
    "citizen.visit",
    "citizen.reply",
    "citizen.copies",
    "citizen.sessions",
)
_STAFF = (
    "staff.start", "staff.sign_in", "staff.step_up", "staff.sessions", "staff.queue", "staff.case", "staff.calls",
    "staff.dossier", "staff.channels",
    "staff.listen", "staff.redaction", "staff.decision", "staff.letter", "staff.approval", "staff.acts",
    "staff.slots", "staff.time_limits", "staff.sources", "staff.push", "staff.audit", "staff.accounts",
    "staff.credentials", "staff.feedback", "staff.proceedings", "staff.recipients", "staff.retention", "staff.metadata",
    "staff.numbers",
    "staff.transcript", "staff.grants", "staff.visits", "staff.station", "staff.mailroom",
    "staff.representation", "staff.organisation", "staff.erasures", "staff.longer", "staff.reviews",
)  # fmt: skip


def pages_of(face: str) -> tuple[Page, ...]:
    """The pages of citizen, staff or both; the error pages and static files belong to every face."""
    names = {"citizen": _PUBLIC + _CITIZEN, "staff": _STAFF, "both": _PUBLIC + _CITIZEN + _STAFF}[face]
    return tuple(import_module(f"portal.web.{name}").page for name in names + _EVERY)
