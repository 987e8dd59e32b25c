"""The forms of the listening places and their times."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import NumberRange, StopValidation, ValidationError

from portal.domain.calendar_fi import EU_STRICT
from portal.domain.moments import NotATime, parse_time, weekday
from portal.domain.visits import slot_times
from portal.services.ports import Place
from portal.services.visit_slots import AHEAD, MOST
from portal.web.fields import AtMost, Checks, Chosen, FiDate, PortalForm, Radios, Typed, options
from portal.web.language import gettext as _
from portal.web.language import lazy_gettext

_MONDAY = date(2026, 1, 5)
WORKING_WEEK = ("0", "1", "2", "3", "4")


class Clocks(StringField):
    """Times of day such as "9.00, 13.30"; after validation in `clocks`, each once, in order."""

    clocks: tuple[time, ...] = ()

    def pre_validate(self, _form: Any) -> None:
        """Read each time, or stop with the form's example."""
        parts = [part for part in re.split(r"[,;\s]+", str(self.data or "").strip()) if part]
        try:
            self.clocks = tuple(sorted({parse_time(part) for part in parts}))
        except NotATime:
            raise StopValidation(_("Kirjoita kellonajat pilkuin erotettuina, esimerkiksi 9.00, 13.30")) from None


class SlotsForm(PortalForm):
    """Times in bulk: a place, days, weekdays, times of day, length and seats."""

    place = Radios(lazy_gettext("Paikka"), [Chosen(lazy_gettext("Valitse paikka"))])
    first = FiDate(lazy_gettext("Ensimmäinen päivä"), [Typed(lazy_gettext("Kirjoita ensimmäinen päivä"))])
    last = FiDate(lazy_gettext("Viimeinen päivä"), [Typed(lazy_gettext("Kirjoita viimeinen päivä"))])
    weekdays = Checks(lazy_gettext("Viikonpäivät"))
    clocks = Clocks(
        lazy_gettext("Kellonajat"),
        [Typed(lazy_gettext("Kirjoita ainakin yksi kellonaika")), AtMost(200)],
        description=lazy_gettext("Esimerkiksi 9.00, 13.30. Suomen aikaa."),
    )
    minutes = IntegerField(
        lazy_gettext("Kesto, minuutit"), [NumberRange(5, 240, lazy_gettext("Kirjoita minuutit, 5–240"))]
    )
    seats = IntegerField(
        lazy_gettext("Kuuntelupaikkoja"),
        [NumberRange(1, 20, lazy_gettext("Kirjoita, montako voi kuunnella yhtä aikaa, 1–20"))],
    )

    def __init__(self, now: datetime, today: date, places: Iterable[Place], language: str, **given: Any) -> None:
        self.now = now
        places = tuple(places)
        start = {"minutes": 45, "seats": 1, "weekdays": list(WORKING_WEEK)}
        if len(places) == 1:
            start["place"] = places[0].id
        super().__init__(today, data=start, **given)
        self.place.choices = options((one.id, one.name[language]) for one in places)
        names = [weekday(_MONDAY.replace(day=_MONDAY.day + n), language) for n in range(7)]
        self.weekdays.choices = options((str(n), name) for n, name in enumerate(names))

    def validate_weekdays(self, field: Checks) -> None:
        """On some day of the week."""
        if not field.data:
            raise ValidationError(_("Valitse ainakin yksi viikonpäivä"))

    def validate_last(self, field: FiDate) -> None:
        """The days are in order, not over, and not too far ahead."""
        if field.day is None or self.first.day is None:
            return
        if field.day < self.first.day:
            raise ValidationError(_("Viimeinen päivä on ennen ensimmäistä"))
        if field.day < self.today:
            raise ValidationError(_("Päivät ovat jo menneet"))
        if field.day > self.today + AHEAD:
            raise ValidationError(_("Aikoja voi lisätä enintään puoleksi vuodeksi"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Once every box is in order: some times, and not too many at once."""
        if not super().validate(extra_validators):
            return False
        if not self.starts:
            self.clocks.errors = (_("Näistä ei tule yhtään aikaa, joka on vielä edessä"),)
        elif len(self.starts) > MOST:
            self.last.errors = (_("Aikoja tulisi yli %(max)d. Lisää ne useammassa erässä", max=MOST),)
        return not self.errors

    @property
    def starts(self) -> tuple[datetime, ...]:
        """The starts that lie ahead, in order."""
        if self.first.day is None or self.last.day is None:
            return ()
        chosen = {int(day) for day in self.weekdays.data or ()}
        first = max(self.first.day, self.today)
        found = slot_times(first, self.last.day, chosen, self.clocks.clocks)
        return tuple(start for start in found if start > self.now)

    @property
    def skipped(self) -> tuple[date, ...]:
        """The public holidays among the chosen days: no times are made for them."""
        if self.first.day is None or self.last.day is None:
            return ()
        span = range(self.first.day.toordinal(), self.last.day.toordinal() + 1)
        days = (date.fromordinal(n) for n in span)
        return tuple(day for day in days if str(day.weekday()) in (self.weekdays.data or ()) and EU_STRICT.holiday(day))


def _name(label: Any) -> Any:
    return StringField(label, [Typed(lazy_gettext("Kirjoita paikan nimi")), AtMost(120)])


def _access(label: Any) -> Any:
    return TextAreaField(label, [Typed(lazy_gettext("Kirjoita, miten paikkaan pääsee")), AtMost(1000)])


class PlaceForm(PortalForm):
    """A place: its name and accessibility notes in the languages of the register's readers, and its address."""

    name_fi = _name(lazy_gettext("Nimi suomeksi"))
    name_sv = _name(lazy_gettext("Nimi ruotsiksi"))
    name_en = StringField(lazy_gettext("Nimi englanniksi"), [AtMost(120)])
    address = StringField(lazy_gettext("Osoite"), [Typed(lazy_gettext("Kirjoita osoite")), AtMost(200)])
    access_fi = _access(lazy_gettext("Esteettömyys suomeksi"))
    access_sv = _access(lazy_gettext("Esteettömyys ruotsiksi"))
    access_en = TextAreaField(lazy_gettext("Esteettömyys englanniksi"), [AtMost(1000)])

    def filled(self, place: Place) -> None:
        """Show what is known of a place."""
        for language in ("fi", "sv", "en"):
            self[f"name_{language}"].data = place.name[language]
            self[f"access_{language}"].data = place.access[language]
        self.address.data = place.address

    def place(self, place_id: str, register: str) -> Place:
        """The place that the form describes; English falls back on Finnish."""

        def words(part: str) -> dict[str, str]:
            typed = {one: _plain(self[f"{part}_{one}"].data) for one in ("fi", "sv", "en")}
            return {one: text or typed["fi"] for one, text in typed.items()}

        return Place(place_id, register, words("name"), _plain(self.address.data), words("access"))


def _plain(typed: str | None) -> str:
    """The text without control characters, which neither a letter nor a database column can hold."""
    return "".join(one for one in typed or "" if one.isprintable() or one == "\n").strip()
