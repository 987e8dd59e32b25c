"""Every promise of Pikkujätti's undated notice, clause by clause, against the loaded register."""

from datetime import UTC, date, datetime

from portal.domain.register import Sector
from portal.domain.retention import erase_on
from portal.domain.rights import Right, rights_by_law
from portal.registers.load import FOLDER, load_register

NOTICE = load_register(FOLDER / "pikkujatti.toml")


def test_clause_1_the_controller_is_the_company_with_its_business_id_and_address():
    assert NOTICE.controller.name.fi == "Pikkujätti lasten ja nuorten lääkäriasema Oy"
    assert NOTICE.controller.business_id == "2272762-2"
    assert NOTICE.controller.address == ("Annankatu 34 A", "00100 Helsinki")
    assert NOTICE.controller.sector is Sector.PRIVATE


def test_clause_2_the_contact_is_the_telephone_service_at_its_number():
    assert NOTICE.contact.role.fi == "Puhelinpalvelun yhteyshenkilö"
    assert NOTICE.contact.phone == "010 380 8000"
    assert NOTICE.clauses["contact"] == "2"


def test_clause_2_a_persons_own_mailbox_is_replaced_by_the_functional_one():
    assert NOTICE.contact.email == "tietosuoja@pikkujatti.fi"
    assert NOTICE.clauses["contact.email"].startswith("gap: ")


def test_clause_3_the_data_protection_officer_has_mailbox_and_number():
    assert (NOTICE.dpo.email, NOTICE.dpo.phone) == ("tietosuoja@pikkujatti.fi", "010 380 8000")
    assert NOTICE.clauses["dpo"] == "3"


def test_clause_4_the_register_is_the_recording_archive_of_the_telephone_service():
    assert NOTICE.name.fi == "Puhelinpalvelun nauhoitearkisto"


def test_clause_5_the_purposes_are_quality_with_correct_answers_development_and_training():
    assert [purpose.code for purpose in NOTICE.purposes] == ["quality", "development", "training"]
    assert "oikeellisuuden" in NOTICE.purposes[0].name.fi
    assert "ohjeiden" in NOTICE.purposes[2].name.fi


def test_clause_5_the_regulation_and_the_data_protection_act_govern():
    assert NOTICE.notice.law == "GDPR"
    assert "2016/679" in NOTICE.note("law").fi
    assert "1050/2018" in NOTICE.note("law").fi


def test_the_missing_legal_bases_are_marked_gaps():
    assert all(NOTICE.clauses[f"purposes.{p.code}.bases"].startswith("gap: ") for p in NOTICE.purposes)


def test_the_missing_date_of_the_notice_is_a_marked_gap():
    assert NOTICE.notice.date is None
    assert NOTICE.clauses["notice.date"].startswith("gap: ")


def test_clause_6_conversation_number_time_service_number_and_agents_name_are_recorded():
    assert {key for key in NOTICE.clauses if key.startswith("categories.")} == {
        f"categories.{code}" for code in ("conversation", "number", "time", "service_number", "agent")
    }
    assert {NOTICE.clauses[key] for key in NOTICE.clauses if key.startswith("categories.")} == {"6"}


def test_clause_6_the_service_gives_general_advice_and_books_appointments():
    assert "yleinen neuvonta ja ajanvaraus" in NOTICE.categories[0].fi


def test_clause_7_the_source_is_the_customer_during_the_call():
    assert NOTICE.source.fi == "Asiakas itse puhelun aikana"


def test_clause_8_subcontractors_run_the_archive_as_far_as_needed_and_under_the_law():
    assert ("subcontractors", "processor") in {(r.code, r.kind) for r in NOTICE.recipients}
    assert "vain sen verran kuin palvelu vaatii" in NOTICE.note("subcontractors").fi
    assert "lakia" in NOTICE.note("subcontractors").fi


def test_clause_8_data_may_go_to_the_police_where_a_crime_is_suspected():
    assert ("police", "authority") in {(r.code, r.kind) for r in NOTICE.recipients}


def test_clause_8_what_the_police_case_needs_is_kept_for_the_necessary_minimum():
    rule = NOTICE.rule("evidence")
    assert rule.reasons == ("police",)
    assert rule.longest
    assert rule.approver_role
    assert rule.review_days == 30
    assert "välttämätöntä" in NOTICE.note("police").fi


def test_clause_8_nothing_is_transferred_outside_the_eu_and_eea():
    assert NOTICE.confirmed.no_third_country_transfers


def test_clause_9_recordings_are_kept_twelve_months_from_the_end_of_the_call():
    assert NOTICE.rule("customer_service").period == "P12M"
    end = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)  # already 1 April in Helsinki
    assert erase_on(end, NOTICE.rule("customer_service")) == date(2027, 4, 1)
    assert NOTICE.clauses["retention.customer_service"] == "9"


def test_clause_10_only_persons_named_in_advance_get_to_the_data_and_only_for_their_work():
    assert NOTICE.listeners.rule == "named_persons"
    assert "ennalta nimetyt" in NOTICE.listeners.text.fi
    assert "työtehtävissään" in NOTICE.listeners.text.fi


def test_clause_10_databases_and_backups_are_protected_and_locked_away_and_each_user_has_an_account():
    for promised in ("palomuurein", "salasanoin", "varmuuskopioineen", "lukituissa", "oma tunnus"):
        assert promised in NOTICE.note("security").fi


def test_clause_10_everyone_who_uses_recordings_is_bound_by_secrecy():
    assert "vaitiolovelvollisuus" in NOTICE.note("secrecy").fi


def test_clause_11_access_and_erasure_are_listed_and_the_law_adds_the_rest():
    assert NOTICE.rights_in_notice == {Right.ACCESS, Right.ERASURE}
    assert {Right.RECTIFICATION, Right.RESTRICTION, Right.OBJECTION} <= set(rights_by_law(NOTICE))


def test_clause_11_requests_are_made_in_writing_to_the_contact_of_clause_2():
    assert set(NOTICE.channels) == {"portal", "paper"}
    assert NOTICE.requests_to.role == NOTICE.contact.role
    assert NOTICE.clauses["requests_to"] == "11"


def test_clause_11_identity_is_always_verified_before_anything_is_done():
    assert "varmennetaan aina" in NOTICE.note("identity").fi


def test_clause_11_the_inspection_is_aimed_at_within_about_a_week():
    assert NOTICE.service_target_days == 7
    assert NOTICE.clauses["service_target"] == "11"


def test_clause_11_erasure_is_refused_on_legal_grounds_alone():
    assert "vain laissa säädetyllä perusteella" in NOTICE.note("erasure").fi


def test_clause_11_complaints_go_to_the_office_of_the_data_protection_ombudsman():
    assert NOTICE.complaint.authority.fi.startswith("Tietosuojavaltuutetun toimisto")
    assert "tietosuoja.fi" in NOTICE.complaint.authority.fi
    assert NOTICE.clauses["complaint"] == "11"


def test_clause_12_an_automatic_message_at_the_start_tells_of_the_recording():
    assert "puhelun alussa automaattisella äänitiedotteella" in NOTICE.note("informing").fi
    assert NOTICE.clauses["recording_announcement"] == "12"
    assert NOTICE.clauses["recording_announcement.fi"].startswith("gap: ")


def test_clause_13_the_notice_may_be_updated():
    assert "päivittää" in NOTICE.note("updates").fi


def test_guardians_and_children_are_told_who_may_ask():
    assert "Huoltaja" in NOTICE.note("children").fi
    assert "itse" in NOTICE.note("children").fi


def test_a_private_clinic_encloses_no_appeal_instructions():
    assert NOTICE.appeal is None
    assert not NOTICE.openness_act
