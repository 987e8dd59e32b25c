"""The proof of a number, from the code that is asked for to the case that carries it; limits look like nothing."""

import logging
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from portal.domain.access import Forbidden, Role
from portal.domain.case import Case
from portal.domain.lifecycle import NotNow
from portal.domain.number_proof import CODE_LIFE, Grade, How
from portal.domain.rights import Right
from portal.domain.words import Language
from portal.jobs import runner
from portal.services import lists
from portal.services.office import Office
from portal.services.ports import Absent, NotSent, NumberCodes, TextMessage, Tried
from portal.services.prove_number import (
    Asker,
    ask_code,
    new_code,
    own_numbers,
    texts_left,
    type_code,
    type_code_on_case,
)
from portal.services.support_number import read_out, share_number, support_number, unprove_number
from tests import make
from tests.services.walk import Walk, clerk, walk

LANDLINE = "+35891234567"
ME = make.identified()


@dataclass
class Telephone:
    """A gateway that keeps what it was given, or takes nothing."""

    got: list[TextMessage] = field(default_factory=list)
    away: bool = False

    def send(self, message: TextMessage) -> None:
        if self.away:
            raise NotSent("HTTP 503")
        self.got.append(message)

    @property
    def code(self) -> str:
        found = re.search(r"\d{6}", self.got[-1].text)
        assert found
        return found[0]


@pytest.fixture
def telephone() -> Telephone:
    return Telephone()


@pytest.fixture
def here(sqlite_office: Office, telephone: Telephone) -> Office:
    """An office that can send text messages."""
    return replace(sqlite_office, codes=NumberCodes(texts=telephone))


def asker(**changes: str) -> Asker:
    return replace(Asker("espoo", ME.subject_key, "session", "192.0.2.1"), **changes)


def ask(office: Office, number: str = make.NUMBER, language: Language = Language.FI, **changes: str) -> None:
    ask_code(office, asker(**changes), number, language)
    runner.drain(office)


def filed(office: Office, *calls: object) -> Case:
    """A request filed by me, as staff read it."""
    made = make.filed(office, make.request(Right.ACCESS, *calls))  # type: ignore[arg-type]  # described calls
    return Walk(office, made, "espoo").case


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Language.FI, "Koodisi on {}. Se on voimassa 10 minuuttia. Älä kerro koodia kenellekään."),
        (Language.SV, "Din kod är {}. Den gäller i 10 minuter. Berätta inte koden för någon."),
        (Language.EN, "Your code is {}. It is valid for 10 minutes. Tell it to nobody."),
    ],
)
def test_the_message_says_the_code_and_no_purpose(
    here: Office, telephone: Telephone, language: Language, text: str
) -> None:
    ask(here, language=language)
    assert [one.number for one in telephone.got] == [make.NUMBER]
    assert telephone.got[0].text == text.format(telephone.code)


def test_codes_are_six_digits_and_differ() -> None:
    made = {new_code() for _ in range(200)}
    assert all(re.fullmatch(r"\d{6}", code) for code in made)
    assert len(made) > 190


def test_a_number_proved_before_filing_is_proved_on_the_case_with_its_instant(
    here: Office, telephone: Telephone, clock: make.Clock
) -> None:
    ask(here)
    assert type_code(here, asker(), make.NUMBER, telephone.code) is Tried.RIGHT
    at = here.now()
    clock.move(minutes=20)
    case = filed(here, make.call(1), make.call(2), make.call(3, own_number="+358505550123"))
    assert [(case.number(n).grade, case.number(n).how) for n in (1, 2, 3)] == [
        (Grade.PROVED, "text"),
        (Grade.PROVED, "text"),
        (Grade.UNPROVED, ""),
    ]
    assert (case.number(1).at, case.number(1).days) == (at, 2)
    with here.reading() as work:
        assert [one.action for one in work.cases.timeline(case)].count("number_proved") == 2


def test_a_changed_number_has_no_proof(here: Office, telephone: Telephone) -> None:
    ask(here)
    type_code(here, asker(), make.NUMBER, telephone.code)
    changed = own_numbers(here, asker(), [make.call(own_number="+358505550123")])
    assert [one.proved_at for one in changed] == [None]


def test_another_persons_proof_and_yesterdays_proof_are_none(
    here: Office, telephone: Telephone, clock: make.Clock
) -> None:
    ask(here, subject="hetu:010190Y930K")
    type_code(here, asker(subject="hetu:010190Y930K"), make.NUMBER, telephone.code)
    assert filed(here).number(1).grade is Grade.UNPROVED
    ask(here)
    type_code(here, asker(), make.NUMBER, telephone.code)
    clock.move(days=1)
    assert filed(here).number(1).grade is Grade.UNPROVED


@pytest.mark.parametrize("number", [LANDLINE, "+358103808000", "+35860012345", "+46701740610", "112"])
def test_no_message_goes_to_what_is_no_finnish_mobile(here: Office, telephone: Telephone, number: str) -> None:
    ask(here, number)
    assert telephone.got == []


def test_without_a_gateway_nothing_is_asked_and_the_way_is_a_call(sqlite_office: Office) -> None:
    ask(sqlite_office)
    assert [one.way.value for one in own_numbers(sqlite_office, asker(), [make.call()])] == ["call_back"]


def test_a_number_gets_three_messages_an_hour_and_five_a_day_from_whomever(
    here: Office, telephone: Telephone, clock: make.Clock
) -> None:
    for n in range(6):
        ask(here, subject=f"person {n}", session=f"s{n}")
    assert len(telephone.got) == 3
    clock.move(minutes=61)
    for n in range(6, 12):
        ask(here, subject=f"person {n}", session=f"s{n}")
    assert len(telephone.got) == 5


def test_a_person_gets_five_messages_a_day_to_three_numbers(
    here: Office, telephone: Telephone, clock: make.Clock
) -> None:
    numbers = [f"+35840123456{n}" for n in range(5)]
    for number in numbers:
        ask(here, number, address=number)
    assert [one.number for one in telephone.got] == numbers[:3]
    for n in range(4):
        clock.move(minutes=61)
        ask(here, numbers[0], address=str(n))
    assert len(telephone.got) == 5


def test_an_address_gets_twenty_messages_an_hour(here: Office, telephone: Telephone) -> None:
    for n in range(25):
        ask(here, f"+3584012345{n:02d}", subject=f"person {n}")
    assert len(telephone.got) == 20


def test_a_days_messages_end_with_an_alarm_in_the_log_that_names_nobody(
    here: Office, telephone: Telephone, caplog: pytest.LogCaptureFixture
) -> None:
    small = replace(here, codes=replace(here.codes, budget=2))
    with caplog.at_level(logging.ERROR):
        for n in range(3):
            ask(small, f"+35840123456{n}")
    assert len(telephone.got) == 2
    assert [one.getMessage() for one in caplog.records] == ["the day's text messages are used up"]
    assert "NO MORE GO" in " ".join(texts_left(small))


def test_a_message_that_a_limit_stopped_looks_like_one_that_went(here: Office, telephone: Telephone) -> None:
    for n in range(3):
        ask(here, subject=f"person {n}")
    ask(here)
    assert len(telephone.got) == 3
    assert [one.waits for one in own_numbers(here, asker(), [make.call()])] == [True]
    assert [type_code(here, asker(), make.NUMBER, f"{n:06d}") for n in range(6)] == [Tried.WRONG] * 5 + [Tried.SPENT]


def test_the_code_of_an_earlier_message_holds_when_a_limit_stops_the_next(here: Office, telephone: Telephone) -> None:
    for _ in range(4):
        ask(here)
    assert len(telephone.got) == 3
    assert type_code(here, asker(), make.NUMBER, telephone.code) is Tried.RIGHT


def test_a_message_is_gone_from_the_database_when_it_has_been_sent_or_refused(
    here: Office, telephone: Telephone, caplog: pytest.LogCaptureFixture
) -> None:
    ask(here)
    telephone.away = True
    ask(here)
    with here.book.engine.connect() as connection:  # type: ignore[attr-defined]  # the store's Book
        assert connection.exec_driver_sql("SELECT count(*) FROM number_text").scalar() == 0
        jobs = connection.exec_driver_sql("SELECT args FROM job").scalars().all()
    assert not [args for args in jobs if telephone.code in str(args) or "401234567" in str(args)]
    assert [one.levelname for one in caplog.records] == ["ERROR"]
    assert "401234567" not in caplog.text


def test_a_message_that_waited_longer_than_its_code_lives_is_not_sent(
    here: Office, telephone: Telephone, clock: make.Clock
) -> None:
    ask_code(here, asker(), make.NUMBER, Language.FI)
    clock.at += CODE_LIFE + timedelta(seconds=1)
    runner.drain(here)
    assert telephone.got == []


def test_a_filed_request_is_proved_on_its_own_page_for_every_call_of_the_number(
    here: Office, telephone: Telephone
) -> None:
    made = walk(here, make.request(Right.ACCESS, make.call(1), make.call(2)), found=0)
    ask(here)
    assert type_code_on_case(here, made.citizen, asker(), made.filed.ref, 2, "000000") is Tried.WRONG
    assert type_code_on_case(here, made.citizen, asker(), made.filed.ref, 2, telephone.code) is Tried.RIGHT
    assert [made.case.number(n).grade for n in (1, 2)] == [Grade.PROVED, Grade.PROVED]


def test_nobody_types_a_code_on_anothers_case(here: Office, telephone: Telephone) -> None:
    made = walk(here, found=0)
    other = replace(made.citizen, id="0" * 32)
    ask(here)
    with pytest.raises(Absent):
        type_code_on_case(here, other, asker(), made.filed.ref, 1, telephone.code)
    assert made.case.number(1).grade is Grade.UNPROVED


def rung(here: Office) -> Walk:
    return walk(here, make.request(Right.ACCESS, make.call(own_number=LANDLINE)), found=0).taken()


def test_a_landline_is_proved_by_a_code_read_out_on_the_telephone_in_any_session(here: Office) -> None:
    made = rung(here)
    code = read_out(here, made.handler, made.filed.ref, 1, made.case.moves)
    answer = type_code_on_case(here, made.citizen, asker(session="later"), made.filed.ref, 1, code)
    assert answer is Tried.RIGHT
    assert (made.case.number(1).grade, made.case.number(1).how) == (Grade.PROVED, "read_out")
    assert made.actions[-2:] == ["number_rung", "number_proved"]


def test_five_wrong_codes_void_the_one_that_was_read_out(here: Office) -> None:
    made = rung(here)
    code = read_out(here, made.handler, made.filed.ref, 1, made.case.moves)
    wrong = f"{(int(code) + 1) % 1000000:06d}"
    tries = [type_code_on_case(here, made.citizen, asker(), made.filed.ref, 1, wrong) for _ in range(5)]
    assert tries == [Tried.WRONG] * 5
    assert type_code_on_case(here, made.citizen, asker(), made.filed.ref, 1, code) is Tried.SPENT


@pytest.mark.parametrize("own", ["+358103808000", "+358800123456", None])
def test_no_code_is_read_out_to_a_service_number_or_a_withheld_one(here: Office, own: str | None) -> None:
    made = walk(here, make.request(Right.ACCESS, make.call(own_number=own, withheld=own is None)), found=0).taken()
    with pytest.raises(NotNow, match="state"):
        read_out(here, made.handler, made.filed.ref, 1, made.case.moves)
    support_number(here, made.handler, made.filed.ref, 1, How.STATED, "salainen numero 2024 alkaen", made.case.moves)
    assert made.case.number(1).enough


def test_what_staff_find_of_a_number_is_never_told_to_the_person(here: Office) -> None:
    made = rung(here)
    ref = made.filed.ref
    support_number(here, made.handler, ref, 1, How.DOCUMENTS, "puhelinlasku", made.case.moves)
    share_number(here, made.handler, ref, 1, True, made.case.moves)
    unprove_number(here, made.handler, ref, 1, "väärä lasku", made.case.moves)
    seen = {one.kind for one in lists.my_case(here, made.citizen, ref).timeline}
    assert not {kind for kind in seen if kind.startswith("number_")}
    assert made.case.number(1).shared


def test_a_release_waits_for_the_number_and_a_comparison_lets_it_go(here: Office) -> None:
    made = walk(here).taken().heard()
    unprove_number(here, made.handler, made.filed.ref, 1, "väärä asiakas", made.case.moves)
    with pytest.raises(NotNow, match="number_unproved"):
        made.proposed(outcome="granted")
    assert made.supported().proposed(outcome="granted").approved().signed().case.answered_at


def test_a_number_unproved_after_approval_stops_the_signature(here: Office) -> None:
    made = walk(here).taken().heard().proposed(outcome="granted").approved()
    unprove_number(here, made.handler, made.filed.ref, 1, "väärä asiakas", made.case.moves)
    with pytest.raises(NotNow, match="number_unproved"):
        made.signed()
    assert made.case.answered_at is None


def refused(here: Office, found: int) -> tuple[str, list[str], object]:
    """What the person reads of a refusal for want of proof: letter, events, copies and listening."""
    made = walk(here, found=found).taken()
    if found:
        made.heard()
        unprove_number(here, made.handler, made.filed.ref, 1, "väärä asiakas", made.case.moves)
    made.proposed(outcome="refused", ground="R12-6", facts="Numeroa ei ole vahvistettu.", assessment="Siksi.")
    made.approved().signed()
    told = lists.reply(here, made.citizen, made.filed.ref)
    assert told
    letter = re.sub(r'<div class="letter-code">.*?</svg>', "", told.letter_html, flags=re.DOTALL)  # a letter's own
    mine = lists.my_case(here, made.citizen, made.filed.ref)
    seen = [one.kind for one in mine.timeline] + [one.what for one in mine.handling]
    return letter.replace(made.filed.ref, "REF"), seen, (told.copies, told.listened)


def test_a_refusal_for_want_of_proof_reads_the_same_with_and_without_a_recording(here: Office) -> None:
    without = refused(here, 0)
    assert refused(here, 1) == without
    assert "Numeroa ei ole vahvistettu" in without[0]


def test_who_only_listens_may_not_support(here: Office) -> None:
    made = walk(here).taken()
    listener = clerk("listener", Role.LISTENER)
    with pytest.raises(Forbidden):
        support_number(here, listener, made.filed.ref, 1, How.REGISTER, "sama", made.case.moves)
    with pytest.raises(Forbidden):
        read_out(here, listener, made.filed.ref, 1, made.case.moves)
