"""Builders of small registers and full letters: a municipal, a state and a private controller, all invented."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.domain.decisions import NOTICE_KINDS, ItemDecision, LetterKind, Outcome, Reasons
from portal.domain.letters import (
    Ask,
    Attendance,
    CallLine,
    Closing,
    Fee,
    FileLine,
    LetterFacts,
    Lifting,
    Omission,
    OtherController,
    Visit,
)
from portal.domain.register import (
    Appeal,
    Complaint,
    Confirmed,
    Contact,
    Controller,
    Delivery,
    FeeRule,
    Listeners,
    Notice,
    Purpose,
    Recipient,
    Register,
    RetentionRule,
    Sector,
    ServiceNumber,
)
from portal.domain.rights import LegalBasis, Right
from portal.domain.words import Language, Words
from tests.letters import texts


def same(text: str) -> Words:
    """A name that is the same in every language."""
    return Words(text, text, text)


_OMBUDSMAN = Words(
    "Tietosuojavaltuutetun toimisto, PL 800, 00531 Helsinki, vaihde 029 566 6700, tietosuoja(at)om.fi",
    "Dataombudsmannens byrå, PB 800, 00531 Helsingfors, växel 029 566 6700, tietosuoja(at)om.fi",
    "Office of the Data Protection Ombudsman, P.O. Box 800, FI-00531 Helsinki, Finland, tel. +358 29 566 6700",
)
_NAMES = {
    Sector.MUNICIPAL: Words("Mallilan kaupunki", "Mallila stad", "City of Mallila"),
    Sector.STATE: Words("Mallilan virasto", "Mallila ämbetsverk", "Agency of Mallila"),
    Sector.PRIVATE: Words("Mallilan Palvelu Oy", "Mallila Service Ab", "Mallila Services Ltd"),
}


def make_register(sector: Sector = Sector.MUNICIPAL, **changes: Any) -> Register:
    """A complete register of an invented controller; `changes` replace fields."""
    private = sector is Sector.PRIVATE
    bases = {LegalBasis.CONSENT, LegalBasis.CONTRACT} if private else {LegalBasis.PUBLIC_TASK}
    register = Register(
        id=f"mallila_{sector.value}",
        theme="espoo",
        name=Words("Puheluiden tallennusrekisteri", "Register över inspelade samtal", "Register of recorded calls"),
        controller=Controller(
            name=_NAMES[sector],
            sector=sector,
            address=("PL 99", "02999 MALLILA"),
            business_id="1234567-1",
        ),
        contact=Contact(
            Words("Palvelupäällikkö", "Servicechef", "Service manager"), "09 000 0000", "tieto@mallila.example"
        ),
        dpo=Contact(
            Words("Tietosuojavastaava", "Dataskyddsombud", "Data protection officer"),
            "09 000 0001",
            "dpo@mallila.example",
        ),
        requests_to=Contact(Words("Kirjaamo", "Registratorskontoret", "Registry")),
        notice=Notice(date(2021, 3, 11), "GDPR"),
        purposes=(
            Purpose(
                "service",
                Words("Asiakaspalvelun laatu", "Kundtjänstens kvalitet", "Quality of service"),
                frozenset(bases),
            ),
        ),
        categories=(
            Words("puhelun ääni", "samtalets ljud", "voice of the call"),
            Words("numero ja aika", "nummer och tid", "number and time"),
        ),
        source=Words("puhelu", "samtalet", "the call"),
        recipients=(Recipient("telco", same("Puheoperaattori Oy"), "processor"),),
        retention=(RetentionRule("customer_service", "P6M"),),
        listeners=Listeners("named_persons", Words("nimetyt", "namngivna", "named persons")),
        rights_in_notice=frozenset({Right.ACCESS}),
        delivery=(Delivery("download", default=True),),
        id_documents=(),
        service_target_days=None,
        fee=FeeRule("never"),
        languages=tuple(Language),
        complaint=Complaint(_OMBUDSMAN, date(2026, 11, 1)),
        confirmed=Confirmed(no_automated_decisions=True, no_third_country_transfers=True),
        service_numbers=(ServiceNumber("+35890000000", same("Vaihde")),),
        channels=("portal", "paper"),
        openness_act=not private,
        appeal=None
        if private
        else Appeal(
            Words("Mallilan hallinto-oikeus", "Mallila förvaltningsdomstol", "Administrative Court of Mallila"),
            "administrative_court",
        ),
        download_days=30,
        hold_review_days=90,
        password_max_age_days=None,
        recording_announcement=Words("Puhelu tallennetaan", "Samtalet spelas in", "The call is recorded"),
        notes=(),
        clauses={},
        version="1",
    )
    return replace(register, **changes)


RIGHTS = {
    LetterKind.RECTIFIED: Right.RECTIFICATION,
    LetterKind.RECTIFICATION_REFUSED: Right.RECTIFICATION,
    LetterKind.ERASED: Right.ERASURE,
    LetterKind.RESTRICTED: Right.RESTRICTION,
    LetterKind.OBJECTION: Right.OBJECTION,
    LetterKind.CONSENT_WITHDRAWN: Right.WITHDRAWAL,
    LetterKind.PORTABILITY: Right.PORTABILITY,
}
_GROUND = {
    LetterKind.PART: "R15-4",
    LetterKind.REFUSE: "TSL34-2",
    LetterKind.RECTIFICATION_REFUSED: "R16-OK",
    LetterKind.OBJECTION: "R21-COMP",
    LetterKind.FEE: "R12-5E",
    LetterKind.COMPLAINT_SHEET: "TSL34-2",
}
_UNIFORM = {
    LetterKind.NO_RECORDINGS: Outcome.NO_RECORDING,
    LetterKind.CLOSED_NO_REPLY: Outcome.NO_REPLY,
    LetterKind.OTHER_CONTROLLER: Outcome.OTHER_CONTROLLER,
}
_ASK_KINDS = {Language.FI: "call", Language.SV: "identity", Language.EN: "scope"}


def items(kind: LetterKind, language: Language, ground: str | None = None) -> tuple[ItemDecision, ...]:
    """Decisions on two calls that lead to a letter of this kind; `ground` replaces the kind's usual one."""
    first, second = texts.WHAT[language]
    ground = ground or _GROUND.get(kind, "R12-6")
    facts = texts.REPEATED if ground.startswith("R12-5") else texts.FACTS
    reasons = Reasons(ground, facts[language], texts.ASSESSMENT[language])
    if kind in NOTICE_KINDS - _GROUND.keys():
        return ()
    if kind in _UNIFORM:
        refuses = reasons if kind is LetterKind.CLOSED_NO_REPLY else None
        elsewhere = texts.ELSEWHERE[language] if kind is LetterKind.OTHER_CONTROLLER else ""
        return (ItemDecision(1, _UNIFORM[kind], refuses, first, elsewhere=elsewhere),)
    if kind not in _GROUND:
        return (ItemDecision(1, Outcome.GRANTED, None, first), ItemDecision(2, Outcome.GRANTED, None, second))
    if kind is LetterKind.PART:
        return (ItemDecision(1, Outcome.GRANTED, None, first), ItemDecision(2, Outcome.PARTLY, reasons, second))
    return (ItemDecision(1, Outcome.REFUSED, reasons, first),)


def make_letter(
    kind: LetterKind = LetterKind.ACK,
    language: Language = Language.FI,
    register: Register | None = None,
    **changes: Any,
) -> LetterFacts:
    """A letter that lacks nothing, with everything that its kind may state; `changes` replace fields."""
    audio, data = texts.FILES[language]
    register = register or make_register()
    collect = texts.COLLECT[language]
    facts = LetterFacts(
        kind=kind,
        language=language,
        register=register,
        case_no="R-2026-00412",
        right=RIGHTS.get(kind, Right.ACCESS),
        received_at=datetime(2026, 11, 3, 11, 5, tzinfo=UTC),
        letter_date=date(2026, 11, 21),
        recipient=("Anna-Karin Österlund-Kärkkäinen", "Esimerkkikatu 12 as 345", "02999 MALLILA"),
        calls=(
            CallLine(date(2026, 5, 17), "14.15–14.45", "09 816 2900", "040 *** **12"),
            CallLine(text=texts.VAGUE_CALL[language]),
        ),
        due=date(2026, 12, 3),
        target=date(2026, 11, 10),
        extended_due=date(2027, 2, 3),
        preserved=True,
        ask=Ask(
            _ASK_KINDS[language],
            texts.ASKED[language],
            texts.ASKED_WHY[language],
            date(2026, 11, 30),
            date(2026, 11, 5),
            date(2026, 11, 5),
        ),
        openness_due=date(2026, 11, 17) if register.openness_act else None,
        extension_reason=texts.EXTENSION[language],
        items=items(kind, language),
        files=(FileLine(audio, "MP3", collect), FileLine(data, "JSON", collect)),
        available_until=date(2026, 12, 30),
        erase_on=date(2026, 11, 17),
        held=True,
        omissions=(Omission(134, 141, "R15-4"), Omission(290, 293, "R15-4")) if kind is LetterKind.PART else (),
        search="09 816 2900, 17.5.2026",
        corrected=(texts.CORRECTED[language],),
        restricted_until_event=texts.UNTIL[language],
        recipients_told=("Puheoperaattori Oy",),
        kept=texts.KEPT[language],
        kept_until=date(2029, 11, 21),
        statement_attached=True,
        decided_by="Testi Virkanen, tietopalvelupäällikkö",
        code="K7Q2-9FXM-3",
        verify_url=f"https://asiointi.kuuluu.example/{language}/letter?code=K7Q2-9FXM-3",
    )
    return replace(facts, **(_events(language) | changes))


def _events(language: Language) -> dict[str, Any]:
    """What the letters beside the answer tell: lifting, fee, visit, closing, withdrawal, another controller."""
    monday, tuesday = datetime(2026, 11, 30, 8, 0, tzinfo=UTC), datetime(2026, 12, 1, 12, 30, tzinfo=UTC)
    return {
        "lifting": Lifting(
            date(2026, 12, 7), texts.LIFTED_WHY[language], texts.LIFTED_WHAT[language], date(2026, 12, 4)
        ),
        "fee": Fee(texts.FEE_WHY[language], 2850, texts.COSTS[language], date(2026, 12, 1)),
        "visit": Visit(texts.PLACE[language], (monday, tuesday), 45, texts.ID_DOCUMENTS[language]),
        "attendance": Attendance(
            "Anna-Karin Österlund-Kärkkäinen",
            monday,
            monday + timedelta(minutes=40),
            texts.PLACE[language],
            texts.ID_DOCUMENTS[language][0],
            (datetime(2026, 5, 17, 11, 15, tzinfo=UTC),),
        ),
        "closing": Closing(date(2026, 10, 12), texts.CLOSED_WHY[language], date(2026, 11, 21)),
        "withdrawn_on": date(2026, 11, 20),
        "other_controller": OtherController(texts.ELSEWHERE[language], date(2026, 11, 20)),
    }
