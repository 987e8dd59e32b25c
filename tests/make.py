"""Builders: what tests speak about, made in one line, with values that may be left out."""

import struct
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from unittest.mock import patch
from uuid import uuid4

import pyotp

from config import Provider, Settings, Sms
from portal import wiring
from portal.adapters.vault.keys import KeyRing
from portal.domain.access import Actor, ActorKind, Role
from portal.domain.case import Wishes
from portal.domain.identity import Assurance, Identified, PersonalIdentityCode
from portal.domain.matching import CallDescription
from portal.domain.moments import DaySureness, TimeSureness
from portal.domain.recording import (
    Capability,
    NotFound,
    RecordingClass,
    ScanBatch,
    SegmentMeta,
    Transient,
    Unsupported,
)
from portal.domain.register import Register
from portal.domain.retention import purge_at
from portal.domain.rights import Right
from portal.domain.words import Language
from portal.registers import load
from portal.services import staff_accounts
from portal.services.file_request import Filed, Request, file_request
from portal.services.office import Office
from portal.services.ports import Place
from portal.services.ports.listeners import RecorderLink
from portal.store.tables import staff

NOON = datetime(2026, 6, 18, 9, 0, tzinfo=UTC)
"""Thursday 18.6.2026 at 12.00 in Helsinki, the day before Midsummer Eve."""

NUMBER, SERVICE = "+358401234567", "+358981621"


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class FakeSource:
    """A recording source in memory, with the same promises as the real ones (tests/ports)."""

    id: str
    register: str
    custody: str = "ours"
    files: dict[str, bytes] = field(default_factory=dict)
    segments: list[SegmentMeta] = field(default_factory=list)
    capabilities: frozenset[Capability] = frozenset({Capability.LIST, Capability.FETCH, Capability.DELETE})
    operator: str = ""
    held: set[tuple[str, str]] = field(default_factory=set)
    restricted: set[str] = field(default_factory=set)
    away: bool = False

    def scan(self, cursor: str | None = None, limit: int = 2000) -> ScanBatch:
        start = int(cursor or 0)
        part = tuple(self.segments[start : start + limit])
        return ScanBatch(part, (), str(start + len(part)), done=start + len(part) >= len(self.segments))

    def search(
        self, numbers: Sequence[str], service: str, begin: datetime, end: datetime, limit: int
    ) -> tuple[SegmentMeta, ...]:
        if Capability.SEARCH not in self.capabilities:
            raise Unsupported(self.id)
        if self.away:
            raise Transient("away")
        fits = (
            one
            for one in self.segments
            if begin <= one.start < end
            and ({one.caller, one.other_number} & set(numbers) if numbers else one.service_number == service)
        )
        return tuple(islice(fits, limit))

    def open(self, locator: str) -> BinaryIO:
        if locator not in self.files:
            raise NotFound(locator)
        return BytesIO(self.files[locator])

    def erase(self, locator: str) -> bool:
        self.files.pop(locator, None)
        return True

    def hold(self, locator: str, ref: str) -> None:
        self.held.add((locator, ref))

    def release(self, locator: str, ref: str) -> None:
        self.held.discard((locator, ref))

    def restrict(self, locator: str, on: bool) -> None:
        (self.restricted.add if on else self.restricted.discard)(locator)


def settings(folder: Path, url: str, **changes: Any) -> Settings:
    """Demo settings in a folder of the test's own."""
    keys = folder / "keys.json"
    if not keys.exists():
        KeyRing.create(keys)
    values: dict[str, Any] = {
        "mode": "demo", "database_url": url, "data_dir": folder / "data", "keys_file": keys,
        "citizen_url": "http://127.0.0.1:8000", "staff_url": "http://127.0.0.1:8010",
        # said, because a demo in this process may have put others into the environment
        "even_seconds": 0.0,  # a filing is answered at once
        "staff_providers": (), "suomifi": None, "sms": Sms(), "email": None, "duty": None,
        "providers": (Provider(id="demo", label="Demo", preset="demo", issuer="http://127.0.0.1:8020", test=True,
                               client_id="kuuluu-demo", accepted=frozenset({Assurance.TEST_SUBSTANTIAL.value})),),
    }  # fmt: skip
    (folder / "data").mkdir(exist_ok=True)
    return Settings(**(values | changes))


_read_and_checked = wiring._registers
_shipped: dict[str, dict[str, Register]] = {}


def _registers(settings: Settings) -> dict[str, Register]:
    """The registers that the portal ships with are read and checked once a run, a test's own folder each time."""
    if settings.registers_dir.resolve() != load.FOLDER.resolve() or settings.text_approvals:
        return _read_and_checked(settings)
    if settings.mode not in _shipped:
        _shipped[settings.mode] = _read_and_checked(settings)
    return dict(_shipped[settings.mode])


def office(folder: Path, url: str, clock: Callable[[], datetime] | None = None, **changes: Any) -> Office:
    """A real office over a database that has the schema, with a fake source for each register."""
    with patch.object(wiring, "_registers", _registers):
        made = wiring.build_office(settings(folder, url, **changes), clock or Clock())
    fakes = {f"fake-{register}": FakeSource(f"fake-{register}", register) for register in made.registers}
    return replace(made, sources={**made.sources, **fakes})


def identified(name: str = "Tuulikki Soittola", code: str = "131052-902N", at: datetime = NOON) -> Identified:
    """A strongly identified invented person."""
    given, _, family = name.partition(" ")
    return Identified(
        f"hetu:{code}", PersonalIdentityCode(code), given, family, date(1952, 10, 13), Assurance.TEST_SUBSTANTIAL,
        "bank", at, "demo", "0" * 64,
    )  # fmt: skip


def call(number: int = 1, **changes: Any) -> CallDescription:
    """A described call: Tuesday 16.6.2026 about 14.00, number and service known."""
    plain = CallDescription(
        number, date(2026, 6, 16), time(14, 0), DaySureness.CERTAIN, TimeSureness.HOUR, SERVICE, NUMBER
    )
    return replace(plain, **changes)


def request(right: Right = Right.ACCESS, *calls: CallDescription, **changes: Any) -> Request:
    """What a citizen sends; each request has a submission id of its own unless given one."""
    plain = Request(uuid4().hex, right, Language.FI, calls or (call(),), Wishes())
    return replace(plain, **changes)


def segment(start: datetime | None = None, seconds: int = 300, **changes: Any) -> SegmentMeta:
    """A recorded call that fits `call()`: 16.6.2026 14.12 in Helsinki."""
    start = start or datetime(2026, 6, 16, 11, 12, tzinfo=UTC)
    plain = SegmentMeta(
        call_uid=uuid4().hex, locator=f"{uuid4().hex}.wav", start=start, end=start + timedelta(seconds=seconds),
        caller=NUMBER, withheld=False, other_number=None, service_number=SERVICE, queue="Vaihde", agent="A. Agentti",
        direction="in", recording_class=RecordingClass.CUSTOMER_SERVICE, has_audio=True,
    )  # fmt: skip
    return replace(plain, **changes)


def tone(seconds: float = 1.0, rate: int = 8000) -> bytes:
    """A WAV file with a quiet square tone."""
    made = BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(
            b"".join(struct.pack("<h", 2000 if n // 20 % 2 else -2000) for n in range(int(seconds * rate)))
        )
    return made.getvalue()


def recorded(here: Office, *metas: SegmentMeta, register: str = "espoo", custody: str = "ours") -> tuple[str, ...]:
    """Put calls (and a tone for each) into the register's fake source and the index; returns their ids."""
    source = here.sources[f"fake-{register}"]
    rule = here.registers[register].rule("customer_service")
    for meta in metas:
        source.files[meta.locator] = tone()  # type: ignore[attr-defined]  # a FakeSource
    with here.writing() as work:
        return work.recordings.load(
            register, f"fake-{register}", custody, [(meta, purge_at(meta.end, rule)) for meta in metas]
        )


def filed(here: Office, wanted: Request | None = None, who: Identified | None = None, register: str = "espoo") -> Filed:
    """A request filed by an identified person."""
    return file_request(here, register, who or identified(), wanted or request())


def citizen(found: Filed, register: str = "espoo") -> Actor:
    """The actor that filed a request."""
    return Actor(ActorKind.CITIZEN, found.person, register)


def heard_by(here: Office, account: str, register: str = "espoo", agent: str = "A. Agentti") -> None:
    """Let an account hear `segment()` where the notice asks for the agent or the supervisor: the first one is the
    agent, later ones supervise. An account that is in no table is made."""
    with here.writing() as work:
        if work.staff.by_id(account) is None:
            row = {
                "id": account,
                "login": account,
                "name": account,
                "title": "",
                "recovery": [],
                "created_at": here.now(),
            }
            work.staff._db.execute(staff.insert().values(row))  # type: ignore[attr-defined]  # the store's own
        links = work.listeners.links(register)
        owner = next((one for one, link in links.items() if agent in link.names), None)
        link = links.get(owner or account, RecorderLink())
        if owner is None:
            link = replace(link, names=(*link.names, agent))
        elif owner != account:
            link = replace(link, supervisors=tuple(dict.fromkeys((*link.supervisors, account))))
        work.listeners.link(register, owner or account, link)


@dataclass(frozen=True)
class Clerk:
    """A staff member who can sign in, and their actor in one register."""

    login: str
    password: str
    secret: str
    actor: Actor

    def code(self, at: datetime) -> str:
        return pyotp.TOTP(self.secret).at(at)


@cache
def _hashed(hash_password: Callable[[str], str], password: str) -> str:
    """Made once a run: the same password for a thousand clerks."""
    return hash_password(password)


def clerk(here: Office, login: str, *roles: Role, register: str = "espoo", committed: bool = True) -> Clerk:
    """A staff account with password, second factor and roles."""
    password, secret = "seitsemän sinistä saapasta", here.credentials.new_totp_secret()
    token = staff_accounts.add_staff(here, login, f"{login.title()} Testi", "käsittelijä", {register: frozenset(roles)})
    earlier = here.now() - timedelta(minutes=5)
    hashed = _hashed(here.credentials.hash_password, password)
    with patch.object(here.credentials, "hash_password", lambda _password: hashed):
        made = staff_accounts.set_credentials(
            replace(here, clock=lambda: earlier), token, password, secret, pyotp.TOTP(secret).at(earlier)
        )
    assert not isinstance(made, str), made
    with here.writing() as work:
        account = work.staff.by_login(login)
        assert account is not None
        if committed:
            work.staff.commit(account.id, here.now())
    if Role.LISTENER in roles:
        heard_by(here, account.id, register)
    return Clerk(login, password, secret, Actor(ActorKind.STAFF, account.id, register, frozenset(roles), account.name))


TE = "te_kaakkois_suomi"
"""The register whose notice promises listening on site."""
VISIT_TIMES = tuple(NOON + timedelta(days=days, hours=hours) for days, hours in ((5, 0), (7, 2), (12, 0), (13, 4)))
"""Times for visits: 23., 25. and 30.6. and 1.7.2026."""


def place(register: str = TE, id: str = "a" * 32) -> Place:
    """An invented place to listen in."""
    name = {"fi": "Neuvontapiste", "sv": "Rådgivningen", "en": "Advice desk"}
    access = {"fi": "Esteetön sisäänkäynti.", "sv": "Tillgänglig entré.", "en": "Step-free entrance."}
    return Place(id, register, name, "Esimerkkikatu 2, Lappeenranta", access)


def visit_slots(
    here: Office, *starts: datetime, register: str = TE, seats: int = 1, where: Place | None = None
) -> tuple[str, ...]:
    """Times for visits in one place; returns their ids in the order of time."""
    starts = starts or VISIT_TIMES
    known = where or place(register)
    with here.writing() as work:
        work.visits.add_place(known)
        work.visits.add_slots(register, known.id, starts, 40, seats)
        found = work.visits.slots(register, min(starts), max(starts) + timedelta(minutes=1))
    return tuple(slot.id for slot in found if slot.place.id == known.id and slot.start in starts)
