"""Who may hear which recording (arts. 5(1)(f), 29, 32(4)): each notice promises its own circle of listeners.

A role alone opens no recording: it says who works with recordings at all. What the register's notice promises beyond
that is asked of every recording, each time somebody would hear it.
"""

import unicodedata
from dataclasses import dataclass

AGENT_AND_SUPERVISOR = "agent_and_supervisor"
STAFF_WHO_NEED_IT = "staff_who_need_it"


@dataclass(frozen=True)
class Standing:
    """What an account is in one register: its names in the recorder and those of the agents whose supervisor it is, as
    `recorder_key` writes them; `supervisor`: is it anybody's at all?"""

    own: frozenset[str] = frozenset()
    supervised: frozenset[str] = frozenset()
    supervisor: bool = False


def recorder_key(name: str) -> str:
    """A name in the recorder as it is compared: letter case and spaces do not count, everything else does. Nothing is
    guessed from likeness: whom the recorder names otherwise is somebody else."""
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def may_hear(rule: str, agent: str | None, standing: Standing, *, concerned: bool) -> bool:
    """May a listener of the register hear this recording? `agent`: whom the recorder names; `concerned`: the listener
    handles the case or has been asked to listen.

    - agent_and_supervisor (Espoo's notice, clauses 5 and 9): the agent of that call and that agent's supervisors. Where
      the recorder names nobody, those who supervise somebody in the register.
    - staff_who_need_it (the TE office's notice, clause 8): whoever handles the case or was asked to listen.
    - phone_service_staff (Janakkala, clause 9), named_persons (Pikkujätti, clause 10), confirmed_by_controller (PK
      Terveys, whose notice is silent): the listeners are themselves the circle; the role is given to no one else.
    """
    if rule == STAFF_WHO_NEED_IT:
        return concerned
    if rule != AGENT_AND_SUPERVISOR:
        return True
    key = recorder_key(agent or "")
    return key in standing.own | standing.supervised if key else standing.supervisor


def may_ask_all(rule: str) -> bool:
    """May several people be asked at once to listen to the same recording? Not where being asked is what gives the
    right to hear it: the TE office's notice lets in only those who need it."""
    return rule != STAFF_WHO_NEED_IT
