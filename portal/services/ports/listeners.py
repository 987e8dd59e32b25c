"""The port of who may hear what: names in the recorder, supervisors, and who has been asked to listen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.domain.listeners import Standing


@dataclass(frozen=True)
class RecorderLink:
    """A colleague as the recorder knows them: the names as they were typed, and the accounts that supervise them."""

    names: tuple[str, ...] = ()
    supervisors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asking:
    """Somebody was asked to listen to a recording of a case; `answered_at`: when it was done."""

    ref: str
    recording: str
    staff: str
    asked_by: str
    asked_at: datetime
    answered_at: datetime | None


class Listeners(Protocol):
    """Who may hear what, in one unit of work."""

    def standing(self, register: str, account: str) -> Standing:
        """What the account is in the register."""

    def standings(self, register: str) -> Mapping[str, Standing]:
        """What every account is that the recorder knows or that supervises somebody, by account."""

    def links(self, register: str) -> Mapping[str, RecorderLink]:
        """What was typed of each account."""

    def link(self, register: str, account: str, link: RecorderLink) -> None:
        """Names and supervisors in place of all earlier ones."""

    def ask(self, case_id: str, recording: str, of: tuple[str, ...], by: str, now: datetime) -> None:
        """Ask these accounts; whoever was asked before is asked anew."""

    def askings(self, case_id: str) -> tuple[Asking, ...]:
        """Everybody who was asked in a case, the latest first."""

    def open_askings(self, register: str, account: str) -> tuple[Asking, ...]:
        """What the account has been asked and has not answered in the register's open cases, oldest first."""

    def answer(self, case_id: str, recording: str, account: str, now: datetime) -> bool:
        """Close what the account was asked, and the same question to the others. False: it was not asked."""
