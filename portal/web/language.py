"""The page's language: it stands in the address, and nowhere else."""

from flask import request

from portal.domain.words import Language


def chosen() -> str:
    """The language of the address, or the browser's best, or Finnish."""
    first = request.path.split("/", 2)[1] if request.path.count("/") else ""
    if first in set(Language):
        return first
    return request.accept_languages.best_match([language.value for language in Language]) or Language.FI.value
