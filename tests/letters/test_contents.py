"""What letters say beside the matrix: remedies, secrecy, decision makers, enclosures, corrections, mixed decisions."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from portal.adapters.letters.render import letter_html
from portal.domain.decisions import ItemDecision, LetterKind, Outcome, Reasons
from portal.domain.letters import Corrected, OtherController, contains_identity_code
from portal.domain.register import Sector
from portal.domain.rights import Right
from portal.domain.words import Language
from tests.letters.library import enclosed, flat, sections, stands_in, telling, text_of
from tests.letters.make_register import make_letter, make_register
from tests.letters.printed import print_letter, printed

EVERY = [
    pytest.param(kind, language, sector, id=f"{kind}-{language}-{sector}")
    for kind in LetterKind
    for language in Language
    for sector in (Sector.MUNICIPAL, Sector.PRIVATE)
]
_WITHOUT_REMEDY = {
    LetterKind.ACK,
    LetterKind.ASK,
    LetterKind.EXTEND,
    LetterKind.VISIT,
    LetterKind.REQUEST_WITHDRAWN,
    LetterKind.VISIT_CERTIFICATE,
}
_UNDECIDING = {*_WITHOUT_REMEDY, LetterKind.COMPLAINT_SHEET}
_TITLES = {Language.FI: "Valitusosoitus", Language.SV: "Besvärsanvisning", Language.EN: "Appeal instructions"}


@pytest.mark.parametrize(("kind", "language", "sector"), EVERY)
def test_the_remedy_is_the_sectors_own(kind: LetterKind, language: Language, sector: Sector) -> None:
    letter = printed(kind, language, sector)
    with_remedy = kind not in _WITHOUT_REMEDY
    assert (telling("S21b", language) in letter.text) == (sector.public and with_remedy)
    assert (telling("S21a", language) in letter.text) == (not sector.public and with_remedy)
    assert (f">{_TITLES[language]}</h2>" in letter.html) == (sector.public and with_remedy)


@pytest.mark.parametrize(("kind", "language", "sector"), EVERY)
def test_no_placeholder_gap_or_identity_code_is_left(kind: LetterKind, language: Language, sector: Sector) -> None:
    letter = printed(kind, language, sector)
    assert not re.search(r"[{}]|None|&nbsp;|&amp;|\.\.|\bUndefined\b|Decimal|datetime", letter.text)
    assert 'class="missing"' not in letter.html
    assert not re.search(r"\d{6}[-+A]\d{3}\w", letter.text)
    assert not contains_identity_code(letter.facts)


@pytest.mark.parametrize("sector", [Sector.MUNICIPAL, Sector.PRIVATE])
def test_the_same_statements_stand_in_all_three_languages_in_the_same_order(sector: Sector) -> None:
    for kind in LetterKind:
        orders = [
            ["S05" if code in ("S05a", "S05b", "S05c") else code for code in sections(printed(kind, each, sector).html)]
            for each in Language
        ]
        assert orders[0] == orders[1] == orders[2], kind


@pytest.mark.parametrize("kind", LetterKind)
def test_a_public_decision_is_marked_secret_and_a_notice_or_private_answer_is_not(kind: LetterKind) -> None:
    decides = kind not in _UNDECIDING
    assert ("Salassa pidettävä" in printed(kind, Language.FI, Sector.MUNICIPAL).html) == decides
    assert ("Sekretessbelagd" in printed(kind, Language.SV, Sector.MUNICIPAL).html) == decides
    assert "Salassa" not in printed(kind, Language.FI, Sector.PRIVATE).html


@pytest.mark.parametrize("kind", LetterKind)
def test_an_english_letter_of_an_authority_says_which_text_is_decisive(kind: LetterKind) -> None:
    assert "text is decisive" in printed(kind, Language.EN, Sector.MUNICIPAL).text
    assert "decisive" not in printed(kind, Language.EN, Sector.PRIVATE).text


def test_a_refusal_names_its_decision_maker_and_carries_facts_provision_and_assessment() -> None:
    text = printed(LetterKind.REFUSE, Language.FI, Sector.MUNICIPAL).text
    assert "Kieltäytymistodistus: pääsy omiin tietoihin" in text
    assert "Päätöksen tekijä Testi Virkanen, tietopalvelupäällikkö" in text
    assert (
        "Tosiseikat: Tallenteella puhuu myös toinen henkilö. Hän kertoo omista asioistaan. Sovellettu säännös:" in text
    )
    assert "Sovellettu säännös: tietosuojalaki (1050/2018), 34 §:n 1 momentin 2 kohta." in text
    assert "Arviomme: Arvioimme asiaa tämän puhelun sisällön perusteella." in text
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


@pytest.mark.parametrize("language", list(Language))
def test_an_access_letter_names_who_else_was_given_these_data(language: Language) -> None:
    letter = make_letter(LetterKind.GRANT, language, recipients_named=("Esimerkin poliisilaitos",))
    assert sections(letter_html(letter))["S12c"].endswith("Puheoperaattori Oy; Esimerkin poliisilaitos.")


def test_every_answer_encloses_both_remedies_unless_it_states_them() -> None:
    granted = printed(LetterKind.ERASED, Language.FI, Sector.PRIVATE)
    assert list(enclosed(granted.html)) == ["S20", "S21a"]
    assert "Liite: valitusohje" in granted.text
    public = printed(LetterKind.ERASED, Language.FI, Sector.MUNICIPAL)
    assert "Liitteet: valitusohje, valitusosoitus" in public.text
    assert public.text.index("Valitusohje") < public.text.index("Valitusosoitus Tähän päätökseen tyytymätön")
    assert enclosed(printed(LetterKind.REFUSE, Language.FI, Sector.PRIVATE).html) == {}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (Language.FI, "Tämä kirje tulee aiemman kirjeemme tilalle. Aiempi kirje: kieltäytymistodistus, 3.11.2026."),
        (Language.SV, "Detta brev ersätter vårt tidigare brev. Det tidigare brevet: intyg över vägran, den 3.11.2026."),
        (Language.EN, "This letter takes the place of our earlier letter. The earlier letter: refusal certificate, "
                      "3.11.2026."),
    ],
)  # fmt: skip
def test_a_correction_names_the_letter_whose_place_it_takes(language: Language, sentence: str) -> None:
    corrects = Corrected(LetterKind.REFUSE, date(2026, 11, 3))
    text = print_letter(make_letter(LetterKind.PART, language, corrects=corrects)).text
    assert text.index(sentence) < text.index(flat(telling("S09b", language)))


def _mixed(kind: LetterKind, right: Right, *items: ItemDecision, sector: Sector = Sector.MUNICIPAL) -> dict[str, str]:
    return sections(letter_html(make_letter(kind, Language.FI, make_register(sector), right=right, items=items)))


def test_calls_of_different_fates_are_each_answered_in_one_letter() -> None:
    granted = ItemDecision(1, Outcome.GRANTED, None, "a")
    elsewhere = ItemDecision(2, Outcome.OTHER_CONTROLLER, None, "b", elsewhere="Esimerkkilän kunta")
    none = ItemDecision(3, Outcome.NO_RECORDING, None, "c")
    silent = ItemDecision(4, Outcome.NO_REPLY, Reasons("R12-6", "Kysyimme.", "Emme tiedä, kuka pyytää."), "d")
    found = _mixed(LetterKind.GRANT, Right.ACCESS, granted, elsewhere)
    assert "Esimerkkilän" in found["S16g"]
    assert {"S09a", "S16h"} <= set(_mixed(LetterKind.GRANT, Right.ACCESS, granted, elsewhere, sector=Sector.PRIVATE))
    assert {"S15a", "S16g"} <= set(_mixed(LetterKind.NO_RECORDINGS, Right.ERASURE, none, elsewhere))
    assert {"S09b", "S10", "S15a"} <= set(_mixed(LetterKind.PART, Right.ACCESS, granted, silent, none))
    assert {"S09c", "S10", "S16g"} <= set(_mixed(LetterKind.REFUSE, Right.ACCESS, silent, elsewhere, none))


@pytest.mark.parametrize("language", list(Language))
def test_an_authority_points_to_a_private_controller_and_transfers_to_an_authority_alone(language: Language) -> None:
    private = ItemDecision(
        1, Outcome.OTHER_CONTROLLER, None, "a", elsewhere="Mallilan Puhelin Oy", elsewhere_private=True
    )
    town = ItemDecision(2, Outcome.OTHER_CONTROLLER, None, "b", elsewhere="Esimerkkilän kunta")
    pointed = make_letter(LetterKind.OTHER_CONTROLLER, language, items=(private,), other_controller=None)
    found = sections(letter_html(pointed))
    assert "S16g" not in found
    assert "Mallilan Puhelin Oy" in found["S16i"]
    assert "20.11.2026" not in text_of(letter_html(pointed))
    both = sections(letter_html(replace(
        pointed, items=(private, town), other_controller=OtherController("Esimerkkilän kunta", date(2026, 11, 20))
    )))  # fmt: skip
    assert "Mallilan Puhelin" not in both["S16g"]
    assert "Esimerkkilän" not in both["S16i"]


@pytest.mark.parametrize("language", list(Language))
def test_a_lifting_that_is_taken_back_is_told_by_a_letter_that_names_the_notice(language: Language) -> None:
    notice = make_letter(LetterKind.RESTRICTION_LIFTING, language)
    assert notice.lifting
    back = replace(
        notice, lifting=replace(notice.lifting, taken_back=True, reply_by=notice.letter_date),
        corrects=Corrected(LetterKind.RESTRICTION_LIFTING, date(2026, 11, 3)),
    )  # fmt: skip
    found = sections(letter_html(back))
    assert stands_in("S19b", language, found["S19b"])
    assert "S19" not in found
    assert "3.11.2026" in text_of(letter_html(back))


@pytest.mark.parametrize("language", list(Language))
def test_a_question_says_that_the_openness_acts_limit_runs_on(language: Language) -> None:
    found = sections(letter_html(make_letter(LetterKind.ASK, language)))
    assert "17.11.2026" in found["S05o"]
    assert "S05p" in found
    assert "S05o" not in sections(letter_html(make_letter(LetterKind.ASK, language, openness_due=None)))


@pytest.mark.parametrize("language", list(Language))
def test_copies_before_a_partial_erasure_are_given_and_the_rest_refused_in_one_letter(language: Language) -> None:
    granted = ItemDecision(1, Outcome.GRANTED, None, "a")
    refused = ItemDecision(2, Outcome.REFUSED, Reasons("R17-3b", "Laki velvoittaa.", "Tiedot tarvitaan vielä."), "b")
    letter = make_letter(LetterKind.PART, language, right=Right.ERASURE, items=(granted, refused), copy_first=True)
    found = set(sections(letter_html(replace(letter, omissions=()))))
    assert {"S09b", "S10", "S11", "S12d", "S20", "S21b"} <= found
    assert not found & {"S16b", "S16k", "S17a", "S17n"}


def test_an_objection_met_and_data_erased_after_a_withdrawal_are_told() -> None:
    met = (ItemDecision(1, Outcome.GRANTED, None, "markkinointi"),)
    assert {"S09a", "S16d"} <= set(_mixed(LetterKind.OBJECTION, Right.OBJECTION, *met))
    withdrawn = make_letter(LetterKind.CONSENT_WITHDRAWN, items=met, erased=("tallenne 17.5.2026",))
    assert {"S16e", "S16b"} <= set(sections(letter_html(withdrawn)))


def test_recipients_who_were_not_told_are_named_with_the_reason_and_none_is_said_too() -> None:
    untold = make_letter(
        LetterKind.ERASED, recipients_told=(), recipients_not_told=("X Oy",), not_told_why="se on lakannut"
    )
    assert "X Oy" in sections(letter_html(untold))["S17b"]
    assert "S17n" in sections(letter_html(make_letter(LetterKind.ERASED, recipients_told=())))


def test_a_recording_that_was_erased_before_the_request_is_said_to_be() -> None:
    erased = make_letter(LetterKind.NO_RECORDINGS, erased_on=date(2026, 10, 1))
    assert "1.10.2026" in sections(letter_html(erased))["S15b"]
