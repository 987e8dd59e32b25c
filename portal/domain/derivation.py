"""How a due date was counted, in whole sentences in Finnish, Swedish and English (GDPR art. 12(1): clear and plain).

The counting itself is in `deadlines`; here each of its lines becomes a sentence for the page and the letter.
"""

from collections.abc import Mapping
from datetime import date

from portal.domain import moments
from portal.domain.calendar_fi import HOLIDAY_NAMES
from portal.domain.case import RENEWED, Reopening
from portal.domain.deadlines import Deadline, DerivationLine
from portal.domain.openness import Openness

_INNER = frozenset({"internal", "target"})

_SENTENCES: Mapping[str, Mapping[str, str]] = {
    "fi": {
        "received": "Pyyntö saapui {on} {at}.",
        "not_counted": "Saapumispäivää ei lasketa.",
        "extended": "Määräaikaa on jatkettu kahdella kuukaudella.",
        "clipped": "Kyseisessä kuussa ei ole {number}. päivää, joten määräaika päättyy kuukauden viimeiseen päivään.",
        "month_ends": "{Month} päättyy {date}, joka on {day}.",
        "month_would_end": "{Month} päättyisi {date}.",
        "paused": "Odotimme lisätietoja {days} ({from}–{date}).",
        "paused_end": "Kun odotuspäivät lisätään, määräaika päättyy {date}, joka on {day}.",
        "capped_end": "Määräaika on enintään {month} viimeisestä vastauksesta, joka saapui {answered}. "
        "Se päättyy {date}, joka on {day}.",
        "rolled": "{date} on {day}.",
        "moved": "Määräaika siirtyy seuraavaan arkipäivään, {to}.",
        "stopped": "Määräaika on ollut pysähdyksissä {date} alkaen, ja se jatkuu, kun saamme pyydetyt lisätiedot.",
        "internal": "Sisäinen määräpäivä on {named}.",
        "target": "Palvelutavoite on {named}.",
        "law": "(Yleinen tietosuoja-asetus, 12 artiklan 3 kohta)",
    },
    "sv": {
        "received": "Begäran kom in {on} {at}.",
        "not_counted": "Dagen då begäran kom in räknas inte.",
        "extended": "Tidsfristen har förlängts med två månader.",
        "clipped": "Månaden i fråga har ingen dag med nummer {number}, så tidsfristen går ut på månadens sista dag.",
        "month_ends": "{Month} går ut den {date}, som är {day}.",
        "month_would_end": "{Month} skulle gå ut den {date}.",
        "paused": "Vi väntade på kompletterande uppgifter i {days} ({from}–{date}).",
        "paused_end": "När väntedagarna läggs till går tidsfristen ut den {date}, som är {day}.",
        "capped_end": "Tidsfristen är högst {month} från det sista svaret, som kom in den {answered}. "
        "Den går ut den {date}, som är {day}.",
        "rolled": "Den {date} är {day}.",
        "moved": "Tidsfristen flyttas till nästa vardag, {to}.",
        "stopped": "Tidsfristen har stått stilla sedan den {date} och fortsätter när vi får de begärda uppgifterna.",
        "internal": "Den interna sista svarsdagen är {named}.",
        "target": "Servicemålet är {named}.",
        "law": "(Allmänna dataskyddsförordningen, artikel 12.3)",
    },
    "en": {
        "received": "The request arrived {on} {at}.",
        "not_counted": "The day of arrival is not counted.",
        "extended": "The time limit has been extended by two months.",
        "clipped": "That month has no day number {number}, so the time limit ends on its last day.",
        "month_ends": "{Month} on {date}, which is {day}.",
        "month_would_end": "Without pauses {month_ends} on {date}.",
        "paused": "We waited for further information for {days} ({from}–{date}).",
        "paused_end": "With the days of waiting added, the time limit ends on {date}, which is {day}.",
        "capped_end": "The time limit is at most {month} from the last answer, which arrived on {answered}. "
        "It ends on {date}, which is {day}.",
        "rolled": "{date} is {day}.",
        "moved": "The time limit moves to the next working day, {to}.",
        "stopped": "The clock has stood still since {date} and goes on when we receive the information asked for.",
        "internal": "The inner due date is {named}.",
        "target": "The service target is {named}.",
        "law": "(General Data Protection Regulation, Article 12(3))",
    },
}
_MONTHS = {
    "fi": {1: ("Kuukausi", "kuukausi"), 3: ("Kolmen kuukauden määräaika", "kolme kuukautta")},
    "sv": {1: ("Månaden", "en månad"), 3: ("Tidsfristen på tre månader", "tre månader")},
    "en": {1: ("The month ends", "one month"), 3: ("The three months end", "three months")},
}
_WORKING = {"fi": "arkipäivä", "sv": "en vardag", "en": "a working day"}
_EVE = {
    "fi": "{eve} mutta lasketaan arkipäiväksi",
    "sv": "{eve} men räknas som vardag",
    "en": "{eve} but counts as a working day",
}
_DAYS = {"fi": ("päivän", "päivää"), "sv": ("dag", "dagar"), "en": ("day", "days")}


def derivation_text(deadline: Deadline, language: str, *, inner: bool = False) -> tuple[str, ...]:
    """The counting in whole sentences in fi, sv or en, ending with its source in law.

    `inner` adds the inner due date and service target, which are for staff.
    """
    lines = [line for line in deadline.derivation if line.code not in _INNER]
    sentences = [_sentence(line, language) for line in lines] + [_SENTENCES[language]["law"]]
    if inner:
        sentences += [_sentence(line, language) for line in deadline.derivation if line.code in _INNER]
    return tuple(sentences)


_OPENNESS: Mapping[str, tuple[str, str, str, str, str]] = {
    "fi": (
        "Julkisuuslain mukaan vastaus annetaan viivytyksettä ja viimeistään kahden viikon kuluessa pyynnöstä.",
        "Asiakirjoja on paljon tai niissä on salassa pidettäviä osia, joten julkisuuslain määräaika on kuukausi.",
        "Saapumispäivää ei lasketa. Määräaika päättyy {end}.",
        "Se päivä ei ole arkipäivä, joten vastaus suunnitellaan edelliseksi arkipäiväksi, {plan}.",
        "(Laki viranomaisten toiminnan julkisuudesta 621/1999, 14 §)",
    ),
    "sv": (
        "Enligt offentlighetslagen ges svaret utan dröjsmål och senast två veckor efter begäran.",
        "Handlingarna är många eller innehåller sekretessbelagda delar, så offentlighetslagens tidsfrist är en månad.",
        "Dagen då begäran kom in räknas inte. Tidsfristen går ut den {end}.",
        "Den dagen är ingen vardag, så svaret planeras till vardagen före, den {plan}.",
        "(Lagen om offentlighet i myndigheternas verksamhet 621/1999, 14 §)",
    ),
    "en": (
        "By the Openness Act the answer is given without delay and at the latest two weeks after the request.",
        "The documents are many or hold secret parts, so the time limit of the Openness Act is one month.",
        "The day of arrival is not counted. The time limit ends on {end}.",
        "That is no working day, so the answer is planned for the working day before it, {plan}.",
        "(Act on the Openness of Government Activities 621/1999, section 14)",
    ),
}


def openness_text(clock: Openness, language: str, *, large: bool) -> tuple[str, ...]:
    """How the date of the Openness Act was counted, in whole sentences in fi, sv or en; `large` as in the clock."""
    weeks, month, ends, planned, law = _OPENNESS[language]
    told = [month if large else weeks, ends.format(end=moments.format_date(clock.nominal))]
    if clock.plan_on != clock.nominal:
        told.append(planned.format(plan=moments.format_date(clock.plan_on)))
    return (*told, law)


_REOPENED: Mapping[str, tuple[str, str, str]] = {
    "fi": (
        "Asia avattiin uudelleen {on}, koska pyydetyt tiedot saapuivat. Uusi määräaika on kuukausi siitä päivästä.",
        "Asia avattiin uudelleen {on} viranomaisen tai tuomioistuimen vuoksi. Määräpäivä on sille annettu päivä.",
        "Määräaika päättyy {due}.",
    ),
    "sv": (
        "Ärendet öppnades på nytt {on}, eftersom de begärda uppgifterna kom in. Den nya tidsfristen är en månad från"
        " den dagen.",
        "Ärendet öppnades på nytt {on} på grund av en myndighet eller domstol. Sista dagen är den dag som har getts.",
        "Tidsfristen går ut den {due}.",
    ),
    "en": (
        "The case was reopened {on} because the information asked for arrived. The new time limit is a month from"
        " that day.",
        "The case was reopened {on} because of an authority or a court. The due date is the day that was given for it.",
        "The time limit ends on {due}.",
    ),
}


def reopened_text(reopening: Reopening, language: str, extended: date | None = None) -> tuple[str, ...]:
    """Whence a case that is in hand again has its date, in whole sentences in fi, sv or en; `extended` is the later
    date where the renewed month was extended."""
    arrived, given, ends = _REOPENED[language]
    on = moments.on_date(moments.helsinki(reopening.at).date(), language)
    first = (arrived if reopening.why == RENEWED else given).format(on=on)
    ending = ends.format(due=moments.format_date(extended or reopening.due))
    longer = (_SENTENCES[language]["extended"],) if extended else ()
    return (first, *longer, ending)


def _sentence(line: DerivationLine, language: str) -> str:
    """One line as a sentence. Every word it may need is worked out from the line alone."""
    words: dict[str, str] = {}
    facts = dict(line.facts)
    rolled = line.code.startswith("rolled_")
    code, kind = line.code.split("_", 1) if rolled else (line.code, facts.get("day"))
    if line.date:
        words |= {"date": moments.format_date(line.date), "on": moments.on_date(line.date, language)}
        words |= {"to": moments.to_date(line.date, language), "named": moments.named_date(line.date, language)}
        words["day"] = _day_words(kind, line.date, language) if kind else ""
    words |= {name: moments.format_date(facts[name]) for name in ("from", "answered") if name in facts}
    if "number" in facts:
        words["number"] = str(facts["number"])
    if "at" in facts:
        words["at"] = moments.at_time(facts["at"], language)
    if "days" in facts:
        words["days"] = f"{facts['days']} {_DAYS[language][facts['days'] != 1]}"
    if "months" in facts and line.code != "extended":
        words["Month"], words["month"] = _MONTHS[language][facts["months"]]
        words["month_ends"] = words["Month"][0].lower() + words["Month"][1:]
    return _SENTENCES[language][code].format_map(words)


def _day_words(kind: str, day: date, language: str) -> str:
    """What kind of day it is: arkipäivä · lauantai · pitkäperjantai · jouluaatto mutta lasketaan arkipäiväksi."""
    sort, _, name = kind.partition(":")
    if sort == "holiday":
        return HOLIDAY_NAMES[name][language]
    if sort == "eve":
        return _EVE[language].format(eve=HOLIDAY_NAMES[name][language])
    if sort == "working":
        return _WORKING[language]
    shown = moments.weekday(day, language)
    return {"fi": shown, "sv": f"en {shown}", "en": f"a {shown}"}[language]
