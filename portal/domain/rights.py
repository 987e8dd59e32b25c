"""The data subject's rights and the legal bases that give them (GDPR arts. 6, 7, 15-18, 20, 21).

A right exists or not by law, whatever the notice lists: the table below decides, purpose by purpose.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

from portal.domain.words import Words

if TYPE_CHECKING:
    from portal.domain.register import Purpose, Register


class LegalBasis(StrEnum):
    """Art. 6(1)(a)-(f); the value is the letter of the point."""

    CONSENT = "a"
    CONTRACT = "b"
    LEGAL_OBLIGATION = "c"
    VITAL_INTEREST = "d"
    PUBLIC_TASK = "e"
    LEGITIMATE_INTEREST = "f"


class Right(StrEnum):
    """What a data subject may ask for; the value is used in addresses and in the database."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    WITHDRAWAL = "withdrawal"

    @property
    def article(self) -> str:
        """The article that gives the right, as it is cited."""
        return _ARTICLE[self]


class Standing(StrEnum):
    """Whether a right exists under a legal basis; CONDITIONAL exists when a ground of its article is met."""

    YES = "yes"
    CONDITIONAL = "conditional"
    NO = "no"


_ARTICLE = {
    Right.ACCESS: "15",
    Right.RECTIFICATION: "16",
    Right.ERASURE: "17",
    Right.RESTRICTION: "18",
    Right.PORTABILITY: "20",
    Right.OBJECTION: "21",
    Right.WITHDRAWAL: "7(3)",
}

_Y, _C, _N = Standing.YES, Standing.CONDITIONAL, Standing.NO

# One row a right, one letter a basis. Art. 17(1)(a)-(f) and (3)(b) make erasure conditional on all bases but consent;
# art. 20(1)(a) and (3) give portability to consent and contract alone; art. 21(1) objection to (e) and (f) alone.
_STANDING: dict[Right, dict[LegalBasis, Standing]] = {
    right: dict(zip(LegalBasis, row, strict=True))
    for right, row in {
        #                     a   b   c   d   e   f
        Right.ACCESS:        (_Y, _Y, _Y, _Y, _Y, _Y),
        Right.RECTIFICATION: (_Y, _Y, _Y, _Y, _Y, _Y),
        Right.ERASURE:       (_Y, _C, _C, _C, _C, _C),
        Right.RESTRICTION:   (_Y, _Y, _Y, _Y, _Y, _Y),
        Right.PORTABILITY:   (_Y, _Y, _N, _N, _N, _N),
        Right.OBJECTION:     (_N, _N, _N, _N, _Y, _Y),
        Right.WITHDRAWAL:    (_Y, _N, _N, _N, _N, _N),
    }.items()
}  # fmt: skip

# What processing rests on, in the case each language's sentence wants ("perustuu …", "grundar sig på …", "rests on …").
_BASIS_WORDS = {
    LegalBasis.CONSENT: Words("suostumukseesi", "ditt samtycke", "your consent"),
    LegalBasis.CONTRACT: Words("sopimukseen", "ett avtal", "a contract"),
    LegalBasis.LEGAL_OBLIGATION: Words(
        "rekisterinpitäjän lakisääteiseen velvoitteeseen",
        "en rättslig förpliktelse som den personuppgiftsansvarige har",
        "a legal obligation of the controller",
    ),
    LegalBasis.VITAL_INTEREST: Words(
        "elintärkeiden etujen suojaamiseen",
        "skydd av intressen som är av grundläggande betydelse",
        "the protection of vital interests",
    ),
    LegalBasis.PUBLIC_TASK: Words(
        "yleistä etua koskevaan tehtävään tai julkisen vallan käyttämiseen",
        "en uppgift av allmänt intresse eller myndighetsutövning",
        "a task in the public interest or the exercise of official authority",
    ),
    LegalBasis.LEGITIMATE_INTEREST: Words(
        "rekisterinpitäjän oikeutettuun etuun",
        "den personuppgiftsansvariges berättigade intresse",
        "the legitimate interest of the controller",
    ),
}

_MISSING = {
    Right.PORTABILITY: Words(
        "Tietoja ei voi siirtää järjestelmästä toiseen, koska siirto-oikeus koskee vain suostumukseen tai sopimukseen"
        " perustuvaa käsittelyä. Täällä käsittely perustuu {bases}.",
        "Rätten till dataportabilitet finns inte här, eftersom den bara gäller behandling som grundar sig på samtycke"
        " eller avtal. Här grundar sig behandlingen på {bases}.",
        "There is no right to data portability here, because it applies only to processing that rests on consent or a"
        " contract. Here the processing rests on {bases}.",
    ),
    Right.OBJECTION: Words(
        "Käsittelyä ei voi vastustaa, koska vastustamisoikeus koskee vain yleistä etua koskevaa tehtävää, oikeutettua"
        " etua ja suoramarkkinointia. Täällä käsittely perustuu {bases}.",
        "Rätten att göra invändningar finns inte här, eftersom den bara gäller uppgifter av allmänt intresse,"
        " berättigade intressen och direktmarknadsföring. Här grundar sig behandlingen på {bases}.",
        "There is no right to object here, because it applies only to tasks in the public interest, legitimate"
        " interests and direct marketing. Here the processing rests on {bases}.",
    ),
    Right.WITHDRAWAL: Words(
        "Peruutettavaa suostumusta ei ole, koska käsittely ei perustu suostumukseesi vaan {bases}.",
        "Det finns inget samtycke att återkalla, eftersom behandlingen inte grundar sig på ditt samtycke utan på"
        " {bases}.",
        "There is no consent to withdraw, because the processing does not rest on your consent but on {bases}.",
    ),
}

# What to ask instead, the first that exists in the register.
_INSTEAD: dict[Right, tuple[Right, ...]] = {
    Right.PORTABILITY: (Right.ACCESS,),
    Right.OBJECTION: (Right.WITHDRAWAL, Right.RESTRICTION),
    Right.WITHDRAWAL: (Right.OBJECTION, Right.ERASURE),
}

_INSTEAD_WORDS = {
    Right.ACCESS: Words(
        "Voit pyytää pääsyä tietoihisi: saat tallenteesta jäljennöksen, jonka voit ladata itsellesi.",
        "Du kan begära tillgång till dina uppgifter: du får en kopia av inspelningen som du kan ladda ner.",
        "You can ask for access to your data: you get a copy of the recording that you can download.",
    ),
    Right.WITHDRAWAL: Words(
        "Voit peruuttaa suostumuksesi milloin tahansa.",
        "Du kan när som helst återkalla ditt samtycke.",
        "You can withdraw your consent at any time.",
    ),
    Right.RESTRICTION: Words(
        "Voit pyytää käsittelyn rajoittamista tai tietojen poistamista.",
        "Du kan begära att behandlingen begränsas eller att uppgifterna raderas.",
        "You can ask for restriction of processing or for erasure of the data.",
    ),
    Right.OBJECTION: Words(
        "Voit vastustaa käsittelyä henkilökohtaiseen tilanteeseesi liittyvällä perusteella.",
        "Du kan invända mot behandlingen av skäl som hänför sig till din specifika situation.",
        "You can object to the processing on grounds relating to your particular situation.",
    ),
    Right.ERASURE: Words(
        "Voit pyytää tietojen poistamista tai käsittelyn rajoittamista.",
        "Du kan begära att uppgifterna raderas eller att behandlingen begränsas.",
        "You can ask for erasure of the data or for restriction of processing.",
    ),
}


def standing(right: Right, basis: LegalBasis) -> Standing:
    """Whether the right exists under the basis. Objection is that of art. 21(1); art. 21(2) is in `exists_for`."""
    return _STANDING[right][basis]


def exists_for(right: Right, purpose: "Purpose") -> bool:
    """Whether the right exists for one purpose: under any of its bases, or, against direct marketing, always
    (art. 21(2)-(3))."""
    if right is Right.OBJECTION and purpose.direct_marketing:
        return True
    return any(standing(right, basis) is not Standing.NO for basis in purpose.bases)


def rights_by_law(register: "Register") -> "dict[Right, tuple[Purpose, ...]]":
    """The rights that exist in the register, each with the purposes for which it does; a right that exists for no
    purpose is absent. What the notice lists plays no part."""
    found = {right: tuple(p for p in register.purposes if exists_for(right, p)) for right in Right}
    return {right: purposes for right, purposes in found.items() if purposes}


def why_not(right: Right, register: "Register") -> Words:
    """Why the right does not exist in this register and what may be asked instead, in plain sentences.

    ValueError when the right does exist: access, rectification, erasure and restriction always do.
    """
    existing = rights_by_law(register)
    if right in existing:
        raise ValueError(f"{right} exists in {register.id}")
    bases = _joined({basis for purpose in register.purposes for basis in purpose.bases})
    missing = _MISSING[right]
    instead = _INSTEAD_WORDS[next(other for other in _INSTEAD[right] if other in existing)]
    return Words(
        fi=f"{missing.fi.format(bases=bases.fi)} {instead.fi}",
        sv=f"{missing.sv.format(bases=bases.sv)} {instead.sv}",
        en=f"{missing.en.format(bases=bases.en)} {instead.en}",
    )


def _joined(bases: Iterable[LegalBasis]) -> Words:
    words = [_BASIS_WORDS[basis] for basis in sorted(bases)]
    return Words(
        fi=_listed([w.fi for w in words], "ja"),
        sv=_listed([w.sv for w in words], "och"),
        en=_listed([w.en for w in words], "and"),
    )


def _listed(items: list[str], conjunction: str) -> str:
    return f" {conjunction} ".join(filter(None, [", ".join(items[:-1]), items[-1]]))
