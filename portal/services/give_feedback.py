"""Accessibility feedback: anyone may give it, without signing in; staff note that they have answered."""

from datetime import timedelta
from uuid import uuid4

from portal.domain import events
from portal.domain.access import Action, Actor, ActorKind, demand
from portal.domain.feedback import Feedback
from portal.domain.moments import helsinki
from portal.domain.words import Language
from portal.services.office import Office
from portal.services.ports import Absent

LONGEST = 4000
_MOST_A_DAY = 200
KEPT = timedelta(days=180)
"""How long an answered message is kept."""


class TooMany(Exception):
    """So much has come today that a machine must be sending it; nothing was kept."""


def give_feedback(office: Office, register: str, text: str, reply_to: str, language: Language) -> Feedback:
    """Keep a message; its fourteen days run from now. TooMany when the register has had too many today."""
    now = office.now()
    given = Feedback(uuid4().hex, register, text, reply_to, language.value, now, helsinki(now).date())
    with office.writing() as work:
        if work.feedback.received_since(register, now - timedelta(days=1)) >= _MOST_A_DAY:
            raise TooMany(register)
        work.feedback.add(given)
        nobody = Actor(ActorKind.CITIZEN, "unknown", register)
        work.trail.note(register, nobody, events.FeedbackReceived(given.id, given.due), given.id, now)
    return given


def feedback_of(office: Office, actor: Actor) -> tuple[Feedback, ...]:
    """What has been given to the actor's register, unanswered first."""
    demand(actor, Action.ANSWER_FEEDBACK, actor.controller)
    with office.reading() as work:
        return work.feedback.of(actor.controller)


def feedback_answered(office: Office, actor: Actor, feedback: str) -> None:
    """Note that a message has been answered. Absent when there is none to answer."""
    demand(actor, Action.ANSWER_FEEDBACK, actor.controller)
    now = office.now()
    with office.writing() as work:
        if not work.feedback.answered(actor.controller, feedback, now):
            raise Absent(feedback)
        work.trail.note(actor.controller, actor, events.FeedbackAnswered(feedback), feedback, now)
