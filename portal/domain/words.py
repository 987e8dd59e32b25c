"""One text in the three languages of the service; a floor of its own so that rights and registers can both use it."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language of the service; Finnish is the source language."""

    FI = "fi"
    SV = "sv"
    EN = "en"


@dataclass(frozen=True)
class Words:
    """One text in the three languages of the service."""

    fi: str
    sv: str
    en: str

    def __getitem__(self, language: str) -> str:
        return {"fi": self.fi, "sv": self.sv, "en": self.en}[language]
