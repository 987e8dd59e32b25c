"""The PDF is archivable and accessible: PDF/A-3a, tagged, declared PDF/UA-1, and the same bytes every time."""

import io
import itertools
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from portal.adapters.letters.weasy import write_pdf
from portal.domain.decisions import LetterKind
from portal.domain.register import Sector
from portal.domain.words import Language
from tests.letters.make_register import make_letter
from tests.letters.printed import CREATED, print_letter, printed, words

SAMPLES = [
    (LetterKind.ACK, Language.FI, Sector.MUNICIPAL, "fi-FI"),
    (LetterKind.PART, Language.SV, Sector.STATE, "sv-FI"),
    (LetterKind.REFUSE, Language.EN, Sector.PRIVATE, "en"),
]


@pytest.fixture(params=SAMPLES, ids=lambda sample: f"{sample[0]}-{sample[1]}")
def sample(request: pytest.FixtureRequest) -> tuple[pikepdf.Pdf, str, str]:
    """An opened letter, its XMP packet and the language tag that it must carry."""
    kind, language, sector, tag = request.param
    document = pikepdf.open(io.BytesIO(printed(kind, language, sector).pdf))
    return document, document.Root.Metadata.read_bytes().decode(), tag


def _elements(node: Any) -> Iterator[Any]:
    if isinstance(node, Array):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, Dictionary) and "/S" in node:
        yield node
        yield from _elements(node.get("/K", Array()))


def test_it_declares_archive_level_3a_and_universal_access(sample: tuple[pikepdf.Pdf, str, str]) -> None:
    document, packet, tag = sample
    for line in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part"):
        assert line in packet
    assert packet.count("</rdf:RDF>") == 1
    assert ">3<" in packet or 'part="3"' in packet
    assert document.Root.OutputIntents[0].S == Name.GTS_PDFA1
    assert document.Root.MarkInfo.Marked
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert str(document.Root.Lang) == tag


def test_it_has_a_title_and_neither_script_nor_encryption_nor_files(sample: tuple[pikepdf.Pdf, str, str]) -> None:
    document, packet, _ = sample
    assert "R-2026-00412" in str(document.docinfo.Title)
    assert "dc:title" in packet
    assert not document.is_encrypted
    assert "/OpenAction" not in document.Root
    assert "/AA" not in document.Root
    assert "/AcroForm" not in document.Root
    names = document.Root.get("/Names", Dictionary())
    assert "/JavaScript" not in names
    assert "/EmbeddedFiles" not in names


def test_every_font_is_embedded_with_its_letters(sample: tuple[pikepdf.Pdf, str, str]) -> None:
    fonts = {str(font.BaseFont): font for page in sample[0].pages for font in page.Resources.Font.values()}
    assert fonts
    for name, font in fonts.items():
        assert "Kuuluu" in name or "Source" in name
        assert "/ToUnicode" in font
        assert any(key in font.DescendantFonts[0].FontDescriptor for key in ("/FontFile2", "/FontFile3"))


def test_headings_descend_without_gaps_and_row_heads_have_scope(sample: tuple[pikepdf.Pdf, str, str]) -> None:
    elements = list(_elements(sample[0].Root.StructTreeRoot.K))
    levels = [int(str(each.S)[2]) for each in elements if str(each.S) in ("/H1", "/H2", "/H3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    heads = [each for each in elements if each.S == Name.TH]
    assert heads
    assert all(head.A.Scope == Name.Row for head in heads)


def test_running_heads_and_footers_are_artifacts_and_all_other_text_hangs_in_the_tree(
    sample: tuple[pikepdf.Pdf, str, str],
) -> None:
    document = sample[0]
    hanging = {each.objgen for each in _elements(document.Root.StructTreeRoot.K)}
    numbers = document.Root.StructTreeRoot.ParentTree.Nums
    parents = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
    for page in document.pages:
        owners = parents[int(page.obj.StructParents)]
        running = 0
        marks = [each.operands for each in pikepdf.parse_content_stream(page) if str(each.operator) == "BDC"]
        for tag, properties in marks:
            if "/MCID" in properties:
                assert owners[int(properties.MCID)].objgen in hanging
            running += tag == Name.Artifact
        assert running >= 2  # the page number and the contact line


def test_the_same_letter_gives_the_same_bytes() -> None:
    letter = printed(LetterKind.REFUSE, Language.FI, Sector.MUNICIPAL)
    assert write_pdf(letter.html, letter.facts.register, Language.FI, CREATED) == letter.pdf


def test_the_first_page_shows_its_number_and_later_pages_the_case_number() -> None:
    document = printed(LetterKind.REFUSE, Language.FI, Sector.MUNICIPAL)
    found = words(document.pdf)
    pages = max(word.page for word in found)
    assert pages >= 2
    assert any(word.page == 1 and word.text == f"({pages})" and word.top < 20 for word in found)
    assert any(word.page == 2 and word.text == "R-2026-00412" and word.top < 20 for word in found)
    assert not any(
        word.page == 1 and word.text == "R-2026-00412" and word.left < 122 and word.top < 84 for word in found
    )


def test_the_letters_code_stands_at_the_foot_of_the_first_page_with_a_described_qr() -> None:
    letter = printed(LetterKind.REFUSE, Language.SV, Sector.MUNICIPAL)
    code = [word for word in words(letter.pdf) if word.text == "K7Q2-9FXM-3"]
    assert [word.page for word in code] == [1]
    assert 140 < code[0].left < code[0].right < 176.5
    assert 272 < code[0].top < code[0].bottom < 291
    document = pikepdf.open(io.BytesIO(letter.pdf))
    figures = [each for each in _elements(document.Root.StructTreeRoot.K) if Name.Figure == each.S]
    assert [str(each.Alt) for each in figures] == [
        "Brevets äkthet kan kontrolleras på adressen https://asiointi.kuuluu.example/sv/letter?code=K7Q2-9FXM-3"
    ]
    left, bottom, right, top = (float(edge) * 25.4 / 72 for edge in figures[0].A.BBox)
    assert 175 < left < right < 190.5  # millimetres from the left and the foot of the sheet: no printer cuts it
    assert 6 < bottom < top < 21


def test_a_letter_without_a_code_has_none() -> None:
    letter = print_letter(make_letter(LetterKind.ACK, code=None, verify_url=None))
    assert "letter-code" not in letter.html
    assert "Kirjeen tunnus" not in " ".join(word.text for word in words(letter.pdf))
