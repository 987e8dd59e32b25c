"""The pieces of a letter's facts: a call, a question, a file, a fee, a visit, and what else one kind of letter tells.

Free of language as far as possible; clauses have neither capital letter nor full stop.
"""

from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.decisions import LetterKind


@dataclass(frozen=True)
class CallLine:
    """A call as the person described it. `time` is shown as given ("14.15–14.45"), numbers as displayed and the
    person's own number masked; `text` is what is known when there is no date."""

    day: date | None = None
    time: str | None = None
    called: str | None = None
    own_masked: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Ask:
    """A request for further information: `kind` is call, identity or scope. `why` is a clause without capital
    letter or full stop; `pause_from` only when the pause stops the clock."""

    kind: str
    what: str
    why: str
    answer_by: date
    asked_on: date
    pause_from: date | None = None


@dataclass(frozen=True)
class FileLine:
    """A file that is handed over: its name, its format and how it is collected."""

    name: str
    format: str
    how: str


@dataclass(frozen=True)
class Omission:
    """A passage taken out of the copy, in seconds from the start of the call, and the ground's code; `call` names the
    call by its time where a letter gives several."""

    begin: int
    end: int
    ground: str
    call: str = ""


@dataclass(frozen=True)
class Lifting:
    """The notice before a restriction is lifted (art. 18(3)): `on` the day of lifting, `reason` a clause, `what` the
    data that were restricted, `reply_by` the last day for the person's views. `taken_back`: what was announced does
    not happen, `reason` says why, and the restriction goes on."""

    on: date
    reason: str
    what: tuple[str, ...]
    reply_by: date
    taken_back: bool = False


@dataclass(frozen=True)
class Fee:
    """An intended fee (art. 12(5)): `reason` a clause, the amount and each cost line in cents. The ground with its
    facts and assessment stands in the letter's items."""

    reason: str
    amount_cents: int
    cost_lines: tuple[tuple[str, int], ...]
    reply_by: date


@dataclass(frozen=True)
class Visit:
    """An invitation to listen on site: `times` are aware instants to choose from, `minutes` how long it takes,
    `access` what is known of the place's accessibility."""

    place: str
    times: tuple[datetime, ...]
    minutes: int
    id_documents: tuple[str, ...]
    access: str = ""


@dataclass(frozen=True)
class Attendance:
    """A visit to listen on site as its certificate tells it: whose, when (aware instants), where, which document
    proved the identity, and the beginnings of the calls that were heard."""

    name: str
    begin: datetime
    end: datetime
    place: str
    document: str
    calls: tuple[datetime, ...]


@dataclass(frozen=True)
class Closing:
    """A case closed because what was asked on `asked_on` was not answered; `why` is a clause."""

    asked_on: date
    why: str
    on: date


@dataclass(frozen=True)
class OtherController:
    """The body whose data they are; an authority states the day on which it transferred the request (APA s. 21)."""

    name: str
    transferred_on: date | None


@dataclass(frozen=True)
class Corrected:
    """The earlier letter that this one takes the place of (APA ss. 49-51)."""

    kind: LetterKind
    on: date
