"""Each kind of letter in each language and sector states what the law demands, and nothing that belongs to others."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.domain.decisions import MATRIX, LetterKind
from portal.domain.letters import contains_identity_code, statements
from portal.domain.register import Sector
from portal.domain.words import Language
from tests.letters.make_register import make_letter, make_register
from tests.letters.phrases import PHRASES
from tests.letters.printed import flat, print_letter, printed

EVERY = [
    pytest.param(kind, language, sector, id=f"{kind}-{language}-{sector}")
    for kind in LetterKind
    for language in Language
    for sector in Sector
]
_DECISION_WITH_APPEAL = {
    LetterKind.PART,
    LetterKind.REFUSE,
    LetterKind.RECTIFICATION_REFUSED,
    LetterKind.OBJECTION,
    LetterKind.CONSENT_WITHDRAWN,
    LetterKind.PORTABILITY,
}
_TITLES = {Language.FI: "Valitusosoitus", Language.SV: "Besvärsanvisning", Language.EN: "Appeal instructions"}


def marks(html: str) -> list[str]:
    """The statements marked in the letter, once each, in printing order."""
    return list(dict.fromkeys(re.findall(r'data-s="(S[^"]+)"', html)))


@pytest.mark.parametrize(("kind", "language", "sector"), EVERY)
def test_every_required_statement_stands_in_the_pdf_and_no_other(
    kind: LetterKind, language: Language, sector: Sector
) -> None:
    letter = printed(kind, language, sector)
    expected = statements(letter.facts)
    for code in expected:
        assert PHRASES[code][language] in letter.text, code
    assert set(marks(letter.html)) == set(expected)


@pytest.mark.parametrize(("kind", "language", "sector"), EVERY)
def test_the_matrix_of_the_law_is_met_variant_for_variant(kind: LetterKind, language: Language, sector: Sector) -> None:
    found = marks(printed(kind, language, sector).html)
    for code in MATRIX[kind].required:
        assert any(each.startswith(code) for each in found), code


@pytest.mark.parametrize(("kind", "language", "sector"), EVERY)
def test_the_remedy_is_the_sectors_own(kind: LetterKind, language: Language, sector: Sector) -> None:
    letter = printed(kind, language, sector)
    appealable = sector.public and kind in _DECISION_WITH_APPEAL
    assert (PHRASES["S21b"][language] in letter.text) == appealable
    assert (PHRASES["S21a"][language] in letter.text) == (not sector.public and kind in _DECISION_WITH_APPEAL)
    assert (f">{_TITLES[language]}</h2>" in letter.html) == appealable


@pytest.mark.parametrize(("kind", "language", "sector"), EVERY)
def test_no_placeholder_gap_or_identity_code_is_left(kind: LetterKind, language: Language, sector: Sector) -> None:
    letter = printed(kind, language, sector)
    assert not re.search(r"[{}]|None|&nbsp;|&amp;|\.\.|\bUndefined\b|Decimal|datetime", letter.text)
    assert 'class="missing"' not in letter.html
    assert not re.search(r"\d{6}[-+A]\d{3}\w", letter.text)
    assert not contains_identity_code(letter.facts)


@pytest.mark.parametrize("sector", Sector)
def test_the_same_statements_stand_in_all_three_languages_in_the_same_order(sector: Sector) -> None:
    for kind in LetterKind:
        orders = [
            [
                "S05" if code[:3] == "S05" and code != "S05p" else code
                for code in marks(printed(kind, each, sector).html)
            ]
            for each in Language
        ]
        assert orders[0] == orders[1] == orders[2], kind


@pytest.mark.parametrize("kind", LetterKind)
def test_a_public_decision_is_marked_secret_and_a_notice_or_private_answer_is_not(kind: LetterKind) -> None:
    decides = kind not in (LetterKind.ACK, LetterKind.ASK, LetterKind.EXTEND)
    assert ("Salassa pidettävä" in printed(kind, Language.FI, Sector.MUNICIPAL).html) == decides
    assert ("Sekretessbelagd" in printed(kind, Language.SV, Sector.STATE).html) == decides
    assert "Salassa" not in printed(kind, Language.FI, Sector.PRIVATE).html


@pytest.mark.parametrize("kind", LetterKind)
def test_an_english_letter_of_an_authority_says_which_text_is_decisive(kind: LetterKind) -> None:
    assert "text is decisive" in printed(kind, Language.EN, Sector.MUNICIPAL).text
    assert "decisive" not in printed(kind, Language.EN, Sector.PRIVATE).text


def test_a_refusal_names_its_decision_maker_and_carries_facts_provision_and_assessment() -> None:
    text = printed(LetterKind.REFUSE, Language.FI, Sector.MUNICIPAL).text
    assert "Kieltäytymistodistus: pääsy omiin tietoihin" in text
    assert "Päätöksen tekijä Testi Virkanen, tietopalvelupäällikkö" in text
    assert "Tosiseikat: Tosiseikka A. Tosiseikka B. Sovellettu säännös:" in text
    assert "Sovellettu säännös: tietosuojalaki (1050/2018), 34 §:n 1 momentin 2 kohta." in text
    assert "Arviomme: Arvio tästä asiasta." in text
    assert "Toimivaltainen tuomioistuin: Mallilan hallinto-oikeus" in text


@pytest.mark.parametrize("kind", [LetterKind.REFUSE, LetterKind.ACK])
def test_a_decision_says_how_the_applicant_was_identified_and_a_notice_does_not(kind: LetterKind) -> None:
    known = replace(
        make_letter(kind, Language.FI, make_register(Sector.MUNICIPAL)),
        identified_at=datetime(2026, 6, 18, 9, 0, tzinfo=UTC), identified_ref="0a1b2c3d4e5f",
    )  # fmt: skip
    text = print_letter(known).text
    said = "vahvalla sähköisellä tunnistuksella 18.6.2026 klo 12.00 (tapahtuma 0a1b2c3d4e5f)"
    assert (flat(said) in text) == known.is_decision


def test_a_partial_grant_lists_every_passage_left_out_and_why() -> None:
    text = printed(LetterKind.PART, Language.SV, Sector.MUNICIPAL).text
    assert (
        "2.14–2.21, 4.50–4.53, sammanlagt 10 s. Grund: allmänna dataskyddsförordningen (EU) 2016/679, artikel 15.4"
        in text
    )


def test_an_access_letter_gives_the_article_15_information_of_its_register() -> None:
    text = printed(LetterKind.GRANT, Language.EN, Sector.MUNICIPAL).text
    assert "Storage period: 6 months. This recording will be erased on 17.11.2026." in text
    assert "Puheoperaattori Oy" in text
    assert "Article 6(1): e) task in the public interest" in text
    assert flat("objection to processing.") in text
    assert "portability" not in text
