"""Requests already under way when the demo starts, so that a clerk's queue looks like a day at work."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial

from portal.demo.people import DEMO_PEOPLE, DemoPerson
from portal.domain.case import Address, Wishes
from portal.domain.identity import Assurance, Identified, PersonalIdentityCode
from portal.domain.matching import CallDescription
from portal.domain.moments import DaySureness, TimeSureness, helsinki
from portal.domain.rights import Right
from portal.domain.words import Language
from portal.services.file_request import Request, file_request
from portal.services.office import HELSINKI, Office

_TUULIKKI, _EERO, _MAJ_LIS, _AAVA, _ONNI, _AKE, _LIIS = DEMO_PEOPLE
# register, who, right, filed days ago, call days before that, own number, service number, language
_CASES = (
    ("espoo", _ONNI, Right.ACCESS, 27, 12, "+358401234567", "+358981621", Language.FI),
    ("espoo", _AKE, Right.ERASURE, 12, 30, "+358449876543", "+358981600011", Language.FI),
    ("espoo", _MAJ_LIS, Right.ACCESS, 3, 37, "+358505550123", "+358981600012", Language.SV),
    ("espoo", _EERO, Right.RESTRICTION, 6, 9, "+358449876543", None, Language.EN),
    ("espoo", _AAVA, Right.RECTIFICATION, 20, 2, None, "+358981621", Language.FI),
    ("pikkujatti", _ONNI, Right.ACCESS, 5, 60, "+358407654321", "+358103808000", Language.FI),
    ("pk_terveys", _EERO, Right.WITHDRAWAL, 2, 8, "+358449876543", "+358107623555", Language.FI),
    ("te_kaakkois_suomi", _AKE, Right.ACCESS, 9, 9, "+358449876543", "+358295042000", Language.FI),
    ("janakkala", _ONNI, Right.ACCESS, 1, 8, "+358407654321", None, Language.FI),
)


def make_cases(office: Office, now: datetime) -> None:
    """File the requests once, each at its own earlier instant, through the same door as everybody's."""
    for number, (register, who, right, filed, before, own, service, language) in enumerate(_CASES):
        day = helsinki(now).date() - timedelta(days=filed)
        at = min(now, datetime.combine(day, time(9, 7 * number), HELSINKI).astimezone(UTC))
        called = day - timedelta(days=before)
        call = CallDescription(
            number=1,
            day=called,
            time=time(10 + number % 4, 30),
            day_sureness=DaySureness.COUPLE_OF_DAYS,
            time_sureness=TimeSureness.HOUR,
            service_number=service,
            own_number=own,
        )
        address = _ADDRESSES.get(number)
        wishes = replace(_WISHES.get(right, Wishes()), by_post=address is not None)
        request = Request(f"demo-{register}-{number}", right, language, (call,), wishes, address)
        file_request(replace(office, clock=partial(_same, at)), register, identified(who, at), request)


def _same(at: datetime) -> datetime:
    return at


# by the case's place above: these applicants want their letters by post too
_ADDRESSES = {
    0: Address("Esimerkkikatu 5 A 12", "02999", "Mallila"),
    1: Address("Testitie 3", "00999", "Helsinki"),
    2: Address("Provgatan 7 B 2", "10999", "Raseborg"),
}
_WISHES = {
    Right.RECTIFICATION: Wishes(wrong="Osoitteeni kirjattiin väärin.", correct="Oikea osoite on Esimerkkikuja 4 B 7."),
    Right.RESTRICTION: Wishes(ground="contested", reason="The date of my appointment is wrong."),
    Right.ERASURE: Wishes(reason="Puhelu koski jo päättynyttä asiaa."),
    Right.WITHDRAWAL: Wishes(purposes=("marketing",)),
}


def identified(who: DemoPerson, at: datetime) -> Identified:
    """An invented person as the demo's identity provider would prove them."""
    return Identified(
        subject_key=f"hetu:{who.code}",
        code=PersonalIdentityCode(who.code),
        given=who.given,
        family=who.family,
        born=who.born,
        level=Assurance.TEST_SUBSTANTIAL,
        method="demo",
        authenticated_at=at,
        provider="demo",
        transaction="0" * 64,
    )
