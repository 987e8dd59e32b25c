"""Our keys at a broker: made, handed out, changed without a gap, and refused when they are unfit."""

import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwk import RSAKey

from portal.adapters.identity import client_keys
from portal.adapters.identity.client_keys import BadKeys, ClientKeys

T0 = 1_780_000_000
DAY = client_keys.DAY


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = client_keys.key_file(tmp_path, "bank")
    client_keys.make(path, T0)
    return path


def of(file: Path, use: str) -> dict[str, str]:
    """State -> kid of the keys of one use."""
    return {key.state: key.kid for key in client_keys.read(file) if key.use == use}


def shown(file: Path, now: int, use: str) -> set[str]:
    return {key["kid"] for key in client_keys.publish(file, now)["keys"] if key["use"] == use}


def opens(file: Path, kid: str, now: int) -> bool:
    """Would a token encrypted for this key be opened at this moment?"""
    return kid in {key.kid for key in ClientKeys(file).opening(now)}


def test_keys_are_made_once_two_of_them_and_for_their_owner_only(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_text()
    assert client_keys.make(file, T0 + 1) == []
    assert file.read_text() == before
    [signing], [opening] = of(file, "sig").values(), of(file, "enc").values()
    assert signing != opening


def test_what_goes_on_the_form_holds_nothing_private(file: Path) -> None:
    public = client_keys.publish(file, T0)
    assert [(key["use"], key["alg"]) for key in public["keys"]] == [("sig", "RS256"), ("enc", "RSA-OAEP")]
    for key in public["keys"]:
        assert set(key) == {"kty", "use", "alg", "kid", "n", "e"}
        assert key["kid"] == RSAKey.import_key(key).thumbprint()


def test_a_change_of_keys_leaves_no_moment_without_a_key_that_both_sides_know(file: Path) -> None:
    client_keys.publish(file, T0)
    old = {use: of(file, use)["current"] for use in ("sig", "enc")}
    client_keys.rotate(file, T0 + DAY)
    new = {use: of(file, use)["next"] for use in ("sig", "enc")}
    # the new encryption key opens before anybody has seen it; the old one still signs
    assert opens(file, new["enc"], T0 + DAY)
    assert ClientKeys(file).signing().kid == old["sig"]
    assert all(key.published is None for key in client_keys.read(file) if key.state == "next")
    # both signing keys are published, of the encryption keys only the new one
    at = T0 + 2 * DAY
    assert shown(file, at, "sig") == {old["sig"], new["sig"]}
    assert shown(file, at, "enc") == {new["enc"]}
    assert opens(file, old["enc"], at)
    with pytest.raises(BadKeys, match="24 h more"):
        client_keys.rotate(file, at)
    with pytest.raises(BadKeys, match="1 h more"):
        client_keys.rotate(file, at + DAY - 1)
    client_keys.rotate(file, at + DAY)
    assert ClientKeys(file).signing().kid == new["sig"]
    # requests signed a moment ago can be verified for a day more, tokens encrypted long ago opened for thirty
    assert shown(file, at + DAY, "sig") == {old["sig"], new["sig"]}
    assert shown(file, at + 2 * DAY, "sig") == {new["sig"]}
    assert opens(file, old["enc"], at + 31 * DAY - 1)
    assert not opens(file, old["enc"], at + 31 * DAY)
    client_keys.rotate(file, at + 40 * DAY)
    assert old["enc"] not in {key.kid for key in client_keys.read(file)}, "an ended key is destroyed at the next step"


def test_new_keys_do_not_sign_before_they_were_handed_out(file: Path) -> None:
    client_keys.rotate(file, T0)
    with pytest.raises(BadKeys, match="show-public"):
        client_keys.rotate(file, T0 + 30 * DAY)


def test_compromised_keys_are_gone_at_once(file: Path) -> None:
    old = {key.kid for key in client_keys.read(file)}
    client_keys.rotate(file, T0, compromised=True)
    assert not old & {key.kid for key in client_keys.read(file)}


def test_a_running_process_takes_up_changed_keys(file: Path) -> None:
    running = ClientKeys(file)
    before = running.signing().kid
    client_keys.rotate(file, T0, compromised=True)
    assert running.signing().kid == of(file, "sig")["current"] != before
    file.write_text("{")
    assert running.signing().kid == of_last(running), "a file broken by hand leaves the last good keys in use"


def of_last(keys: ClientKeys) -> str:
    return next(key.kid for key in keys._keys if (key.use, key.state) == ("sig", "current"))


def test_every_key_that_may_open_is_tried(file: Path) -> None:
    client_keys.rotate(file, T0)
    keys = list(ClientKeys(file).opening(T0))
    assert [key.kid for key in keys] == [of(file, "enc")["current"], of(file, "enc")["next"]]
    header = {"alg": "RSA-OAEP", "enc": "A128GCM"}
    sealed = jwe.encrypt_compact(header, b"x", keys[1], algorithms=["RSA-OAEP", "A128GCM"])
    assert jwe.decrypt_compact(sealed, keys[1], algorithms=["RSA-OAEP", "A128GCM"]).plaintext == b"x"


def test_the_single_key_of_an_earlier_version_is_taken_over(tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048, private=True)
    old = tmp_path / "client-bank.jwk"
    old.write_text(json.dumps(key.as_dict(private=True)))
    file = client_keys.key_file(tmp_path, "bank")
    client_keys.make(file, T0)
    assert ClientKeys(file).signing().thumbprint() == key.thumbprint()
    assert not old.exists()
    assert len(of(file, "enc")) == 1


def spoiled(file: Path, spoil: Any) -> None:
    content = json.loads(file.read_text())
    spoil(content["keys"])
    file.write_text(json.dumps(content))


def short(keys: list[dict[str, Any]]) -> None:
    keys[0]["n"] = keys[0]["n"][:170]


UNFIT: list[tuple[str, Any, str]] = [
    ("no encryption key", lambda keys: keys.pop(), "one current encryption key"),
    ("no signing key", lambda keys: keys.pop(0), "one current signing key"),
    ("one key for both uses", lambda keys: keys.__setitem__(1, keys[0] | {"use": "enc"}), "one key for two uses"),
    ("a short key", short, "under 2048 bits"),
    ("two current signing keys", lambda keys: keys[1].update(use="sig"), "one current signing key"),
    ("a key of another use", lambda keys: keys[0].update(use="any"), "not a set of our keys"),
    ("a public key", lambda keys: keys[0].pop("d"), "not a set of our keys"),
]


@pytest.mark.parametrize(("spoil", "reason"), [row[1:] for row in UNFIT], ids=[row[0] for row in UNFIT])
def test_unfit_keys_stop_the_start(spoil: Any, reason: str, file: Path) -> None:
    spoiled(file, spoil)
    with pytest.raises(BadKeys, match=reason):
        ClientKeys(file)


def test_keys_that_others_may_read_and_absent_ones_stop_the_start(file: Path, tmp_path: Path) -> None:
    file.chmod(0o640)
    with pytest.raises(BadKeys, match="0600"):
        ClientKeys(file)
    with pytest.raises(BadKeys, match="flask keys new"):
        ClientKeys(tmp_path / "none.jwks")


def test_the_advice_follows_the_keys_through_a_change(file: Path) -> None:
    def advice(now: int) -> str:
        return client_keys.advice(client_keys.read(file), now)

    assert "show-public" in advice(T0)
    client_keys.publish(file, T0)
    assert advice(T0) == "Nothing to do."
    assert "rotate" in advice(T0 + 366 * DAY)
    client_keys.rotate(file, T0 + 366 * DAY)
    assert "show-public" in advice(T0 + 366 * DAY)
    client_keys.publish(file, T0 + 366 * DAY)
    assert "wait" in advice(T0 + 366 * DAY)
    assert "rotate" in advice(T0 + 367 * DAY)
