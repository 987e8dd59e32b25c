"""Rights by legal basis: the table, what exists in each register, and the plain sentence why not."""

from dataclasses import replace

import pytest

from portal.domain.register import Purpose, Register
from portal.domain.rights import LegalBasis, Right, Standing, exists_for, rights_by_law, standing, why_not
from portal.domain.words import Language, Words
from portal.registers.load import load_all

REGISTERS = load_all()
ALWAYS = {Right.ACCESS, Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION}


def resting_on(*bases: LegalBasis, direct_marketing: bool = False) -> Register:
    purpose = Purpose("only", Words("ainoa", "enda", "only"), frozenset(bases), direct_marketing)
    return replace(REGISTERS["espoo"], purposes=(purpose,))


@pytest.mark.parametrize("basis", LegalBasis)
def test_access_rectification_and_restriction_exist_whatever_the_basis(basis):
    for right in (Right.ACCESS, Right.RECTIFICATION, Right.RESTRICTION):
        assert standing(right, basis) is Standing.YES


def test_erasure_follows_withdrawn_consent_and_is_conditional_elsewhere():
    found = {basis: standing(Right.ERASURE, basis) for basis in LegalBasis}
    assert found.pop(LegalBasis.CONSENT) is Standing.YES
    assert set(found.values()) == {Standing.CONDITIONAL}


def test_portability_exists_for_consent_and_contract_alone():
    assert bases_giving(Right.PORTABILITY) == {"a", "b"}


def test_objection_exists_against_public_task_and_legitimate_interest_alone():
    assert bases_giving(Right.OBJECTION) == {"e", "f"}


def test_withdrawal_exists_for_consent_alone():
    assert bases_giving(Right.WITHDRAWAL) == {"a"}


def bases_giving(right: Right) -> set[str]:
    return {str(basis) for basis in LegalBasis if standing(right, basis) is not Standing.NO}


def test_direct_marketing_may_always_be_objected_to():
    (purpose,) = resting_on(LegalBasis.CONTRACT, direct_marketing=True).purposes
    assert exists_for(Right.OBJECTION, purpose)
    assert not exists_for(Right.OBJECTION, replace(purpose, direct_marketing=False))


def test_a_right_exists_if_it_exists_for_any_purpose_and_names_those_purposes():
    marketing = [purpose.code for purpose in rights_by_law(REGISTERS["pk_terveys"])[Right.OBJECTION]]
    portable = rights_by_law(REGISTERS["pk_terveys"])[Right.PORTABILITY]
    assert marketing == ["marketing"]
    assert portable == REGISTERS["pk_terveys"].purposes


@pytest.mark.parametrize("id_", ["janakkala", "te_kaakkois_suomi", "espoo"])
def test_public_registers_give_objection_but_neither_portability_nor_withdrawal(id_):
    assert set(rights_by_law(REGISTERS[id_])) == ALWAYS | {Right.OBJECTION}


def test_what_the_notice_lists_plays_no_part():
    silent = replace(REGISTERS["espoo"], rights_in_notice=frozenset())
    assert rights_by_law(silent) == rights_by_law(REGISTERS["espoo"])


def test_why_not_names_the_basis_and_what_exists_instead():
    words = why_not(Right.PORTABILITY, REGISTERS["espoo"])
    assert "lakisääteiseen velvoitteeseen ja yleistä etua koskevaan tehtävään" in words.fi
    assert "kopia av inspelningen" in words.sv
    assert words.en.endswith("you get a copy of the recording that you can download.")


def test_where_there_is_no_consent_to_withdraw_objection_is_offered_if_it_exists():
    assert "invända" in why_not(Right.WITHDRAWAL, REGISTERS["espoo"]).sv
    assert "poistamista" in why_not(Right.WITHDRAWAL, resting_on(LegalBasis.CONTRACT)).fi


def test_where_there_is_no_objection_withdrawal_or_restriction_is_offered():
    assert "peruuttaa suostumuksesi" in why_not(Right.OBJECTION, resting_on(LegalBasis.CONSENT)).fi
    assert "rajoittamista" in why_not(Right.OBJECTION, resting_on(LegalBasis.CONTRACT)).fi


@pytest.mark.parametrize("basis", LegalBasis)
def test_every_missing_right_has_its_sentence_in_three_languages(basis):
    register = resting_on(basis)
    for right in set(Right) - set(rights_by_law(register)):
        sentences = why_not(right, register)
        assert all("{" not in sentences[language] and sentences[language].endswith(".") for language in Language)


@pytest.mark.parametrize("right", sorted(ALWAYS))
def test_asking_why_an_existing_right_does_not_exist_is_an_error(right):
    with pytest.raises(ValueError, match="exists in espoo"):
        why_not(right, REGISTERS["espoo"])


def test_every_right_cites_its_article():
    assert [right.article for right in Right] == ["15", "16", "17", "18", "20", "21", "7(3)"]
