"""The ranked matcher: each term with its words, and floors held by a simulation of forgetful callers."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from portal.domain.matching import (
    CallDescription,
    Candidate,
    Direction,
    Fit,
    Match,
    Reason,
    Term,
    rank,
    reason_text,
)
from portal.domain.moments import HELSINKI, DaySureness, TimeSureness, helsinki

DAY = date(2026, 5, 12)
CLAIM: dict[str, Any] = {
    "number": 1,
    "day": DAY,
    "time": time(14),
    "day_sureness": DaySureness.CERTAIN,
    "time_sureness": TimeSureness.QUARTER,
    "service_number": "+358981621",
    "own_number": "+358401234567",
}


def _claim(**changes: Any) -> CallDescription:
    return CallDescription(**(CLAIM | changes))


def _call(
    name: str = "a",
    local: datetime = datetime(2026, 5, 12, 14, 12),
    number: bool | None = True,
    service: bool | None = True,
    direction: Direction = Direction.INBOUND,
) -> Candidate:
    start = local.replace(tzinfo=HELSINKI).astimezone(UTC)
    return Candidate(name, start, start + timedelta(minutes=6), direction, number_equal=number, service_equal=service)


def _only(description: CallDescription, candidate: Candidate) -> Match:
    (match,) = rank(description, [candidate])
    return match


def _words(description: CallDescription, candidate: Candidate, language: str = "fi") -> str:
    return " · ".join(reason_text(reason, language) for reason in _only(description, candidate).reasons)


def test_a_good_match_says_why_in_each_language() -> None:
    match = _only(_claim(), _call())
    assert match.fit is Fit.GOOD
    assert _words(_claim(), _call()) == "sama numero · 12 minuuttia ilmoitettua myöhemmin · palvelunumero sopii"
    assert _words(_claim(), _call(), "sv") == "samma nummer · 12 minuter senare än uppgivet · servicenumret stämmer"
    assert _words(_claim(), _call(), "en") == "same number · 12 minutes later than claimed · service number agrees"


def test_the_call_a_week_earlier_ranks_second_and_says_so() -> None:
    earlier = _call("b", datetime(2026, 5, 5, 14, 3))
    first, second = rank(_claim(), [earlier, _call()])
    assert (first.candidate.recording_id, second.candidate.recording_id) == ("a", "b")
    assert second.fit is Fit.POSSIBLE
    assert reason_text(second.reasons[1], "fi") == "viikkoa ilmoitettua aiemmin, kellonaika sopii"


@pytest.mark.parametrize(
    ("local", "words"),
    [
        (datetime(2026, 5, 12, 14, 0), "täsmälleen ilmoitettuun aikaan"),
        (datetime(2026, 5, 12, 13, 59), "minuutin ilmoitettua aiemmin"),
        (datetime(2026, 5, 12, 17, 10), "3 h 10 min ilmoitettua myöhemmin"),
        (datetime(2026, 5, 12, 2, 0), "12 h ilmoitettua aiemmin"),
        (datetime(2026, 5, 13, 14, 10), "päivää ilmoitettua myöhemmin, kellonaika sopii"),
        (datetime(2026, 5, 10, 14, 40), "2 päivää ilmoitettua aiemmin, kellonajassa eroa 40 minuuttia"),
        (datetime(2026, 5, 26, 14, 0), "2 viikkoa ilmoitettua myöhemmin, kellonaika sopii"),
    ],
)
def test_the_difference_in_time_is_told_in_words(local: datetime, words: str) -> None:
    assert reason_text(_only(_claim(), _call(local=local)).reasons[1], "fi") == words


def test_a_vague_time_of_day_is_matched_as_a_span() -> None:
    morning = _claim(time=None, time_sureness=TimeSureness.MORNING)
    inside, outside = _call(local=datetime(2026, 5, 12, 7, 40)), _call("b", datetime(2026, 5, 12, 19, 0))
    assert [m.candidate.recording_id for m in rank(morning, [outside, inside])] == ["a", "b"]
    assert _only(morning, inside).fit is Fit.GOOD
    assert _only(morning, inside).reasons[1] == Reason(Term.TIME, "part_of_day")
    assert _only(morning, outside).reasons[1] == Reason(Term.TIME, "other_part_of_day")
    next_day = _only(morning, _call(local=datetime(2026, 5, 13, 7, 40))).reasons[1]
    assert reason_text(next_day, "fi") == "päivää ilmoitettua myöhemmin, vuorokaudenaika sopii"


def test_only_the_day_known_means_any_time_of_that_day() -> None:
    claim = _claim(time=None, time_sureness=TimeSureness.UNKNOWN)
    assert _only(claim, _call(local=datetime(2026, 5, 12, 3))).reasons[1].code == "same_day"
    assert _only(claim, _call(local=datetime(2026, 5, 12, 3))).fit is Fit.GOOD
    assert _only(claim, _call(local=datetime(2026, 5, 14, 3))).reasons[1] == Reason(Term.TIME, "day_off", days=2)


def test_only_the_time_known_ranks_by_time_of_day_across_midnight() -> None:
    claim = _claim(day=None, day_sureness=DaySureness.UNKNOWN, time=time(23, 50))
    near, far = _call("near", datetime(2026, 2, 3, 0, 5)), _call("far", datetime(2026, 2, 3, 12))
    assert [m.candidate.recording_id for m in rank(claim, [far, near])] == ["near", "far"]
    assert _only(claim, near).reasons[1] == Reason(Term.TIME, "minutes_off", 15)


def test_nothing_known_of_the_time_still_ranks_by_number() -> None:
    claim = CallDescription(1, own_number="+358401234567")
    matches = rank(claim, [_call("b", number=False), _call("a")])
    assert [m.candidate.recording_id for m in matches] == ["a", "b"]
    assert [m.fit for m in matches] == [Fit.POSSIBLE, Fit.UNLIKELY]
    assert matches[0].reasons[1:] == (Reason(Term.TIME, "not_claimed"), Reason(Term.SERVICE, "not_claimed"))


@pytest.mark.parametrize("sureness", [DaySureness.COUPLE_OF_DAYS, DaySureness.WEEK])
def test_a_vague_day_forgives_its_neighbours(sureness: DaySureness) -> None:
    claim = _claim(day_sureness=sureness)
    assert _only(claim, _call(local=datetime(2026, 5, 14, 14))).fit is Fit.GOOD
    sure = _only(_claim(), _call(local=datetime(2026, 5, 14, 14))).score
    assert _only(claim, _call(local=datetime(2026, 5, 14, 14))).score > sure


def test_another_number_weighs_against_unless_another_phone_was_claimed() -> None:
    other = _call(number=False)
    assert _only(_claim(), other).fit is Fit.UNLIKELY
    assert _only(_claim(other_phone=True), other).fit is Fit.POSSIBLE
    assert _only(_claim(other_phone=True), other).score > _only(_claim(), other).score


def test_a_withheld_number_is_neither_for_nor_against() -> None:
    hidden = _call(number=None)
    match = _only(_claim(withheld=True), hidden)
    assert match.fit is Fit.POSSIBLE
    assert match.reasons[0] == Reason(Term.WITHHELD, "as_claimed")
    assert _only(_claim(), hidden).reasons[0] == Reason(Term.WITHHELD, "hidden")
    order = rank(_claim(withheld=True), [_call("seen", number=False), _call("hidden", number=None)])
    assert [m.candidate.recording_id for m in order] == ["hidden", "seen"]


def test_another_service_number_weighs_against_but_does_not_exclude() -> None:
    match = _only(_claim(), _call(service=False))
    assert match.fit is Fit.POSSIBLE
    assert match.score < _only(_claim(), _call()).score
    assert reason_text(match.reasons[2], "fi") == "eri palvelunumero"


def test_a_call_from_the_service_is_told_apart() -> None:
    match = _only(_claim(), _call(direction=Direction.OUTBOUND))
    assert reason_text(match.reasons[-1], "sv") == "samtalet ringdes från tjänsten"
    assert match.score < _only(_claim(), _call()).score


def test_both_calls_of_a_repeated_hour_fit_alike() -> None:
    claim = _claim(day=date(2025, 10, 26), time=time(3, 30))
    first = Candidate("first", datetime(2025, 10, 26, 0, 30, tzinfo=UTC), number_equal=True)
    second = Candidate("second", datetime(2025, 10, 26, 1, 30, tzinfo=UTC), number_equal=True)
    matches = rank(claim, [second, first])
    assert [m.candidate.recording_id for m in matches] == ["first", "second"]
    assert matches[0].score == matches[1].score


def test_every_reason_has_words_without_a_bare_score_in_each_language() -> None:
    claims = [
        CallDescription(1),
        _claim(),
        _claim(withheld=True),
        _claim(other_phone=True, time=None, time_sureness=TimeSureness.EVENING),
        _claim(time=None, time_sureness=TimeSureness.UNKNOWN),
    ]
    calls = [
        _call(local=datetime(2026, 5, day, hour, 7), number=number, service=service, direction=direction)
        for day in (5, 12, 13)
        for hour in (3, 14, 19)
        for number in (True, False, None)
        for service in (True, False, None)
        for direction in Direction
    ]
    seen = set()
    for claim in claims:
        for match in rank(claim, calls):
            assert len(match.reasons) >= 3
            for reason in match.reasons:
                seen.add((reason.term, reason.code))
                texts = [reason_text(reason, language) for language in ("fi", "sv", "en")]
                assert all(text and "{" not in text and "0 " not in text[:2] for text in texts)
                assert len(set(texts)) == 3
    assert len(seen) >= 18


# ── the simulation: callers who misremember ─────────────────────────────────────────────────────────────────────────

CLAIMS = 700
NOT_FOUND = 10**6
CALLS_A_YEAR, SERVICES, WITHHELD_SHARE = 10_000_000, 40, 0.04


def _remembered(chance: random.Random, start: datetime) -> datetime:
    """What a person says: twenty minutes off, rounded to a quarter; at times the wrong day, week or half of the day."""
    said = start + timedelta(minutes=chance.gauss(0, 20))
    slip = chance.random()
    if slip < 0.10:
        said += timedelta(days=chance.choice((-1, 1)))
    elif slip < 0.13:
        said += timedelta(days=chance.choice((-7, 7)))
    elif slip < 0.16:
        said += timedelta(hours=chance.choice((-12, 12)))
    minutes = round((said.hour * 60 + said.minute) / 15) * 15
    return said.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=minutes)


def _random_start(chance: random.Random, office: bool) -> datetime:
    day = datetime(2026, 2, 10) + timedelta(days=chance.randrange(21))
    return day + timedelta(minutes=chance.uniform(8 * 60, 16 * 60) if office else chance.uniform(0, 24 * 60))


def _place(description: CallDescription, candidates: list[Candidate]) -> int:
    ranked = [match.candidate.recording_id for match in rank(description, candidates)]
    return ranked.index("true") if "true" in ranked else NOT_FOUND


def _described(said: datetime, **more: Any) -> CallDescription:
    return _claim(day=said.date(), time=said.time(), **more)


def _by_number(chance: random.Random, with_service: bool, office: bool) -> int:
    """Stage one: all calls of the number within ten days; the median number makes 403 calls a year (Pareto)."""
    true = _random_start(chance, office).replace(day=20)
    said = _remembered(chance, true)
    others = min(round(222 * chance.paretovariate(1.16) * 21 / 365), 2000)
    wrong_service = chance.random() < 0.05
    services = [chance.randrange(SERVICES) == 0 for _ in range(others)]
    calls = [_call(str(n), _random_start(chance, office), service=services[n]) for n in range(others)]
    claim = _described(said, service_number="+358981621" if with_service else None)
    return _place(claim, [*calls, _call("true", true, service=not wrong_service)])


def _by_service(chance: random.Random) -> int:
    """Stage two, number withheld: the calls of the claimed service within 75 minutes."""
    true = _random_start(chance, office=False).replace(day=20)
    said = _remembered(chance, true)
    around = round(CALLS_A_YEAR / 365 / SERVICES / 1440 * 150)
    calls = [
        _call(
            str(n), said + timedelta(minutes=chance.uniform(-75, 75)),
            number=None if chance.random() < WITHHELD_SHARE else False,
        )
        for n in range(around)
    ]  # fmt: skip
    found = abs(true - said) <= timedelta(minutes=75) and chance.random() >= 0.05
    return _place(_described(said, withheld=True), [*calls, _call("true", true, number=None)] if found else calls)


def _share(places: list[int], limit: int) -> float:
    """How often the true call came among the first `limit`."""
    return sum(place < limit for place in places) / len(places)


@pytest.mark.parametrize(
    ("with_service", "office", "top_1", "top_3"),
    [(True, False, 0.97, 0.99), (False, False, 0.93, 0.98), (False, True, 0.82, 0.97)],
)
def test_a_forgetful_callers_own_number_finds_the_call(
    with_service: bool, office: bool, top_1: float, top_3: float
) -> None:
    chance = random.Random(20261121)
    places = [_by_number(chance, with_service, office) for _ in range(CLAIMS)]
    assert _share(places, 1) >= top_1
    assert _share(places, 3) >= top_3
    assert _share(places, NOT_FOUND) == 1.0


def test_a_withheld_number_is_found_by_service_and_time() -> None:
    chance = random.Random(20261121)
    assert _share([_by_service(chance) for _ in range(CLAIMS)], 3) >= 0.65


def test_a_start_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        rank(_claim(), [Candidate("a", datetime(2026, 5, 12, 14))])
    assert helsinki(_call().start).hour == 14
