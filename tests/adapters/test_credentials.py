"""Passwords, time-based codes, recovery codes and one-time links of staff."""

import re
import threading
import time
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pyotp
import pytest

from portal.adapters import credentials
from portal.adapters.credentials import (
    check_totp,
    hash_link_token,
    hash_password,
    hash_recovery,
    new_link_token,
    new_recovery_codes,
    new_totp_secret,
    password_problem,
    too_alike,
    totp_qr_svg,
    totp_uri,
    verify_password,
)
from portal.services.ports import Busy

GOOD = "viisi vihreää pöllöä"
NOW = datetime(2026, 3, 4, 12, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


def test_a_password_opens_its_own_hash_only() -> None:
    stored = hash_password(GOOD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert verify_password(stored, GOOD)
    assert not verify_password(stored, GOOD + "!")


def test_the_same_letters_in_another_encoding_open_it_too() -> None:
    assert verify_password(hash_password("pöllö ja hämärä metsä"), "po\u0308llo\u0308 ja hämärä metsä")


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password(GOOD) != hash_password(GOOD)


@pytest.mark.parametrize("stored", ["", "plain text", "$argon2id$v=19$broken"])
def test_a_broken_hash_opens_for_nobody(stored: str) -> None:
    assert not verify_password(stored, stored)


def test_an_unknown_account_costs_a_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []

    class Watching:
        def verify(self, stored: str, plain: bytes) -> bool:
            verified.append(stored)
            return True

    credentials._dummy()
    monkeypatch.setattr(credentials, "_hasher", Watching())
    assert not verify_password(None, GOOD)
    assert verified[0].startswith("$argon2id$")


def test_at_most_two_hashes_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running: list[int] = []
    most: list[int] = []

    class Slow:
        def hash(self, plain: bytes) -> str:
            running.append(1)
            most.append(len(running))
            time.sleep(0.02)
            running.pop()
            return "x"

    monkeypatch.setattr(credentials, "_hasher", Slow())
    threads = [threading.Thread(target=hash_password, args=(GOOD,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 2


def test_who_cannot_wait_is_told_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    go, refused = threading.Event(), []

    class Stuck:
        def hash(self, plain: bytes) -> str:
            go.wait(5)
            return "x"

    def wait() -> None:
        try:
            hash_password(GOOD)
        except Busy:
            refused.append(1)

    monkeypatch.setattr(credentials, "_hasher", Stuck())
    threads = [threading.Thread(target=wait) for _ in range(20)]
    for thread in threads:
        thread.start()
    for _ in range(200):
        if len(refused) == 20 - credentials.AT_ONCE - credentials.WAITING:
            break
        time.sleep(0.01)
    waiting = 20 - len(refused)
    go.set()
    for thread in threads:
        thread.join()
    assert waiting == credentials.AT_ONCE + credentials.WAITING
    assert hash_password(GOOD) == "x", "the places are free again"


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    class Stuck:
        def hash(self, plain: bytes) -> str:
            go.wait(5)
            return "x"

    monkeypatch.setattr(credentials, "_hasher", Stuck())
    monkeypatch.setattr(credentials, "PATIENCE", 0.01)
    with pytest.raises(Busy):
        hash_password(GOOD)
    go.set()


@pytest.mark.parametrize(
    ("new", "alike"),
    [
        (GOOD, True),
        (GOOD + "1", True),
        (GOOD.upper(), True),
        ("viisi vihreaa polloa", True),
        ("viisi vihreätä pöllöä!", True),
        (GOOD[::-1], True),
        ("Viisi-vihreää-pöllöä-2027", True),
        ("kuusi vihreää pöllöä", False),
        ("aivan toinen lause tässä", False),
    ],
)
def test_the_old_password_with_a_new_ending_is_no_new_one(new: str, alike: bool) -> None:
    assert too_alike(new, GOOD) is alike


@pytest.mark.parametrize(
    ("new", "old", "alike"),
    [("Xk9#vQ2!mZ7$wR4-2026", "Xk9#vQ2!mZ7$wR4-2027", True), ("482915730264815", "930274615820471", False)],
)
def test_other_years_make_no_other_password_but_other_digits_alone_do(new: str, old: str, alike: bool) -> None:
    assert too_alike(new, old) is alike


@pytest.mark.parametrize(
    ("plain", "problem"),
    [
        (GOOD, None),
        ("kolme kissaa katolla", None),
        ("xK9#vQ2!mZ7$wR4", None),
        ("correct-parrot-batteries-bolt", None),
        ("neljätoista mer", None),
        ("viisi pöllöä 1", "too_short"),
        ("p" * 257, "too_long"),
        ("aaaaaaaaaaaaaaaa", "common"),
        ("abcabcabcabcabc", "common"),
        ("password1234567", "common"),
        ("P@ssw0rdP@ssw0rd!", "common"),
        ("salasana salasana", "common"),
        ("Salasana2026!!!!", "common"),
        ("qwertyuiopasdfgh", "common"),
        ("123456789012345", "common"),
        ("abcdefghijklmnop", "common"),
        ("987654321098765", "common"),
        ("1qaz2wsx3edc4rfv", "common"),
        ("Kesä2026Kesä2026!", "common"),
        ("tervetuloa-kuuluu-2026", "common"),
        ("kirsikka on esimerkkilä", "contains_name"),
        ("metsän Eeröt laulavat", "contains_name"),
        ("xx e.esimerkkila yy", "contains_name"),
    ],
)
def test_a_password_must_be_long_and_not_guessable(plain: str, problem: str | None) -> None:
    assert password_problem(plain, "Eero Esimerkkilä") == problem


def test_short_parts_of_a_name_forbid_nothing() -> None:
    assert password_problem("kaunis iltarusko taas", "Ilta Aho Li") == "contains_name"
    assert password_problem("ahomansikka on kypsä", "Li Aho") is None


def test_the_code_of_now_is_accepted_with_its_step() -> None:
    secret = new_totp_secret()
    assert check_totp(secret, pyotp.TOTP(secret).at(NOW), NOW, None) == STEP


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_may_be_one_step_off(steps: int, accepted: bool) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=30 * steps))
    assert check_totp(secret, code, NOW, None) == (STEP + steps if accepted else None)


def test_a_used_code_and_any_before_it_are_spent() -> None:
    secret = new_totp_secret()
    totp = pyotp.TOTP(secret)
    assert check_totp(secret, totp.at(NOW), NOW, STEP) is None
    assert check_totp(secret, totp.at(NOW - timedelta(seconds=30)), NOW, STEP) is None
    assert check_totp(secret, totp.at(NOW + timedelta(seconds=30)), NOW, STEP) == STEP + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "\ud800"])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert check_totp("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", code, NOW, None) is None


def test_a_code_typed_with_a_blank_is_accepted() -> None:
    secret = new_totp_secret()
    code = pyotp.TOTP(secret).at(NOW)
    assert check_totp(secret, f" {code[:3]} {code[3:]}", NOW, None) == STEP


def test_the_address_names_account_and_issuer() -> None:
    uri = totp_uri("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "eero@virasto.example", "Kuuluu")
    assert uri == "otpauth://totp/Kuuluu:eero%40virasto.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Kuuluu"


def test_the_picture_needs_no_style() -> None:
    svg = totp_qr_svg(totp_uri(new_totp_secret(), "eero", "Kuuluu"))
    parts = list(ElementTree.fromstring(svg).iter())
    assert not any("style" in part.attrib or "class" in part.attrib or part.tag.endswith("style") for part in parts)
    assert {part.get("fill") or part.get("stroke") for part in parts} >= {"#fff", "#000"}


def test_recovery_codes_are_ten_and_all_different() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)


def test_a_recovery_code_is_known_however_it_is_typed() -> None:
    kept = hash_recovery("01AB-CD10-EFGH-JKMN")
    assert kept == hash_recovery(" o1ab cdlo efgh jkmn ") == hash_recovery("0iABCDI0EFGHJKMN")
    assert kept != hash_recovery("01AB-CD10-EFGH-JKMM")
    assert re.fullmatch(r"[0-9a-f]{64}", kept)


def test_a_link_token_is_kept_as_its_hash() -> None:
    token, kept = new_link_token()
    assert len(token) == 43
    assert kept == hash_link_token(token)
    assert token not in kept
    assert new_link_token()[0] != token
