"""What is done with a given copy besides hearing it: the whole answer as one file, the portability package (art. 20),
the call in words (art. 15(3)), and the word that the copy has been kept, after which what was to be erased is erased
(arts. 15 and 17 asked together).
"""

from collections.abc import Iterator

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from portal.domain.grants import Form
from portal.services import lists
from portal.services.bundle import open_bundle
from portal.services.erase_after_copy import keep_copy, waits_for_copy
from portal.services.hand_over import note_heard
from portal.services.portability import open_package
from portal.services.ports import Absent
from portal.services.transcribe import open_text
from portal.web.citizen.reply import explained, identify_anew
from portal.web.frame import frame
from portal.web.guard import CITIZEN, Visit
from portal.web.routes import Page

page = Page("citizen.copies")


@page.route("/<lang>/<controller>/cases/<ref>/package/<int:n>", CITIZEN)
def package(visit: Visit, ref: str, n: int) -> Response:
    """The portability package as a file to keep."""
    turned_away = identify_anew(visit, ref)
    if turned_away:
        return turned_away
    return explained(visit, ref, lambda: _package(visit, ref, n))


def _package(visit: Visit, ref: str, n: int) -> Response:
    _demand_get()
    found = open_package(visit.office, visit.who, ref, n)
    note_heard(visit.office, visit.who, ref, n, downloaded=True, form=Form.PACKAGE)
    return _zip(found.name, found.pieces)


@page.route("/<lang>/<controller>/cases/<ref>/bundle", CITIZEN)
def bundle(visit: Visit, ref: str) -> Response:
    """The whole answer as one file, its audio as MP3, or as WAV by form=wav; any other form is absent."""
    form = {"mp3": Form.BUNDLE_MP3, "wav": Form.BUNDLE_WAV}.get(request.args.get("form", "mp3"))
    if form is None:
        raise Absent(ref)
    return identify_anew(visit, ref) or explained(visit, ref, lambda: _bundle(visit, ref, form))


def _bundle(visit: Visit, ref: str, form: Form) -> Response:
    _demand_get()
    found = open_bundle(visit.office, visit.who, ref, form)
    given = _zip(found.name, found.pieces)
    given.call_on_close(found.close)
    return given


def _zip(name: str, pieces: Iterator[bytes]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(pieces, mimetype="application/zip", headers=headers)


@page.route("/<lang>/<controller>/cases/<ref>/text/<int:n>", CITIZEN)
def text(visit: Visit, ref: str, n: int) -> Response:
    """The call in words as a file to keep."""
    turned_away = identify_anew(visit, ref)
    if turned_away:
        return turned_away
    return explained(visit, ref, lambda: _text(visit, ref, n))


def _text(visit: Visit, ref: str, n: int) -> Response:
    _demand_get()
    found = open_text(visit.office, visit.who, ref, n)
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"', "Cache-Control": "no-store"}
    return Response(found.data, content_type="text/plain; charset=utf-8", headers=headers)


def _demand_get() -> None:
    """What is made while it is sent has no head to look at first; asking for one is no download."""
    if request.method != "GET":
        abort(405)


@page.route("/<lang>/<controller>/cases/<ref>/copy-kept", CITIZEN, methods=("GET", "POST"))
def kept(visit: Visit, ref: str) -> str | Response:
    """Ask once more, then erase: what is gone cannot be brought back."""
    turned_away = identify_anew(visit, ref)
    if turned_away:
        return turned_away
    if request.method == "POST":
        keep_copy(visit.office, visit.who, ref)
        return redirect(visit.url("citizen.reply.show", ref=ref), 303)
    if not waits_for_copy(visit.office, visit.who, ref):
        return redirect(visit.url("citizen.reply.show", ref=ref), 303)
    mine = lists.my_case(visit.office, visit.who, ref)
    return render_template("citizen/copies/kept.html", mine=mine, **frame(visit))
