"""What happens to telling the applicant that there is news: the way that they chose, the reminder of their files."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from portal.domain.event import Event


@dataclass(frozen=True)
class ContactChosen(Event):
    """How the applicant wants to be told: email, text, or none. The address itself stands in the case alone."""

    to_citizen: ClassVar[bool] = True
    channel: str


@dataclass(frozen=True)
class ContactFailed(Event):
    """The mail server of the applicant's address will never take a message for it."""

    to_citizen: ClassVar[bool] = True
    channel: str


@dataclass(frozen=True)
class FilesReminded(Event):
    """The applicant was reminded that the given files can be collected until this day."""

    to_citizen: ClassVar[bool] = True
    until: date
