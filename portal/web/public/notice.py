"""How data are used: the controller's notice of the calls in plain words, then this service's own (arts. 13-14).

Everything about the calls comes from the register; what law gives is said even where the notice is silent.
"""

from flask import render_template
from flask_babel import lazy_gettext as _

from portal.domain.letters import period_words
from portal.domain.rights import LegalBasis, rights_by_law
from portal.web.citizen.rights import RIGHT_NAME, RIGHT_SHORT, missing_rights
from portal.web.frame import frame
from portal.web.guard import PUBLIC, Visit
from portal.web.recording_class import RECORDING_CLASS
from portal.web.routes import Page

page = Page("public.notice")

BASIS = {
    LegalBasis.CONSENT: _("suostumus"),
    LegalBasis.CONTRACT: _("sopimus"),
    LegalBasis.LEGAL_OBLIGATION: _("lakisääteinen velvoite"),
    LegalBasis.VITAL_INTEREST: _("elintärkeän edun suojaaminen"),
    LegalBasis.PUBLIC_TASK: _("yleistä etua koskeva tehtävä tai julkinen valta"),
    LegalBasis.LEGITIMATE_INTEREST: _("oikeutettu etu"),
}
DELIVERY = {
    "download": _("Kopio, jonka voit kuunnella ja ladata tässä palvelussa"),
    "transcript": _("Sanatarkka tekstiversio"),
    "post": _("Postitse"),
    "on_site": _("Kuuntelu paikan päällä"),
    "portability": _("Koneluettava tiedosto toista palvelua varten"),
}


@page.route("/<lang>/<controller>/notice", PUBLIC)
def show(visit: Visit) -> str:
    """Both notices on one page."""
    here, language = visit.here, visit.language
    return render_template(
        "public/notice/show.html",
        here=here,
        basis=BASIS,
        retention=[
            {
                "name": RECORDING_CLASS.get(rule.recording_class, rule.recording_class),
                "period": period_words(rule.period)[language],
                "longest": period_words(rule.longest)[language] if rule.longest else "",
            }
            for rule in here.retention
        ],
        delivery=[(DELIVERY[way.manner], [place[language] for place in way.places]) for way in here.delivery],
        rights=[(RIGHT_NAME[right], RIGHT_SHORT[right][1], right.article) for right in rights_by_law(here)],
        missing=missing_rights(here, language),
        tells=bool(visit.office.emails or visit.office.codes.texts),
        **frame(visit),
    )
