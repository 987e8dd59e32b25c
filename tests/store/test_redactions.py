"""Redaction versions in the store, on both databases: sealed passages, and two people whatever the code says."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from portal.domain.redaction import Span
from portal.domain.redaction_version import Rendering, Version, VersionState
from portal.services.office import Office
from tests.services.walk import Walk, walk
from tests.store.raw import Raw


def version(made: Walk, n: int = 1) -> Version:
    spans = (Span(16_000, 28_000, "R15-4", (1,), "Kanelipulla"),)
    return Version(made.case.id, made.recordings[0], n, VersionState.DRAFT, "aino", 8000, 80_000, 2, spans)


def save(office: Office, made: Walk, one: Version) -> None:
    with office.writing() as work:
        work.redactions.save(one, office.now(), work.cases.box(made.case))


def load(office: Office, made: Walk) -> tuple[Version, ...]:
    with office.reading() as work:
        return work.redactions.versions(made.case.id, made.recordings[0], work.cases.box(made.case))


def test_versions_come_back_as_they_were_and_no_note_stands_in_clear(office: Office, raw: Raw) -> None:
    made = walk(office)
    first = replace(
        version(made), state=VersionState.APPROVED, approver="bertta", rendering=Rendering("a" * 64, "b" * 64, 9),
        vault_object="x", moves=3,
    )  # fmt: skip
    save(office, made, version(made))
    save(office, made, first)
    save(office, made, version(made, 2))
    assert load(office, made) == (first, version(made, 2))
    assert all(b"Kanelipulla" not in bytes(row.sealed) for row in raw("SELECT sealed FROM redaction"))


@pytest.mark.parametrize(
    "changes",
    [
        "state = 'approved'",
        "state = 'approved', approver = 'bertta'",
        "state = 'approved', approver = 'aino', source_sha256 = 'a', output_sha256 = 'b'",
        "approver = 'aino'",
        "state = 'perhaps'",
    ],
)
def test_the_database_refuses_an_approval_without_a_second_person_or_a_rendering(
    office: Office, raw: Raw, changes: str
) -> None:
    made = walk(office)
    save(office, made, version(made))
    with pytest.raises(DBAPIError):
        raw(f"UPDATE redaction SET {changes}")
    assert load(office, made) == (version(made),)


def test_the_files_of_one_case_are_known_and_forgotten_with_the_rest_kept(office: Office) -> None:
    made = walk(office)
    save(office, made, replace(version(made), vault_object="x"))
    with office.writing() as work:
        assert work.redactions.files_of(made.case.id, made.recordings[0]) == ("x",)
        work.redactions.forget_file("x")
    assert load(office, made) == (version(made),)
