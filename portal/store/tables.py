"""The tables. A column that holds personal data says so with `info=personal(purpose, retention)`.

Sealed columns (LargeBinary named *_sealed or body/label) are encrypted before they come here; tokens and keys are
keyed digests. The data map is made from these marks.
"""

from typing import Any

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
    MetaData,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    text,
)  # fmt: skip

from portal.store.types import Instant, Json

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

STATES = ("received", "in_hand", "asked", "for_approval", "approved", "answered", "closed", "withdrawn")


def personal(purpose: str, kept: str) -> dict[str, str]:
    """Why a personal column exists and which retention class ends it."""
    return {"purpose": purpose, "kept": kept}


def table(name: str, *parts: Any, **options: Any) -> Table:
    return Table(name, metadata, *parts, sqlite_strict=True, **options)


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
    CheckConstraint("state IN ('" + "','".join(STATES) + "')", name="state"),
    CheckConstraint("(done_at IS NULL) = (state NOT IN ('answered','closed','withdrawn'))", name="done"),
    UniqueConstraint("register", "ref"),
    UniqueConstraint("submission"),
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
    Index("ix_document_case", "case_id"),
)

delivery = table(
    "delivery",
    Column("case_id", String(32), ForeignKey("cases.id"), primary_key=True),
    Column("recording", String(32), primary_key=True),
    Column("person", String(32), nullable=False),
    Column("vault_object", String(64)),
    Column("sha256", String(64)),
    Column("size", BigInteger),
    Column("available_until", Date, nullable=False),
)

pending_login = table(
    "pending_login",
    Column("key", String(64), primary_key=True),
    Column("session", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_pending_login_session", "session"),
)

login_session = table(
    "login_session",
    Column("key", String(64), primary_key=True),
    Column("face", String(8), nullable=False),
    Column("subject", String(40), info=personal("whose session it is", "session")),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("auth_at", Instant),
    Column("sealed", LargeBinary, nullable=False, info=personal("identity until the first request", "session")),
    Index("ix_login_session_subject", "subject"),
    Index("ix_login_session_ends", "ends_at"),
)

draft = table(
    "draft",
    Column("owner", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False, info=personal("what was typed, until it is sent", "a day")),
    Column("saved_at", Instant, nullable=False),
)

staff = table(
    "staff",
    Column("id", String(32), primary_key=True),
    Column("login", String(80), nullable=False, unique=True, info=personal("staff account", "account")),
    Column("name", String(80), nullable=False, info=personal("shown to colleagues and in decisions", "account")),
    Column("title", String(80), nullable=False),
    Column("password", String(200)),
    Column("password_at", Instant),
    Column("factor_sealed", LargeBinary),
    Column("factor_step", BigInteger),
    Column("recovery", Json, nullable=False),
    Column("committed_at", Instant),
    Column("disabled_at", Instant),
    Column("failures", Integer, nullable=False),
    Column("wait_until", Instant),
    Column("created_at", Instant, nullable=False),
)

staff_role = table(
    "staff_role",
    Column("staff", String(32), ForeignKey("staff.id"), primary_key=True),
    Column("register", String(40), primary_key=True),
    Column("role", String(16), primary_key=True),
)

staff_link = table(
    "staff_link",
    Column("key", String(64), primary_key=True),
    Column("staff", String(32), ForeignKey("staff.id"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)
