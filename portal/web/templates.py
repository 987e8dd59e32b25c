"""Templates compiled once a language, with their fixed texts translated while they are compiled.

`_('Jatka')` in a template is then as cheap as the word itself. A text with placeholders keeps only their filling, and
`ngettext` its choice of form, for the time of the page.
"""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment
from jinja2 import BytecodeCache, nodes
from jinja2.bccache import Bucket
from jinja2.visitor import NodeTransformer

from portal.web.language import catalogue


class Templates(Environment):
    """Flask's environment of templates, and from it one for each language."""

    language: str | None = None

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self._by_language: dict[str, Templates] = {}

    def into(self, language: str) -> "Templates":
        """The templates in this language: the same filters and globals, compiled apart."""
        found = self._by_language.get(language)
        if found is None:
            made = self.overlay()
            assert isinstance(made, Templates), "an overlay is of its origin's class"
            made.language = language
            made.bytecode_cache = _Apart(self.bytecode_cache, language) if self.bytecode_cache else None
            found = self._by_language.setdefault(language, made)
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The environment's own, not a chain of dictionaries before them: each import of a macro compares them all."""
        return super().make_globals(d) if d else self.globals

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        """Jinja's hook between parsing and compiling."""
        if self.language:
            source = _Translating(self.language).visit(source)
        return super()._generate(source, name, filename, defer_init)


class _Translating(NodeTransformer):
    """Puts the translation in place of each fixed text, with the meaning that Jinja's own `_` gives it."""

    def __init__(self, language: str) -> None:
        self._catalogue = catalogue(language)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the visitor's naming
        """`_('text')` and `_('text %(name)s', name=…)`."""
        self.generic_visit(node)
        text = _fixed_text(node)
        if text is None:
            return node
        said: str = self._catalogue.gettext(text)
        if not node.kwargs:
            return nodes.MarkSafeIfAutoescape(nodes.Const(said % {}), lineno=node.lineno)
        pairs = [nodes.Pair(nodes.Const(one.key), one.value, lineno=node.lineno) for one in node.kwargs]
        pattern = nodes.MarkSafeIfAutoescape(nodes.Const(said), lineno=node.lineno)
        return nodes.Mod(pattern, nodes.Dict(pairs, lineno=node.lineno), lineno=node.lineno)


def _fixed_text(node: nodes.Call) -> str | None:
    called, given = node.node, node.args
    if not isinstance(called, nodes.Name) or called.name not in ("_", "gettext") or node.dyn_args or node.dyn_kwargs:
        return None
    if len(given) != 1 or not isinstance(given[0], nodes.Const) or not isinstance(given[0].value, str):
        return None
    return given[0].value


class _Apart(BytecodeCache):
    """One language's share of a store of compiled templates."""

    def __init__(self, store: BytecodeCache, language: str) -> None:
        self._store = store
        self._language = language

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """As the store's, and another for each language."""
        return self._store.get_cache_key(f"{self._language}/{name}", filename)

    def load_bytecode(self, bucket: Bucket) -> None:
        """From the store."""
        self._store.load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Into the store."""
        self._store.dump_bytecode(bucket)
