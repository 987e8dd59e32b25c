"""Nothing personal stands in clear in the database, and a sealed value opens only where it belongs."""

from itertools import pairwise

import pytest
from cryptography.exceptions import InvalidTag

from portal.domain.case import Address, Wishes
from portal.domain.rights import Right
from portal.services import acknowledge, drafts, send_message, sign_in
from portal.services.office import Office
from portal.services.ports import Session
from portal.store.crypto import Box, Cipher, name_words
from portal.store.tables import metadata
from tests import make
from tests.store.raw import Raw

KEY = bytes(range(32))
SECRETS = (
    "Tuulikki", "Soittola", "tuulikki", "soittola", "401234567", "0401234567", "131052-902N", "902N", "1952-10-13",
    "Kanelipulla", "Esimerkkikuja", "Oikaisulause", "A. Agentti", "Luonnosteksti", "Istuntoteksti",
)  # fmt: skip


class Keys:
    """Two controllers' keys, told apart by their names."""

    current = 1

    def controller_key(self, controller: str, purpose: str, generation: int | None = None) -> bytes:
        return f"{controller}{purpose}{generation or 1}".encode().ljust(32, b"0")[:32]


def test_a_sealed_value_opens_in_its_place() -> None:
    box = Box(KEY)
    assert box.open(box.seal(b"name", "cases.label|1"), "cases.label|1") == b"name"


@pytest.mark.parametrize("where", ["cases.label|2", "cases.body|1", "person.sealed|1", "cases.label|", ""])
def test_a_value_moved_to_another_row_or_column_is_refused(where: str) -> None:
    box = Box(KEY)
    with pytest.raises(InvalidTag):
        box.open(box.seal(b"name", "cases.label|1"), where)


def test_a_value_moved_to_another_controller_is_refused() -> None:
    cipher = Cipher(Keys())
    sealed = cipher.field("espoo").seal_json("name", "recording.sealed|1")
    assert cipher.open_field("espoo", sealed, "recording.sealed|1") == "name"
    with pytest.raises(InvalidTag):
        cipher.open_field("janakkala", sealed, "recording.sealed|1")


def test_a_data_key_wrapped_for_one_case_opens_no_other() -> None:
    cipher = Cipher(Keys())
    wrapped, _box = cipher.new_data_key("espoo", "case-1")
    for controller, owner in (("espoo", "case-2"), ("janakkala", "case-1")):
        with pytest.raises(InvalidTag):
            cipher.data_box(controller, owner, wrapped)


@pytest.mark.parametrize("at", [0, 1, 5, 20, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    box = Box(KEY)
    sealed = bytearray(box.seal(b"name", "x"))
    sealed[at] ^= 1
    with pytest.raises((InvalidTag, ValueError)):
        box.open(bytes(sealed), "x")


def test_the_same_value_is_never_sealed_alike_twice() -> None:
    box = Box(KEY)
    assert all(a != b for a, b in pairwise(box.seal(b"name", "x") for _ in range(20)))


def test_tokens_of_one_value_differ_between_controllers_and_kinds() -> None:
    cipher = Cipher(Keys())
    tokens = {cipher.token(c, k, "soittola") for c in ("espoo", "janakkala") for k in ("name", "number")}
    assert len(tokens) == 4


def test_a_names_words_are_folded() -> None:
    assert name_words("Mäkinen-Öhman  Åke") == {"makinen", "ohman", "ake"}
    assert name_words("Straße") == {"strasse"}


def everything(raw: Raw) -> str:
    """Every value of every table as one text: strings as they are, bytes as Latin letters and as hex."""
    parts = []
    for table in metadata.sorted_tables:
        for row in raw(f"SELECT * FROM {table.name}"):
            for value in row:
                if isinstance(value, bytes | memoryview):
                    parts += [bytes(value).decode("utf-8", "ignore"), bytes(value).hex()]
                else:
                    parts.append(str(value))
    return "\n".join(parts)


def test_nothing_personal_stands_in_clear_in_any_table(office: Office, raw: Raw) -> None:
    make.recorded(office, make.segment())
    request = make.request(
        Right.RECTIFICATION,
        wishes=Wishes(wrong="Kanelipulla", correct="Oikaisulause"),
        address=Address("Esimerkkikuja 4", "02100", "Espoo"),
    )
    filed = make.filed(office, request)
    send_message.send_message(office, make.citizen(filed), filed.ref, "Kanelipulla 040 1234567")
    drafts.save_draft(office, "owner", "espoo", {"text": "Luonnosteksti", "number": "+358401234567"})
    kept = sign_in._kept(make.identified())
    sign_in.start_anonymous(office, "citizen", {"identity": kept, "text": "Istuntoteksti"})
    case_id = raw("SELECT id FROM cases")[0].id
    acknowledge.acknowledge(office, case_id)
    with office.writing() as work:
        session = Session("k", "citizen", None, office.now(), office.now(), office.now(), None)
        work.sessions.keep_pending(session.key, "state", {"code": "131052-902N"}, office.now())
        recording = work.recordings.candidates(case_id)[0].recording
        work.recordings.attach(recording, case_id, "espoo", "Oikaisulause", office.now())
    dump = everything(raw)
    assert filed.ref in dump
    for secret in SECRETS:
        assert secret not in dump, secret
        assert secret.encode().hex() not in dump, secret


def test_what_is_sealed_is_read_back_whole(office: Office) -> None:
    filed = make.filed(office)
    with office.reading() as work:
        case = work.cases.open(filed.ref, make.citizen(filed))
    assert case.applicant.name == "Tuulikki Soittola"
    assert case.calls == (make.call(),)


def test_a_cases_body_put_into_another_cases_row_does_not_open(office: Office, raw: Raw) -> None:
    first, second = make.filed(office), make.filed(office)
    raw(
        "UPDATE cases SET body = (SELECT body FROM cases WHERE ref = :a),"
        " data_key = (SELECT data_key FROM cases WHERE ref = :a) WHERE ref = :b",
        a=first.ref,
        b=second.ref,
    )
    with office.reading() as work, pytest.raises(InvalidTag):
        work.cases.open(second.ref, make.citizen(second))
