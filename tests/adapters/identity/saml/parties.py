"""The two parties of a SAML sign-in for tests through HTTP: our portal with Suomi.fi set, and the provider."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from portal.store.tables import arrival, login_session, pending_login, person
from portal.web.app import Portal
from tests.adapters.identity.saml.idp import LEVEL, SP, SSO, Answer, Asked, Idp, asked
from tests.web.client import Browser, Fetched, checked

HOST = "http://127.0.0.1:8000"
ACS, LOGOUT = f"{HOST}/login/suomifi/acs", f"{HOST}/login/suomifi/logout"
AT = "/fi/espoo"


def suomifi(folder: Path, keys: Path, idp: Idp, **changes: Any) -> dict[str, Any]:
    """PORTAL_SUOMIFI for a test: the provider's metadata on disk, our keys, invented people's codes allowed."""
    metadata = folder / "suomifi.xml"
    metadata.write_bytes(idp.metadata())
    values = {
        "entity_id": SP, "idp_metadata": metadata, "keys_dir": keys, "accepted": frozenset({LEVEL}),
        "registers": frozenset({"espoo", "janakkala"}), "test": True,
    }  # fmt: skip
    return values | changes


@dataclass
class Parties:
    """The portal, the provider, and what is to be seen of a sign-in between them."""

    app: Portal
    idp: Idp
    log: pytest.LogCaptureFixture

    def browser(self) -> Browser:
        return Browser(self.app)

    def begin(self, browser: Browser, at: str = AT, to: str = "") -> Asked:
        """Press the button; what Suomi.fi is asked."""
        page = browser.get(f"{at}/sign-in", query_string={"to": to} if to else {})
        form = page.tree.xpath('//form[contains(@action,"sign-in/suomifi")]')[0]
        token = form.xpath('./input[@name="csrf_token"]/@value')[0]
        answer = browser.client.post(form.get("action"), data={"csrf_token": token})
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith(SSO + "?")
        return asked(answer.headers["Location"])

    def post(self, to: Asked, response: str, **extra: Any) -> Fetched | str:
        """The provider's form, posted from its own site: no cookie of ours comes along. Where it leads, or a page."""
        stranger = self.app.test_client()
        answer = stranger.post("/login/suomifi/acs", data={"RelayState": to.relay, "SAMLResponse": response} | extra)
        assert "Set-Cookie" not in answer.headers
        if answer.status_code == 303:
            assert urlsplit(answer.headers["Location"]).path == "/login/suomifi/arrive"
            return answer.headers["Location"]
        return checked(answer, "/login/suomifi/acs")

    def answered(self, browser: Browser, to: Asked, response: str, **extra: Any) -> Fetched:
        """Post, and let the browser go where it is sent."""
        onward = self.post(to, response, **extra)
        return browser.get(onward) if isinstance(onward, str) else onward

    def enter(self, browser: Browser, how: Answer | None = None) -> Fetched:
        """A whole sign-in."""
        to = self.begin(browser, to=f"{AT}/cases")
        return self.answered(browser, to, self.idp.answer(to, how))

    @property
    def cause(self) -> str:
        """What the log says of the last sign-in that was not completed."""
        found = [line for line in self.log.records if line.message == "sign-in not completed"]
        return str(getattr(found[-1], "fault", "")) if found else ""

    def count(self, what: Any, *where: Any) -> int:
        with self.app.office.book.engine.connect() as db:  # type: ignore[attr-defined]  # the store's Book
            return int(db.scalar(select(func.count()).select_from(what).where(*where)) or 0)

    def nobody_entered(self) -> None:
        """No session of anybody, no person, nothing that waits."""
        assert self.count(login_session, login_session.c.auth_at.is_not(None)) == 0
        assert self.count(login_session, login_session.c.provider_key.is_not(None)) == 0
        assert self.count(person) == 0
        assert self.count(arrival) == 0

    def pending(self) -> int:
        return self.count(pending_login)
