"""What the citizen wants done and how the answer is wanted: asked by right, and no more than the right needs."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, StringField, TextAreaField

from portal.domain.case import Address, Wishes
from portal.domain.contact import Channel
from portal.domain.register import Register
from portal.domain.rights import LegalBasis, Right, rights_by_law
from portal.domain.words import Language
from portal.web.citizen import contact_form
from portal.web.fields import AtMost, Checks, PortalForm, Radios, Typed, options

_LONGEST = 4000
_ASKED = {
    Right.ACCESS: ("transcript",),
    Right.RECTIFICATION: ("wrong", "correct"),
    Right.ERASURE: ("copy_first", "reason"),
    Right.RESTRICTION: ("ground", "reason"),
    Right.PORTABILITY: (),
    Right.OBJECTION: ("purposes", "reason"),
    Right.WITHDRAWAL: ("purposes",),
}
_ADDRESS = ("street", "postcode", "town")
_ALWAYS = ("answer_language", "told", "email", "by_post", *_ADDRESS, "protected")
GROUNDS = {
    "contested": _("Tieto ei pidä paikkaansa"),
    "unlawful": _("Käsittely on lainvastaista, mutta en halua poistoa"),
    "claims": _("Tarvitsen tallennetta oikeudelliseen vaatimukseen"),
    "objected": _("Olen vastustanut käsittelyä"),
}
LANGUAGES = {Language.FI: _("suomi"), Language.SV: _("ruotsi"), Language.EN: _("englanti")}


class DetailsForm(PortalForm):
    """The right's own questions, then the answer's language and whether it is posted too."""

    wrong = TextAreaField(_("Mikä tieto on väärin?"), [Typed(_("Kirjoita, mikä tieto on väärin")), AtMost(_LONGEST)])
    correct = TextAreaField(_("Miten sen pitäisi olla?"), [Typed(_("Kirjoita, miten sen pitäisi olla")), AtMost(1000)])
    copy_first = BooleanField(_("Haluan ensin kopion tallenteesta"))
    transcript = BooleanField(_("Haluan puhelun myös tekstinä (sanatarkka litterointi)"))
    ground = Radios(_("Miksi käyttöä pitää rajoittaa?"), choices=options(GROUNDS.items()))
    purposes = Checks(_("Mihin käyttöön pyyntösi koskee?"))
    reason = TextAreaField(_("Miksi?"), [AtMost(_LONGEST)])
    answer_language = Radios(_("Vastauksen kieli"))
    told = contact_form.told_field()
    email = contact_form.email_field()
    by_post = BooleanField(_("Postitse"))
    street = StringField(_("Katuosoite"), [AtMost(60)])
    postcode = StringField(_("Postinumero"), [AtMost(12)])
    town = StringField(_("Postitoimipaikka"), [AtMost(40)])
    protected = BooleanField(_("Osoitteeni on turvakiellon alainen: älkää lähettäkö mitään postitse"))

    def __init__(
        self,
        register: Register,
        right: Right,
        today: date,
        language: Language,
        kept: Mapping[str, Any] | None = None,
        ways: Iterable[contact_form.Way] = (),
    ) -> None:
        """`kept`: answers given earlier; None reads the request. `ways`: how the person can be told of news."""
        super().__init__(today, **({} if kept is None else {"formdata": MultiDict(kept), "meta": {"csrf": False}}))
        self.right = right
        for name in {name for names in _ASKED.values() for name in names} - set(_ASKED[right]):
            del self[name]
        contact_form.offer(self, ways)
        self.answer_language.choices = options((one.value, LANGUAGES[one]) for one in register.languages)
        if self.answer_language.data not in register.languages:
            self.answer_language.data = language.value if language in register.languages else register.languages[0]
        if "purposes" in self:
            self.purposes.choices = options(
                (purpose.code, purpose.name[language]) for purpose in _open(register, right)
            )
        if right is Right.OBJECTION:
            self.reason.label.text = _("Kerro tilanteestasi")

    def validate(self, extra_validators: Any = None) -> bool:
        """Each box for itself, then what they say together."""
        super().validate(extra_validators)
        if "ground" in self and self.ground.data not in GROUNDS:
            self.ground.errors = [_("Valitse, miksi käyttöä pitää rajoittaa")]
        if "purposes" in self and not self.purposes.data:
            self.purposes.errors = [_("Valitse ainakin yksi kohta")]
        contact_form.check(self)
        if self.by_post.data and self.protected.data:
            self.protected.errors = [_("Valitse joko kirje postitse tai ettei mitään lähetetä postitse")]
        elif self.by_post.data:
            for field, message in self._address():
                if not (field.data or "").strip():
                    field.errors = [message]
        return not self.errors

    def _address(self) -> tuple[tuple[Any, Any], ...]:
        return (
            (self.street, _("Kirjoita katuosoite")),
            (self.postcode, _("Kirjoita postinumero")),
            (self.town, _("Kirjoita postitoimipaikka")),
        )

    def entry(self) -> dict[str, Any]:
        """The answers as they are kept; an address under non-disclosure is not, not even in the draft."""
        left_out: tuple[str, ...] = _ADDRESS if self.protected.data else ()
        if "told" in self and self.told.data != Channel.EMAIL:
            left_out = (*left_out, "email")
        asked = [name for name in (*_ASKED[self.right], *_ALWAYS) if name in self and name not in left_out]
        return {name: _plain(self[name].data) for name in asked if self[name].data}


def _plain(value: Any) -> Any:
    if value is True:
        return "y"
    return value.strip() if isinstance(value, str) else value


def _open(register: Register, right: Right) -> tuple[Any, ...]:
    """The purposes the right is about; a withdrawal, those that rest on consent."""
    purposes = rights_by_law(register)[right]
    if right is Right.WITHDRAWAL:
        return tuple(purpose for purpose in purposes if LegalBasis.CONSENT in purpose.bases)
    return purposes


def wishes(details: Mapping[str, Any], right: Right) -> Wishes:
    """The kept answers as the case holds them."""
    return Wishes(
        copy=right in (Right.ACCESS, Right.PORTABILITY) or "copy_first" in details,
        by_post="by_post" in details,
        wrong=details.get("wrong", ""),
        correct=details.get("correct", ""),
        reason=details.get("reason", ""),
        copy_first="copy_first" in details,
        ground=details.get("ground", ""),
        purposes=tuple(details.get("purposes", ())),
        transcript=right is Right.ACCESS and "transcript" in details,
    )


def address(details: Mapping[str, Any]) -> Address | None:
    """Where the letter is posted too, if it is."""
    if "by_post" not in details:
        return None
    return Address(details["street"], details["postcode"], details["town"])


def protected(details: Mapping[str, Any]) -> bool:
    """Is the address under non-disclosure, so that nothing may be posted?"""
    return "protected" in details
