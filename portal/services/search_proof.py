"""Proof of a search: "no recording" and "erased already" are answers, so the letter says what was searched, how far, in
which sources, and by which rule and when what is gone was erased (GDPR arts. 5(1)(e), 5(2), 15(1)).

What it says is read from the match dossier, which is kept on the case when the decision is proposed.
"""

from datetime import date

from portal.domain.case import Case
from portal.domain.decisions import Decision, Outcome
from portal.domain.dossier import Sought, SourceRead
from portal.domain.letters import CallLine
from portal.domain.matching import CallDescription
from portal.domain.moments import format_date, format_time, helsinki
from portal.domain.register import Register
from portal.domain.words import Language, Words
from portal.services.letter_facts import call_line
from portal.services.match_dossier import current
from portal.services.office import Office
from portal.services.ports import Work

_SPAN = Words("haettu ajalta {span}", "sökt för tiden {span}", "searched from {span}")
_SOURCES = Words("tallennusjärjestelmät: {names}", "inspelningssystem: {names}", "recording systems: {names}")
_READ = Words("{name} (luettu viimeksi {at})", "{name} (senast läst {at})", "{name} (last read {at})")
_LIVE = Words("{name} (haettu {at})", "{name} (sökt {at})", "{name} (searched {at})")


def search_text(office: Office, work: Work, case: Case, language: Language | None = None) -> str:
    """What was searched: each call with its number masked and the days searched, the searches that staff made with
    other details, then the sources with their last reading. A source that did not answer is not named as searched."""
    register, language = office.registers[case.register], language or case.language
    found = current(office, work, case)
    lines = list(dict.fromkeys(_call_text(register, one, language) for one in found.searches))
    names = [_source_text(one, language) for one in found.sources if one.answered]
    if names:
        lines.append(_SOURCES[language].format(names=", ".join(names)))
    return "; ".join(lines)


def _call_text(register: Register, one: Sought, language: Language) -> str:
    described = CallDescription(one.call, one.day, one.time, service_number=one.service or None)
    line = call_line(register, described, language)
    span = _SPAN[language].format(span=f"{format_date(one.first)}–{format_date(one.last)}")
    parts = (line.text, _day(line), line.called or "", one.own_masked, span)
    return ", ".join(part for part in parts if part)


def _source_text(one: SourceRead, language: Language) -> str:
    assert one.at is not None, "only what answered is told"
    at = helsinki(one.at)
    said = f"{format_date(at.date())} {format_time(at)}"
    return (_LIVE if one.live else _READ)[language].format(name=one.source, at=said)


def _day(line: CallLine) -> str:
    if line.day is None:
        return ""
    return f"{format_date(line.day)} {line.time}" if line.time else format_date(line.day)


def erased_on(office: Office, work: Work, case: Case, decision: Decision) -> date | None:
    """The day on which what was asked for had been erased, before the request came; None where that is not the answer,
    or where the items that have no recording were not all erased on one day."""
    missing = {item.item for item in decision.items if item.outcome is Outcome.NO_RECORDING}
    known = {one.call: one.erased_on for one in current(office, work, case).searches if not one.by}
    days = {known.get(number) for number in missing}
    return next(iter(days)) if len(days) == 1 else None
