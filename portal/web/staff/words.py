"""The words of the staff's pages for what the domain knows by code: states, rights, steps, holds, letters, refusals.

A code whose word is missing is an error, never a blank: every dictionary is indexed, not asked.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from portal.web.language import lazy_gettext as _
from portal.web.staff import alarm_words, delivery_words, representation_words, visit_words
from portal.web.staff.visit_words import VISIT as VISIT

ACTING = representation_words
STATE = {
    "received": _("Uusi"),
    "in_hand": _("Käsittelyssä"),
    "asked": _("Odottaa pyytäjää"),
    "for_approval": _("Odottaa hyväksyntää"),
    "approved": _("Allekirjoitettavana"),
    "answered": _("Vastattu"),
    "closed": _("Päättynyt"),
    "withdrawn": _("Peruutettu"),
}
RIGHT = {
    "access": _("Pääsy tietoihin"),
    "rectification": _("Oikaiseminen"),
    "erasure": _("Poistaminen"),
    "restriction": _("Käsittelyn rajoittaminen"),
    "portability": _("Siirto-oikeus"),
    "objection": _("Vastustaminen"),
    "withdrawal": _("Suostumuksen peruutus"),
}
LANGUAGE = {"fi": _("suomi"), "sv": _("ruotsi"), "en": _("englanti")}
STEP = {
    "take_up": _("Ota käsittelyyn"),
    "confirm_hold": _("Vahvista poistokielto"),
    "choose": _("Valitse puhelu"),
    "listen": _("Valitse ja kuuntele puhelu"),
    "number": _("Varmista soittajan numero"),
    "decide": _("Tee päätös"),
    "await_answer": _("Odottaa pyytäjää"),
    "approve": _("Odottaa hyväksyntää"),
    "sign": _("Allekirjoita kirje"),
    "close": _("Päätä asia"),
    "none": _("Ei avoimia toimia"),
}
ROLE = {
    "handler": _("Käsittelijä"),
    "decision_maker": _("Päätöksentekijä"),
    "listener": _("Kuuntelija"),
    "administrator": _("Pääkäyttäjä"),
    "auditor": _("Tarkastaja"),
    "dpo": _("Tietosuojavastaava"),
}
FIT = {
    "good": (_("Täsmää hyvin"), "ok", "circle-check"),
    "possible": (_("Mahdollinen"), "info", "circle-dashed"),
    "unlikely": (_("Epätodennäköinen"), "mute", "circle-dashed"),
}
HOLD = {
    "held": (_("Pito voimassa"), "ok", "lock"),
    "copied": (_("Kopio tallessa"), "ok", "lock"),
    "asked": (_("Pito pyydetty"), "warn", "hourglass"),
    "task": (_("Pyydä operaattoria säilyttämään"), "danger", "octagon-alert"),
    "too_late": (_("Poistunut ennen pitoa"), "mute", "archive-x"),
    "none_found": (_("Ei tallennetta"), "mute", "circle-dashed"),
}
TERM = {
    "number": _("Numero"),
    "withheld": _("Numero"),
    "time": _("Aika"),
    "service": _("Palvelu"),
    "direction": _("Suunta"),
}
DAY_SURENESS = {
    "certain": _("varma päivä"),
    "couple_of_days": _("parin päivän tarkkuudella"),
    "week": _("viikon tarkkuudella"),
    "unknown": _("päivä ei tiedossa"),
}
TIME_SURENESS = {
    "quarter": _("noin vartin tarkkuudella"),
    "hour": _("noin tunnin tarkkuudella"),
    "morning": _("aamulla"),
    "daytime": _("päivällä"),
    "evening": _("illalla"),
    "unknown": _("kellonaika ei tiedossa"),
}
VERDICT = {
    "fits": (_("Puhuja ja asia sopivat"), "ok", "circle-check"),
    "differs": (_("Puhuja tai asia ei sovi"), "danger", "octagon-alert"),
    "unsure": (_("Puhujasta ei ole varmuutta"), "warn", "triangle-alert"),
}
OUTCOME = {
    "granted": _("Hyväksytään"),
    "partly": _("Osittain"),
    "refused": _("Ei hyväksytä"),
    "no_recording": _("Ei tallennetta"),
    "no_reply": _("Päätetään vastaamattomana"),
    "other_controller": _("Toinen rekisterinpitäjä"),
}
QUESTION = {
    "call": _("Puhelun löytäminen"),
    "identity": _("Henkilöllisyys"),
    "scope": _("Pyynnön laajuus"),
}
LETTER = {
    "ack": _("Vastaanottoilmoitus"),
    "ask": _("Lisätietopyyntö"),
    "extend": _("Ilmoitus määräajan jatkamisesta"),
    "grant": _("Päätös: hyväksytty"),
    "part": _("Päätös: osittain hyväksytty"),
    "refuse": _("Päätös: ei hyväksytty"),
    "no_recordings": _("Päätös: ei tallennetta"),
    "rectified": _("Ilmoitus oikaisusta"),
    "rectification_refused": _("Päätös: ei oikaistu"),
    "erased": _("Ilmoitus poistamisesta"),
    "restricted": _("Ilmoitus rajoittamisesta"),
    "objection": _("Päätös vastustamisesta"),
    "consent_withdrawn": _("Ilmoitus suostumuksen peruutuksesta"),
    "portability": _("Päätös: tiedot siirretään"),
    "restriction_lifting": _("Ilmoitus rajoituksen poistamisesta"),
    "fee": _("Ilmoitus maksusta"),
    "visit": _("Kutsu kuuntelemaan"),
    "complaint_sheet": _("Valitusohje"),
    "closed_no_reply": _("Päätös: asia päätettiin vastaamattomana"),
    "request_withdrawn": _("Vahvistus peruuttamisesta"),
    "other_controller": _("Ilmoitus toisesta rekisterinpitäjästä"),
    "visit_certificate": _("Todistus kuuntelukäynnistä"),
}
# By which law a request is answered (Act 621/1999 beside the GDPR).
ROUTE = {
    "data_protection": _("Tietosuoja"),
    "openness": _("Julkisuuslaki"),
    "both": _("Molemmat"),
}
ACT = {
    "fee": _("Maksu"),
    "lifting": _("Rajoituksen poistaminen"),
    "hold_release": _("Pidon purkaminen ennen aikaa"),
}
PROCEEDING = {
    "complaint": _("Valitus"),
    "inquiry": _("Selvityspyyntö"),
    "court": _("Tuomioistuimen asia"),
}
# The accepted reasons for an extension (EDPB 01/2022 paragraphs 162-164); effort as such and holidays are none.
EXTENSION = {
    "amount": _("Tietojen suuri määrä"),
    "units": _("Tiedot ovat hajallaan eri yksiköissä"),
    "redaction": _("Toisten ihmisten tietojen poistaminen tallenteesta"),
    "intelligible": _("Tietojen saattaminen ymmärrettävään muotoon"),
    "flood": _("Tilapäinen ja poikkeuksellinen ruuhka"),
}
MISSING = {
    "undecided": _("Ratkaisu"),
    "no_items": _("Ratkaisu"),
    "no_what": _("Kohta, jota ratkaisu koskee"),
    "no_ground": _("Peruste"),
    "unknown_ground": _("Peruste, joka on luettelossa"),
    "ground_of_other_right": _("Tähän oikeuteen kuuluva peruste"),
    "ground_is_an_answer": _("Peruste, joka on kieltäytyminen"),
    "ground_only_for_part": _("Peruste, jolla voi hylätä koko kohdan"),
    "ground_not_in_register": _("Tähän rekisteriin kuuluva peruste"),
    "no_facts": _("Tosiseikat"),
    "no_assessment": _("Arvio"),
    "recipients_unconfirmed": _("Vastaanottajat nimeltä"),
    "marketing_is_absolute": _("Suoramarkkinointia saa aina vastustaa"),
    "speaker": _("Kuuntelu, joka vahvistaa puhujan"),
    "number": _("Numero, joka on todistettu koodilla tai tuettu vertailulla"),
    "no_evidence": _("Näyttö: kaksi päivättyä tosiseikkaa"),
    "no_elsewhere": _("Toisen rekisterinpitäjän nimi"),
    "ground_not_for_no_reply": _("Peruste, joka sopii vastaamatta jääneeseen kysymykseen"),
    "recipients_untold": _("Ilmoitukset vastaanottajille, ennen allekirjoitusta"),
    "transcript_missing": _("Tekstiversio, ennen allekirjoitusta"),
    "source_unanswered": _("Lähde, joka ei ole vielä vastannut hakuun"),
    "redaction_missing": _("Kohdat, jotka kopiosta jätetään pois"),
    "redaction_waiting": _("Toisen kuuntelijan hyväksyntä pois jätettäville kohdille"),
    "redaction_unused": _("Ratkaisu osittain, koska kopiosta on merkitty kohtia pois"),
}
REDACTION = {
    "draft": (_("Kohtia merkitään"), "warn", "clock"),
    "submitted": (_("Odottaa toista kuuntelijaa"), "warn", "clock"),
    "approved": (_("Kohdat hyväksytty"), "ok", "circle-check"),
    "dropped": (_("Ei käytössä"), "", "x"),
}
MISSING_LAW = {
    "S09": _("Tietosuoja-asetus 12(3)"),
    "S10": _("Tietosuoja-asetus 12(4)"),
    "S11": _("Tietosuoja-asetus 15(3)"),
    "S12c": _("Tietosuoja-asetus 15(1)(c)"),
    "S13": _("Tietosuoja-asetus 15(4)"),
    "S15": _("Tietosuoja-asetus 5(2) ja 15(1)"),
    "S16b": _("Tietosuoja-asetus 15(3) ja 17"),
    "S16d": _("Tietosuoja-asetus 21(3)"),
    "S16gh": _("Tietosuoja-asetus 4(7), hallintolaki 21 §"),
    "S17": _("Tietosuoja-asetus 19"),
    "speaker": _("Tietosuoja-asetus 5(1)(f) ja 15(4)"),
    "number": _("Tietosuoja-asetus 5(1)(f) ja 12(6)"),
}
STATEMENT = {
    "S01": _("Saapuminen ja asianumero"),
    "S02": _("Mitä pyydettiin"),
    "S07b": _("Päättäminen vastaamattomana"),
    "S09": _("Ratkaisu"),
    "S09a": _("Ratkaisu, hyväksytty"),
    "S09b": _("Ratkaisu, osittain"),
    "S09c": _("Ratkaisu, ei hyväksytty"),
    "S10": _("Tosiseikat, säännös ja arvio"),
    "S11": _("Mitä saa ja mistä"),
    "S12": _("15 artiklan tiedot"),
    "S13": _("Poistetut kohdat"),
    "S14": _("Tiedot tietosuojavaltuutetulle"),
    "S15": _("Millä tiedoilla etsittiin"),
    "S16a": _("Mitä oikaistiin"),
    "S16b": _("Mitä poistettiin"),
    "S16c": _("Mitä rajoitettiin"),
    "S16e": _("Peruutettu suostumus"),
    "S16g": _("Siirto toiselle rekisterinpitäjälle"),
    "S16h": _("Kuka on rekisterinpitäjä"),
    "S16i": _("Kuka on rekisterinpitäjä"),
    "S17": _("Ilmoitukset vastaanottajille"),
    "S18": _("Mitä rajoitus tarkoittaa"),
    "S20": _("Valitus tietosuojavaltuutetulle"),
    "S21a": _("Oikeussuojakeinot"),
    "S21b": _("Muutoksenhaku ja valitusosoitus"),
    "S24": _("Yhteystiedot"),
    "S25a": _("Vastaus on maksuton"),
    "S26b": _("Oikeus lisäselvitykseen"),
}
REFUSAL = {
    "no_manifest": _("Luettelotiedosto puuttuu"),
    "wrong_encoding": _("Tiedoston merkistö on väärä"),
    "missing_column": _("Sarake puuttuu"),
    "malformed": _("Rivin muoto on väärä"),
    "no_number": _("Soittajan numero puuttuu"),
    "bad_number": _("Soittajan numero ei ole puhelinnumero"),
    "bad_date": _("Päivä tai aika on virheellinen"),
    "no_such_hour": _("Kellonaikaa ei ollut: kelloja siirrettiin"),
    "bad_duration": _("Kesto on virheellinen"),
    "bad_service_number": _("Palvelunumero on virheellinen"),
    "bad_direction": _("Puhelun suunta on virheellinen"),
    "bad_class": _("Tallenneluokkaa ei tunneta"),
    "bad_path": _("Tiedoston sijainti ei kelpaa"),
    "duplicate": _("Sama puhelu on luettelossa kahdesti"),
    "empty": _("Äänitiedosto on tyhjä"),
    "not_audio": _("Tiedosto ei ole äänitiedosto"),
    "unsupported": _("Äänitiedoston muotoa ei tueta"),
    "broken_header": _("Äänitiedoston alku on rikki"),
    "truncated": _("Äänitiedosto katkeaa kesken"),
    "no_frames": _("Äänitiedostossa ei ole ääntä"),
    "too_long": _("Puhelu on liian pitkä"),
    "too_large": _("Tiedosto on liian suuri"),
    "too_costly": _("Äänen purkaminen vaatii liikaa"),
}
PASSWORD = {
    "too_short": _("Salasanassa on oltava vähintään 15 merkkiä"),
    "too_long": _("Salasanassa saa olla enintään 256 merkkiä"),
    "contains_name": _("Salasana ei saa sisältää nimeäsi"),
    "common": _("Salasana on liian helppo arvata. Valitse muutama toisiinsa liittymätön sana"),
    "used_before": _("Olet käyttänyt tätä salasanaa. Valitse salasana, joka ei ole viiden viimeisen joukossa"),
    "too_alike": _("Salasana on melkein sama kuin vanha. Valitse kokonaan toinen salasana"),
}
JOB = {
    "queued": _("Jonossa"),
    "done": _("Tehty"),
    "dead": _("Pysähtynyt"),
}
EVENT = {
    "request_received": _("Pyyntö saapui"),
    "hold_outcome_recorded": _("Pidon tulos kirjattiin"),
    "taken_up": _("Otettiin käsittelyyn"),
    "hold_kept": _("Poistokielto tarkistettiin ja pidettiin"),
    "question_asked": _("Pyytäjältä kysyttiin"),
    "message_received": _("Viesti saapui"),
    "question_answered": _("Pyytäjä vastasi"),
    "deadline_extended": _("Määräaikaa jatkettiin"),
    "call_chosen": _("Puhelu valittiin"),
    "call_rejected": _("Puhelu hylättiin"),
    "recording_added": _("Tallenne lisättiin"),
    "recording_listened": _("Tallennetta kuunneltiin"),
    "speaker_checked": _("Puhuja tarkistettiin"),
    "number_proved": _("Numero todistettiin koodilla"),
    "number_supported": _("Numero varmistettiin vertaamalla"),
    "number_unproved": _("Numeron varmistus purettiin"),
    "number_shared": _("Numeron yhteiskäyttö merkittiin"),
    "number_rung": _("Koodi luettavaksi puhelimessa"),
    "decision_proposed": _("Päätös esitettiin"),
    "decision_returned": _("Päätös palautettiin"),
    "decision_approved": _("Päätös hyväksyttiin"),
    "letter_issued": _("Kirje annettiin"),
    "answer_given": _("Vastaus annettiin"),
    "recording_erased": _("Tallenne poistettiin päätöksellä"),
    "recording_restricted": _("Tallenteen käyttöä rajoitettiin"),
    "metadata_corrected": _("Puhelun tietoja oikaistiin"),
    "statement_attached": _("Lisäselvitys liitettiin"),
    "letter_posted": _("Kirje postitettiin"),
    "letter_printed": _("Kirje tulostettiin"),
    "letter_returned": _("Kirje palautui"),
    "dispatch_chosen": _("Kirjeiden toimitustapa valittiin"),
    "language_changed": _("Asiointikieli vaihdettiin"),
    "letter_read": _("Kirje luettiin"),
    **delivery_words.EVENT,
    **alarm_words.EVENT,
    "transcript_written": _("Tekstiversio kirjoitettiin"),
    "transcript_draft_asked": _("Tekstiversiosta pyydettiin luonnos"),
    "transcript_drafted": _("Tekstiversion luonnos"),
    "transcript_opened": _("Tekstiversio avattiin"),
    "redaction_submitted": _("Kohdat lähetettiin tarkistettaviksi"),
    "redaction_returned": _("Kohtien merkintä palautettiin"),
    "redaction_approved": _("Toinen kuuntelija hyväksyi peitetyt kohdat"),
    "redaction_dropped": _("Kohtien merkintä poistettiin käytöstä"),
    "review_asked": _("Pyydettiin kuuntelemaan"),
    "review_answered": _("Kuuntelupyyntöön vastattiin"),
    "restricted_use_refused": _("Rajoitetun tallenteen käyttö estettiin"),
    "transcript_checked": _("Hyväksyjä avasi tekstiversion"),
    "calls_searched": _("Puhelua etsittiin toisin tiedoin"),
    "live_searched": _("Lähteestä haettiin suoraan"),
    "dossier_kept": _("Haun selvitys tallennettiin"),
    "channel_told": _("Soittajan kanava merkittiin"),
    "messages_read": _("Vastauksen jälkeiset viestit luettiin"),
    "hold_released": _("Pito purettiin"),
    "request_withdrawn": _("Pyyntö peruutettiin"),
    "case_closed": _("Asia päätettiin"),
    "route_decided": _("Sovellettava laki ratkaistiin"),
    "lateness_allowed": _("Myöhästyminen sallittiin"),
    "reminder_sent": _("Pyytäjää muistutettiin"),
    "request_narrowed": _("Pyyntöä rajattiin"),
    "consent_withdrawn": _("Suostumus peruutettiin"),
    "act_proposed": _("Toimea ehdotettiin"),
    "act_approved": _("Toimi hyväksyttiin"),
    "act_rejected": _("Toimi hylättiin"),
    "fee_answered": _("Maksuun vastattiin"),
    **visit_words.EVENT,
    "recipient_told": _("Vastaanottaja kirjattiin"),
    "restriction_begun": _("Tallenteen käyttö rajoitettiin heti"),
    "restriction_lifted": _("Rajoitus poistettiin"),
    "complaint_told": _("Pyytäjä kertoi valituksesta"),
    "proceeding_opened": _("Valitus tai selvityspyyntö kirjattiin"),
    "proceeding_closed": _("Valitus tai selvityspyyntö päättyi"),
    "case_reopened": _("Asia avattiin uudelleen"),
    "signed_in": _("Kirjauduttiin sisään"),
    "sign_in_failed": _("Kirjautuminen epäonnistui"),
    "signed_out": _("Kirjauduttiin ulos"),
    "factor_confirmed": _("Vahvisti henkilöllisyytensä uudelleen"),
    "sessions_ended": _("Istuntoja lopetettiin"),
    "foreign_reference_tried": _("Haettiin asiaa, jota ei ole tai johon ei ole oikeutta"),
    "staff_added": _("Käyttäjä lisättiin"),
    "staff_roles_changed": _("Käyttäjän roolit muuttuivat"),
    "staff_linked": _("Käyttäjän nimet tallennusjärjestelmässä muuttuivat"),
    "staff_disabled": _("Käyttäjä poistettiin käytöstä"),
    "credentials_set": _("Tunnistautumistiedot asetettiin"),
    "commitment_accepted": _("Salassapitositoumus hyväksyttiin"),
    "recording_disposed": _("Tallenne poistettiin säilytysajan päätyttyä"),
    "retention_run": _("Säilytysajat käytiin läpi"),
    "retention_set": _("Säilytysaika tuli voimaan"),
    "retention_shortening_proposed": _("Säilytysajan lyhentämistä ehdotettiin"),
    "retention_shortening_rejected": _("Säilytysajan lyhentäminen hylättiin"),
    "controller_closing_proposed": _("Rekisterinpitäjän palvelun päättämistä ehdotettiin"),
    "controller_closed": _("Rekisterinpitäjän palvelu päätettiin ja tiedot poistettiin"),
    "retention_shortened": _("Säilytysajan lyhentäminen hyväksyttiin"),
    "source_harvested": _("Lähde luettiin"),
}
ACTOR = {"citizen": _("pyytäjä"), "staff": _("henkilöstö"), "system": _("järjestelmä")}
KEEPING = {
    "safe": ("held", _("Pito voimassa")),
    "copied": ("copied", _("Kopio tallessa")),
    "restricted": ("restricted", _("Rajoitettu")),
    "asked": ("asked", _("Pito pyydetty")),
    "task": ("unconfirmed", _("Pito vahvistamatta")),
    "gone": ("gone", _("Poistunut ennen pitoa")),
    "erased": ("gone", _("Tallenne poistettu")),
    "none": ("none", _("Ei löytynyttä tallennetta")),
}


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return {
        "right": RIGHT,
        "state": STATE,
        "step": STEP,
        "language": LANGUAGE,
        "keeping": {code: word for code, (_k, word) in KEEPING.items()},
    }


@cache
def said(table: str, code: str, language: str) -> str:
    """A word of right, state, step, language or keeping in the page's language, looked up once and not every row."""
    return str(_tables()[table][code])
