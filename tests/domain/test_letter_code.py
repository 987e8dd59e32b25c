"""A letter's code is read as people and scanners write it, and a wrong sign is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.letter_code import SIGNS, SPACE, letter_code, read_code

numbers = st.integers(0, SPACE - 1)


@given(numbers)
def test_a_code_is_read_back_however_it_is_typed(number: int) -> None:
    code = letter_code(number)
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f"  {code}\n"):
        assert read_code(typed) == code


@given(numbers)
def test_a_scanner_types_the_whole_address_and_the_code_is_its_end(number: int) -> None:
    code = letter_code(number)
    assert read_code(f"https://puhelut.example.fi/sv/letter/{code}") == code


@given(numbers, st.integers(0, 8), st.sampled_from(SIGNS))
def test_every_single_wrong_sign_is_noticed(number: int, place: int, sign: str) -> None:
    plain = letter_code(number).replace("-", "")
    wrong = plain[:place] + sign + plain[place + 1 :]
    assert (read_code(wrong) is None) == (wrong != plain)


@given(numbers, st.integers(0, 6))
def test_two_neighbours_that_changed_places_are_noticed(number: int, place: int) -> None:
    plain = letter_code(number).replace("-", "")
    wrong = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    assert (read_code(wrong) is None) == (wrong != plain)


@given(numbers, numbers)
def test_different_numbers_give_different_codes(one: int, other: int) -> None:
    assert (letter_code(one) == letter_code(other)) == (one == other)


@pytest.mark.parametrize("typed", ["", "K7Q2", "K7Q2-9FXM", "0OIL-1111-1", "K7Q2-9FXM-JJ", "https://example.fi/"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


@pytest.mark.parametrize("number", [-1, SPACE])
def test_a_number_outside_the_space_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="SPACE"):
        letter_code(number)
