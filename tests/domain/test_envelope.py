"""The window: what always shows, what may ever show, and which addresses fit it whole."""

import pytest

from portal.domain.dispatch import Obstacle, obstacle
from portal.domain.envelope import C5, CLEAR, FORMATS, SIZES, Box, Envelope, address_size

E65 = Envelope("E65", 15, 40, 95, 30)
C65 = Envelope("C65", 15, 39, 100, 35)


def test_the_usual_envelope_shows_what_was_reckoned() -> None:
    assert C5.sure == Box(15, 44, 101, 65.5)
    assert C5.ever == Box(-4, 30.5, 120, 79)
    assert not C5.needs_cover


@pytest.mark.parametrize("envelope", [C5, E65, C65, Envelope("C4", 15, 42, 100, 40)])
def test_the_address_lies_inside_what_always_shows(envelope: Envelope) -> None:
    field, sure = envelope.field, envelope.sure
    assert sure.left <= field.left < field.right <= sure.right
    assert sure.top <= field.top < field.bottom <= sure.bottom


@pytest.mark.parametrize(("envelope", "needed"), [(C5, False), (E65, False), (C65, True)])
def test_an_envelope_that_could_show_more_than_the_clear_field_gets_a_cover_page(
    envelope: Envelope, needed: bool
) -> None:
    outside = envelope.ever.top < CLEAR.top or envelope.ever.bottom > CLEAR.bottom or envelope.ever.right > CLEAR.right
    assert (envelope.needs_cover, outside) == (needed, needed)


def test_an_ordinary_address_is_printed_in_ordinary_letters_and_a_long_one_in_smaller() -> None:
    ordinary = ("Aino Malli", "Esimerkkikatu 1", "02999 MALLILA")
    assert address_size(ordinary) == SIZES[0]
    assert address_size(("n" * 43, "c/o", "talo", "katu", "02999 MALLILA")) == SIZES[1]
    assert address_size(("n" * 60,) * 7) == SIZES[2]


def test_rows_that_no_readable_size_holds_do_not_fit() -> None:
    assert address_size(("rivi",) * 8) is None
    assert address_size(("n" * 59,) * 6, E65) == SIZES[2]
    assert address_size(("n" * 60,) * 7, E65) is None


def test_every_format_holds_the_sheet_that_is_folded_into_it() -> None:
    assert all(outer[0] > sheet[0] and outer[1] > sheet[1] for outer, sheet in FORMATS.values())


def test_a_letter_is_stopped_by_non_disclosure_first_then_by_its_address() -> None:
    short, long = ("Aino Malli", "02999 MALLILA"), ("rivi",) * 9
    assert obstacle(short, has_address=True) is None
    assert obstacle(short, has_address=False) is Obstacle.NO_ADDRESS
    assert obstacle(long, has_address=True) is Obstacle.TOO_LONG
    assert obstacle(short, has_address=True, protected=True) is Obstacle.PROTECTED
