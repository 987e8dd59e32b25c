"""Who a colleague is in the recorder and who supervises them: said by an administrator, never guessed from names.

Where a notice lets only the agent of the call and that agent's supervisor listen, the right to hear rests on this.
"""

from dataclasses import dataclass
from datetime import datetime

from portal.domain import events
from portal.domain.access import SYSTEM, Action, Actor, Forbidden, demand
from portal.domain.listeners import recorder_key
from portal.services.office import Office
from portal.services.ports import Work
from portal.services.ports.listeners import RecorderLink

MOST_NAMES = 20
LONGEST_NAME = 80


@dataclass
class BadLink(ValueError):
    """What was typed cannot be. `code`: long, many, taken (by another account), unknown or own (a supervisor's login);
    `what`: the line."""

    code: str
    what: str = ""


def link_staff(office: Office, actor: Actor, account: str, names: tuple[str, ...], above: tuple[str, ...]) -> None:
    """Set a colleague's names in the recorder and their supervisors (`above`, by login) in the actor's register.

    Raises BadLink, with nothing changed. Nobody changes their own.
    """
    demand(actor, Action.MANAGE_STAFF, actor.controller)
    if account == actor.id:
        raise Forbidden(Action.MANAGE_STAFF.value)
    with office.writing() as work:
        _link(work, actor, actor.controller, account, names, above, office.now())


def link_by_login(office: Office, register: str, login: str, names: tuple[str, ...], above: tuple[str, ...]) -> bool:
    """The same from the command line. False: no such account in the register. Raises BadLink."""
    with office.writing() as work:
        account = work.staff.by_login(login.strip().casefold())
        if account is None or not account.roles.get(register):
            return False
        _link(work, SYSTEM, register, account.id, names, above, office.now())
    return True


def _link(
    work: Work,
    actor: Actor,
    register: str,
    account: str,
    names: tuple[str, ...],
    supervisors: tuple[str, ...],
    now: datetime,
) -> None:
    chosen = {recorder_key(name): " ".join(name.split()) for name in names if name.strip()}
    if len(chosen) > MOST_NAMES:
        raise BadLink("many")
    known = work.listeners.standings(register)
    for key, name in chosen.items():
        if len(name) > LONGEST_NAME:
            raise BadLink("long", name)
        if any(key in standing.own for other, standing in known.items() if other != account):
            raise BadLink("taken", name)
    above = tuple(dict.fromkeys(_supervisor(work, register, account, one) for one in supervisors if one.strip()))
    link = RecorderLink(tuple(chosen.values()), above)
    work.listeners.link(register, account, link)
    work.trail.note(register, actor, events.StaffLinked(account, link.names, link.supervisors), account, now)


def _supervisor(work: Work, register: str, account: str, login: str) -> str:
    found = work.staff.by_login(login.strip().casefold())
    if found is None or not found.roles.get(register):
        raise BadLink("unknown", login.strip())
    if found.id == account:
        raise BadLink("own", login.strip())
    return found.id
