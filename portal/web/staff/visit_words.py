"""What the audit trail calls the events of visits and of their places and times."""

from portal.domain.visits import VisitState
from portal.web.language import lazy_gettext as _

VISIT = {
    VisitState.BOOKED: _("varattu"),
    VisitState.MOVED: _("vaihdettu toiseen"),
    VisitState.ATTENDED: _("kävi kuuntelemassa"),
    VisitState.NO_SHOW: _("jäi käyttämättä"),
    VisitState.CANCELLED: _("peruttu"),
}
EVENT = {
    "visit_offered": _("Aikoja kuunteluun tarjottiin"),
    "visit_booked": _("Kuunteluaika varattiin"),
    "visit_moved": _("Kuunteluaika vaihdettiin"),
    "visit_cancelled": _("Kuunteluaika peruttiin"),
    "visit_called_off": _("Varattu kuunteluaika poistettiin käytöstä"),
    "visit_reminded": _("Kuunteluajasta muistutettiin"),
    "visit_place_set": _("Kuuntelupaikan tiedot tallennettiin"),
    "visit_place_closed": _("Kuuntelupaikka poistettiin käytöstä"),
    "slots_added": _("Kuunteluaikoja lisättiin"),
    "slot_withdrawn": _("Kuunteluaika poistettiin käytöstä"),
    "visit_attended": _("Pyytäjä saapui kuuntelukäynnille"),
    "visit_unmatched": _("Kuuntelukäynti ei voinut alkaa"),
    "visit_missed": _("Kuunteluaika jäi käyttämättä"),
    "station_opened": _("Kuuntelu aloitettiin paikan päällä"),
    "station_played": _("Pyytäjä kuunteli tallennetta paikan päällä"),
    "station_left": _("Pyytäjä lopetti kuuntelun"),
    "station_closed": _("Henkilöstö päätti kuuntelun"),
    "certificate_issued": _("Todistus kuuntelukäynnistä laadittiin"),
}
