"""The only place where ports meet adapters: build_office(settings) and create_app(settings)."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from config import BadSettings, Settings
from portal.adapters import clock, credentials, log
from portal.adapters.audio import peaks, transcode
from portal.adapters.audio.sandbox import AudioLimits, Sandbox
from portal.adapters.identity.oidc import OidcIdentities, OidcSettings, ensure_client_key
from portal.adapters.letters import press, render, texts, weasy
from portal.adapters.letters.approvals import BadApprovals
from portal.adapters.letters.seal import Seal, SealError, load_seal
from portal.adapters.recordings.archive import ArchiveSource
from portal.adapters.recordings.profile import load_profile
from portal.adapters.recordings.upload import UploadSource
from portal.adapters.scan.sniff import sniff
from portal.adapters.vault.keys import KeyRing, KeyRingError
from portal.adapters.vault.vault import Vault, new_object_id
from portal.domain.letters import LetterFacts
from portal.domain.lifecycle import NotNow
from portal.domain.recording import AudioInfo, Refused
from portal.domain.register import Register
from portal.registers.check import Finding, Texts, check
from portal.registers.load import RegisterError, load_all
from portal.services.office import Office
from portal.services.ports import WrittenLetter
from portal.store.book import Book
from portal.store.crypto import Cipher
from portal.store.engine import make_engine
from portal.store.migrate import shortfall
from portal.web.app import Portal, build
from portal.web.pages import pages_of

SECRET_PURPOSE = "form-tokens"


@dataclass(frozen=True)
class Letters:
    """Templates, WeasyPrint and the seal as the Letters port. `citizen_url`: where a letter's code is looked up."""

    citizen_url: str = ""
    seal: Seal | None = None

    def write(self, facts: LetterFacts, created: datetime) -> WrittenLetter:
        """Freeze a letter. NotNow while it lacks something."""
        if facts.code:
            facts = replace(facts, verify_url=f"{self.citizen_url}/{facts.language}/letter/{facts.code}")
        try:
            html = render.letter_html(facts)
        except render.Incomplete as error:
            raise NotNow("letter_incomplete") from error
        pdf = weasy.write_pdf(_in_window(html, facts), facts.register, facts.language, created)
        if self.seal:
            pdf = self.seal.apply(pdf, facts.register.controller.name[facts.language])
        return WrittenLetter(pdf, render.reading_page(facts), render.template_version(facts.kind, facts.language))

    def preview(self, facts: LetterFacts) -> str:
        """The letter's body, what is missing marked."""
        return render.preview_fragment(facts)

    def preview_pdf(self, facts: LetterFacts, created: datetime) -> bytes:
        """The letter as it would be printed, what is missing marked."""
        html = _in_window(render.letter_html(facts, preview=True), facts)
        return weasy.write_pdf(html, facts.register, facts.language, created)

    def seal_holds(self, pdf: bytes) -> bool | None:
        """Is this letter of ours sealed, whole and unchanged?"""
        return self.seal.holds(pdf) if self.seal else None


def _in_window(html: str, facts: LetterFacts) -> str:
    """The letter with its address where this controller's envelope has its window."""
    style = press.window_style(facts.register.envelope, facts.recipient)
    return html.replace("</head>", f"<style>{style}</style></head>", 1) if style else html


@dataclass(frozen=True)
class Audio:
    """The confined decoder as the Audio port, with this installation's limits."""

    limits: AudioLimits

    def probe(self, path: Path) -> AudioInfo | Refused:
        return transcode.probe(path, self.limits)

    def to_flac(self, source: Path, target: Path) -> AudioInfo | Refused:
        return transcode.to_flac(source, target, self.limits)

    def to_mp3(self, source: Path, target: Path) -> AudioInfo | Refused:
        return transcode.to_mp3(source, target, self.limits)

    def bars(self, source: Path) -> tuple[int, ...]:
        """The picture of a recording for a page 640 units wide."""
        found = peaks.peaks(source, self.limits)
        return () if isinstance(found, Refused) else tuple(peaks.bars(found, 150))


def build_office(settings: Settings, now: Callable[[], datetime] = clock.now) -> Office:
    """Every port with its adapter. Raises BadSettings when a file that the settings name is wrong."""
    keys = load_keys(settings)
    registers = _registers(settings)
    vault = Vault(settings.data_dir / "vault", keys)
    limits = AudioLimits(max_hours=settings.longest_call_hours)
    scratch = settings.data_dir / "scratch"
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    uploads = {
        register: UploadSource(
            register, settings.data_dir / "uploads" / register, vault, new_object_id, sniff, Audio(limits).probe
        )
        for register in registers
    }
    archives = {archive.id: archive for archive in _archives(settings, limits)}
    sources: dict[str, Any] = {**archives, **{upload.id: upload for upload in uploads.values()}}
    return Office(
        registers=registers,
        clock=now,
        book=Book(make_engine(settings.database_url), Cipher(keys)),
        vault=vault,
        letters=Letters(str(settings.citizen_url).rstrip("/"), load_seal_of(settings)),
        press=_press(press),
        audio=Audio(limits),
        sources=sources,
        uploads=uploads,
        identities=_identities(settings),
        credentials=_credentials(credentials),
        scratch=scratch,
    )


def create_app(settings: Settings, office: Office | None = None) -> Portal:
    """The WSGI application of the settings' faces; refuses to start on a database of another version."""
    office = office or build_office(settings)
    engine = getattr(office.book, "engine", None)
    lacking = shortfall(engine) if engine is not None else None
    if lacking:
        raise BadSettings(f"The portal cannot start:\n  PORTAL_DATABASE_URL: {lacking}")
    secret = load_keys(settings).controller_key("portal", SECRET_PURPOSE, 1).hex()
    origins = {f"{parts.scheme}://{parts.netloc}" for parts in (urlsplit(p.issuer) for p in settings.providers)}
    return build(
        office,
        settings.faces,
        pages_of(settings.faces),
        secret=secret,
        secure=settings.secure,
        proxy_hops=settings.proxy_hops,
        form_targets=tuple(sorted(origins)),
        labels={provider.id: provider.label for provider in settings.providers},
        unavailable=(OperationalError, InterfaceError, PoolTimeout),
    )


def load_keys(settings: Settings) -> KeyRing:
    """The master key ring. Raises BadSettings."""
    try:
        return KeyRing.load(settings.keys_file)
    except (KeyRingError, OSError) as error:
        raise BadSettings(f"The portal cannot start:\n  PORTAL_KEYS_FILE: {error}") from None


def _registers(settings: Settings) -> dict[str, Register]:
    try:
        registers = load_all(settings.registers_dir)
    except RegisterError as error:
        raise BadSettings(f"The portal cannot start:\n  {error}") from None
    production = settings.mode == "production"
    try:
        faults = _faults(settings, registers, production)
    except BadApprovals as error:
        raise BadSettings(f"The portal cannot start:\n  PORTAL_TEXT_APPROVALS: {error}") from None
    if faults:
        raise BadSettings("\n".join(["The portal cannot start:", *(f"  {finding}" for finding in faults)]))
    return registers


def _faults(settings: Settings, registers: dict[str, Register], production: bool) -> list[Finding]:
    letters = _texts(settings.text_approvals)
    return [
        finding
        for register in registers.values()
        for finding in check(
            register,
            production=production,
            today=clock.now().date(),
            path=settings.registers_dir / f"{register.id}.toml",
            texts=letters(register),
        )
        if finding.severity == "error"
    ]


def _texts(approvals: Path | None) -> Callable[[Register], Texts]:
    """The state of the letters' texts, read once; for a register, in its languages, one name a language."""
    waiting = texts.unapproved_in(approvals)
    with_code = texts.with_identity_code()

    def of(register: Register) -> Texts:
        lacking = {language: waiting[language] for language in register.required_languages if waiting[language]}
        names = [f"letters.{language}: {', '.join(codes)}" for language, codes in lacking.items()]
        return Texts(texts.missing_in, names, with_code)

    return of


def _archives(settings: Settings, limits: AudioLimits) -> list[ArchiveSource]:
    if settings.sources_dir is None:
        return []
    box = Sandbox(limits)
    return [
        ArchiveSource(load_profile(profile), profile.parent, sniff, box.probe)
        for profile in sorted(settings.sources_dir.glob("*/source.toml"))
    ]


def load_seal_of(settings: Settings) -> Seal | None:
    """The controller's seal; None where none is configured. Raises BadSettings when its files cannot seal."""
    if settings.seal_key is None or settings.seal_certificate is None:
        return None
    try:
        return load_seal(settings.seal_key, settings.seal_certificate, settings.seal_passphrase_file)
    except SealError as error:
        raise BadSettings(f"The portal cannot start:\n  PORTAL_SEAL_KEY: {error}") from None


def _press(module: ModuleType) -> Any:
    """The press module serves as its port: its functions are the port's methods."""
    return module


def _identities(settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for provider in settings.providers:
        key = ensure_client_key(settings.data_dir / f"client-{provider.id}.jwk")
        redirect = f"{str(settings.citizen_url).rstrip('/')}/login/{provider.id}/callback"
        oidc = OidcSettings(
            id=provider.id,
            issuer=provider.issuer,
            client_id=provider.client_id,
            redirect_uri=redirect,
            accepted=provider.accepted,
            scope=provider.scope,
            allow_temporary_codes=provider.test,
        )
        unfit = oidc.unfit_for_production() if settings.mode == "production" else []
        if unfit:
            raise BadSettings("\n".join(["The portal cannot start:", *(f"  PORTAL_PROVIDERS: {why}" for why in unfit)]))
        found[provider.id] = OidcIdentities(oidc, key)
    return found


def _credentials(module: ModuleType) -> Any:
    """The credentials module serves as its port: its functions are the port's methods."""
    return module


def process_name() -> str:
    """A name for this process in leases."""
    return f"{os.uname().nodename[:20]}:{os.getpid()}"


def start_logging(settings: Settings) -> None:
    """JSON lines on stderr, by an allow-list."""
    log.start(settings.log_level)
