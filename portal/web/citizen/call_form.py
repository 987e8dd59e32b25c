"""One call as the citizen describes it: its form, and what was understood of it.

Not remembering is never an error: "En muista" is a choice everywhere, and it widens the search.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField

from portal.domain import phone
from portal.domain.matching import CallDescription
from portal.domain.moments import (
    DaySureness,
    TimeSureness,
    at_time,
    clock_changed,
    format_date,
    format_time,
    parse_date,
    parse_time,
    weekday_date,
)
from portal.domain.phone import Number, NumberKind
from portal.domain.register import Register
from portal.domain.retention import oldest_kept
from portal.web.fields import NUMBER_FORM, Chosen, FiDate, FiPhone, FiTime, PortalForm, Radios, options
from portal.web.language import gettext
from portal.web.language import lazy_gettext as _

OTHER, UNKNOWN = "other", "unknown"
_FIELDS = ("day", "day_sureness", "earliest", "latest", "time", "time_sureness", "called", "called_other", "own")
_FLAGS = ("withheld", "other_phone", "own_unknown")

DAY_SURENESS = {
    DaySureness.CERTAIN: _("Varma"),
    DaySureness.COUPLE_OF_DAYS: _("Parin päivän tarkkuudella"),
    DaySureness.WEEK: _("Viikon tarkkuudella"),
    DaySureness.UNKNOWN: _("En muista päivää. Etsikää väliltä"),
}
TIME_SURENESS = {
    TimeSureness.QUARTER: _("Noin vartin tarkkuudella"),
    TimeSureness.HOUR: _("Noin tunnin tarkkuudella"),
    TimeSureness.MORNING: _("Aamulla"),
    TimeSureness.DAYTIME: _("Päivällä"),
    TimeSureness.EVENING: _("Illalla"),
    TimeSureness.UNKNOWN: _("En muista"),
}
_CLOCK = (TimeSureness.QUARTER, TimeSureness.HOUR)
_DAY_WORDS = {
    DaySureness.COUPLE_OF_DAYS: _("parin päivän tarkkuudella"),
    DaySureness.WEEK: _("viikon tarkkuudella"),
}
_TIME_WORDS = {
    TimeSureness.QUARTER: _("noin vartin tarkkuudella"),
    TimeSureness.HOUR: _("noin tunnin tarkkuudella"),
    TimeSureness.MORNING: _("aamulla"),
    TimeSureness.DAYTIME: _("päivällä"),
    TimeSureness.EVENING: _("illalla"),
}


class CallForm(PortalForm):
    """When, to which number, from which number."""

    day = FiDate(_("Puhelun päivä"), call_day=True)
    day_sureness = Radios(
        _("Kuinka varma päivä on?"),
        [Chosen(_("Valitse, kuinka varma päivä on"))],
        choices=options(DAY_SURENESS.items()),
    )
    earliest = FiDate(_("Aikaisintaan"), call_day=True)
    latest = FiDate(_("Viimeistään"), call_day=True)
    time = FiTime(_("Kellonaika"))
    time_sureness = Radios(_("Kuinka varma kellonaika on?"), choices=options(TIME_SURENESS.items()))
    called = Radios(_("Mihin numeroon soitit?"), [Chosen(_("Valitse numero, johon soitit, tai En muista"))])
    called_other = FiPhone(_("Muu numero"))
    own = FiPhone(_("Mistä numerosta soitit?"))
    withheld = BooleanField(_("Numeroni oli salainen"))
    other_phone = BooleanField(_("Soitin toisen puhelimesta"))
    own_unknown = BooleanField(_("En muista"))

    def __init__(self, register: Register, today: date, language: str, typed: Mapping[str, Any] | None = None) -> None:
        """`typed`: text kept earlier; None reads the request."""
        given = {} if typed is None else {"formdata": MultiDict(typed), "meta": {"csrf": False}}
        super().__init__(today, **given)
        known = [(number.e164, number.name[language]) for number in register.service_numbers]
        self.called.choices = options([*known, (OTHER, _("Muu numero")), (UNKNOWN, _("En muista"))])
        self.swap_offered = False
        self.accepted_own = ""

    def validate(self, extra_validators: Any = None) -> bool:
        """Each box for itself, then what they say together."""
        super().validate(extra_validators)
        self._check_day()
        self._check_time()
        self._check_numbers()
        return not self.errors

    def _check_day(self) -> None:
        unknown = self.day_sureness.data == DaySureness.UNKNOWN.value
        if self.day.day is None and not self.day.errors and not unknown:
            self.day.errors = [_("Kirjoita puhelun päivä")]
        for ignored in [self.day] if unknown else [self.earliest, self.latest]:
            ignored.errors = []

    def _check_time(self) -> None:
        sureness = self.time_sureness.data
        if self.time.clock and sureness not in set(TimeSureness):
            self.time_sureness.errors = [_("Valitse, kuinka varma kellonaika on")]
        if sureness in _CLOCK and self.time.clock is None and not self.time.errors:
            self.time.errors = [_("Kirjoita kellonaika, tai valitse vuorokaudenaika tai En muista")]

    def _check_numbers(self) -> None:
        if self.called.data == OTHER and self.called_other.number is None and not self.called_other.errors:
            self.called_other.errors = [NUMBER_FORM]
        if self.called.data != OTHER:
            self.called_other.errors = []
        told = self.own.number or self.own.withheld or any(self[flag].data for flag in _FLAGS)
        if not told and not self.own.errors:
            self.own.errors = [NUMBER_FORM]
        if self.own.number and self.own.number.kind.is_service and self.own.number.e164 != self.accepted_own:
            self.own.errors = [_("Tämä näyttää numerolta, johon soitit. Vaihdetaanko numerot?")]
            self.swap_offered = True

    def accept(self, own: str) -> None:
        """The person saw the question about this service number as their own, and sent it again."""
        self.accepted_own = own

    def entry(self) -> dict[str, Any]:
        """The complete call as text to keep: read again, it gives the same on any later day."""
        kept: dict[str, Any] = {
            "day": format_date(self.day.day) if self.day.day else "",
            "time": format_time(self.time.clock) if self.time.clock else "",
            "day_sureness": self.day_sureness.data,
            "time_sureness": self.time_sureness.data or TimeSureness.UNKNOWN.value,
            "called": self.called.data,
            "called_other": _shown(self.called_other.number if self.called.data == OTHER else None),
            "own": _shown(self.own.number),
        }
        first, last = self.earliest.day, self.latest.day
        if first and last and first > last:
            first, last = last, first
        kept |= {"earliest": format_date(first) if first else "", "latest": format_date(last) if last else ""}
        kept |= {flag: "y" for flag in _FLAGS if self[flag].data}
        if self.own.withheld:
            kept["withheld"] = "y"
        return kept | {"done": True}


def _shown(number: Number | None) -> str:
    return number.national if number else ""


def as_typed(form: Mapping[str, str]) -> dict[str, Any]:
    """Everything in the request's form as it stands, to be gone on with later."""
    return {name: form[name][:80] for name in (*_FIELDS, *_FLAGS) if name in form} | {"done": False}


def swapped(form: Mapping[str, str], register: Register) -> dict[str, str]:
    """The form with the two numbers changed over."""
    called = phone.normalise(form.get("own", ""))
    e164 = called.e164 if isinstance(called, Number) else ""
    known = e164 in {number.e164 for number in register.service_numbers}
    changed = {"called": e164 if known else OTHER, "called_other": "" if known else form.get("own", "")}
    return {**form, **changed, "own": form.get("called_other", "") if form.get("called") == OTHER else ""}


def described(entry: Mapping[str, Any], number: int, today: date) -> CallDescription:
    """The call that a complete entry describes, as number `number` of the request."""
    day = parse_date(entry["day"], today) if entry["day"] else None
    called = entry["called_other"] if entry["called"] == OTHER else entry["called"]
    return CallDescription(
        number=number,
        day=day,
        time=parse_time(entry["time"]) if entry["time"] else None,
        day_sureness=DaySureness(entry["day_sureness"]),
        time_sureness=TimeSureness(entry["time_sureness"]),
        service_number=None if called == UNKNOWN else _e164(called),
        own_number=_e164(entry["own"]),
        withheld="withheld" in entry,
        other_phone="other_phone" in entry,
        note=_between(entry),
    )


def _e164(text: str) -> str | None:
    found = phone.normalise(text) if text else None
    return found.e164 if isinstance(found, Number) else None


def _between(entry: Mapping[str, Any]) -> str:
    if entry["day_sureness"] != DaySureness.UNKNOWN.value or not (entry["earliest"] or entry["latest"]):
        return ""
    return f"{entry['earliest']}–{entry['latest']}"


def when(call: CallDescription, language: str) -> str:
    """tiistai 17.11.2026 klo 7.40, noin tunnin tarkkuudella"""
    if call.day is None or call.day_sureness is DaySureness.UNKNOWN:
        parts = [gettext("Päivä ei ole tiedossa") + (f", {call.note}" if call.note else "")]
    else:
        parts = [weekday_date(call.day, language)]
        if call.day_sureness in _DAY_WORDS:
            parts.append(str(_DAY_WORDS[call.day_sureness]))
    clock = at_time(call.time, language) if call.time else ""
    sure = str(_TIME_WORDS.get(call.time_sureness, ""))
    if clock and len(parts) == 1:
        parts[0] = f"{parts[0]} {clock}"
    elif clock:
        parts.append(clock)
    return ", ".join(part for part in (*parts, sure) if part)


def called_words(call: CallDescription, register: Register, language: str) -> str:
    """The number called and its service."""
    if call.service_number is None:
        return str(gettext("En muista"))
    names = {number.e164: number.name[language] for number in register.service_numbers}
    shown, name = phone.national(call.service_number), names.get(call.service_number)
    return f"{name}, {shown}" if name else shown


def own_words(call: CallDescription) -> str:
    """The person's own number, masked, and what they said of it."""
    told = [phone.mask(call.own_number)] if call.own_number else []
    told += [gettext("numero oli salainen")] if call.withheld else []
    told += [gettext("toisen puhelimesta")] if call.other_phone else []
    return ", ".join(told) or gettext("En muista")


def notices(call: CallDescription, register: Register, today: date, period: str) -> Iterator[str]:
    """What the person should know of this call; none of it stops the request."""
    if call.day and call.day < oldest_kept(today, register.rule("customer_service")):
        yield gettext("Tallenteita säilytetään %(time)s. Voit silti lähettää pyynnön", time=period)
    if clock_changed(call.day, call.time):
        yield gettext("Kelloja siirrettiin silloin. Etsimme puhelua kumpaankin aikaan")
    own = phone.normalise(call.own_number) if call.own_number else None
    if isinstance(own, Number) and own.kind is NumberKind.FOREIGN:
        yield gettext("Numerosi on ulkomainen. Etsimme puhelua sillä")
    if isinstance(own, Number) and own.kind is NumberKind.UNKNOWN:
        yield gettext("Emme tunne numeroasi. Tarkista se. Etsimme puhelua myös sillä")
    if call.service_number and call.service_number not in {n.e164 for n in register.service_numbers}:
        yield gettext("Numero, johon soitit, ei ole luettelossamme. Etsimme puhelua myös sillä")
