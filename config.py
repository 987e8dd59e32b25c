"""Settings, read once at start from PORTAL_* variables (and a file named by PORTAL_CONFIG), frozen.

A default exists only if it is right in production and may be public; anything missing or weak stops the start with
the setting's name and what it wants.
"""

import re
from pathlib import Path
from typing import Any, Literal

from pydantic import (
    AnyHttpUrl,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

HERE = Path(__file__).resolve().parent


class Provider(BaseModel):
    """A broker of the Finnish Trust Network. `preset` is its dialect (portal/adapters/identity/presets.py); `accepted`
    are the levels of assurance that may enter, as the broker writes them; `service_name` is what the bank shows the
    person; `entity_key` is the file of the key that vouches for the broker's keys, where its preset has one; `test`
    marks a broker's test environment, whose people have codes that no real person has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]{1,30}$")
    label: str
    preset: Literal["telia", "op", "signicat", "idura", "demo"]
    issuer: str
    client_id: str
    accepted: frozenset[str]
    service_name: str | None = Field(default=None, max_length=40)
    entity_key: Path | None = None
    test: bool = False


class SuomiFi(BaseModel):
    """Suomi.fi e-Identification for the public bodies among the controllers (SAML 2.0). `entity_id` is our name there;
    `idp_metadata` the file of Suomi.fi's own metadata, fetched by hand and trusted as it stands; `keys_dir` holds our
    two key pairs (`flask saml new-key`); `registers` are the controllers with a permit to use it; `test` marks the
    test environment, whose people have codes that no real person has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entity_id: str = Field(min_length=1, max_length=1024)
    idp_metadata: Path
    keys_dir: Path
    accepted: frozenset[str] = Field(min_length=1)
    registers: frozenset[str] = Field(min_length=1)
    label: str = "Suomi.fi-tunnistus"
    test: bool = False


class StaffProvider(BaseModel):
    """An organisation's sign-in of its own staff. `groups` gives roles: a group, as the organisation writes it, to a
    list of "register:role". `title` is the job title of those who come by it, as letters show it. Without
    `client_secret_file` (mode 0600) the portal proves itself by a key of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]{1,30}$")
    kind: Literal["entra", "keycloak"]
    label: str = Field(min_length=1)
    title: str = Field(default="", max_length=80)
    issuer: str
    client_id: str
    client_secret_file: Path | None = None
    tenant: str | None = None
    scope: str = "openid profile"
    groups: dict[str, tuple[str, ...]] = Field(min_length=1)
    groups_claim: tuple[str, ...] = ("groups",)
    mfa: bool = True
    mfa_amr: frozenset[str] = frozenset({"mfa"})
    mfa_acr: frozenset[str] = frozenset()


class Sms(BaseModel):
    """How codes go out by text message. `kind`: none (staff compare numbers, or ring them), console (the demo's own
    page), file (a drop folder), http (a gateway). `body` is the gateway's JSON with {id}, {number}, {text}, {sender}.
    `countries`: calling codes of the numbers that get a code; `budget`: messages a day, against toll fraud."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["none", "console", "file", "http"] = "none"
    folder: Path | None = None
    url: str = ""
    token_file: Path | None = None
    key_file: Path | None = None
    sender: str = Field(default="", max_length=20)
    body: dict[str, Any] | None = None
    countries: frozenset[int] = frozenset({358})
    budget: int = Field(default=500, ge=1)

    @model_validator(mode="after")
    def _whole(self) -> "Sms":
        if self.kind == "file" and self.folder is None:
            raise ValueError("file wants folder")
        if self.kind == "http" and not (self.url.startswith("https://") and self.token_file and self.key_file):
            raise ValueError("http wants url (https), token_file and key_file")
        if self.kind == "http" and self.body is not None and not {"{number}", "{text}"} <= _places(self.body):
            raise ValueError("body wants {number} and {text}")
        return self


def _places(shape: object) -> set[str]:
    """The places that a shape of JSON fills in."""
    if isinstance(shape, dict):
        return set().union(*map(_places, shape.values()))
    if isinstance(shape, list):
        return set().union(*map(_places, shape))
    return set(re.findall(r"\{[a-z]+\}", shape)) if isinstance(shape, str) else set()


class Transcriber(BaseModel):
    """A program of the controller's own that drafts a call in words: FLAC on its standard input, text on its standard
    output. It is run without a shell, for at most so many minutes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: tuple[str, ...] = Field(min_length=1)
    minutes: int = Field(default=60, ge=1, le=600)


_ADDRESS = r"^[^@\s]+@[^@\s]+$"


class Email(BaseModel):
    """How e-mail goes out: to applicants who want to be told of news, and to the duty address. `kind`: smtp, or console
    (the demo's own page). `security`: tls, starttls, or none, which is for a mail server on this machine alone;
    `password_file` (mode 0600) goes with `user`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["smtp", "console"] = "smtp"
    folder: Path | None = None
    sender: str = Field(default="", max_length=254)
    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "starttls"
    user: str = ""
    password_file: Path | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Email":
        if self.kind == "smtp" and not (self.host and re.match(_ADDRESS, self.sender)):
            raise ValueError("smtp wants host, and sender as an address")
        if bool(self.user) != (self.password_file is not None):
            raise ValueError("user and password_file: give both, or neither")
        if self.security == "none" and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("security none wants a mail server on this machine")
        return self


class Keys(BaseModel):
    """Where the master key ring comes from. `kind`: file (PORTAL_KEYS_FILE), environment (the JSON in `variable`),
    command (what `command` prints: a hardware module's tool), kms (PORTAL_KEYS_FILE, its keys wrapped by a service that
    speaks AWS KMS, in `region` or at `endpoint`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["file", "environment", "command", "kms"] = "file"
    variable: str = "KUULUU_MASTER_KEYS"
    command: tuple[str, ...] = ()
    region: str | None = None
    endpoint: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Keys":
        if self.kind == "command" and not self.command:
            raise ValueError("command wants the program and its arguments")
        return self


class Settings(BaseSettings):
    """The portal's settings."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", env_nested_delimiter="__", frozen=True, extra="ignore")

    mode: Literal["production", "demo"] = "production"
    faces: Literal["citizen", "staff", "both"] = "both"
    database_url: str
    data_dir: Path
    keys: Keys = Keys()
    keys_file: Path | None = Field(default=None, validate_default=True)
    controller_keys_dir: Path | None = None
    ledger_dir: Path | None = None
    registers_dir: Path = HERE / "portal" / "registers"
    sources_dir: Path | None = None
    citizen_url: AnyHttpUrl
    staff_url: AnyHttpUrl
    providers: tuple[Provider, ...] = ()
    suomifi: SuomiFi | None = None
    staff_providers: tuple[StaffProvider, ...] = ()
    sms: Sms = Sms()
    email: Email | None = None
    duty: str | None = Field(default=None, pattern=_ADDRESS)
    transcriber: Transcriber | None = None
    health_token_file: Path | None = None
    text_approvals: Path | None = None
    seal_key: Path | None = None
    seal_certificate: Path | None = None
    seal_passphrase_file: Path | None = None
    manifest_keys: Path | None = None
    proxy_hops: int = Field(default=0, ge=0, le=5)
    longest_call_hours: int = Field(default=4, ge=1, le=24)
    staff_idle_minutes: int = Field(default=15, ge=5, le=30)
    even_seconds: float = Field(default=0.5, ge=0, le=5)
    log_level: Literal["INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql")):
            raise ValueError("wants sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME")
        return value.replace("postgresql://", "postgresql+psycopg://", 1)

    @field_validator("keys_file")
    @classmethod
    def _ring_named(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        kept: Keys = info.data.get("keys") or Keys()
        if value is None and kept.kind in ("file", "kms"):
            raise ValueError("wants the file of the master key ring")
        return value

    @model_validator(mode="after")
    def _whole_seal(self) -> "Settings":
        if (self.seal_key is None) != (self.seal_certificate is None):
            raise ValueError("PORTAL_SEAL_KEY and PORTAL_SEAL_CERTIFICATE: give both, or neither")
        return self

    @model_validator(mode="after")
    def _duty_reached(self) -> "Settings":
        if self.duty and (self.email is None or self.email.kind != "smtp"):
            raise ValueError("PORTAL_DUTY: wants a mail server in PORTAL_EMAIL")
        return self

    @model_validator(mode="after")
    def _staff_apart(self) -> "Settings":
        names = [provider.id for provider in self.staff_providers]
        if len(set(names)) != len(names):
            raise ValueError("PORTAL_STAFF_PROVIDERS: wants a different id for each")
        citizens = {(provider.issuer, provider.client_id) for provider in self.providers}
        for staff in self.staff_providers:
            if (staff.issuer, staff.client_id) in citizens:
                raise ValueError(f"PORTAL_STAFF_PROVIDERS: {staff.id} wants a client of its own, no citizens'")
            if self.mode == "production" and not staff.issuer.startswith("https://"):
                raise ValueError(f"PORTAL_STAFF_PROVIDERS: {staff.id}.issuer wants an https address")
        return self

    @model_validator(mode="after")
    def _fit_for_production(self) -> "Settings":
        if self.mode == "demo":
            return self
        for name, url in (("PORTAL_CITIZEN_URL", self.citizen_url), ("PORTAL_STAFF_URL", self.staff_url)):
            if url.scheme != "https":
                raise ValueError(f"{name}: wants an https address in production")
        if self.sms.kind == "console":
            raise ValueError("PORTAL_SMS: console shows codes to everybody and may not enter production")
        if self.email and self.email.kind == "console":
            raise ValueError("PORTAL_EMAIL: console shows messages to everybody and may not enter production")
        if not self.providers and self.suomifi is None:
            raise ValueError("PORTAL_PROVIDERS: wants at least one identity provider")
        for provider in self.providers:
            at_test_level = any("loatest" in level.casefold() for level in provider.accepted)
            if provider.test or provider.preset == "demo" or at_test_level:
                raise ValueError(f"PORTAL_PROVIDERS: {provider.id} is a test provider and may not enter production")
            if not provider.issuer.startswith("https://"):
                raise ValueError(f"PORTAL_PROVIDERS: {provider.id}.issuer wants an https address")
            if not provider.accepted:
                raise ValueError(f"PORTAL_PROVIDERS: {provider.id}.accepted wants at least one level of assurance")
        if self.manifest_keys is None:
            raise ValueError("PORTAL_MANIFEST_KEYS: wants the keys that `flask keys manifest new` makes")
        return self

    @model_validator(mode="after")
    def _apart(self) -> "Settings":
        if self.mode == "demo":
            return self
        for name, folder in (("LEDGER_DIR", self.ledger_dir), ("CONTROLLER_KEYS_DIR", self.controller_keys_dir)):
            if folder is None or folder.resolve().is_relative_to(self.data_dir.resolve()):
                raise ValueError(f"PORTAL_{name}: wants a folder outside PORTAL_DATA_DIR and its backups")
        return self

    @property
    def ledger(self) -> Path:
        """The folder of the erasure ledger; the demo's lies with its data."""
        return self.ledger_dir or self.data_dir / "ledger"

    @property
    def controller_keys(self) -> Path:
        """The folder of the controllers' own keys; the demo's lies with its data."""
        return self.controller_keys_dir or self.data_dir / "controller-keys"

    @property
    def secure(self) -> bool:
        """Do cookies travel over https only? Everywhere but in the demo on this machine."""
        return self.mode == "production"


class BadSettings(SystemExit):
    """The start stops; the message names each setting and what it wants."""


def load() -> Settings:
    """The settings of this process. Raises BadSettings with one line a fault."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [_line(fault["loc"], fault["msg"]) for fault in error.errors(include_input=False, include_url=False)]
        raise BadSettings("\n".join(["The portal cannot start:", *lines])) from None


def _line(where: tuple[int | str, ...], why: str) -> str:
    why = why.removeprefix("Value error, ")
    name = "PORTAL_" + "__".join(str(part) for part in where).upper()
    return f"  {name}: {why}" if where else f"  {why}"
