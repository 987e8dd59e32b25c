"""Every layout and component renders with nothing undefined, and keeps the rules of an accessible page.

Rendered in a bare Flask app with StrictUndefined, so that a component that leans on an undeclared variable fails
here and not on a reader's screen. Structure is read with lxml; colours and focus are the browser tests' matter.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from jinja2 import StrictUndefined, UndefinedError
from lxml import html
from wtforms import (
    BooleanField,
    FileField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "templates/components"
CHOICES = [SelectChoice("near", "Noin vartin"), SelectChoice("far", "En muista")]


class Call(Form):
    """One field of each kind."""

    day = StringField("Puhelun päivä", description="Esimerkiksi 17.5.2026")
    time = StringField("Kellonaika")
    own = StringField("Mistä numerosta soitit?", description="Oma numerosi")
    why = TextAreaField("Miksi?")
    sure = RadioField("Kuinka varma olet?", choices=CHOICES, validate_choice=False)
    how = SelectMultipleField("Miten?", choices=CHOICES)
    ground = SelectField("Peruste", choices=CHOICES)
    hidden = BooleanField("Numeroni oli salainen")
    paper = FileField("Valtakirja")


GALLERY = """
{% extends "layouts/public.html" %}
{% block title %}Kaikki osat{% endblock %}
{% from "components/back_link.html" import back_link %}
{% from "components/candidate.html" import candidate %}
{% from "components/case_head.html" import case_head %}
{% from "components/checkbox.html" import checkbox %}
{% from "components/checkboxes.html" import checkboxes %}
{% from "components/data_table.html" import data_table %}
{% from "components/date_field.html" import date_field %}
{% from "components/deadline.html" import deadline %}
{% from "components/derivation.html" import derivation %}
{% from "components/facts.html" import facts %}
{% from "components/field.html" import field %}
{% from "components/file_field.html" import file_field %}
{% from "components/file_row.html" import file_row %}
{% from "components/filters.html" import filters %}
{% from "components/hero.html" import hero %}
{% from "components/messages.html" import messages %}
{% from "components/missing_list.html" import missing_list %}
{% from "components/next_step.html" import next_step %}
{% from "components/notice.html" import notice %}
{% from "components/omissions.html" import omissions %}
{% from "components/page_title.html" import page_title %}
{% from "components/pagination.html" import pagination %}
{% from "components/player.html" import player %}
{% from "components/queue_row.html" import queue_row %}
{% from "components/radios.html" import radios %}
{% from "components/receipt.html" import receipt %}
{% from "components/recording_clock.html" import recording_clock %}
{% from "components/retention_ruler.html" import retention_ruler %}
{% from "components/rights.html" import rights %}
{% from "components/safe.html" import safe %}
{% from "components/select.html" import select %}
{% from "components/status.html" import status %}
{% from "components/status_tag.html" import status_tag %}
{% from "components/steps.html" import steps %}
{% from "components/summary_list.html" import summary_list %}
{% from "components/table_cell.html" import table_cell %}
{% from "components/three_steps.html" import three_steps %}
{% from "components/time_field.html" import time_field %}
{% from "components/timeline.html" import timeline %}
{% from "components/views.html" import views %}
{% from "components/waiting.html" import waiting_form %}
{% block back %}{{ back_link("/back") }}{% endblock %}
{% block content %}
{{ page_title("Kaikki osat", step=2, of=4) }}{{ steps(1, 3) }}
<form method="post" novalidate>
{{ date_field(form.day, quick=[("quick", "today", "Tänään")]) }}{{ time_field(form.time) }}
{% call field(form.own, type="tel", width="tel", autocomplete="tel") %}{{ checkbox(form.hidden) }}{% endcall %}
{{ field(form.why, type="textarea", optional=true) }}
{{ radios(form.sure, notes={"near": "viisitoista minuuttia"}, values={"far": "09 816 21"}) }}
{{ checkboxes(form.how) }}{{ select(form.ground) }}{{ file_field(form.paper, multiple=true) }}
</form>
{% call hero("Pyydä", "Sinulla on oikeus.", ("Aloita", "/go"), "Maksutonta.", ("Seuraa", "/mine")) %}
{{ retention_ruler("6 kuukautta", 6, "18.12.2025", "18.6.2026", "Ei poisteta.") }}{% endcall %}
{{ rights([{"heading": "Kuule", "text": "Ääni.", "icon": "headphones", "url": "/a"},
           {"heading": "Poista", "text": "Pois.", "icon": "eraser", "url": none}]) }}
{{ three_steps([{"heading": "Tunnistaudu", "text": "Pankkitunnuksilla."}]) }}
{{ safe("held", "Tallenne on turvassa", "Ei poisteta.", true) }}{{ safe("asked", "Pyysimme", "Odotamme.", false) }}
{{ derivation([{"date": "20.5.", "text": "Saapui."}, {"date": "22.6.", "text": "Viim.", "kind": "end"}], "12(3)") }}
{{ summary_list([{"label": "Puhelu", "value": ["ma", "klo 7"], "url": "/c"}, {"label": "Kieli", "value": "suomi"}]) }}
{{ facts([{"label": "Saapui", "value": "ke"}, {"label": "Soitettu", "value": ["Neuvonta", "09 816 0011"]}]) }}
{{ timeline([{"title": "Saapui", "rest": "portaali", "time": "ke 20.5.", "iso": "2026-05-20", "text": "Kiitos."},
             {"title": "Vastaus", "state": "todo"}]) }}
{{ messages([{"author": "Sinä", "time": "25.5.", "text": "Hei", "incoming": true}]) }}
{{ player("call", [{"url": "/a.mp3", "type": "audio/mpeg"}], 408, "Kuuntele", [0.1, 0.9, 0.4], [(134, 141)]) }}
<ul>{{ file_row("Päätös", "/p.pdf", "PDF, 96 kt", more=[("WAV", "/w.wav")]) }}</ul>
{{ omissions([{"span": "2.14–2.21", "text": "Toisen nimi", "seconds": "7 s"}]) }}
{{ status_tag("Vastattu", "ok", "circle-check") }}{{ status("Hyvä", "ok", "check") }}
{% for tone in ("", "info", "ok", "warn", "danger") %}{% call notice(tone, bold="Huomaa.") %}<p>Asia.</p>{% endcall %}
{% endfor %}
{% for kind in ("late", "today", "soon", "running", "extended", "paused", "done") %}
<div class="answer">{{ deadline(kind, "Hoida " ~ kind, "ma 22.6.", 0.5) }}</div>{% endfor %}
{% for kind in ("held", "copied", "restricted", "asked", "unconfirmed", "searching", "gone", "none") %}
<div class="recording" data-kind="{{ kind }}">{{ recording_clock(kind, "Tila " ~ kind, "poistuu") }}</div>{% endfor %}
{{ waiting_form({"path": "/approve", "id": "w", "fields": [["note", "x"]]}, "_waiting", "viesti", "token", "/forget") }}
{{ views([{"heading": "Näkymät",
           "links": [{"label": "Omat", "url": "/q", "count": 9, "tone": "warn", "current": true}]}]) }}
{{ filters([{"name": "right", "label": "Oikeus", "options": [("", "Kaikki", true)]}],
           clear_url="/all", hidden={"v": 1}) }}
{% call data_table("cases", "41 avointa", [{"label": "Asia"}, {"label": "Vastaus", "url": "/s", "sort": "ascending"}],
                   look="q", keys=true) %}{{ queue_row(row) }}{% endcall %}
{% call data_table("plain", "2 riviä", [{"label": "Asia"}, {"label": "Poista", "hidden": true}]) %}
<tr role="row"><th scope="row" role="rowheader">R-2026-00001</th>{% call table_cell("Poista") %}x{% endcall %}</tr>
{% endcall %}
{{ pagination("/p", "/n") }}
<ol class="cands">{% call candidate(call) %}<button type="submit">Valitse</button>{% endcall %}</ol>
{% call next_step("Valitse puhelu", "Viimeistään ma 22.6.", "12(3)") %}<a href="/l">Kuuntele</a>{% endcall %}
{% call missing_list([{"text": "Arvio", "law": "12(4)", "anchor": "why"}], [{"text": "Asia", "law": "S02"}]) %}
<button type="submit">Lähetä</button>{% endcall %}
{% endblock %}
{% block aside %}<aside aria-label="Lisää"><p>Lisää</p></aside>{% endblock %}
"""

STAFF = """
{% extends "layouts/staff.html" %}
{% from "components/case_head.html" import case_head %}
{% block title %}R-2026-00412{% endblock %}
{% block content %}{{ case_head("/q", "R-2026-00412", "Tuulikki Soittola",
  {"kind": "today", "words": "Hoida tänään", "date": "ma 22.6."},
  {"kind": "copied", "words": "Kopio tallessa", "detail": "olisi poistunut 8.6."},
  pills=[{"text": "Pääsy"}, {"text": "Tunnistettu", "icon": "shield-check"}], note="suomi",
  tabs=[{"label": "Asia", "url": "/c", "done": true}, {"label": "Puhelu", "url": "/p", "current": true},
        {"label": "Luovutus", "url": none}]) }}{% endblock %}
"""

RECEIPT = """
{% extends "layouts/public.html" %}
{% from "components/receipt.html" import receipt %}
{% block title %}Vastaanotettu{% endblock %}
{% block content %}{{ receipt("Vastaanotettu", [{"label": "Asianumero", "value": "R-2026-00412", "sub": "talleta"}]) }}
{% endblock %}
"""


def _context(**more: Any) -> dict[str, Any]:
    context: dict[str, Any] = {
        "language": "fi",
        "controller": SimpleNamespace(
            id="espoo", name="Espoon kaupunki", theme="espoo", contact_lines=["Kirjaamo"], dpo_lines=["PL 12"]
        ),
        "languages": [
            SimpleNamespace(code=code, label=label, url=f"/{code}", current=code == "fi")
            for code, label in (("fi", "Suomi"), ("sv", "Svenska"), ("en", "English"))
        ],
        "person_name": None,
        "urls": {
            key: f"/{key}"
            for key in (
                "home",
                "verify",
                "notice",
                "accessibility",
                "paper",
                "sign_out",
                "my_cases",
                "extend",
                "search",
            )
        },
    }
    return context | more


@pytest.fixture(scope="module")
def app() -> Flask:
    """A bare Flask app on the project's templates: nothing of the product but what the contract names."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    app.jinja_env.globals["csp_nonce"] = lambda: "nonce"
    Babel(app)
    return app


@pytest.fixture
def render(app: Flask) -> Iterator[Any]:
    """Render a template's text and return its parsed page."""
    with app.test_request_context():

        def parsed(source: str, **context: Any) -> html.HtmlElement:
            return html.document_fromstring(render_template_string(source, **_context(**context)))

        yield parsed


def _gallery(errors: bool) -> dict[str, Any]:
    form = Call(data={"day": "31.2.2026", "sure": "far", "how": ["near"], "ground": "far", "why": "", "own": '"<&'})
    if errors:
        for field in form:
            field.errors = ["Korjaa tämä."]
    return {
        "form": form,
        "page_errors": [("day", "Korjaa päivä"), ("sure-0", "Valitse")] if errors else None,
        "row": {
            "url": "/c",
            "name": "Tuulikki Soittola",
            "ref": "R-2026-00412",
            "right": "Pääsy",
            "language": "SV",
            "answer": {"kind": "today", "words": "Hoida tänään", "date": "ma 22.6.", "used": 0.95},
            "recording": {"kind": "held", "words": "Pito voimassa", "detail": "poistuisi 22.6."},
            "step": "Valitse puhelu",
            "step_note": "3 ehdokasta",
            "handler": "Sinä",
            "free": False,
            "current": True,
        },
        "call": {
            "number": 1,
            "time": "ma 8.12.2025 klo 7.42",
            "length": "6 min 48 s",
            "fit": ("Täsmää hyvin", "ok", "circle-check"),
            "best": True,
            "reasons": [
                {"label": "Numero", "text": "sama", "fits": True},
                {"label": "Aika", "text": "-", "fits": False},
            ],
        },
    }


def _texts(nodes: list[html.HtmlElement]) -> list[str]:
    return [" ".join(node.text_content().split()) for node in nodes]


def test_the_gallery_shows_every_component() -> None:
    sources = GALLERY + STAFF + RECEIPT
    layouts = "".join(path.read_text() for path in (ROOT / "templates/layouts").glob("*.html"))
    layouts += "".join(path.read_text() for path in COMPONENTS.glob("*.html"))
    for path in COMPONENTS.glob("*.html"):
        assert f"components/{path.name}" in sources + layouts, path.name
        assert len(re.findall(r"\{%-? macro ", path.read_text())) == 1, f"{path.name}: one macro a file"


@pytest.mark.parametrize("errors", [False, True])
def test_every_component_keeps_ids_labels_and_references_right(render: Any, errors: bool) -> None:
    doc = render(GALLERY, **_gallery(errors))
    ids = [node.get("id") for node in doc.xpath("//*[@id]")]
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    for node in doc.xpath("//*[@aria-describedby or @aria-labelledby or @for]"):
        for name in ("aria-describedby", "aria-labelledby", "for"):
            for target in (node.get(name) or "").split():
                assert target in ids, f"{name}={target}"
    for link in doc.xpath("//a[starts-with(@href, '#')]"):
        assert link.get("href")[1:] in ids, link.get("href")
    for box in doc.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        named = box.get("aria-label") or box.xpath("ancestor::label") or doc.xpath(f"//label[@for='{box.get('id')}']")
        assert named, html.tostring(box)
    assert all(button.text_content().strip() or button.get("aria-label") for button in doc.xpath("//button"))
    assert not doc.xpath("//*[@style]")
    assert not doc.xpath("//script[not(@src)]")
    assert not doc.xpath("//@*[starts-with(name(), 'on')]")


def test_what_was_typed_comes_back_escaped(render: Any) -> None:
    doc = render(GALLERY, **_gallery(errors=True))
    assert doc.xpath("//input[@id='own']/@value") == ['"<&']
    assert doc.xpath("//input[@name='sure'][@checked]/@value") == ["far"]
    assert doc.xpath("//input[@name='how'][@checked]/@value") == ["near"]
    assert doc.xpath("//select[@id='ground']/option[@selected]/@value") == ["far"]


def test_errors_stand_in_the_title_on_top_and_at_the_field(render: Any) -> None:
    doc = render(GALLERY, **_gallery(errors=True))
    assert doc.findtext(".//title") == "Virhe: Kaikki osat – Espoon kaupunki"
    summary = doc.xpath("//main//*[@role='alert']")[0]
    assert summary.get("tabindex") == "-1"
    assert summary.xpath(".//a/@href") == ["#day", "#sure-0"]
    for name in ("day", "own", "why", "ground", "hidden", "paper"):
        box = doc.get_element_by_id(name)
        assert box.get("aria-invalid") == "true"
        assert box.get("aria-describedby").split()[-1] == f"{name}-error"
    day = doc.get_element_by_id("day")
    order = [node.tag if not node.get("id") else node.get("id") for node in day.getparent()][:4]
    assert order == ["label", "day-hint", "day-error", "day"]


def test_without_errors_nothing_is_invalid_and_no_hint_is_invented(render: Any) -> None:
    doc = render(GALLERY, **_gallery(errors=False))
    assert doc.findtext(".//title") == "Kaikki osat – Espoon kaupunki"
    assert not doc.xpath("//*[@aria-invalid]")
    assert doc.get_element_by_id("why").get("aria-describedby") is None


def test_green_means_proven(render: Any) -> None:
    doc = render(GALLERY, **_gallery(errors=False))
    green = {
        node.get("data-kind") for node in doc.xpath("//div[@class='recording'][.//span[contains(@class, 'st ok')]]")
    }
    assert green == {"held", "copied", "restricted"}


def test_a_clock_never_speaks_by_colour_alone(render: Any) -> None:
    doc = render(GALLERY, **_gallery(errors=False))
    for clock in doc.xpath("//div[@class='answer' or @class='recording']//span[contains(@class, 'st ')]"):
        assert clock.xpath(".//*[local-name()='use']")
        assert clock.text_content().strip()


def test_icons_come_from_the_sprite_and_hide_from_readers(render: Any) -> None:
    sprite = (ROOT / "static/icons.svg").read_text()
    for path in (ROOT / "templates").rglob("*.html"):
        for name in re.findall(r"(?<!\w)(?:icon|draw)\('([a-z0-9-]+)'", path.read_text()):
            assert f'id="{name}"' in sprite, f"{path.name}: {name}"
    doc = render(GALLERY, **_gallery(errors=False))
    names = {use.get("href").partition("#")[2] for use in doc.xpath("//*[local-name()='use']")}
    assert all(f'id="{name}"' in sprite for name in names if not name.startswith("call-"))
    assert all(
        icon.get("aria-hidden") == "true" for icon in doc.xpath("//*[contains(@class, 'ic')][local-name()='svg']")
    )


def test_the_staff_frame_has_its_landmarks_and_posts_its_search(render: Any) -> None:
    nav = [SimpleNamespace(label="Jono", url="/q", current=True)]
    doc = render(STAFF, nav=nav, person_name="E. Palvelinen", controllers=nav)
    assert doc.get("data-size") == "sm"
    assert len(doc.xpath("//h1")) == 1
    assert doc.xpath("//form[@role='search']/@method") == ["post"]
    assert doc.xpath("//form[@action='/sign_out'][@method='post']//input[@name='csrf_token']/@value") == ["token"]
    assert _texts(doc.xpath("//ul[@class='clocks']//*[@class='lab2']")) == ["Vastaus", "Tallenne"]
    assert doc.xpath("//nav//a[@aria-current='page']")


def test_a_signed_in_citizen_can_leave_and_sees_when_the_session_ends(render: Any) -> None:
    ends = datetime(2026, 6, 18, 10, 29, tzinfo=UTC)
    doc = render(RECEIPT, person_name="Tuulikki Soittola", session_ends=ends)
    assert doc.body.get("data-session-ends") == "2026-06-18T10:29:00+00:00"
    assert "10.29" in doc.xpath("//footer")[0].text_content()
    banner = doc.get_element_by_id("session-warning")
    assert banner.get("hidden") is not None
    assert banner.xpath(".//form[@method='post']/@action") == ["/extend", "/sign_out"]
    assert doc.xpath("//footer//form[@method='post']/@action") == ["/extend"], "without a script too"
    assert len(doc.xpath("//h1")) == 1


def test_the_skip_link_comes_first_and_its_target_takes_focus(render: Any) -> None:
    doc = render(RECEIPT)
    assert doc.xpath("//a")[0].get("href") == "#main"
    assert doc.xpath("//main[@id='main']/@tabindex") == ["-1"]
    assert doc.xpath("//nav[@class='langs']//a/@lang") == ["fi", "sv", "en"]
    assert not doc.xpath("//*[@id='session-warning']")


def test_an_error_page_renders_with_next_to_nothing(app: Flask) -> None:
    with app.test_request_context():
        text = render_template_string(
            '{% extends "layouts/error.html" %}',
            language="sv",
            heading="Sidan finns inte",
            paragraphs=["Adressen kan vara fel."],
            links=[("Till början", "/")],
        )
    doc = html.document_fromstring(text)
    assert doc.get("lang") == "sv"
    assert _texts(doc.xpath("//h1")) == ["Sidan finns inte"]
    assert doc.xpath("//main//a[@class='ds-button']/@href") == ["/"]


def test_a_forgotten_variable_is_an_error_not_a_blank(render: Any) -> None:
    with pytest.raises(UndefinedError):
        render(RECEIPT, languages=[SimpleNamespace(code="fi")])
