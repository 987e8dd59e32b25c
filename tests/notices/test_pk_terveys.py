"""Every promise of PK Terveys's notice of 25 May 2018, clause by clause, against the loaded register."""

from datetime import UTC, date, datetime

from portal.domain.register import Sector
from portal.domain.retention import erase_on
from portal.domain.rights import LegalBasis, Right, rights_by_law
from portal.registers.load import FOLDER, load_register

NOTICE = load_register(FOLDER / "pk_terveys.toml")


def test_the_notice_is_in_force_from_25_may_2018_under_the_regulation():
    assert (NOTICE.notice.date, NOTICE.notice.law) == (date(2018, 5, 25), "GDPR")


def test_clause_1_the_controller_is_the_company_with_address_number_and_business_id():
    assert NOTICE.controller.name.fi == "Pohjois-Karjalan Terveyspalvelut Oy"
    assert NOTICE.controller.business_id == "1769016-7"
    assert NOTICE.controller.address == ("Voimatie 2, 2. krs.", "80100 Joensuu")
    assert NOTICE.contact.phone == "010 762 3555"
    assert NOTICE.controller.sector is Sector.PRIVATE


def test_clause_1_the_printed_number_is_the_service_number():
    assert [number.e164 for number in NOTICE.service_numbers] == ["+358107623555"]


def test_clauses_2_and_3_one_mailbox_serves_the_data_protection_officer_and_register_matters():
    assert NOTICE.dpo.email == NOTICE.contact.email == "tietosuoja.pko@sok.fi"
    assert (NOTICE.clauses["dpo"], NOTICE.clauses["contact"]) == ("2", "1, 3")


def test_clause_4_the_register_is_the_customer_register_of_pk_terveys():
    assert NOTICE.name.fi == "PK Terveyden asiakasrekisteri"


def test_clause_5_the_bases_are_contract_consent_and_assignment():
    assert {basis for p in NOTICE.purposes for basis in p.bases} == {LegalBasis.CONSENT, LegalBasis.CONTRACT}


def test_clause_5_contact_persons_of_customer_companies_are_in_the_register():
    assert "yhteyshenkilöiden" in NOTICE.note("company_contacts").fi


def test_clause_5_every_purpose_is_listed():
    assert [purpose.code for purpose in NOTICE.purposes] == [
        "customer_service", "analysis", "feedback", "market_research", "training", "complaints", "text_surveys",
        "marketing",
    ]  # fmt: skip
    assert all(NOTICE.clauses[f"purposes.{p.code}"].startswith("5") for p in NOTICE.purposes)


def test_clause_5_calls_to_customer_service_are_recorded():
    assert any("puhelut tallenteina" in category.fi for category in NOTICE.categories)


def test_clause_5_recordings_serve_training_service_level_studies_instructions_and_complaints():
    purposes = {purpose.code: purpose.name.fi for purpose in NOTICE.purposes}
    for promised in ("koulutus", "palvelutasotutkimukset", "ohjeiden"):
        assert promised in purposes["training"]
    assert "Reklamaatioiden" in purposes["complaints"]


def test_clause_5_callers_may_get_surveys_by_text_message():
    assert any("tekstiviestillä" in purpose.name.fi for purpose in NOTICE.purposes)


def test_clause_6_no_purpose_rests_on_legitimate_interest():
    assert all(LegalBasis.LEGITIMATE_INTEREST not in purpose.bases for purpose in NOTICE.purposes)
    assert "ei perustu" in NOTICE.note("no_legitimate_interest").fi


def test_clause_7_every_category_of_data_is_listed():
    told = " ".join(category.fi for category in NOTICE.categories)
    for promised in ("nimi", "asiakasnumero", "osoite", "tehtävä yrityksessä", "yhteydenpitotapa", "maksu- ja perintä",
                     "palaute", "kiinnostuksen kohteet", "Vakuutusta", "työterveyssopimusta", "käytetyt palvelut",
                     "Kiellot", "suostumukset", "IP-osoite", "selain"):  # fmt: skip
        assert promised in told


def test_clause_8_the_sources_are_the_customer_the_population_register_and_address_services():
    assert "Asiakas itse" in NOTICE.source.fi
    assert "Väestörekisterikeskuksen" in NOTICE.source.fi
    assert "osoite- ja päivityspalvelujen" in NOTICE.source.fi


def test_clause_9_service_partners_and_authorities_receive_data():
    assert {(r.code, r.kind) for r in NOTICE.recipients} == {
        ("service_partners", "processor"), ("authorities", "authority"),
    }  # fmt: skip


def test_clause_9_others_receive_data_only_by_contract_consent_or_statute():
    assert "vain sopimuksen, suostumuksen tai säädösten mukaan" in NOTICE.note("disclosures").fi
    assert "Kumppanien" in NOTICE.note("disclosures").fi


def test_clause_10_nothing_is_transferred_to_third_countries_or_international_organisations():
    assert NOTICE.confirmed.no_third_country_transfers
    assert NOTICE.clauses["confirmed"] == "10, 15"


def test_clause_11_call_recordings_are_kept_thirty_days_and_not_a_month():
    rule = NOTICE.rule("customer_service")
    assert rule.period == "P30D"
    assert erase_on(datetime(2027, 2, 1, 10, tzinfo=UTC), rule) == date(2027, 3, 3)
    assert (rule.longest, rule.reasons) == (None, ())
    assert NOTICE.clauses["retention.customer_service"] == "11"


def test_clause_11_feedback_is_kept_five_years():
    assert NOTICE.rule("feedback").period == "P5Y"


def test_clause_11_company_contacts_are_kept_while_the_role_lasts():
    assert "niin kauan kuin henkilö toimii yrityksensä edustajana" in NOTICE.note("company_contacts").fi


def test_clause_11_data_are_kept_only_as_long_as_needed_and_outdated_ones_are_erased():
    assert "vain niin kauan kuin ne ovat tarpeellisia" in NOTICE.note("storage_criteria").fi
    assert "Vanhentuneet tiedot poistetaan" in NOTICE.note("storage_criteria").fi


def test_clauses_12_and_13_all_seven_rights_are_listed_and_all_exist_by_law():
    assert NOTICE.rights_in_notice == set(Right)
    assert set(rights_by_law(NOTICE)) == set(Right)


def test_clause_12_objection_exists_against_direct_marketing_and_a_note_says_how_the_rest_is_met():
    assert [purpose.code for purpose in rights_by_law(NOTICE)[Right.OBJECTION]] == ["marketing"]
    assert "ilman perusteluja" in NOTICE.note("objection").fi
    assert "peruuttaa milloin tahansa" in NOTICE.note("objection").fi


def test_clause_12_data_can_be_moved_to_another_company():
    assert "portability" in {delivery.manner for delivery in NOTICE.delivery}


def test_clause_12_requests_are_in_writing_with_forms_on_the_web_and_at_the_office():
    assert set(NOTICE.channels) == {"portal", "paper", "on_site"}
    for promised in ("kirjallisena", "verkkosivuilta", "toimipisteestä"):
        assert promised in NOTICE.note("in_writing").fi
    assert NOTICE.clauses["requests_to"] == "12"


def test_clause_12_complaints_go_to_the_supervisory_authority():
    assert NOTICE.complaint.authority.fi.startswith("Tietosuojavaltuutetun toimisto")


def test_clause_13_electronic_direct_marketing_needs_consent():
    marketing = next(purpose for purpose in NOTICE.purposes if purpose.direct_marketing)
    assert marketing.bases == {LegalBasis.CONSENT}
    assert NOTICE.clauses["purposes.marketing"] == "5, 13"


def test_clause_13_withdrawal_ends_processing_that_has_no_other_basis():
    assert Right.WITHDRAWAL in rights_by_law(NOTICE)
    assert "ei ole muuta perustetta" in NOTICE.note("withdrawal").fi


def test_clause_14_without_the_data_the_service_cannot_be_provided():
    assert "ei voida toteuttaa" in NOTICE.note("not_giving_data").fi


def test_clause_15_there_are_no_automated_decisions_and_no_profiling():
    assert NOTICE.confirmed.no_automated_decisions


def test_clause_16_data_are_protected_through_their_whole_life():
    for promised in ("koko niiden elinkaaren", "kulunvalvonta", "varmuuskopiot", "lukitut", "koulutettu"):
        assert promised in NOTICE.note("security").fi


def test_clause_16_a_breach_is_investigated_at_once_and_told_of():
    for promised in ("viipymättä", "viranomaisille", "rekisteröidyille"):
        assert promised in NOTICE.note("breach").fi


def test_the_silence_on_listeners_is_a_marked_gap():
    assert NOTICE.listeners.rule == "confirmed_by_controller"
    assert NOTICE.clauses["listeners"].startswith("gap: ")


def test_the_silence_on_telling_callers_is_a_marked_gap():
    assert NOTICE.recording_announcement.fi == "Puhelu tallennetaan."
    assert NOTICE.clauses["recording_announcement"].startswith("gap: ")
