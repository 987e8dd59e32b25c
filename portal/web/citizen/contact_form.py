"""How shall we tell you: the question of the details page, and of the page where the answer is changed later."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import StringField

from portal.domain.contact import LONGEST, Channel, Contact, email_address
from portal.domain.phone import mask
from portal.web.fields import AtMost, Chosen, PortalForm, Radios, options
from portal.web.language import gettext
from portal.web.language import lazy_gettext as _

NONE = "none"
Way = tuple[str, Any]


def told_field() -> Any:
    """The question itself, for a form of its own or among others."""
    return Radios(_("Miten kerromme vastauksesta?"), [Chosen(_("Valitse, miten kerromme vastauksesta"))])


def email_field() -> Any:
    """The address, asked where e-mail is chosen."""
    return StringField(_("Sähköpostiosoite"), [AtMost(LONGEST)])


def offer(form: Any, ways: Iterable[Way]) -> None:
    """Ask with these ways; without any the question is left out of the form."""
    choices = list(ways)
    if Channel.EMAIL not in dict(choices):
        del form["email"]
    if choices:
        form.told.choices = options([*choices, (NONE, _("En tarvitse ilmoitusta, katson palvelusta"))])
    else:
        del form["told"]


def check(form: Any) -> None:
    """Is the address one, if news is to go there? Afterwards it stands as a mail server takes it."""
    if "email" not in form or form.told.data != Channel.EMAIL or form.email.errors:
        return
    try:
        form.email.data = email_address(form.email.data or "")
    except ValueError:
        form.email.errors = [_("Kirjoita sähköpostiosoite muodossa nimi@esimerkki.fi")]


class ContactForm(PortalForm):
    """The question alone."""

    told = told_field()
    email = email_field()

    def validate(self, extra_validators: Any = None) -> bool:
        """Each box for itself, then the address."""
        super().validate(extra_validators)
        check(self)
        return not self.errors


def ways(numbers: Iterable[str], *, email: bool) -> list[Way]:
    """What can be offered: e-mail, and a text message to each number (E.164) that this person has proved."""
    offered: list[Way] = [(Channel.EMAIL.value, _("Sähköpostilla"))] if email else []
    return offered + [(number, _texted(number)) for number in dict.fromkeys(numbers)]


def contact(kept: Mapping[str, Any]) -> Contact | None:
    """The kept answers as the case holds them."""
    told = kept.get("told", NONE)
    if told == NONE:
        return None
    return Contact(Channel.EMAIL, kept["email"]) if told == Channel.EMAIL else Contact(Channel.TEXT, told)


def words(chosen: Contact | None) -> str:
    """The answer as a summary shows it."""
    if chosen is None:
        return gettext("Ei ilmoitusta")
    if chosen.channel is Channel.EMAIL:
        return gettext("Sähköpostilla: %(address)s", address=chosen.to)
    return _texted(chosen.to)


def _texted(number: str) -> str:
    return gettext("Tekstiviestillä numeroon %(number)s", number=mask(number))
