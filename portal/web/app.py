"""Portal: a Flask that refuses a route without a guard, and the frame that every page shares."""

from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, has_request_context, send_from_directory
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.services.office import Office
from portal.web import errors, filters, headers, language
from portal.web.guard import PUBLIC, Guard
from portal.web.kept import Kept
from portal.web.routes import Page
from portal.web.session import StoredSessions, load_user
from portal.web.templates import Templates

ROOT = Path(__file__).resolve().parents[2]
LARGEST_UPLOAD = 220 * 1024 * 1024


class Unguarded(TypeError):
    """A route was registered without saying who may enter."""


class Portal(Flask):
    """Flask, except that every URL rule names its guard. `ledger` lists the rules for review."""

    jinja_environment = Templates

    def __init__(self, office: Office, face: str) -> None:
        self.office = office
        self.face = face
        self.ledger: list[tuple[str, str, str, str]] = []
        self.addresses: dict[tuple[Any, ...], str] = {}
        self.kept = Kept()
        super().__init__(
            "portal", root_path=str(ROOT / "portal"), template_folder=str(ROOT / "templates"), static_folder=None
        )

    @cached_property
    def templates(self) -> Templates:
        """The templates of all languages: what is set here holds for each of them."""
        made = self.create_jinja_environment()
        assert isinstance(made, Templates)
        return made

    @property
    def jinja_env(self) -> Templates:
        """The templates in the language of the request, if there is one."""
        return self.templates.into(language.chosen()) if has_request_context() else self.templates

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        *,
        guard: Guard | None = None,
        **options: Any,
    ) -> None:
        """As Flask's, with `guard=` obligatory."""
        if guard is None:
            raise Unguarded(f"{rule}: who may enter? give guard=")
        methods = ",".join(sorted(options.get("methods") or ("GET",)))
        self.ledger.append((rule, endpoint or "", methods, guard.name))
        guarded = guard.around(view_func) if view_func else None
        super().add_url_rule(rule, endpoint, guarded, provide_automatic_options=False, **options)


def build(
    office: Office, face: str, pages: Collection[Page], *, secret: str, secure: bool, proxy_hops: int,
    form_targets: tuple[str, ...], labels: dict[str, str], unavailable: tuple[type[Exception], ...] = (),
) -> Portal:  # fmt: skip
    """The application of one face (or of both) with these pages."""
    app = Portal(office, face)
    app.config.update(
        SECRET_KEY=secret,
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD,
        MAX_FORM_MEMORY_SIZE=500_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        BABEL_DEFAULT_LOCALE="fi",
        BABEL_DEFAULT_TIMEZONE="Europe/Helsinki",
        PROVIDER_LABELS=labels,
        HEALTH_TOKEN="",  # nobody may ask how the portal is
        PROVIDER_REGISTERS={},  # a provider that stands here serves these registers only
        SESSION_COOKIE_SECURE=secure,
    )
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.session_interface = StoredSessions(secure)
    app.add_url_rule(
        "/static/<path:filename>", "static", _static, guard=PUBLIC, methods=["GET"],
    )  # fmt: skip
    for page in pages:
        page.register(app)
    forms = CSRFProtect(app)
    for view in (view for page in pages for view in page.without_token):
        forms.exempt(view)
    Babel(app, locale_selector=language.select)
    app.templates.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]  # jinja2.ext.i18n adds it
    app.templates.globals["organisations"] = tuple(office.organisations.values())
    login = LoginManager(app)
    login.session_protection = None
    login.request_loader(load_user)
    filters.register(app)
    errors.register(app, unavailable)
    headers.register(app, secure=secure, form_targets=form_targets)
    if proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxy_hops, x_proto=proxy_hops, x_host=proxy_hops)  # type: ignore[method-assign]  # Flask's own way
    return app


def _static(_visit: Any, filename: str) -> Response:
    """Flask's static route, given a guard like every other."""
    g.public_file = True
    return send_from_directory(ROOT / "static", filename, max_age=3600)
