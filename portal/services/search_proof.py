"""Proof of a search: "no recording" and "erased already" are answers, so the letter says what was searched, how far, in
which sources, and by which rule and when what is gone was erased (GDPR arts. 5(1)(e), 5(2), 15(1))."""

from collections.abc import Iterator
from datetime import date, time, timedelta

from portal.domain.case import Case
from portal.domain.decisions import Decision, Outcome
from portal.domain.letters import CallLine
from portal.domain.matching import CallDescription
from portal.domain.moments import (
    DaySureness,
    TimeSureness,
    Window,
    format_date,
    format_time,
    helsinki,
    wide_window,
    windows,
)
from portal.domain.register import CUSTOMER_SERVICE, Register
from portal.domain.retention import parse_period
from portal.domain.words import Language, Words
from portal.services.find_calls import oldest_searched
from portal.services.letter_facts import call_line
from portal.services.office import Office
from portal.services.ports import Harvest, Work
from portal.services.retention_rules import as_kept

_SPAN = Words("haettu ajalta {span}", "sökt för tiden {span}", "searched from {span}")
_SOURCES = Words("tallennusjärjestelmät: {names}", "inspelningssystem: {names}", "recording systems: {names}")
_READ = Words("{name} (luettu viimeksi {at})", "{name} (senast läst {at})", "{name} (last read {at})")


def search_text(office: Office, work: Work, case: Case, language: Language | None = None) -> str:
    """What was searched: each call with its number masked and the days searched, the searches that staff made with
    other details, then the sources with their last reading."""
    register, language = as_kept(work, office.registers[case.register]), language or case.language
    lines = [_call_text(register, case.received_on, call, language) for call in case.calls]
    lines += [_call_text(register, on, call, language) for on, call in _searched_besides(work, case)]
    lines = list(dict.fromkeys(lines))
    harvests = work.sources.harvests(case.register)
    if harvests:
        names = ", ".join(_source_text(one, language) for one in harvests)
        lines.append(_SOURCES[language].format(names=names))
    return "; ".join(lines)


def _searched_besides(work: Work, case: Case) -> Iterator[tuple[date, CallDescription]]:
    """What staff searched with other details, each with its day; a call that the request left out is not told of."""
    for entry in work.cases.timeline(case):
        facts = entry.facts or {}
        if entry.action == "calls_searched" and facts and facts["call"] in case.items:
            call = CallDescription(
                facts["call"],
                date.fromisoformat(facts["day"]) if facts["day"] else None,
                time.fromisoformat(facts["time"]) if facts["time"] else None,
                DaySureness(facts["day_sureness"]),
                TimeSureness(facts["time_sureness"]),
                facts["service_number"] or None,
                facts["own_number"] or None,
            )
            yield helsinki(entry.at).date(), call


def _call_text(register: Register, on: date, call: CallDescription, language: Language) -> str:
    line = call_line(register, call, language)
    first, last = (helsinki(edge) for edge in searched_span(register, on, call))
    end = (last - timedelta(seconds=1)).date()
    span = _SPAN[language].format(span=f"{format_date(first.date())}–{format_date(end)}")
    parts = (line.text, _day(line), line.called or "", line.own_masked or "", span)
    return ", ".join(part for part in parts if part)


def searched_span(register: Register, received_on: date, call: CallDescription) -> Window:
    """The whole UTC span in which a call was looked for when the request came."""
    earliest = oldest_searched(received_on, register)
    spans = windows(call.day, call.time, call.day_sureness, call.time_sureness, earliest, received_on)
    if call.own_number:
        spans = (*spans, wide_window(call.day, call.day_sureness, earliest, received_on))
    return min(start for start, _ in spans), max(end for _, end in spans)


def _source_text(one: Harvest, language: Language) -> str:
    at = helsinki(one.harvested_at)
    return _READ[language].format(name=one.source, at=f"{format_date(at.date())} {format_time(at)}")


def _day(line: CallLine) -> str:
    if line.day is None:
        return ""
    return f"{format_date(line.day)} {line.time}" if line.time else format_date(line.day)


def erased_on(office: Office, work: Work, case: Case, decision: Decision) -> date | None:
    """The day on which what was asked for had been erased, before the request came; None where that is not the answer,
    or where the items that have no recording were not all erased on one day."""
    missing = {item.item for item in decision.items if item.outcome is Outcome.NO_RECORDING}
    days = {_call_erased_on(office, work, case, number) for number in missing}
    return next(iter(days)) if len(days) == 1 else None


def _call_erased_on(office: Office, work: Work, case: Case, number: int) -> date | None:
    """By the tombstone of its candidate; else by the rule, when the call is older than anything that is still kept."""
    for row in work.recordings.candidates(case.id):
        gone = work.recordings.erased_on(row.recording) if row.call == number else None
        if gone and gone <= case.received_on:
            return gone
    call = next((one for one in case.calls if one.number == number), None)
    if call is None or call.day is None or call.day_sureness is DaySureness.UNKNOWN:
        return None
    register = as_kept(work, office.registers[case.register])
    last = helsinki(searched_span(register, case.received_on, call)[1] - timedelta(seconds=1)).date()
    if last >= oldest_searched(case.received_on, register):
        return None
    if sum(rule.recording_class == CUSTOMER_SERVICE for rule in register.retention) > 1:
        return None  # by which of the periods it went is not known
    return parse_period(register.rule(CUSTOMER_SERVICE).period).after(call.day)
