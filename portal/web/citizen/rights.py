"""The seven rights, the states of a request and its parts in words that a citizen reads."""

from portal.domain.case import State
from portal.domain.register import Register
from portal.domain.rights import Right, rights_by_law, why_not
from portal.web.language import lazy_gettext as _

RIGHT_TEXT = {
    Right.ACCESS: _("Haluan kuunnella puheluni ja saada siitä kopion (oikeus saada pääsy tietoihin)"),
    Right.RECTIFICATION: _("Haluan, että väärä tieto korjataan (oikaiseminen)"),
    Right.ERASURE: _("Haluan, että tallenne poistetaan (poistaminen)"),
    Right.RESTRICTION: _("Haluan, ettei tallennetta toistaiseksi käytetä (käsittelyn rajoittaminen)"),
    Right.PORTABILITY: _("Haluan siirtää tietoni toiseen palveluun (siirto-oikeus)"),
    Right.OBJECTION: _("Haluan kieltää tietojeni käytön johonkin tarkoitukseen (vastustamisoikeus)"),
    Right.WITHDRAWAL: _("Haluan peruuttaa suostumukseni"),
}
RIGHT_NAME = {
    Right.ACCESS: _("Pääsy tietoihin"),
    Right.RECTIFICATION: _("Tiedon oikaiseminen"),
    Right.ERASURE: _("Tallenteen poistaminen"),
    Right.RESTRICTION: _("Käsittelyn rajoittaminen"),
    Right.PORTABILITY: _("Tietojen siirtäminen"),
    Right.OBJECTION: _("Käsittelyn vastustaminen"),
    Right.WITHDRAWAL: _("Suostumuksen peruuttaminen"),
}
RIGHT_SHORT = {
    Right.ACCESS: (
        _("Kuule puhelu ja saa jäljennös"), _("Äänitiedosto, jonka voit kuunnella ja ladata itsellesi."), "headphones",
    ),
    Right.RECTIFICATION: (
        _("Oikaise virhe"), _("Ääni säilyy ennallaan, mutta tallenteeseen liitetään lisäselvityksesi."),
        "file-pen-line",
    ),
    Right.ERASURE: (
        _("Poista tallenne"), _("Laki voi estää poistamisen. Saat aina perustellun vastauksen."), "eraser",
    ),
    Right.RESTRICTION: (
        _("Rajoita käyttöä"), _("Tallennetta vain säilytetään sillä aikaa, kun asia selvitetään."), "hand",
    ),
    Right.PORTABILITY: (
        _("Siirrä tietosi"), _("Saat tiedot koneluettavassa muodossa toista palvelua varten."), "upload",
    ),
    Right.OBJECTION: (
        _("Kiellä käyttö"), _("Voit kieltää tietojesi käytön johonkin tarkoitukseen."), "ban",
    ),
    Right.WITHDRAWAL: (
        _("Peruuta suostumus"), _("Voit peruuttaa suostumuksesi milloin tahansa."), "undo-2",
    ),
}  # fmt: skip
STATE_TEXT = {
    State.RECEIVED: (_("Vastaanotettu"), "info"),
    State.IN_HAND: (_("Käsittelyssä"), "info"),
    State.ASKED: (_("Odottaa vastaustasi"), "warn"),
    State.FOR_APPROVAL: (_("Käsittelyssä"), "info"),
    State.APPROVED: (_("Käsittelyssä"), "info"),
    State.ANSWERED: (_("Vastaus on valmis"), "ok"),
    State.CLOSED: (_("Päättynyt"), ""),
    State.WITHDRAWN: (_("Peruutettu"), ""),
}
DOCUMENT_NAME = {
    "ack": _("Vastaanottoilmoitus"),
    "ask": _("Lisätietopyyntö"),
    "extend": _("Ilmoitus määräajan jatkamisesta"),
    "restriction_lifting": _("Ilmoitus rajoituksen poistamisesta"),
    "fee": _("Maksupäätös"),
    "visit": _("Kutsu kuuntelemaan"),
    "complaint_sheet": _("Valitusohje"),
    "closed_no_reply": _("Päättämisilmoitus"),
    "request_withdrawn": _("Peruutuksen vahvistus"),
    "other_controller": _("Siirtoilmoitus"),
    "visit_certificate": _("Todistus kuuntelukäynnistä"),
}
DECISION_LETTER = _("Päätöskirje")


def document_name(kind: str) -> object:
    """What a letter of this kind is called in lists."""
    return DOCUMENT_NAME.get(kind, DECISION_LETTER)


def missing_rights(register: Register, language: str) -> list[str]:
    """For each right that the law does not give here: why not, and what to ask instead."""
    existing = rights_by_law(register)
    return [why_not(right, register)[language] for right in Right if right not in existing]
