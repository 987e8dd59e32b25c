"""A page module's routes: written beside the views, registered with their guards when the application is built."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from portal.web.guard import Guard

if TYPE_CHECKING:
    from portal.web.app import Portal

View = TypeVar("View", bound=Callable[..., Any])


class Page:
    """The routes of one subject. `name` is the endpoint's beginning, such as citizen.request."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._routes: list[tuple[str, str, Callable[..., Any], Guard, tuple[str, ...]]] = []
        self.without_token: list[Callable[..., Any]] = []

    def route(self, rule: str, guard: Guard, *, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
        """Register the view under `rule`; the endpoint is the page's name and the view's."""

        def keep(view: View) -> View:
            self._routes.append((rule, f"{self.name}.{view.__name__.rstrip('_')}", view, guard, methods))
            return view

        return keep

    def from_outside(self, view: View) -> View:
        """This POST comes from another system and not from a form of ours: it carries no form token, so it must prove
        itself otherwise, and may do nothing by the session's right."""
        self.without_token.append(view)
        return view

    def register(self, app: "Portal") -> None:
        """Put the routes into the application."""
        for rule, endpoint, view, guard, methods in self._routes:
            app.add_url_rule(rule, endpoint, view, guard=guard, methods=list(methods))
