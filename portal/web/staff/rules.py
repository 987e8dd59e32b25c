"""Why something cannot be done now, or does not count: each refusal names the rule that forbids it.

Keyed by the codes of `NotNow` and of the pauses; a code without its words is an error, never a blank.
"""

from portal.web.language import lazy_gettext as _

# Why a question did not stop the clock (art. 12(6), recital 63).
NO_PAUSE = {
    "not_about_identity_or_scope": _("puhelun löytämiseksi kysyminen ei pysäytä kelloa"),
    "no_reason_recorded": _("syytä ei ole kirjattu"),
    "no_reasonable_doubt": _("pyytäjä on tunnistautunut vahvasti, eikä epäilyä ole kirjattu (tietosuoja-asetus 12(6))"),
    "not_large_quantity": _("tietoja ei ole suurta määrää (tietosuoja-asetus, johdanto-osan 63 kappale)"),
    "asked_too_late": _("kysymys on tehtävä viiden päivän kuluessa pyynnöstä tai edellisestä vastauksesta"),
    "after_expiry": _("määräaika oli jo päättynyt"),
    "openness_act": _("julkisuuslain määräaika ei keskeydy kysymyksen vuoksi (laki 621/1999, 14 §)"),
    "reopened_clock": _("uudelleen avatun asian määräpäivä ei keskeydy"),
}
# Why an act cannot be done now, each with its rule.
ACT_REFUSED = {
    "no_reason": _("Kirjoita syy"),
    "act_open": _("Samasta asiasta on jo ehdotus, joka odottaa toista henkilöä. Hyväksy tai hylkää se ensin."),
    "fee_not_reasoned": _("Maksulle tarvitaan peruste, tosiseikat, arvio ja kustannukset (tietosuoja-asetus 12(5))."),
    "fee_never": _("Tämän rekisterin selosteen mukaan maksua ei peritä."),
    "no_time_to_reply": _("Maksusta ilmoitetaan etukäteen. Pyytäjällä on oltava aikaa vastata."),
    "lifting_without_notice": _(
        "Rajoituksen poistamisesta ilmoitetaan ennen sitä, vähintään 14 päivää etukäteen (tietosuoja-asetus 18(3))."
    ),
    "hold_needed": _("Pitoa ei voi purkaa, kun vastausta odotetaan tai valitus tai selvityspyyntö on vireillä."),
    "no_act": _("Ehdotusta ei enää ole."),
    "own_decision": _("Laadit tämän itse. Toisen henkilön on hyväksyttävä se."),
    "several_times": _("Valitse vähintään kolme aikaa eri päiviltä, eivätkä kaikki saa alkaa samalla tunnilla."),
    "several_places": _("Valitse ajat, jotka ovat samassa paikassa."),
    "slot_gone": _("Jokin ajoista ehdittiin varata tai poistaa. Valitse ajat uudelleen."),
    "not_access": _("Kuuntelu paikan päällä liittyy vain oikeuteen saada pääsy tietoihin."),
    "state": _("Asian vaihe ei salli tätä nyt."),
}
# Why the time limit cannot be extended now (art. 12(3)).
EXTENSION_REFUSED = {
    "extension_other_clock": _(
        "Tietosuoja-asetuksen 12 artiklan 3 kohdan jatko koskee vain sen omaa kuukautta, ei tämän asian määräaikaa."
    ),
    "extension_authority": _(
        "Määräpäivän on antanut viranomainen tai tuomioistuin. Tietosuoja-asetuksen 12(3) ei jatka sitä: pidennystä voi"
        " pyytää vain määräpäivän antajalta (hallintolaki 33 §)."
    ),
    "extended_already": _("Määräaikaa on jo jatkettu. Sitä voi jatkaa vain kerran (tietosuoja-asetus 12(3))."),
    "extension_too_late": _(
        "Jatkamisesta on ilmoitettava kuukauden kuluessa pyynnön saapumisesta (tietosuoja-asetus 12(3)). Aika on"
        " päättynyt, joten määräaikaa ei voi enää jatkaa. Vastaa mahdollisimman pian."
    ),
    "extension_needs_dpo": _(
        "Sisäinen määräpäivä on ohitettu, ja määräaikaa on jäljellä vain, koska kello on seissyt. Myöhäinen"
        " ilmoitus jatkamisesta on tietosuojavastaavan sallittava (tietosuoja-asetus 12(3))."
    ),
}
