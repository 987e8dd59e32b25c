"""The words of acting for another on the staff's pages."""

from portal.domain.representation import Guardians, Kind, Mandate, Proof
from portal.web.language import lazy_gettext as _

KIND = {
    Kind.CHILD: _("huoltajana lapsen puolesta"),
    Kind.MANDATE: _("toisen ihmisen puolesta"),
    Kind.ORGANISATION: _("organisaation puolesta"),
    Kind.ESTATE: _("kuolleen soittajan asiassa"),
}
GUARDIANS = {
    Guardians.SOLE: _("ainoa huoltaja"),
    Guardians.TOGETHER: _("kaksi huoltajaa, pyytävät yhdessä"),
    Guardians.ALONE: _("kaksi huoltajaa, pyytää yksin"),
}
VERDICT = {
    Mandate.ALLOWED: _("Saa toimia"),
    Mandate.DISALLOWED: _("Ei saa toimia"),
    Mandate.ASK: _("Tarvitaan lisää selvitystä"),
}
PROOF = {
    Proof.MANDATE: _("Valtakirja"),
    Proof.POPULATION: _("Väestötietojärjestelmän ote tai tarkistus"),
    Proof.CUSTODY: _("Huoltoa koskeva päätös tai sopimus"),
    Proof.TRUSTEE: _("Edunvalvojan määräys"),
    Proof.TRADE_REGISTER: _("Kaupparekisterin ote tai tarkistus"),
    Proof.ESTATE_INVENTORY: _("Perukirja tai sukuselvitys"),
    Proof.OTHER: _("Muu asiakirja"),
}
