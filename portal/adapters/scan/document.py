"""Is this a document that we take: a PDF, JPEG or PNG that opens? The bytes answer; the file's name is never asked.

What a document shows is for a person to see. What could act instead of being read is refused: a PDF that runs
something when it is opened, or that carries other files.
"""

from io import BytesIO
from typing import Any

import magic
import pikepdf

from portal.services.ports import FileFault, FileForm

HEAD_BYTES = 4096
MOST_PAGES = 200
_FORMS = {"application/pdf": FileForm.PDF, "image/jpeg": FileForm.JPEG, "image/png": FileForm.PNG}
_BEGINS = {FileForm.PDF: b"%PDF-", FileForm.JPEG: b"\xff\xd8\xff", FileForm.PNG: b"\x89PNG\r\n\x1a\n"}


def check_document(data: bytes) -> FileForm | FileFault:
    """The form of a document, or why it is not taken: no such kind, locked by a password, or unsafe."""
    form = _FORMS.get(magic.from_buffer(data[:HEAD_BYTES], mime=True)) if data else None
    if form is None or not data.startswith(_BEGINS[form]):
        return FileFault.KIND
    if form is FileForm.PDF:
        return _pdf(data) or form
    ends = data.rstrip(b"\x00\r\n ").endswith(b"\xff\xd9") if form is FileForm.JPEG else b"IEND" in data[-64:]
    return form if ends else FileFault.UNSAFE


def _pdf(data: bytes) -> FileFault | None:
    try:
        with pikepdf.open(BytesIO(data)) as document:
            if document.is_encrypted:
                return FileFault.LOCKED
            return None if 0 < len(document.pages) <= MOST_PAGES and not _acts(document.Root) else FileFault.UNSAFE
    except pikepdf.PasswordError:
        return FileFault.LOCKED
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError):
        return FileFault.UNSAFE


def _acts(root: Any) -> bool:
    """Does the document do something by itself, or carry files? An opening view is no action."""
    names = root.get("/Names", {})
    opens = root.get("/OpenAction")
    harmless = opens is None or isinstance(opens, pikepdf.Array) or opens.get("/S") == "/GoTo"
    return not harmless or "/AA" in root or "/JavaScript" in names or "/EmbeddedFiles" in names
