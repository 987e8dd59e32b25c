"""The applicant is told that there is news: once for one sitting, where they chose, and never of what."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from portal.domain.access import Forbidden, Role
from portal.domain.contact import Channel, Contact
from portal.domain.lifecycle import Ask, NotNow
from portal.domain.number_proof import How
from portal.domain.steps import ProveNumber
from portal.jobs import runner
from portal.services import ask_applicant, book_visit, hand_over, lists, send_message, withdraw_request
from portal.services.choose_contact import choose_contact
from portal.services.office import Office
from portal.services.ports import NotSent, NumberCodes, TextMessage
from portal.services.ports.emails import Email, Refused
from portal.services.step import take_step
from tests import make
from tests.make import Clock
from tests.services.test_visits import invited
from tests.services.walk import Walk, clerk, walk

ADDRESS = "tuulikki@example.fi"
BY_EMAIL = Contact(Channel.EMAIL, ADDRESS)
BY_TEXT = Contact(Channel.TEXT, make.NUMBER)
NEWS = "Sinulle on uutta tietoa asiointipalvelussa. Avaa kuuluu.example.fi ja kirjaudu sisään."


@dataclass
class Post:
    """A mail server and a gateway of text messages that keep what they were given, or take nothing."""

    emails: list[Email] = field(default_factory=list)
    texts: list[TextMessage] = field(default_factory=list)
    fault: Exception | None = None

    def send(self, message: Email | TextMessage) -> None:
        if self.fault:
            raise self.fault
        (self.emails if isinstance(message, Email) else self.texts).append(message)  # type: ignore[arg-type]  # each in its own

    @property
    def told(self) -> list[str]:
        texts = [one.text for one in self.emails] + [one.text for one in self.texts]
        return [text.partition("\n")[0] for text in texts]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def here(sqlite_office: Office, post: Post) -> Office:
    return replace(sqlite_office, emails=post, codes=NumberCodes(texts=post), host="kuuluu.example.fi")


def later(here: Office, **by: float) -> None:
    """Time goes on and the worker works."""
    runner.drain(here)
    clock = here.clock
    assert isinstance(clock, Clock)
    clock.move(**(by or {"minutes": 3}))
    runner.drain(here)


def filed(here: Office, contact: Contact | None = BY_EMAIL) -> Walk:
    return walk(here, replace(make.request(), contact=contact))


def prove(made: Walk) -> None:
    """The person types a code for the number of the call."""
    with made.office.writing() as work:
        case = work.cases.open(made.filed.ref, made.citizen)
        take_step(made.office, work, case, ProveNumber(1, How.TEXT, made.office.now()), made.citizen)


def answered(made: Walk) -> Walk:
    return made.taken().heard().proposed(outcome="granted").approved().signed()


def test_the_receipt_comes_once_by_email_with_no_word_of_the_matter(here: Office, post: Post) -> None:
    made = filed(here)
    later(here)
    later(here)
    [email] = post.emails
    assert (email.to, email.subject) == (ADDRESS, "Uusi viesti asiointipalvelussa")
    assert email.text.splitlines()[0] == NEWS
    for word in (made.filed.ref, "Tuulikki", "Soittola", "espoo", "puhelu", "://"):
        assert word.lower() not in email.text.lower()


def test_what_happens_in_one_sitting_is_one_message_and_the_answer_another(here: Office, post: Post) -> None:
    made = filed(here)
    later(here)
    answered(made)
    later(here)
    assert post.told == [NEWS, NEWS]


def test_an_answer_of_the_evening_waits_for_the_morning_though_it_can_be_read_at_once(here: Office, post: Post) -> None:
    made = filed(here)
    later(here, hours=6)
    answered(made)
    later(here)
    assert len(post.emails) == 1
    assert lists.my_case(here, made.citizen, made.filed.ref).case.answered_at
    later(here, days=4)
    assert len(post.emails) == 2


def test_a_question_names_the_day_and_is_not_sent_after_it(here: Office, post: Post) -> None:
    made = filed(here)
    later(here)
    asked = Ask("call", "Mihin numeroon soitit?", "Numerosta ei löytynyt puheluita.", here.today() + timedelta(days=14))
    ask_applicant.ask_applicant(here, made.taken().handler, made.filed.ref, asked, made.case.moves)
    question = made.case.question
    assert question
    post.fault = NotSent("HTTP 503")
    later(here)
    assert len(post.told) == 1
    post.fault = None
    later(here, hours=3)
    assert post.told[1:] == [
        f"Tarvitsemme sinulta vastauksen viimeistään {question.answer_by.day}.{question.answer_by.month}.2026."
        " Avaa kuuluu.example.fi ja kirjaudu sisään."
    ]


def test_a_mail_server_that_is_away_for_a_day_costs_nothing(here: Office, post: Post) -> None:
    filed(here)
    post.fault = NotSent("ConnectionRefusedError")
    for _ in range(26):
        later(here, hours=1)
    post.fault = None
    later(here, hours=30)
    assert post.told == [NEWS]
    with here.reading() as work:
        assert work.outbox.counts().get("dead") is None


def test_what_the_person_does_is_not_told_them(here: Office, post: Post) -> None:
    made = filed(here)
    later(here)
    send_message.send_message(here, made.citizen, made.filed.ref, "Soitin isäni puhelimesta.")
    withdraw_request.withdraw_request(here, made.citizen, made.filed.ref)
    later(here)
    assert len(post.told) == 1


def test_nobody_is_told_who_did_not_want_it_or_where_nothing_goes_out(here: Office, post: Post) -> None:
    filed(here, contact=None)
    filed(replace(here, emails=None))
    later(here)
    assert post.told == []


def test_an_address_changed_meanwhile_gets_the_message_and_an_old_one_does_not(here: Office, post: Post) -> None:
    made = filed(here)
    choose_contact(here, made.citizen, made.filed.ref, Contact(Channel.EMAIL, "uusi@example.fi"))
    later(here)
    assert [one.to for one in post.emails] == ["uusi@example.fi"]
    choose_contact(here, made.citizen, made.filed.ref, None)
    answered(made)
    later(here)
    assert len(post.emails) == 1
    assert made.actions.count("contact_chosen") == 2


def test_a_text_message_goes_to_a_proved_number_alone(here: Office, post: Post) -> None:
    made = filed(here, contact=None)
    with pytest.raises(NotNow, match="number_unproved"):
        choose_contact(here, made.citizen, made.filed.ref, BY_TEXT)
    made.supported()  # staff's comparison is not the person's own proof
    with pytest.raises(NotNow, match="number_unproved"):
        choose_contact(here, made.citizen, made.filed.ref, BY_TEXT)
    prove(made)
    choose_contact(here, made.citizen, made.filed.ref, BY_TEXT)
    answered(made)
    later(here)
    assert [(one.number, one.text) for one in post.texts] == [(make.NUMBER, NEWS)]


def test_a_request_that_names_a_number_nobody_proved_is_filed_and_tells_it_nothing(here: Office, post: Post) -> None:
    made = filed(here, contact=BY_TEXT)
    later(here)
    assert (made.case.contact, post.texts) == (None, [])


def test_nobody_else_chooses_where_news_goes(here: Office) -> None:
    made = filed(here)
    with pytest.raises(Forbidden):
        choose_contact(here, clerk("handler", Role.HANDLER), made.filed.ref, None)


def test_an_address_that_the_server_never_takes_is_said_once_and_the_job_is_over(here: Office, post: Post) -> None:
    made = filed(here)
    post.fault = Refused("SMTP [550]")
    later(here)
    answered(made)
    later(here)
    assert made.actions.count("contact_failed") == 1
    with here.reading() as work:
        assert work.outbox.counts().get("dead") is None
    choose_contact(here, made.citizen, made.filed.ref, Contact(Channel.EMAIL, "uusi@example.fi"))
    post.fault = None
    assert made.case.contact


def test_files_are_reminded_of_a_week_before_they_end_unless_they_were_fetched(here: Office, post: Post) -> None:
    made = answered(filed(here))
    later(here)
    with here.reading() as work:
        until: date = work.documents.copies(made.case.id, made.filed.person)[0].available_until
    later(here, days=(until - here.today()).days - 7)
    assert made.actions.count("files_reminded") == 1
    later(here)
    assert post.told[-1].startswith(f"Tiedostosi ovat noudettavissa {until.day}.{until.month}.{until.year} saakka.")
    later(here, days=3)
    assert made.actions.count("files_reminded") == 1


def test_fetched_files_are_not_reminded_of(here: Office) -> None:
    made = answered(filed(here))
    runner.drain(here)
    hand_over.note_heard(here, made.citizen, made.filed.ref, 1, downloaded=True)
    later(here, days=60)
    assert "files_reminded" not in made.actions


def test_a_booked_visit_is_reminded_of(here: Office, post: Post) -> None:
    slots = make.visit_slots(here)
    made = invited(here, slots[:3])
    choose_contact(here, made.citizen, made.filed.ref, BY_EMAIL)
    book_visit.book_visit(here, made.citizen, made.filed.ref, slots[0])
    for _ in range(10):
        later(here, hours=12)
    reminder = "Muistutus: sinulla on varattu aika. Katso aika ja paikka palvelusta kuuluu.example.fi."
    assert post.told.count(reminder) == 2


def test_a_mail_server_that_hangs_keeps_no_other_job_waiting(here: Office, post: Post) -> None:
    """The worker's own loop leaves messages to a loop beside it."""
    filed(here)
    runner.drain(here, but=["notify"])
    later_here = replace(here, clock=Clock(here.now() + timedelta(minutes=3)))
    runner.drain(later_here, but=["notify"])
    assert post.told == []
    runner.drain(later_here, only=["notify"])
    assert post.told == [NEWS]
