"""(f) a sign-in completed: from the broker's callback to the end of the first page, beside the cryptography."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from joserfc.jwk import RSAKey

from config import Provider
from portal import wiring
from portal.adapters.identity import client_keys
from portal.adapters.identity.client_keys import ClientKeys
from tests import make
from tests.adapters.identity.door import ENTERED, Door, Later, Visitor
from tests.adapters.identity.peers import CLIENT, TEST_LEVEL, Hostile
from tests.bench.place import place
from tests.bench.timing import Line, cpu_ms
from tests.postgres import Cluster

BUDGET_MS = 15.0
_WARM = 5


def sign_in_callback(root: Path, cluster: Cluster | None, logins: int = 100) -> list[Line]:
    """CPU of the web process for callback and first page, less its three RSA operations measured alone."""
    folder = root / "broker"
    folder.mkdir()
    with place(root, "sign-in", cluster) as at, _token_endpoint(folder) as issuer:
        level = frozenset({TEST_LEVEL})
        agreed = Provider(
            id="demo", label="x", preset="demo", issuer=issuer, client_id=CLIENT, accepted=level, test=True
        )
        settings = make.settings(root / "sign-in", str(at.here.book.engine.url), providers=(agreed,))  # type: ignore[attr-defined]  # the store's Book
        here = replace(at.here, identities=wiring._identities(settings), clock=Later())
        door = Door(here, wiring.create_app(settings, here), Later())
        keys = ClientKeys(client_keys.key_file(settings.data_dir, "demo"))
        ready = _begun(door, keys, folder, issuer, logins + _WARM)
        for n in range(_WARM):
            _come_in(ready[n], n)
        start = time.process_time()
        for n in range(_WARM, logins + _WARM):
            _come_in(ready[n], n)
        whole = (time.process_time() - start) * 1000 / logins
    crypto = _cryptography(keys)
    detail = f"{logins} sign-ins; {whole:.1f} ms with {crypto:.1f} ms of cryptography"
    return [Line("sign-in from callback to first page, CPU of ours", whole - crypto, "ms", BUDGET_MS, detail)]


def _begun(door: Door, keys: ClientKeys, folder: Path, issuer: str, logins: int) -> list[Visitor]:
    """Browsers with a sign-in under way, and their ID tokens ready at the broker."""
    signing = RSAKey.generate_key(2048, private=True)
    signing.ensure_kid()
    broker = Hostile(signing, signing, next(keys.opening(0)))
    broker.issuer = issuer
    (folder / "keys.json").write_text(json.dumps({"keys": broker.keys}))
    visitors = []
    for n in range(logins):
        visitor = door.visitor()
        assert visitor.begin().status_code == ENTERED
        broker.nonce = visitor.asked["nonce"]
        now = int(datetime.now(UTC).timestamp())
        broker.claims = {"exp": now + 600}
        (folder / f"{n}.token").write_text(broker.token())
        visitors.append(visitor)
    return visitors


def _come_in(visitor: Visitor, n: int) -> None:
    answer = visitor.back(visitor.answer(code=str(n)))
    assert answer.status_code == ENTERED, answer.status
    assert visitor.client.get(answer.headers["Location"]).status_code == 200


def _cryptography(keys: ClientKeys) -> float:
    """CPU milliseconds of what RSA costs a sign-in: our signature, our decryption, the broker's signature verified."""
    mine, opening = keys.signing().private_key, next(keys.opening(0)).private_key
    assert mine is not None
    assert opening is not None
    padding = OAEP(MGF1(SHA1()), SHA1(), None)  # RSA-OAEP is defined with SHA-1
    sealed = opening.public_key().encrypt(b"k" * 32, padding)
    signature = mine.sign(b"token", PKCS1v15(), SHA256())

    def once() -> None:
        mine.sign(b"assertion", PKCS1v15(), SHA256())
        opening.decrypt(sealed, padding)
        mine.public_key().verify(signature, b"token", PKCS1v15(), SHA256())

    once()
    return cpu_ms(once, 100)


@contextmanager
def _token_endpoint(folder: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.token_endpoint", str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.wait(10)
