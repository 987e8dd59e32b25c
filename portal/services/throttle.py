"""Guessing is slowed down, nobody is locked out: each try is counted before it is made, and waits grow and end.

A name's failures are forgotten one by one as time passes, so that a long wait never follows from an old one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from portal.services.ports import Tries, Work

LONGEST_WAIT = timedelta(minutes=15)
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """How many failures cost nothing, and how long it takes until one of them is forgotten."""

    free: int
    forgotten: timedelta


LIMITS = {
    "address": Limit(20, timedelta(minutes=3)),  # an office of many people has one address
    "login": Limit(3, LONGEST_WAIT),
    "factor": Limit(3, LONGEST_WAIT),
}


def claim(work: Work, now: datetime, **who: str | None) -> bool:
    """Count a try under every name given (by kind, always in the same order) before it is made.

    False while one of them waits: then nothing is counted, so that tries during a wait do not lengthen it.
    """
    names = {kind: _network(name) if kind == "address" else name for kind, name in who.items() if name}
    found = {kind: work.throttle.of(kind, name, now) for kind, name in names.items()}
    if any(tries.wait_until and tries.wait_until > now for tries in found.values()):
        return False
    for kind, tries in found.items():
        work.throttle.keep(kind, names[kind], _one_more(LIMITS[kind], tries, now))
    return True


def forgive(work: Work, now: datetime, **who: str | None) -> None:
    """The try was right: a user name or account begins anew; an address gets back this try alone."""
    for kind, name in who.items():
        if name and kind == "address":
            tries = work.throttle.of(kind, _network(name), now)
            work.throttle.keep(kind, _network(name), Tries(max(tries.failures - 1, 0), tries.failed_at, None))
        elif name:
            work.throttle.forget(kind, name)


def _one_more(limit: Limit, tries: Tries, now: datetime) -> Tries:
    """One failure more, those that time has forgotten left out; `failed_at` is when forgetting was reckoned last."""
    forgotten = max(now - tries.failed_at, timedelta()) // limit.forgotten
    left = max(tries.failures - forgotten, 0)
    since = tries.failed_at + forgotten * limit.forgotten if left else now
    over = min(left + 1 - limit.free, 10)
    wait = min(timedelta(seconds=2**over), LONGEST_WAIT) if over > 0 else None
    return Tries(left + 1, since, now + wait if wait else None)


def _network(address: str) -> str:
    """Whom an address stands for: a subscriber has a whole /64 of the new addresses."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return found.exploded[:19] if isinstance(found, IPv6Address) else address
