"""What a controller's privacy notice promises, typed (GDPR arts. 12-14; rules V1-V19 of the configuration).

A register file states each value with the clause of the notice it comes from; where the notice is silent the
value is a marked gap with a lawful default. `Register.clauses` keeps that origin beside the plain values: the
clause's number, "gap: why" or "law: provision", under the key by which the register file is spoken of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.domain.envelope import C5, Envelope
from portal.domain.rights import LegalBasis, Right
from portal.domain.words import Language as Language
from portal.domain.words import Words as Words

#: The class of an ordinary recorded call; every register must have a retention rule for it (rule V1).
CUSTOMER_SERVICE = "customer_service"


class Sector(StrEnum):
    """Decides remedies: public controllers enclose appeal instructions, private ones name the district court."""

    MUNICIPAL = "municipal"
    STATE = "state"
    PRIVATE = "private"

    @property
    def public(self) -> bool:
        return self is not Sector.PRIVATE


@dataclass(frozen=True)
class Contact:
    """A role, never a person: where the data subject turns. `phone` is as the notice prints it (09 816 21)."""

    role: Words
    phone: str | None = None
    email: str | None = None
    post: tuple[str, ...] = ()


@dataclass(frozen=True)
class Controller:
    """The controller of the register (art. 4(7)). `address` is the sender's address, one line an item."""

    name: Words
    sector: Sector
    address: tuple[str, ...]
    business_id: str | None = None
    unit: Words | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: Words | None = None
    transfer_basis: Words | None = None


@dataclass(frozen=True)
class Purpose:
    """A purpose of processing with its legal bases (art. 6(1)); rights are computed per purpose.
    `special_category` is the point of art. 9(2) under which health data may be processed, such as "9(2)(h)"."""

    code: str
    name: Words
    bases: frozenset[LegalBasis]
    direct_marketing: bool = False
    special_category: str | None = None


@dataclass(frozen=True)
class RetentionRule:
    """How long a class of recordings is kept. `period` and `longest` are ISO 8601 periods such as P3M or P30D,
    counted from the end of the call in Europe/Helsinki."""

    recording_class: str
    period: str
    longest: str | None = None
    reasons: tuple[str, ...] = ()
    approver_role: str | None = None
    review_days: int | None = None


@dataclass(frozen=True)
class Recipient:
    """To whom data have been or will be disclosed (arts. 15(1)(c), 19); processors are recipients too."""

    code: str
    name: Words
    kind: str  # processor | authority | other


@dataclass(frozen=True)
class ServiceNumber:
    """A number that callers ring, in E.164, with the service it belongs to."""

    e164: str
    name: Words


@dataclass(frozen=True)
class Delivery:
    """A way to give the answer: download, transcript, post, on_site or portability; `places` for on_site."""

    manner: str
    default: bool = False
    places: tuple[Words, ...] = ()


@dataclass(frozen=True)
class IdDocument:
    """An identity document accepted on site."""

    code: str
    name: Words


@dataclass(frozen=True)
class Appeal:
    """A public controller's appeal body; `instructions` is the enclosed page's template name."""

    court: Words
    instructions: str


@dataclass(frozen=True)
class Complaint:
    """The supervisory authority's contact block as printed, and when it was last checked."""

    authority: Words
    checked_on: date


@dataclass(frozen=True)
class FeeRule:
    """Art. 12(5): never, or exceptional with prior notice; a notice's "once a year free" is only a note."""

    mode: str  # never | exceptional
    prior_notice_days: int | None = None
    free_per_year_note: bool = False


@dataclass(frozen=True)
class Notice:
    """The privacy notice behind the register. `law` is GDPR, or HETIL for the repealed act 523/1999."""

    date: date | None
    law: str
    mapping_note: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Listeners:
    """Who may listen: phone_service_staff | named_persons | staff_who_need_it | agent_and_supervisor |
    confirmed_by_controller."""

    rule: str
    text: Words


@dataclass(frozen=True)
class Confirmed:
    """What the controller confirms for art. 15(1)(h) and 15(2): printed as statements only when true."""

    no_automated_decisions: bool
    no_third_country_transfers: bool


@dataclass(frozen=True)
class Note(Words):
    """A promise of the notice that has no field of its own, told to the data subject in words."""

    code: str = ""


@dataclass(frozen=True)
class Register:
    """One controller's register of recorded calls with everything its notice promises.

    `required_languages` are those in which letters must be complete (Language Act 423/2003; rule V14),
    `after_service_end` is the ISO 8601 period after which everything goes when the controller stops using the
    service, `confirmed_on` says when the controller confirmed the gap of that key (rule V2), `envelope` is the
    window envelope that letters are posted in, `keeps_identity_code` says whether the register holds the code, and
    `mandate_files` how long files that show a right to act are kept: until_checked or until_closed."""

    id: str
    theme: str
    name: Words
    controller: Controller
    contact: Contact
    dpo: Contact
    requests_to: Contact
    notice: Notice
    purposes: tuple[Purpose, ...]
    categories: tuple[Words, ...]
    source: Words
    recipients: tuple[Recipient, ...]
    retention: tuple[RetentionRule, ...]
    listeners: Listeners
    rights_in_notice: frozenset[Right]
    delivery: tuple[Delivery, ...]
    id_documents: tuple[IdDocument, ...]
    service_target_days: int | None
    fee: FeeRule
    languages: tuple[Language, ...]
    complaint: Complaint
    confirmed: Confirmed
    service_numbers: tuple[ServiceNumber, ...]
    channels: tuple[str, ...]
    openness_act: bool
    appeal: Appeal | None
    download_days: int
    hold_review_days: int
    password_max_age_days: int | None
    recording_announcement: Words
    notes: tuple[Words, ...]
    clauses: Mapping[str, str]
    version: str
    required_languages: tuple[Language, ...] = (Language.FI,)
    after_service_end: str | None = None
    confirmed_on: Mapping[str, date] = field(default_factory=dict)
    envelope: Envelope = C5
    keeps_identity_code: bool = False
    mandate_files: str = "until_checked"

    def rule(self, recording_class: str) -> RetentionRule:
        """The retention rule of a recording class. KeyError when the register has none (rule V1)."""
        for rule in self.retention:
            if rule.recording_class == recording_class:
                return rule
        raise KeyError(recording_class)

    def note(self, code: str) -> Words:
        """The note with this code. KeyError when the register has none."""
        for note in self.notes:
            if isinstance(note, Note) and note.code == code:
                return note
        raise KeyError(code)
