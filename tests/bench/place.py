"""Where a measurement happens: an office over an empty database of its own, and visitors who are signed in."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from portal import wiring
from portal.domain.access import Role
from portal.services import sign_in, staff_sign_in
from portal.services.office import Office
from portal.store.engine import make_engine
from portal.store.migrate import upgrade
from portal.web.app import Portal
from portal.web.citizen.request_draft import Draft
from tests import make
from tests.bench.seed import REGISTER
from tests.postgres import Cluster


@dataclass(frozen=True)
class Place:
    """An office, its application with both faces, and the database's address for an anchor beside it."""

    here: Office
    app: Portal
    beside: str

    def clerk(self, n: int = 1) -> str:
        """The id of a handler's account."""
        return make.clerk(self.here, f"bench{n}", Role.HANDLER).actor.id

    def staff_client(self, account: str) -> FlaskClient:
        """A browser in which this clerk is signed in."""
        now = self.here.now()
        with self.here.writing() as work:
            cookie = work.sessions.start("staff", account, {}, now + staff_sign_in.LONGEST, now, now)
        return self._client("kuuluu-staff", cookie)

    def citizen_client(self, *calls: dict[str, Any]) -> FlaskClient:
        """A browser in which a citizen is signed in, has chosen the right of access, and has written these calls."""
        now, who = self.here.now(), make.identified(at=self.here.now())
        owner = sha256(who.subject_key.encode()).hexdigest()
        with self.here.writing() as work:
            cookie = work.sessions.start(
                "citizen", None, {"identity": sign_in._kept(who)}, now + sign_in.LONGEST, now, now
            )
            draft = Draft(submission="b" * 32, right="access", calls=calls, caller={"kind": "self", "done": "y"})
            work.drafts.save(owner, "request", REGISTER, asdict(draft), now)
        return self._client("kuuluu", cookie)

    def _client(self, name: str, cookie: str) -> FlaskClient:
        client = self.app.test_client()
        client.set_cookie(name, cookie)
        return client


@contextmanager
def place(root: Path, name: str, cluster: Cluster | None = None) -> Iterator[Place]:
    """A fresh place under `root`, on SQLite or in the cluster; removed afterwards."""
    folder = root / name
    folder.mkdir()
    url = f"sqlite:///{folder}/portal.db" if cluster is None else cluster.url(cluster.create())
    beside = f"sqlite:///{folder}/bare.db" if cluster is None else cluster.url(cluster.create())
    upgrade(url)
    here = make.office(folder, url)
    app = wiring.create_app(make.settings(folder, url), here)
    try:
        yield Place(here, app, beside)
    finally:
        here.book.engine.dispose()  # type: ignore[attr-defined]  # the store's Book
        make_engine(url).dispose()
        shutil.rmtree(folder)
