"""The copy as a file in the applicant's hands: forms, ranges, counts, what was taken back, and nobody else's."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from portal.domain.grants import MOST_DOWNLOADS
from portal.jobs import runner
from portal.services.grants import renew_copy, revoke_copy
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.services.walk import Walk, walk
from tests.web.client import Browser, Fetched, entered

WHY = "Kopiossa kuuluu toisen asiakkaan puhelu."
FETCHED = ("file/1", "file/1?form=wav", "bundle", "bundle?form=wav")


@pytest.fixture
def made(office: Office) -> Walk:
    """A granted access with its copy."""
    found = walk(office).taken().heard().proposed(outcome="granted").approved().signed()
    runner.drain(office)
    return found


def at(made: Walk, part: str) -> str:
    return f"/fi/espoo/cases/{made.filed.ref}/{part}"


def reply(browser: Browser, made: Walk) -> Fetched:
    return browser.get(at(made, "reply"))


def used(made: Walk) -> int:
    with made.office.reading() as work:
        return work.documents.copies(made.case.id, made.filed.person)[0].downloads


def forms(made: Walk) -> list[str]:
    with made.office.reading() as work:
        entries = work.cases.timeline(made.case)
    return [entry.facts["form"] for entry in entries if entry.action == "copy_downloaded" and entry.facts]


def use_up(citizen: Browser, made: Walk) -> None:
    for _ in range(MOST_DOWNLOADS - used(made)):
        assert citizen.client.get(at(made, "file/1")).status_code == 200


def test_the_answer_is_fetched_as_mp3_wav_and_as_a_whole_each_with_its_line(citizen: Browser, made: Walk) -> None:
    page = reply(citizen, made)
    wanted = {
        "Lataa äänitiedosto (MP3)": "audio/mpeg",
        "Lataa äänitiedosto (WAV)": "audio/wav",
        "Lataa koko vastaus, ääni MP3-muodossa": "application/zip",
        "Lataa koko vastaus, ääni WAV-muodossa": "application/zip",
    }
    for words, kind in wanted.items():
        answer = citizen.client.get(page.link(words))
        assert (answer.status_code, answer.mimetype) == (200, kind), words
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{made.filed.ref}')
        assert answer.data
    assert forms(made) == ["mp3", "wav", "bundle_mp3", "bundle_wav"]
    page = reply(citizen, made)
    assert f"Latauskertoja jäljellä: {MOST_DOWNLOADS - 4}." in page.text
    own = page.tree.find(".//aside")
    lines = " ".join(own.itertext())
    assert "Latasit koko vastauksen" in lines
    assert "ZIP (WAV)" in lines


def test_an_unknown_form_or_copy_is_absent(citizen: Browser, made: Walk) -> None:
    for part in ("file/1?form=flac", "bundle?form=ogg", "file/1?form=", "file/2", "file/2?form=wav"):
        assert citizen.get(at(made, part)).status == 404, part
    assert used(made) == 0


@pytest.mark.parametrize("part", ["file/1", "file/1?form=wav"])
def test_a_download_is_counted_where_it_begins_and_goes_on_where_it_broke(
    citizen: Browser, made: Walk, part: str
) -> None:
    url = at(made, part)
    whole = citizen.client.get(url)
    size, tag = len(whole.data), whole.headers["ETag"]
    cases = {
        "bytes=10-19": (206, whole.data[10:20]),
        "bytes=1000-": (206, whole.data[1000:]),
        "bytes=-10": (206, whole.data[-10:]),
        f"bytes={size - 1}-{size + 99}": (206, whole.data[-1:]),
        f"bytes={size}-": (416, b""),
    }
    for wanted, (status, data) in cases.items():
        answer = citizen.client.get(url, headers={"Range": wanted, "If-Range": tag})
        assert (answer.status_code, answer.data) == (status, data), wanted
    assert used(made) == 1
    for wanted in ("bytes=0-", "bytes=abc", "bytes=0-1,5-6"):
        assert citizen.client.get(url, headers={"Range": wanted}).data == whole.data
    assert citizen.client.get(url, headers={"Range": "bytes=5-", "If-Range": '"other"'}).data == whole.data
    assert used(made) == 5


def test_looking_at_the_head_of_a_file_counts_nothing(citizen: Browser, made: Walk) -> None:
    for part in ("file/1", "file/1?form=wav"):
        head = citizen.client.head(at(made, part))
        assert (head.status_code, head.data) == (200, b"")
        assert int(head.headers["Content-Length"]) > 1000
    assert citizen.client.head(at(made, "bundle")).status_code == 404
    assert used(made) == 0
    assert list(made.office.scratch.iterdir()) == []
    # a stretch that continues nothing is the whole file, and counted
    answer = citizen.client.get(at(made, "file/1"), headers={"Range": "bytes=1-"})
    assert (answer.status_code, used(made)) == (200, 1)


def open_wavs() -> int:
    """How many decoded files this process holds open."""
    links = (link for link in Path("/proc/self/fd").iterdir() if link.is_symlink())
    return sum("copy.wav" in str(link.readlink()) for link in links)


def test_a_wav_leaves_nothing_when_the_reader_goes_away_in_the_middle(citizen: Browser, made: Walk) -> None:
    answer = citizen.client.get(at(made, "file/1?form=wav"), buffered=False)
    next(iter(answer.response))
    assert open_wavs() == 1
    assert list(made.office.scratch.iterdir()) == []
    answer.close()
    assert open_wavs() == 0


def test_when_the_downloads_are_used_the_page_says_so_and_staff_give_more(
    office: Office, citizen: Browser, made: Walk
) -> None:
    use_up(citizen, made)
    page = reply(citizen, made)
    assert "Kopion latauskerrat on käytetty" in page.text
    assert "pyydä meiltä lisää latauskertoja" in page.text
    assert page.tree.find(".//audio") is not None
    assert "Lataa" not in " ".join(a.text for a in page.tree.iter("a") if a.text and "kirje" not in a.text)
    before = forms(made)
    for part in FETCHED:
        answer = citizen.client.get(at(made, part))
        assert (answer.status_code, answer.headers["Location"]) == (303, at(made, "reply")), part
    assert forms(made) == before
    source = page.tree.find(".//audio/source").get("src")
    assert citizen.client.get(source).status_code == 200
    renew_copy(office, made.handler, made.filed.ref, made.recordings[0], made.case.moves)
    page = reply(citizen, made)
    assert f"Latauskertoja jäljellä: {MOST_DOWNLOADS}." in page.text
    assert "Kopion voi ladata uudelleen" in page.tree.find(".//aside").text_content()


def test_a_copy_that_was_taken_back_is_said_plainly_and_opened_by_nothing(
    office: Office, citizen: Browser, made: Walk
) -> None:
    reply(citizen, made)
    revoke_copy(office, made.handler, made.filed.ref, made.recordings[0], WHY, made.case.moves)
    page = reply(citizen, made)
    assert "Kopio ei ole enää saatavilla" in page.text
    assert WHY in page.text
    assert page.tree.find(".//audio") is None
    assert "Koko vastaus yhtenä tiedostona" not in page.text
    for part in ("audio/1", "file/1", "file/1?form=wav", "text/1"):
        answer = citizen.client.get(at(made, part))
        assert answer.status_code in (303, 404), part
        assert b"RIFF" not in answer.data
    assert citizen.client.get(at(made, "bundle")).status_code == 404
    assert forms(made) == []


def test_nothing_is_given_after_the_last_day_or_to_an_old_identification(
    app: Portal, office: Office, clock: make.Clock, made: Walk
) -> None:
    old = entered(app, office, make.identified(at=clock() - timedelta(minutes=16)))
    for part in FETCHED:
        answer = old.client.get(at(made, part))
        assert answer.headers["Location"].endswith(f"/sign-in?to={at(made, 'reply')}"), part
    clock.move(days=70)
    later = entered(app, office, make.identified(at=clock()))
    for part in FETCHED:
        assert later.client.get(at(made, part)).status_code == 404, part
    assert forms(made) == []


def test_nobody_elses_browser_gets_it(app: Portal, office: Office, made: Walk) -> None:
    who = make.identified("Eero Esimerkkilä", "040387-913K")
    make.filed(office, who=who)
    stranger = entered(app, office, who)
    for part in FETCHED:
        theirs, absent = (
            stranger.client.get(f"/fi/espoo/cases/{ref}/{part}") for ref in (made.filed.ref, "R-2026-99999")
        )
        assert theirs.status_code == absent.status_code == 404, part
    assert used(made) == 0


def test_when_what_it_was_made_from_is_gone_only_mp3_is_offered(office: Office, citizen: Browser, made: Walk) -> None:
    with office.reading() as work:
        one = work.recordings.get(made.recordings[0])
    assert one is not None
    office.vault.delete("espoo", one.vault_object or "")
    page = reply(citizen, made)
    assert "(WAV)" not in page.text
    assert "WAV-muodossa" not in page.text
    assert citizen.client.get(page.link("Lataa äänitiedosto (MP3)")).status_code == 200
    for part in ("file/1?form=wav", "bundle?form=wav"):
        assert citizen.client.get(at(made, part)).status_code == 404, part


def test_the_manifest_is_verified_by_the_keys_that_the_page_publishes(
    citizen: Browser, visitor: Browser, made: Walk
) -> None:
    package = ZipFile(BytesIO(citizen.client.get(at(made, "bundle")).data))
    keys = visitor.client.get(visitor.get("/fi/letter").link("Julkiset avaimet"))
    assert (keys.status_code, keys.mimetype) == (200, "application/json")
    assert all("d" not in one for one in keys.get_json()["keys"])
    token = package.read("manifest.jws").decode()
    told = jws.deserialize_compact(token, KeySet.import_key_set(keys.get_json()), algorithms=["Ed25519"])
    assert json.loads(told.payload)["case"] == made.filed.ref
