"""A listening place of the demo's employment office: times for the next weeks, an invitation, and one booked visit."""

from datetime import datetime, time, timedelta

from portal.domain.access import Actor, ActorKind, Role
from portal.domain.moments import helsinki
from portal.domain.visits import slot_times
from portal.services import book_visit, visit_slots, visits
from portal.services.office import Office
from portal.services.ports import Place, QueueFilter
from portal.services.take_up import take_up

REGISTER = "te_kaakkois_suomi"
_PLACE = Place(
    "",
    REGISTER,
    {"fi": "Lappeenrannan neuvonta", "sv": "Rådgivningen i Villmanstrand", "en": "Lappeenranta advice desk"},
    "Esimerkkikatu 10, 53100 Lappeenranta",
    {
        "fi": "Sisäänkäynti on esteetön. Kuunteluhuoneessa on induktiosilmukka, ja opaskoira on tervetullut.",
        "sv": "Entrén är tillgänglig. Lyssningsrummet har hörselslinga, och ledarhundar är välkomna.",
        "en": "The entrance is step-free. The listening room has an induction loop, and guide dogs are welcome.",
    },
)
_CLOCKS = (time(9, 30), time(11, 15), time(14, 0))


def make_visits(office: Office, now: datetime) -> None:
    """Make them once: a second run finds the place and leaves everything as it is."""
    clerk = _clerk(office)
    if visit_slots.slots_view(office, clerk).places:
        return
    place = visit_slots.set_place(office, clerk, _PLACE)
    today = helsinki(now).date()
    starts = tuple(slot_times(today + timedelta(days=2), today + timedelta(days=30), range(5), _CLOCKS))
    visit_slots.add_slots(office, clerk, place, starts, 45, 2)
    with office.reading() as work:
        (first,) = work.queue.page(REGISTER, QueueFilter(), None, 1)
        case = work.cases.open_for_system(first.id)
    ref = case.ref
    take_up(office, clerk, ref, case.moves)
    free = visits.slots_to_offer(office, clerk, ref)
    offered = tuple(free[n].id for n in (0, 4, 8))  # another day and another time of day each
    visits.offer_visit(office, clerk, ref, offered, case.moves + 1)
    person = Actor(ActorKind.CITIZEN, case.applicant.person, REGISTER)
    book_visit.book_visit(office, person, ref, offered[1])


def _clerk(office: Office) -> Actor:
    """Eeva, who handles requests in every register."""
    with office.reading() as work:
        account = work.staff.by_login("eeva")
    assert account is not None, "the demo's clerks are made first"
    return Actor(ActorKind.STAFF, account.id, REGISTER, frozenset({Role.HANDLER}), account.name)
