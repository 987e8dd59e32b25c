"""What a citizen is writing: kept a day for the same person, so that nothing typed is lost."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from portal.services.office import Office
from portal.services.ports import Session

LIFE = timedelta(days=1)
LATE = "late_post"
"""The kind of draft that holds a form which came too late, by register or, of staff, by face."""


def owner_of(subject_key: str) -> str:
    """Whose draft: a digest of the identity."""
    return sha256(subject_key.encode()).hexdigest()


def load_draft(office: Office, owner: str, key: str) -> dict[str, Any] | None:
    """The request being written by `owner` (`owner_of` the identity) at the register `key`."""
    with office.reading() as work:
        return work.drafts.load(owner, "request", key)


def save_draft(office: Office, owner: str, key: str, body: dict[str, Any]) -> None:
    """Keep the request as it is now."""
    with office.writing() as work:
        work.drafts.save(owner, "request", key, body, office.now())


def drop_draft(office: Office, owner: str, key: str) -> None:
    """The request was sent, or is to be forgotten."""
    with office.writing() as work:
        work.drafts.drop(owner, "request", key)


def save_session(office: Office, session: Session) -> None:
    """Write back what a page put into the session."""
    with office.writing() as work:
        work.sessions.save(session, office.now())
