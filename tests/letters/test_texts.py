"""The set of templates answers the rules of the registers: complete in each language, without an identity code."""

from pathlib import Path

import pytest

from portal.adapters.letters import texts
from portal.adapters.letters.approvals import marked_texts
from portal.domain.words import Language


@pytest.mark.parametrize("language", Language)
def test_every_language_has_every_template(language: Language) -> None:
    assert texts.missing_in(language) == ()


def test_a_template_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(texts, "TEMPLATES", tmp_path)
    assert "letters/fee/sv.html" in texts.missing_in(Language.SV)


def test_no_template_has_a_placeholder_for_the_identity_code() -> None:
    assert texts.with_identity_code() == ()


def test_such_a_placeholder_would_be_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text("<p>{{ f.identity_code }}</p>", encoding="utf-8")
    monkeypatch.setattr(texts, "TEMPLATES", tmp_path)
    assert texts.with_identity_code() == ("letters/bad.html",)


def test_without_a_record_every_marked_text_of_the_language_awaits_approval() -> None:
    waiting = texts.unapproved_in(None)[Language.FI]
    assert set(waiting) == {code for code, language in marked_texts() if language == "fi"}
