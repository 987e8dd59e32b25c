"""Complaints, inquiries and court matters on the staff's pages, and the messages that come after an answer."""

import pytest

from portal.domain.access import Role
from portal.domain.case import State
from portal.services.office import Office
from portal.services.send_message import send_message
from portal.services.tell_complaint import tell_complaint
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk, walk
from tests.web.client import Browser
from tests.web.staff.desk import address, at_desk

TYPED = {
    "kind": "inquiry", "body": "ombudsman", "reference": "TSV/12/2026", "reply_by": "31.8.2026",
    "matter": "Miksi kopiota ei annettu?",
}  # fmt: skip


@pytest.fixture
def made(office: Office) -> Walk:
    """A request that has been answered."""
    return walk(office, found=0).taken().proposed(outcome="no_recording").signed()


@pytest.fixture
def clerk(app: Portal, office: Office) -> Browser:
    """A handler at their desk."""
    return at_desk(app, office, make.clerk(office, "kaisa", Role.HANDLER))


def page(made: Walk, language: str = "fi") -> str:
    return address("cases/{ref}/proceedings", made.filed.ref, language=language)


def test_an_inquiry_is_recorded_and_takes_the_case_up_again(made: Walk, clerk: Browser) -> None:
    form = clerk.get(page(made))
    assert "Asiasta ei ole valitettu eikä pyydetty selvitystä." in form.text
    after = clerk.press(form, "Kirjaa", **TYPED)
    for told in (
        "Valvontaviranomaisen selvityspyyntö: Tietosuojavaltuutettu",
        "TSV/12/2026",
        "Oma määräpäivä: ma 31.8",
    ):
        assert told in after.text
    assert (made.case.state, made.case.disputed) == (State.IN_HAND, True)
    shown = clerk.get(address("cases/{ref}", made.filed.ref))
    assert "Miksi kopiota ei annettu?" in shown.text
    assert "31.8.2026" in shown.text


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"kind": None, "body": None}, ["kind-0", "body-0"]),
        ({"body": "other", "name": " "}, ["name"]),
        ({"reply_by": "18.6.2026"}, ["reply_by"]),
        ({"reply_by": "joskus"}, ["reply_by"]),
        ({"matter": "  "}, ["matter"]),
        ({"matter": "a" * 4001}, ["matter"]),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    made: Walk, clerk: Browser, typed: dict[str, str | None], errors: list[str]
) -> None:
    refused = clerk.press(clerk.get(page(made)), "Kirjaa", **(TYPED | typed))
    assert refused.status == 422
    assert [anchor for anchor, _text in refused.errors] == errors
    assert refused.value("reference") == "TSV/12/2026"
    assert made.case.proceedings == ()


def test_a_complaint_that_the_applicant_told_is_closed_with_its_outcome(made: Walk, clerk: Browser) -> None:
    tell_complaint(made.office, made.citizen, made.filed.ref, "ombudsman")
    form = clerk.get(page(made))
    assert "Pyytäjän kertoma valitus: Tietosuojavaltuutettu" in form.text
    assert clerk.press(form, "Kirjaa päättyneeksi").errors == [("outcome", "Kirjoita, miten asia päättyi")]
    after = clerk.press(form, "Kirjaa päättyneeksi", outcome="Ei toimenpiteitä.")
    assert "Ei toimenpiteitä." in after.text
    assert "Päättynyt 18.6.2026" in after.text
    assert not made.case.disputed


def test_of_two_open_matters_the_one_that_ended_is_named(made: Walk, clerk: Browser) -> None:
    for body in ("ombudsman", "Eduskunnan oikeusasiamies"):
        tell_complaint(made.office, made.citizen, made.filed.ref, body)
    form = clerk.get(page(made))
    unnamed = clerk.press(form, "Kirjaa päättyneeksi", outcome="Ratkaistu.")
    assert unnamed.errors == [("which-0", "Valitse, mikä on päättynyt")]
    assert unnamed.value("outcome") == "Ratkaistu."
    clerk.press(form, "Kirjaa päättyneeksi", which="1", outcome="Ratkaistu.")
    assert [one.outcome for one in made.case.proceedings] == ["", "Ratkaistu."]


def test_a_page_made_before_the_case_moved_records_nothing(made: Walk, clerk: Browser) -> None:
    form = clerk.get(page(made))
    send_message(made.office, made.citizen, made.filed.ref, "Hei.")
    assert clerk.press(form, "Kirjaa", **TYPED).status == 409
    assert made.case.proceedings == ()


@pytest.mark.parametrize(("role", "records"), [(Role.DPO, True), (Role.AUDITOR, False), (Role.LISTENER, False)])
def test_who_may_record_is_offered_the_form_and_others_read(
    app: Portal, office: Office, made: Walk, role: Role, records: bool
) -> None:
    browser = at_desk(app, office, make.clerk(office, "muu", role))
    shown = browser.get(page(made))
    assert shown.status == 200
    assert ("Kirjaa selvityspyyntö tai ratkaisu" in shown.text) == records
    if not records:
        token = shown.value("csrf_token")
        assert browser.post(f"{page(made)}/open", TYPED | {"csrf_token": token}).status == 404
    assert made.case.proceedings == ()


def test_another_controllers_staff_find_nothing(app: Portal, office: Office, made: Walk) -> None:
    browser = at_desk(app, office, make.clerk(office, "muu", Role.HANDLER, register="janakkala"))
    there = address("cases/{ref}/proceedings", made.filed.ref, register="janakkala")
    assert browser.get(there).status == 404


def test_messages_after_an_answer_are_listed_and_lead_to_their_case(made: Walk, clerk: Browser) -> None:
    listed = address("messages")
    assert "Vastausten jälkeen ei ole tullut viestejä." in clerk.get(listed).text
    send_message(made.office, made.citizen, made.filed.ref, "Soitin toisesta numerosta.")
    tell_complaint(made.office, made.citizen, made.filed.ref, "ombudsman")
    shown = clerk.get(listed)
    for told in ("Soitin toisesta numerosta.", "Kertoi valittaneensa", "Tietosuojavaltuutettu", made.filed.ref):
        assert told in shown.text
    assert clerk.click(shown, "Tuulikki Soittola").status == 200


def test_a_message_is_marked_read_and_what_comes_later_is_not(made: Walk, clerk: Browser) -> None:
    send_message(made.office, made.citizen, made.filed.ref, "Ensimmäinen.")
    shown = clerk.press(clerk.get(address("messages")), "Merkitse luetuksi")
    assert "Lukematta" not in shown.text
    assert "messages_read" in made.actions
    send_message(made.office, made.citizen, made.filed.ref, "Toinen.")
    shown = clerk.get(address("messages"))
    assert (shown.text.count("Lukematta"), shown.text.count("Luettu")) == (1, 1)
    token = {"csrf_token": shown.value("csrf_token"), "ref": made.filed.ref, "upto": "1"}
    clerk.post(address("messages/read"), token)
    assert made.actions.count("messages_read") == 1
    assert clerk.post(address("messages/read"), token | {"upto": "x"}).status == 404


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_pages_stand_in_the_other_languages(made: Walk, clerk: Browser, language: str) -> None:
    tell_complaint(made.office, made.citizen, made.filed.ref, "ombudsman")
    assert clerk.get(page(made, language)).status == 200
    assert clerk.get(address("messages", language=language)).status == 200


def test_a_hold_is_kept_with_a_reason_and_leaves_the_list(app: Portal, office: Office, clock: make.Clock) -> None:
    made = walk(office)
    kaisa = make.clerk(office, "kaisa", Role.HANDLER)
    assert "Mikään poistokielto ei odota tarkistusta." in at_desk(app, office, kaisa).get(address("holds")).text
    clock.move(days=91)
    browser = at_desk(app, office, kaisa)
    shown = browser.get(address("holds"))
    assert made.filed.ref in shown.text
    refused = browser.press(shown, "Pidä voimassa", reason="  ")
    assert refused.status == 422
    assert refused.errors[0][1] == "Kirjoita, miksi poistokielto pidetään"
    kept = browser.press(shown, "Pidä voimassa", reason="Pyyntö on kesken.")
    assert "Mikään poistokielto ei odota tarkistusta." in kept.text
    assert "Pyyntö on kesken." in browser.get(address("cases/{ref}", made.filed.ref)).text


def test_who_may_not_keep_a_hold_reads_the_list(app: Portal, office: Office, clock: make.Clock) -> None:
    walk(office)
    clock.move(days=91)
    auditor = at_desk(app, office, make.clerk(office, "arvi", Role.AUDITOR))
    assert "Pidä voimassa" not in auditor.get(address("holds")).text
