"""What somebody may want to do with a case: one frozen dataclass a step; the table in lifecycle says who may."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.case import Act, Address, Route, Verdict
from portal.domain.contact import Contact
from portal.domain.decisions import Decision
from portal.domain.dispatch import Way
from portal.domain.events import Event
from portal.domain.number_proof import How
from portal.domain.words import Language


class NotNow(Exception):
    """The step cannot be done in the case's present state; `code` says why, for one friendly page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Step:
    """Base of all steps."""


@dataclass(frozen=True)
class TakeUp(Step):
    """Take the case, or take it over from a colleague."""


@dataclass(frozen=True)
class Ask(Step):
    """Ask the applicant: `kind` call | identity | scope; doubt and large quantity decide whether the clock stops."""

    kind: str
    what: str
    why: str
    answer_by: date
    doubt: bool = False
    large_quantity: bool = False


@dataclass(frozen=True)
class Reply(Step):
    """The applicant writes; while a question is open this answers it."""

    text: str


@dataclass(frozen=True)
class Extend(Step):
    """Art. 12(3): two further months, with an individual reason."""

    reason: str
    text: str


@dataclass(frozen=True)
class ChooseCall(Step):
    recording: str
    call: int


@dataclass(frozen=True)
class RejectCall(Step):
    recording: str
    call: int


@dataclass(frozen=True)
class CheckSpeaker(Step):
    """After listening: is the speaker the applicant, and what shows it?"""

    recording: str
    verdict: Verdict
    how: str


@dataclass(frozen=True)
class ProveNumber(Step):
    """The person typed the right code of the number of a call, at that instant."""

    call: int
    how: How
    at: datetime


@dataclass(frozen=True)
class SupportNumber(Step):
    """Staff found that the number of a call is the person's: how, and on which facts."""

    call: int
    how: How
    note: str


@dataclass(frozen=True)
class UnproveNumber(Step):
    """A proof or a support of a number is taken back."""

    call: int
    why: str


@dataclass(frozen=True)
class ShareNumber(Step):
    """Others use the number of a call too, or do not after all."""

    call: int
    shared: bool


@dataclass(frozen=True)
class CorrectMetadata(Step):
    """Art. 16: a recording's number or time was wrong in the index: `field` is caller or start, both values as in
    the event MetadataCorrected."""

    recording: str
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Propose(Step):
    """A complete decision goes to approval, or straight to signing where no second person is needed."""

    decision: Decision
    summary: str


@dataclass(frozen=True)
class Approve(Step):
    pass


@dataclass(frozen=True)
class Return(Step):
    reason: str


@dataclass(frozen=True)
class Sign(Step):
    """The frozen letter is given; `kind` is the letter's kind, `available_until` the end of the files' life."""

    kind: str
    available_until: date | None


@dataclass(frozen=True)
class Withdraw(Step):
    pass


@dataclass(frozen=True)
class Close(Step):
    pass


@dataclass(frozen=True)
class Record(Step):
    """Something happened that leaves the state alone: a hold confirmed, a letter issued, a copy heard."""

    event: Event


@dataclass(frozen=True)
class DecideRoute(Step):
    """Which law the request is answered by: data protection, openness (Act 621/1999), or both; `large` lengthens the
    openness clock from two weeks to a month (s. 14)."""

    route: Route
    large: bool
    why: str


@dataclass(frozen=True)
class AllowLate(Step):
    """The data protection officer lets a late notice count, with a reason: `what` is extension or pause."""

    what: str
    reason: str


@dataclass(frozen=True)
class Remind(Step):
    """The applicant is reminded of the open question."""


@dataclass(frozen=True)
class Narrow(Step):
    """The applicant leaves calls out of the request; `calls` are the numbers of those that stay."""

    calls: tuple[int, ...]


@dataclass(frozen=True)
class ProposeAct(Step):
    """Propose an act that needs a second person: a fee, the lifting of a restriction, the release of a hold."""

    act: Act


@dataclass(frozen=True)
class ApproveAct(Step):
    """The second person agrees; the act then happens."""

    kind: str


@dataclass(frozen=True)
class RejectAct(Step):
    """The second person does not agree, or the author takes the act back."""

    kind: str
    reason: str


@dataclass(frozen=True)
class AnswerFee(Step):
    """The applicant accepts the announced fee, or does not."""

    accepted: bool


@dataclass(frozen=True)
class OfferVisit(Step):
    """An invitation to listen at the controller's premises, beside the copy and never instead of it: the slots
    offered, each an id and its start."""

    place: str
    slots: tuple[tuple[str, datetime], ...]
    minutes: int


@dataclass(frozen=True)
class Tell(Step):
    """Art. 19: what a recipient of the data was told: `state` is told or impossible, which needs a reason; mistaken
    takes back one that was named by mistake."""

    recipient: str
    state: str
    why: str = ""


@dataclass(frozen=True)
class Complain(Step):
    """The applicant says that they have complained to an authority or a court."""

    body: str


@dataclass(frozen=True)
class OpenProceeding(Step):
    """The supervisory authority asks, or a court decides: `kind` is inquiry or court; it reopens the case."""

    kind: str
    body: str
    reference: str
    reply_by: date
    matter: str


@dataclass(frozen=True)
class CloseProceeding(Step):
    """A complaint, an inquiry or a matter in court has ended; `index` counts the case's proceedings from 0."""

    index: int
    outcome: str


@dataclass(frozen=True)
class ChooseDispatch(Step):
    """How the case's letters go from now on. `protected`: the address is not to be disclosed, for safety; the
    address known before is then never used, only one that is given here."""

    way: Way
    address: Address | None
    protected: bool = False


@dataclass(frozen=True)
class ChangeLanguage(Step):
    """The matter is handled in another language from now on (Language Act 423/2003 ss. 12, 19)."""

    language: Language


@dataclass(frozen=True)
class ChooseContact(Step):
    """Where the applicant wants to be told of news from now on; None: nowhere but in the service."""

    contact: Contact | None
