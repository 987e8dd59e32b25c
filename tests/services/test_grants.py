"""A delivered copy is counted, taken back with its reason, and given for more; nothing is given by mistake."""

from pathlib import Path

import pytest

from portal.domain.access import Forbidden, Role
from portal.domain.grants import MOST_DOWNLOADS, Form, GrantState
from portal.domain.lifecycle import NotNow
from portal.jobs import runner
from portal.services import hand_over, lists, redact
from portal.services.grants import Revoked, renew_copy, revoke_copy, staff_grants
from portal.services.make_copy import make_copy
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.redact import Typed
from tests.services.test_after_answer import inquired
from tests.services.test_redact import CALL, PART
from tests.services.walk import Walk, clerk, walk

WHY = "Kopiossa kuuluu toisen asiakkaan puhelu."


@pytest.fixture
def made(here: Office) -> Walk:
    found = walk(here).taken().heard().proposed(outcome="granted").approved().signed()
    runner.drain(here)
    return found


def download(made: Walk, form: Form = Form.MP3) -> None:
    hand_over.note_heard(made.office, made.citizen, made.filed.ref, 1, downloaded=True, form=form)


def state(made: Walk) -> GrantState:
    return staff_grants(made.office, made.handler, made.filed.ref)[0].state


def use_up(made: Walk) -> None:
    for _ in range(MOST_DOWNLOADS):
        download(made)


def revoke(made: Walk) -> None:
    revoke_copy(made.office, made.handler, made.filed.ref, made.recordings[0], WHY, made.case.moves)


def renew(made: Walk) -> None:
    renew_copy(made.office, made.handler, made.filed.ref, made.recordings[0], made.case.moves)


def vault_object(made: Walk) -> str | None:
    with made.office.reading() as work:
        return work.documents.copies(made.case.id, made.filed.person)[0].vault_object


def test_downloads_are_counted_with_their_form_and_plays_are_not(made: Walk, here: Office) -> None:
    for form in (Form.MP3, Form.WAV, Form.PACKAGE):
        download(made, form)
    for _ in range(MOST_DOWNLOADS + 1):
        hand_over.note_heard(here, made.citizen, made.filed.ref, 1, downloaded=False)
    assert staff_grants(here, made.handler, made.filed.ref)[0].copy.downloads == 3
    with here.reading() as work:
        entries = work.cases.timeline(made.case)
    forms = [entry.facts["form"] for entry in entries if entry.action == "copy_downloaded" and entry.facts]
    assert forms == ["mp3", "wav", "package"]


def test_after_the_last_download_there_is_no_other_and_the_copy_is_still_heard(made: Walk, here: Office) -> None:
    use_up(made)
    before = made.actions
    with pytest.raises(NotNow, match="downloads_used"):
        download(made)
    with pytest.raises(NotNow, match="downloads_used"):
        hand_over.open_copy(here, made.citizen, made.filed.ref, 1, Form.WAV, begins=True)
    assert made.actions == before, "a refusal leaves no trace of a download"
    assert state(made) is GrantState.USED_UP
    assert hand_over.open_copy(here, made.citizen, made.filed.ref, 1).size > 0


def test_staff_give_as_many_downloads_again_once_they_are_used(made: Walk) -> None:
    with pytest.raises(NotNow):
        renew(made)
    use_up(made)
    renew(made)
    assert state(made) is GrantState.OPEN
    use_up(made)
    assert state(made) is GrantState.USED_UP
    assert made.actions.count("copy_renewed") == 1


def test_a_copy_that_is_taken_back_is_gone_at_once_and_its_file_with_it(made: Walk, here: Office) -> None:
    file = vault_object(made)
    assert file
    revoke(made)
    for form in (Form.MP3, Form.WAV):
        with pytest.raises(Revoked):
            hand_over.open_copy(here, made.citizen, made.filed.ref, 1, form)
    with pytest.raises(Revoked):
        download(made)
    assert here.vault.exists("espoo", file)
    runner.drain(here)
    assert not here.vault.exists("espoo", file)
    assert vault_object(made) is None, "nothing is made anew"
    answer = lists.reply(here, made.citizen, made.filed.ref)
    assert answer is not None
    assert [(one.state, one.why) for one in answer.copies] == [(GrantState.REVOKED, WHY)]
    assert answer.bundled == ()


def test_a_copy_is_taken_back_once_and_returns_by_no_click(made: Walk) -> None:
    revoke(made)
    for again in (revoke, renew):
        with pytest.raises(NotNow):
            again(made)
    assert made.actions.count("copy_revoked") == 1


def test_a_copy_taken_back_while_it_is_made_is_not_kept(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = walk(here).taken().heard().proposed(outcome="granted").approved().signed()
    encode = here.audio.to_mp3

    def overtaken(_audio: object, source: Path, target: Path) -> object:
        revoke(made)
        return encode(source, target)

    monkeypatch.setattr(type(here.audio), "to_mp3", overtaken)
    kept = set(here.vault.ids("espoo"))
    make_copy(here, made.case.id, made.recordings[0])
    with here.reading() as work:
        one = work.recordings.get(made.recordings[0])
    assert one is not None
    assert set(here.vault.ids("espoo")) - kept == {one.vault_object}
    assert vault_object(made) is None


def test_only_who_handles_cases_here_takes_a_copy_back(made: Walk, here: Office) -> None:
    for who in (clerk("listener", Role.LISTENER), clerk("dpo", Role.DPO), made.citizen):
        with pytest.raises(Forbidden):
            revoke_copy(here, who, made.filed.ref, made.recordings[0], WHY, made.case.moves)
    other = clerk("other", Role.HANDLER, register="janakkala")
    with pytest.raises(Absent):
        revoke_copy(here, other, made.filed.ref, made.recordings[0], WHY, made.case.moves)
    with pytest.raises(Absent):
        revoke_copy(here, made.handler, made.filed.ref, "0" * 32, WHY, made.case.moves)
    assert state(made) is GrantState.OPEN


def test_a_wav_is_the_same_call_and_leaves_nothing_behind(made: Walk, here: Office) -> None:
    file = hand_over.open_copy(here, made.citizen, made.filed.ref, 1, Form.WAV)
    data = b"".join(file.read(0, file.size))
    assert (data[:4], len(data)) == (b"RIFF", file.size)
    assert b"".join(file.read(100, 300)) == data[100:300]
    assert list(here.scratch.iterdir()) == []
    file.close()


def test_passages_marked_after_the_copy_was_made_never_open_the_whole_call(here: Office) -> None:
    """What is decoded is what the copy was made of, whatever is being marked in the case now."""
    found = walk(here)
    files = here.sources["fake-espoo"].files  # type: ignore[attr-defined]  # a FakeSource
    files.update(dict.fromkeys(files, CALL.read_bytes()))
    found.taken().heard()
    where = (found.filed.ref, found.recordings[0])
    first = redact.save_passages(here, found.listener, *where, [Typed("0.02,00", "0.03,50", "R15-4")], "mute", "")
    redact.submit(here, found.listener, *where, first.edition)
    runner.drain(here)
    second = clerk("second", Role.LISTENER)
    review = redact.review(here, second, *where)
    assert review is not None
    redact.approve_redaction(here, second, *where, review.edition)
    found.proposed(**PART).approved().signed()
    runner.drain(here)
    before = hand_over.open_copy(here, found.citizen, found.filed.ref, 1, Form.WAV)
    sound = b"".join(before.read(0, before.size))
    inquired(found)
    review = redact.review(here, second, *where)
    assert review is not None
    redact.save_passages(here, found.listener, *where, [Typed("0.05,00", "0.06,00", "R15-4")], "mute", review.edition)
    again = hand_over.open_copy(here, found.citizen, found.filed.ref, 1, Form.WAV)
    assert b"".join(again.read(0, again.size)) == sound
    answer = lists.reply(here, found.citizen, found.filed.ref)
    assert answer is not None
    assert answer.copies[0].gaps == ((2, 4),)
