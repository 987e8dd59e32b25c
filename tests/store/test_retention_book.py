"""Four eyes in the database: no statement shortens a retention period with one person's name under it."""

import pytest
from sqlalchemy.exc import DBAPIError

from portal.domain.access import Role
from portal.services import retention_rules
from portal.services.office import Office
from portal.services.ports import Term
from tests.services.test_retention_rules import CLASS, agreed, filed, period
from tests.services.walk import clerk
from tests.store.raw import Raw

_AT = "2026-06-18 09:00:00+00:00"


@pytest.fixture
def proposed(office: Office) -> Office:
    """Espoo's file says one month instead of six, and one person has proposed it."""
    retention_rules.adopt_file(office, "espoo")
    shorter = filed(office, "P1M")
    retention_rules.propose_shortening(shorter, clerk("admin", Role.ADMINISTRATOR), CLASS, "P1M")
    return shorter


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("approver = author, since = written_at", "two_people"),
        ("since = written_at", "agreed"),
        ("approver = 'somebody else'", "agreed"),
        ("author = NULL", "proposed_by"),
    ],
)
def test_no_statement_brings_a_proposal_into_force_alone(proposed: Office, raw: Raw, change: str, why: str) -> None:
    with pytest.raises(DBAPIError, match=why):
        raw(f"UPDATE retention_rule SET {change} WHERE since IS NULL")
    assert period(proposed) == "P6M"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE retention_rule SET period = 'P1D' WHERE since IS NOT NULL",
        "UPDATE retention_rule SET period = 'P1D' WHERE since IS NULL",
        "UPDATE retention_rule SET since = NULL, author = 'a' WHERE since IS NOT NULL",
        "DELETE FROM retention_rule",
    ],
)
def test_a_period_in_force_or_proposed_stays_as_it_was_written(proposed: Office, raw: Raw, statement: str) -> None:
    with pytest.raises(DBAPIError, match="stays as it was agreed"):
        raw(statement)


def test_no_row_is_written_that_its_author_approved(proposed: Office, raw: Raw) -> None:
    columns = "register, recording_class, n, period, written_at, author, approver, since"
    row = f"INSERT INTO retention_rule ({columns}) VALUES ('espoo', '{CLASS}', 9, 'P1D', '{_AT}', 'a', 'a', '{_AT}')"
    with pytest.raises(DBAPIError, match="two_people"):
        raw(row)
    assert period(proposed) == "P6M"


def test_the_stores_own_hand_cannot_either(proposed: Office) -> None:
    with proposed.reading() as work:
        waiting = next(term for term in work.retention.terms("espoo") if term.since is None)
    with pytest.raises(DBAPIError, match="two_people"), proposed.writing() as work:
        work.retention.agree("espoo", waiting, waiting.author or "", proposed.now())


def test_terms_come_back_as_they_were_written_and_a_taken_number_is_left_alone(proposed: Office) -> None:
    late = Term(CLASS, 1, "P9Y", proposed.now(), None, None, proposed.now())
    with proposed.writing() as work:
        work.retention.add("espoo", late)
    with proposed.reading() as work:
        first, second = (term for term in work.retention.terms("espoo") if term.recording_class == CLASS)
    assert (first.n, first.period, first.author, first.since) == (1, "P6M", None, proposed.now())
    assert (second.n, second.period, second.since) == (2, "P1M", None)


def test_two_people_bring_it_into_force_on_either_database(office: Office) -> None:
    retention_rules.adopt_file(office, "espoo")
    assert period(agreed(filed(office, "P1M"))) == "P1M"
