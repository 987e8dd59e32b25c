"""Signing in and out by Suomi.fi through the real addresses: whatever is not exactly right leaves no trace."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import shutil
import zlib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit

import pytest
from jinja2 import FileSystemBytecodeCache
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants

from portal import wiring
from portal.adapters.identity import saml_keys
from portal.adapters.identity.saml_redirect import opened
from portal.adapters.identity.saml_xml import NAMES, find
from portal.adapters.identity.suomifi import SuomiFi
from portal.services.sign_in import identity_of, open_session
from portal.store.tables import login_session
from portal.web.app import Portal
from tests import make
from tests.adapters.identity.saml.idp import CODE, LEVEL, PEOPLE, SLO, Answer, Asked, Idp, asked, timed
from tests.adapters.identity.saml.parties import ACS, AT, LOGOUT, Parties, suomifi
from tests.web.client import Browser, Fetched, entered

EIDAS = "http://eidas.europa.eu/attributes/naturalperson/"
REFUSED, EXPIRED = "Tunnistautuminen ei onnistunut", "Tunnistautuminen vanheni"
LOW, UNKNOWN = "Tunnistautumistapa ei riitä", "Tunnistautumistapa ei kerro, kuka olet"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our keys, made once a run."""
    made = tmp_path_factory.mktemp("saml")
    saml_keys.make(made / "ours", "kuuluu.example", datetime.now(UTC))
    return made


@pytest.fixture(scope="session")
def idp(folder: Path) -> Idp:
    """The provider, and a stranger's keys."""
    return Idp(folder, saml_keys.load(folder / "ours"), ACS, LOGOUT)


@pytest.fixture(scope="session")
def adapter(folder: Path, idp: Idp) -> SuomiFi:
    """Suomi.fi as the settings make it; opening its keys takes longer than most tests."""
    settings = make.settings(folder, "sqlite:///", providers=(), suomifi=suomifi(folder, folder / "ours", idp))
    return wiring.suomifi_of(settings)


@dataclass
class Present(make.Clock):
    """The machine's own clock, which the library asks too, and how far a test has moved ours."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move(self, **by: float) -> None:
        self.ahead += timedelta(**by)


@pytest.fixture
def clock() -> Present:
    """The present."""
    return Present()


def portal_at(folder: Path, url: str, clock: Callable[[], datetime], keys: Path, idp: Idp, adapter: SuomiFi) -> Portal:
    """The citizens' face with Suomi.fi."""
    plain = make.settings(folder, url, faces="citizen", providers=())
    office = replace(wiring.build_office(plain, clock), identities={"suomifi": adapter})
    agreed = make.settings(folder, url, faces="citizen", providers=(), suomifi=suomifi(folder, keys / "ours", idp))
    made = wiring.create_app(agreed, office)
    made.testing = True
    return made


@pytest.fixture
def app(
    tmp_path: Path, sqlite_url: str, clock: Present, folder: Path, idp: Idp, adapter: SuomiFi,
    compiled_templates: FileSystemBytecodeCache,
) -> Portal:  # fmt: skip
    made = portal_at(tmp_path, sqlite_url, clock, folder, idp, adapter)
    made.jinja_env.bytecode_cache = compiled_templates
    return made


@pytest.fixture
def both(app: Portal, idp: Idp, caplog: pytest.LogCaptureFixture) -> Parties:
    """Our portal and the provider."""
    caplog.set_level(logging.INFO)
    return Parties(app, idp, caplog)


@pytest.fixture(scope="module")
def standing(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, folder: Path, idp: Idp, adapter: SuomiFi
) -> Portal:
    """One portal for all refusals: after each of them it must be as empty as before."""
    place = tmp_path_factory.mktemp("standing")
    shutil.copyfile(sqlite_template, place / "portal.db")
    return portal_at(place, f"sqlite:///{place / 'portal.db'}", Present(), folder, idp, adapter)


@pytest.fixture
def facing(standing: Portal, idp: Idp, caplog: pytest.LogCaptureFixture) -> Parties:
    """The standing portal and the provider."""
    caplog.set_level(logging.INFO)
    return Parties(standing, idp, caplog)


# Coming in


def test_a_person_enters_and_goes_on_to_where_they_were_going(both: Parties) -> None:
    browser = both.browser()
    page = both.enter(browser)
    assert page.h1 == "Omat pyynnöt"
    assert "Tuulikki Aamu Soittola" in page.body
    assert page.response.headers["Cache-Control"] == "no-store"
    assert both.pending() == 0


def test_the_identity_is_the_code_and_the_evidence_is_kept(both: Parties) -> None:
    browser = both.browser()
    both.enter(browser)
    cookie = browser.client.get_cookie("kuuluu")
    assert cookie is not None
    session = open_session(both.app.office, cookie.value, "citizen")
    assert session is not None
    who = identity_of(session)
    assert who is not None
    assert (who.subject_key, who.provider, who.level.value) == (f"hetu:{CODE}", "suomifi", LEVEL)
    assert re.fullmatch("[0-9a-f]{64}", who.transaction)
    assert who.session is not None
    assert (who.session.name, who.session.index) == ("_nobody", "_index")


def test_the_request_is_signed_and_demands_a_fresh_login_at_exactly_these_levels(both: Parties) -> None:
    to = both.begin(both.browser(), "/sv/espoo")
    assert to.query.endswith("&locale=sv")
    carried = opened(to.query.removesuffix("&locale=sv"), [both.idp.ours.signing_certificate])
    assert carried.root.get("ForceAuthn") == "true"
    assert carried.root.get("AssertionConsumerServiceURL") == ACS
    assert find(carried.root, "//samlp:RequestedAuthnContext/@Comparison") == ["exact"]
    assert [one.text for one in find(carried.root, "//saml:AuthnContextClassRef")] == [LEVEL]
    assert parse_qs(to.query)["SigAlg"] == [Constants.RSA_SHA256]


def test_no_two_sign_ins_share_a_request_or_a_relay_state(both: Parties) -> None:
    first, second = both.begin(both.browser()), both.begin(both.browser())
    assert first.request != second.request
    assert first.relay != second.relay


@pytest.mark.parametrize(
    "how",
    [
        Answer(sign_response=False),
        Answer(cipher="AES128", transport="RSA_OAEP"),
        Answer(signature=Constants.RSA_SHA512, digest=Constants.SHA512),
        Answer({"not_before": 25}),
        Answer({"not_after": -5}),
        Answer({"issued": 25, "authenticated": 25}),
    ],
    ids=["assertion signed alone", "AES-CBC", "SHA-512", "25 s early", "5 s late", "their clock is ahead"],
)
def test_what_is_right_in_another_way_enters_too(both: Parties, how: Answer) -> None:
    assert both.enter(both.browser(), how).h1 == "Omat pyynnöt", both.cause


def test_a_person_from_abroad_enters_by_the_eidas_identifier(both: Parties) -> None:
    abroad = {f"{EIDAS}PersonIdentifier": "EE/FI/Ab-1", f"{EIDAS}CurrentGivenName": "Mari",
              f"{EIDAS}CurrentFamilyName": "Maasikas", f"{EIDAS}DateOfBirth": "1987-03-04"}  # fmt: skip
    page = both.enter(both.browser(), Answer(attributes=abroad))
    assert "Mari Maasikas" in page.body


def test_two_tabs_both_work(both: Parties) -> None:
    browser = both.browser()
    first, second = both.begin(browser, to=f"{AT}/cases"), both.begin(browser, to=f"{AT}/cases")
    assert both.answered(browser, second, both.idp.answer(second)).h1 == "Omat pyynnöt"
    assert both.answered(browser, first, both.idp.answer(first)).h1 == EXPIRED, "a new id: what was known is worthless"


def test_a_private_clinic_does_not_offer_suomifi(both: Parties) -> None:
    browser = both.browser()
    page = browser.get("/fi/pikkujatti/sign-in")
    assert "Suomi.fi" not in page.text
    token = browser.get(f"{AT}/sign-in").tree.xpath('//input[@name="csrf_token"]/@value')[0]
    assert browser.client.post("/fi/pikkujatti/sign-in/suomifi", data={"csrf_token": token}).status_code == 404


def test_who_came_by_suomifi_identifies_anew_at_a_private_clinic(both: Parties) -> None:
    browser = both.browser()
    both.enter(browser)
    assert browser.client.get(f"{AT}/cases").status_code == 200
    answer = browser.client.get("/fi/pikkujatti/cases")
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).path == "/fi/pikkujatti/sign-in"


# Refusals. Each is a fresh sign-in in a fresh browser, through the address that the provider posts to.


def put(path: str, text: str | None = None, **attributes: str | int | None) -> Callable[[Any], None]:
    """Change an element: its text, its attributes (None: away); or, with neither, take it out."""

    def change(root: Any) -> None:
        found = find(root, path)
        assert found, path
        for one in found:
            if text is None and not attributes:
                one.getparent().remove(one)
            if text is not None:
                one.text = text
            for name, value in attributes.items():
                one.attrib.pop(name) if value is None else one.set(name, timed({name: value})[name])

    return change


def doubled(path: str) -> Callable[[Any], None]:
    """The element twice, the second time without ids."""

    def change(root: Any) -> None:
        again = deepcopy(find(root, path)[0])
        for one in again.iter():
            one.attrib.pop("ID", None)
            one.attrib.pop("Id", None)
        find(root, path)[0].addnext(again)

    return change


def said(person: str, **changes: str) -> dict[str, str]:
    """The attributes with another code, or others."""
    return PEOPLE | {"urn:oid:1.2.246.21": person} | changes


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in PEOPLE.items() if name not in names}


def forged(assertion: Any, own_id: str) -> Any:
    """The signed assertion's double, in another person's name, without a signature of its own."""
    double = deepcopy(assertion)
    double.set("ID", own_id)
    double.remove(double.find("ds:Signature", NAMES))
    find(double, "//saml:Attribute[@Name='urn:oid:1.2.246.21']/saml:AttributeValue")[0].text = "010190-902H"
    return double


def wrapped_in_advice(assertion: Any) -> Any:
    double = forged(assertion, "_forged")
    double.insert(1, deepcopy(assertion.find("ds:Signature", NAMES)))
    advice = etree.SubElement(double, f"{{{NAMES['saml']}}}Advice")
    advice.append(assertion)
    return double


def wrapped_in_signature(assertion: Any) -> Any:
    double = forged(assertion, "_forged")
    signature = deepcopy(assertion.find("ds:Signature", NAMES))
    etree.SubElement(signature, f"{{{NAMES['ds']}}}Object").append(assertion)
    double.insert(1, signature)
    return double


def wrapped_under_its_id(assertion: Any) -> Any:
    double = forged(assertion, "_assertion")
    double.insert(1, deepcopy(assertion.find("ds:Signature", NAMES)))
    etree.SubElement(double, f"{{{NAMES['saml']}}}Advice").append(assertion)
    return double


def beside_in_plain(response: Any) -> None:
    plain = etree.SubElement(response, f"{{{NAMES['saml']}}}Assertion")
    plain.set("ID", "_plain")


def beside_in_extensions(response: Any) -> None:
    extensions = etree.Element(f"{{{NAMES['samlp']}}}Extensions")
    extensions.append(deepcopy(find(response, "//saml:EncryptedAssertion")[0]))
    response.insert(1, extensions)


def with_transform(algorithm: str) -> Callable[[Any], None]:
    def change(root: Any) -> None:
        etree.SubElement(find(root, "//ds:Transforms")[0], f"{{{NAMES['ds']}}}Transform", Algorithm=algorithm)

    return change


def second_reference(root: Any) -> None:
    """A reference that the signature library would fetch from the network."""
    again = deepcopy(find(root, "//ds:Reference")[0])
    again.set("URI", "http://127.0.0.1:9/away")
    find(root, "//ds:SignedInfo")[0].append(again)


def outside_cipher(root: Any) -> None:
    data = find(root, "//xenc:EncryptedData/xenc:CipherData")[0]
    data.clear()
    etree.SubElement(data, f"{{{NAMES['xenc']}}}CipherReference", URI="http://127.0.0.1:9/away")


def outside_key(root: Any) -> None:
    info = find(root, "//xenc:EncryptedData/ds:KeyInfo")[0]
    etree.SubElement(info, f"{{{NAMES['ds']}}}RetrievalMethod", URI="http://127.0.0.1:9/away",
                     Type="http://www.w3.org/2001/04/xmlenc#EncryptedKey")  # fmt: skip


def with_comment(path: str) -> Callable[[Any], None]:
    """A comment in the middle of a text: readers that take the text before it see a shorter one."""

    def change(root: Any) -> None:
        found = find(root, path)[0]
        whole = found.text
        found.text = whole[:4]
        found.append(etree.Comment("x"))
        found[0].tail = whole[4:]

    return change


def with_instruction(root: Any) -> None:
    root.append(etree.ProcessingInstruction("x", "y"))


def swallowed(root: Any) -> None:
    """A text that the signature covers, moved after it was signed."""
    find(root, "//saml:Conditions")[0].tail = "x"


CODE_VALUE = "//saml:Attribute[@Name='urn:oid:1.2.246.21']/saml:AttributeValue"
DTD = b'<!DOCTYPE r [<!ENTITY e "040387-913W">]>'
LAUGHS = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
STATUS = b"<samlp:Status>"
# id, answer, heading, what the log says (a part of it)
ROWS: list[tuple[str, Answer, str, str]] = [
    # signatures
    ("assertion not signed", Answer(sign=False), REFUSED, "NO_SIGNED_ASSERTION"),
    ("nothing signed", Answer(sign=False, sign_response=False), REFUSED, "NO_SIGN"),
    ("foreign signer", Answer(foreign=True), REFUSED, "INVALID_SIGNATURE"),
    ("foreign signer of the assertion alone", Answer(foreign=True, sign_response=False), REFUSED, "INVALID_SIGNATURE"),
    ("SHA-1 signature", Answer(signature=Constants.RSA_SHA1), REFUSED, "signature algorithm"),
    ("SHA-1 digest", Answer(digest=Constants.SHA1), REFUSED, "digest algorithm"),
    ("changed after signing", Answer(after=put(CODE_VALUE, "010190-902H")), REFUSED, "INVALID_SIGNATURE"),
    ("text moved after signing", Answer(after=swallowed), REFUSED, "library"),
    ("response changed after signing", Answer(last=put("./saml:Issuer", "https://idp.example/idp1", Format="x")),
     REFUSED, "INVALID_SIGNATURE"),
    ("signature wrapped in advice", Answer(after=wrapped_in_advice), REFUSED, "signature of something else"),
    ("signature wrapped around its object", Answer(after=wrapped_in_signature), REFUSED, "signature of"),
    ("signature wrapped under one id", Answer(after=wrapped_under_its_id), REFUSED, "id twice"),
    ("signature of an empty reference", Answer(after=put("//ds:Reference", URI="")), REFUSED, "signature of something"),
    ("signature with a second reference", Answer(after=second_reference), REFUSED, "signature of another shape"),
    ("signature after XSLT", Answer(after=with_transform("http://www.w3.org/TR/1999/REC-xslt-19991116")),
     REFUSED, "signature after a transform"),
    ("signature after XPath", Answer(after=with_transform("http://www.w3.org/TR/1999/REC-xpath-19991116")),
     REFUSED, "signature after a transform"),
    ("signature by a shared secret", Answer(after=put("//ds:SignatureMethod",
     Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1")), REFUSED, "signature algorithm"),
    # encryption
    ("assertion not encrypted", Answer(encrypt=False), REFUSED, "not encrypted"),
    ("plain assertion beside", Answer(enclosed=beside_in_plain), REFUSED, "not encrypted"),
    ("two assertions", Answer(enclosed=doubled("//saml:EncryptedAssertion")), REFUSED, "not one encrypted assertion"),
    ("a second assertion in extensions", Answer(enclosed=beside_in_extensions), REFUSED, "not one encrypted assertion"),
    ("no assertion", Answer(enclosed=put("//saml:EncryptedAssertion")), REFUSED, "not one encrypted assertion"),
    ("RSA 1.5 key transport", Answer(transport="RSA_PKCS1"), REFUSED, "cipher that is not current"),
    ("triple DES", Answer(enclosed=put("//xenc:EncryptedData/xenc:EncryptionMethod",
     Algorithm="http://www.w3.org/2001/04/xmlenc#tripledes-cbc")), REFUSED, "cipher that is not current"),
    ("cipher text changed", Answer(enclosed=put("//xenc:EncryptedData/xenc:CipherData/xenc:CipherValue", "AAAA")),
     REFUSED, "no key of ours"),
    ("key changed", Answer(enclosed=put("//xenc:EncryptedKey/xenc:CipherData/xenc:CipherValue", "AAAA")),
     REFUSED, "no key of ours"),
    ("cipher text elsewhere", Answer(enclosed=outside_cipher), REFUSED, "cipher text outside"),
    ("key elsewhere", Answer(enclosed=outside_key), REFUSED, "key outside"),
    # for whom, where, about which request
    ("another audience", Answer({"audience": "https://other.example"}), REFUSED, "AUDIENCE"),
    ("our audience and another", Answer(before=doubled("//saml:Audience")), REFUSED, "audience"),
    ("two restrictions", Answer(before=doubled("//saml:AudienceRestriction")), REFUSED, "audience"),
    ("no audience", Answer(before=put("//saml:AudienceRestriction")), REFUSED, "audience"),
    ("another recipient", Answer({"recipient": "https://other.example/acs"}), REFUSED, "SUBJECTCONFIRMATION"),
    ("a longer recipient", Answer({"recipient": f"{ACS}/more"}), REFUSED, "recipient"),
    ("no recipient", Answer(before=put("//saml:SubjectConfirmationData", Recipient=None)), REFUSED, "recipient"),
    ("another destination", Answer({"destination": "https://other.example/acs"}), REFUSED, "destination"),
    ("a longer destination", Answer({"destination": f"{ACS}?x=1"}), REFUSED, "destination"),
    ("no destination", Answer(enclosed=put(".", Destination=None)), REFUSED, "destination"),
    ("another request", Answer({"request": "_other"}), REFUSED, "response: request"),
    ("no request", Answer(enclosed=put(".", InResponseTo=None)), REFUSED, "response: request"),
    ("another request confirmed", Answer({"confirmed_request": "_other"}), REFUSED, "SUBJECTCONFIRMATION"),
    ("no request confirmed", Answer(before=put("//saml:SubjectConfirmationData", InResponseTo=None)),
     REFUSED, "assertion: request"),
    ("confirmed otherwise", Answer({"method": "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"}),
     REFUSED, "SUBJECTCONFIRMATION"),
    ("confirmed twice", Answer(before=doubled("//saml:SubjectConfirmation")), REFUSED, "SubjectConfirmation 2 times"),
    ("another issuer", Answer({"issuer": "https://other.example"}), REFUSED, "issuer"),
    ("another issuer of the assertion", Answer(before=put("./saml:Issuer", "https://other.example")),
     REFUSED, "WRONG_ISSUER"),
    # when
    ("expired", Answer({"not_after": -120, "confirmed_until": -120}), REFUSED, "SUBJECTCONFIRMATION"),
    ("conditions expired", Answer({"not_after": -120}), REFUSED, "end"),
    ("no end", Answer(before=put("//saml:Conditions", NotOnOrAfter=None)), REFUSED, "NotOnOrAfter is missing"),
    ("confirmed without end", Answer(before=put("//saml:SubjectConfirmationData", NotOnOrAfter=None)),
     REFUSED, "NotOnOrAfter is missing"),
    ("too early", Answer({"not_before": 120}), REFUSED, "start"),
    ("issued before we asked", Answer({"issued": -120}), REFUSED, "issue time"),
    ("issued in the future", Answer({"issued": 120}), REFUSED, "issue time"),
    ("identified before we asked", Answer({"authenticated": -120}), REFUSED, "login time"),
    ("session over", Answer(before=put("//saml:AuthnStatement", SessionNotOnOrAfter=-120)),
     REFUSED, "SESSION_EXPIRED"),
    ("a time of another form", Answer(before=put("//saml:AuthnStatement", AuthnInstant="2026-11-22T04:00:00+02:00")),
     REFUSED, "AuthnInstant"),
    # how strongly
    ("test level in production", Answer({"level": "http://ftn.ficora.fi/2017/loatest2"}), LOW, "level"),
    ("another accepted nowhere", Answer({"level": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"}), LOW, "level"),
    ("a higher level than asked", Answer({"level": "http://ftn.ficora.fi/2017/loa3"}), LOW, "level"),
    ("no level", Answer({"level": ""}), REFUSED, "element that holds"),
    ("two logins", Answer(before=doubled("//saml:AuthnStatement")), REFUSED, "AUTHSTATEMENTS"),
    ("no login", Answer(before=put("//saml:AuthnStatement")), REFUSED, "AUTHSTATEMENTS"),
    # who
    ("comment in the code", Answer(before=with_comment(CODE_VALUE)), REFUSED, "comment"),
    ("comment in the name", Answer(before=with_comment("//saml:NameID")), REFUSED, "comment"),
    ("comment in the code after signing", Answer(after=with_comment(CODE_VALUE)), REFUSED, "comment"),
    ("comment around", Answer(last=with_comment("./saml:Issuer")), REFUSED, "comment"),
    ("processing instruction", Answer(enclosed=with_instruction), REFUSED, "instruction"),
    ("no identifier", Answer(attributes=without("urn:oid:1.2.246.21")), UNKNOWN, "identifier"),
    ("an empty code", Answer(attributes=said("")), UNKNOWN, "identifier"),
    ("a code that does not check", Answer(attributes=said("040387-913X")), UNKNOWN, "no such personal"),
    ("a code in small letters", Answer(attributes=said("040387-913w")), UNKNOWN, "form of a personal"),
    ("a code with blanks", Answer(attributes=said(" 040387-913W ")), UNKNOWN, "form of a personal"),
    ("two codes", Answer(before=doubled(CODE_VALUE)), REFUSED, "several values"),
    ("the code's attribute twice", Answer(before=doubled("//saml:Attribute[@Name='urn:oid:1.2.246.21']")),
     REFUSED, "attribute twice"),
    ("another birth date", Answer(attributes=said(CODE, **{f"{EIDAS}DateOfBirth": "1987-03-05"})),
     REFUSED, "disagree"),
    ("a foreign identifier of another form",
     Answer(attributes=without("urn:oid:1.2.246.21") | {f"{EIDAS}PersonIdentifier": "EE/SE/1"}), UNKNOWN, "identifier"),
    ("no name", Answer(attributes={"urn:oid:1.2.246.21": CODE}), REFUSED, "no name"),
    ("no session index", Answer(before=put("//saml:AuthnStatement", SessionIndex=None)), REFUSED, "no session"),
    ("a session index with markup", Answer({"index": "a&lt;b"}), REFUSED, "no session"),
    ("no name id", Answer(before=put("//saml:NameID")), REFUSED, "NameID 0 times"),
    # the message
    ("document type", Answer(raw=lambda raw: DTD + raw), REFUSED, "document type"),
    ("an entity in use", Answer(raw=lambda raw: DTD + raw.replace(b"idp.example/idp1<", b"idp.example/&e;<")),
     REFUSED, "document type"),
    ("laughing entities", Answer(raw=lambda raw: LAUGHS + raw), REFUSED, "document type"),
    ("an external entity", Answer(raw=lambda raw: OUTSIDE + raw), REFUSED, "document type"),
    ("another encoding's document type", Answer(raw=lambda raw: (DTD + raw).decode().encode("utf-16")),
     REFUSED, "document type"),
    ("not XML", Answer(raw=lambda _: b"<samlp:Response"), REFUSED, "not XML"),
    ("nothing", Answer(raw=lambda _: b""), REFUSED, "no answer"),
    ("another message", Answer(raw=lambda raw: raw.replace(b"samlp:Response", b"samlp:ArtifactResponse")),
     REFUSED, "another kind"),
    ("huge", Answer(enclosed=put("./saml:Issuer", "x" * 260_000)), REFUSED, "too large"),
    ("a form beyond measure", Answer(enclosed=put("./saml:Issuer", "x" * 400_000)), REFUSED, "too large"),
    ("thousands of elements", Answer(raw=lambda raw: raw.replace(STATUS, b"<x/>" * 3000 + STATUS)),
     REFUSED, "too many elements"),
    ("without floor", Answer(raw=lambda raw: raw.replace(STATUS, b"<x>" * 60 + b"</x>" * 60 + STATUS)),
     REFUSED, "too many elements"),
    ("another version", Answer(enclosed=put(".", Version="1.1")), REFUSED, "VERSION"),
]  # fmt: skip


@pytest.mark.parametrize(("how", "heading", "cause"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_an_answer_that_is_not_right_leaves_no_trace(facing: Parties, how: Answer, heading: str, cause: str) -> None:
    browser = facing.browser()
    to = facing.begin(browser, to=f"{AT}/cases")
    page = facing.answered(browser, to, facing.idp.answer(to, how))
    assert (page.status, page.h1) == (400, heading), facing.cause
    assert cause in facing.cause
    refused(facing, browser, to, page)


def refused(both: Parties, browser: Browser, to: Asked, page: Fetched) -> None:
    """Nobody came in, nothing is kept, nothing is told."""
    both.nobody_entered()
    assert browser.get(f"{AT}/cases").h1 == "Tunnistaudu"
    told = "\n".join([*(str(vars(line)) for line in both.log.records if line.name.startswith("portal")), page.body])
    for secret in (CODE, "010190", "Soittola", "Tuulikki", to.relay, to.request, "_nobody", "_index"):
        assert secret not in told.replace(browser.get("/").url, ""), secret


def test_the_count_of_refusals_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nSAML refusals through the real address: {len(ROWS)} answers")
    assert len({row[0] for row in ROWS}) == len(ROWS)


# How it arrives


def test_the_same_answer_is_taken_once(both: Parties) -> None:
    browser = both.browser()
    to = both.begin(browser, to=f"{AT}/cases")
    response = both.idp.answer(to)
    assert both.answered(browser, to, response).h1 == "Omat pyynnöt"
    again = both.post(to, response)
    assert isinstance(again, Fetched)
    assert (again.status, again.h1) == (400, EXPIRED)


def test_an_old_answer_does_not_fit_a_new_sign_in(both: Parties) -> None:
    browser = both.browser()
    first = both.begin(browser)
    response = both.idp.answer(first)
    second = both.begin(browser)
    assert both.answered(browser, second, response).h1 == REFUSED
    assert "request" in both.cause
    both.nobody_entered()


def test_a_handle_is_taken_once(both: Parties) -> None:
    browser = both.browser()
    to = both.begin(browser, to=f"{AT}/cases")
    onward = both.post(to, both.idp.answer(to))
    assert isinstance(onward, str)
    assert browser.get(onward).h1 == "Omat pyynnöt"
    assert browser.get(onward).h1 == EXPIRED
    assert both.browser().get(onward).h1 == EXPIRED


def test_an_answer_enters_only_the_browser_that_began_and_nobody_else_spends_it(both: Parties) -> None:
    browser, other = both.browser(), both.browser()
    both.begin(other)
    to = both.begin(browser, to=f"{AT}/cases")
    onward = both.post(to, both.idp.answer(to))
    assert isinstance(onward, str)
    page = other.get(onward)
    assert (page.status, page.h1) == (400, EXPIRED)
    assert other.get(f"{AT}/cases").h1 == "Tunnistaudu"
    assert both.count(login_session, login_session.c.auth_at.is_not(None)) == 0
    assert browser.get(onward).h1 == "Omat pyynnöt"


def test_an_answer_waits_two_minutes(both: Parties, clock: Present) -> None:
    browser = both.browser()
    to = both.begin(browser)
    onward = both.post(to, both.idp.answer(to))
    assert isinstance(onward, str)
    clock.move(seconds=121)
    assert browser.get(onward).h1 == EXPIRED
    both.nobody_entered()


def test_a_sign_in_waits_ten_minutes(both: Parties, clock: Present) -> None:
    to = both.begin(both.browser())
    clock.move(minutes=10, seconds=1)
    page = both.post(to, both.idp.answer(to))
    assert isinstance(page, Fetched)
    assert page.h1 == EXPIRED


@pytest.mark.parametrize(
    "form",
    [{}, {"SAMLResponse": "x"}, {"RelayState": "x"}, {"RelayState": ["a", "b"], "SAMLResponse": "x"},
     {"RelayState": "nobody-sent-this", "SAMLResponse": "x"}],
)  # fmt: skip
def test_a_strangers_post_is_refused_and_keeps_nothing(both: Parties, form: dict[str, Any]) -> None:
    both.begin(both.browser())
    answer = both.app.test_client().post("/login/suomifi/acs", data=form)
    assert answer.status_code == 400
    assert EXPIRED in answer.get_data(as_text=True)
    assert both.pending() == 1
    both.nobody_entered()


def test_a_parameter_twice_is_refused(both: Parties) -> None:
    browser = both.browser()
    to = both.begin(browser)
    response = both.idp.answer(to)
    assert both.answered(browser, to, response, SAMLResponse=[response, response]).h1 == REFUSED
    both.nobody_entered()


def test_the_answer_of_another_provider_is_not_taken_here(both: Parties) -> None:
    assert both.app.test_client().post("/login/demo/acs", data={}).status_code == 404
    assert both.app.test_client().get("/login/demo/logout").status_code == 404
    assert both.app.test_client().get("/login/suomifi/acs").status_code == 404


@pytest.mark.parametrize(
    ("status", "code", "heading"),
    [("AuthnFailed", 400, "Tunnistautuminen jäi kesken"), ("RequestDenied", 400, "Tunnistautuminen jäi kesken"),
     ("NoAuthnContext", 400, LOW), ("Responder", 503, "Tunnistuspalveluun ei saada yhteyttä")],
)  # fmt: skip
def test_a_person_who_turned_back_reads_so_in_their_language(
    both: Parties, status: str, code: int, heading: str
) -> None:
    browser = both.browser()
    to = both.begin(browser)
    page = both.answered(browser, to, both.idp.failure(to, status))
    assert (page.status, page.h1) == (code, heading)
    both.nobody_entered()
    swede = both.browser()
    to = both.begin(swede, "/sv/espoo")
    assert both.answered(swede, to, both.idp.failure(to, status)).tree.get("lang") == "sv"


def test_a_failure_about_another_request_is_refused(both: Parties) -> None:
    browser = both.browser()
    to = both.begin(browser)
    assert both.answered(browser, to, both.idp.failure(to, "AuthnFailed", request="_other")).h1 == REFUSED


def test_one_hundred_sign_ins_that_are_left_grow_neither_cookie_nor_table(both: Parties) -> None:
    browser = both.browser()
    for _ in range(100):
        both.begin(browser)
    cookie = browser.client.get_cookie("kuuluu")
    assert cookie is not None
    assert len(cookie.value) < 4096
    assert both.pending() <= 5


# Signing out


def leave(browser: Browser, at: str = AT) -> str:
    """Press the button; where it leads."""
    page = browser.get(f"{at}/cases")
    token = page.tree.xpath('//form[contains(@action,"sign-out")]/input[@name="csrf_token"]/@value')[0]
    return str(browser.client.post(f"{at}/sign-out", data={"csrf_token": token}).headers["Location"])


def test_our_session_ends_before_the_word_leaves_for_suomifi(both: Parties) -> None:
    browser = both.browser()
    both.enter(browser)
    cookie = browser.client.get_cookie("kuuluu")
    assert cookie is not None
    onward = leave(browser)
    assert open_session(both.app.office, cookie.value, "citizen") is None
    assert onward.startswith(SLO + "?")
    query = urlsplit(onward).query
    carried = opened(query.removesuffix("&locale=fi"), [both.idp.ours.signing_certificate])
    assert find(carried.root, "./saml:NameID")[0].text == "_nobody"
    assert find(carried.root, "./samlp:SessionIndex")[0].text == "_index"


def test_suomifis_answer_leads_to_the_signed_out_page_once(both: Parties) -> None:
    browser = both.browser()
    both.enter(browser)
    to = asked(leave(browser, "/sv/espoo"))
    query = both.idp.logout_response(to)
    page = browser.get(f"/login/suomifi/logout?{query}")
    assert page.url.endswith("/sv/espoo/signed-out")
    assert browser.get(f"/login/suomifi/logout?{query}").status == 400


@pytest.mark.parametrize("change", [{"request": "_other"}, {"relay": "unknown"}, {"signer": "stranger"}, {"issuer": "https://other.example"},
                                    {"destination": "https://other.example"}, {"issued": -600}])  # fmt: skip
def test_an_answer_to_another_word_leads_nowhere(both: Parties, change: dict[str, str | int]) -> None:
    browser = both.browser()
    both.enter(browser)
    to = asked(leave(browser))
    assert browser.get(f"/login/suomifi/logout?{both.idp.logout_response(to, **change)}").status == 400


def test_suomifis_word_ends_exactly_its_session_and_is_answered(both: Parties) -> None:
    mine, other = both.browser(), both.browser()
    both.enter(mine, Answer({"index": "_mine"}))
    both.enter(other, Answer({"index": "_other"}))
    answer = both.app.test_client().get(f"/login/suomifi/logout?{both.idp.logout_request(index='_mine')}")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(SLO + "?")
    carried = opened(urlsplit(answer.headers["Location"]).query, [both.idp.ours.signing_certificate])
    assert carried.relay == "their-word"
    assert carried.root.get("InResponseTo") == "_logout1"
    assert find(carried.root, "//samlp:StatusCode/@Value") == ["urn:oasis:names:tc:SAML:2.0:status:Success"]
    assert mine.get(f"{AT}/cases").h1 == "Tunnistaudu"
    assert other.get(f"{AT}/cases").h1 == "Omat pyynnöt"


def bare(query: str, *names: str) -> str:
    """The query without these parameters."""
    return "&".join(part for part in query.split("&") if part.partition("=")[0] not in names)


def bomb() -> str:
    """Ten megabytes in a few kilobytes."""
    maker = zlib.compressobj(9, zlib.DEFLATED, -15)
    return quote_plus(base64.b64encode(maker.compress(b"<x>" + b" " * 10_000_000) + maker.flush()))


WORDS: list[tuple[str, Callable[[Idp], str]]] = [
    ("not signed", lambda idp: bare(idp.logout_request(), "Signature", "SigAlg")),
    ("signature taken away", lambda idp: bare(idp.logout_request(), "Signature")),
    ("signed by a stranger", lambda idp: idp.logout_request(key=idp.stranger.signing_key)),
    ("relay state changed", lambda idp: idp.logout_request().replace("their-word", "other-word")),
    ("SHA-1", lambda idp: idp.logout_request().replace("rsa-sha256", "rsa-sha1")),
    ("message twice", lambda idp: idp.logout_request() + "&" + idp.logout_request().split("&")[0]),
    ("both kinds", lambda idp: idp.logout_request() + "&SAMLResponse=x"),
    ("another session", lambda idp: idp.logout_request(index="_foreign")),
    ("another name", lambda idp: idp.logout_request(name="_foreign")),
    ("no session index", lambda idp: idp.logout_request(index="")),
    ("another issuer", lambda idp: idp.logout_request(issuer="https://other.example")),
    ("another destination", lambda idp: idp.logout_request(destination="https://other.example")),
    ("an old word", lambda idp: idp.logout_request(issued=-600)),
    ("an entity", lambda idp: idp.logout_request(name="]]>")),
    ("nothing", lambda _: ""),
    ("a bomb", lambda idp: bare(idp.logout_request(), "SAMLRequest") + f"&SAMLRequest={bomb()}"),
    ("a word from the body of another", lambda idp: urlencode({"SAMLRequest": "x", "SigAlg": "x", "Signature": "x"})),
]


@pytest.mark.parametrize("word", [row[1] for row in WORDS], ids=[row[0] for row in WORDS])
def test_a_word_that_is_not_suomifis_own_ends_nothing(both: Parties, word: Callable[[Idp], str]) -> None:
    browser = both.browser()
    both.enter(browser)
    answer = both.app.test_client().get(f"/login/suomifi/logout?{word(both.idp)}")
    assert answer.status_code in (303, 400)
    assert browser.get(f"{AT}/cases").h1 == "Omat pyynnöt"


def test_only_the_signed_word_about_our_own_is_answered_by_a_redirect(both: Parties) -> None:
    answers = {name: both.app.test_client().get(f"/login/suomifi/logout?{word(both.idp)}") for name, word in WORDS}
    believed = {name for name, answer in answers.items() if answer.status_code == 303}
    assert believed == {"another session", "another name"}


def test_a_session_by_a_broker_signs_out_here_alone(both: Parties, app: Portal) -> None:
    browser = entered(app, app.office, make.identified(at=app.office.now()))
    assert leave(browser) == "/fi/espoo/signed-out"


def test_nothing_of_the_person_stands_in_the_database_in_clear(both: Parties, tmp_path: Path) -> None:
    browser = both.browser()
    both.enter(browser)
    leave(browser)
    content = b"".join(file.read_bytes() for file in tmp_path.glob("portal.db*"))
    for secret in (CODE, "Soittola", "_nobody", hashlib.sha256(CODE.encode()).hexdigest()):
        assert secret.encode() not in content
