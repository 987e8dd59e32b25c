"""What the mail room prints: a batch bound from frozen letters, its manifest, cover pages and the calibration sheet.

Letters are merged as they were frozen and never rendered again, so a batch of hundreds takes seconds; what is bound
here is a copy for printing, and each case's own frozen letter stays the record.
"""

import functools
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from portal.adapters.letters.render import PROJECT
from portal.adapters.letters.weasy import FONTS, SealedFetcher
from portal.domain.envelope import Envelope, address_size
from portal.domain.moments import format_date, format_time, helsinki
from portal.domain.register import Register
from portal.domain.words import Language
from portal.services.ports import Bound, Sheets

TEMPLATES = PROJECT / "templates" / "print"


def bind(register: Register, language: Language, number: int, made_at: datetime, sheets: Iterable[Sheets]) -> Bound:
    """One file: the manifest, then each letter on front sides of its own. The same input gives the same bytes."""
    bound, lines = pikepdf.new(), []
    for sheet in sheets:
        parts = [_opened(pdf) for pdf in ([_cover(register, sheet)] if sheet.cover else []) + [sheet.pdf]]
        pages, before = sum(len(part.pages) for part in parts), len(bound.pages)
        for part in parts:
            bound.pages.extend(_from_front(part))
        filled = len(bound.pages) - before
        lines.append(_Line(sheet.ref, sheet.code, pages, filled // 2, cover=bool(sheet.cover)))
    manifest = _print("manifest", language, made_at, reg=register, number=number, lines=lines)
    for at, page in enumerate(_from_front(_opened(manifest))):
        bound.pages.insert(at, page)
    out = io.BytesIO()
    bound.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return Bound(out.getvalue(), len(bound.pages), tuple(line.pages for line in lines))


@dataclass(frozen=True)
class _Line:
    """A line of the manifest."""

    ref: str
    code: str | None
    pages: int
    sheets: int
    cover: bool


def _opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def _from_front(pdf: pikepdf.Pdf) -> Any:
    """The pages, with a blank one after an odd number, and without the marks that lead into the letter's own tree."""
    if len(pdf.pages) % 2:
        width, height = (float(side) for side in list(pdf.pages[0].mediabox)[2:])
        pdf.add_blank_page(page_size=(width, height))
    for page in pdf.pages:
        for key in ("/StructParents", "/Annots", "/Tabs"):
            if key in page.obj:
                del page.obj[key]
    return pdf.pages


def _cover(register: Register, sheet: Sheets) -> bytes:
    return _print("cover", sheet.language, None, code=sheet.code, **_address(register.envelope, sheet.cover))


def _address(envelope: Envelope, rows: tuple[str, ...]) -> dict[str, Any]:
    size = address_size(rows, envelope)
    if size is None:
        raise ValueError("the address does not fit the envelope's window")
    return {"rows": rows, "size": size, "field": envelope.field}


def calibration(register: Register, language: Language) -> bytes:
    """A sheet to fold into the controller's own envelope: what must show, and what must not."""
    envelope = register.envelope
    return _print("calibration", language, None, reg=register, envelope=envelope, sure=envelope.sure,
                  ever=envelope.ever, field=envelope.field)  # fmt: skip


def window_style(envelope: Envelope, rows: tuple[str, ...]) -> str:
    """The rules that move a letter's address into the window of an envelope other than the usual one."""
    size = address_size(rows, envelope)
    if size is None or envelope == Envelope():
        return ""
    field = envelope.field
    return (
        f".letter .letter-recipient {{ margin: {field.top - 44.5:.2f}mm 0 0 {field.left - 20:.2f}mm; "
        f"width: {field.right - field.left:.2f}mm; max-height: {field.bottom - field.top:.2f}mm; "
        f"font-size: {size.points}pt; line-height: {size.row}mm; }}"
    )


def _print(name: str, language: Language, made_at: datetime | None, **values: Any) -> bytes:
    html = (
        _environment()
        .get_template(f"{name}.html")
        .render(lang=language.value, w=WORDS[language], made_at=helsinki(made_at) if made_at else None, **values)
    )
    page = HTML(string=html, url_fetcher=SealedFetcher({}), base_url="asset:")
    fonts, sheet = _sheet()
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    pdf: bytes = page.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_identifier=identifier)
    return pdf


@functools.cache
def _sheet() -> tuple[FontConfiguration, CSS]:
    fonts = FontConfiguration()
    folder: Path = PROJECT / "static" / "fonts"
    fetcher = SealedFetcher({name: (folder / name).read_bytes() for name in FONTS})
    text = (TEMPLATES / "print.css").read_text("utf-8")
    return fonts, CSS(string=text, font_config=fonts, url_fetcher=fetcher, base_url="asset:")


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    environment.filters.update(day=format_date, clock=format_time, mm=lambda value: f"{value:.1f}mm")
    return environment


WORDS: dict[Language, dict[str, str]] = {
    Language.FI: {
        "batch": "Tulostuserä",
        "letters": "kirjettä",
        "sheets": "arkkia",
        "made": "Koottu",
        "order": "Kirjeet ovat pinossa tässä järjestyksessä. Jokainen alkaa arkin etusivulta; tulosta kaksipuolisena.",
        "envelope": "Kuori",
        "place": "Nro",
        "code": "Tunnus",
        "case": "Asia",
        "pages": "Sivuja",
        "sheets_of": "Arkkeja",
        "cover": "saatesivu",
        "calibration": "Ikkunakuoren tarkistusarkki",
        "sure": "Tämän kehyksen on näyttävä kokonaan joka asennossa: osoite painetaan tähän.",
        "ever": "Tämän kehyksen ulkopuolelta ei saa näkyä mitään missään asennossa.",
        "how": "Tulosta 100 prosentin koossa, taita ja sulje kuoreen. Työnnä arkkia kuoressa kaikkiin suuntiin. "
        "Jos sisempi kehys peittyy tai ulomman ulkopuolta näkyy, korjaa rekisteritiedoston mitat.",
        "rule": "Mittajana, 100 mm",
        "window": "Ikkuna",
        "by_cover": "Tällä kuorella jokainen kirje saa eteensä saatesivun, jolla on vain osoite.",
    },
    Language.SV: {
        "batch": "Utskriftsbunt",
        "letters": "brev",
        "sheets": "ark",
        "made": "Sammanställd",
        "order": "Breven ligger i denna ordning. Varje brev börjar på framsidan av ett ark; skriv ut dubbelsidigt.",
        "envelope": "Kuvert",
        "place": "Nr",
        "code": "Kod",
        "case": "Ärende",
        "pages": "Sidor",
        "sheets_of": "Ark",
        "cover": "försättsblad",
        "calibration": "Kontrollark för fönsterkuvert",
        "sure": "Den här ramen ska synas helt i varje läge: här trycks adressen.",
        "ever": "Utanför den här ramen får ingenting synas i något läge.",
        "how": "Skriv ut i 100 procents storlek, vik och stäng i kuvertet. Skjut arket åt alla håll i kuvertet. "
        "Om den inre ramen täcks eller något utanför den yttre syns, rätta måtten i registerfilen.",
        "rule": "Måttstock, 100 mm",
        "window": "Fönster",
        "by_cover": "Med detta kuvert får varje brev ett försättsblad som bara har adressen.",
    },
    Language.EN: {
        "batch": "Print batch",
        "letters": "letters",
        "sheets": "sheets",
        "made": "Made",
        "order": "The letters lie in this order. Each begins on the front of a sheet; print on both sides.",
        "envelope": "Envelope",
        "place": "No",
        "code": "Code",
        "case": "Case",
        "pages": "Pages",
        "sheets_of": "Sheets",
        "cover": "cover page",
        "calibration": "Check sheet for the window envelope",
        "sure": "This frame must show whole in every position: the address is printed here.",
        "ever": "Nothing outside this frame may show in any position.",
        "how": "Print at 100 per cent, fold, and close in the envelope. Push the sheet about in every direction. "
        "If the inner frame is covered or anything outside the outer one shows, correct the register file.",
        "rule": "Rule, 100 mm",
        "window": "Window",
        "by_cover": "With this envelope each letter gets a cover page with the address alone.",
    },
}
