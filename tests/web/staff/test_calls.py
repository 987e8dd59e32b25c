"""Calls: searching otherwise, holds that an operator confirms, uploads, and listening that leaves its trace."""

from io import BytesIO

import pytest

from portal.domain.access import Role
from portal.services import lists
from portal.services.office import Office
from portal.services.take_up import take_up
from portal.web.app import Portal
from tests import make
from tests.web.client import Browser
from tests.web.staff.desk import address, at_desk

UPLOAD = {"day": "16.6.2026", "time": "14.12", "minutes": "5", "seconds": "0", "own_number": "040 123 4567"}


@pytest.fixture
def who(office: Office) -> make.Clerk:
    """A handler who may listen too."""
    return make.clerk(office, "aino", Role.HANDLER, Role.LISTENER)


@pytest.fixture
def desk(app: Portal, office: Office, who: make.Clerk) -> Browser:
    """Their browser."""
    return at_desk(app, office, who)


def test_searching_otherwise_finds_and_holds_more(office: Office, desk: Browser, who: make.Clerk) -> None:
    make.recorded(office, make.segment(caller="+358501112222"))
    ref = make.filed(office, make.request(make.Right.ACCESS, make.call(service_number=None))).ref
    take_up(office, who.actor, ref, 0)
    page = desk.get(address("cases/{ref}/calls", ref))
    assert "ei löytynyt tallenteita" in page.text
    page = desk.press(page, "Hae", own_number="050 111 2222")
    assert "Pito voimassa" in page.text
    faulty = desk.press(page, "Hae", day="31.2.2026")
    assert faulty.errors == [("day", "Tätä päivää ei ole kalenterissa")]


def test_the_operators_word_confirms_a_hold(office: Office, desk: Browser, who: make.Clerk) -> None:
    make.recorded(office, make.segment(), custody="unreachable")
    ref = make.filed(office).ref
    page = desk.get(address("cases/{ref}/calls", ref))
    assert "Pyydä operaattoria säilyttämään" in page.text
    page = desk.press(page, "Vahvista poistokielto", note="päivystys klo 12")
    assert "Pyydä operaattoria säilyttämään" not in page.text
    assert lists.case_view(office, who.actor, ref).keeping == "safe"


def upload(desk: Browser, ref: str, content: bytes, **typed: str) -> int:
    page = desk.get(address("cases/{ref}/calls/upload", ref))
    data = {"csrf_token": page.value("csrf_token"), "seen": page.value("seen"), "which": "1"} | UPLOAD | typed
    answer = desk.client.post(
        address("cases/{ref}/calls/upload", ref), data={**data, "file": (BytesIO(content), "puhelu.wav")}
    )
    return int(answer.status_code)


def test_a_recording_is_added_by_hand(office: Office, desk: Browser, who: make.Clerk) -> None:
    ref = make.filed(office).ref
    assert upload(desk, ref, make.tone(300)) == 303
    (candidate,) = lists.case_view(office, who.actor, ref).candidates
    assert candidate.outcome == "held"
    assert "Ehdokkaat 1" in desk.get(address("cases/{ref}/calls", ref)).text


@pytest.mark.parametrize(
    ("content", "typed"),
    [(b"<!doctype html><p>not a call", {}), (b"", {}), (make.tone(1), {"minutes": "", "seconds": ""})],
)
def test_what_is_no_recording_is_refused_in_words(
    office: Office, desk: Browser, who: make.Clerk, content: bytes, typed: dict[str, str]
) -> None:
    ref = make.filed(office).ref
    assert upload(desk, ref, content, **typed) == 422
    assert lists.case_view(office, who.actor, ref).candidates == ()


def test_every_stretch_that_is_fetched_is_recorded(office: Office, desk: Browser, who: make.Clerk) -> None:
    (recording,) = make.recorded(office, make.segment())
    ref = make.filed(office).ref
    assert desk.get(address(f"cases/{ref}/listen/{recording}")).status == 200
    path = address(f"cases/{ref}/audio/{recording}")
    whole = desk.client.get(path)
    assert whole.status_code == 200
    assert whole.mimetype == "audio/flac"
    assert whole.data.startswith(b"fLaC")
    part = desk.client.get(path, headers={"Range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.data == whole.data[10:20]
    assert part.headers["Cache-Control"] == "no-store"
    view = lists.case_view(office, who.actor, ref)
    heard = [moment.facts for moment in view.timeline if moment.kind == "recording_listened"]
    assert [fact["end_ms"] - fact["start_ms"] for fact in heard][-1] == 300_000
    assert len(heard) == 2


def test_a_recording_that_is_no_candidate_cannot_be_heard(office: Office, desk: Browser) -> None:
    (other,) = make.recorded(office, make.segment(caller="+358501112222"))
    ref = make.filed(office, make.request(make.Right.ACCESS, make.call(service_number=None))).ref
    assert desk.get(address(f"cases/{ref}/listen/{other}")).status == 404
    assert desk.get(address(f"cases/{ref}/audio/{other}")).status == 404


def test_a_recording_the_source_has_lost_says_so(office: Office, desk: Browser) -> None:
    (recording,) = make.recorded(office, make.segment())
    ref = make.filed(office).ref
    office.sources["fake-espoo"].files.clear()  # type: ignore[attr-defined]  # a FakeSource
    page = desk.get(address(f"cases/{ref}/listen/{recording}"))
    assert "ei enää ole tallennusjärjestelmässä" in page.text
    assert not page.tree.xpath("//audio")


def test_the_speaker_is_checked_with_what_shows_it(office: Office, desk: Browser, who: make.Clerk) -> None:
    (recording,) = make.recorded(office, make.segment())
    ref = make.filed(office).ref
    take_up(office, who.actor, ref, 0)
    page = desk.press(desk.get(address(f"cases/{ref}/listen/{recording}")), "Tämä on puhelu")
    assert [anchor for anchor, _text in desk.press(page, "Tallenna").errors] == ["verdict-0", "how"]
    page = desk.press(page, "Tallenna", verdict="differs", how="Puhuja on toinen ihminen.")
    assert page.status == 200
    assert "Puhuja on toinen ihminen." in desk.get(address(f"cases/{ref}/listen/{recording}")).text


def test_a_call_that_was_not_asked_for_cannot_be_chosen(office: Office, desk: Browser, who: make.Clerk) -> None:
    (recording,) = make.recorded(office, make.segment())
    ref = make.filed(office).ref
    take_up(office, who.actor, ref, 0)
    page = desk.get(address("cases/{ref}/calls", ref))
    data = {"csrf_token": page.value("csrf_token"), "seen": "1", "recording": recording, "call": "7", "it_is": "yes"}
    assert desk.post(address("cases/{ref}/calls/choose", ref), data).status == 404
