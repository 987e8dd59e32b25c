"""A whole portal at a broker: its real pages, session table and callback, and what a sign-in left behind in them."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask.testing import FlaskClient
from joserfc.util import urlsafe_b64decode
from sqlalchemy import text
from werkzeug.test import TestResponse

from config import Provider
from portal import wiring
from portal.services.office import Office
from portal.web.app import Portal
from tests import make
from tests.adapters.identity.peers import CLIENT, TEST_LEVEL
from tests.web.client import Fetched, checked

COUNTED: Counter[str] = Counter()
AT = "espoo"
CALLBACK_PATH = "/login/demo/callback"
ENTERED = 303


@dataclass
class Later:
    """The time of this moment, and as much later as a test says."""

    by: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


@dataclass
class Visitor:
    """One browser, and the sign-in it has under way: what our request object said."""

    door: "Door"
    client: FlaskClient
    language: str
    address: str = ""
    asked: dict[str, Any] = field(default_factory=dict)

    def begin(self, provider: str = "demo") -> TestResponse:
        """Press the provider's button."""
        page = self.client.get(f"/{self.language}/{AT}/sign-in").get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token, page
        answer = self.client.post(f"/{self.language}/{AT}/sign-in/{provider}", data={"csrf_token": token[1]})
        self.address = answer.headers.get("Location", "")
        if self.address:
            request = parse_qs(urlsplit(self.address).query)["request"][0]
            self.asked = json.loads(urlsafe_b64decode(request.split(".")[1].encode()))
        return answer

    def answer(self, **more: str) -> list[tuple[str, str]]:
        """A right callback's parameters, and these."""
        return list({"code": "one-code", "state": self.asked["state"], **more}.items())

    def back(self, params: Sequence[tuple[str, str]] | str | None = None, method: str = "GET") -> TestResponse:
        """Come back from the provider with these parameters (or a query already written)."""
        query = params if isinstance(params, str) else urlencode(params if params is not None else self.answer())
        return self.client.open(f"{CALLBACK_PATH}?{query}", method=method)

    @property
    def inside(self) -> bool:
        """Is this browser signed in: does a citizen's page open?"""
        return self.client.get(f"/{self.language}/{AT}/cases").status_code == 200


@dataclass(frozen=True)
class Door:
    """The portal and its database."""

    office: Office
    app: Portal
    clock: Later

    def visitor(self, language: str = "fi") -> Visitor:
        """A fresh browser."""
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        return Visitor(self, client, language)

    def count(self, query: str) -> int:
        """One number out of the database."""
        with self.office.book.engine.connect() as connection:  # type: ignore[attr-defined]  # the store's Book
            return int(connection.execute(text(query)).scalar_one())

    def traces(self) -> dict[str, int]:
        """What a success would have left: a session with an identity, a person, an event."""
        return {
            "sessions": self.count("SELECT count(*) FROM login_session WHERE auth_at IS NOT NULL"),
            "people": self.count("SELECT count(*) FROM person"),
            "events": self.count("SELECT count(*) FROM audit WHERE action = 'signed_in'"),
        }


NOTHING = {"sessions": 0, "people": 0, "events": 0}


def refused_page(answer: TestResponse, language: str) -> tuple[Fetched, str]:
    """The page of somebody who did not come in, checked, and the reference number on it."""
    page = checked(answer, CALLBACK_PATH)
    assert page.tree.get("lang") == language
    found = re.search(r"\b[2-9CFGHJKMPQRVWX]{4}-[2-9CFGHJKMPQRVWX]{4}\b", page.text)
    assert found, page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    return page, found[0]


@contextmanager
def portal_at(folder: Path, database: Path, keys: Path, issuer: str, **provider: Any) -> Iterator[Door]:
    """The portal with its one broker at `issuer`, over a copy of an empty database."""
    shutil.copyfile(database, folder / "portal.db")
    (folder / "data").mkdir()
    shutil.copy2(keys, folder / "data")
    url = f"sqlite:///{folder / 'portal.db'}"
    agreed: dict[str, Any] = {
        "id": "demo", "label": "Pankki", "preset": "demo", "issuer": issuer, "client_id": CLIENT, "test": True,
        "accepted": frozenset({TEST_LEVEL}),
    }  # fmt: skip
    changes = {"providers": (Provider(**(agreed | provider)),), "faces": "citizen"}
    clock = Later()
    office = make.office(folder, url, clock, **changes)
    app = wiring.create_app(make.settings(folder, url, **changes), office)
    app.testing = True
    try:
        yield Door(office, app, clock)
    finally:
        office.book.engine.dispose()  # type: ignore[attr-defined]  # the store's Book
