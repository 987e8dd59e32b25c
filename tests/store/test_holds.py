"""Holds whose day of review has come, on both databases."""

from datetime import date, timedelta

from portal.services.office import Office
from tests import make
from tests.store.raw import Raw


def test_a_hold_is_listed_from_its_day_of_review_until_it_is_reviewed_or_released(
    office: Office, raw: Raw, case_id: str
) -> None:
    day = date.fromisoformat(str(raw("SELECT review_on FROM hold")[0].review_on))
    with office.writing() as work:
        assert work.holds.to_review("espoo", day - timedelta(days=1)) == ()
        [found] = work.holds.to_review("espoo", day)
        assert (found.case, found.reason, found.review_on) == (case_id, "request", day)
        assert work.holds.to_review("pk_terveys", day) == ()
        assert work.holds.review_again(found.id, day + timedelta(days=30))
        assert work.holds.to_review("espoo", day) == ()
        work.recordings.release(case_id, make.NOON)
        assert not work.holds.review_again(found.id, day)
        assert work.holds.to_review("espoo", day + timedelta(days=30)) == ()
