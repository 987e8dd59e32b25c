"""What is told of an event, when it leaves, and that no message says more than that there is news."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from portal.domain import events
from portal.domain.case import Act, State
from portal.domain.event import Event
from portal.domain.events import TO_CITIZEN
from portal.domain.notifications import SUBJECT, Notification, What, leaves_at, long_text, notification, short_text
from portal.domain.words import Language
from tests.domain.cases import a_case

BY = date(2026, 7, 2)
SIGNED = events.AnswerGiven("refuse", None)
FEE = Act("fee", "why", approver="b", reply_by=BY)


def letter(kind: str) -> events.LetterIssued:
    return events.LetterIssued("d", kind, "fi", "0" * 64, "1")


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (events.RequestReceived("access", "portal", "fi", 1, "1"), Notification(What.NEWS)),
        (events.QuestionAsked("call", "which", "why", BY, counts=True), Notification(What.ACT, BY)),
        (events.ReminderSent(BY), Notification(What.ACT, BY)),
        (SIGNED, Notification(What.ANSWER)),
        (events.VisitReminded("a", datetime(2026, 7, 2, 9, tzinfo=UTC), 3), Notification(What.VISIT)),
        (events.FilesReminded(BY), Notification(What.FILES, BY)),
        (events.CopyRevoked("r", "why"), Notification(What.NEWS)),
        (events.ActApproved("fee"), Notification(What.ACT, BY)),
        (events.ActApproved("hold_release"), None),
        (events.RequestWithdrawn(), None),
        (events.TakenUp(), None),
        (events.RecordingListened("r", 0, 1), None),
        (letter("ack"), None),
        (letter("refuse"), None),
        (letter("erased"), Notification(What.NEWS)),
        (letter("restriction_lifting"), Notification(What.NEWS)),
    ],
)
def test_each_event_is_told_as_what_it_is_or_not_at_all(event: Event, told: Notification | None) -> None:
    after = replace(a_case(), state=State.ANSWERED, answered_at=datetime(2026, 6, 18, 9, tzinfo=UTC), acts=(FEE,))
    assert notification(event, after) == told


def test_a_letter_that_comes_with_the_answer_is_told_by_the_answer_alone() -> None:
    assert notification(letter("erased"), replace(a_case(), state=State.APPROVED)) is None
    lifting = Act("lifting", "why", approver="b", on=BY, reply_by=BY)
    announced = replace(a_case(), state=State.ANSWERED, acts=(lifting,))
    assert notification(events.ActApproved("lifting"), announced) == Notification(What.ACT, BY)
    assert notification(letter("restriction_lifting"), announced) is None


def test_nothing_is_told_that_the_person_could_not_see_in_the_timeline() -> None:
    kinds = [kind for kind in Event.__subclasses__() if kind not in (events.ActApproved,)]
    hidden = [kind for kind in kinds if events.kind_of(kind) not in TO_CITIZEN]
    assert hidden
    for kind in hidden:
        assert notification(object.__new__(kind), a_case()) is None


NOW = datetime(2026, 6, 18, 9, 0, tzinfo=UTC)  # Thursday, noon in Helsinki


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (NOW, NOW),
        (datetime(2026, 6, 18, 12, 0, tzinfo=UTC), datetime(2026, 6, 22, 5, 0, tzinfo=UTC)),  # 15.00 before Midsummer
        (datetime(2026, 6, 20, 7, 0, tzinfo=UTC), datetime(2026, 6, 22, 5, 0, tzinfo=UTC)),  # Midsummer Day
        (datetime(2026, 6, 24, 18, 0, tzinfo=UTC), datetime(2026, 6, 25, 5, 0, tzinfo=UTC)),
        (datetime(2026, 11, 25, 18, 0, tzinfo=UTC), datetime(2026, 11, 26, 6, 0, tzinfo=UTC)),
    ],
)
def test_an_answer_of_the_evening_or_a_day_off_is_told_on_the_next_working_morning(
    now: datetime, leaves: datetime
) -> None:
    asked = replace(a_case(), received_at=now, received_on=now.date())
    assert leaves_at(Notification(What.ANSWER), asked, now) == leaves
    assert leaves_at(Notification(What.NEWS), asked, now) == now


def test_an_answer_on_its_last_day_is_told_at_once() -> None:
    asked = a_case()
    late = datetime(2026, 7, 20, 17, 0, tzinfo=UTC)
    assert leaves_at(Notification(What.ANSWER), asked, late) == late


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("what", What)
def test_a_message_tells_where_to_go_and_nothing_of_the_matter(what: What, language: Language) -> None:
    message = Notification(what, BY if what in (What.ACT, What.FILES) else None)
    short, long = short_text(message, "kuuluu.example.fi", language), long_text(message, "kuuluu.example.fi", language)
    assert "kuuluu.example.fi" in short
    assert long.startswith(short)
    assert ("2.7.2026" in short) == (what in (What.ACT, What.FILES))
    assert len(short) <= 160  # one text message
    asked = a_case()
    for text in (short, long, SUBJECT[language]):
        assert "://" not in text
        assert "{" not in text
        for word in (asked.ref, asked.applicant.family, asked.register, "tallen", "inspel", "record", "puhelu"):
            assert word.lower() not in text.lower()
