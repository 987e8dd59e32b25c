"""An answer opens only for this address, this challenge, this passkey, its user verified, its counter going on."""

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from portal.adapters.passkeys import Passkeys
from portal.services.ports import Passkey
from tests.authenticator import PRESENT, VERIFIED, Authenticator, raw, text

HERE = Passkeys.at("https://staff.example.fi/")
ORIGIN, PARTY = "https://staff.example.fi", "staff.example.fi"
ACCOUNT = uuid4().hex
NOON = datetime(2026, 6, 18, 9, 0, tzinfo=UTC)


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator(ORIGIN, PARTY)


def enrolled(phone: Authenticator) -> Passkey:
    options, challenge = HERE.creation(ACCOUNT, "anni", "Anni Testi", ())
    made = HERE.made(phone.make(options), challenge)
    assert made is not None
    return Passkey("1", ACCOUNT, made.credential, made.public_key, made.counter, "Puhelin", NOON, None)


def used(phone: Authenticator, key: Passkey, **lies: Any) -> int | None:
    options, challenge = HERE.request([key.credential])
    for name, value in lies.items():
        setattr(phone, name, value)
    return HERE.counter(phone.use(options), challenge, key)


def test_a_passkey_is_made_and_used(phone: Authenticator) -> None:
    assert used(phone, enrolled(phone)) == 1


def test_the_browser_is_asked_for_a_verified_user_and_told_nothing_secret() -> None:
    options, challenge = HERE.creation(ACCOUNT, "anni", "Anni Testi", [b"x" * 16])
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "preferred"
    assert options["rp"] == {"name": "Kuuluu", "id": PARTY}
    assert options["excludeCredentials"] == [{"id": text(b"x" * 16), "type": "public-key"}]
    assert len(raw(challenge)) >= 32
    options, challenge = HERE.request(())
    assert options["userVerification"] == "required"
    assert (options["rpId"], options["challenge"], options["allowCredentials"]) == (PARTY, challenge, [])


LIES: list[dict[str, Any]] = [
    {"flags": PRESENT},
    {"flags": VERIFIED},
    {"flags": 0},
    {"origin": "https://staff.example.fi.evil.example"},
    {"origin": "http://staff.example.fi"},
    {"origin": "https://staff.example.fi:8443"},
    {"origin": "https://example.fi"},
    {"rp_id": "example.fi"},
    {"rp_id": "evil.example"},
]


@pytest.mark.parametrize("lies", LIES, ids=str)
def test_a_use_is_refused(phone: Authenticator, lies: dict[str, Any]) -> None:
    assert used(phone, enrolled(phone), **lies) is None


@pytest.mark.parametrize("lies", LIES, ids=str)
def test_a_registration_is_refused(lies: dict[str, Any]) -> None:
    options, challenge = HERE.creation(ACCOUNT, "anni", "Anni Testi", ())
    answer = Authenticator(**({"origin": ORIGIN, "rp_id": PARTY} | lies)).make(options)
    assert HERE.made(answer, challenge) is None


def test_a_counter_may_not_stand_still_or_go_back(phone: Authenticator) -> None:
    key = dataclasses.replace(enrolled(phone), counter=5)
    options, challenge = HERE.request([key.credential])
    for counter in (4, 3, 0):
        phone.held[-1].counter = counter  # the use itself adds one
        assert HERE.counter(phone.use(options), challenge, key) is (None if counter < 5 else counter)
    phone.held[-1].counter = 5
    assert HERE.counter(phone.use(options), challenge, key) == 6


def test_an_authenticator_that_never_counts_is_accepted(phone: Authenticator) -> None:
    key = enrolled(phone)
    assert used(phone, key, counts=False) == 0
    assert used(phone, key, counts=False) == 0


def test_another_challenge_is_refused(phone: Authenticator) -> None:
    key = enrolled(phone)
    first, _challenge = HERE.request([key.credential])
    _options, second = HERE.request([key.credential])
    assert HERE.counter(phone.use(first), second, key) is None


def test_another_key_under_the_same_credential_is_refused(phone: Authenticator) -> None:
    key, other = enrolled(phone), Authenticator(ORIGIN, PARTY)
    enrolled(other)
    other.held[-1].id = key.credential
    options, challenge = HERE.request([key.credential])
    assert HERE.counter(other.use(options), challenge, key) is None


def test_a_registration_is_no_use_and_a_use_no_registration(phone: Authenticator) -> None:
    key = enrolled(phone)
    options, challenge = HERE.request([key.credential])
    assert HERE.counter(phone.use(options, kind="webauthn.create"), challenge, key) is None
    assert HERE.made(phone.use(options), challenge) is None


def change_signature(answer: dict[str, Any]) -> None:
    answer["response"]["signature"] = text(raw(answer["response"]["signature"])[:-1] + b"\0")


def change_counter(answer: dict[str, Any]) -> None:
    data = raw(answer["response"]["authenticatorData"])
    answer["response"]["authenticatorData"] = text(data[:-1] + bytes([data[-1] + 1]))


def change_type(answer: dict[str, Any]) -> None:
    answer["type"] = "password"


def change_id(answer: dict[str, Any]) -> None:
    answer["id"] = text(b"other")


@pytest.mark.parametrize("change", [change_signature, change_counter, change_type, change_id])
def test_a_changed_answer_is_refused(phone: Authenticator, change: Callable[[dict[str, Any]], None]) -> None:
    key = enrolled(phone)
    options, challenge = HERE.request([key.credential])
    answer = phone.use(options)
    change(answer)
    assert HERE.counter(answer, challenge, key) is None


def test_an_answer_says_which_challenge_credential_and_account_it_is_of(phone: Authenticator) -> None:
    key = enrolled(phone)
    options, challenge = HERE.request(())
    shown = HERE.shown(phone.use(options))
    assert shown is not None
    assert (shown.challenge, shown.credential, shown.account) == (challenge, key.credential, ACCOUNT)


@pytest.mark.parametrize(
    "answer",
    [
        {}, {"response": None}, {"response": {"clientDataJSON": 1}}, {"response": {"clientDataJSON": "AAAA"}},
        {"rawId": "AA", "response": {"clientDataJSON": text(b"[]")}},
        {"rawId": "AA", "response": {"clientDataJSON": text(b'{"type":"webauthn.get"}')}},
        {"rawId": [], "response": {"clientDataJSON": text(b'{"type":"a","challenge":"AA","origin":"b"}')}},
        {"rawId": "", "response": {"clientDataJSON": text(b'{"type":"a","challenge":"AA","origin":"b"}')}},
        {"rawId": "AA", "response": {"clientDataJSON": text(b'{"type":"a","challenge":"AA","origin":"b"}'),
                                     "userHandle": "AAAA"}},
        {"rawId": "A" * 4000, "response": {"clientDataJSON": text(b'{"type":"a","challenge":"AA","origin":"b"}')}},
    ],
)  # fmt: skip
def test_what_is_no_answer_is_none(phone: Authenticator, answer: dict[str, Any]) -> None:
    assert HERE.shown(answer) is None
    assert HERE.made(answer, "AAAA") is None
    assert HERE.counter(answer, "AAAA", enrolled(phone)) is None


def test_an_answer_from_inside_a_foreign_page_is_none(phone: Authenticator) -> None:
    enrolled(phone)
    phone.cross_origin = True
    assert HERE.shown(phone.use(HERE.request(())[0])) is None


@pytest.mark.parametrize(
    ("url", "usable"),
    [("http://127.0.0.1:8010", False), ("http://[::1]:8010", False), ("http://localhost:8010", True),
     ("https://staff.example.fi", True)],
)  # fmt: skip
def test_an_address_that_is_a_number_has_no_passkeys(url: str, usable: bool) -> None:
    assert Passkeys.at(url).usable is usable
