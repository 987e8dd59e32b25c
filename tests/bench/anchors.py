"""What the portal is measured against: the barest applications of the same server and libraries.

An anchor does what a page cannot do without (route, render, translate, one SELECT) and nothing else: no session, no
guard, no form, no headers.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from flask_babel import Babel
from jinja2 import DictLoader
from sqlalchemy import Engine, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from weasyprint import HTML

from portal.adapters.letters import weasy

PROJECT = Path(__file__).resolve().parents[2]
STRINGS = (
    "Jatka", "Takaisin", "Tallenna ja jatka myöhemmin", "Kellonaika", "Aikaisintaan", "Viimeistään", "En muista",
    "Muu numero", "Tänään", "Eilen", "Varma", "Aamulla", "Päivällä", "Illalla", "Lähetä pyyntö", "Postinumero",
    "Katuosoite", "Postitoimipaikka", "Vastauksen kieli", "Miksi?",
)  # fmt: skip
_STRINGS_PAGE = (
    "<!doctype html><html lang=sv><title>{{ _('Jatka') }}</title><body>"
    + "".join(
        f"<p class=row><label>{{{{ _('{text}') }}}}</label> <input name=n{n}></p>" for n, text in enumerate(STRINGS)
    )
    + "</body></html>"
)
_ROWS_PAGE = """<!doctype html><html lang=fi><title>Jono</title><body><table>
{% for row in rows %}<tr><th><a href="/case/{{ row.ref }}">{{ row.name }}</a> {{ row.ref }}</th><td>{{ row.kind }}</td>
<td>{{ row.due }}</td><td>{{ row.keeping }}</td><td>{{ row.state }}</td><td>{{ row.handler }}</td></tr>
{% endfor %}</table></body></html>"""


def strings_page() -> Callable[[], object]:
    """Fetches a bare Flask + Jinja page with 20 translated strings."""
    app = Flask("bare")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(PROJECT / "translations")
    app.jinja_loader = DictLoader({"strings.html": _STRINGS_PAGE})
    Babel(app, locale_selector=lambda: "sv")

    @app.get("/")
    def page() -> str:
        return render_template("strings.html")

    return _fetch(app)


class _Base(DeclarativeBase):
    pass


class _Row(_Base):
    __tablename__ = "row"
    id: Mapped[int] = mapped_column(primary_key=True)
    due: Mapped[str] = mapped_column(String(10), index=True)
    ref: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    keeping: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(16))
    handler: Mapped[str] = mapped_column(String(32))


def rows_page(url: str) -> Callable[[], object]:
    """Fetches a bare Flask + SQLAlchemy + Jinja page: 25 of 1 000 rows by an index, on the same kind of database."""
    engine = _rows(url)
    app = Flask("bare-rows")
    app.jinja_loader = DictLoader({"rows.html": _ROWS_PAGE})

    @app.get("/")
    def page() -> str:
        with Session(engine) as session:
            rows = session.scalars(select(_Row).order_by(_Row.due, _Row.id).limit(25)).all()
            return render_template("rows.html", rows=rows)

    return _fetch(app)


def _rows(url: str) -> Engine:
    engine = create_engine(url)
    _Base.metadata.drop_all(engine)
    _Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(
            _Row(id=n, due=f"2026-{1 + n % 12:02d}-{1 + n % 28:02d}", ref=f"R-2026-{n:05d}", name=f"Soili Soittaja {n}",
                 kind="access", keeping="safe", state="received", handler="k")
            for n in range(1000)
        )  # fmt: skip
        session.commit()
    return engine


def bare_letter(html: str) -> Callable[[], bytes]:
    """WeasyPrint alone over the same HTML, styles and fonts, warm; no tags, no PDF/A, nothing done afterwards."""

    def write() -> bytes:
        fonts, sheets = weasy._sheets()
        page: Any = HTML(string=html, url_fetcher=weasy.SealedFetcher({}), base_url="asset:")
        pdf: bytes = page.write_pdf(stylesheets=sheets, font_config=fonts)
        return pdf

    return write


def _fetch(app: Flask) -> Callable[[], object]:
    client = app.test_client()

    def fetch() -> object:
        answer = client.get("/")
        assert answer.status_code == 200
        return answer

    return fetch
