"""Holds and restrictions at the source itself, where it can: what is so here is made so there, and ended there too.

Our flag does not stop the recorder's own purge, nor its own users. Comparing the two again and again needs no message
that could be lost: a source that was away is brought into step when it is back.
"""

from collections.abc import Callable

from portal.domain.recording import Capability
from portal.services.office import Office
from portal.services.ports import Source, SourceGone

AT_ONCE = 500
_VERBS: dict[str, tuple[Capability, Callable[[Source, str, str], None]]] = {
    "hold": (Capability.HOLD, lambda source, locator, ref: source.hold(locator, ref)),
    "release": (Capability.HOLD, lambda source, locator, ref: source.release(locator, ref)),
    "restrict": (Capability.RESTRICT, lambda source, locator, _: source.restrict(locator, True)),
    "open": (Capability.RESTRICT, lambda source, locator, _: source.restrict(locator, False)),
}


def bring_into_step(office: Office, source_id: str) -> dict[str, int]:
    """How many recordings were held, released, restricted and opened at the source now; only what was done is named.

    A recording that is gone at its source stops no other; SourceAway passes through.
    """
    source, done = office.sources[source_id], dict[str, int]()
    for verb, (needed, act) in _VERBS.items():
        if needed not in source.capabilities:
            continue
        with office.reading() as work:
            known = work.recordings.many(work.sources.behind(source_id, verb, AT_ONCE))
        for one in known.values():
            try:
                act(source, one.locator, one.id)
            except SourceGone:
                if verb in ("hold", "restrict"):
                    continue  # the copy or the case says what became of it
            with office.writing() as work:
                work.sources.told(one.id, verb)
            done[verb] = done.get(verb, 0) + 1
    return done
