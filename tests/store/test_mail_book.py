"""Letters on their way and their batches, on both databases."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from portal.domain.case import Address, Wishes
from portal.domain.rights import Right
from portal.services.acknowledge import acknowledge
from portal.services.office import Office
from portal.services.ports import Absent, BatchItem, Mail, PrintBatch
from tests import make
from tests.store.raw import Raw

HOME = Address("Esimerkkikatu 12", "02999", "Mallila")


@pytest.fixture
def mail(office: Office, raw: Raw) -> Mail:
    """An acknowledgement that waits for the post."""
    make.filed(office, make.request(Right.ACCESS, wishes=Wishes(by_post=True), address=HOME))
    acknowledge(office, raw("SELECT id FROM cases")[0].id)
    with office.reading() as work:
        return work.mail.to_post("espoo")[0]


def a_batch(office: Office, mail: Mail, number: int = 1) -> PrintBatch:
    batch = PrintBatch(uuid4().hex, "espoo", number, office.now(), "clerk", 1, 4, "object", "0" * 64, 9)
    item = BatchItem(1, mail.document.id, mail.case_id, mail.ref, mail.document.code, 1, cover=False)
    with office.writing() as work:
        work.mail.add_batch(batch, [item])
    return batch


def test_a_letter_waits_in_its_own_register_with_the_rows_it_was_printed_with(office: Office, mail: Mail) -> None:
    with office.writing() as work:
        assert work.mail.to_post("espoo", only=[mail.document.id]) == (mail,)
        assert work.mail.to_post("janakkala") == ()
        assert work.mail.rows(mail) == ("Tuulikki Soittola", "Esimerkkikatu 12", "02999 MALLILA")


def test_the_printed_rows_are_sealed(mail: Mail, raw: Raw) -> None:
    assert b"Esimerkkikatu" not in bytes(raw("SELECT recipient FROM document")[0].recipient)


def test_two_letters_cannot_have_one_code(mail: Mail, raw: Raw) -> None:
    columns = "case_id, kind, language, sha256, size, template, vault_object, html, issued_at, code"
    copy = f"INSERT INTO document (id, {columns}) SELECT 'another', {columns} FROM document"
    with pytest.raises(IntegrityError):
        raw(copy)


def test_a_letter_is_found_by_its_code_and_by_the_hash_of_its_bytes(office: Office, mail: Mail) -> None:
    with office.reading() as work:
        assert work.mail.of_code(mail.document.code or "") == mail
        assert work.mail.of_sha256(mail.document.sha256) == mail
        assert work.mail.of_code("2222-2222-7") is None


def test_an_open_batch_takes_its_letters_from_those_that_wait(office: Office, mail: Mail) -> None:
    batch = a_batch(office, mail)
    with office.reading() as work:
        assert work.mail.to_post("espoo") == ()
        assert work.mail.open_batch_of(mail.case_id) == 1
        assert (work.mail.batch("espoo", 1), work.mail.next_number("espoo")) == (batch, 2)
    with office.writing() as work:
        work.mail.batch_dropped(batch.id, office.now())
    with office.reading() as work:
        assert work.mail.to_post("espoo") == (mail,)
        assert work.mail.open_batch_of(mail.case_id) is None


def test_a_returned_letter_is_unposted_until_it_is_posted_again(office: Office, mail: Mail) -> None:
    with office.writing() as work:
        work.documents.posted(mail.document.id, date(2026, 6, 1))
        work.mail.returned(mail.document.id, date(2026, 6, 9))
        (back,) = work.mail.to_post("espoo")
        assert (back.document.posted_on, back.document.returned_on) == (None, date(2026, 6, 9))
        work.documents.posted(mail.document.id, date(2026, 6, 12))
        assert work.mail.to_post("espoo", every=True) == ()
        assert work.documents.of_case(mail.case_id)[0].returned_on is None


def test_batch_numbers_are_the_registers_own_and_used_once(office: Office, mail: Mail) -> None:
    a_batch(office, mail)
    with pytest.raises(IntegrityError):
        a_batch(office, mail)
    with office.reading() as work:
        assert work.mail.next_number("janakkala") == 1
        with pytest.raises(Absent):
            work.mail.batch("janakkala", 1)


def test_a_batch_ends_posted_or_dropped_and_not_both(office: Office, mail: Mail) -> None:
    batch = a_batch(office, mail)
    with office.writing() as work:
        work.mail.batch_posted(batch.id, date(2026, 6, 1))
    with pytest.raises(IntegrityError), office.writing() as work:
        work.mail.batch_dropped(batch.id, office.now())
