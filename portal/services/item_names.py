"""How a letter names what was asked: each call's item, or the purposes that an objection or a withdrawal is about."""

from portal.domain.case import Case
from portal.domain.moments import format_date
from portal.domain.register import Register
from portal.domain.rights import Right
from portal.domain.words import Language, Words

_ITEM = {
    Right.ACCESS: Words("jäljennös tallenteesta", "kopia av inspelningen", "copy of the recording"),
    Right.RECTIFICATION: Words("tiedon oikaiseminen", "rättelse av uppgiften", "rectification of the data"),
    Right.ERASURE: Words("tallenteen poistaminen", "radering av inspelningen", "erasure of the recording"),
    Right.RESTRICTION: Words("käsittelyn rajoittaminen", "begränsning av behandlingen", "restriction of processing"),
    Right.PORTABILITY: Words("tietojen siirtäminen", "överföring av uppgifterna", "transfer of the data"),
    Right.OBJECTION: Words("käsittelyn vastustaminen", "invändningen mot behandlingen", "the objection"),
    Right.WITHDRAWAL: Words("suostumuksen peruuttaminen", "återkallandet av samtycket", "withdrawal of consent"),
}


def item_name(case: Case, number: int, right: Right | None = None) -> str:
    """What was asked (or `right` instead of the case's own), and the call's day as the applicant gave it."""
    what = _ITEM[right or case.right][case.language]
    day = next((call.day for call in case.calls if call.number == number), None)
    return f"{what} {format_date(day)}" if day else what


def first_name(register: Register, case: Case, number: int) -> str:
    """The name that a decision begins with: the purposes where the right is about purposes, else the item's own."""
    if case.right in (Right.OBJECTION, Right.WITHDRAWAL):
        named = [one.name[case.language] for one in register.purposes if one.code in case.wishes.purposes]
        if named:
            return "; ".join(named)
    return item_name(case, number)


def right_name(right: Right, language: Language) -> str:
    """What is asked for by this right, in words."""
    return _ITEM[right][language]
