"""Form fields on top of the domain's parsers: a day, a time of day and a telephone number as people write them.

Each keeps what was typed and says in one whole sentence what is wrong with it. WTForms' own DataRequired wipes a
parse error and InputRequired lets a lone space through, so presence is checked by `Typed` and `Chosen`.
"""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import StopValidation

from portal.domain import phone
from portal.domain.moments import (
    InFuture,
    NoSuchDay,
    NotADate,
    NotATime,
    TooOld,
    check_call_day,
    parse_date,
    parse_time,
)
from portal.domain.phone import Number, Withheld
from portal.web.language import lazy_gettext as _

DATE_FORM = _("Kirjoita päivä muodossa 17.5.2026")
NO_SUCH_DAY = _("Tätä päivää ei ole kalenterissa")
IN_FUTURE = _("Päivä on tulevaisuudessa. Kirjoita päivä, jona soitit")
TOO_OLD = _("Päivä on liian kaukana menneisyydessä. Tarkista vuosi")
TIME_FORM = _("Kirjoita kellonaika muodossa 14.30")
NUMBER_FORM = _("Kirjoita puhelinnumero, esimerkiksi 040 123 4567")


class Typed:
    """Something other than white space was typed."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        if not str(field.data or "").strip():
            raise StopValidation(self.message)


class Chosen:
    """One of the field's own choices was taken."""

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data not in _values(field):
            raise StopValidation(self.message)


class AtMost:
    """The text has at most so many characters; the message tells both figures."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, _form: Any, field: Field) -> None:
        count = len(str(field.data or ""))
        if count > self.longest:
            text = _("Lyhennä tekstiä: enintään %(max)d merkkiä, nyt %(n)d", max=self.longest, n=count)
            raise StopValidation(text)


class FiDate(StringField):
    """A day, "17.5.2026" and its like; after validation in `day`, or None where the box is empty.

    The form has `today` (Helsinki date). `call_day`: the day of a call, so neither in the future nor absurdly old.
    """

    def __init__(self, label: Any = None, validators: Any = None, *, call_day: bool = False, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.call_day = call_day
        self.day: date | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the day, or stop with the message for what is wrong."""
        text = str(self.data or "").strip()
        if not text:
            return
        try:
            day = parse_date(text, form.today)
            if self.call_day:
                check_call_day(day, form.today)
        except tuple(_DATE_FAULTS) as fault:
            raise StopValidation(_DATE_FAULTS[type(fault)]) from fault
        self.day = day


_DATE_FAULTS: dict[type[ValueError], Any] = {
    NotADate: DATE_FORM,
    NoSuchDay: NO_SUCH_DAY,
    InFuture: IN_FUTURE,
    TooOld: TOO_OLD,
}


class FiTime(StringField):
    """A time of day, "14.30" and its like; after validation in `clock`, or None where the box is empty."""

    clock: time | None = None

    def pre_validate(self, _form: Any) -> None:
        """Read the time, or stop with the form's example."""
        text = str(self.data or "").strip()
        if not text:
            return
        try:
            self.clock = parse_time(text)
        except NotATime as fault:
            raise StopValidation(TIME_FORM) from fault


class FiPhone(StringField):
    """A telephone number; after validation in `number`, or None where the box is empty.

    `withheld`: a word such as "salainen" was typed instead of a number.
    """

    number: Number | None = None
    withheld: bool = False

    def pre_validate(self, _form: Any) -> None:
        """Read the number, or stop with an example."""
        text = str(self.data or "").strip()
        if not text:
            return
        found = phone.normalise(text)
        if isinstance(found, Number):
            self.number = found
        elif isinstance(found, Withheld):
            self.withheld = True
        else:
            raise StopValidation(NUMBER_FORM)


class PortalForm(FlaskForm):
    """A form that knows what day it is (Helsinki date)."""

    def __init__(self, today: date, *arguments: Any, **options: Any) -> None:
        self.today = today
        super().__init__(*arguments, **options)


def page_errors(form: Any) -> list[tuple[str, str]]:
    """(anchor id, text) of each error, in the form's order, for the error summary."""
    return [(_anchor(field), str(field.errors[0])) for field in form if field.errors]


def _anchor(field: Field) -> str:
    """The id of the first thing in the field that takes focus."""
    return f"{field.id}-0" if isinstance(field, RadioField | SelectMultipleField) else field.id


class Radios(RadioField):
    """One of several. Whether one must be taken is said by `Chosen`, in the field's own words."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, validate_choice=False, **options)


class Checks(SelectMultipleField):
    """Several of many; values that were not offered are left out."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, validate_choice=False, **options)

    def pre_validate(self, _form: Any) -> None:
        """Forget what was not offered."""
        offered = _values(self)
        self.data = [value for value in self.data or [] if value in offered]


def _values(field: Any) -> set[str]:
    return {choice.value for choice in field.iter_choices()}


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Choices of (value, words)."""
    return [SelectChoice(value, words) for value, words in pairs]
