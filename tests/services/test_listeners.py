"""Who may hear which recording is asked of every way to the sound, and those who may are asked to listen."""

from dataclasses import replace
from typing import Any

import pytest

from portal.domain.access import Actor, Forbidden, Role
from portal.domain.case import Verdict, Wishes
from portal.domain.lifecycle import NotNow
from portal.domain.rights import Right
from portal.services import check_speaker, choose_call, listen, lists, staff_recorder
from portal.services.listeners import NotListener, answer_review, ask_boxes, ask_review, asked_of
from portal.services.office import Office
from portal.services.ports import Absent
from portal.services.redact import (
    Typed,
    approve_redaction,
    drop_redaction,
    hear_passage,
    open_rendered,
    picture,
    return_redaction,
    review,
    save_passages,
    speech_turns,
    submit,
)
from portal.services.staff_recorder import BadLink, link_by_login, link_staff
from portal.services.transcribe import load_transcript, write_transcript
from tests import make
from tests.services.walk import Walk, clerk, walk

STRANGER = clerk("stranger", Role.LISTENER, Role.HANDLER)
SECOND = clerk("second", Role.LISTENER)
TE = "te_kaakkois_suomi"


def chosen(here: Office, register: str = "espoo", **changes: Any) -> Walk:
    """A case in hand whose one recording is chosen."""
    make.recorded(here, make.segment(**changes), register=register)
    made = walk(here, make.request(wishes=Wishes(transcript=True)), register=register, found=0).taken()
    choose_call.choose_call(here, made.handler, made.filed.ref, made.recordings[0], 1, it_is=True, seen=made.case.moves)
    return made


def hears(made: Walk, who: Actor) -> bool:
    try:
        return listen.open_recording(made.office, who, made.filed.ref, made.recordings[0]).size > 0
    except NotListener:
        return False


def ask(made: Walk, of: str = "", who: Actor | None = None) -> None:
    ask_review(made.office, who or made.handler, made.filed.ref, made.recordings[0], of, made.case.moves)


@pytest.mark.parametrize(
    "way",
    [
        lambda here, who, ref, one, seen: listen.open_recording(here, who, ref, one),
        lambda here, who, ref, one, seen: review(here, who, ref, one),
        lambda here, who, ref, one, seen: save_passages(here, who, ref, one, [Typed("0", "1", "R15-4")], "mute", ""),
        lambda here, who, ref, one, seen: submit(here, who, ref, one, ""),
        lambda here, who, ref, one, seen: approve_redaction(here, who, ref, one, ""),
        lambda here, who, ref, one, seen: return_redaction(here, who, ref, one, ""),
        lambda here, who, ref, one, seen: drop_redaction(here, who, ref, one, ""),
        lambda here, who, ref, one, seen: open_rendered(here, who, ref, one, 1),
        lambda here, who, ref, one, seen: hear_passage(here, who, ref, one, 0),
        lambda here, who, ref, one, seen: speech_turns(here, who, ref, one),
        lambda here, who, ref, one, seen: picture(here, who, ref, one, 100),
        lambda here, who, ref, one, seen: load_transcript(here, who, ref, one),
        lambda here, who, ref, one, seen: write_transcript(here, who, ref, one, "A: b", complete=False, seen=""),
        lambda here, who, ref, one, seen: check_speaker.check_speaker(here, who, ref, one, Verdict.FITS, "x", seen),
        lambda here, who, ref, one, seen: answer_review(here, who, ref, one, ""),
    ],
)
def test_no_way_to_the_sound_is_open_to_whom_the_notice_does_not_name(here: Office, way) -> None:  # type: ignore[no-untyped-def]
    made = chosen(here)
    before = made.actions
    with pytest.raises(NotListener):
        way(here, STRANGER, made.filed.ref, made.recordings[0], made.case.moves)
    assert made.actions == before


def test_in_espoo_the_agent_and_the_supervisor_hear_the_call_and_the_case_handler_does_not(here: Office) -> None:
    made = chosen(here)
    assert [hears(made, who) for who in (made.listener, SECOND, STRANGER)] == [True, True, False]
    shown = lists.case_view(here, STRANGER, made.filed.ref).candidates
    assert [(one.recording is not None, one.hearable) for one in shown] == [(True, False)]


def test_another_agents_call_is_not_the_agents_to_hear(here: Office) -> None:
    made = chosen(here, agent="B. Agentti")
    assert [hears(made, who) for who in (made.listener, SECOND)] == [False, False]


def test_a_call_without_an_agents_name_is_for_those_who_supervise_somebody(here: Office) -> None:
    made = chosen(here, agent=None)
    assert [hears(made, who) for who in (made.listener, SECOND, STRANGER)] == [False, True, False]


def test_an_administrator_hears_nothing_even_as_the_agent_of_the_call(here: Office) -> None:
    made = chosen(here)
    both = clerk("both", Role.LISTENER, Role.ADMINISTRATOR)
    with pytest.raises(Forbidden):
        hears(made, both)
    assert not lists.case_view(here, clerk("both", *Role), made.filed.ref).candidates[0].hearable


@pytest.mark.parametrize("register", ["janakkala", "pikkujatti", "pk_terveys"])
def test_elsewhere_every_listener_hears(here: Office, register: str) -> None:
    made = chosen(here, register)
    assert hears(made, clerk("stranger", Role.LISTENER, register=register))


def test_at_the_te_office_the_handler_hears_and_others_once_they_are_asked_until_they_have_answered(
    here: Office,
) -> None:
    made = chosen(here, TE)
    ref, one = made.filed.ref, made.recordings[0]
    handler = clerk("handler", Role.HANDLER, Role.LISTENER, register=TE)
    made_listener, _other = (make.clerk(here, login, Role.LISTENER, register=TE).actor for login in ("liisa", "onni"))
    assert [hears(made, who) for who in (handler, made_listener)] == [True, False]
    ask(made, made_listener.id)
    assert hears(made, made_listener)
    answer_review(here, made_listener, ref, one, "Ei ole hän.")
    assert not hears(made, made_listener)
    with pytest.raises(Absent):
        ask(made)  # several at once: nobody is let in who is not needed


def test_those_who_may_are_asked_see_it_and_close_it_by_their_verdict(here: Office) -> None:
    made = chosen(here)
    aino, veikko = (make.clerk(here, login, Role.LISTENER).actor for login in ("aino", "veikko"))
    box = ask_boxes(here, made.handler, made.filed.ref, made.recordings)[made.recordings[0]]
    assert [name for _id, name in box.people] == ["Aino Testi", "Veikko Testi"]
    ask(made)
    assert made.actions[-1] == "review_asked"
    assert [one.ref for one in asked_of(here, aino)] == [one.ref for one in asked_of(here, veikko)] == [made.filed.ref]
    check_speaker.check_speaker(
        here, aino, made.filed.ref, made.recordings[0], Verdict.FITS, "sanoo nimensä", made.case.moves
    )
    assert made.actions[-2:] == ["speaker_checked", "review_answered"]
    assert (asked_of(here, aino), asked_of(here, veikko)) == ((), ())
    box = ask_boxes(here, made.handler, made.filed.ref, made.recordings)[made.recordings[0]]
    assert all(one.done for one in box.asked)


def test_whoever_has_listened_answers_in_words(here: Office) -> None:
    made = chosen(here)
    aino = make.clerk(here, "aino", Role.LISTENER).actor
    ask(made, aino.id)
    answer_review(here, aino, made.filed.ref, made.recordings[0], "  Toinen asia.  ")
    with here.reading() as work:
        told = [entry.facts for entry in work.cases.timeline(made.case) if entry.action == "review_answered"]
    assert told == [{"recording": made.recordings[0], "text": "Toinen asia."}]
    with pytest.raises(NotNow):
        answer_review(here, aino, made.filed.ref, made.recordings[0], "")


def test_only_those_who_may_hear_are_asked_and_never_oneself_or_a_leaver(here: Office) -> None:
    made = chosen(here, agent="B. Agentti")
    with pytest.raises(NotNow, match="nobody_may_listen"):
        ask(made)
    aino = make.clerk(here, "aino", Role.LISTENER).actor
    with pytest.raises(NotNow, match="nobody_may_listen"):
        ask(made, aino.id)
    make.heard_by(here, aino.id, agent="B. Agentti")
    with pytest.raises(NotNow, match="nobody_may_listen"):
        ask(made, who=replace(aino, roles=frozenset({Role.HANDLER, Role.LISTENER})))
    with pytest.raises(Absent):
        ask(made, SECOND.id)
    ask(made)
    assert asked_of(here, aino)
    with here.writing() as work:
        work.staff.disable(aino.id, here.now())
    with pytest.raises(NotNow, match="nobody_may_listen"):
        ask(made)


def test_a_listener_may_not_ask_and_a_page_that_is_overtaken_asks_nobody(here: Office) -> None:
    made = chosen(here)
    with pytest.raises(Forbidden):
        ask(made, who=SECOND)
    with pytest.raises(NotNow, match="moved"):
        ask_review(here, made.handler, made.filed.ref, made.recordings[0], "", made.case.moves - 1)
    with pytest.raises(Absent):
        ask_review(here, made.handler, made.filed.ref, "0" * 32, "", made.case.moves)
    assert "review_asked" not in made.actions


def test_the_second_listener_is_the_agent_or_the_supervisor_and_not_the_author(here: Office) -> None:
    made = chosen(here)
    ref, one = made.filed.ref, made.recordings[0]
    for who, error in ((STRANGER, Forbidden), (made.listener, NotNow), (SECOND, NotNow)):
        with pytest.raises(error):
            approve_redaction(here, who, ref, one, "")


# --- who is who in the recorder ------------------------------------------------------------------------------------


def administrator() -> Actor:
    return clerk("boss", Role.ADMINISTRATOR)


def test_an_administrator_says_who_a_colleague_is_and_it_is_recorded(here: Office) -> None:
    aino, veikko = (make.clerk(here, login, Role.HANDLER).actor.id for login in ("aino", "veikko"))
    link_staff(here, administrator(), aino, ("  Neuvoja   11 ", "", "neuvoja 11", "N-12"), ("VEIKKO ", ""))
    with here.reading() as work:
        link = work.listeners.links("espoo")[aino]
        rows = work.trail.page("espoo", None, 5, "staff_linked")
    assert link.names == ("N-12", "neuvoja 11")
    assert link.supervisors == (veikko,)
    assert [row.object for row in rows] == [aino]


@pytest.mark.parametrize(
    ("names", "above", "code"),
    [
        (("Neuvoja 11",), (), "taken"),
        (tuple(f"n {n}" for n in range(staff_recorder.MOST_NAMES + 1)), (), "many"),
        (("x" * 81,), (), "long"),
        ((), ("nobody",), "unknown"),
        ((), ("stranger-elsewhere",), "unknown"),
        ((), ("aino",), "own"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    here: Office, names: tuple[str, ...], above: tuple[str, ...], code: str
) -> None:
    aino, veikko = (make.clerk(here, login, Role.HANDLER).actor.id for login in ("aino", "veikko"))
    make.clerk(here, "stranger-elsewhere", Role.HANDLER, register="janakkala")
    link_staff(here, administrator(), veikko, ("NEUVOJA 11",), ())
    link_staff(here, administrator(), aino, ("Neuvoja 10",), ())
    with pytest.raises(BadLink) as fault:
        link_staff(here, administrator(), aino, names, above)
    assert fault.value.code == code
    with here.reading() as work:
        assert work.listeners.links("espoo")[aino].names == ("Neuvoja 10",)


def test_nobody_says_it_of_themselves_and_only_administrators_say_it(here: Office) -> None:
    aino = make.clerk(here, "aino", Role.LISTENER).actor
    with pytest.raises(Forbidden):
        link_staff(here, Actor(aino.kind, aino.id, "espoo", frozenset({Role.ADMINISTRATOR})), aino.id, ("x",), ())
    for role in set(Role) - {Role.ADMINISTRATOR}:
        with pytest.raises(Forbidden):
            link_staff(here, clerk("other", role), aino.id, ("x",), ())


def test_the_command_line_says_it_too(here: Office) -> None:
    aino = make.clerk(here, "aino", Role.HANDLER).actor
    assert link_by_login(here, "espoo", " AINO", ("Neuvoja 11",), ())
    assert not link_by_login(here, "janakkala", "aino", ("Neuvoja 11",), ())
    assert not link_by_login(here, "espoo", "nobody", (), ())
    with here.reading() as work:
        assert work.listeners.standing("espoo", aino.id).own == {"neuvoja 11"}


def test_the_right_to_hear_ends_when_the_name_is_taken_away(here: Office) -> None:
    made = chosen(here)
    link_staff(here, administrator(), made.listener.id, (), ())
    assert [hears(made, who) for who in (made.listener, SECOND)] == [False, False]


def test_a_request_is_heard_the_same_whichever_right_it_is_about(here: Office) -> None:
    made = walk(here, make.request(Right.ERASURE)).taken()
    assert hears(made, made.listener)
    assert not hears(made, STRANGER)
