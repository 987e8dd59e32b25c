"""What the applicant is told by e-mail or text message: that there is news, never what (arts. 5(1)(c), 32).

A message names no person, controller, right or case, and holds no link: it cannot betray the matter to whoever else
reads the screen, and nobody who copies it can lure the person elsewhere.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.domain import duty_events, events
from portal.domain.calendar_fi import FI_150_1930
from portal.domain.case import Case, leading
from portal.domain.decisions import LetterKind
from portal.domain.event import Event
from portal.domain.moments import format_date, helsinki, moments
from portal.domain.words import Language, Words

FILES_WARNED = timedelta(days=7)
"""How long before the last day of given files the person is reminded of them."""
_EVENING = time(15)
_MORNING = time(8)


class What(StrEnum):
    """The kinds of messages."""

    NEWS = "news"
    ANSWER = "answer"
    ACT = "act"
    FILES = "files"
    VISIT = "visit"


@dataclass(frozen=True)
class Notification:
    """One message; `by` is the last day of what it asks or announces."""

    what: What
    by: date | None = None


_NEWS = (
    events.RequestReceived, events.DeadlineExtended, events.CaseReopened, events.VisitOffered, events.VisitCalledOff,
    events.CopyRevoked, events.CopyRenewed, duty_events.ErasureConfirmed, events.RestrictionLifted,
)  # fmt: skip


def notification(event: Event, case: Case) -> Notification | None:
    """What is told of the event, in the case as it is after it; None where nothing is. What the person did themselves
    is not told them, except that the request has arrived; nor is a letter that another event announces."""
    match event:
        case events.QuestionAsked() | events.ReminderSent():
            return Notification(What.ACT, event.answer_by)
        case events.ActApproved():
            act = case.act(event.kind)
            return Notification(What.ACT, act.reply_by) if act and act.reply_by else None
        case events.AnswerGiven():
            return Notification(What.ANSWER)
        case events.VisitReminded():
            return Notification(What.VISIT)
        case events.FilesReminded():
            return Notification(What.FILES, event.until)
    told = isinstance(event, _NEWS) or (isinstance(event, events.LetterIssued) and _letter_alone(event.kind, case))
    return Notification(What.NEWS) if told else None


def _letter_alone(kind: str, case: Case) -> bool:
    """Is it a letter that nothing else announces: of an erasure that followed the answer, or that a restriction stands
    after all?"""
    if kind == LetterKind.ERASED:
        return case.answered_at is not None and not case.state.open
    lifting = case.act("lifting")
    return kind == LetterKind.RESTRICTION_LIFTING and not (lifting and lifting.approver)


def leaves_at(message: Notification, case: Case, now: datetime) -> datetime:
    """When the message goes: at once; of an answer given in the evening or on a day off, the next working morning,
    when there is somebody to ask, unless the last day for the answer would have passed by then."""
    local = helsinki(now)
    today, working = local.date(), FI_150_1930.is_working_day
    if message.what is not What.ANSWER or (local.time() < _EVENING and working(today)):
        return now
    day, due = FI_150_1930.roll_forward(today + timedelta(days=1)), leading(case).due
    if due and day > due:
        return now
    return moments(datetime.combine(day, _MORNING))[0][0]


SUBJECT = Words("Uusi viesti asiointipalvelussa", "Nytt meddelande i e-tjänsten", "New message in the service")
_CLOSING = Words(
    "Turvallisuussyistä viestissä ei ole linkkejä. Älä vastaa viestiin.",
    "Av säkerhetsskäl innehåller meddelandet inga länkar. Svara inte på det.",
    "For safety this message has no links. Please do not reply.",
)
_OPEN = Words(
    "Avaa {host} ja kirjaudu sisään.", "Öppna {host} och logga in.", "Open {host} and sign in."
)  # fmt: skip
_TEXTS = {
    What.NEWS: Words(
        "Sinulle on uutta tietoa asiointipalvelussa.",
        "Det finns ny information till dig i e-tjänsten.",
        "There is news for you in the service.",
    ),
    What.ACT: Words(
        "Tarvitsemme sinulta vastauksen viimeistään {date}.",
        "Vi behöver ett svar av dig senast den {date}.",
        "We need an answer from you by {date}.",
    ),
    What.FILES: Words(
        "Tiedostosi ovat noudettavissa {date} saakka.",
        "Du kan hämta dina filer till och med den {date}.",
        "You can collect your files until {date}.",
    ),
    What.VISIT: Words(
        "Muistutus: sinulla on varattu aika. Katso aika ja paikka palvelusta {host}.",
        "Påminnelse: du har en bokad tid. Se tid och plats i tjänsten {host}.",
        "Reminder: you have an appointment. See time and place at {host}.",
    ),
}


def short_text(message: Notification, host: str, language: Language) -> str:
    """The message as a text message: where to go stands as text, never as a link."""
    text = _TEXTS[What.NEWS if message.what is What.ANSWER else message.what][language]
    told = text if message.what is What.VISIT else f"{text} {_OPEN[language]}"
    return told.format(host=host, date=format_date(message.by) if message.by else "")


def long_text(message: Notification, host: str, language: Language) -> str:
    """The message as an e-mail."""
    return f"{short_text(message, host, language)}\n\n{_CLOSING[language]}\n"
