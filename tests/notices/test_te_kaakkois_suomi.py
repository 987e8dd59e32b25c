"""Every promise of the TE office's notice of 7 August 2015, clause by clause, against the loaded register."""

from datetime import UTC, date, datetime

from portal.domain.register import Language, Sector
from portal.domain.retention import HoldReason, erase_on, longest
from portal.domain.rights import Right
from portal.registers.load import FOLDER, load_register

NOTICE = load_register(FOLDER / "te_kaakkois_suomi.toml")


def test_the_notice_is_dated_7_august_2015_and_rests_on_the_repealed_act():
    assert (NOTICE.notice.date, NOTICE.notice.law) == (date(2015, 8, 7), "HETIL")
    assert NOTICE.notice.mapping_note


def test_clause_1_the_controller_is_the_te_office_with_business_id_and_post_box():
    assert NOTICE.controller.name.fi == "Kaakkois-Suomen TE-toimisto"
    assert NOTICE.controller.business_id == "2296962-1"
    assert NOTICE.controller.address == ("PL 117", "53101 Lappeenranta")
    assert NOTICE.controller.sector is Sector.STATE


def test_clause_2_the_contact_is_a_specialist_without_a_personal_number():
    assert NOTICE.contact.role.fi == "Rekisteriasioiden asiantuntija"
    assert NOTICE.contact.phone is None
    assert NOTICE.clauses["contact"] == "2"
    assert NOTICE.clauses["contact.phone"].startswith("gap: ")


def test_clause_3_the_register_is_the_recording_system_of_customer_calls():
    assert NOTICE.name.fi == "Asiakaspuheluiden tallennusjärjestelmä"


def test_clause_4_the_purposes_are_statutory_service_proof_in_complaints_and_training():
    assert [purpose.code for purpose in NOTICE.purposes] == ["statutory_service", "proof", "training"]
    assert "reklamaatiotilanteessa" in NOTICE.purposes[1].name.fi


def test_clause_4_the_service_is_for_employers_businesses_individuals_and_authorities():
    for promised in ("työnantaja-", "yritys-", "yhteisöasiakkaille", "henkilöasiakkaille", "viranomaisille"):
        assert promised in NOTICE.note("customers").fi


def test_clause_4_says_statutory_service_and_the_legal_basis_is_a_marked_gap():
    assert {basis for purpose in NOTICE.purposes for basis in purpose.bases} == {"c", "e"}
    assert NOTICE.clauses["purposes.statutory_service.bases"].startswith("gap: ")


def test_clause_5_calls_are_recorded_automatically_with_what_the_customer_tells():
    told = " ".join(category.fi for category in NOTICE.categories)
    for promised in ("Automaattisesti tallentuva", "Nimi ja henkilötunnus", "Osoite", "puhelinnumero", "sähköposti",
                     "työhistoria", "Työttömyysturvaa"):  # fmt: skip
        assert promised in told


def test_clause_5_data_on_businesses_are_recorded_too():
    business = next(category.fi for category in NOTICE.categories if "Y-tunnus" in category.fi)
    for promised in ("nimi", "osoite", "sähköposti", "puhelinnumero", "yritystoimintaa"):
        assert promised in business


def test_clause_5_recordings_are_kept_two_months():
    assert NOTICE.rule("customer_service").period == "P2M"
    assert erase_on(datetime(2026, 12, 31, 10, tzinfo=UTC), NOTICE.rule("customer_service")) == date(2027, 2, 28)


def test_clause_5_single_recordings_are_kept_for_quality_or_complaints_at_most_twelve_months():
    rule = NOTICE.rule("customer_service")
    assert rule.longest == "P12M"
    assert rule.reasons == ("quality", "complaint")
    assert all(HoldReason(reason).capped for reason in rule.reasons)
    assert longest(datetime(2026, 12, 31, 10, tzinfo=UTC), rule) == date(2027, 12, 31)
    assert "enintään 12 kuukautta" in NOTICE.note("longer_retention").fi
    assert NOTICE.clauses["retention.customer_service"] == "5"


def test_clause_6_the_source_is_the_customer_on_the_telephone():
    assert NOTICE.source.fi == "Asiakas itse puhelimessa"


def test_clause_7_data_go_by_law_to_the_benefit_payer_and_other_authorities():
    told = {recipient.code: recipient.name.fi for recipient in NOTICE.recipients}
    assert "laissa määritellyissä" in told["benefit_payer"]
    assert "laissa määritellyissä" in told["authorities"]


def test_clause_8_employees_and_the_systems_provider_are_bound_by_secrecy():
    assert "vaitiolositoumuksen" in NOTICE.note("secrecy").fi
    assert "salassapitovelvoite" in NOTICE.note("secrecy").fi


def test_clause_8_only_staff_who_need_the_data_may_handle_them():
    assert NOTICE.listeners.rule == "staff_who_need_it"


def test_clause_8_accounts_are_individual_use_is_logged_and_premises_are_locked():
    for promised in ("yksilöllisiä", "rajattuja", "lokitieto", "kulunvalvonta", "palomuuri", "lukitaan"):
        assert promised in NOTICE.note("security").fi


def test_clause_9_recordings_are_not_handed_out_yet_a_copy_is_offered_as_the_law_demands():
    assert "ei luovuteta ulkopuolisille" in NOTICE.note("property").fi
    assert "oikeus saada jäljennös" in NOTICE.note("property").fi
    assert [delivery.manner for delivery in NOTICE.delivery if delivery.default] == ["download"]
    assert NOTICE.clauses["delivery.download"].startswith("law: GDPR art. 15(3)")


def test_clause_9_the_data_subject_may_inspect_the_data():
    assert Right.ACCESS in NOTICE.rights_in_notice


def test_clause_9_time_and_subject_as_exactly_as_possible_is_help_and_no_condition():
    assert "niin tarkasti kuin voit" in NOTICE.note("finding_the_call").fi
    assert "käsitellään ilmankin" in NOTICE.note("finding_the_call").fi


def test_clauses_9_and_10_requests_go_signed_to_the_contact_and_strong_authentication_replaces_the_signature():
    assert NOTICE.requests_to.role == NOTICE.contact.role
    assert NOTICE.requests_to.post[0] == "Kaakkois-Suomen TE-toimisto"
    assert "paper" in NOTICE.channels
    assert "13/2003" in NOTICE.clauses["channels.portal"]
    assert "vahva tunnistautuminen" in NOTICE.note("signature").fi


def test_clause_9_a_recording_may_be_listened_to_at_an_office_agreed_separately():
    on_site = next(delivery for delivery in NOTICE.delivery if delivery.manner == "on_site")
    assert on_site.places[0].fi == "Erikseen sovittava toimipaikka"
    assert "toimipaikassa" in NOTICE.note("on_site").fi


def test_clause_9_four_identity_documents_are_accepted_on_site():
    assert {d.code: d.name.fi for d in NOTICE.id_documents} == {
        "passport": "Passi",
        "identity_card": "Poliisin myöntämä henkilökortti",
        "driving_licence": "Ajokortti, joka on myönnetty 1.10.1990 jälkeen",
        "kela_card": "Kuvallinen Kela-kortti",
    }


def test_clause_9_one_inspection_a_year_is_free_and_is_no_more_than_a_note():
    assert NOTICE.fee.free_per_year_note
    assert (NOTICE.fee.mode, NOTICE.fee.prior_notice_days) == ("exceptional", 14)
    assert "Kerran vuodessa" in NOTICE.note("free_once_a_year").fi


def test_clause_10_incorrect_data_are_corrected():
    assert Right.RECTIFICATION in NOTICE.rights_in_notice


def test_clause_10_a_refused_correction_gets_a_written_certificate_with_reasons():
    assert "kirjallisen todistuksen" in NOTICE.note("certificate").fi
    assert "syyt" in NOTICE.note("certificate").fi


def test_clause_11_callers_hear_the_very_words_of_the_notice():
    assert NOTICE.recording_announcement.fi == "Puhelut tallennetaan asiakaspalvelumme laadun kehittämiseksi."
    assert "automaattisella" in NOTICE.note("informing").fi
    assert NOTICE.clauses["recording_announcement"] == "11"


def test_clause_11_a_caller_may_ask_for_the_recording_to_be_stopped_and_go_on_in_writing():
    assert "keskeytetään" in NOTICE.note("stop_recording").fi
    assert "kirjallisesti" in NOTICE.note("stop_recording").fi


def test_the_silence_on_transfers_and_automated_decisions_states_nothing():
    assert not NOTICE.confirmed.no_third_country_transfers
    assert not NOTICE.confirmed.no_automated_decisions
    assert NOTICE.clauses["confirmed"].startswith("gap: ")


def test_a_state_authority_serves_in_finnish_and_swedish():
    assert NOTICE.required_languages == (Language.FI, Language.SV)


def test_the_municipal_employment_area_is_named_as_successor():
    assert NOTICE.controller.successor is not None
    assert NOTICE.controller.successor.fi == "Kunnallinen työllisyysalue"
    assert NOTICE.controller.valid_to == date(2024, 12, 31)


def test_clause_5_the_identity_code_is_kept():
    assert NOTICE.keeps_identity_code
    assert NOTICE.clauses["identity_code"] == "5"
