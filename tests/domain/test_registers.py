"""Reading and checking register files: the file, key and reason of each fault, and rules V1-V19."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portal.domain.register import Appeal, Contact, Delivery, FeeRule, Purpose, Register, RetentionRule
from portal.domain.rights import Right
from portal.domain.words import Language, Words
from portal.registers.check import Finding, Texts, as_listing, check, open_gaps
from portal.registers.load import FOLDER, RegisterError, load_all, load_register

TODAY = date(2026, 11, 21)
REGISTERS = load_all()
ESPOO = REGISTERS["espoo"]
WORDS = Words("sana", "ord", "word")


def findings(register: Register, *, production: bool = False, **others: object) -> list[Finding]:
    return check(register, production=production, today=TODAY, path=Path("espoo.toml"), **others)  # type: ignore[arg-type]


def errors(register: Register, **others: object) -> set[tuple[str, str]]:
    return {(f.rule, f.key) for f in findings(register, **others) if f.severity == "error"}


def changed(tmp_path: Path, old: str, new: str, name: str = "espoo") -> Path:
    text = (FOLDER / f"{name}.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / f"{name}.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def confirmed(register: Register) -> Register:
    return replace(register, confirmed_on=dict.fromkeys(open_gaps(register), TODAY))


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_five_registers_are_read_by_their_ids():
    assert list(REGISTERS) == ["espoo", "janakkala", "pikkujatti", "pk_terveys", "te_kaakkois_suomi"]
    assert all(register.theme == id_ == register.id for id_, register in REGISTERS.items())


def test_the_version_is_the_beginning_of_the_files_hash():
    data = (FOLDER / "espoo.toml").read_bytes()
    assert ESPOO.version == hashlib.sha256(data).hexdigest()[:12]


def test_every_value_says_where_it_comes_from():
    for register in REGISTERS.values():
        assert register.clauses
        assert all(origin.strip() for origin in register.clauses.values())
        for key in ("name", "controller", "contact", "dpo", "requests_to", "retention.customer_service", "fee"):
            assert key in register.clauses


def test_every_note_can_be_found_by_its_code():
    assert ESPOO.note("fee").fi.startswith("Pyynnöt ovat maksuttomia.")
    with pytest.raises(KeyError):
        ESPOO.note("absent")


def test_a_class_without_a_rule_is_a_key_error():
    with pytest.raises(KeyError):
        ESPOO.rule("threat")


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('sector = "municipal"', 'sector = "parish"', "controller.sector", "not one of municipal"),
        ('sector = "municipal"', "", "controller.sector", "is missing"),
        ('sector = "municipal"', 'sector = "municipal"\nsectr = "x"', "controller.sectr", "is no key"),
        ('period = "P6M"', 'period = "6 months"', "retention.customer_service.period", "ISO 8601"),
        ('period = "P6M"', "period = 6", "retention.customer_service.period", "must be a text"),
        ("review_days = 90", "review_days = 0", "hold.review_days", "from 1 up"),
        ("review_days = 90", "review_days = true", "hold.review_days", "from 1 up"),
        ("default = true", 'default = "yes"', "delivery.download.default", "true or false"),
        ('manner = "download"', 'manner = "pigeon"', "delivery.pigeon.manner", "not one of download"),
        ('e164 = "+358981621"', 'e164 = "09 816 21"', "service_numbers.09 816 21.e164", "E.164"),
        ('rule = "agent_and_supervisor"', 'rule = "anyone"', "listeners.rule", "not one of"),
        ('code = "security"', 'code = "quality"', "purposes[3].code", "stands twice"),
        ('bases = ["c", "e"]', 'bases = ["c", "z"]', "purposes.arranging_service.bases", "holds 'z'"),
        ('clause = "13.5"', "", "complaint", "must say where it comes from"),
        ('clause = "13.5"', 'clause = "13.5"\nlaw = "x"', "complaint", "must say where it comes from"),
        ("checked_on = 2026-11-01", 'checked_on = "1.11.2026"', "complaint.checked_on", "must be a date"),
        ("checked_on = 2026-11-01", "checked_on = 2026-11-01T10:00:00", "complaint.checked_on", "without a time"),
        ('sv = "Pass"', 'sv = " "', "id_documents.passport.sv", "is empty"),
        ('sv = "Pass"', "", "id_documents.passport.sv", "is missing"),
        ('values = ["fi", "sv"]', 'values = ["fi", "de"]', "required_languages.values", "holds 'de'"),
    ],
)
def test_a_fault_names_file_key_and_reason(tmp_path, old, new, key, reason):
    path = changed(tmp_path, old, new)
    with pytest.raises(RegisterError) as caught:
        load_register(path)
    assert (caught.value.file, caught.value.key) == (path, key)
    assert reason in caught.value.reason
    assert str(caught.value) == f"{path}: {key}: {caught.value.reason}"


def test_an_unknown_table_is_a_fault(tmp_path):
    path = changed(tmp_path, "[openness_act]", '[hold_is_off]\nclause = "1"\n\n[openness_act]')
    with pytest.raises(RegisterError, match="hold_is_off: is no key"):
        load_register(path)


@pytest.mark.parametrize("content", [b"name = ", b'name = "\xe4"', b"[name]\n[name]"])
def test_what_is_no_toml_in_utf_8_is_a_fault(tmp_path, content):
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(RegisterError, match="is not a TOML file in UTF-8"):
        load_register(path)


def test_an_absent_file_is_a_fault(tmp_path):
    with pytest.raises(RegisterError, match="No such file"):
        load_register(tmp_path / "absent.toml")


def test_a_folder_without_registers_is_a_fault(tmp_path):
    with pytest.raises(RegisterError, match="holds no register file"):
        load_all(tmp_path)


def test_a_gap_is_confirmed_by_its_key(tmp_path):
    path = changed(tmp_path, "[name]\nclause", '[confirmed_on]\n"hold" = 2026-11-20\n\n[name]\nclause')
    register = load_register(path)
    assert register.confirmed_on == {"hold": date(2026, 11, 20)}
    assert "hold" not in open_gaps(register)
    assert "download" in open_gaps(register)


@pytest.mark.parametrize("key", ["controller", "hodl"])
def test_only_a_gap_can_be_confirmed(tmp_path, key):
    path = changed(tmp_path, "[name]\nclause", f'[confirmed_on]\n"{key}" = 2026-11-20\n\n[name]\nclause')
    with pytest.raises(RegisterError, match="confirms no gap"):
        load_register(path)


# ── checking ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("register", REGISTERS.values(), ids=lambda register: register.id)
def test_each_register_serves_a_demonstration_with_its_gaps_as_warnings(register):
    found = findings(register)
    assert {finding.severity for finding in found} == {"warning"}
    assert {finding.key for finding in found if finding.rule == "V2"} == set(open_gaps(register))


@pytest.mark.parametrize("register", REGISTERS.values(), ids=lambda register: register.id)
def test_production_refuses_an_unconfirmed_gap_and_accepts_a_confirmed_one(register):
    assert errors(register, production=True) == {("V2", key) for key in open_gaps(register)}
    assert errors(confirmed(register), production=True) == set()


def test_a_finding_prints_file_key_and_reason():
    finding = findings(replace(ESPOO, appeal=None))[0]
    assert str(finding) == "error: espoo.toml: appeal: a public controller encloses appeal instructions (V11)"


def test_v1_every_class_in_use_has_a_retention_rule():
    assert ("V1", "retention.threat") in errors(ESPOO, classes_in_use=("threat",))
    assert ("V1", "retention.customer_service") in errors(replace(ESPOO, retention=()))


def test_v2_a_left_over_marker_is_an_error_even_in_a_demonstration():
    assert ("V2", "") in errors(replace(ESPOO, source=Words("(gap)", "ord", "word")))


@pytest.mark.parametrize("lacking", ["longest", "reasons", "approver_role"])
def test_v3_a_longer_retention_needs_maximum_reasons_and_approver(lacking):
    whole = RetentionRule("threat", "P3M", "P12M", ("threat",), "dpo", 90)
    partial = replace(whole, **{lacking: () if lacking == "reasons" else None})
    assert errors(replace(ESPOO, retention=(*ESPOO.retention, whole))) == set()
    assert errors(replace(ESPOO, retention=(*ESPOO.retention, partial))) == {("V3", f"retention.threat.{lacking}")}


def test_v4_a_fee_is_never_or_exceptional_with_prior_notice():
    assert errors(replace(ESPOO, fee=FeeRule("always"))) == {("V4", "fee.mode")}
    assert errors(replace(ESPOO, fee=FeeRule("exceptional"))) == {("V4", "fee.prior_notice_days")}
    assert errors(replace(ESPOO, fee=FeeRule("never"))) == set()


def test_v5_listening_on_site_may_not_be_the_only_delivery():
    assert errors(replace(ESPOO, delivery=(Delivery("on_site", True),))) == {("V5", "delivery")}
    assert errors(replace(ESPOO, delivery=())) == {("V5", "delivery")}


def test_v7_a_notice_under_the_repealed_act_says_how_it_maps():
    assert errors(replace(ESPOO, notice=replace(ESPOO.notice, law="HETIL"))) == {("V7", "notice.mapping_note")}


@pytest.mark.parametrize("role", ["Asiantuntija Testi Henkilö", "Testi Henkilö"])
def test_v8_a_persons_name_may_not_stand_in_a_contact(role):
    assert errors(replace(ESPOO, dpo=Contact(Words(role, "ord", "word")))) == {("V8", "dpo.role")}


@pytest.mark.parametrize(("email", "functional"), [("testi.henkilo@espoo.fi", False), ("tietosuoja@espoo.fi", True)])
def test_v8_a_persons_mailbox_may_not_stand_in_a_contact(email, functional):
    found = errors(replace(ESPOO, contact=replace(ESPOO.contact, email=email)))
    assert (found == set()) is functional


def test_v9_a_hold_is_reviewed_within_ninety_days():
    assert errors(replace(ESPOO, hold_review_days=91)) == {("V9", "hold.review_days")}


def test_v10_a_service_target_fits_into_the_shortest_month():
    assert errors(replace(ESPOO, service_target_days=29)) == {("V10", "service_target.days")}
    assert errors(replace(ESPOO, service_target_days=28)) == set()


def test_v11_appeal_instructions_belong_to_public_controllers_alone():
    private = replace(REGISTERS["pikkujatti"], appeal=Appeal(WORDS, "administrative_court"))
    assert errors(replace(ESPOO, appeal=None)) == {("V11", "appeal")}
    assert errors(private) == {("V11", "appeal")}


def test_v12_the_openness_act_applies_to_public_controllers():
    assert errors(replace(ESPOO, openness_act=False)) == {("V12", "openness_act.applies")}


@pytest.mark.parametrize(
    ("checked_on", "severity"),
    [(date(2026, 6, 1), None), (date(2026, 5, 1), "warning"), (date(2025, 11, 1), "error")],
)
def test_v13_the_authoritys_address_is_checked_every_year(checked_on, severity):
    register = replace(confirmed(ESPOO), complaint=replace(ESPOO.complaint, checked_on=checked_on))
    found = [finding.severity for finding in findings(register, production=True)]
    assert found == ([severity] if severity else [])


def test_v14_a_required_language_needs_every_template():
    texts = Texts(missing=lambda language: ["letters/grant"] if language is Language.SV else [])
    assert errors(ESPOO, texts=texts) == {("V14", "required_languages")}
    assert errors(REGISTERS["pikkujatti"], texts=texts) == set()


def test_v15_every_purpose_has_a_legal_basis():
    bare = Purpose("bare", WORDS, frozenset())
    assert errors(replace(ESPOO, purposes=(*ESPOO.purposes, bare))) == {("V15", "purposes.bare.bases")}
    assert ("V15", "purposes") in errors(replace(ESPOO, purposes=()))


def test_v15_a_right_that_the_notice_lists_and_the_law_does_not_needs_a_note():
    promised = replace(ESPOO, rights_in_notice=ESPOO.rights_in_notice | {Right.PORTABILITY})
    assert errors(promised) == {("V15", "notes.portability")}


def test_v16_a_request_can_be_made_without_the_portal():
    assert errors(replace(ESPOO, channels=("portal", "email"))) == {("V16", "channels.values")}


def test_v17_production_refuses_a_text_without_its_legal_approval():
    texts = Texts(missing=lambda _: [], unapproved=["S08"])
    assert errors(confirmed(ESPOO), production=True, texts=texts) == {("V17", "S08")}
    assert errors(ESPOO, texts=texts) == set()


def test_v18_no_template_has_a_place_for_the_identity_code():
    texts = Texts(missing=lambda _: [], with_identity_code=["letters/ack/fi.html"])
    assert errors(ESPOO, texts=texts) == {("V18", "letters/ack/fi.html")}


def test_v19_a_controller_that_ended_names_its_successor():
    ended = replace(ESPOO, controller=replace(ESPOO.controller, valid_to=date(2026, 1, 1)))
    followed = replace(ended, controller=replace(ended.controller, successor=WORDS))
    assert errors(ended) == {("V19", "controller.successor")}
    assert errors(followed) == set()
    assert "V19" in {finding.rule for finding in findings(followed)}


def test_errors_come_before_warnings():
    severities = [finding.severity for finding in findings(replace(ESPOO, appeal=None, delivery=()))]
    assert severities == sorted(severities)


# ── listing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_listing_is_plain_json():
    listing = [as_listing(register) for register in REGISTERS.values()]
    assert json.loads(json.dumps(listing)) == listing


def test_the_listing_tells_retention_bases_rights_languages_and_delivery():
    listing = as_listing(REGISTERS["te_kaakkois_suomi"])
    expected = {
        "id": "te_kaakkois_suomi",
        "controller": "Kaakkois-Suomen TE-toimisto",
        "sector": "state",
        "retention": {"customer_service": "P2M"},
        "retention_longest": {"customer_service": "P12M"},
        "legal_bases": ["c", "e"],
        "rights": ["access", "erasure", "objection", "rectification", "restriction"],
        "languages": ["fi", "sv", "en"],
        "delivery": ["download", "on_site"],
        "service_target_days": None,
    }
    assert {key: listing[key] for key in expected} == expected


def test_only_pikkujatti_promises_a_week_and_only_janakkala_a_password_age():
    assert {r.id: r.service_target_days for r in REGISTERS.values() if r.service_target_days} == {"pikkujatti": 7}
    assert {r.id: r.password_max_age_days for r in REGISTERS.values() if r.password_max_age_days} == {"janakkala": 90}
