"""The words of delivered copies on the staff's pages."""

from portal.web.language import lazy_gettext as _

EVENT = {
    "copy_played": _("Kopio kuunneltiin"),
    "copy_downloaded": _("Kopio ladattiin"),
    "copy_kept": _("Pyytäjä vahvisti saaneensa kopion"),
    "copy_revoked": _("Kopio peruttiin"),
    "copy_revoked_again": _("Peruttu kopio peruttiin uudelleen palautuksen jälkeen"),
    "copy_renewed": _("Latauskertoja annettiin lisää"),
    "transcript_downloaded": _("Tekstiversio ladattiin"),
    "contact_chosen": _("Ilmoitusten tapaa muutettiin"),
    "contact_failed": _("Ilmoitus ei mennyt perille"),
    "files_reminded": _("Pyytäjää muistutettiin tiedostoista"),
}
GRANT = {
    "open": (_("Noudettavissa"), "ok", "circle-check"),
    "used_up": (_("Latauskerrat käytetty"), "warn", "triangle-alert"),
    "revoked": (_("Peruttu"), "danger", "ban"),
    "ended": (_("Noutoaika päättynyt"), "mute", "clock"),
}
