"""Texts translated while a template is compiled: right in each language, escaped as ever, and compiled apart."""

from jinja2 import DictLoader
from markupsafe import Markup

from portal.web.app import Portal

TEXTS = {
    "fixed.html": "{{ _('Jatka') }}",
    "filled.html": "{{ _('Puhelu %(n)d', n=n) }}",
    "named.html": "{{ _('Istunto päättyy klo %(time)s.', time=given) }}",
    "kept.html": "{{ _(text) }}",
}


def shown(app: Portal, name: str, language: str, **values: object) -> str:
    with app.test_request_context(f"/{language}/espoo/"):
        return app.jinja_env.get_template(name).render(**values)


def with_texts(app: Portal) -> Portal:
    app.templates.loader = DictLoader(TEXTS)
    return app


def test_a_fixed_text_is_the_words_of_each_language_in_turn(app: Portal) -> None:
    with_texts(app)
    said = [shown(app, "fixed.html", language) for language in ("fi", "sv", "en", "fi")]
    assert said == ["Jatka", "Fortsätt", "Continue", "Jatka"]


def test_placeholders_are_filled_when_the_page_is_shown(app: Portal) -> None:
    with_texts(app)
    assert [shown(app, "filled.html", "fi", n=n) for n in (1, 2)] == ["Puhelu 1", "Puhelu 2"]


def test_what_fills_a_placeholder_is_escaped_unless_it_is_markup(app: Portal) -> None:
    with_texts(app)
    assert "&lt;b&gt;" in shown(app, "named.html", "sv", given="<b>")
    assert "<b>" in shown(app, "named.html", "sv", given=Markup("<b>"))


def test_a_text_known_only_when_the_page_is_shown_is_translated_too(app: Portal) -> None:
    with_texts(app)
    assert shown(app, "kept.html", "sv", text="Jatka") == "Fortsätt"
