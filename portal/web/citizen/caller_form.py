"""Who made the call, and for whom the request is made: asked on every request, no more than the right to act needs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, MultipleFileField, StringField, TextAreaField

from portal.domain.moments import format_date, parse_date
from portal.domain.representation import (
    ADULT,
    BadBusinessId,
    Guardians,
    Kind,
    Representative,
    age,
    asks_for_themselves,
    business_id,
)
from portal.services.ports import FileFault
from portal.web.fields import AtMost, Chosen, FiDate, PortalForm, Radios, Typed, options
from portal.web.language import lazy_gettext as _

VOICE = "voice"
"""The applicant made the call about somebody else's matter: still their own voice, and no mandate is needed."""
CALLERS: dict[str, Any] = {
    Kind.SELF: _("Minä, omasta asiastani"),
    VOICE: _("Minä, lapseni tai toisen ihmisen asiasta"),
    Kind.CHILD: _("Lapseni"),
    Kind.MANDATE: _("Joku muu, ja toimin hänen puolestaan"),
    Kind.ORGANISATION: _("Minä, yrityksen tai muun organisaation puolesta"),
    Kind.ESTATE: _("Soittaja on kuollut"),
}
NOTES: dict[str, Any] = {
    VOICE: _("Jos soitit itse, puhelu koskee aina myös sinua. Valtakirjaa ei tarvita."),
    Kind.CHILD: _("15 vuotta täyttänyt voi pyytää itsekin."),
    Kind.MANDATE: _("Lisää valtakirja tai muu asiakirja, tai näytä se paikan päällä."),
    Kind.ESTATE: _("Voit silti pyytää. Vastaamme kirjallisesti."),
}
GUARDIANS = {
    Guardians.SOLE: _("Olen lapsen ainoa huoltaja"),
    Guardians.TOGETHER: _("Huoltajia on kaksi, ja pyydämme yhdessä"),
    Guardians.ALONE: _("Huoltajia on kaksi, ja pyydän yksin"),
}
FAULT = {
    FileFault.KIND: _("Lisää PDF-, JPEG- tai PNG-tiedosto"),
    FileFault.SIZE: _("Tiedosto saa olla enintään 10 Mt"),
    FileFault.COUNT: _("Lisää enintään 5 tiedostoa"),
    FileFault.LOCKED: _("Poista tiedostosta salasana ja lisää se uudelleen"),
    FileFault.UNSAFE: _("Emme voi ottaa tiedostoa vastaan. Lisää toinen tiedosto"),
}
_ASKED: dict[str, tuple[str, ...]] = {
    Kind.CHILD: ("name", "born", "guardians"),
    Kind.MANDATE: ("name", "ground", "files", "on_site"),
    Kind.ORGANISATION: ("name", "business_id", "ground", "files"),
    Kind.ESTATE: ("name", "ground", "files"),
}
_NAME = {
    Kind.CHILD: (_("Lapsen nimi"), _("Kirjoita lapsen nimi")),
    Kind.MANDATE: (_("Kenen puolesta toimit?"), _("Kirjoita hänen nimensä")),
    Kind.ORGANISATION: (_("Organisaation nimi"), _("Kirjoita organisaation nimi")),
    Kind.ESTATE: (_("Soittajan nimi"), _("Kirjoita soittajan nimi")),
}
_GROUND = {
    Kind.MANDATE: (
        _("Mihin oikeutesi toimia hänen puolestaan perustuu?"),
        _("Esimerkiksi valtakirjaan tai edunvalvojan määräykseen. Älä kirjoita henkilötunnusta."),
    ),
    Kind.ORGANISATION: (
        _("Mihin oikeutesi toimia sen puolesta perustuu?"),
        _("Esimerkiksi asemaasi hallituksessa, prokuraan tai valtakirjaan."),
    ),
    Kind.ESTATE: (
        _("Mikä on suhteesi soittajaan, ja mitä pyydät?"),
        _("Esimerkiksi olet hänen lapsensa ja haluat tietää, mitä puhelussa sovittiin."),
    ),
}


class CallerForm(PortalForm):
    """Who made the call."""

    caller = Radios(_("Kuka soitti?"), [Chosen(_("Valitse, kuka soitti"))], choices=options(CALLERS.items()))


class BehalfForm(PortalForm):
    """For whom, and by what right: the questions of one kind of representation."""

    name = StringField("", [AtMost(100)])
    born = FiDate(_("Lapsen syntymäpäivä"), [Typed(_("Kirjoita lapsen syntymäpäivä"))])
    guardians = Radios(
        _("Kuka on lapsen huoltaja?"),
        [Chosen(_("Valitse, kuka on lapsen huoltaja"))],
        choices=options(GUARDIANS.items()),
    )
    business_id = StringField(_("Y-tunnus"), [Typed(_("Kirjoita Y-tunnus, esimerkiksi 1234567-1"))])
    ground = TextAreaField("", [Typed(_("Kerro, mihin oikeutesi perustuu")), AtMost(1000)])
    files = MultipleFileField(
        _("Valtakirja tai muu asiakirja"),
        description=_("PDF, JPEG tai PNG, enintään 10 Mt ja 5 tiedostoa. Älä lähetä kopiota henkilötodistuksesta."),
    )
    on_site = BooleanField(_("Näytän asiakirjan paikan päällä"))

    def __init__(self, kind: Kind, today: date, kept: Mapping[str, Any] | None = None) -> None:
        """`kept`: answers given earlier; None reads the request."""
        super().__init__(today, **({} if kept is None else {"formdata": MultiDict(kept), "meta": {"csrf": False}}))
        self.kind = kind
        for name in {name for names in _ASKED.values() for name in names} - set(_ASKED[kind]):
            del self[name]
        self.name.label.text, missing = _NAME[kind]
        self.name.validators = (Typed(missing), *self.name.validators)
        if kind in _GROUND:
            self.ground.label.text, self.ground.description = _GROUND[kind]

    def validate_born(self, field: FiDate) -> None:
        """A child: born already, and not of age."""
        if field.day and field.day > self.today:
            field.errors = [gettext("Syntymäpäivä ei voi olla tulevaisuudessa")]
        elif field.day and age(field.day, self.today) >= ADULT:
            field.errors = [gettext("18 vuotta täyttänyt pyytää itse tai antaa valtakirjan")]

    def proved(self, count: int) -> bool:
        """Is there a document, or will one be shown? Says what is missing; `count` is how many files there are."""
        if "on_site" in self and not count and not self.on_site.data:
            self.files.errors = [gettext("Lisää asiakirja tai valitse, että näytät sen paikan päällä")]
            return False
        return True

    def validate(self, extra_validators: Any = None) -> bool:
        """Each box for itself; a business id by its check digit."""
        super().validate(extra_validators)
        if "business_id" in self and not self.business_id.errors:
            try:
                self.business_id.data = business_id(self.business_id.data or "")
            except BadBusinessId:
                self.business_id.errors = [gettext("Y-tunnus ei täsmää. Tarkista numerot")]
        return not self.errors

    def entry(self) -> dict[str, Any]:
        """The answers as they are kept."""
        given = {name: self[name].data for name in _ASKED[self.kind] if name != "files"}
        return {name: "y" if value is True else str(value).strip() for name, value in given.items() if value}


def representative(caller: Mapping[str, Any], today: date) -> Representative:
    """The kept answers as the case holds them."""
    kind = Kind.SELF if caller["kind"] == VOICE else Kind(caller["kind"])
    return Representative(
        kind=kind,
        for_name=caller.get("name", ""),
        for_born=parse_date(caller["born"], today) if caller.get("born") else None,
        business_id=caller.get("business_id", ""),
        guardians=Guardians(caller["guardians"]) if caller.get("guardians") else None,
        ground=caller.get("ground", ""),
        own_voice=caller["kind"] == VOICE,
        on_site="on_site" in caller,
    )


def lines(acting: Representative | None, today: date) -> list[str]:
    """Who made the call and for whom the request is, in words."""
    if acting is None:
        return [str(CALLERS[Kind.SELF])]
    told = [str(CALLERS[VOICE if acting.own_voice else acting.kind])]
    told += [text for text in (acting.for_name, acting.business_id) if text]
    if acting.for_born:
        told.append(gettext("Syntynyt %(day)s", day=format_date(acting.for_born)))
    if acting.guardians:
        told.append(str(GUARDIANS[acting.guardians]))
    if asks_for_themselves(acting, today):
        told.append(gettext("15 vuotta täyttäneen asian ratkaisee aina ihminen."))
    if acting.on_site:
        told.append(gettext("Näytät asiakirjan paikan päällä."))
    return told
