"""From the facts of a letter to its HTML: one template a kind and language, no other input (GDPR art. 12(1)).

The same article is printed, previewed by staff and read by the applicant in the portal, so what is approved is what
is printed. A text that staff still owe is marked in the preview and stops the signing.
"""

import functools
import hashlib
import math
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from portal.adapters.letters.glyphs import unprintable
from portal.domain.decisions import GROUNDS, Ground, ItemDecision, LetterKind, Missing
from portal.domain.letters import LetterFacts, Omission, lacks, sheet, statements
from portal.domain.moments import format_date, format_time, helsinki
from portal.domain.register import Register
from portal.domain.words import Language, Words

PROJECT = Path(__file__).parents[3]
TEMPLATES = PROJECT / "templates" / "letters"
STYLES = (PROJECT / "static" / "css" / "letter.css", TEMPLATES / "page.css")

_MASK = 3
"""Every mask of a QR code reads as well as another; weighing all eight would take longer than writing the letter."""

_NBSP = "\u00a0"
_NUMBER_GAP = re.compile(r"(?<=\d) |(?<=rtikel) |(?<=rticle) |(?<=section) ")
_LONGEST_TEXT = 20_000
_MISSING = Words("puuttuu", "saknas", "missing")
# In a preview these may not be written yet.
_NO_ASK = {"what": "", "why": "", "answer_by": None, "pause_from": None}
_NO_LIFTING = {"on": None, "reason": "", "what": (), "reply_by": None, "taken_back": False}
_NO_FEE = {"reason": "", "amount_cents": 0, "cost_lines": (), "reply_by": None}
_NO_VISIT = {"place": "", "times": (), "minutes": 0, "id_documents": (), "access": ""}
_NO_ATTENDANCE = {"name": "", "begin": None, "end": None, "place": "", "document": "", "calls": ()}
_NO_CLOSING = {"asked_on": None, "why": "", "on": None}
# Class, letters that fit a row of 79 mm, rows that fit the window's 20.6 mm.
_ADDRESS_SIZES = (("", 42, 5), (" letter-recipient--small", 53, 6), (" letter-recipient--tiny", 60, 7))
_DECISIVE = (
    "This letter is provided in English as a service. The Finnish text is decisive.",
    "This letter is provided in English as a service. The Finnish or Swedish text is decisive.",
)


class Incomplete(Exception):
    """The letter may not be signed: `missing` says what it lacks."""

    def __init__(self, lacking: tuple[Missing, ...]) -> None:
        super().__init__(", ".join(f"{each.code} ({each.field})" for each in lacking))
        self.missing = lacking


def letter_html(facts: LetterFacts, *, preview: bool = False) -> str:
    """The letter as an HTML document. In a preview what staff still owe is marked; otherwise Incomplete is raised."""
    return _render(facts, shell="document.html", level=1, preview=preview)


def preview_fragment(facts: LetterFacts) -> str:
    """The letter's article for the staff page: the printed letter's own markup, gaps marked, headings from h2."""
    return _render(facts, shell="fragment.html", level=2, preview=True)


def reading_page(facts: LetterFacts) -> str:
    """The letter's article for the applicant's page in the portal, headings from h2. Raises Incomplete."""
    return _render(facts, shell="fragment.html", level=2, preview=False)


def missing_in(facts: LetterFacts) -> tuple[Missing, ...]:
    """Everything the letter still lacks: the live list beside the preview."""
    return _written(facts, shell="fragment.html", level=2)[1]


@functools.cache
def template_version(kind: LetterKind, language: Language) -> str:
    """The version of everything a letter of this kind is made from but its facts: twelve hexadecimal digits."""
    shared = [TEMPLATES / name for name in ("article.html", "document.html", "fragment.html", "parts.html")]
    own = [TEMPLATES / folder / f"{language}.html" for folder in (kind.value, "statements", "words")]
    grounds = sorted(TEMPLATES.glob(f"paragraphs/*/{language}.html"))
    appeals = sorted(TEMPLATES.glob(f"appeal/*/{language}.html"))
    digest = hashlib.sha256()
    for path in (*shared, *own, *grounds, *appeals, *STYLES):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _render(facts: LetterFacts, *, shell: str, level: int, preview: bool) -> str:
    html, lacking = _written(facts, shell=shell, level=level)
    if lacking and not preview:
        raise Incomplete(lacking)
    return html


def _written(facts: LetterFacts, *, shell: str, level: int) -> tuple[str, tuple[Missing, ...]]:
    """The letter with its gaps marked, and the gaps."""
    lacking = list(lacks(facts))
    size = _address_size(facts.recipient)
    if size is None:
        lacking.append(Missing("address_rows", "recipient", "address"))
    template = _environment().get_template(f"{facts.kind}/{facts.language}.html")
    html = template.render(
        f=facts,
        reg=facts.register,
        lang=facts.language.value,
        ask=facts.ask or _NO_ASK,
        lifting=facts.lifting or _NO_LIFTING,
        fee=facts.fee or _NO_FEE,
        visit=facts.visit or _NO_VISIT,
        visit_times=[helsinki(time) for time in facts.visit.times] if facts.visit else [],
        attendance=facts.attendance or _NO_ATTENDANCE,
        closing=facts.closing or _NO_CLOSING,
        codes=statements(facts),
        sheet=sheet(facts),
        received=helsinki(facts.received_at),
        identified=helsinki(facts.identified_at) if facts.identified_at and facts.is_decision else None,
        public=facts.register.controller.sector.public,
        need=_need(facts.language, lacking),
        ground_of=_ground_of,
        granted_words="; ".join(item.what for item in facts.granted),
        erased_words="; ".join(facts.erased or (item.what for item in facts.granted)),
        legal_bases=sorted({basis.value for purpose in facts.register.purposes for basis in purpose.bases}),
        omitted=[(f"{cut.call} {_minutes(cut.begin)}".lstrip(), _minutes(cut.end)) for cut in facts.omissions],
        omitted_seconds=sum(cut.end - cut.begin for cut in facts.omissions),
        omitted_grounds=_omitted_grounds(facts.omissions, facts),
        qr=_qr,
        decisive=_decisive(facts),
        footer=_footer(facts.register, facts.language),
        address_size=size if size is not None else _ADDRESS_SIZES[-1][0],
        shell=shell,
        level=level,
    )
    lacking.extend(_unprintable(facts, html))
    return html, tuple(dict.fromkeys(lacking))


def _unprintable(facts: LetterFacts, html: str) -> tuple[Missing, ...]:
    """Characters without a glyph stop a letter, save the acknowledgement, which goes at once whatever the name
    (Act 13/2003 s. 12)."""
    if facts.kind is LetterKind.ACK or not unprintable(html):
        return ()
    return (Missing("unprintable", "recipient" if unprintable("".join(facts.recipient)) else "text", "-"),)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    environment.filters.update(
        local=lambda value: helsinki(value) if isinstance(value, datetime) else value,
        day=lambda value: format_date(value) if hasattr(value, "day") else value,
        clock=format_time,
        clause=_clause,
        prose=_prose,
        tied=lambda value: str(value).replace(" ", _NBSP),
        cite=_cite,
        inner=_inner,
        euros=_euros,
        duration=lambda value: f"{value}{_NBSP}min" if isinstance(value, int) else value,
        sentence=lambda value: value[:1].upper() + value[1:],
    )
    return environment


def _need(language: Language, lacking: list[Missing]) -> Callable[[Any, str], Any]:
    """A template's way to say that a value must be there: it returns the value, or the mark of its absence."""

    def need(value: Any, field: str) -> Any:
        if value and str(value).strip():
            return value
        if not any(each.field == field for each in lacking):
            lacking.append(Missing("empty", field, "-"))
        return Markup('<mark class="missing">{}</mark>').format(_MISSING[language])

    return need


def _ground_of(item: ItemDecision) -> Ground | None:
    return GROUNDS.get(item.reasons.ground) if item.reasons else None


def _cite(value: Any) -> Any:
    """A provision whose numbers do not part from their words at the end of a line."""
    return value if isinstance(value, Markup) else _NUMBER_GAP.sub(_NBSP, value)


def _inner(text: str) -> str:
    """An item of a list inside a sentence: a small first letter, unless the word is an abbreviation (IP address)."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _clause(value: Any) -> Any:
    """Staff's words inside a sentence: one line, without the full stop that the sentence brings itself."""
    return value if isinstance(value, Markup) else " ".join(_capped(value).split()).rstrip(".")


def _prose(value: Any) -> Any:
    """Staff's words as paragraphs; the template opens the first, closes the last and ends it with a full stop."""
    if isinstance(value, Markup):
        return value
    lines = [" ".join(line.split()) for line in _capped(value).splitlines()]
    return Markup("</p>\n<p>").join(escape(line) for line in lines if line).rstrip(".")


def _capped(value: Any) -> str:
    text = str(value)
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"a letter's text may hold {_LONGEST_TEXT} characters, not {len(text)}")
    return text


def _euros(value: Any) -> Any:
    """Cents as money: 1250 is 12,50 EUR in all three languages."""
    return f"{value // 100},{value % 100:02}{_NBSP}EUR" if isinstance(value, int) else value


def _qr(url: str, alternative: str) -> Markup:
    """The address as a QR code, drawn in the letter itself; `alternative` is what a screen reader says."""
    drawn = segno.make_qr(url, error="m", mask=_MASK).svg_inline(
        border=2, title=alternative, omitsize=True, svgclass="letter-qr"
    )
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))


def _minutes(seconds: int) -> str:
    return f"{seconds // 60}.{seconds % 60:02}"


def _omitted_grounds(omissions: tuple[Omission, ...], facts: LetterFacts) -> str:
    codes = dict.fromkeys(cut.ground for cut in omissions)
    return "; ".join(GROUNDS[code].provision_for(facts.right)[facts.language] for code in codes)


def _decisive(facts: LetterFacts) -> str:
    if facts.language is not Language.EN or not facts.register.controller.sector.public:
        return ""
    return _DECISIVE[Language.SV in facts.register.required_languages]


def _footer(register: Register, language: Language) -> str:
    """The sender's contact lines: name and post address; telephone, e-mail and business id."""
    controller = register.controller
    id_word = Words("Y-tunnus", "FO-nummer", "Business ID")[language]
    reach = (
        register.contact.phone,
        register.contact.email,
        f"{id_word} {controller.business_id}" if controller.business_id else None,
    )
    return f"{controller.name[language]} · {', '.join(controller.address)}\n{' · '.join(filter(None, reach))}"


def _address_size(rows: tuple[str, ...]) -> str | None:
    """The class that fits the address into the window; None when no readable size does."""
    for name, letters, most in _ADDRESS_SIZES:
        if sum(math.ceil(len(row) / letters) for row in rows) <= most:
            return name
    return None
