"""From a letter's HTML to a tagged PDF/A-3a that declares PDF/UA-1, the same bytes every time (Act 306/2019).

Rendering is sealed: WeasyPrint may read the four fonts of the letter and nothing else, neither file nor network.
"""

import functools
import io
import re
from datetime import datetime
from html import escape
from pathlib import PurePath
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from portal.adapters.letters.render import PROJECT, STYLES
from portal.domain.register import Register
from portal.domain.words import Language

FONTS = (
    "source-sans-3-latin-400-normal.woff2",
    "source-sans-3-latin-700-normal.woff2",
    "source-sans-3-latin-ext-400-normal.woff2",
    "source-sans-3-latin-ext-700-normal.woff2",
)
_TYPES = {".woff2": "font/woff2"}
_MARKED = re.compile(rb"/\w+\s+<</MCID (\d+)>>\s+BDC")
_POINT = 0.75
"""Points to a CSS pixel."""

_TAGS = {Language.FI: "fi-FI", Language.SV: "sv-FI", Language.EN: "en"}

# PDF/UA-1 and, because its namespace is not one of PDF/A's own, the description that PDF/A-3 asks for.
_PDF_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>PDF/UA part</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""


class SealedFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Only `asset:NAME` from a fixed set; every other address stops the rendering."""

    def __init__(self, assets: dict[str, bytes]) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False, fail_on_errors=True, timeout=1)
        self._assets = assets

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The asset of that name. Raises ValueError, which WeasyPrint turns into a fatal error, for all else."""
        name = url.removeprefix("asset:")
        if name == url or name not in self._assets:
            raise ValueError("blocked " + url[:80])
        return URLFetcherResponse(url, self._assets[name], {"Content-Type": _TYPES[PurePath(name).suffix]})


def write_pdf(html: str, register: Register, language: Language, created: datetime) -> bytes:
    """The letter as PDF/A-3a, tagged for PDF/UA-1. `created` is an aware instant and the only time in the file:
    the same HTML and instant give the same bytes."""
    stamp = created.isoformat(timespec="seconds")
    head = (
        f'<meta name="dcterms.created" content="{stamp}"><meta name="dcterms.modified" content="{stamp}">'
        f'<meta name="keywords" content="{escape(register.id)}">'
    )
    page = HTML(string=html.replace("<head>", f"<head>{head}", 1), url_fetcher=SealedFetcher({}), base_url="asset:")
    fonts, sheets = _sheets()
    options = {"pdf_variant": "pdf/a-3a", "pdf_tags": True, "uncompressed_pdf": True}  # `finish` compresses, once
    raw = page.write_pdf(stylesheets=sheets, font_config=fonts, **options)
    return finish(raw, _TAGS[language])


@functools.cache
def _sheets() -> tuple[FontConfiguration, list[CSS]]:
    """The letter's fonts and styles, read once a process; they are the same for every controller and language."""
    fonts = FontConfiguration()
    folder = PROJECT / "static" / "fonts"
    fetcher = SealedFetcher({name: (folder / name).read_bytes() for name in FONTS})
    sheets = [
        CSS(string=path.read_text("utf-8"), font_config=fonts, url_fetcher=fetcher, base_url="asset:")
        for path in STYLES
    ]
    return fonts, sheets


def finish(pdf: bytes, language_tag: str) -> bytes:
    """What WeasyPrint leaves open: every TH gets its Scope, running heads and footers become artifacts, the title
    shows, the language is named, and PDF/UA-1 is declared in the one rdf:RDF of the XMP packet."""
    document = pikepdf.open(io.BytesIO(pdf))
    reached: set[tuple[int, int]] = set()
    _walk_tags(document.Root.StructTreeRoot.K, reached, float(document.pages[0].MediaBox[3]))
    _make_artifacts(document, reached)
    document.Root.Lang = pikepdf.String(language_tag)
    document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    packet = document.Root.Metadata.read_bytes()
    if packet.count(b"</rdf:RDF>") != 1:
        raise ValueError("the XMP packet must hold exactly one rdf:RDF")
    document.Root.Metadata.write(packet.replace(b"</rdf:RDF>", _PDF_UA))
    out = io.BytesIO()
    document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _walk_tags(node: Any, reached: set[tuple[int, int]], height: float, section: str = "") -> None:
    """Scopes the table heads, puts figures where they are (WeasyPrint counts pixels from the top, PDF points from the
    foot) and notes every structure element that hangs in the tree."""
    if isinstance(node, Array):
        for child in node:
            _walk_tags(child, reached, height, section)
    elif isinstance(node, Dictionary) and (kind := node.get("/S")) is not None:
        reached.add(node.objgen)
        name = str(kind)
        if name in ("/THead", "/TBody"):
            section = name
        elif name == "/TH":
            attributes = node.get("/A", Dictionary(O=Name.Table))
            attributes.Scope = Name.Column if section == "/THead" else Name.Row
            node.A = attributes
        elif name == "/Figure":
            left, top, right, bottom = (float(edge) * _POINT for edge in node.A.BBox)
            node.A.BBox = Array([left, height - bottom, right, height - top])
        if (below := node.get("/K")) is not None:
            _walk_tags(below, reached, height, section)


def _make_artifacts(document: pikepdf.Pdf, reached: set[tuple[int, int]]) -> None:
    """Margin boxes come as marked content whose elements hang in no tree: neither text nor artifact (7.1)."""
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    parents = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
    for page in document.pages:
        owners = parents[int(page.obj.StructParents)]
        loose = {at for at, owner in enumerate(owners) if getattr(owner, "objgen", None) not in reached}
        for at in loose:
            owners[at] = None
        page.Contents.write(_MARKED.sub(functools.partial(_artifact, loose), page.Contents.read_bytes()))


def _artifact(loose: set[int], mark: re.Match[bytes]) -> bytes:
    return b"/Artifact\n<</Type /Pagination>>\nBDC" if int(mark[1]) in loose else mark[0]
