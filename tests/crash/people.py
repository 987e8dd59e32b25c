"""The people of the trial: each is signed in and has written a request that only waits to be sent.

Sessions and drafts are put into the store as sign-in and the request's pages put them there; what is tried is the
sending: the page to check, its form, the answer.
"""

import re
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import uuid4

import requests

from portal.domain.moments import format_date, format_time, helsinki
from portal.domain.phone import national
from portal.domain.retention import purge_at
from portal.services import sign_in
from portal.services.office import Office
from portal.web.citizen.request_draft import Draft
from tests import make

REGISTER = "espoo"
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_RECEIPT = re.compile(rf"^/fi/{REGISTER}/request/received/(R-\d{{4}}-\d{{5}})$")
_COOKIE = "kuuluu"


@dataclass(frozen=True)
class Sender:
    """One person: cookie, the draft's submission id, and their recording (None: nothing of theirs was recorded)."""

    subject: str
    cookie: str
    submission: str
    recording: str | None
    patient: bool
    """Does this person press the button again when the answer does not come?"""


def seat(here: Office, count: int) -> list[Sender]:
    """Sign `count` people in with a complete draft each; every fourth was never recorded."""
    now = here.now()
    called = (now - timedelta(days=20)).replace(minute=10, second=0, microsecond=0)
    recordings = _recorded(here, called, [n for n in range(count) if n % 4])
    senders = []
    with here.writing() as work:
        for n in range(count):
            who = replace(make.identified(at=now), subject_key=f"crash:{n}", given="Kaatuva", family=f"Soittaja{n}")
            data = {"identity": sign_in._kept(who)}
            cookie = work.sessions.start("citizen", None, data, now + sign_in.LONGEST, now, now)
            draft = _draft(called, n)
            owner = sha256(who.subject_key.encode()).hexdigest()
            work.drafts.save(owner, "request", REGISTER, asdict(draft), now)
            senders.append(Sender(who.subject_key, cookie, draft.submission, recordings.get(n), patient=n % 10 != 7))
    return senders


def _recorded(here: Office, called: datetime, of: list[int]) -> dict[int, str]:
    rule = here.registers[REGISTER].rule("customer_service")
    metas = [make.segment(called, caller=_number(n), service_number=None) for n in of]
    with here.writing() as work:
        ids = work.recordings.load(REGISTER, "crash", "ours", [(meta, purge_at(meta.end, rule)) for meta in metas])
    return dict(zip(of, ids, strict=True))


def _number(n: int) -> str:
    return f"+35850{n:07d}"


def _draft(called: datetime, n: int) -> Draft:
    at = helsinki(called)
    call = {
        "day": format_date(at.date()), "time": format_time(at.time()), "day_sureness": "certain",
        "time_sureness": "hour", "called": "unknown", "called_other": "", "own": national(_number(n)), "earliest": "",
        "latest": "", "done": True,
    }  # fmt: skip
    caller = {"kind": "self", "done": "y"}
    return Draft(uuid4().hex, "access", (call,), details={"answer_language": "fi"}, caller=caller)


@dataclass(frozen=True)
class Sent:
    """What the person saw: the receipt's reference, or None when no answer came; and how often they tried."""

    subject: str
    ref: str | None
    tries: int


def send(sender: Sender, port: int, patience: float = 60.0) -> Sent:
    """Open the page to check, press its button, and read the receipt's address from the answer.

    A broken connection or an error page is no answer: the patient ones come back until they have one.
    """
    base, until, tries = f"http://127.0.0.1:{port}/fi/{REGISTER}/request", time.monotonic() + patience, 0
    cookies = {_COOKIE: sender.cookie}
    while time.monotonic() < until:
        tries += 1
        try:
            ref = _press(base, cookies, sender.submission)
        except requests.RequestException:
            ref = None
        if ref or not sender.patient:
            return Sent(sender.subject, ref, tries)
        time.sleep(0.1)
    return Sent(sender.subject, None, tries)


def _press(base: str, cookies: dict[str, str], submission: str) -> str | None:
    page = requests.get(f"{base}/check", cookies=cookies, timeout=20, allow_redirects=False)
    token = _TOKEN.search(page.text)
    if token is None and page.status_code == 200:
        raise AssertionError("the page to check has no form")
    form = {"csrf_token": token[1] if token else "", "submission": submission}
    answer = requests.post(f"{base}/send", data=form, cookies=cookies, timeout=20, allow_redirects=False)
    if answer.status_code != 303:
        return None
    receipt = _RECEIPT.match(urlsplit(answer.headers["Location"]).path)
    return receipt[1] if receipt else None


def now() -> datetime:
    """The machine's time: the portal under trial runs by it too."""
    return datetime.now(UTC)
