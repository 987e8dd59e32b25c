"""Every promise of Espoo's notice of 11 March 2021, clause by clause, against the loaded register."""

from datetime import UTC, date, datetime

from portal.domain.register import Language, Sector
from portal.domain.retention import erase_on
from portal.domain.rights import LegalBasis, Right, rights_by_law
from portal.registers.load import FOLDER, load_register

NOTICE = load_register(FOLDER / "espoo.toml")


def test_the_notice_was_published_on_11_march_2021_under_the_regulation():
    assert (NOTICE.notice.date, NOTICE.notice.law) == (date(2021, 3, 11), "GDPR")
    assert NOTICE.name.fi == "Puheluiden tallennusrekisteri"


def test_clause_1_the_controller_is_the_city_of_espoo():
    assert NOTICE.controller.name.fi == "Espoon kaupunki"
    assert NOTICE.controller.sector is Sector.MUNICIPAL
    assert NOTICE.clauses["controller"] == "1"


def test_clauses_2_and_3_the_service_director_is_responsible_and_an_ict_specialist_is_the_contact():
    assert "ICT-erityisasiantuntija" in NOTICE.contact.role.fi
    assert "asiointijohtaja" in NOTICE.contact.role.fi
    assert NOTICE.contact.email is None
    assert NOTICE.clauses["contact.email"].startswith("gap: ")


def test_clause_4_the_data_protection_officer_has_address_switchboard_and_mailbox():
    assert NOTICE.dpo.post == ("Espoon kaupungin tietosuojavastaava", "PL 12", "02070 Espoon kaupunki")
    assert (NOTICE.dpo.phone, NOTICE.dpo.email) == ("09 816 21", "tietosuoja@espoo.fi")
    assert NOTICE.clauses["dpo"] == "4"


def test_clause_5_the_purposes_are_arranging_the_relationship_quality_and_security():
    purposes = {purpose.code: purpose.name.fi for purpose in NOTICE.purposes}
    assert purposes["arranging_service"] == "Palvelus-, asiakas- tai potilassuhteen järjestäminen"
    assert "laadun parantaminen" in purposes["quality"]
    assert "kehittäminen" in purposes["quality"]
    assert "väärinkäytösten ehkäiseminen" in purposes["security"]


def test_clause_5_the_agent_of_the_call_and_the_supervisor_may_listen():
    assert NOTICE.listeners.rule == "agent_and_supervisor"
    assert NOTICE.clauses["listeners"] == "5, 9"


def test_clause_5_telia_maintains_the_servers_without_listening():
    telia = next(recipient for recipient in NOTICE.recipients if recipient.code == "telia")
    assert telia.kind == "processor"
    assert "ilman kuunteluyhteyttä" in telia.name.fi


def test_clause_5_callers_are_always_told_at_the_start_of_the_queue():
    assert NOTICE.recording_announcement.fi == "Puhelu tallennetaan asiakaspalvelun parantamiseksi."
    assert "aina" in NOTICE.note("informing").fi
    assert NOTICE.clauses["recording_announcement"] == "5"


def test_clause_6_the_bases_are_legal_obligation_and_public_task():
    both = {LegalBasis.LEGAL_OBLIGATION, LegalBasis.PUBLIC_TASK}
    assert all(purpose.bases == both for purpose in NOTICE.purposes)
    assert all(NOTICE.clauses[f"purposes.{purpose.code}"] == "5, 6" for purpose in NOTICE.purposes)


def test_clause_7_conversation_number_agent_queue_time_and_duration_are_recorded():
    told = " ".join(category.fi for category in NOTICE.categories)
    for promised in ("puhelinkeskustelu", "josta soitettiin", "kuka asiakaspalvelija vastasi", "Jono", "Kellonaika",
                     "kesto", "asiakas itse kertoo"):  # fmt: skip
        assert promised in told


def test_clause_7_secret_data_such_as_health_may_be_among_them():
    assert any("salassa pidettäviä" in c.fi and "terveyteen" in c.fi for c in NOTICE.categories)


def test_clause_8_the_source_is_zylinc_and_the_calls_through_it():
    assert "Zylinc Contact Center" in NOTICE.source.fi


def test_clause_9_data_go_on_request_to_the_agent_or_supervisor_and_to_authorities_in_special_cases():
    assert "vain pyynnöstä" in NOTICE.note("disclosures").fi
    assert "esimiehelleen" in NOTICE.note("disclosures").fi
    assert ("authorities", "Viranomaiset erityistilanteessa") in {(r.code, r.name.fi) for r in NOTICE.recipients}


def test_clause_10_nothing_is_transferred_outside_the_eu_and_eea():
    assert NOTICE.confirmed.no_third_country_transfers
    assert NOTICE.clauses["confirmed"] == "10"


def test_clause_11_recordings_are_kept_six_months_and_then_destroyed_automatically():
    rule = NOTICE.rule("customer_service")
    assert rule.period == "P6M"
    assert erase_on(datetime(2026, 8, 31, 10, tzinfo=UTC), rule) == date(2027, 2, 28)
    assert (rule.longest, rule.reasons) == (None, ())
    assert "automaattisesti" in NOTICE.note("automatic_erasure").fi


def test_clause_12_equipment_is_guarded_and_no_manual_material_accumulates():
    for promised in ("suojatuissa ja valvotuissa", "Manuaalista aineistoa ei kerry"):
        assert promised in NOTICE.note("security").fi


def test_clause_12_rights_of_use_are_personal_and_every_user_accepts_a_commitment():
    for promised in ("henkilökohtaisia", "tehtäväkohtaisia", "valvotaan", "salassapitositoumuksen"):
        assert promised in NOTICE.note("commitment").fi


def test_clause_13_the_guidance_page_is_named():
    assert NOTICE.notice.url == "https://www.espoo.fi/fi-FI/Asioi_verkossa/Tietosuoja/Asiakkaiden_oikeudet"


def test_clause_13_1_the_data_subject_gets_a_copy():
    assert Right.ACCESS in NOTICE.rights_in_notice
    assert [delivery.manner for delivery in NOTICE.delivery if delivery.default] == ["download"]
    assert NOTICE.clauses["delivery.download"] == "13.1"


def test_clause_13_1_the_answer_comes_within_a_month_extendable_by_two_and_no_target_is_promised_beyond_it():
    for promised in ("ilman aiheetonta viivytystä", "kuukauden kuluessa", "enintään kahdella kuukaudella"):
        assert promised in NOTICE.note("time_limit").fi
    assert NOTICE.service_target_days is None


def test_clause_13_1_a_refusal_tells_reasons_complaint_and_remedies_within_a_month():
    for promised in ("syyt", "kuukauden kuluessa", "valittaa", "oikeussuojakeinoja"):
        assert promised in NOTICE.note("refusal").fi


def test_clause_13_1_requests_are_free_and_a_fee_or_refusal_is_for_unfounded_or_excessive_ones():
    assert NOTICE.fee.mode == "exceptional"
    assert NOTICE.fee.prior_notice_days == 14
    for promised in ("maksuttomia", "ilmeisen perusteeton tai kohtuuton", "kieltäytyä"):
        assert promised in NOTICE.note("fee").fi


def test_clause_13_2_wrong_incomplete_outdated_or_unnecessary_data_are_corrected_or_completed():
    assert Right.RECTIFICATION in NOTICE.rights_in_notice
    for promised in ("virheelliset", "epätarkat", "vaillinaiset", "vanhentuneet", "tarpeettomat", "täydennetyiksi"):
        assert promised in NOTICE.note("rectification").fi


def test_clause_13_3_erasure_exists_except_as_far_as_a_duty_or_public_task_needs_the_data():
    assert Right.ERASURE in NOTICE.rights_in_notice
    assert "siltä osin kuin" in NOTICE.note("erasure").fi
    assert Right.ERASURE in rights_by_law(NOTICE)


def test_clause_13_4_processing_is_restricted_while_accuracy_is_verified():
    assert Right.RESTRICTION in NOTICE.rights_in_notice
    assert "kunnes niiden paikkansapitävyys on varmistettu" in NOTICE.note("restriction").fi


def test_clause_13_5_complaints_go_to_the_office_of_the_data_protection_ombudsman():
    assert NOTICE.complaint.authority.fi.startswith("Tietosuojavaltuutetun toimisto")
    assert NOTICE.clauses["complaint"] == "13.5"


def test_the_law_adds_objection_which_the_notice_does_not_mention():
    assert Right.OBJECTION not in NOTICE.rights_in_notice
    assert Right.OBJECTION in rights_by_law(NOTICE)


def test_a_bilingual_city_serves_in_finnish_and_swedish():
    assert NOTICE.required_languages == (Language.FI, Language.SV)


def test_the_silence_on_automated_decisions_states_nothing():
    assert not NOTICE.confirmed.no_automated_decisions
    assert NOTICE.clauses["confirmed.no_automated_decisions"].startswith("gap: ")


def test_the_move_of_health_services_to_the_wellbeing_services_county_is_told():
    assert "Länsi-Uudenmaan hyvinvointialueelle" in NOTICE.note("successor_health").fi
