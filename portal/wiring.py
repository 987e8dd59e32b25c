"""The only place where ports meet adapters: build_office(settings) and create_app(settings)."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from config import BadSettings, Provider, Settings, StaffProvider
from portal import wiring_delivery, wiring_post, wiring_sources
from portal.adapters import clock, credentials, log
from portal.adapters.audio.decoder import Audio
from portal.adapters.audio.sandbox import AudioLimits
from portal.adapters.audio.transcriber import CommandTranscriber
from portal.adapters.calendar_files import IcalendarFiles
from portal.adapters.identity import client_keys, saml_keys
from portal.adapters.identity.client_keys import ClientKeys
from portal.adapters.identity.ftn import FtnIdentities, FtnSettings
from portal.adapters.identity.presets import PRESETS
from portal.adapters.identity.signed_keys import load_entity_keys
from portal.adapters.identity.staff_claims import StaffOidcSettings
from portal.adapters.identity.staff_oidc import StaffOidc, read_secret
from portal.adapters.identity.suomifi import SuomiFi, SuomiFiSettings
from portal.adapters.letters import press, render, texts, weasy
from portal.adapters.letters.approvals import BadApprovals
from portal.adapters.letters.seal import Seal, SealError, load_seal
from portal.adapters.mandates.manual import ManualMandates
from portal.adapters.passkeys import Passkeys
from portal.adapters.recordings.conversation import write_conversation
from portal.adapters.scan.document import check_document
from portal.adapters.vault import key_providers
from portal.adapters.vault.controller_keys import ControllerKeys
from portal.adapters.vault.keys import KeyRingError
from portal.adapters.vault.ledger import FileLedger
from portal.adapters.vault.vault import Vault
from portal.domain.access import SYSTEM, Role
from portal.domain.letters import LetterFacts
from portal.domain.lifecycle import NotNow
from portal.domain.register import Register
from portal.registers.check import Finding, Texts, check
from portal.registers.load import RegisterError, load_all
from portal.services import erasure_ledger
from portal.services.erasure_ledger import Replayed
from portal.services.office import Office
from portal.services.ports import LedgerBroken, WrittenLetter
from portal.services.ports.organisation import Organisation
from portal.store.book import Book
from portal.store.crypto import Cipher
from portal.store.engine import make_engine
from portal.store.migrate import shortfall
from portal.web.app import Portal, build
from portal.web.pages import pages_of

SECRET_PURPOSE = "form-tokens"
SUOMIFI = "suomifi"
"""Suomi.fi's short name, as it stands in its addresses."""


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


def build_office(settings: Settings, now: Callable[[], datetime] = clock.now) -> Office:
    """Every port with its adapter. Raises BadSettings when a file that the settings name is wrong."""
    keys = load_keys(settings)
    registers = {id: one for id, one in _registers(settings).items() if not keys.destroyed(id)}
    vault = Vault(settings.data_dir / "vault", keys)
    limits = AudioLimits(max_hours=settings.longest_call_hours)
    scratch = settings.data_dir / "scratch"
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    uploads = wiring_sources.uploads_of(settings, registers, vault, Audio(limits).probe)
    sources = wiring_sources.connected(settings, registers, vault, limits, now)
    sources |= {upload.id: upload for upload in uploads.values()}
    return Office(
        registers=registers,
        clock=now,
        book=Book(make_engine(settings.database_url), Cipher(keys)),
        vault=vault,
        keys=keys,
        ledger=FileLedger(settings.ledger),
        letters=Letters(str(settings.citizen_url).rstrip("/"), load_seal_of(settings)),
        press=_press(press),
        audio=Audio(limits),
        sources=sources,
        uploads=uploads,
        identities=_identities(settings),
        credentials=_credentials(credentials),
        passkeys=Passkeys.at(str(settings.staff_url)),
        mandates=ManualMandates(),
        file_check=check_document,
        calendar=IcalendarFiles(),
        scratch=scratch,
        manifests=wiring_delivery.manifest_keys(settings),
        conversation=write_conversation,
        organisations=_organisations(settings, registers),
        staff_idle=timedelta(minutes=settings.staff_idle_minutes),
        codes=wiring_post.codes_of(settings, now),
        emails=wiring_post.emails_of(settings),
        host=urlsplit(str(settings.citizen_url)).netloc,
        transcriber=_transcriber(settings),
        duty=wiring_post.duty_of(settings),
    )


def _transcriber(settings: Settings) -> CommandTranscriber | None:
    told = settings.transcriber
    return CommandTranscriber(told.command, told.minutes * 60) if told else None


def create_app(settings: Settings, office: Office | None = None) -> Portal:
    """The WSGI application of the settings' faces; refuses to start on a database of another version."""
    office = office or build_office(settings)
    engine = getattr(office.book, "engine", None)
    lacking = shortfall(engine) if engine is not None else None
    if lacking:
        raise BadSettings(f"The portal cannot start:\n  PORTAL_DATABASE_URL: {lacking}")
    if engine is not None:
        replay(office)
    secret = load_keys(settings).controller_key("portal", SECRET_PURPOSE, 1).hex()
    issuers = [one.issuer for one in settings.providers] + [one.issuer for one in settings.staff_providers]
    suomifi = office.identities.get(SUOMIFI)
    if isinstance(suomifi, SuomiFi):
        issuers += suomifi.places
    origins = {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, issuers)}
    app = build(
        office,
        settings.faces,
        pages_of(settings.faces),
        secret=secret,
        secure=settings.secure,
        proxy_hops=settings.proxy_hops,
        form_targets=tuple(sorted(origins)),
        labels=_labels(settings),
        unavailable=(OperationalError, InterfaceError, PoolTimeout),
    )
    app.config["HEALTH_TOKEN"] = _health_token(settings)
    app.config["EVEN_SECONDS"] = settings.even_seconds
    app.config["PROVIDER_REGISTERS"] = {SUOMIFI: settings.suomifi.registers} if settings.suomifi else {}
    return app


def _health_token(settings: Settings) -> str:
    """What monitoring shows to ask how the portal is; empty: nobody may ask. Raises BadSettings."""
    try:
        return read_secret(settings.health_token_file) if settings.health_token_file else ""
    except (OSError, ValueError) as error:
        raise BadSettings(f"The portal cannot start:\n  PORTAL_HEALTH_TOKEN_FILE: {error}") from None


def replay(office: Office) -> Replayed:
    """Erase again what a restored backup brought back, before anybody may ask for it. Raises BadSettings."""
    try:
        return erasure_ledger.replay(office, SYSTEM)
    except (LedgerBroken, OSError) as error:
        raise BadSettings(f"The portal cannot start:\n  PORTAL_LEDGER_DIR: {error}") from None


def load_keys(settings: Settings) -> ControllerKeys:
    """Every controller's keys. Raises BadSettings."""
    try:
        ring = key_providers.ring_of(settings.keys_file, **settings.keys.model_dump())
        return ControllerKeys(ring, settings.controller_keys)
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
        try:
            found[provider.id] = _broker(settings, provider)
        except ValueError as error:
            raise BadSettings(f"The portal cannot start:\n  PORTAL_PROVIDERS: {provider.id}: {error}") from None
    if settings.suomifi:
        found[SUOMIFI] = suomifi_of(settings)
    return found


def suomifi_of(settings: Settings) -> SuomiFi:
    """Suomi.fi e-Identification as the settings have it. Raises BadSettings with the reason why it may not serve."""
    agreed, here = settings.suomifi, str(settings.citizen_url).rstrip("/")
    try:
        if agreed is None:
            raise ValueError("is not set")
        made = SuomiFi(
            SuomiFiSettings(
                entity_id=agreed.entity_id,
                acs_url=f"{here}/login/{SUOMIFI}/acs",
                logout_url=f"{here}/login/{SUOMIFI}/logout",
                metadata=agreed.idp_metadata.read_bytes(),
                accepted=agreed.accepted,
                allow_temporary_codes=agreed.test,
                id=SUOMIFI,
            ),
            saml_keys.load(agreed.keys_dir),
        )
        unfit = made.unfit_for_production() if settings.mode == "production" else []
        if any(provider.id == SUOMIFI for provider in settings.providers):
            unfit.append("its name is taken by a provider of PORTAL_PROVIDERS")
        if unfit:
            raise ValueError("; ".join(unfit))
    except (ValueError, OSError) as error:
        raise BadSettings(f"The portal cannot start:\n  PORTAL_SUOMIFI: {error}") from None
    return made


def _labels(settings: Settings) -> dict[str, str]:
    """What stands on each provider's button."""
    brokers = {provider.id: provider.label for provider in settings.providers}
    return brokers | ({SUOMIFI: settings.suomifi.label} if settings.suomifi else {})


def _broker(settings: Settings, provider: Provider) -> FtnIdentities:
    """A broker of the trust network. Raises ValueError with the reason why it may not serve."""
    broker = FtnSettings(
        id=provider.id,
        preset=PRESETS[provider.preset],
        issuer=provider.issuer,
        client_id=provider.client_id,
        redirect_uri=f"{str(settings.citizen_url).rstrip('/')}/login/{provider.id}/callback",
        accepted=provider.accepted,
        service_name=provider.service_name,
        allow_temporary_codes=provider.test,
    )
    keys = client_keys.key_file(settings.data_dir, provider.id)
    if settings.mode == "production":
        unfit = broker.unfit_for_production()
        if unfit:
            raise ValueError("; ".join(unfit))
    elif not keys.exists():
        client_keys.make(keys, int(clock.now().timestamp()))
    entity_keys = load_entity_keys(provider.entity_key) if provider.entity_key else []
    return FtnIdentities(broker, ClientKeys(keys), entity_keys)


def _organisations(settings: Settings, registers: Mapping[str, Register]) -> dict[str, Organisation]:
    found: dict[str, Organisation] = {}
    for one in settings.staff_providers:
        callback = f"{str(settings.staff_url).rstrip('/')}/staff-login/{one.id}/callback"
        given = one.model_dump(exclude={"label", "title", "client_secret_file", "groups"})
        try:
            provider = StaffOidc(StaffOidcSettings(redirect_uri=callback, **given), _proof_of(settings, one))
            roles = {group: frozenset(_role(text, registers) for text in texts) for group, texts in one.groups.items()}
        except (ValueError, OSError) as error:
            raise BadSettings(f"The portal cannot start:\n  PORTAL_STAFF_PROVIDERS: {one.id}: {error}") from None
        found[one.id] = Organisation(one.label, one.title, provider, roles)
    return found


def _proof_of(settings: Settings, provider: StaffProvider) -> Path | str:
    """How the portal proves itself at an organisation's provider: by keys of its own, made now if there are none, or
    by the secret it was given."""
    if provider.client_secret_file:
        return read_secret(provider.client_secret_file)
    if provider.kind == "entra":
        raise ValueError("wants client_secret_file: Entra ID takes certificates, not bare keys")
    keys = client_keys.key_file(settings.data_dir, f"staff-{provider.id}")
    client_keys.make(keys, int(clock.now().timestamp()))
    return keys


def _role(text: str, registers: Mapping[str, Register]) -> tuple[str, Role]:
    register, _, role = text.partition(":")
    if register not in registers or role not in set(Role):
        raise ValueError(f"groups: {text!r} is no register:role")
    return register, Role(role)


def _credentials(module: ModuleType) -> Any:
    """The credentials module serves as its port: its functions are the port's methods."""
    return module


def process_name() -> str:
    """A name for this process in leases."""
    return f"{os.uname().nodename[:20]}:{os.getpid()}"


def start_logging(settings: Settings) -> None:
    """JSON lines on stderr, by an allow-list."""
    log.start(settings.log_level)
