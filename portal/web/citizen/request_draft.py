"""The request being written: what the steps have gathered so far, kept for the same person for a day.

A draft holds the answers as typed text, so that each page can show them again, and a submission id made when it is
begun: however often the last button is pressed, the same id gives the same receipt.
"""

import secrets
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from portal.domain.rights import Right
from portal.services import drafts
from portal.web.guard import Visit
from portal.web.session import current

MOST_CALLS = 10
WITHOUT_CALLS = frozenset({Right.OBJECTION, Right.WITHDRAWAL})
"""Rights that concern purposes: a call may be named, and need not be."""


@dataclass(frozen=True)
class Draft:
    """Answers so far. `sent` is the reference once the request is filed; a sent draft only repeats its receipt."""

    submission: str = ""
    right: str = ""
    calls: tuple[dict[str, Any], ...] = ()
    no_calls: bool = False
    details: dict[str, Any] = field(default_factory=dict)
    caller: dict[str, Any] = field(default_factory=dict)
    sent: str = ""

    @property
    def started(self) -> bool:
        """Is there anything unsent to go on with?"""
        return bool(self.right) and not self.sent

    @property
    def caller_done(self) -> bool:
        """Is it known who made the call, and for whom the request is?"""
        return "done" in self.caller

    @property
    def calls_done(self) -> bool:
        """Is every call that was begun complete, and is there one where the right needs one?"""
        return all(call["done"] for call in self.calls) and bool(self.calls or self.no_calls)

    def with_call(self, number: int, entry: dict[str, Any]) -> "Draft":
        """With call `number` (from 1) as given; the number after the last adds one."""
        calls = list(self.calls)
        calls[number - 1 : number] = [entry]
        return replace(self, calls=tuple(calls), no_calls=False)

    def without_call(self, number: int) -> "Draft":
        """With call `number` taken away."""
        return replace(self, calls=tuple(call for n, call in enumerate(self.calls, 1) if n != number))


def started(right: Right) -> Draft:
    """A new draft for this right."""
    return Draft(submission=secrets.token_urlsafe(24), right=right.value)


def load(visit: Visit) -> Draft:
    """The visitor's draft in this register, as it was when the session was read; an empty one where there is none."""
    known = current().draft
    if known is None or known[0] != visit.here.id:
        known = visit.here.id, drafts.load_draft(visit.office, _owner(visit), visit.here.id)
    kept = known[1]
    return Draft(**(kept | {"calls": tuple(kept["calls"])})) if kept else Draft()


def save(visit: Visit, draft: Draft) -> None:
    """Keep it."""
    current().draft = None
    drafts.save_draft(visit.office, _owner(visit), visit.here.id, asdict(draft))


def drop(visit: Visit) -> None:
    """Forget it."""
    current().draft = None
    drafts.drop_draft(visit.office, _owner(visit), visit.here.id)


def _owner(visit: Visit) -> str:
    assert visit.identity is not None, "only guarded pages have a draft"
    return drafts.owner_of(visit.identity.subject_key)
