"""Freeze a letter: render it once, keep the exact bytes in the vault, write its hash into the case."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import uuid4

from portal.domain import events
from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.letters import LetterFacts
from portal.services.office import Office
from portal.services.ports import Document, Work, WrittenLetter
from portal.services.step import record


@dataclass(frozen=True)
class Frozen:
    """A letter in the vault, not yet in the case."""

    letter: WrittenLetter
    facts: LetterFacts
    vault_object: str
    sha256: str
    at: datetime


@contextmanager
def frozen(office: Office, register: str, facts: LetterFacts) -> Iterator[Frozen]:
    """Render and store a letter outside any unit of work; if the block fails, its bytes are removed again."""
    now = office.now()
    letter = office.letters.write(facts, now)
    vault_object = uuid4().hex
    office.vault.put(register, vault_object, BytesIO(letter.pdf))
    try:
        yield Frozen(letter, facts, vault_object, hashlib.sha256(letter.pdf).hexdigest(), now)
    except BaseException:
        office.vault.delete(register, vault_object)
        raise


def issue(office: Office, work: Work, case: Case, letter: Frozen, actor: Actor) -> Case:
    """Put a frozen letter into its case, in the open unit."""
    facts = letter.facts
    document = Document(
        id=uuid4().hex,
        kind=facts.kind.value,
        language=facts.language.value,
        sha256=letter.sha256,
        size=len(letter.letter.pdf),
        template=letter.letter.template,
        vault_object=letter.vault_object,
        issued_at=letter.at,
        posted_on=None,
    )
    event = events.LetterIssued(document.id, document.kind, document.language, document.sha256, document.template)
    case = record(office, work, case, event, actor)
    work.documents.add(case.id, document, letter.letter.html, work.cases.box(case))
    return case
