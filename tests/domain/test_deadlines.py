"""Time limits: the worked cases, an independent oracle, and the rules for pauses and extensions."""

import json
import time
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.calendar_fi import FI_150_1930
from portal.domain.deadlines import (
    Deadline,
    ExtensionNotice,
    Pause,
    PauseKind,
    PauseReason,
    add_months,
    derive,
    explain,
    extension_notice_ok,
    pause_counts,
)
from portal.domain.derivation import derivation_text

FILE: dict[str, Any] = json.loads((Path(__file__).parents[1] / "data" / "deadline-cases.json").read_text("utf-8"))
CASES: list[dict[str, Any]] = FILE["cases"]
BY_NAME = {case["name"]: case for case in CASES}
EXPECTED = (
    "received_local_date", "paused_days", "nominal", "nominal_extended", "due", "extended_due", "effective_due",
    "internal_due", "internal_extended_due", "fi_act_due", "fi_act_extended_due",
)  # fmt: skip
HELSINKI = ZoneInfo("Europe/Helsinki")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _derived(name: str, target_days: int | None = None) -> Deadline:
    case = BY_NAME[name]
    pauses = [
        Pause(PauseKind(p["kind"]), _at(p["from"]), _at(p["to"]) if p["to"] else None, p["counts"])
        for p in case["pauses"]
    ]
    return derive(_at(case["received"]), pauses, case["extended"], target_days)


def test_sixty_worked_cases_are_at_hand() -> None:
    assert len(CASES) == 60 == len(BY_NAME)


@pytest.mark.parametrize("name", BY_NAME)
def test_the_worked_case_comes_out_as_written(name: str) -> None:
    case = BY_NAME[name]
    (explained,) = explain([case])
    assert {field: explained[field] for field in EXPECTED} == {field: case[field] for field in EXPECTED}


def test_explain_takes_the_whole_file_and_keeps_its_order() -> None:
    assert [each["name"] for each in explain(FILE)] == [case["name"] for case in CASES]


def test_a_promise_of_a_week_gives_a_target_before_the_holiday() -> None:
    deadline = _derived("pikkujatti-week-target", target_days=7)
    case = BY_NAME["pikkujatti-week-target"]
    assert str(deadline.service_target_nominal) == case["service_target_nominal"]
    assert str(deadline.service_target_internal) == case["service_target_internal"]


# ── an oracle written the other way round: day by day, with the holidays of another package ─────────────────────────

THEIR_HOLIDAYS = holidays.country_holidays("FI", years=range(2018, 2062))


def _is_off(day: date, eves: bool) -> bool:
    is_eve = (day.month, day.day) == (12, 24) or (day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4)
    return day.weekday() > 4 or (day in THEIR_HOLIDAYS and (eves or not is_eve))


def _walk(day: date, step: int, eves: bool) -> date:
    return _walk(day + timedelta(days=step), step, eves) if _is_off(day, eves) else day


def _month_end(day: date, months: int) -> date:
    first = day.replace(day=1)
    for _ in range(months):
        first = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def _oracle(received: datetime, pauses: list[Pause], extended: bool) -> dict[str, Any]:
    start = received.astimezone(HELSINKI).date()
    counted = [p for p in pauses if p.counts]
    still: set[date] = set()
    answers = []
    for pause in counted:
        if pause.answered_at:
            day, last = (x.astimezone(HELSINKI).date() for x in (pause.asked_at, pause.answered_at))
            answers.append(last)
            while day < last:
                day += timedelta(days=1)
                still.add(day)
    ends: list[date | None] = []
    for months in (1, 3):
        end = _month_end(start, months)
        for _ in still:
            end += timedelta(days=1)
        if still:
            end = min(end, _month_end(max(answers), months))
        ends.append(None if any(p.answered_at is None for p in counted) else end)
    due = [end and _walk(end, 1, eves=False) for end in ends]
    careful = min(_month_end(start, 3), _month_end(_month_end(start, 1), 2))
    return {
        "received_on": start, "paused_days": len(still), "nominal": ends[0], "nominal_extended": ends[1],
        "due": due[0], "extended_due": due[1], "effective_due": due[1] if extended else due[0],
        "internal_due": _walk(_month_end(start, 1), -1, eves=True),
        "internal_extended_due": _walk(careful, -1, eves=True),
        "fi_act_due": ends[0] and _walk(ends[0], 1, eves=True),
        "fi_act_extended_due": ends[1] and _walk(ends[1], 1, eves=True),
    }  # fmt: skip


def _read(deadline: Deadline, oracle: dict[str, Any]) -> dict[str, Any]:
    return {field: getattr(deadline, field) for field in oracle}


instants = st.datetimes(datetime(2018, 6, 1), datetime(2045, 1, 1), timezones=st.just(UTC))


@st.composite
def requests(draw: st.DrawFn) -> tuple[datetime, list[Pause]]:
    received = draw(instants)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        asked = received + timedelta(hours=draw(st.integers(0, 24 * 50)))
        is_open = draw(st.integers(0, 9)) == 0
        answered = None if is_open else asked + timedelta(hours=draw(st.integers(0, 24 * 60)))
        pauses.append(Pause(draw(st.sampled_from(PauseKind)), asked, answered, draw(st.booleans())))
    return received, pauses


@settings(max_examples=600, deadline=None)
@given(requests(), st.booleans())
def test_any_request_agrees_with_counting_day_by_day(request: tuple[datetime, list[Pause]], extended: bool) -> None:
    received, pauses = request
    oracle = _oracle(received, pauses, extended)
    assert _read(derive(received, pauses, extended), oracle) == oracle


def test_every_day_of_receipt_until_2045_agrees_with_counting_day_by_day() -> None:
    first = datetime(2018, 5, 25, 9, tzinfo=UTC)
    for shift in range((date(2045, 5, 25) - first.date()).days):
        received = first + timedelta(days=shift)
        oracle = _oracle(received, [], extended=False)
        assert _read(derive(received), oracle) == oracle


@settings(max_examples=200, deadline=None)
@given(requests(), st.booleans())
def test_the_dates_stand_in_their_lawful_order(request: tuple[datetime, list[Pause]], extended: bool) -> None:
    deadline = derive(*request, extended)
    assert deadline.received_on < deadline.internal_due <= add_months(deadline.received_on, 1)
    assert deadline.internal_due <= deadline.internal_extended_due
    if deadline.due and deadline.extended_due and deadline.fi_act_due and deadline.nominal:
        assert deadline.internal_due <= deadline.nominal <= deadline.due <= deadline.fi_act_due
        assert deadline.due <= deadline.extended_due
        assert deadline.internal_extended_due <= deadline.extended_due
    else:
        assert deadline.stopped_since is not None
        assert deadline.effective_due is None


@given(requests(), st.booleans(), st.randoms())
def test_the_order_of_pauses_changes_no_date(
    request: tuple[datetime, list[Pause]], extended: bool, shuffler: Any
) -> None:
    received, pauses = request
    shuffled = list(pauses)
    shuffler.shuffle(shuffled)
    oracle = _oracle(received, pauses, extended)
    assert _read(derive(received, shuffled, extended), oracle) == oracle


@given(requests(), st.booleans())
def test_every_derivation_reads_as_sentences_in_each_language(
    request: tuple[datetime, list[Pause]], extended: bool
) -> None:
    deadline = derive(*request, extended, target_days=7)
    for language in ("fi", "sv", "en"):
        sentences = derivation_text(deadline, language, inner=True)
        assert all(each[-1] in ".)" and "{" not in each for each in sentences)
        due = deadline.effective_due
        shown = " ".join(derivation_text(deadline, language))
        assert due is None or f"{due.day}.{due.month}.{due.year}" in shown


# ── months ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 1, date(2028, 3, 29)),
        (date(2026, 10, 31), 3, date(2027, 1, 31)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_are_calendar_months_clipped_to_their_last_day(day: date, months: int, end: date) -> None:
    assert add_months(day, months) == end


# ── pauses ──────────────────────────────────────────────────────────────────────────────────────────────────────────

RECEIVED = _at("2026-09-01T12:00:00+03:00")


def _pause(asked: str, answered: str | None, counts: bool = True) -> Pause:
    return Pause(PauseKind.IDENTITY, _at(asked), _at(answered) if answered else None, counts)


def test_an_open_pause_stops_the_clock_although_an_earlier_one_was_answered() -> None:
    answered = _pause("2026-09-02T09:00+03:00", "2026-09-05T09:00+03:00")
    deadline = derive(RECEIVED, [answered, _pause("2026-09-06T09:00+03:00", None)], extended=True)
    assert (deadline.due, deadline.extended_due, deadline.effective_due) == (None, None, None)
    assert deadline.paused_days == 3
    assert deadline.stopped_since == date(2026, 9, 6)
    assert deadline.internal_due == date(2026, 10, 1)


def test_a_pause_that_does_not_count_stops_nothing_even_when_open() -> None:
    deadline = derive(RECEIVED, [_pause("2026-09-02T09:00+03:00", None, counts=False)])
    assert deadline.due == date(2026, 10, 1)
    assert deadline.stopped_since is None


def test_a_pause_within_another_adds_no_day() -> None:
    outer = _pause("2026-09-02T09:00+03:00", "2026-09-20T09:00+03:00")
    inner = _pause("2026-09-05T09:00+03:00", "2026-09-10T09:00+03:00")
    assert derive(RECEIVED, [outer, inner]).paused_days == derive(RECEIVED, [outer]).paused_days == 18


def test_the_cap_takes_the_last_counted_answer() -> None:
    long = _pause("2026-09-01T13:00+03:00", "2026-10-01T09:00+03:00")
    ignored = _pause("2026-10-05T13:00+03:00", "2026-10-20T09:00+03:00", counts=False)
    received = _at("2026-09-01T12:00:00+03:00")
    assert derive(received, [long, ignored]).nominal == date(2026, 10, 31)
    february = derive(_at("2027-01-31T12:00+02:00"), [_pause("2027-01-31T13:00+02:00", "2027-02-10T09:00+02:00")])
    assert february.nominal == date(2027, 3, 10)


def test_days_before_receipt_stop_nothing() -> None:
    early = _pause("2026-08-25T09:00+03:00", "2026-09-03T09:00+03:00")
    assert derive(RECEIVED, [early]).paused_days == 2
    assert derive(RECEIVED, [_pause("2026-08-25T09:00+03:00", "2026-08-28T09:00+03:00")]).due == date(2026, 10, 1)


def test_an_answer_before_its_question_is_refused() -> None:
    with pytest.raises(ValueError, match="before"):
        derive(RECEIVED, [_pause("2026-09-05T09:00+03:00", "2026-09-04T09:00+03:00")])


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        derive(datetime(2026, 9, 1, 12))


def _decision(
    kind: PauseKind = PauseKind.IDENTITY,
    asked: str = "2026-09-02T09:00+03:00",
    previous: str | None = None,
    strong: bool = False,
    doubt: bool = False,
    large: bool = False,
    reason: bool = True,
    due: date | None = None,
) -> PauseReason:
    counts, why = pause_counts(
        kind, strongly_authenticated=strong, doubt=doubt, large_quantity=large, received_at=RECEIVED,
        asked_at=_at(asked), previous_answer_at=_at(previous) if previous else None, due=due, reason_recorded=reason,
    )  # fmt: skip
    assert counts is (why is PauseReason.COUNTS)
    return why


def _noted(name: str) -> str:
    return str(BY_NAME[name]["pauses"][0]["from"])


def test_asking_for_identity_promptly_counts() -> None:
    assert _decision() is PauseReason.COUNTS


def test_a_strongly_authenticated_person_gives_no_reason_to_ask_for_identity() -> None:
    asked = _noted("pause-strong-auth-not-counted")
    assert _decision(asked=asked, strong=True) is PauseReason.NO_REASONABLE_DOUBT
    assert _decision(asked=asked, strong=True, doubt=True) is PauseReason.COUNTS


def test_asking_to_specify_counts_only_for_a_large_quantity_of_data() -> None:
    asked = _noted("pause-scope-small-data-not-counted")
    assert _decision(PauseKind.SCOPE, asked) is PauseReason.NOT_LARGE_QUANTITY
    assert _decision(PauseKind.SCOPE, asked, large=True, strong=True) is PauseReason.COUNTS


def test_asking_late_does_not_count() -> None:
    assert _decision(asked=_noted("pause-undue-delay-not-counted")) is PauseReason.ASKED_TOO_LATE
    assert _decision(asked="2026-09-06T23:59+03:00") is PauseReason.COUNTS
    assert _decision(asked="2026-09-07T00:00+03:00") is PauseReason.ASKED_TOO_LATE


def test_a_later_round_counts_from_the_insufficient_answer() -> None:
    assert _decision(asked="2026-09-16T09:00+03:00", previous="2026-09-14T09:00+03:00") is PauseReason.COUNTS
    assert _decision(asked="2026-09-21T09:00+03:00", previous="2026-09-14T09:00+03:00") is PauseReason.ASKED_TOO_LATE


def test_asking_after_expiry_stops_nothing() -> None:
    assert _decision(asked=_noted("pause-after-due-not-counted")) is PauseReason.AFTER_EXPIRY
    late = {"asked": "2026-10-05T09:00+03:00", "previous": "2026-10-04T09:00+03:00"}
    assert _decision(**late) is PauseReason.AFTER_EXPIRY  # type: ignore[arg-type]  # all values are texts
    assert _decision(**late, due=date(2026, 10, 9)) is PauseReason.COUNTS  # type: ignore[arg-type]  # as above


def test_asking_without_a_recorded_reason_does_not_count() -> None:
    assert _decision(reason=False) is PauseReason.NO_REASON_RECORDED


# ── extension ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [case["name"] for case in CASES if "extension_notice_sent" in case])
def test_a_notice_is_accepted_where_the_worked_case_is_extended(name: str) -> None:
    notice = extension_notice_ok(_derived(name), _at(BY_NAME[name]["extension_notice_sent"]))
    assert (notice is not ExtensionNotice.TOO_LATE) is BY_NAME[name]["extended"]


@pytest.mark.parametrize(
    ("name", "sent", "answer"),
    [
        ("extension-notice-last-moment", "2026-11-17T23:59:59+02:00", ExtensionNotice.IN_TIME),
        ("extension-notice-last-moment", "2026-11-18T00:00:00+02:00", ExtensionNotice.TOO_LATE),
        ("extension-notice-on-rolled-day", "2026-11-16T12:00:00+02:00", ExtensionNotice.WARN),
        ("due-christmas-eve-thursday", "2026-12-24T12:00:00+02:00", ExtensionNotice.WARN),
        ("pause-and-extension", "2026-10-01T23:00:00+03:00", ExtensionNotice.IN_TIME),
        ("pause-and-extension", "2026-10-02T09:00:00+03:00", ExtensionNotice.NEEDS_DPO),
        ("pause-and-extension", "2026-10-12T09:00:00+03:00", ExtensionNotice.NEEDS_DPO),
        ("pause-and-extension", "2026-10-13T09:00:00+03:00", ExtensionNotice.TOO_LATE),
        ("pause-open", "2026-10-01T09:00:00+03:00", ExtensionNotice.IN_TIME),
        ("pause-open", "2026-10-02T09:00:00+03:00", ExtensionNotice.NEEDS_DPO),
    ],
)
def test_a_notice_is_measured_by_its_dispatch(name: str, sent: str, answer: ExtensionNotice) -> None:
    assert extension_notice_ok(_derived(name), _at(sent)) is answer


# ── the derivation in words ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_plain_month_reads_as_on_the_receipt_page() -> None:
    deadline = derive(_at("2026-11-21T10:14:00+02:00"))
    assert " ".join(derivation_text(deadline, "fi")) == (
        "Pyyntö saapui lauantaina 21.11.2026 klo 10.14. Saapumispäivää ei lasketa. Kuukausi päättyy 21.12.2026, "
        "joka on arkipäivä. (Yleinen tietosuoja-asetus, 12 artiklan 3 kohta)"
    )
    assert derivation_text(deadline, "sv")[0] == "Begäran kom in lördagen den 21.11.2026 kl. 10.14."
    assert derivation_text(deadline, "en")[2] == "The month ends on 21.12.2026, which is a working day."


def test_the_time_of_arrival_is_shown_on_the_finnish_clock() -> None:
    assert "keskiviikkona 1.4.2026 klo 0.30" in derivation_text(_derived("utc-stored-summer"), "fi")[0]


def test_each_day_off_is_named_before_the_day_to_which_the_limit_moves() -> None:
    assert derivation_text(_derived("due-good-friday"), "fi")[2:-1] == (
        "Kuukausi päättyy 3.4.2026, joka on pitkäperjantai.",
        "4.4.2026 on lauantai.",
        "5.4.2026 on pääsiäispäivä.",
        "6.4.2026 on toinen pääsiäispäivä.",
        "Määräaika siirtyy seuraavaan arkipäivään, tiistaihin 7.4.2026.",
    )
    codes = [line.code for line in _derived("due-good-friday").derivation]
    assert codes[2:-1] == [
        "month_ends", "rolled_weekend", "rolled_holiday:easter_sunday", "rolled_holiday:easter_monday", "moved",
    ]  # fmt: skip


def test_a_month_without_the_day_says_so() -> None:
    sentence = derivation_text(_derived("jan-31-common-year"), "sv")[2]
    assert sentence.startswith("Månaden i fråga har ingen dag med nummer 31")


def test_an_eve_says_that_it_counts_as_a_working_day() -> None:
    (sentence,) = derivation_text(_derived("due-midsummer-eve-2026"), "en")[2:-1]
    assert sentence == "The month ends on 19.6.2026, which is Midsummer Eve but counts as a working day."


def test_merged_pauses_are_shown_once() -> None:
    assert derivation_text(_derived("pause-overlap-merged"), "fi")[2:-1] == (
        "Kuukausi päättyisi 1.10.2026.",
        "Odotimme lisätietoja 13 päivää (2.9.2026–15.9.2026).",
        "Kun odotuspäivät lisätään, määräaika päättyy 14.10.2026, joka on arkipäivä.",
    )


def test_a_stopped_clock_says_since_when() -> None:
    assert derivation_text(_derived("pause-open"), "en")[3].startswith("The clock has stood still since 2.9.2026")


def test_a_capped_pause_tells_the_fresh_month() -> None:
    assert "högst en månad från det sista svaret" in derivation_text(_derived("pause-cap-restart-earlier"), "sv")[4]


def test_the_inner_dates_are_for_staff_only() -> None:
    deadline = _derived("pikkujatti-week-target", target_days=7)
    assert not any("Sisäinen" in line for line in derivation_text(deadline, "fi"))
    assert derivation_text(deadline, "fi", inner=True)[-2:] == (
        "Sisäinen määräpäivä on maanantai 18.1.2027.",
        "Palvelutavoite on keskiviikko 23.12.2026.",
    )


# ── explain ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_pauses_extended_and_name_may_be_absent() -> None:
    (explained,) = explain([{"received": "2026-03-31T21:30:00Z"}])
    assert explained["due"] == "2026-05-04"
    assert "name" not in explained


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({}, "received"),
        ({"received": "2026-03-31T21:30:00"}, "received"),
        ({"received": "31.3.2026"}, "received"),
        ({"received": 5}, "received"),
        ({"received": "9999-12-20T10:00:00Z"}, "received"),
        ({"received": "2026-03-31T21:30:00Z", "extended": "yes"}, "extended"),
        ({"received": "2026-03-31T21:30:00Z", "pauses": {}}, "pauses"),
        ({"received": "2026-03-31T21:30:00Z", "pauses": [7]}, r"pauses\[0\]"),
        ({"received": "2026-03-31T21:30:00Z", "pauses": [{"kind": "coffee"}]}, r"pauses\[0\]\.kind"),
        ({"received": "2026-03-31T21:30:00Z", "pauses": [{"kind": "scope"}]}, r"pauses\[0\]\.from"),
        (
            {
                "received": "2026-03-31T21:30:00Z",
                "pauses": [{"kind": "scope", "from": "2026-04-02T10:00:00Z", "to": "2026-04-01T10:00:00Z"}],
            },
            r"pauses\[0\]\.to",
        ),
        (
            {"received": "2026-03-31T21:30:00Z", "pauses": [{"kind": "scope", "from": "2026-04-02T10:00:00Z"}]},
            r"pauses\[0\]\.counts",
        ),
        ({"received": "2026-03-31T21:30:00Z", "target_days": -1}, "target_days"),
    ],
)
def test_bad_input_names_its_case_and_field(case: dict[str, Any], field: str) -> None:
    with pytest.raises(ValueError, match=rf"^case 1: {field}"):
        explain([{"received": "2026-03-31T21:30:00Z"}, case])


@pytest.mark.parametrize("given", [None, "text", {"cases": 3}, {}])
def test_something_other_than_an_array_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match="array"):
        explain(given)


def test_a_case_that_is_no_object_is_refused() -> None:
    with pytest.raises(ValueError, match="case 0: an object"):
        explain([3])


def test_ten_thousand_cases_take_less_than_a_second_of_one_core() -> None:
    many = (CASES * 167)[:10_000]
    start = time.process_time()
    assert len(explain(many)) == 10_000
    assert time.process_time() - start < 1.0


def test_the_inner_date_is_never_an_eve_or_a_day_off() -> None:
    for case in explain(CASES):
        assert FI_150_1930.is_working_day(date.fromisoformat(case["internal_due"]))
