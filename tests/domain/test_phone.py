"""Telephone numbers from people, exchanges and SIP headers, brought to one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.phone import Fault, Number, NumberKind, Unusable, Withheld, mask, national, normalise


def _number(text: str) -> Number:
    found = normalise(text)
    assert isinstance(found, Number), found
    return found


@pytest.mark.parametrize(
    "text",
    [
        "040 123 4567", "(040) 1234567", "040-1234567", "0401234567;ext=12", "00358401234567", "358401234567",
        "+358 40 123 4567", "tel:+358-40-123-4567", "+3580401234567", "٠٤٠١٢٣٤٥٦٧", "０４０１２３４５６７",
        "sip:+358401234567@sip.example", "sips:+358401234567;user=phone@sip.example:5061",
        "sip:%2B358401234567@sip.example", "\u202a040 123 4567\u202c", "040\u00a0123\u00a04567", "040 123 4567 x12",
        '"Malli" <sip:+358401234567@pbx.example>', " 040 123 4567 ", "(0)40 123 4567",
    ],
)  # fmt: skip
def test_every_way_to_write_a_number_reaches_the_same_form(text: str) -> None:
    assert _number(text).e164 == "+358401234567"


@pytest.mark.parametrize(
    ("text", "e164", "kind", "shown"),
    [
        ("040 1234567", "+358401234567", NumberKind.MOBILE, "040 123 4567"),
        ("050 123456", "+35850123456", NumberKind.MOBILE, "050 123 456"),
        ("0457 1234567", "+3584571234567", NumberKind.MOBILE, "045 7123 4567"),
        ("09 816 21", "+358981621", NumberKind.FIXED, "09 816 21"),
        ("018 123456", "+35818123456", NumberKind.FIXED, "018 123 456"),
        ("010 380 8000", "+358103808000", NumberKind.SERVICE, "010 380 8000"),
        ("0295 042240", "+358295042240", NumberKind.SERVICE, "029 504 2240"),
        ("0800 123456", "+358800123456", NumberKind.TOLL_FREE, "0800 123 456"),
        ("0600 12345", "+35860012345", NumberKind.PREMIUM, "0600 123 45"),
        ("+46 70 123 45 67", "+46701234567", NumberKind.FOREIGN, "+46 70 123 45 67"),
        ("112", "112", NumberKind.SHORT, "112"),
        ("116 117", "116117", NumberKind.SHORT, "116117"),
        ("118", "118", NumberKind.SHORT, "118"),
    ],
)
def test_the_kind_and_the_customary_grouping_are_known(text: str, e164: str, kind: NumberKind, shown: str) -> None:
    assert _number(text) == Number(e164, kind)
    assert Number(e164, kind).national == shown


def test_a_number_one_calls_is_told_from_a_number_one_calls_from() -> None:
    assert all(_number(text).kind.is_service for text in ("010 380 8000", "0800 123456", "0600 12345", "112"))
    assert not any(_number(text).kind.is_service for text in ("040 123 4567", "09 816 21", "+46 70 123 45 67"))


@pytest.mark.parametrize(
    "text",
    ["", "  ", "0", "anonymous", "Restricted", "unknown", "Unavailable", "Salainen", "Tuntematon",
     "sip:anonymous@anonymous.invalid"],
)  # fmt: skip
def test_a_withheld_number_never_becomes_a_number(text: str) -> None:
    assert normalise(text) == Withheld()


def test_a_source_may_have_its_own_word_for_a_withheld_number() -> None:
    assert normalise("Ei numeroa", withheld_words=["ei numeroa"]) == Withheld()
    assert normalise("Ei numeroa") == Unusable(Fault.LETTERS)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0800 KUKKA", Fault.LETTERS),
        ("sip:malli@sip.example", Fault.LETTERS),
        ("eilen", Fault.LETTERS),
        ("---", Fault.NO_DIGITS),
        ("+", Fault.NO_DIGITS),
        ("12", Fault.TOO_SHORT),
        ("+44 20", Fault.TOO_SHORT),
        ("040 123 456 789 012 345 678", Fault.TOO_LONG),
        ("1" * 500, Fault.TOO_LONG),
        ("99904012345678", Fault.TOO_LONG),
        ("+210 123456789", Fault.NO_SUCH_NUMBER),
    ],
)
def test_an_unusable_number_says_why(text: str, reason: Fault) -> None:
    assert normalise(text) == Unusable(reason)


def test_a_possible_number_outside_every_plan_is_taken_as_unknown() -> None:
    assert _number("040 123 456 789").kind is NumberKind.UNKNOWN


@pytest.mark.parametrize(
    ("text", "prefix"), [("99904012345678"[:13], "999"), ("90401234567", "9"), ("999 040 123 4567", "999")]
)
def test_an_exchange_prefix_is_stripped_until_the_number_is_valid(text: str, prefix: str) -> None:
    found = normalise(text, prefixes=["0", prefix])
    assert isinstance(found, Number)
    assert found.e164.startswith("+35840123456")
    assert found.kind is NumberKind.MOBILE


def test_a_valid_number_keeps_digits_that_look_like_a_prefix() -> None:
    found = normalise("040 123 4567", prefixes=["0", "04"])
    assert isinstance(found, Number)
    assert found.e164 == "+358401234567"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("040 123 4567", "040 *** **67"),
        ("09 816 21", "09 *** 21"),
        ("+46 70 123 45 67", "+46 ** *** ** 67"),
        ("112", "*12"),
    ],
)
def test_a_masked_number_keeps_only_its_beginning_and_last_two_digits(text: str, masked: str) -> None:
    assert _number(text).masked == masked


def test_a_stored_number_is_shown_and_masked_alike() -> None:
    assert national("+358401234567") == "040 123 4567"
    assert national("112") == "112"
    assert national("+") == "+"
    assert mask("+358401234567") == "040 *** **67"


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser_and_a_result_is_a_fixed_point(text: str) -> None:
    found = normalise(text)
    if isinstance(found, Number) and found.kind is not NumberKind.UNKNOWN:
        assert normalise(found.e164) == found


@given(st.from_regex(r"(?:[1-9]|4[0-9]|50|[69]00)[0-9]{4,9}", fullmatch=True))
def test_a_finnish_number_is_the_same_however_its_beginning_is_written(digits: str) -> None:
    """What reads the usual forms agrees with the library, which reads the international prefix."""
    international = normalise(f"00358 {digits}")
    for written in (f"0{digits}", f"+358 {digits}", f"0{digits[:2]}-{digits[2:]}"):
        read = normalise(written)
        if isinstance(international, Number) and international.kind is not NumberKind.UNKNOWN:
            assert read == international
        elif isinstance(read, Number):
            assert read.kind in (NumberKind.UNKNOWN, NumberKind.SHORT)
