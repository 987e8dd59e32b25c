"""Texts translated while a template is compiled: right in each language, escaped as ever, and compiled apart."""

from pathlib import Path

import pytest
from jinja2 import DictLoader
from markupsafe import Markup

from portal import wiring
from portal.services.office import Office
from portal.web.app import Portal
from tests import make

TEXTS = {
    "fixed.html": "{{ _('Jatka') }}",
    "filled.html": "{{ _('Puhelu %(n)d', n=n) }}",
    "named.html": "{{ _('Istunto päättyy klo %(time)s.', time=given) }}",
    "kept.html": "{{ _(text) }}",
}


def shown(app: Portal, name: str, language: str, **values: object) -> str:
    with app.test_request_context(f"/{language}/espoo/"):
        return app.jinja_env.get_template(name).render(**values)


@pytest.fixture
def app(tmp_path: Path, sqlite_url: str, office: Office) -> Portal:
    """An application with templates of its own."""
    made = wiring.create_app(make.settings(tmp_path, sqlite_url, faces="citizen"), office)
    made.templates.loader = DictLoader(TEXTS)
    return made


def test_a_fixed_text_is_the_words_of_each_language_in_turn(app: Portal) -> None:
    said = [shown(app, "fixed.html", language) for language in ("fi", "sv", "en", "fi")]
    assert said == ["Jatka", "Fortsätt", "Continue", "Jatka"]


def test_placeholders_are_filled_when_the_page_is_shown(app: Portal) -> None:
    assert [shown(app, "filled.html", "fi", n=n) for n in (1, 2)] == ["Puhelu 1", "Puhelu 2"]


def test_what_fills_a_placeholder_is_escaped_unless_it_is_markup(app: Portal) -> None:
    assert "&lt;b&gt;" in shown(app, "named.html", "sv", given="<b>")
    assert "<b>" in shown(app, "named.html", "sv", given=Markup("<b>"))


def test_a_text_known_only_when_the_page_is_shown_is_translated_too(app: Portal) -> None:
    assert shown(app, "kept.html", "sv", text="Jatka") == "Fortsätt"
