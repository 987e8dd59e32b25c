"""Is this letter genuine? Anyone may ask, with its code or with the file; nothing personal is told.

A file is known by the hash of its bytes alone: one that is not ours is never opened.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.letter_code import read_code
from portal.services.office import HELSINKI, Office
from portal.services.ports import Mail

LARGEST = 10 * 1024 * 1024
"""Bytes of the largest file that is looked at; no letter comes near."""


class Finding(StrEnum):
    """What can be said: the file is the letter, its code is a letter's, or neither is ours."""

    GENUINE = "genuine"
    KNOWN_CODE = "known_code"
    CHANGED = "changed"
    NOT_OURS = "not_ours"


@dataclass(frozen=True)
class Verified:
    """The answer. `register` and `issued_on` for a letter of ours; `kind` and `sealed` only for the whole file, whose
    bytes are those that were issued. `sealed` False: by a certificate that is not known any more."""

    finding: Finding
    register: str = ""
    issued_on: date | None = None
    code: str = ""
    kind: str = ""
    sealed: bool | None = None


def verify_letter(office: Office, code: str, pdf: bytes | None) -> Verified:
    """What is known of this code and, if given, of these bytes."""
    known = read_code(code)
    with office.reading() as work:
        by_file = work.mail.of_sha256(hashlib.sha256(pdf).hexdigest()) if pdf else None
        by_code = work.mail.of_code(known) if known else None
    if pdf and by_file:
        return _told(Finding.GENUINE, by_file, by_file.document.kind, office.letters.seal_holds(pdf))
    if by_code:
        return _told(Finding.CHANGED if pdf else Finding.KNOWN_CODE, by_code)
    return Verified(Finding.NOT_OURS)


def _told(finding: Finding, mail: Mail, kind: str = "", sealed: bool | None = None) -> Verified:
    issued = mail.document.issued_at.astimezone(HELSINKI).date()
    return Verified(finding, mail.register, issued, mail.document.code or "", kind, sealed)
