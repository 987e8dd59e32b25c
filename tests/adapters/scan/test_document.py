"""Documents that show a right to act: the bytes answer, whatever the sender says."""

from collections.abc import Mapping
from io import BytesIO

import pikepdf
import pytest

from portal.adapters.scan.document import MOST_PAGES, check_document
from portal.services.ports import FileFault, FileForm

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + bytes(64) + b"\xff\xd9"


def a_pdf(pages: int = 1, password: str = "", root: Mapping[str, pikepdf.Object] | None = None) -> bytes:
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        for name, value in (root or {}).items():
            document.Root[f"/{name}"] = value
        made = BytesIO()
        if password:
            document.save(made, encryption=pikepdf.Encryption(owner="o", user=password))
        else:
            document.save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "form"), [(a_pdf(), FileForm.PDF), (PNG, FileForm.PNG), (JPEG, FileForm.JPEG), (a_pdf(3), FileForm.PDF)]
)
def test_a_pdf_a_jpeg_and_a_png_are_taken(data: bytes, form: FileForm) -> None:
    assert check_document(data) is form


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<html><script>alert(1)</script></html>",
        b"PK\x03\x04" + bytes(100),
        b"MZ" + bytes(200),
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(50),
        b"<html>" + a_pdf(),
        b"\n\n" + PNG,
    ],
    ids=["empty", "text", "html", "zip", "program", "svg", "gif", "html before pdf", "blank before png"],
)
def test_nothing_else_is_taken_whatever_it_says_of_itself(data: bytes) -> None:
    assert check_document(data) is FileFault.KIND


def test_a_locked_pdf_is_told_from_a_broken_one() -> None:
    assert check_document(a_pdf(password="salaisuus")) is FileFault.LOCKED
    assert check_document(a_pdf()[:60]) is FileFault.UNSAFE
    assert check_document(b"%PDF-1.7\n" + bytes(5000)) is FileFault.UNSAFE


def test_a_pdf_that_does_something_by_itself_is_not_taken() -> None:
    script = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")
    files = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary())
    for root in ({"OpenAction": script}, {"AA": pikepdf.Dictionary(WC=script)}, {"Names": files}):
        assert check_document(a_pdf(root=root)) is FileFault.UNSAFE
    assert check_document(a_pdf(root={"OpenAction": pikepdf.Array([0, pikepdf.Name("/Fit")])})) is FileForm.PDF


def test_a_pdf_without_pages_or_with_far_too_many_is_not_taken() -> None:
    assert check_document(a_pdf(0)) is FileFault.UNSAFE
    assert check_document(a_pdf(MOST_PAGES + 1)) is FileFault.UNSAFE


@pytest.mark.parametrize("data", [PNG[:-12], JPEG[:-10]])
def test_half_a_picture_is_not_taken(data: bytes) -> None:
    assert check_document(data) is FileFault.UNSAFE
