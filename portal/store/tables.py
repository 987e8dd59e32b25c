"""The tables. A column that holds personal data says so with `info=personal(purpose, retention)`.

Sealed columns (LargeBinary named *_sealed or body/label) are encrypted before they come here; tokens and keys are
keyed digests. The data map is made from these marks.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    false,
    text,
)  # fmt: skip

from portal.store import tables_duties as tables_duties
from portal.store.schema import metadata as metadata
from portal.store.schema import personal, table
from portal.store.tables_access import draft as draft
from portal.store.tables_access import feedback as feedback
from portal.store.tables_access import login_session as login_session
from portal.store.tables_access import pending_login as pending_login
from portal.store.tables_access import staff as staff
from portal.store.tables_access import staff_link as staff_link
from portal.store.tables_access import staff_role as staff_role
from portal.store.tables_acting import attachment as attachment
from portal.store.tables_acting import identity_code as identity_code
from portal.store.tables_credentials import passkey as passkey
from portal.store.tables_credentials import past_password as past_password
from portal.store.tables_credentials import throttle as throttle
from portal.store.tables_delivery import delivery as delivery
from portal.store.tables_dossier import match_dossier as match_dossier
from portal.store.tables_federation import organisation_account as organisation_account
from portal.store.tables_federation import organisation_logout as organisation_logout
from portal.store.tables_listeners import asking as asking
from portal.store.tables_listeners import recorder_name as recorder_name
from portal.store.tables_listeners import supervision as supervision
from portal.store.tables_numbers import number_code as number_code
from portal.store.tables_numbers import number_proof as number_proof
from portal.store.tables_numbers import number_sent as number_sent
from portal.store.tables_numbers import number_text as number_text
from portal.store.tables_redaction import redaction as redaction
from portal.store.tables_retention import retention_rule as retention_rule
from portal.store.tables_saml import arrival as arrival
from portal.store.tables_sources import source_state as source_state
from portal.store.tables_station import visit_session as visit_session
from portal.store.tables_transcript import transcript as transcript
from portal.store.tables_visits import appointment as appointment
from portal.store.tables_visits import visit_place as visit_place
from portal.store.tables_visits import visit_slot as visit_slot
from portal.store.types import Instant, Json

STATES = ("received", "in_hand", "asked", "for_approval", "approved", "answered", "closed", "withdrawn")

OUTCOMES = ("granted", "partly", "refused", "no_recording", "no_reply", "other_controller")


person = table(
    "person",
    Column("id", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("lookup", String(64), nullable=False, info=personal("the same person returning", "case file")),
    Column("data_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False, info=personal("identification of the applicant", "case file")),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("register", "lookup"),
)

cases = table(
    "cases",
    Column("id", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("ref", String(20), nullable=False),
    Column("submission", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("language", String(2), nullable=False),
    Column("person", String(32), ForeignKey("person.id"), nullable=False),
    Column("handler", String(32)),
    Column("received_at", Instant, nullable=False),
    Column("due_on", Date),
    Column("internal_due", Date, nullable=False),
    Column("clock", String(12), nullable=False),
    Column("expires_on", Date),
    Column("keeping", String(12), nullable=False),
    Column("sort_on", Date, nullable=False),
    Column("done_at", Instant),
    Column("event_seq", Integer, nullable=False),
    Column("data_key", LargeBinary, nullable=False),
    Column("label", LargeBinary, nullable=False, info=personal("name in the queue", "case file")),
    Column("body", LargeBinary, nullable=False, info=personal("the request and its handling", "case file")),
    Column("author", String(32)),
    Column("approver", String(32)),
    Column("second", Boolean, nullable=False, server_default=false()),
    CheckConstraint("state IN ('" + "','".join(STATES) + "')", name="state"),
    CheckConstraint("(done_at IS NULL) = (state NOT IN ('answered','closed','withdrawn'))", name="done"),
    UniqueConstraint("register", "ref"),
    UniqueConstraint("submission"),
    CheckConstraint("approver IS NULL OR (author IS NOT NULL AND approver <> author)", name="two_people"),
    CheckConstraint(
        "NOT second OR approver IS NOT NULL OR state NOT IN ('approved','answered','closed')", name="second_person"
    ),
    Index("ix_cases_queue", "register", "sort_on", "id", sqlite_where=text("done_at IS NULL"),
          postgresql_where=text("done_at IS NULL")),
    Index("ix_cases_state", "register", "state", "sort_on", "id", sqlite_where=text("done_at IS NULL"),
          postgresql_where=text("done_at IS NULL")),
    Index("ix_cases_mine", "handler", "sort_on", "id", sqlite_where=text("done_at IS NULL"),
          postgresql_where=text("done_at IS NULL")),
    Index("ix_cases_archive", "register", "state", "done_at", "id"),
    Index("ix_cases_figures", "register", "state", "keeping", "handler", sqlite_where=text("done_at IS NULL"),
          postgresql_where=text("done_at IS NULL")),
    Index("ix_cases_person", "person"),
)  # fmt: skip

# A sealed text of no length is the 31 bytes of its seal: an empty reason is none.
decision_item = table(
    "decision_item",
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("item", SmallInteger, primary_key=True),
    Column("outcome", String(16), nullable=False),
    Column("ground", String(12)),
    Column("facts", LargeBinary, info=personal("the reasons of a refusal (art. 12(4))", "case file")),
    Column("assessment", LargeBinary, info=personal("the reasons of a refusal (art. 12(4))", "case file")),
    CheckConstraint("outcome IN ('" + "','".join(OUTCOMES) + "')", name="outcome"),
    CheckConstraint(
        "outcome NOT IN ('refused','partly','no_reply') OR (ground IS NOT NULL AND facts IS NOT NULL"
        " AND assessment IS NOT NULL)",
        name="reasons",
    ),
    CheckConstraint("ground <> '' AND length(facts) > 31 AND length(assessment) > 31", name="not_empty"),
)

act = table(
    "act",
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("n", SmallInteger, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("author", String(32), nullable=False),
    Column("approver", String(32)),
    CheckConstraint("kind IN ('fee','lifting','hold_release')", name="kind"),
    CheckConstraint("approver <> author", name="two_people"),
)

counter = table(
    "counter",
    Column("register", String(40), primary_key=True),
    Column("year", SmallInteger, primary_key=True),
    Column("value", Integer, nullable=False),
)

search_token = table(
    "search_token",
    Column("register", String(40), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("token", String(32), primary_key=True, info=personal("finding a case by name or number", "case file")),
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    sqlite_with_rowid=False,
)

audit = table(
    "audit",
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("chain", String(60), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_kind", String(8), nullable=False),
    Column("actor", String(40), nullable=False),
    Column("register", String(40), nullable=False),
    Column("action", String(40), nullable=False),
    Column("object", String(64), nullable=False),
    Column("payload_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("chain", "seq"),
    Index("ix_audit_register", "register", "id"),
)

audit_payload = table(
    "audit_payload",
    Column("chain", String(60), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False, info=personal("what happened in the case", "case file")),
)

job = table(
    "job",
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("task", String(40), nullable=False),
    Column("args", Json, nullable=False),
    Column("dedupe", String(120), nullable=False, unique=True),
    Column("run_at", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("starts", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    Column("last_error", String(60)),
    Column("done_at", Instant),
    CheckConstraint("state IN ('queued','done','dead')", name="state"),
    Index("ix_job_ready", "run_at", "id", sqlite_where=text("state = 'queued'"),
          postgresql_where=text("state = 'queued'")),
)  # fmt: skip

slot = table(
    "slot",
    Column("name", String(40), primary_key=True),
    Column("slot", String(20), primary_key=True),
)

recording = table(
    "recording",
    Column("id", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("source", String(40), nullable=False),
    Column("locator_key", String(64), nullable=False),
    Column("call_key", String(64), nullable=False),
    Column("start_ms", BigInteger, nullable=False),
    Column("end_ms", BigInteger, nullable=False),
    Column("purge_at", BigInteger, nullable=False),
    Column("caller_key", BigInteger, info=personal("matching a request with a call", "recording")),
    Column("other_key", BigInteger, info=personal("matching a request with a call-back", "recording")),
    Column("withheld", Boolean, nullable=False),
    Column("service", String(20)),
    Column("direction", String(3), nullable=False),
    Column("recording_class", String(24), nullable=False),
    Column("custody", String(12), nullable=False),
    Column("sealed", LargeBinary, nullable=False, info=personal("numbers, agent and place of the call", "recording")),
    Column("vault_object", String(64)),
    Column("sha256", String(64)),
    Column("size", BigInteger),
    Column("bars", Json),
    Column("state", SmallInteger, nullable=False),
    Column("hold_count", Integer, nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("source_held", Boolean, nullable=False, server_default=text("false")),
    Column("source_restricted", Boolean, nullable=False, server_default=text("false")),
    Column("lease", String(40)),
    Column("lease_until", BigInteger),
    CheckConstraint("hold_count >= 0", name="hold_count"),
    CheckConstraint("state BETWEEN 0 AND 3", name="state"),
    UniqueConstraint("source", "locator_key"),
    Index("ix_num", "register", "caller_key", "start_ms", sqlite_where=text("caller_key IS NOT NULL"),
          postgresql_where=text("caller_key IS NOT NULL")),
    Index("ix_other", "register", "other_key", "start_ms", sqlite_where=text("other_key IS NOT NULL"),
          postgresql_where=text("other_key IS NOT NULL")),
    Index("ix_svc", "register", "service", "start_ms"),
    Index("ix_call", "call_key"),
    Index("ix_purge", "register", "purge_at", sqlite_where=text("hold_count = 0 AND state = 0"),
          postgresql_where=text("hold_count = 0 AND state = 0")),
    Index("ix_source_hold", "source", sqlite_where=text("hold_count > 0"), postgresql_where=text("hold_count > 0")),
    *(Index(f"ix_{name}", "source", sqlite_where=text(name), postgresql_where=text(name))
      for name in ("source_held", "restricted", "source_restricted")),
)  # fmt: skip

hold = table(
    "hold",
    Column("id", String(32), primary_key=True),
    Column("recording", String(32), ForeignKey("recording.id"), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("placed_by", String(40), nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("review_on", Date, nullable=False),
    Column("released_at", Instant),
    Index("ix_hold_open", "recording", "reason", "case_id", unique=True, sqlite_where=text("released_at IS NULL"),
          postgresql_where=text("released_at IS NULL")),
    Index("ix_hold_case", "case_id"),
)  # fmt: skip

candidate = table(
    "candidate",
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("recording", String(32), primary_key=True),
    Column("call", SmallInteger, primary_key=True),
    Column("score", Float, nullable=False),
    Column("fit", String(10), nullable=False),
    Column("reasons", Json, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("note", String(200), nullable=False),
    Column("found_at", Instant, nullable=False),
    Index("ix_candidate_recording", "recording"),
)

statement = table(
    "statement",
    Column("recording", String(32), primary_key=True),
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("added_at", Instant, nullable=False),
    Column("sealed", LargeBinary, nullable=False, info=personal("correcting statement (art. 16)", "recording")),
)

tombstone = table(
    "tombstone",
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("register", String(40), nullable=False),
    Column("recording", String(32), nullable=False, unique=True),
    Column("locator_key", String(64), nullable=False),
    Column("sha256", String(64)),
    Column("size", BigInteger),
    Column("call_day", Date, nullable=False),
    Column("why", String(60), nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

harvest = table(
    "harvest",
    Column("source", String(40), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("cursor", Json, nullable=False),
    Column("harvested_at", Instant, nullable=False),
    Column("loaded", Integer, nullable=False),
)

import_refusal = table(
    "import_refusal",
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("register", String(40), nullable=False),
    Column("source", String(40), nullable=False),
    Column("file", String(200), nullable=False),
    Column("line", Integer, nullable=False),
    Column("code", String(40), nullable=False),
    Column("detail", String(200), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("source", "file", "line", "code"),
)

document = table(
    "document",
    Column("id", String(32), primary_key=True),
    Column("case_id", String(32), ForeignKey("cases.id"), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("language", String(2), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("template", String(64), nullable=False),
    Column("vault_object", String(64), nullable=False),
    Column("html", LargeBinary, nullable=False, info=personal("the letter as a page", "decision")),
    Column("issued_at", Instant, nullable=False),
    Column("posted_on", Date),
    Column("code", String(16)),
    Column("dispatch", String(8)),
    Column("returned_on", Date),
    Column("recipient", LargeBinary, info=personal("the address printed in the letter's window", "decision")),
    Index("ix_document_case", "case_id"),
    Index("ix_document_code", "code", unique=True),
    Index("ix_document_sha256", "sha256"),
    Index("ix_document_to_post", "dispatch", sqlite_where=text("posted_on IS NULL AND dispatch IS NOT NULL"),
          postgresql_where=text("posted_on IS NULL AND dispatch IS NOT NULL")),
)  # fmt: skip

print_batch = table(
    "print_batch",
    Column("id", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", String(32), nullable=False),
    Column("letters", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("vault_object", String(64)),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("posted_on", Date),
    Column("dropped_at", Instant),
    CheckConstraint("posted_on IS NULL OR dropped_at IS NULL", name="ended_once"),
    UniqueConstraint("register", "number"),
)

print_batch_item = table(
    "print_batch_item",
    Column("batch", String(32), ForeignKey("print_batch.id"), primary_key=True),
    Column("place", SmallInteger, primary_key=True),
    Column("document", String(32), ForeignKey("document.id"), nullable=False),
    Column("case_id", String(32), ForeignKey("cases.id"), nullable=False),
    Column("ref", String(20), nullable=False),
    Column("code", String(16)),
    Column("pages", SmallInteger, nullable=False),
    Column("cover", Boolean, nullable=False),
    Index("ix_print_batch_item_document", "document"),
)
