"""The forms of the acts that two people agree on, and of the invitation to listen on site.

They stand on one page: each has its own prefix, so that no two boxes share a name.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.domain.acts import LIFTING_NOTICE
from portal.domain.case import Act, CostLine
from portal.domain.grounds import FEE_GROUNDS, GROUNDS
from portal.domain.letters import holds_identity_code
from portal.domain.moments import at_time, format_date, helsinki, short_weekday
from portal.domain.register import Register
from portal.domain.visits import LEAST
from portal.domain.words import Language
from portal.services.acts import Held
from portal.services.ports import Slot
from portal.web.fields import AtMost, Checks, Chosen, FiDate, PortalForm, Radios, Typed, options

LONGEST, LONGEST_LINE = 8000, 100
LINES = 3
_SLACK = timedelta(days=7)
"""Days for the second person before the notice that the law or the register asks for begins."""
_EUROS = re.compile(r"(\d{1,4})(?:[,.](\d{1,2}))?\s*(?:€|eur(?:oa|o)?)?", re.I)


class Euros(StringField):
    """An amount such as 12,50; after validation in `cents`, or None where the box is empty."""

    cents: int | None = None

    def pre_validate(self, _form: Any) -> None:
        """Read the amount, or stop with the form's example."""
        text = str(self.data or "").strip()
        if not text:
            return
        found = _EUROS.fullmatch(text)
        if found is None:
            raise ValidationError(_("Kirjoita summa euroina, esimerkiksi 12,50"))
        self.cents = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def no_identity_code(_form: PortalForm, field: Any) -> None:
    """Refused where it is written: no letter may hold a personal identity code (Data Protection Act s. 29)."""
    if holds_identity_code(str(field.data or "")):
        raise ValidationError(_("Poista henkilötunnus: kirjeessä ei saa olla sitä (tietosuojalaki 29 §)"))


def euros(cents: int, language: Language) -> str:
    """12,50 € in Finnish and Swedish, €12.50 in English."""
    whole, rest = divmod(cents, 100)
    return f"€{whole}.{rest:02d}" if language is Language.EN else f"{whole},{rest:02d} €"


class ActForm(PortalForm):
    """What every proposal has: the reason that the applicant is told, as a clause."""

    reason = TextAreaField(
        lazy_gettext("Syy"),
        [Typed(lazy_gettext("Kirjoita syy")), AtMost(LONGEST), no_identity_code],
        description=lazy_gettext("Kirje jatkuu sanasta ”koska”, joten kirjoita syy lauseena pyynnön kielellä."),
    )

    @property
    def said(self) -> str:
        """The reason as typed."""
        return (self.reason.data or "").strip()


class FeeForm(ActForm):
    """An intended fee with its ground and cost lines (art. 12(5))."""

    ground = Radios(lazy_gettext("Peruste"), [Chosen(lazy_gettext("Valitse peruste"))])
    facts = TextAreaField(
        lazy_gettext("Tosiseikat"), [Typed(lazy_gettext("Kirjoita tosiseikat")), AtMost(LONGEST), no_identity_code],
        description=lazy_gettext("Mitä on pyydetty ja milloin. Näyttövelvollisuus on rekisterinpitäjällä."),
    )  # fmt: skip
    assessment = TextAreaField(
        lazy_gettext("Arvio"), [Typed(lazy_gettext("Kirjoita arvio")), AtMost(LONGEST), no_identity_code],
        description=lazy_gettext("Miksi säännös koskee tätä pyyntöä, miksei vähempi riitä."),
    )  # fmt: skip
    label1 = StringField(lazy_gettext("Kustannus 1"), [AtMost(LONGEST_LINE), no_identity_code])
    euros1 = Euros(lazy_gettext("Euroa"))
    label2 = StringField(lazy_gettext("Kustannus 2"), [AtMost(LONGEST_LINE), no_identity_code])
    euros2 = Euros(lazy_gettext("Euroa"))
    label3 = StringField(lazy_gettext("Kustannus 3"), [AtMost(LONGEST_LINE), no_identity_code])
    euros3 = Euros(lazy_gettext("Euroa"))
    reply_by = FiDate(
        lazy_gettext("Pyytäjä voi vastata viimeistään"),
        [Typed(lazy_gettext("Kirjoita päivä, johon saakka voi vastata"))],
    )

    def __init__(self, register: Register, language: Language, today: Any, **given: Any) -> None:
        self.notice = timedelta(days=register.fee.prior_notice_days or 1)
        first = {"reply_by": format_date(today + self.notice + _SLACK)}
        super().__init__(today, prefix="fee-", data=first, **given)
        self.ground.choices = options((code, GROUNDS[code].label[language]) for code in FEE_GROUNDS)

    @property
    def pairs(self) -> Iterator[tuple[StringField, Euros]]:
        """The boxes of the cost lines."""
        return ((self[f"label{n}"], self[f"euros{n}"]) for n in range(1, LINES + 1))

    def validate_label1(self, _field: StringField) -> None:
        """At least one line, each with its name and its amount."""
        typed = [(str(label.data or "").strip(), str(euros.data or "").strip()) for label, euros in self.pairs]
        if not any(label and euros for label, euros in typed) or any(bool(label) != bool(e) for label, e in typed):
            raise ValidationError(_("Kirjoita ainakin yksi kustannus ja sen summa, kumpikin joka rivillä"))

    def validate_reply_by(self, field: FiDate) -> None:
        """The notice that the register asks for."""
        if field.day and field.day < self.today + self.notice:
            first = format_date(self.today + self.notice)
            raise ValidationError(_("Maksusta ilmoitetaan etukäteen: aikaisin mahdollinen päivä on %(day)s", day=first))

    def act(self) -> Act:
        """The proposal that the form describes, once it is valid."""
        lines = tuple(
            CostLine(str(label.data).strip(), euros.cents) for label, euros in self.pairs if label.data and euros.cents
        )
        return Act(
            "fee", self.said, reply_by=self.reply_by.day, ground=self.ground.data or "",
            facts=(self.facts.data or "").strip(), assessment=(self.assessment.data or "").strip(), lines=lines,
        )  # fmt: skip


class RecordingsForm(ActForm):
    """An act that concerns some of the recordings that the case holds."""

    recordings = Checks(lazy_gettext("Tallenteet"), [])

    def offer(self, held: list[Held], language: Language) -> None:
        """Offer these recordings; all of them are ticked at first."""
        self.recordings.choices = options((one.recording.id, _named(one, language)) for one in held)

    def validate_recordings(self, field: Checks) -> None:
        """At least one."""
        if not field.data:
            raise ValidationError(_("Valitse ainakin yksi tallenne"))

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the recordings that were ticked."""
        return tuple(self.recordings.data or ())


class LiftingForm(RecordingsForm):
    """The end of a restriction, with its day and the day until which the applicant may speak (art. 18(3))."""

    on = FiDate(lazy_gettext("Rajoitus poistetaan"), [Typed(lazy_gettext("Kirjoita päivä, jona rajoitus poistetaan"))])
    reply_by = FiDate(
        lazy_gettext("Pyytäjä voi esittää näkemyksensä viimeistään"),
        [Typed(lazy_gettext("Kirjoita päivä, johon saakka voi vastata"))],
    )

    def __init__(self, held: list[Held], language: Language, today: Any, **given: Any) -> None:
        until = today + LIFTING_NOTICE
        first = {
            "on": format_date(until + _SLACK),
            "reply_by": format_date(until),
            "recordings": [one.recording.id for one in held],
        }
        super().__init__(today, prefix="lifting-", data=first, **given)
        self.offer(held, language)

    def validate_on(self, field: FiDate) -> None:
        """Two weeks' notice."""
        if field.day and field.day < self.today + LIFTING_NOTICE:
            first = format_date(self.today + LIFTING_NOTICE)
            raise ValidationError(
                _("Ilmoita vähintään 14 päivää ennen: aikaisin päivä on %(day)s (tietosuoja-asetus 18(3))", day=first)
            )

    def validate_reply_by(self, field: FiDate) -> None:
        """The applicant speaks before the lifting, and has time for it."""
        if field.day and self.on.day and not self.today < field.day <= self.on.day:
            raise ValidationError(_("Valitse päivä, joka on vielä edessä eikä rajoituksen poistamisen jälkeen"))

    def act(self) -> Act:
        """The proposal that the form describes, once it is valid."""
        return Act("lifting", self.said, on=self.on.day, reply_by=self.reply_by.day, recordings=self.chosen)


class ReleaseForm(RecordingsForm):
    """The early end of holds."""

    def __init__(self, held: list[Held], language: Language, today: Any, **given: Any) -> None:
        super().__init__(today, prefix="release-", data={}, **given)
        self.reason.description = _("Syy jää asian tietoihin. Sitä ei lähetetä pyytäjälle.")
        self.offer(held, language)

    def act(self) -> Act:
        """The proposal that the form describes, once it is valid."""
        return Act("hold_release", self.said, recordings=self.chosen)


class VisitForm(PortalForm):
    """The free times that the invitation offers."""

    slots = Checks(lazy_gettext("Tarjottavat ajat"))

    def __init__(self, free: tuple[Slot, ...], language: Language, today: Any, **given: Any) -> None:
        super().__init__(today, prefix="visit-", data={}, **given)
        places = {slot.place.id for slot in free}
        self.slots.choices = options((slot.id, _slot(slot, language, place=len(places) > 1)) for slot in free)

    def validate_slots(self, field: Checks) -> None:
        """The law's least number; the rest is said by the step."""
        if len(field.data or ()) < LEAST:
            raise ValidationError(_("Valitse vähintään kolme aikaa eri päiviltä"))

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the times that were ticked."""
        return tuple(self.slots.data or ())


class RejectForm(PortalForm):
    """Why a proposal is not agreed to, or is taken back."""

    reason = TextAreaField(
        lazy_gettext("Miksi ehdotus hylätään tai perutaan?"),
        [Typed(lazy_gettext("Kirjoita, miksi ehdotus hylätään tai perutaan")), AtMost(2000), no_identity_code],
    )


def _named(one: Held, language: Language) -> str:
    at = helsinki(one.recording.start)
    day = f"{short_weekday(at.date(), language)} {format_date(at.date())}"
    return f"{day} {at_time(at, language)}"


def _slot(slot: Slot, language: Language, *, place: bool) -> str:
    at = helsinki(slot.start)
    words = f"{short_weekday(at.date(), language)} {format_date(at.date())} {at_time(at, language)}"
    return f"{words}, {slot.place.name[language]}" if place else words
