"""The invented people who may be clicked at the demonstration's provider of identification."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

_CHECK_CHARACTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


@dataclass(frozen=True)
class DemoPerson:
    """An invented person. `individual` is 900–999, a number that no real identity code has; `foreign` is the eIDAS
    identifier of somebody from abroad, who has no code."""

    given: str
    family: str
    born: date
    individual: int
    sign: str = "-"
    foreign: str | None = None

    @property
    def code(self) -> str:
        """The person's identity code, with its right check character."""
        digits = f"{self.born:%d%m%y}{self.individual:03d}"
        return f"{digits[:6]}{self.sign}{digits[6:]}{_CHECK_CHARACTERS[int(digits) % 31]}"

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"


DEMO_PEOPLE = (
    DemoPerson("Tuulikki", "Soittola", date(1952, 10, 13), 902),
    DemoPerson("Eero", "Esimerkkilä", date(1987, 3, 4), 913),
    DemoPerson("Maj-Lis", "Provström", date(1961, 7, 22), 924),
    DemoPerson("Aava", "Esimerkki", date(1990, 1, 1), 930, sign="Y"),
    DemoPerson("Onni", "Malli", date(2003, 12, 24), 941, sign="A"),
    DemoPerson("Åke-Øystein", "O'Testinen", date(1975, 2, 28), 957),
    DemoPerson("Liis", "Näidis", date(1988, 5, 9), 968, foreign="EE/FI/demo-48805090000"),
)
