"""Whether a register is fit to serve: rules V1-V19, each finding with its file, key and reason.

A gap is a place where the notice is silent and a lawful default stands. In a demonstration it is a warning; in
production an error until the controller has confirmed it (`[confirmed_on]` in the file). Some rules are kept by
construction and have nothing to find: no key switches off a right (V6) or the automatic hold (V9).
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from portal.domain.register import CUSTOMER_SERVICE, Contact, Register
from portal.domain.rights import Right, rights_by_law
from portal.domain.words import Language

ERROR = "error"
WARNING = "warning"

# The shortest month: a service target beyond it could be later than the statutory date (V10).
_SHORTEST_MONTH = 28
_LONGEST_HOLD_REVIEW = 90
_COMPLAINT_STALE = timedelta(days=183)
_COMPLAINT_EXPIRED = timedelta(days=365)

_MARKERS = ("(gap)", "TODO", "FIXME", "???")
# A functional mailbox has one of these in its local part; a person's has a first name and a surname (V8).
_FUNCTIONAL = frozenset({"tietosuoja", "kirjaamo", "dataskydd", "registratorskontor", "privacy", "dpo", "info",
                         "asiakaspalvelu", "neuvonta", "potilasrekisteri", "registry"})  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One breach of a rule: `key` is the key in `file`, `severity` is error or warning."""

    file: Path
    key: str
    rule: str
    reason: str
    severity: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.file}: {self.key}: {self.reason} ({self.rule})"


@dataclass(frozen=True)
class Texts:
    """What V14, V17 and V18 need to know of the template set.

    `missing` gives the templates a language lacks, `unapproved` names the texts marked for legal review that lack an
    approval, `with_identity_code` the templates with a placeholder for the identity code.
    """

    missing: Callable[[Language], Collection[str]]
    unapproved: Collection[str] = ()
    with_identity_code: Collection[str] = ()


def check(
    register: Register,
    *,
    production: bool,
    today: date,
    path: Path,
    classes_in_use: Collection[str] = (CUSTOMER_SERVICE,),
    texts: Texts | None = None,
) -> list[Finding]:
    """Every breach of V1-V19 in the register, errors first; empty when there is none.

    `classes_in_use` are the classes of the recordings at hand. Without `texts`, V14, V17 and V18 are not looked at.
    """
    strict = ERROR if production else WARNING
    found: list[tuple[str, str, str, str]] = [
        *_v1_classes(register, classes_in_use),
        *_v2_gaps(register, strict),
        *_v3_longer_retention(register),
        *_v4_fee(register),
        *_v5_delivery(register),
        *_v7_old_law(register),
        *_v8_roles(register),
        *_v9_hold(register),
        *_v10_target(register),
        *_v11_v12_remedies(register),
        *_v13_complaint(register, today, strict),
        *_v15_bases(register),
        *_v16_channels(register),
        *_v19_succession(register, today),
        *(_v14_v17_v18_texts(register, texts, production) if texts else ()),
    ]
    findings = [Finding(path, key, rule, reason, severity) for rule, key, reason, severity in found]
    return sorted(findings, key=lambda finding: finding.severity != ERROR)


def as_listing(register: Register) -> dict[str, object]:
    """The register as `flask registers list --json` shows it: plain JSON values."""
    return {
        "id": register.id,
        "version": register.version,
        "name": register.name.fi,
        "controller": register.controller.name.fi,
        "sector": str(register.controller.sector),
        "retention": {rule.recording_class: rule.period for rule in register.retention},
        "retention_longest": {r.recording_class: r.longest for r in register.retention if r.longest},
        "legal_bases": sorted({str(basis) for purpose in register.purposes for basis in purpose.bases}),
        "rights": sorted(str(right) for right in rights_by_law(register)),
        "languages": [str(language) for language in register.languages],
        "delivery": [delivery.manner for delivery in register.delivery],
        "service_target_days": register.service_target_days,
        "notice_law": register.notice.law,
        "gaps": sorted(open_gaps(register)),
    }


def open_gaps(register: Register) -> dict[str, str]:
    """The gaps nobody has confirmed yet: key and why."""
    return {
        key: origin.removeprefix("gap: ")
        for key, origin in register.clauses.items()
        if origin.startswith("gap: ") and key not in register.confirmed_on
    }


_Found = Iterator[tuple[str, str, str, str]]


def _v1_classes(register: Register, in_use: Iterable[str]) -> _Found:
    known = {rule.recording_class for rule in register.retention}
    for name in sorted({CUSTOMER_SERVICE, *in_use} - known):
        yield "V1", f"retention.{name}", "recordings of this class have no retention rule", ERROR


def _v2_gaps(register: Register, strict: str) -> _Found:
    for key, why in open_gaps(register).items():
        yield "V2", key, f"the controller has not confirmed this gap: {why}", strict
    for text in _every_text(register):
        if any(marker in text for marker in _MARKERS):
            yield "V2", "", f"an unfinished text is left: {text!r}", ERROR


def _v3_longer_retention(register: Register) -> _Found:
    for rule in register.retention:
        parts = {"longest": rule.longest, "reasons": rule.reasons, "approver_role": rule.approver_role}
        lacking = [name for name, value in parts.items() if not value]
        if len(lacking) < len(parts) and lacking:
            key = f"retention.{rule.recording_class}.{lacking[0]}"
            yield "V3", key, "a longer retention needs a maximum, reasons and an approver's role", ERROR


def _v4_fee(register: Register) -> _Found:
    fee = register.fee
    if fee.mode not in ("never", "exceptional"):
        yield "V4", "fee.mode", f"is {fee.mode!r}; a fee is charged never or exceptionally (art. 12(5))", ERROR
    elif fee.mode == "exceptional" and not fee.prior_notice_days:
        yield "V4", "fee.prior_notice_days", "an exceptional fee is announced first: say how many days", ERROR


def _v5_delivery(register: Register) -> _Found:
    if not {delivery.manner for delivery in register.delivery} - {"on_site"}:
        yield "V5", "delivery", "listening on site is no substitute for a copy (art. 15(3))", ERROR


def _v7_old_law(register: Register) -> _Found:
    if register.notice.law == "HETIL" and not register.notice.mapping_note:
        yield "V7", "notice.mapping_note", "the notice cites act 523/1999: say how it maps to the regulation", ERROR


def _v8_roles(register: Register) -> _Found:
    for key in ("contact", "dpo", "requests_to"):
        contact: Contact = getattr(register, key)
        if any(_looks_like_a_person(contact.role[language], register) for language in Language):
            yield "V8", f"{key}.role", "looks like a person's name; contacts are roles", ERROR
        if contact.email and not _is_functional(contact.email):
            yield "V8", f"{key}.email", "looks like a person's mailbox; give a functional address", ERROR


def _v9_hold(register: Register) -> _Found:
    if register.hold_review_days > _LONGEST_HOLD_REVIEW:
        yield "V9", "hold.review_days", f"a hold is looked at again within {_LONGEST_HOLD_REVIEW} days", ERROR


def _v10_target(register: Register) -> _Found:
    days = register.service_target_days
    if days is not None and days > _SHORTEST_MONTH:
        yield "V10", "service_target.days", f"exceeds {_SHORTEST_MONTH}, the shortest month", ERROR


def _v11_v12_remedies(register: Register) -> _Found:
    public = register.controller.sector.public
    if public and register.appeal is None:
        yield "V11", "appeal", "a public controller encloses appeal instructions", ERROR
    if not public and register.appeal is not None:
        yield "V11", "appeal", "a private controller's letter names no administrative court", ERROR
    if public and not register.openness_act:
        yield "V12", "openness_act.applies", "act 621/1999 applies to every public controller", ERROR


def _v13_complaint(register: Register, today: date, strict: str) -> _Found:
    age = today - register.complaint.checked_on
    if age > _COMPLAINT_EXPIRED:
        yield "V13", "complaint.checked_on", "the authority's contact block was checked over 12 months ago", strict
    elif age > _COMPLAINT_STALE:
        yield "V13", "complaint.checked_on", "the authority's contact block was checked over 6 months ago", WARNING


def _v15_bases(register: Register) -> _Found:
    for purpose in register.purposes:
        if not purpose.bases:
            yield "V15", f"purposes.{purpose.code}.bases", "a purpose needs a legal basis (art. 6(1))", ERROR
    if not register.purposes:
        yield "V15", "purposes", "a register needs a purpose", ERROR
    for right in sorted(register.rights_in_notice - set(rights_by_law(register))):
        if not _has_note(register, right):
            yield "V15", f"notes.{right}", "the notice lists this right, the law does not: say how it is met", ERROR


def _v16_channels(register: Register) -> _Found:
    if not {"paper", "on_site"} & set(register.channels):
        yield "V16", "channels.values", "a request must also reach the controller on paper or on site", ERROR


def _v19_succession(register: Register, today: date) -> _Found:
    controller = register.controller
    if controller.valid_to is None or controller.valid_to >= today:
        return
    if controller.successor is None:
        yield "V19", "controller.successor", f"the controller ended on {controller.valid_to}: name its successor", ERROR
    else:
        reason = f"the controller ended on {controller.valid_to}; its successor's notice should replace this one"
        yield "V19", "controller.valid_to", reason, WARNING


def _v14_v17_v18_texts(register: Register, texts: Texts, production: bool) -> _Found:
    for language in register.required_languages:
        for name in texts.missing(language):
            yield "V14", "required_languages", f"{name} is missing in {language}", ERROR
    for name in texts.unapproved if production else ():
        yield "V17", name, "lacks the approver's role, the date or the hash of the approved text", ERROR
    for name in texts.with_identity_code:
        yield "V18", name, "has a placeholder for the identity code", ERROR


def _has_note(register: Register, right: Right) -> bool:
    try:
        return bool(register.note(right))
    except KeyError:
        return False


def _looks_like_a_person(role: str, register: Register) -> bool:
    """A capital letter after the first word that is not part of the controller's own name: sentence case has none."""
    own = {word for language in Language for word in _words(register.controller.name[language])}
    own |= {word for line in register.controller.address for word in _words(line)}
    return any(word[0].isupper() and not word.isupper() and word not in own for word in _words(role)[1:])


def _is_functional(email: str) -> bool:
    local = email.partition("@")[0].casefold()
    return bool(_FUNCTIONAL & set(re.split(r"[._-]", local)))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def _every_text(value: object) -> Iterator[str]:
    """Every text within a dataclass, however deep."""
    if isinstance(value, str):
        yield value
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _every_text(getattr(value, name))
    elif isinstance(value, tuple | frozenset):
        for item in value:
            yield from _every_text(item)
