"""The closed list of grounds for not granting a request, each with its provision (GDPR arts. 11, 12, 15-21; 1050/2018).

No other ground exists: what is not here cannot be chosen. A starred ground (`second`) demands a second approver;
an `answer` (no data, already erased, another controller) tells the person what is the case and refuses nothing: it is
an outcome of its own and never the ground of a refusal.
"""

from dataclasses import dataclass

from portal.domain.rights import Right
from portal.domain.words import Words


@dataclass(frozen=True)
class Ground:
    """A ground for not granting, from the closed list; `second` demands a second approver by law,
    `answer` marks grounds that are answers and not refusals, `only_part` those that never refuse a whole item."""

    code: str
    rights: frozenset[Right]
    label: Words
    provision: Words
    second: bool = False
    answer: bool = False
    only_part: bool = False
    portability_provision: Words | None = None

    def provision_for(self, right: Right) -> Words:
        """The provision as the letter cites it for this right."""
        if right is Right.PORTABILITY and self.portability_provision:
            return self.portability_provision
        return self.provision


_ALL = frozenset(Right)
_15_TO_20 = frozenset({Right.ACCESS, Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION, Right.PORTABILITY})


def _gdpr(fi: str, sv: str, en: str) -> Words:
    return Words(
        f"yleinen tietosuoja-asetus (EU) 2016/679, {fi}",
        f"allmänna dataskyddsförordningen (EU) 2016/679, artikel {sv}",
        f"General Data Protection Regulation (EU) 2016/679, Article {en}",
    )


def _section_34(point: int) -> Words:
    return Words(
        f"tietosuojalaki (1050/2018), 34 §:n 1 momentin {point} kohta",
        f"dataskyddslagen (1050/2018), 34 § 1 mom. {point} punkten",
        f"Data Protection Act (1050/2018), section 34(1)({point})",
    )


def _erasure_exception(letter: str, label: Words) -> Ground:
    return Ground(
        f"R17-3{letter}",
        frozenset({Right.ERASURE}),
        label,
        _gdpr(f"17 artiklan 3 kohdan {letter} alakohta", f"17.3 {letter}", f"17(3)({letter})"),
        second=True,
    )


_LIST: tuple[Ground, ...] = (
    Ground(
        "R15-4",
        frozenset({Right.ACCESS, Right.PORTABILITY}),
        Words("Muiden oikeudet ja vapaudet", "Andras rättigheter och friheter", "Rights and freedoms of others"),
        _gdpr("15 artiklan 4 kohta", "15.4", "15(4)"),
        second=True,
        only_part=True,
        portability_provision=_gdpr("20 artiklan 4 kohta", "20.4", "20(4)"),
    ),
    Ground(
        "TSL34-1",
        frozenset({Right.ACCESS}),
        Words(
            "Kansallinen turvallisuus, puolustus, yleinen järjestys tai rikosten ehkäiseminen tai selvittäminen",
            "Nationell säkerhet, försvar, allmän ordning eller förebyggande eller utredning av brott",
            "National security, defence, public order, or the prevention or investigation of crime",
        ),
        _section_34(1),
        second=True,
    ),
    Ground(
        "TSL34-2",
        frozenset({Right.ACCESS}),
        Words(
            "Vakava vaara terveydelle tai hoidolle taikka rekisteröidyn tai muun oikeuksille",
            "Allvarlig fara för hälsa eller vård eller för den registrerades eller någon annans rättigheter",
            "Serious danger to health or treatment, or to the rights of the person or another",
        ),
        _section_34(2),
        second=True,
    ),
    Ground(
        "TSL34-3",
        frozenset({Right.ACCESS}),
        Words(
            "Valvonta tai tarkastus: Suomen tai EU:n tärkeä taloudellinen etu",
            "Tillsyn eller kontroll: ett viktigt ekonomiskt intresse för Finland eller EU",
            "Supervision or inspection: an important economic interest of Finland or the EU",
        ),
        _section_34(3),
        second=True,
    ),
    Ground(
        "R11-2",
        _15_TO_20,
        Words(
            "Henkilöä ei voida tunnistaa tiedoista",
            "Personen kan inte identifieras i uppgifterna",
            "The person cannot be identified in the data",
        ),
        _gdpr("11 artiklan 2 kohta", "11.2", "11(2)"),
    ),
    Ground(
        "R12-6",
        _ALL,
        Words(
            "Henkilöllisyyttä ei ole vahvistettu",
            "Identiteten har inte bekräftats",
            "Identity not confirmed",
        ),
        _gdpr("12 artiklan 6 kohta", "12.6", "12(6)"),
    ),
    Ground(
        "R12-5U",
        _ALL,
        Words("Ilmeisen perusteeton pyyntö", "Uppenbart ogrundad begäran", "Manifestly unfounded request"),
        _gdpr("12 artiklan 5 kohta", "12.5", "12(5)"),
        second=True,
    ),
    Ground(
        "R12-5E",
        _ALL,
        Words("Kohtuuton pyyntö", "Orimlig begäran", "Excessive request"),
        _gdpr("12 artiklan 5 kohta", "12.5", "12(5)"),
        second=True,
    ),
    Ground(
        "R16-OK",
        frozenset({Right.RECTIFICATION}),
        Words("Tiedot ovat oikein", "Uppgifterna är korrekta", "The data are accurate"),
        _gdpr("16 artikla", "16", "16"),
    ),
    Ground(
        "R17-NG",
        frozenset({Right.ERASURE}),
        Words("Poistamiselle ei ole perustetta", "Grund för radering saknas", "No ground for erasure"),
        _gdpr("17 artiklan 1 kohta", "17.1", "17(1)"),
    ),
    _erasure_exception(
        "a",
        Words(
            "Sananvapaus ja tiedonvälitys",
            "Yttrande- och informationsfrihet",
            "Freedom of expression and information",
        ),
    ),
    _erasure_exception(
        "b",
        Words(
            "Lakisääteinen velvoite tai julkinen tehtävä",
            "Rättslig förpliktelse eller offentlig uppgift",
            "Legal obligation or public task",
        ),
    ),
    _erasure_exception("c", Words("Kansanterveys", "Folkhälsan", "Public health")),
    _erasure_exception(
        "d",
        Words(
            "Arkistointi, tutkimus tai tilastointi",
            "Arkiv, forskning eller statistik",
            "Archiving, research or statistics",
        ),
    ),
    _erasure_exception("e", Words("Oikeudellinen vaade", "Rättsligt anspråk", "Legal claims")),
    Ground(
        "R18-NG",
        frozenset({Right.RESTRICTION}),
        Words("Rajoittamiselle ei ole perustetta", "Grund för begränsning saknas", "No ground for restriction"),
        _gdpr("18 artiklan 1 kohta", "18.1", "18(1)"),
    ),
    Ground(
        "R20-BASIS",
        frozenset({Right.PORTABILITY}),
        Words(
            "Käsittely ei perustu suostumukseen tai sopimukseen",
            "Behandlingen grundar sig inte på samtycke eller avtal",
            "Processing not based on consent or contract",
        ),
        _gdpr("20 artiklan 1 kohdan a alakohta", "20.1 a", "20(1)(a)"),
    ),
    Ground(
        "R20-3",
        frozenset({Right.PORTABILITY}),
        Words("Julkinen tehtävä", "Offentlig uppgift", "Public task"),
        _gdpr("20 artiklan 3 kohta", "20.3", "20(3)"),
    ),
    Ground(
        "R20-PROV",
        frozenset({Right.PORTABILITY}),
        Words(
            "Henkilö ei ole itse toimittanut tietoja",
            "Personen har inte själv tillhandahållit uppgifterna",
            "Data not provided by the person",
        ),
        _gdpr("20 artiklan 1 kohta", "20.1", "20(1)"),
    ),
    Ground(
        "R21-COMP",
        frozenset({Right.OBJECTION}),
        Words(
            "Huomattavan tärkeä ja perusteltu syy",
            "Tvingande berättigade skäl",
            "Compelling legitimate grounds",
        ),
        _gdpr("21 artiklan 1 kohta", "21.1", "21(1)"),
        second=True,
    ),
    Ground(
        "R21-CLAIM",
        frozenset({Right.OBJECTION}),
        Words("Oikeudellinen vaade", "Rättsligt anspråk", "Legal claims"),
        _gdpr("21 artiklan 1 kohta", "21.1", "21(1)"),
        second=True,
    ),
    Ground(
        "N-NODATA",
        frozenset({Right.ACCESS}),
        Words("Tallennetta ei ole", "Det finns ingen inspelning", "No recording"),
        _gdpr("15 artiklan 1 kohta", "15.1", "15(1)"),
        answer=True,
    ),
    Ground(
        "N-ERASED",
        frozenset({Right.ACCESS}),
        Words(
            "Tallenne on poistettu säilytysajan päätyttyä",
            "Inspelningen har raderats när lagringstiden gått ut",
            "Recording erased when its storage period ended",
        ),
        _gdpr("5 artiklan 1 kohdan e alakohta", "5.1 e", "5(1)(e)"),
        answer=True,
    ),
    Ground(
        "N-OTHER",
        _ALL,
        Words(
            "Rekisterinpitäjä on toinen taho",
            "Någon annan är personuppgiftsansvarig",
            "Another body is the controller",
        ),
        _gdpr("4 artiklan 7 kohta", "4.7", "4(7)"),
        answer=True,
    ),
)
GROUNDS: dict[str, Ground] = {ground.code: ground for ground in _LIST}
FEE_GROUNDS = ("R12-5E", "R12-5U")
"""The grounds on which a fee may be asked, art. 12(5)."""


def grounds_for(right: Right) -> tuple[Ground, ...]:
    """The grounds that exist for a right, in the order of the closed list."""
    return tuple(ground for ground in _LIST if right in ground.rights)
