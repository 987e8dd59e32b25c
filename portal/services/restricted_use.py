"""Restriction that really blocks (art. 18(2)): a restricted recording is stored, and used for nothing but the own
cases of whoever had it restricted. Each attempt to use it otherwise stays in the case in which it was made."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from portal.domain import events
from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.lifecycle import NotNow
from portal.services.office import Office
from portal.services.ports import Recording, Work
from portal.services.step import opened, record

P = ParamSpec("P")
R = TypeVar("R")


class Restricted(NotNow):
    """The recording may not be used so now; `use` says for what it was wanted."""

    def __init__(self, recording: str, use: str) -> None:
        super().__init__("restricted")
        self.recording = recording
        self.use = use
        self.recorded = False


def is_only_stored(work: Work, case: Case, one: Recording) -> bool:
    """Is the recording restricted, and not at the request of the person whose case this is?"""
    return one.restricted and case.applicant.person not in work.recordings.restricted_for(one.id)


def demand_unrestricted(work: Work, case: Case, one: Recording, use: str) -> None:
    """Raise Restricted where `is_only_stored`."""
    if is_only_stored(work, case, one):
        raise Restricted(one.id, use)


def refusals_kept(
    verb: Callable[Concatenate[Office, Actor, str, P], R],
) -> Callable[Concatenate[Office, Actor, str, P], R]:
    """The verb on a case, with each use that a restriction stopped recorded: once for an attempt, after what the verb
    had begun was undone."""

    @wraps(verb)
    def kept(office: Office, actor: Actor, ref: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return verb(office, actor, ref, *args, **kwargs)
        except Restricted as refused:
            _record(office, actor, ref, refused)
            raise

    return kept


def _record(office: Office, actor: Actor, ref: str, refused: Restricted) -> None:
    """One event for an attempt, whichever verb called whichever."""
    if refused.recorded:
        return
    refused.recorded = True
    with office.writing() as work:
        event = events.RestrictedUseRefused(refused.recording, refused.use)
        record(office, work, opened(work, ref, actor), event, actor)
