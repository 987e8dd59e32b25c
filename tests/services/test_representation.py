"""A request for another: the files and what becomes of them, the verdict of staff, and the identity code."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from portal.domain.access import Actor, Forbidden, Role
from portal.domain.identity import Assurance, Identified
from portal.domain.lifecycle import CheckRepresentation, NotNow
from portal.domain.representation import Kind, Mandate, Proof, Representative
from portal.services import attach_document, close_case, sweep
from portal.services.attach_document import LARGEST, MOST_FILES
from portal.services.file_request import Filed
from portal.services.office import Office
from portal.services.ports import Absent, Attachment, FileFault, QueueFilter
from portal.services.representation import acting_view, check
from portal.services.reveal_code import NoReason, reveal_code
from tests import make
from tests.adapters.scan.test_document import JPEG, PNG
from tests.services.walk import Walk, clerk
from tests.store.raw import run

OTHER = Representative(Kind.MANDATE, "Aava Esimerkki", ground="valtakirja")
ALLOW = CheckRepresentation(Mandate.ALLOWED, (Proof.MANDATE,), "valtakirja nimeää molemmat")
CODE = "131052-902N"


def added(here: Office, submission: str, data: bytes = PNG, register: str = "espoo") -> Attachment:
    found = attach_document.attach_document(here, register, submission, BytesIO(data))
    assert isinstance(found, Attachment)
    return found


def filed(here: Office, acting: Representative = OTHER, *files: bytes, register: str = "espoo") -> Walk:
    wanted = make.request(representative=acting)
    for data in files:
        added(here, wanted.submission, data, register)
    make.recorded(here, make.segment(), register=register)
    return Walk(here, make.filed(here, wanted, register=register), register)


def stored(here: Office) -> list[Path]:
    return [one for one in Path(here.scratch.parent, "vault").rglob("*") if one.is_file()]


def files_of(walk: Walk) -> tuple[Attachment, ...]:
    with walk.office.reading() as work:
        return work.attachments.of_case(walk.case.id)


def test_a_decision_for_another_is_signed_only_after_the_verdict(here: Office) -> None:
    case = filed(here, OTHER, PNG).taken().heard().proposed(outcome="granted")
    with pytest.raises(NotNow, match="mandate_unchecked"):
        case.approved()
    check(here, case.handler, case.filed.ref, ALLOW, case.case.moves)
    case.approved().signed()
    assert case.actions.count("representation_checked") == 1
    assert "answer_given" in case.actions


def test_the_letter_goes_to_the_applicant_and_names_for_whom(here: Office) -> None:
    case = filed(here).taken().heard()
    check(here, case.handler, case.filed.ref, ALLOW, case.case.moves)
    case.proposed(outcome="granted").approved().signed()
    with here.reading() as work:
        letter = work.documents.of_case(case.case.id)[-1]
        html = work.documents.html(case.case.id, letter.id, work.cases.box(case.case)) or ""
    assert "Koskee: Aava Esimerkki" in html
    assert '<p class="letter-recipient">Tuulikki Soittola' in html


def test_the_queue_is_searched_by_either_name(here: Office) -> None:
    case = filed(here)
    with here.reading() as work:
        for name in ("Esimerkki", "Soittola"):
            found = work.queue.page("espoo", QueueFilter(words=name), None, 25)
            assert [one.ref for one in found] == [case.filed.ref]


def test_the_files_of_a_sent_request_are_the_cases_and_opening_one_is_recorded(here: Office) -> None:
    case = filed(here, OTHER, PNG, JPEG)
    second, first = sorted(files_of(case), key=lambda one: one.form)
    assert (first.form, second.form) == ("png", "jpeg")
    assert attach_document.open_document(here, case.handler, case.filed.ref, second.id).data == JPEG
    assert case.actions.count("document_attached") == 2
    assert case.actions[-1] == "document_opened"


def test_nobody_else_opens_a_file(here: Office) -> None:
    case, another = filed(here, OTHER, PNG), filed(here, OTHER, JPEG)
    document = files_of(case)[0].id
    with pytest.raises(Absent):
        attach_document.open_document(here, case.handler, another.filed.ref, document)
    with pytest.raises(Forbidden):
        attach_document.open_document(here, case.listener, case.filed.ref, document)
    with pytest.raises(Absent):
        attach_document.open_document(here, clerk("far", Role.HANDLER, register="janakkala"), case.filed.ref, document)
    assert "document_opened" not in case.actions


def test_the_verdict_deletes_the_files_and_keeps_their_type(here: Office) -> None:
    case = filed(here, OTHER, PNG)
    before = len(stored(here))
    check(here, case.handler, case.filed.ref, replace(ALLOW, verdict=Mandate.ASK), case.case.moves)
    assert len(stored(here)) == before
    check(here, case.handler, case.filed.ref, ALLOW, case.case.moves)
    assert len(stored(here)) == before - 1
    assert case.actions[-1] == "document_removed"
    assert case.case.representative
    assert case.case.representative.proofs == (Proof.MANDATE,)
    with pytest.raises(Absent):
        attach_document.open_document(here, case.handler, case.filed.ref, files_of(case)[0].id)


def test_where_the_register_says_so_the_files_stay_until_the_case_has_ended(here: Office) -> None:
    keeping = replace(here.registers["espoo"], mandate_files="until_closed")
    here = replace(here, registers={**here.registers, "espoo": keeping})
    case = filed(here, OTHER, PNG).taken()
    check(here, case.handler, case.filed.ref, ALLOW, case.case.moves)
    sweep.sweep(here)
    assert files_of(case)[0].vault_object
    case.heard().proposed(outcome="granted").approved().signed()
    close_case.close_case(here, case.handler, case.filed.ref, case.case.moves)
    sweep.sweep(here)
    assert files_of(case)[0].vault_object is None
    assert case.actions[-1] == "document_removed"


def test_the_files_of_a_request_that_was_never_sent_are_gone_after_a_day(here: Office, clock: make.Clock) -> None:
    added(here, "draft")
    before = len(stored(here))
    clock.move(hours=23)
    sweep.sweep(here)
    assert len(stored(here)) == before
    clock.move(hours=2)
    sweep.sweep(here)
    assert len(stored(here)) == before - 1
    assert attach_document.attached(here, "espoo", "draft") == ()


def test_a_file_can_be_taken_away_again_before_the_request_is_sent(here: Office) -> None:
    added(here, "draft")
    added(here, "draft", JPEG)
    attach_document.detach_document(here, "espoo", "draft", 1)
    attach_document.detach_document(here, "espoo", "draft", 7)
    assert len(attach_document.attached(here, "espoo", "draft")) == len(stored(here)) == 1
    assert attach_document.attached(here, "janakkala", "draft") == ()
    attach_document.detach_all(here, "espoo", "draft")
    assert stored(here) == []


def test_a_file_too_many_or_too_large_leaves_nothing(here: Office) -> None:
    for _ in range(MOST_FILES):
        added(here, "draft")
    assert attach_document.attach_document(here, "espoo", "draft", BytesIO(PNG)) is FileFault.COUNT
    assert attach_document.attach_document(here, "espoo", "other", BytesIO(PNG + bytes(LARGEST))) is FileFault.SIZE
    assert attach_document.attach_document(here, "espoo", "other", BytesIO(b"exe")) is FileFault.KIND
    assert len(stored(here)) == MOST_FILES


def test_an_authorisations_register_informs_the_verdict_and_never_gives_it(here: Office) -> None:
    asked: list[tuple[str, str, str]] = []

    class Register:
        def may(self, actor_code: str, subject_code: str, matter: str, at: object) -> Mandate:
            asked.append((actor_code, subject_code, matter))
            return Mandate.ALLOWED

    here = replace(here, mandates=Register())
    company = Representative(Kind.ORGANISATION, "Esimerkki Oy", business_id="1234567-1", ground="toimitusjohtaja")
    case, other = filed(here, company), filed(here, OTHER)
    assert asked == [(f"hetu:{CODE}", "y:1234567-1", "access")]
    assert case.case.representative
    assert (case.case.representative.register, case.case.representative.verdict) == (Mandate.ALLOWED, None)
    assert other.case.representative
    assert other.case.representative.register is Mandate.ASK


def test_without_a_register_every_mandate_is_looked_into(here: Office) -> None:
    assert here.mandates.may("hetu:x", "y:1234567-1", "access", here.now()) is Mandate.ASK


# --- the identity code ---------------------------------------------------------------------------------------------


def of(here: Office, register: str, who: Identified | None = None) -> tuple[Filed, Actor]:
    return make.filed(here, who=who, register=register), clerk("handler", Role.HANDLER, register=register)


@pytest.mark.parametrize(("register", "shown"), [("janakkala", "131052-****"), ("te_kaakkois_suomi", "131052-****"),
                                                 ("espoo", ""), ("pikkujatti", ""), ("pk_terveys", "")])  # fmt: skip
def test_the_code_is_kept_only_where_the_notice_says_so(office: Office, register: str, shown: str) -> None:
    found, handler = of(office, register)
    assert acting_view(office, handler, found.ref).code == shown
    again, handler = of(office, register)
    assert again.person == found.person
    assert acting_view(office, handler, again.ref).code == shown


def test_the_whole_code_is_shown_for_a_reason_that_is_recorded(office: Office) -> None:
    found, handler = of(office, "janakkala")
    with pytest.raises(NoReason):
        reveal_code(office, handler, found.ref, "  ")
    assert reveal_code(office, handler, found.ref, "vertaan potilastietoihin") == CODE
    with office.reading() as work:
        entries = work.cases.timeline(work.cases.open(found.ref, handler))
    assert [(e.action, e.facts) for e in entries][-1] == (
        "identity_code_revealed", {"reason": "vertaan potilastietoihin"},
    )  # fmt: skip
    assert CODE not in repr(entries)


@pytest.mark.parametrize("role", [Role.LISTENER, Role.AUDITOR, Role.DPO])
def test_who_does_not_decide_sees_no_whole_code(here: Office, role: Role) -> None:
    found, _ = of(here, "janakkala")
    with pytest.raises(Forbidden):
        reveal_code(here, clerk("other", role, register="janakkala"), found.ref, "katson")


def test_a_register_that_keeps_no_code_has_none_to_show(here: Office) -> None:
    found, handler = of(here, "espoo")
    with pytest.raises(Absent):
        reveal_code(here, handler, found.ref, "katson")


def test_a_foreign_identifier_is_kept_the_same_way(here: Office) -> None:
    who = Identified(
        "eidas:SE/FI/8405017811", None, "Astrid", "Exempel", date(1984, 5, 1), Assurance.TEST_SUBSTANTIAL, "eidas",
        make.NOON, "demo", "0" * 64,
    )  # fmt: skip
    found, handler = of(here, "janakkala", who)
    assert acting_view(here, handler, found.ref).code == "SE/FI/****"
    assert reveal_code(here, handler, found.ref, "vertaan") == "SE/FI/8405017811"


def test_the_code_dies_with_the_persons_key(here: Office) -> None:
    found, handler = of(here, "janakkala")
    run(here, "UPDATE person SET data_key = :none", none=b"\x01\x00\x01" + bytes(60))
    with pytest.raises(InvalidTag):
        reveal_code(here, handler, found.ref, "vertaan")
