"""Where a data subject can complain, in words: told by the applicant, recorded by staff, shown on both faces."""

from portal.domain.register import Register
from portal.web.language import lazy_gettext as _

OTHER = "other"
BODY = {
    "ombudsman": _("Tietosuojavaltuutettu"),
    "administrative_court": _("Hallinto-oikeus"),
    "district_court": _("Käräjäoikeus"),
    OTHER: _("Muu viranomainen tai tuomioistuin"),
}


def bodies_of(register: Register) -> dict[str, object]:
    """The bodies that a matter of this register can come before: an appeal lies only against an authority."""
    public = register.controller.sector.public
    return {code: name for code, name in BODY.items() if public or code != "administrative_court"}


def body_name(body: str) -> object:
    """The name of a body: of a known code, or as it was written."""
    return BODY.get(body, body)
