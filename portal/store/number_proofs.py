"""Codes for numbers, the limits on them, and proofs until the request is sent (see tables_numbers).

A code is kept as a keyed digest alone: six digits without a key are found in a moment. Every try is counted by one
statement before it is compared, so that tries at the same instant cannot share a count.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, func, select, text, update

from portal.domain.number_proof import CODE_LIFE, PROOF_KEPT, TRIES, CodesSent
from portal.services.ports.numbers import CodeFor, TextMessage, Tried
from portal.store.crypto import Cipher
from portal.store.tables import number_code, number_proof, number_sent, number_text

_EVERYBODY = "numbers"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_LOCK = 0x6B75756C
"""Any number that no other lock of the portal has."""


class NumberBook:
    """Codes, their limits and proofs of one unit of work."""

    def __init__(self, connection: Connection, cipher: Cipher) -> None:
        self._db = connection
        self._cipher = cipher

    def one_by_one(self) -> None:
        """Let nobody else count messages until this unit ends. SQLite's writing units are one by one by themselves."""
        if self._db.dialect.name == "postgresql":
            self._db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})

    def sent(self, number: str, person: str, address: str, now: datetime) -> CodesSent:
        """How many messages have gone so far, by number, person, address and in all."""
        of_number = number_sent.c.number == self._limit("number", number)
        of_person = number_sent.c.person == self._limit("person", person)
        of_address = number_sent.c.address == self._limit("address", address)
        hour, day = number_sent.c.at > now - _HOUR, number_sent.c.at > now - _DAY
        others = select(func.count(number_sent.c.number.distinct())).where(of_person, ~of_number, day)
        return CodesSent(
            number_hour=self._count(of_number, hour),
            number_day=self._count(of_number, day),
            person_day=self._count(of_person, day),
            other_numbers=self._db.scalar(others) or 0,
            address_hour=self._count(of_address, hour),
            total_day=self._count(day),
        )

    def _count(self, *terms: Any) -> int:
        return self._db.scalar(select(func.count()).select_from(number_sent).where(*terms)) or 0

    def note_sent(self, number: str, person: str, address: str, now: datetime) -> None:
        """One message more."""
        self._db.execute(
            number_sent.insert().values(
                id=uuid4().hex, at=now, number=self._limit("number", number), person=self._limit("person", person),
                address=self._limit("address", address),
            )
        )  # fmt: skip

    def keep_code(self, code_for: CodeFor, code: str | None, now: datetime) -> None:
        """A new code over any earlier one; None: one that nothing typed can be."""
        key = self._key(code_for)
        kept = self._code(code_for, code) if code else secrets.token_hex(32)
        self._db.execute(delete(number_code).where(number_code.c.key == key))
        self._db.execute(number_code.insert().values(key=key, code=kept, tries=0, expires_at=now + CODE_LIFE))

    def waits(self, code_for: CodeFor, now: datetime) -> bool:
        """Has a code been asked for that can still be typed?"""
        mine = (number_code.c.key == self._key(code_for), number_code.c.expires_at > now, number_code.c.tries < TRIES)
        return self._db.scalar(select(number_code.c.key).where(*mine)) is not None

    def try_code(self, code_for: CodeFor, typed: str, now: datetime) -> Tried:
        """Count one try and compare; the right code is spent by it."""
        mine = number_code.c.key == self._key(code_for)
        counted = self._db.scalar(
            update(number_code)
            .where(mine, number_code.c.expires_at > now, number_code.c.tries < TRIES)
            .values(tries=number_code.c.tries + 1)
            .returning(number_code.c.code)
        )
        if counted is None:
            live = self._db.scalar(select(number_code.c.key).where(mine, number_code.c.expires_at > now))
            return Tried.SPENT if live else Tried.EXPIRED
        if not hmac.compare_digest(counted, self._code(code_for, typed)):
            return Tried.WRONG
        self._db.execute(delete(number_code).where(mine))
        return Tried.RIGHT

    def keep_text(self, number: str, text: str, now: datetime) -> str:
        """Seal a message until it is sent; returns its id."""
        made = uuid4().hex
        sealed = self._cipher.field(_EVERYBODY).seal_json({"number": number, "text": text}, f"number_text|{made}")
        self._db.execute(number_text.insert().values(id=made, sealed=sealed, made_at=now))
        return made

    def text(self, text_id: str) -> tuple[TextMessage, datetime] | None:
        """A message that waits, and since when."""
        row = self._db.execute(select(number_text).where(number_text.c.id == text_id)).first()
        if row is None:
            return None
        found = self._cipher.open_field(_EVERYBODY, row.sealed, f"number_text|{text_id}")
        return TextMessage(text_id, found["number"], found["text"]), row.made_at

    def drop_text(self, text_id: str) -> None:
        """The message has gone, or never will."""
        self._db.execute(delete(number_text).where(number_text.c.id == text_id))

    def prove(self, register: str, person: str, number: str, now: datetime) -> None:
        """Keep a proof until the request is sent."""
        key = self._proof(register, person, number)
        self._db.execute(delete(number_proof).where(number_proof.c.key == key))
        self._db.execute(number_proof.insert().values(key=key, at=now))

    def proved(self, register: str, person: str, number: str, since: datetime) -> datetime | None:
        """When the person proved the number, if that was after `since`."""
        query = select(number_proof.c.at).where(number_proof.c.key == self._proof(register, person, number))
        return self._db.scalar(query.where(number_proof.c.at > since))

    def sweep(self, now: datetime) -> None:
        """Remove codes that have ended, messages too old to send, counts and proofs of more than a day."""
        self._db.execute(delete(number_code).where(number_code.c.expires_at <= now))
        self._db.execute(delete(number_text).where(number_text.c.made_at <= now - CODE_LIFE))
        self._db.execute(delete(number_sent).where(number_sent.c.at <= now - _DAY))
        self._db.execute(delete(number_proof).where(number_proof.c.at <= now - PROOF_KEPT))

    def _limit(self, kind: str, value: str) -> str:
        """Limits hold over all registers, so their digests have one key."""
        return self._cipher.token(_EVERYBODY, f"limit-{kind}", value)

    def _key(self, code_for: CodeFor) -> str:
        place = f"{code_for.number}|{code_for.person}|{code_for.bound}"
        return self._cipher.token(code_for.register, "code-place", place)

    def _code(self, code_for: CodeFor, code: str) -> str:
        return self._cipher.token(code_for.register, "code", f"{self._key(code_for)}|{code}")

    def _proof(self, register: str, person: str, number: str) -> str:
        return self._cipher.token(register, "number-proof", f"{number}|{person}")
