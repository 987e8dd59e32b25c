"""The notices name officials; the product speaks of roles alone (GDPR art. 5(1)(c)).

The names are not written here either: every two neighbouring words of the project's texts are hashed and compared with
the SHA-256 of the officials' names, "first last" in small letters.
"""

import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from portal.domain.words import Language
from portal.registers.load import FOLDER, load_all

ROOT = Path(__file__).parents[2]
FOLDERS = ("portal", "templates", "translations", "docs", "tests")
ENDINGS = {".css", ".csv", ".html", ".js", ".json", ".md", ".po", ".py", ".toml", ".txt"}

OFFICIALS = {
    "0175382bdbf9a1bb1c0a1540aa10a4355879d62dd11b92408281c1b79610234a",
    "5ebf9d14ca3e7c55d0faa424d8d2551d924fa9d73f47d10dc4f0ee1a139603ee",
    "5f6bf953142d274a14d3352de9bf2586bb09a7a3fa0fc2896801d7cdb4b9a507",
    "784c278ea37031ce826d3fd964ae77efa88a2b1b8aa137b11518c6a353cb345f",
    "80e7d786cc72f2292c0e07abaa296b9d0f6fe376afa435a70355cfe1b3a0599c",
    "a31c88b05f56af33c9c6ad187728c59227e3a62034a636ab838bf5622bafce85",
    "baf59dfa15072cac24601b637d63f022b578194f8ddc82b66737b8f41514a233",
    "f1990c03e2f49c16acbc6ba847d4d6459fe1b8e2ffd3d4cf699f225553e0d53e",
}

ROLES_FI = {
    "Ylilääkäri",
    "Tietosuojavastaava",
    "Tietosuojavastaava (järjestelmävastaava)",
    "Potilasrekisteriasiat",
    "Puhelinpalvelun yhteyshenkilö",
    "Rekisteriasioiden asiantuntija",
    "Rekisteriasiat",
    "ICT-erityisasiantuntija (rekisterin yhteyshenkilö); vastuuhenkilö asiointijohtaja",
}


def named(text: str, names: set[str]) -> bool:
    """Whether two neighbouring words, in either order, hash to one of the names."""
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", text)]
    pairs = {order for one, other in pairwise(words) for order in (f"{one} {other}", f"{other} {one}")}
    return any(hashlib.sha256(pair.encode()).hexdigest() in names for pair in pairs)


def texts() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from (p for p in (ROOT / folder).rglob("*") if p.suffix in ENDINGS and p.is_file())


def test_the_search_finds_a_name_in_either_order():
    invented = {hashlib.sha256(b"testi henkil\xc3\xb6").hexdigest()}
    assert named("Asiantuntija Testi Henkilö, puh.", invented)
    assert named("testi.henkilö@example.fi", invented)
    assert named("Henkilö, Testi", invented)
    assert not named("testi ilman henkilöä", invented)


def test_no_officials_name_stands_in_any_text_of_the_project():
    assert [
        str(path.relative_to(ROOT)) for path in texts() if named(path.read_text("utf-8", "replace"), OFFICIALS)
    ] == []


def test_the_register_files_are_among_the_texts_searched():
    assert set(FOLDER.glob("*.toml")) <= set(texts())


@pytest.mark.parametrize("register", load_all().values(), ids=lambda register: register.id)
def test_every_contact_is_a_known_role(register):
    for contact in (register.contact, register.dpo, register.requests_to):
        assert contact.role.fi in ROLES_FI
        assert all(contact.role[language] for language in Language)


@pytest.mark.parametrize("register", load_all().values(), ids=lambda register: register.id)
def test_every_mailbox_is_a_functional_one(register):
    mailboxes = {c.email for c in (register.contact, register.dpo, register.requests_to) if c.email}
    assert all(re.match(r"(tietosuoja|kirjaamo)[.@]", mailbox) for mailbox in mailboxes)
