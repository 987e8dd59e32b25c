"""After a visit the person's own case tells of it, and a copy can still be asked for."""

from portal.services.attend_visit import attend
from portal.services.office import Office
from portal.services.station import leave, note_played, open_station, seat_of
from portal.services.visit_certificate import issue_certificate
from portal.web.app import Portal
from tests import make
from tests.make import Clock
from tests.visiting import TE, at_the_door, visiting
from tests.web.client import entered


def test_the_case_shows_the_visit_its_plays_and_certificate_and_the_way_to_a_copy(
    app: Portal, office: Office, clock: Clock
) -> None:
    made = visiting(office)
    at_the_door(clock)
    attend(office, made.clerk.actor, made.appointment, "passport")
    key = open_station(office, made.clerk.actor, made.appointment, "").key
    seat = seat_of(office, key, TE)
    assert seat is not None
    note_played(office, seat, 1, 0, 10, 10)
    leave(office, seat)
    issue_certificate(office, made.clerk.actor, made.appointment)
    own = entered(app, office, make.identified(at=clock()))
    page = own.get(f"/fi/{TE}/cases/{made.ref}")
    flow = page.text
    for said in ("Kävit kuuntelemassa puheluasi", "Kuuntelit tallennetta paikan päällä", "Saat kopion edelleen",
                 "Todistus kuuntelukäynnistä"):  # fmt: skip
        assert said in flow, said
    assert "Kuuntelu aloitettiin" not in flow, "what staff did at the device is in the audit trail"
    visit = own.get(f"/fi/{TE}/cases/{made.ref}/visit")
    assert own.click(visit, "Avaa vastaus").h1 == "Vastaus pyyntöösi"
    assert own.click(visit, "Pyydä uudelleen samoista puheluista").status == 200
