"""The words of retention's duties: alarms with what to do, reasons of longer retention, events."""

from portal.domain.duties import Alarm
from portal.domain.retention import HoldReason
from portal.web.language import lazy_gettext as _

ALARM = {
    Alarm.TOO_LATE: _("Tallenne oli poistunut ennen poistokieltoa. Kerro siitä vastauksessa."),
    Alarm.FAILED: _("Poistokielto vahvistamatta: tallennetta ei ole saatu kopioitua. Soita operaattorille."),
    Alarm.NEAR: _("Poistokielto vahvistamatta: tallenne poistuu pian. Soita operaattorille."),
    Alarm.LATE: _("Poistokielto vahvistamatta: operaattoria piti pyytää säilyttämään tallenne. Soita operaattorille."),
    Alarm.ERASURE: _("Operaattori ei ole vahvistanut poistoa. Ota yhteyttä operaattoriin."),
    Alarm.OVER_HELD: _("Poistokielto on tarkistamatta yli kuukauden. Pidä se perustellusti tai pura se."),
}
LONGER = {
    HoldReason.THREAT: _("Uhkatilanteen selvittäminen"),
    HoldReason.QUALITY: _("Laadun kehittämishanke"),
    HoldReason.COMPLAINT: _("Palvelua koskeva valitus"),
    HoldReason.POLICE: _("Poliisin pyyntö"),
}
EVENT = {
    "hold_alarmed": _("Hälytys tallenteesta"),
    "hold_alarm_ended": _("Hälytys päättyi"),
    "erasure_asked": _("Operaattoria pyydettiin poistamaan"),
    "erasure_confirmed": _("Operaattori vahvisti poiston"),
    "erasure_denied": _("Operaattori ei poistanut"),
    "longer_proposed": _("Pidempää säilytystä ehdotettiin"),
    "longer_agreed": _("Pidempi säilytys hyväksyttiin"),
    "longer_rejected": _("Pidempi säilytys hylättiin"),
    "longer_ended": _("Pidempi säilytys päättyi"),
    "deletion_stuck": _("Lähde ei anna poistaa"),
}
