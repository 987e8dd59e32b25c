"""Letters on paper: codes, batches, returned mail and the way of a case's letters."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest

from portal import wiring
from portal.adapters.letters.seal import load_seal, make_seal
from portal.domain.access import Forbidden, Role
from portal.domain.case import Address, Case, Wishes
from portal.domain.dispatch import Obstacle, Way
from portal.domain.envelope import Envelope
from portal.domain.letter_code import read_code
from portal.domain.lifecycle import ChooseDispatch, NotNow
from portal.domain.rights import Right
from portal.domain.words import Language
from portal.services import settle
from portal.services.acknowledge import acknowledge
from portal.services.choose_dispatch import AddressTooLong, choose_dispatch, dispatch_view
from portal.services.hand_over import open_letter
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.print_batch import (
    Waiting,
    batch_file,
    drop_batch,
    mail_room,
    make_batch,
    open_batch,
    post_batch,
)
from portal.services.returned_mail import record_return
from portal.services.sweep import sweep
from portal.services.verify_letter import Finding, verify_letter
from tests import make
from tests.services.walk import Walk, clerk, walk

HOME = Address("Esimerkkikatu 12", "02999", "Mallila")
OTHER = Address("Toinen katu 3", "00999", "Helsinki")
CLERK = clerk("postittaja", Role.HANDLER)


def refused(here: Office, address: Address | None = HOME, by_post: bool = True) -> Walk:
    """A refused request whose letter waits to be posted."""
    wanted = make.request(Right.ACCESS, wishes=Wishes(by_post=by_post), address=address)
    made = Walk(here, make.filed(here, wanted), "espoo").taken()
    words = {"outcome": "refused", "ground": "R11-2", "facts": "Tosiseikat.", "assessment": "Arvio."}
    return made.proposed(**words).approved().signed()


def waiting(here: Office, every: bool = False) -> tuple[Waiting, ...]:
    return mail_room(here, CLERK, every=every).waiting


def batch_all(here: Office) -> int:
    return make_batch(here, CLERK, ids(waiting(here)), Language.FI).number


def ids(found: Sequence[Waiting]) -> list[str]:
    return [one.mail.document.id for one in found]


def code_of(found: Walk) -> str:
    with found.office.reading() as work:
        return work.documents.of_case(found.case.id)[-1].code or ""


def test_each_letter_has_a_code_of_its_own_that_leads_to_it(here: Office) -> None:
    codes = {code_of(refused(here)) for _ in range(3)}
    assert len(codes) == 3
    with here.reading() as work:
        for code in codes:
            assert read_code(code) == code
            found = work.mail.of_code(code)
            assert found is not None
            assert found.document.code == code


def test_what_waits_is_what_the_applicant_wanted_by_post(here: Office) -> None:
    posted, portal = refused(here), refused(here, address=None, by_post=False)
    assert [one.mail.ref for one in waiting(here)] == [posted.filed.ref]
    assert {one.mail.ref for one in waiting(here, every=True)} == {posted.filed.ref, portal.filed.ref}


def test_a_letter_without_an_address_waits_for_a_choice_and_cannot_be_batched(here: Office) -> None:
    refused(here, address=None)
    (found,) = waiting(here)
    assert found.obstacle is Obstacle.NO_ADDRESS
    with pytest.raises(NotNow):
        make_batch(here, CLERK, ids([found]), Language.FI)


def test_an_address_that_the_window_cannot_hold_is_left_out_and_never_cut(here: Office) -> None:
    made = refused(here, address=Address("Pitkä osoite " * 40, "02999", "Mallila"))
    (found,) = waiting(here)
    assert found.obstacle is Obstacle.TOO_LONG
    with here.reading() as work:
        assert work.mail.rows(found.mail) == (made.case.applicant.name,)


def test_a_batch_is_sorted_by_postcode_town_and_reference_with_each_letter_on_a_front_side(here: Office) -> None:
    far, near = refused(here), refused(here, address=OTHER)
    number = batch_all(here)
    view = open_batch(here, CLERK, number)
    assert [item.ref for item in view.items] == [near.filed.ref, far.filed.ref]
    with pikepdf.open(io.BytesIO(batch_file(here, CLERK, number))) as pdf:
        assert len(pdf.pages) == view.batch.pages == 2 + sum(item.pages + item.pages % 2 for item in view.items)
    assert "letter_printed" in near.actions


def test_a_batch_is_printed_again_byte_for_byte(here: Office) -> None:
    refused(here)
    number = batch_all(here)
    assert batch_file(here, CLERK, number) == batch_file(here, CLERK, number)


def test_letters_in_an_open_batch_wait_no_more_and_a_dropped_batch_gives_them_back(here: Office) -> None:
    refused(here)
    number = batch_all(here)
    assert waiting(here) == ()
    drop_batch(here, CLERK, number)
    assert len(waiting(here)) == 1
    with pytest.raises(NotNow):
        post_batch(here, CLERK, number, here.today())
    assert batch_all(here) == number + 1


def test_a_whole_batch_is_posted_in_one_go_and_once(here: Office) -> None:
    made = [refused(here), refused(here)]
    number = batch_all(here)
    post_batch(here, CLERK, number, date(2026, 6, 17))
    for one in made:
        assert one.actions.count("letter_posted") == 1
        assert dispatch_view(here, CLERK, one.filed.ref).documents[-1].posted_on == date(2026, 6, 17)
    with pytest.raises(NotNow):
        post_batch(here, CLERK, number, date(2026, 6, 17))


def test_a_batchs_file_is_removed_ninety_days_after_its_posting_and_its_letters_stay(
    here: Office, clock: make.Clock
) -> None:
    made = refused(here)
    number = batch_all(here)
    post_batch(here, CLERK, number, here.today())
    clock.move(days=90)
    sweep(here)
    assert batch_file(here, CLERK, number)
    clock.move(days=1)
    sweep(here)
    with pytest.raises(Absent):
        batch_file(here, CLERK, number)
    view = open_batch(here, CLERK, number)
    assert open_letter(here, CLERK, made.filed.ref, view.items[0].document).pdf


def test_the_batch_of_another_register_is_absent_and_its_letters_cannot_be_taken(here: Office) -> None:
    refused(here)
    number = batch_all(here)
    stranger = clerk("vieras", Role.HANDLER, register="janakkala")
    with pytest.raises(Absent):
        open_batch(here, stranger, number)
    drop_batch(here, CLERK, number)
    with pytest.raises(NotNow):
        make_batch(here, stranger, ids(waiting(here)), Language.FI)


def test_the_mail_room_is_for_those_who_post_letters(here: Office) -> None:
    with pytest.raises(Forbidden):
        mail_room(here, clerk("kuuntelija", Role.LISTENER))


def posted(here: Office) -> Walk:
    made = refused(here)
    post_batch(here, CLERK, batch_all(here), here.today())
    return made


def test_a_returned_letter_is_found_by_its_code_and_waits_for_a_choice(here: Office) -> None:
    made = posted(here)
    found = record_return(here, CLERK, code_of(made).lower().replace("-", " "), "moved", here.today())
    assert found.ref == made.filed.ref
    assert "letter_returned" in made.actions
    assert waiting(here)[0].obstacle is Obstacle.RETURNED


def test_a_code_of_no_letter_or_of_another_register_is_absent(here: Office) -> None:
    made = posted(here)
    with pytest.raises(Absent):
        record_return(here, CLERK, "2222-2222-2", "moved", here.today())
    with pytest.raises(Absent):
        record_return(here, clerk("v", Role.HANDLER, register="janakkala"), code_of(made), "moved", here.today())


def test_a_letter_that_was_not_posted_cannot_have_come_back(here: Office) -> None:
    made = refused(here)
    with pytest.raises(NotNow):
        record_return(here, CLERK, code_of(made), "moved", here.today())


def choose(here: Office, made: Walk, way: Way, address: Address | None = None, protected: bool = False) -> Case:
    step = ChooseDispatch(way, address, protected)
    choose_dispatch(here, CLERK, made.filed.ref, step, made.case.moves)
    return made.case


def test_a_returned_letter_goes_again_as_it_was_frozen_under_a_cover_page(here: Office) -> None:
    made = posted(here)
    document = dispatch_view(here, CLERK, made.filed.ref).documents[-1]
    before = open_letter(here, CLERK, made.filed.ref, document.id).pdf
    record_return(here, CLERK, code_of(made), "moved", here.today())
    choose(here, made, Way.POST, OTHER)
    (found,) = waiting(here)
    assert (found.obstacle, found.cover, found.town) == (None, True, "Helsinki")
    view = open_batch(here, CLERK, batch_all(here))
    assert view.items[0].cover
    assert open_letter(here, CLERK, made.filed.ref, document.id).pdf == before


def test_after_a_return_the_appeal_period_starts_anew_from_the_new_service(here: Office, clock: make.Clock) -> None:
    made = posted(here)
    first = dispatch_view(here, CLERK, made.filed.ref)
    assert first.received == here.today() + timedelta(days=7)
    clock.move(days=10)
    record_return(here, CLERK, code_of(made), "moved", here.today())
    assert dispatch_view(here, CLERK, made.filed.ref).received is None
    choose(here, made, Way.PORTAL)
    again = dispatch_view(here, CLERK, made.filed.ref)
    assert again.received == here.today() + timedelta(days=3)
    assert first.appeal_ends is not None
    assert again.appeal_ends is not None
    assert again.appeal_ends > first.appeal_ends


def test_the_holds_of_an_answer_that_came_back_stay_until_it_is_received(here: Office, clock: make.Clock) -> None:
    made = walk(here, make.request(Right.ACCESS, wishes=Wishes(by_post=True), address=HOME)).taken().heard()
    made = made.proposed(outcome="granted").approved().signed()
    post_batch(here, CLERK, batch_all(here), here.today())
    clock.move(days=20)
    record_return(here, CLERK, code_of(made), "moved", here.today())
    clock.move(days=200)
    settle.release(here, made.case.id)
    assert "hold_released" not in made.actions
    choose(here, made, Way.PORTAL)
    clock.move(days=60)
    settle.release(here, made.case.id)
    assert "hold_released" in made.actions


def test_an_address_under_non_disclosure_is_forgotten_and_never_printed(here: Office) -> None:
    made = refused(here)
    case = choose(here, made, Way.COUNTER, protected=True)
    assert case.applicant.address is None
    (found,) = waiting(here, every=True)
    assert found.obstacle is Obstacle.PROTECTED


def test_who_asks_under_non_disclosure_gets_no_letter_by_post_and_no_address_is_kept(here: Office) -> None:
    wanted = make.request(Right.ACCESS, wishes=Wishes(by_post=True), address=HOME, protected=True)
    made = Walk(here, make.filed(here, wanted), "espoo").taken()
    made = made.proposed(outcome="refused", ground="R11-2", facts="Tosiseikat.", assessment="Arvio.")
    case = made.approved().signed().case
    assert (case.applicant.address, case.way, case.dispatch and case.dispatch.protected) == (None, Way.PORTAL, True)
    assert waiting(here) == ()
    (found,) = waiting(here, every=True)
    assert found.obstacle is Obstacle.PROTECTED
    with here.reading() as work:
        assert work.mail.rows(found.mail) == (case.applicant.name,)


def test_under_non_disclosure_only_another_address_will_do(here: Office) -> None:
    made = refused(here)
    with pytest.raises(NotNow):
        choose(here, made, Way.POST, HOME, protected=True)
    choose(here, made, Way.POST, OTHER, protected=True)
    assert waiting(here)[0].obstacle is None


def test_a_corrected_address_that_is_too_long_is_refused_whole(here: Office) -> None:
    made = refused(here)
    with pytest.raises(AddressTooLong):
        choose(here, made, Way.POST, replace(OTHER, street="katu " * 100))
    assert made.case.applicant.address == HOME


def test_the_way_cannot_change_while_the_letter_lies_in_an_open_batch(here: Office) -> None:
    made = refused(here)
    batch_all(here)
    with pytest.raises(NotNow):
        choose(here, made, Way.PORTAL)


def test_a_wide_envelope_gives_every_letter_a_cover_page(here: Office) -> None:
    espoo = replace(here.registers["espoo"], envelope=Envelope("C65", 15, 39, 100, 35))
    refused(here)
    other = replace(here, registers={**here.registers, "espoo": espoo})
    assert waiting(other)[0].cover


def test_an_acknowledgement_of_a_posted_case_goes_by_post_too(here: Office) -> None:
    wanted = make.request(Right.ACCESS, wishes=Wishes(by_post=True), address=HOME)
    made = Walk(here, make.filed(here, wanted), "espoo")
    acknowledge(here, made.case.id)
    assert [one.mail.document.kind for one in waiting(here)] == ["ack"]


def test_a_letter_is_known_by_its_bytes_and_by_its_code(here: Office) -> None:
    made = refused(here)
    document = dispatch_view(here, CLERK, made.filed.ref).documents[-1]
    pdf = open_letter(here, CLERK, made.filed.ref, document.id).pdf
    found = verify_letter(here, "", pdf)
    assert (found.finding, found.register, found.kind) == (Finding.GENUINE, "espoo", "refuse")
    assert verify_letter(here, code_of(made), pdf + b"\n").finding is Finding.CHANGED
    assert verify_letter(here, "", pdf + b"\n").finding is Finding.NOT_OURS
    assert verify_letter(here, "", None).finding is Finding.NOT_OURS


def test_a_code_alone_tells_the_issuer_and_the_day_and_not_the_kind(here: Office) -> None:
    found = verify_letter(here, code_of(refused(here)), None)
    assert (found.finding, found.register, found.issued_on, found.kind) == (
        Finding.KNOWN_CODE, "espoo", here.today(), "",
    )  # fmt: skip


def test_with_a_certificate_letters_are_sealed_and_the_seal_is_looked_at(here: Office, tmp_path: Path) -> None:
    make_seal(tmp_path / "seal.key", tmp_path / "seal.pem", "Testisinetti", datetime.now(UTC))
    seal = load_seal(tmp_path / "seal.key", tmp_path / "seal.pem")
    sealing = replace(here, letters=wiring.Letters("https://puhelut.example.fi", seal))
    made = refused(sealing)
    document = dispatch_view(here, CLERK, made.filed.ref).documents[-1]
    pdf = open_letter(here, CLERK, made.filed.ref, document.id).pdf
    assert verify_letter(sealing, "", pdf).sealed is True
    assert verify_letter(here, "", pdf).sealed is None


def test_a_letters_square_leads_to_its_page_in_the_letters_language(here: Office) -> None:
    made = refused(here)
    with here.reading() as work:
        document = work.documents.of_case(made.case.id)[-1]
        html = work.documents.html(made.case.id, document.id, work.cases.box(made.case))
    assert f"http://127.0.0.1:8000/fi/letter/{document.code}" in (html or "")
