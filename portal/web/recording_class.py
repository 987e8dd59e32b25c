"""The words for the classes of recordings, the same on the notice's page and on the staff's."""

from flask_babel import lazy_gettext as _

RECORDING_CLASS = {
    "customer_service": _("Asiakaspalvelun puhelut"),
    "threat": _("Uhkaustilanteen puhelu"),
    "quality": _("Laadun kehittämiseen valittu puhelu"),
    "complaint": _("Reklamaatiota koskeva puhelu"),
    "evidence": _("Todisteena tarvittava puhelu"),
    "feedback": _("Palaute"),
    "patient_document": _("Potilasasiakirjaan kuuluva tallenne"),
}
