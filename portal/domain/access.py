"""Who may do what: roles per controller, and the one question every service asks (second lock on the object)."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """The three kinds of hands that can move a case."""

    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"


class Role(StrEnum):
    """A staff member's role at one controller. An administrator cannot listen; an auditor changes nothing; the data
    protection officer (art. 37) sees and oversees."""

    HANDLER = "handler"
    DECISION_MAKER = "decision_maker"
    LISTENER = "listener"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    DPO = "dpo"


class Action(StrEnum):
    """Everything that is guarded, on pages, in services and on the command line."""

    FILE_REQUEST = "file_request"
    SEE_OWN_CASE = "see_own_case"
    WRITE_MESSAGE = "write_message"
    WITHDRAW = "withdraw"
    OPEN_REPLY = "open_reply"
    SEE_CASE = "see_case"
    TAKE_UP = "take_up"
    ASK = "ask"
    EXTEND = "extend"
    CHOOSE_CALL = "choose_call"
    CONFIRM_HOLD = "confirm_hold"
    LISTEN = "listen"
    CHECK_SPEAKER = "check_speaker"
    DECIDE = "decide"
    APPROVE = "approve"
    SIGN = "sign"
    CARRY_OUT = "carry_out"
    POST_LETTER = "post_letter"
    CLOSE = "close"
    ADD_RECORDING = "add_recording"
    SEE_SOURCES = "see_sources"
    MANAGE_STAFF = "manage_staff"
    SEE_AUDIT = "see_audit"
    HOUSEKEEP = "housekeep"
    OVERRIDE_CLOCK = "override_clock"
    TELL_RECIPIENT = "tell_recipient"
    RECORD_PROCEEDING = "record_proceeding"
    ANSWER_FEEDBACK = "answer_feedback"
    SEE_RETENTION = "see_retention"
    CHANGE_RETENTION = "change_retention"
    APPROVE_RETENTION = "approve_retention"
    PROVE_NUMBER = "prove_number"
    SUPPORT_NUMBER = "support_number"
    CHANGE_COPY = "change_copy"
    RECEIVE_VISITOR = "receive_visitor"
    END_LONGER = "end_longer"


@dataclass(frozen=True)
class Actor:
    """Proven hands: a data subject by their person id, a staff member by their account id, or the system itself.

    `controller` is the register they act in; roles count there only. The name is shown, never compared.
    """

    kind: ActorKind
    id: str
    controller: str
    roles: frozenset[Role] = frozenset()
    name: str = ""


SYSTEM = Actor(ActorKind.SYSTEM, "system", "*")

_CITIZEN = {
    Action.FILE_REQUEST, Action.SEE_OWN_CASE, Action.WRITE_MESSAGE, Action.WITHDRAW, Action.OPEN_REPLY,
    Action.PROVE_NUMBER,
}  # fmt: skip
_SYSTEM = {Action.CONFIRM_HOLD, Action.HOUSEKEEP, Action.SEE_CASE, Action.CARRY_OUT, Action.END_LONGER}
_READ = {Action.SEE_CASE}
_HANDLE = _READ | {
    Action.TAKE_UP, Action.ASK, Action.EXTEND, Action.CHOOSE_CALL, Action.CONFIRM_HOLD,
    Action.DECIDE, Action.POST_LETTER, Action.CLOSE, Action.ADD_RECORDING, Action.TELL_RECIPIENT,
    Action.RECORD_PROCEEDING, Action.ANSWER_FEEDBACK, Action.SUPPORT_NUMBER,
    Action.CHANGE_COPY, Action.RECEIVE_VISITOR, Action.END_LONGER,
}  # fmt: skip
_BY_ROLE: dict[Role, set[Action]] = {
    Role.HANDLER: _HANDLE,
    Role.DECISION_MAKER: _HANDLE
    | {Action.APPROVE, Action.SIGN, Action.CARRY_OUT, Action.SEE_RETENTION, Action.APPROVE_RETENTION},
    Role.LISTENER: _READ | {Action.LISTEN, Action.CHECK_SPEAKER},
    Role.ADMINISTRATOR: {
        Action.SEE_SOURCES, Action.MANAGE_STAFF, Action.CONFIRM_HOLD, Action.SEE_RETENTION, Action.CHANGE_RETENTION,
    },
    Role.AUDITOR: _READ | {Action.SEE_AUDIT, Action.SEE_SOURCES, Action.SEE_RETENTION},
    Role.DPO: _READ | {
        Action.SEE_AUDIT, Action.SEE_SOURCES, Action.OVERRIDE_CLOCK, Action.RECORD_PROCEEDING, Action.SEE_RETENTION,
        Action.CHANGE_RETENTION, Action.APPROVE_RETENTION, Action.END_LONGER,
    },
}  # fmt: skip


class Forbidden(Exception):
    """The actor may not do this; shown as the same page as an absent thing, and recorded."""


def actions_of(roles: frozenset[Role]) -> frozenset[Action]:
    """All actions that the roles give. Listening is lost to whoever is also an administrator of the controller."""
    given = {action for role in roles for action in _BY_ROLE[role]}
    if Role.ADMINISTRATOR in roles:
        given -= {Action.LISTEN, Action.CHECK_SPEAKER}
    return frozenset(given)


def allowed(actor: Actor, action: Action, controller: str, owner: str | None = None) -> bool:
    """May `actor` do `action` in the register `controller`, on a thing that belongs to the person `owner`?

    A data subject acts on their own things only; staff act in their own controller only.
    """
    if actor.kind is ActorKind.SYSTEM:
        return action in _SYSTEM
    if actor.controller != controller:
        return False
    if actor.kind is ActorKind.CITIZEN:
        return action in _CITIZEN and (owner is None or owner == actor.id)
    return action in actions_of(actor.roles)


def demand(actor: Actor, action: Action, controller: str, owner: str | None = None) -> None:
    """Raise Forbidden unless `allowed`."""
    if not allowed(actor, action, controller, owner):
        raise Forbidden(action.value)
