"""Every promise of Janakkala's notice of 21 May 2018, clause by clause, against the loaded register."""

from datetime import UTC, date, datetime

from portal.domain.register import Sector
from portal.domain.retention import longest, purge_at
from portal.domain.rights import Right
from portal.registers.load import FOLDER, load_register

NOTICE = load_register(FOLDER / "janakkala.toml")


def test_the_notice_is_dated_21_may_2018_and_rests_on_the_repealed_act():
    assert (NOTICE.notice.date, NOTICE.notice.law) == (date(2018, 5, 21), "HETIL")
    assert NOTICE.notice.mapping_note
    assert "art. 15" in NOTICE.notice.mapping_note


def test_clause_1_the_register_is_the_teleq_customer_service_system():
    assert NOTICE.name.fi == "TeleQ-asiakaspalvelujärjestelmä"
    assert NOTICE.clauses["name"] == "1"


def test_clause_2_the_controller_is_janakkalas_primary_health_care():
    assert NOTICE.controller.name.fi == "Janakkalan perusterveydenhuolto"
    assert NOTICE.controller.sector is Sector.MUNICIPAL
    assert NOTICE.controller.address == ("Tapailanpiha 13 B", "14200 Turenki")
    assert NOTICE.clauses["controller"] == "2"


def test_clause_3_the_contacts_are_the_chief_physician_and_the_system_manager_as_data_protection_officer():
    assert NOTICE.contact.role.fi == "Ylilääkäri"
    assert NOTICE.dpo.role.fi == "Tietosuojavastaava (järjestelmävastaava)"
    assert NOTICE.clauses["contact"] == NOTICE.clauses["dpo"] == "3"


def test_clause_3_the_officials_own_telephone_numbers_are_not_copied():
    assert NOTICE.contact.phone is None
    assert NOTICE.dpo.phone is None
    assert NOTICE.clauses["contact.phone"].startswith("gap: ")


def test_the_municipalitys_registry_is_the_mailbox_of_every_contact():
    assert {c.email for c in (NOTICE.contact, NOTICE.dpo, NOTICE.requests_to)} == {"kirjaamo@janakkala.fi"}


def test_clause_4_the_purposes_are_calling_back_later_checks_quality_and_threats():
    assert [purpose.code for purpose in NOTICE.purposes] == ["call_back", "later_check", "quality", "threats"]
    assert {NOTICE.clauses[f"purposes.{purpose.code}"] for purpose in NOTICE.purposes} == {"4"}


def test_the_missing_legal_bases_are_marked_gaps_with_public_task_and_legal_duty():
    assert {basis for purpose in NOTICE.purposes for basis in purpose.bases} == {"c", "e"}
    assert all(NOTICE.clauses[f"purposes.{p.code}.bases"].startswith("gap: ") for p in NOTICE.purposes)
    assert "9(2)(h)" in {purpose.special_category for purpose in NOTICE.purposes}


def test_clause_5_number_identity_code_and_all_content_of_the_call_are_recorded():
    told = " ".join(category.fi for category in NOTICE.categories)
    for promised in ("puhelinnumero", "lokissa", "Henkilötunnus, jos sitä käytetään", "kaikki puhelun sisältämät"):
        assert promised in told


def test_clause_6_the_source_is_the_customers_who_call():
    assert NOTICE.source.fi == "Asiakkaat, jotka soittavat TeleQ-järjestelmään"
    assert NOTICE.clauses["source"] == "6"


def test_clause_7_nothing_is_disclosed_regularly_and_secret_data_only_by_consent_or_law():
    assert "ei luovuteta säännönmukaisesti" in NOTICE.note("disclosures").fi
    assert "suostumuksellasi" in NOTICE.note("disclosures").fi
    assert "julkisuuslain" in NOTICE.note("disclosures").fi
    assert {recipient.kind for recipient in NOTICE.recipients} == {"processor"}


def test_clause_7_health_data_are_named_as_secret():
    assert any("Terveystiedot" in c.fi and "salassa" in c.fi for c in NOTICE.categories)
    assert NOTICE.openness_act


def test_clause_8_nothing_is_transferred_outside_the_eu_and_eea():
    assert NOTICE.confirmed.no_third_country_transfers
    assert NOTICE.clauses["confirmed"] == "8"


def test_clause_9_data_stay_on_servers_within_the_eu_behind_encryption_and_a_server_certificate():
    note = NOTICE.note("security").fi
    assert "EU:n alueella" in note
    assert "salattu" in note
    assert "varmenne" in note


def test_clause_9_recordings_are_kept_three_months():
    assert NOTICE.rule("customer_service").period == "P3M"
    assert purge_at(datetime(2026, 1, 15, 10, tzinfo=UTC), NOTICE.rule("customer_service")).date() == date(2026, 4, 15)
    assert NOTICE.clauses["retention.customer_service"] == "9"


def test_clause_9_an_ordinary_recording_is_never_kept_longer():
    rule = NOTICE.rule("customer_service")
    assert (rule.longest, rule.reasons) == (None, ())


def test_clause_9_a_serious_threat_call_may_be_kept_apart_for_longer_but_within_a_maximum():
    rule = NOTICE.rule("threat")
    assert rule.reasons == ("threat",)
    assert rule.approver_role
    assert rule.review_days == 90
    assert longest(datetime(2026, 1, 15, tzinfo=UTC), rule) == date(2027, 1, 15)
    assert NOTICE.clauses["retention.threat.longest"].startswith("gap: ")
    assert "jatkotoimia" in NOTICE.note("threat_calls").fi


def test_clause_9_only_the_telephone_service_and_its_supervisors_may_listen():
    assert NOTICE.listeners.rule == "phone_service_staff"
    assert "esimiehensä" in NOTICE.listeners.text.fi


def test_clause_9_access_follows_duties_and_use_is_supervised():
    assert "työtehtävien mukaan" in NOTICE.note("access_control").fi
    assert "valvotaan" in NOTICE.note("access_control").fi


def test_clause_9_user_accounts_are_personal_and_passwords_change_every_ninety_days():
    assert "henkilökohtaisia" in NOTICE.note("access_control").fi
    assert NOTICE.password_max_age_days == 90
    assert NOTICE.clauses["password"] == "9"


def test_clause_9_everything_goes_half_a_year_after_the_service_ends():
    assert NOTICE.after_service_end == "P6M"
    assert "puolen vuoden" in NOTICE.note("end_of_service").fi


def test_clause_10_the_data_subject_may_inspect_the_data():
    assert Right.ACCESS in NOTICE.rights_in_notice


def test_clause_10_a_request_is_signed_or_made_in_person_and_strong_authentication_replaces_the_signature():
    assert set(NOTICE.channels) == {"portal", "paper", "on_site"}
    assert "13/2003" in NOTICE.clauses["channels.portal"]
    assert "vahva tunnistautuminen" in NOTICE.note("signature").fi


def test_clauses_10_and_11_requests_go_to_patient_register_matters():
    assert NOTICE.requests_to.post == (
        "Janakkalan kunta", "Potilasrekisteriasiat", "Tapailanpiha 13 B", "14200 Turenki",
    )  # fmt: skip
    assert NOTICE.clauses["requests_to"] == "10, 11"


def test_clauses_10_and_11_printable_forms_are_told_of():
    assert "voi tulostaa" in NOTICE.note("forms").fi


def test_clause_11_the_data_subject_may_demand_correction_erasure_or_completion():
    assert Right.RECTIFICATION in NOTICE.rights_in_notice
    assert "oikaisemista, poistamista tai täydentämistä" in NOTICE.note("correction").fi


def test_clause_12_data_are_not_used_for_marketing_nor_sold():
    assert not any(purpose.direct_marketing for purpose in NOTICE.purposes)
    for promised in ("suoramainontaan", "etämyyntiin", "markkinointiin", "myydä"):
        assert promised in NOTICE.note("no_marketing").fi


def test_the_silence_on_fees_means_free():
    assert NOTICE.fee.mode == "never"
    assert NOTICE.clauses["fee"].startswith("gap: ")


def test_the_silence_on_automated_decisions_states_nothing():
    assert not NOTICE.confirmed.no_automated_decisions
    assert NOTICE.clauses["confirmed.no_automated_decisions"].startswith("gap: ")


def test_the_wellbeing_services_county_is_named_as_successor():
    assert NOTICE.controller.successor is not None
    assert NOTICE.controller.successor.fi == "Kanta-Hämeen hyvinvointialue"
    assert NOTICE.controller.valid_to == date(2022, 12, 31)


def test_clause_5_the_identity_code_is_kept():
    assert NOTICE.keeps_identity_code
    assert NOTICE.clauses["identity_code"] == "5"
