"""What a case's copies leave out, for whoever decides, writes the letter, and gives the copy (art. 15(4))."""

from portal.domain.case import Case
from portal.domain.decisions import Decision, Outcome, grounds_for
from portal.domain.redaction_version import Version, VersionState, mark_in_text, omitted, standing
from portal.domain.rights import Right
from portal.services.ports import Copy, Work

_GIVES = (Right.ACCESS, Right.PORTABILITY)


def part_grounds(right: Right) -> tuple[str, ...]:
    """The codes of the grounds that may take a part out of a copy for this right."""
    return tuple(one.code for one in grounds_for(right) if one.only_part)


def redactable(case: Case, recording: str) -> bool:
    """May something be left out of this recording's copy: a chosen call of a request that gives copies?"""
    return case.right in _GIVES and recording in {finding.recording for finding in case.chosen}


def version_of(work: Work, case: Case, recording: str) -> Version | None:
    """The version that counts for the recording's copy, approved or not; None: nothing is marked."""
    return standing(work.redactions.versions(case.id, recording, work.cases.box(case)))


def given_version(work: Work, case: Case, recording: str) -> Version | None:
    """The approved version from which the copy of this recording is made; None: it is given whole."""
    if not redactable(case, recording):
        return None
    version = version_of(work, case, recording)
    return version if version and version.state is VersionState.APPROVED else None


def unredacted(work: Work, case: Case, decision: Decision | None) -> tuple[tuple[int, str], ...]:
    """The items that cannot be given as decided, each with why: redaction_missing (granted in part, and nothing
    approved leaves anything out), redaction_waiting (marked, not approved), redaction_unused (marked, granted whole).
    """
    found: list[tuple[int, str]] = []
    for item in decision.items if decision and case.right in _GIVES else ():
        mine = [one.recording for one in case.chosen if one.call == item.item]
        marked = [version for one in mine if (version := version_of(work, case, one))]
        if item.outcome is Outcome.GRANTED and marked:
            found.append((item.item, "redaction_unused"))
        elif item.outcome is Outcome.PARTLY and not marked:
            found.append((item.item, "redaction_missing"))
        elif item.outcome is Outcome.PARTLY and any(one.state is not VersionState.APPROVED for one in marked):
            found.append((item.item, "redaction_waiting"))
    return tuple(found)


def gaps_of(work: Work, case: Case, recording: str) -> tuple[tuple[int, int], ...]:
    """What the given copy leaves out, as (from, to) in seconds of the call."""
    version = given_version(work, case, recording)
    return tuple((begin, end) for begin, end, _ground in omitted(version)) if version else ()


def copy_gaps(work: Work, case: Case, copy: Copy) -> tuple[tuple[int, int], ...]:
    """What this very copy leaves out, as (from, to) in seconds of the call, whatever has been marked since."""
    if copy.version is None:  # made before its version was kept
        return gaps_of(work, case, copy.recording)
    version = copy_version(work, case, copy)
    return tuple((begin, end) for begin, end, _ground in omitted(version)) if version else ()


def copy_version(work: Work, case: Case, copy: Copy) -> Version | None:
    """The version that the copy was made from; None: it is whole, or which one is not known."""
    versions = work.redactions.versions(case.id, copy.recording, work.cases.box(case)) if copy.version else ()
    return next((one for one in versions if one.n == copy.version), None)


def marks_in_text(work: Work, case: Case, recording: str) -> tuple[str, ...]:
    """How a transcript of the recording must show each passage that its copy leaves out."""
    if not redactable(case, recording):
        return ()
    version = version_of(work, case, recording)
    return tuple(mark_in_text(begin, end) for begin, end, _ground in omitted(version)) if version else ()
