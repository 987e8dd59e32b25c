"""The personal identity code and the other terms of a login."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, strategies

from portal.domain.identity import (
    Assurance,
    BadCode,
    Begun,
    Identified,
    PendingLogin,
    PersonalIdentityCode,
    mask_identifier,
)

CODE = "131052-9085"
CENTURIES = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)


def parse(text: str, today: date | None = None) -> PersonalIdentityCode:
    return PersonalIdentityCode.parse(text, allow_temporary=True, today=today)


@pytest.mark.parametrize(("sign", "century"), CENTURIES.items())
def test_every_century_sign_gives_its_own_century(sign: str, century: int) -> None:
    assert parse(f"131052{sign}9085").born == date(century + 52, 10, 13)


def test_there_are_thirteen_century_signs() -> None:
    signs = [chr(mark) for mark in range(33, 127)]
    accepted = set()
    for sign in signs:
        try:
            accepted.add(parse(f"131052{sign}9085").value[6])
        except BadCode:
            continue
    assert accepted == set(CENTURIES)


def test_people_who_differ_by_the_sign_alone_stay_different() -> None:
    assert len({parse(f"131052{sign}9085") for sign in "-YXWVU"}) == 6


@pytest.mark.parametrize(
    "text",
    [
        "",
        "131052-913a",  # lower case
        "131052-9085\n",
        " 131052-9085",
        "131052-9085 ",
        "131052 9085",
        "131052–9085",  # a typographic dash
        "1310529085",
        "131052-9086",  # check character
        "131052G9085",
        "131052Z9085",
        "131052a9085",
        "310252-908A",  # 31 February
        "001052-9085",
        "131352-9085",
        "131052-000P",
        "131052-001R",
        "१३१०५२-9085",  # digits of another script
        "131052-908O",
    ],
)
def test_nothing_is_repaired(text: str) -> None:
    with pytest.raises(BadCode):
        parse(text)


def test_a_temporary_code_is_a_test_persons() -> None:
    assert parse(CODE).value == CODE
    with pytest.raises(BadCode):
        PersonalIdentityCode.parse(CODE, allow_temporary=False)


def test_an_ordinary_number_needs_no_leave() -> None:
    # The example that the law's own guides print.
    assert PersonalIdentityCode.parse("131052-308T", allow_temporary=False).masked == "131052-****"


def test_a_birth_date_still_to_come_is_refused() -> None:
    newborn = "010199A9012"
    assert parse(newborn, today=date(2099, 1, 1)).born == date(2099, 1, 1)
    with pytest.raises(BadCode):
        parse(newborn, today=date(2098, 12, 31))


def test_the_error_never_tells_the_code() -> None:
    with pytest.raises(BadCode) as caught:
        parse("131052-9086")
    assert "131052" not in str(caught.value)


def test_the_mask_hides_what_tells_people_apart() -> None:
    assert parse(CODE).masked == "131052-****"


def test_only_test_levels_are_test_levels() -> None:
    assert {level for level in Assurance if level.is_test} == {Assurance.TEST_SUBSTANTIAL, Assurance.TEST_HIGH}


def test_no_printed_form_tells_who_or_how() -> None:
    code = parse(CODE)
    at = datetime(2026, 1, 2, tzinfo=UTC)
    who = Identified(
        f"hetu:{CODE}", code, "Tuulikki", "Soittola", code.born, Assurance.SUBSTANTIAL, "bank", at, "demo", "ab12"
    )
    pending = PendingLogin("STATE", "NONCE", "VERIFIER", "demo", "http://127.0.0.1/", 1, "/private", "fi")
    printed = f"{code} {code!r} {who} {who!r} {pending} {Begun('https://x/?state=STATE', pending)!r}"
    for secret in (CODE, "131052", "Tuulikki", "Soittola", "1952", "STATE", "NONCE", "VERIFIER", "/private"):
        assert secret not in printed


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [("hetu", CODE, "131052-****"), ("eidas", "SE/FI/8405017811", "SE/FI/****"), ("eidas", "8405017811", "****")],
)
def test_an_identifier_is_shown_masked(kind: str, value: str, shown: str) -> None:
    assert mask_identifier(kind, value) == shown


@given(
    born=strategies.dates(date(1800, 1, 1), date(2099, 12, 31)), sign=strategies.sampled_from(sorted(CENTURIES)),
    number=strategies.integers(2, 999),
)  # fmt: skip
def test_every_code_with_a_right_check_character_is_read_back_and_no_other(born: date, sign: str, number: int) -> None:
    digits = f"{born:%d%m%y}", f"{number:03}"
    check = "0123456789ABCDEFHJKLMNPRSTUVWXY"
    right = check[int("".join(digits)) % 31]
    year = CENTURIES[sign] + born.year % 100
    exists = (born.day, born.month) != (29, 2) or (year % 4 == 0 and year != 1900)
    for character in check:
        text = f"{digits[0]}{sign}{digits[1]}{character}"
        if character == right and exists:
            assert parse(text).born == date(year, born.month, born.day)
            assert parse(text).masked == f"{digits[0]}{sign}****"
        else:
            with pytest.raises(BadCode):
                parse(text)
