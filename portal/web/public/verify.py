"""Is a letter genuine? Anyone may type its code, follow its square, or give the file; nothing personal is told."""

from flask import Response, jsonify, render_template, request
from wtforms import FileField, StringField

from portal.domain.decisions import NOTICE_KINDS, LetterKind
from portal.domain.letter_code import read_code
from portal.services.verify_letter import LARGEST, Verified, verify_letter
from portal.web.fields import PortalForm, page_errors
from portal.web.frame import frame
from portal.web.guard import PUBLIC, Visit
from portal.web.language import lazy_gettext as _
from portal.web.routes import Page

page = Page("public.verify")


class VerifyForm(PortalForm):
    """A code, a file, or both."""

    code = StringField(_("Kirjeen tunnus"))
    file = FileField(_("Kirje PDF-tiedostona"))
    pdf: bytes | None = None

    def validate(self, extra_validators: object = None) -> bool:
        """Something was given, the code can be read and the file is not too large."""
        sent = self.file.data if getattr(self.file.data, "filename", "") else None
        self.pdf = sent.stream.read(LARGEST + 1) if sent else None
        if self.pdf and len(self.pdf) > LARGEST:
            self.file.errors = [_("Tiedosto on liian suuri. Kirje on enintään 10 Mt")]
        elif (self.code.data or "").strip() and read_code(self.code.data or "") is None:
            self.code.errors = [_("Tunnus on väärin. Tarkista se kirjeen ensimmäisen sivun alareunasta")]
        elif not self.pdf and not (self.code.data or "").strip():
            self.code.errors = [_("Kirjoita tunnus tai valitse tiedosto")]
        return not self.errors


@page.route("/<lang>/letter", PUBLIC, methods=("GET", "POST"))
def check(visit: Visit) -> tuple[str, int]:
    """The form, and its answer. A POST, so that neither code nor file is in an address."""
    form = VerifyForm(visit.office.today())
    if request.method == "GET":
        return _shown(visit, form), 200
    if not form.validate():
        return _shown(visit, form, page_errors=page_errors(form)), 422
    return _shown(visit, form, found=verify_letter(visit.office, form.code.data or "", form.pdf)), 200


@page.route("/manifest-keys.json", PUBLIC)
def keys(visit: Visit) -> Response:
    """The public keys by which the manifest of an answer given as one file is verified, earlier ones too (JWK set)."""
    return jsonify(visit.office.manifests.public_keys())


@page.route("/<lang>/letter/<code>", PUBLIC)
def scanned(visit: Visit, code: str) -> str:
    """Where the letter's own square leads."""
    form = VerifyForm(visit.office.today(), data={"code": read_code(code) or ""})
    return _shown(visit, form, found=verify_letter(visit.office, code, None))


def _shown(visit: Visit, form: VerifyForm, found: Verified | None = None, **values: object) -> str:
    issuer = visit.office.registers[found.register].controller.name[visit.language] if found and found.register else ""
    is_notice = bool(found and found.kind) and LetterKind(found.kind if found else "") in NOTICE_KINDS
    shown = {"form": form, "found": found, "issuer": issuer, "is_notice": is_notice}
    return render_template("public/verify/check.html", **shown, **values, **frame(visit))
