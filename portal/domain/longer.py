"""Keeping one recording longer than its class: threat, quality, complaint, police, by the register's own rule.

A register whose notice promises no longer retention has no rule, and nothing of it is kept longer (arts. 5(1)(e),
13(2)(a)). Two people agree; the cap counts from the end of the call.
"""

from datetime import date, datetime, timedelta

from portal.domain.access import Role
from portal.domain.register import Register, RetentionRule
from portal.domain.retention import HoldReason, capped_at, longest

LONGER = (HoldReason.THREAT, HoldReason.QUALITY, HoldReason.COMPLAINT, HoldReason.POLICE)
"""The reasons of a controller's own; every other hold serves a data subject's request."""
_DPO_ALONE = "dpo"


def longer_rules(register: Register) -> dict[HoldReason, RetentionRule]:
    """The rule of each reason for which this register keeps a recording longer; empty where its notice knows none."""
    return {
        reason: rule
        for reason in LONGER
        for rule in register.retention
        if rule.longest and reason.value in rule.reasons
    }


def kept_until(call_end: datetime, rule: RetentionRule, reason: HoldReason) -> datetime | None:
    """The UTC instant at which the hold is cut, counted from the end of the call; None for the police's, which is never
    cut (`HoldReason.capped`) and ends when it is ended by hand."""
    return capped_at(call_end, rule) if reason.capped else None


def longer_review_on(placed: date, call_end: datetime, register: Register, rule: RetentionRule) -> date:
    """When the hold is looked at again: after the rule's days (the register's where it names none), and not after the
    last day to which the rule lets it stand."""
    days = rule.review_days or register.hold_review_days
    return max(placed, min(placed + timedelta(days=days), longest(call_end, rule)))


def may_agree(rule: RetentionRule, roles: frozenset[Role]) -> bool:
    """May somebody with these roles be the second person? `approver_role` "dpo" is the data protection officer alone;
    the register's other names for who decides are the officer or a decision maker."""
    return Role.DPO in roles or (rule.approver_role != _DPO_ALONE and Role.DECISION_MAKER in roles)
