"""Settings, read once at start from PORTAL_* variables (and a file named by PORTAL_CONFIG), frozen.

A default exists only if it is right in production and may be public; anything missing or weak stops the start with
the setting's name and what it wants.
"""

from pathlib import Path
from typing import Literal

from pydantic import AnyHttpUrl, BaseModel, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

HERE = Path(__file__).resolve().parent


class Provider(BaseModel):
    """An identity provider. `accepted` are the levels of assurance that may enter, as the provider writes them."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]{1,30}$")
    label: str
    issuer: str
    client_id: str
    accepted: frozenset[str]
    scope: str = "openid"
    test: bool = False


class Settings(BaseSettings):
    """The portal's settings."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", env_nested_delimiter="__", frozen=True, extra="ignore")

    mode: Literal["production", "demo"] = "production"
    faces: Literal["citizen", "staff", "both"] = "both"
    database_url: str
    data_dir: Path
    keys_file: Path
    registers_dir: Path = HERE / "portal" / "registers"
    sources_dir: Path | None = None
    citizen_url: AnyHttpUrl
    staff_url: AnyHttpUrl
    providers: tuple[Provider, ...] = ()
    text_approvals: Path | None = None
    seal_key: Path | None = None
    seal_certificate: Path | None = None
    seal_passphrase_file: Path | None = None
    proxy_hops: int = Field(default=0, ge=0, le=5)
    longest_call_hours: int = Field(default=4, ge=1, le=24)
    log_level: Literal["INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql")):
            raise ValueError("wants sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME")
        return value.replace("postgresql://", "postgresql+psycopg://", 1)

    @model_validator(mode="after")
    def _whole_seal(self) -> "Settings":
        if (self.seal_key is None) != (self.seal_certificate is None):
            raise ValueError("PORTAL_SEAL_KEY and PORTAL_SEAL_CERTIFICATE: give both, or neither")
        return self

    @model_validator(mode="after")
    def _fit_for_production(self) -> "Settings":
        if self.mode == "demo":
            return self
        for name, url in (("PORTAL_CITIZEN_URL", self.citizen_url), ("PORTAL_STAFF_URL", self.staff_url)):
            if url.scheme != "https":
                raise ValueError(f"{name}: wants an https address in production")
        if not self.providers:
            raise ValueError("PORTAL_PROVIDERS: wants at least one identity provider")
        for provider in self.providers:
            if provider.test or any("loatest" in level.casefold() for level in provider.accepted):
                raise ValueError(f"PORTAL_PROVIDERS: {provider.id} is a test provider and may not enter production")
            if not provider.issuer.startswith("https://"):
                raise ValueError(f"PORTAL_PROVIDERS: {provider.id}.issuer wants an https address")
            if not provider.accepted:
                raise ValueError(f"PORTAL_PROVIDERS: {provider.id}.accepted wants at least one level of assurance")
        return self

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
