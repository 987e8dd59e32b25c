"""A text marked for legal review counts as approved in the words that were approved, and in no others (rule V17)."""

from pathlib import Path

import pytest

from portal.adapters.letters import approvals
from portal.adapters.letters.approvals import BadApprovals, approval_lines, marked_texts, unapproved
from portal.domain.letters import LEGAL_REVIEW
from tests.letters.library import LIBRARY

ENTRY = """[[approval]]
statement = "{}"
language = "{}"
sha256 = "{}"
approver_role = "Lakimies"
approved_on = 2026-11-20
"""
# as the specification marks them
MARKED = {"S05b", "S05c", "S05p", "S07b", "S08", "S12", "S14", "S18", "S19", "S20", "S21a", "S21b", "S22"}
# variants of marked statements, and what an authority says of a transfer that the law does not know
MARKED |= {"S05o", "S16i", "S16m", "S19b"}


def record(tmp_path: Path, *left_out: tuple[str, str]) -> Path:
    """A record that approves every marked text but those left out."""
    path = tmp_path / "approvals.toml"
    entries = [ENTRY.format(*text, sha) for text, sha in marked_texts().items() if text not in left_out]
    path.write_text("\n".join(entries), encoding="utf-8")
    return path


def test_the_marks_are_those_of_the_specification_and_every_line_of_article_15() -> None:
    assert {"S12" if code.startswith("S12") else code for code in LEGAL_REVIEW} == MARKED
    assert {code for code in LIBRARY if code.startswith("S12")} <= set(LEGAL_REVIEW) <= set(LIBRARY)


def test_without_a_record_nothing_marked_is_approved() -> None:
    assert unapproved(None) == tuple(marked_texts())
    assert len(unapproved(None)) == (len(LEGAL_REVIEW) + 1) * 3
    assert ("appeal", "sv") in unapproved(None)


def test_a_full_record_approves_everything_and_a_gap_is_named(tmp_path: Path) -> None:
    assert unapproved(record(tmp_path)) == ()
    assert unapproved(record(tmp_path, ("S20", "sv"), ("appeal", "fi"))) == (("S20", "sv"), ("appeal", "fi"))


def test_a_changed_word_undoes_the_approval_and_a_moved_line_end_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = record(tmp_path)
    words = approvals._words
    monkeypatch.setattr(approvals, "_words", lambda code, language: words(code, language).replace(" ", "\n"))
    assert unapproved(path) == ()
    monkeypatch.setattr(approvals, "_words", lambda code, language: words(code, language).replace("oikeus", "lupa"))
    assert ("S20", "fi") in unapproved(path)
    assert ("S20", "sv") not in unapproved(path)


def test_the_list_shows_state_role_day_and_hash_of_each_text(tmp_path: Path) -> None:
    path = record(tmp_path, ("S08", "en"))
    path.write_text(path.read_text("utf-8") + ENTRY.format("S08", "en", "0" * 64), "utf-8")
    lines = {tuple(line.split()[:2]): line for line in approval_lines(path)}
    assert "changed since 2026-11-20 Lakimies" in lines["S08", "en"]
    assert "approved 2026-11-20 Lakimies" in lines["S08", "fi"]
    assert lines["S08", "fi"].endswith(marked_texts()["S08", "fi"])
    assert all("not approved" in line for line in approval_lines(None))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("not toml", "approvals.toml: "),
        ('approval = "S20"', r"\[\[approval\]\]"),
        (ENTRY.format("S01", "fi", "0" * 64), "approval 1: no marked statement is called 'S01'"),
        (ENTRY.format("S20", "de", "0" * 64), "'de' is no language"),
        (ENTRY.format("S20", "fi", "abc"), "64 hexadecimal digits"),
        (ENTRY.format("S20", "fi", "0" * 64).replace("Lakimies", " "), "approver_role is missing"),
        (ENTRY.format("S20", "fi", "0" * 64).replace("2026-11-20", '"soon"'), "approved_on must be a day"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "approvals.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadApprovals, match=reason):
        unapproved(path)


def test_a_record_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadApprovals, match=r"none\.toml"):
        unapproved(tmp_path / "none.toml")
