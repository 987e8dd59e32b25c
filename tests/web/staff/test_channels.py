"""Stereo channels swapped: a listener says which is the caller's, and the labels follow."""

from portal.services.office import Office
from portal.web.app import Portal
from tests.make import Clock
from tests.services.walk import Walk
from tests.web.client import Browser
from tests.web.staff.desk import address
from tests.web.staff.test_redaction import TYPED, desk, made, shown  # noqa: F401  # fixtures of the same page


def test_stereo_channels_swapped_are_set_right_by_the_listener(desk: Browser, made: Walk, office: Office) -> None:  # noqa: F811  # the fixtures
    page = shown(desk, made)
    assert "(soittaja)" not in page.text
    page = desk.press(page, "Merkitse kanava", caller="1")
    labels = page.tree.xpath('//select[@id="channel-0"]/option/text()')
    assert labels == ["Kaikki", "Vain kanava 1 (palvelu)", "Vain kanava 2 (soittaja)"]
    (box,) = page.tree.xpath("//*[@data-review]")
    assert box.get("data-turn0").startswith("Palvelun puheenvuoro")
    assert box.get("data-turn1").startswith("Soittajan puheenvuoro")
    page = desk.press(page, "Merkitse kanava", caller="")
    assert "(soittaja)" not in page.text
    assert made.actions.count("channel_told") == 2


def test_a_channel_that_cannot_be_is_refused(desk: Browser, made: Walk, app: Portal) -> None:  # noqa: F811  # the fixtures
    page = shown(desk, made)
    target = address(f"cases/{{ref}}/channels/{made.recordings[0]}", made.filed.ref)
    told = {"csrf_token": page.value("csrf_token"), "seen": page.value("seen"), "caller": "9"}
    assert desk.client.post(target, data=told).status_code == 404
    assert made.actions.count("channel_told") == 0


def test_a_rendering_that_does_not_come_tells_the_clerk_what_to_do(desk: Browser, made: Walk, clock: Clock) -> None:  # noqa: F811  # the fixtures
    page = desk.press(shown(desk, made), "Lähetä tarkistettavaksi", **TYPED)
    assert "Peitettyä tallennetta tehdään" in page.text
    clock.move(minutes=6)
    page = shown(desk, made)
    assert "Peitettyä tallennetta ei ole saatu tehtyä" in page.text
    assert "palauta kohdat merkittäväksi" in page.text
