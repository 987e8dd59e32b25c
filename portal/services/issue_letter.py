"""Freeze a letter: render it once, keep the exact bytes in the vault, write its hash into the case."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from uuid import uuid4

from portal.domain import events
from portal.domain.access import Actor
from portal.domain.case import Case
from portal.domain.dispatch import Way
from portal.domain.letter_code import SPACE, letter_code
from portal.domain.letters import LetterFacts
from portal.services.letter_facts import postal_obstacle
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
    facts = replace(facts, code=_new_code(office))
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
        code=facts.code,
        dispatch=_way(office, case),
    )
    event = events.LetterIssued(document.id, document.kind, document.language, document.sha256, document.template)
    case = record(office, work, case, event, actor)
    work.documents.add(case.id, document, letter.letter.html, facts.recipient, work.cases.box(case))
    return case


def _new_code(office: Office) -> str:
    """A code that no letter has."""
    while True:
        code = letter_code(secrets.randbelow(SPACE))
        with office.reading() as work:
            if work.mail.of_code(code) is None:
                return code


def _way(office: Office, case: Case) -> str:
    """How the letter goes: as the case says, unless an obstacle stops the post and somebody must choose."""
    if case.way is Way.POST and postal_obstacle(office, case):
        return "check"
    return case.way.value
