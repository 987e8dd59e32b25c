"""The first schema."""

import sqlalchemy as sa
from alembic import op

from portal.store.types import Instant, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for make in _TABLES.values():
        make()


def downgrade() -> None:
    for name in reversed(_TABLES):
        op.drop_table(name)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("chain", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor_kind", sa.String(length=8), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("object", sa.String(length=64), nullable=False),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("chain", "seq", name=op.f("uq_audit_chain_seq")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_register", "audit", ["register", "id"], unique=False)


def _audit_payload() -> None:
    op.create_table(
        "audit_payload",
        sa.Column("chain", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name=op.f("pk_audit_payload")),
        sqlite_strict=True,
    )


def _counter() -> None:
    op.create_table(
        "counter",
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("register", "year", name=op.f("pk_counter")),
        sqlite_strict=True,
    )


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "kind", "key", name=op.f("pk_draft")),
        sqlite_strict=True,
    )


def _harvest() -> None:
    op.create_table(
        "harvest",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("cursor", Json(), nullable=False),
        sa.Column("harvested_at", Instant(), nullable=False),
        sa.Column("loaded", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_harvest")),
        sqlite_strict=True,
    )


def _import_refusal() -> None:
    op.create_table(
        "import_refusal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_refusal")),
        sa.UniqueConstraint("source", "file", "line", "code", name=op.f("uq_import_refusal_source_file_line_code")),
        sqlite_strict=True,
    )


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("args", Json(), nullable=False),
        sa.Column("dedupe", sa.String(length=120), nullable=False),
        sa.Column("run_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=60), nullable=True),
        sa.Column("done_at", Instant(), nullable=True),
        sa.CheckConstraint("state IN ('queued','done','dead')", name=op.f("ck_job_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_job_dedupe")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_job_ready",
        "job",
        ["run_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )


def _login_session() -> None:
    op.create_table(
        "login_session",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("face", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("auth_at", Instant(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_session")),
        sqlite_strict=True,
    )
    op.create_index("ix_login_session_ends", "login_session", ["ends_at"], unique=False)
    op.create_index("ix_login_session_subject", "login_session", ["subject"], unique=False)


def _pending_login() -> None:
    op.create_table(
        "pending_login",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_pending_login")),
        sqlite_strict=True,
    )
    op.create_index("ix_pending_login_session", "pending_login", ["session"], unique=False)


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("register", "lookup", name=op.f("uq_person_register_lookup")),
        sqlite_strict=True,
    )


def _recording() -> None:
    op.create_table(
        "recording",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("locator_key", sa.String(length=64), nullable=False),
        sa.Column("call_key", sa.String(length=64), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_ms", sa.BigInteger(), nullable=False),
        sa.Column("purge_at", sa.BigInteger(), nullable=False),
        sa.Column("caller_key", sa.BigInteger(), nullable=True),
        sa.Column("other_key", sa.BigInteger(), nullable=True),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=True),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("recording_class", sa.String(length=24), nullable=False),
        sa.Column("custody", sa.String(length=12), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("vault_object", sa.String(length=64), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("bars", Json(), nullable=True),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("hold_count", sa.Integer(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("lease", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("hold_count >= 0", name=op.f("ck_recording_hold_count")),
        sa.CheckConstraint("state BETWEEN 0 AND 3", name=op.f("ck_recording_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint("source", "locator_key", name=op.f("uq_recording_source_locator_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_call", "recording", ["call_key"], unique=False)
    op.create_index(
        "ix_num",
        "recording",
        ["register", "caller_key", "start_ms"],
        unique=False,
        sqlite_where=sa.text("caller_key IS NOT NULL"),
        postgresql_where=sa.text("caller_key IS NOT NULL"),
    )
    op.create_index(
        "ix_other",
        "recording",
        ["register", "other_key", "start_ms"],
        unique=False,
        sqlite_where=sa.text("other_key IS NOT NULL"),
        postgresql_where=sa.text("other_key IS NOT NULL"),
    )
    op.create_index(
        "ix_purge",
        "recording",
        ["register", "purge_at"],
        unique=False,
        sqlite_where=sa.text("hold_count = 0 AND state = 0"),
        postgresql_where=sa.text("hold_count = 0 AND state = 0"),
    )
    op.create_index("ix_svc", "recording", ["register", "service", "start_ms"], unique=False)


def _slot() -> None:
    op.create_table(
        "slot",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("name", "slot", name=op.f("pk_slot")),
        sqlite_strict=True,
    )


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("password_at", Instant(), nullable=True),
        sa.Column("factor_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("factor_step", sa.BigInteger(), nullable=True),
        sa.Column("recovery", Json(), nullable=False),
        sa.Column("committed_at", Instant(), nullable=True),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("wait_until", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
        sqlite_strict=True,
    )


def _tombstone() -> None:
    op.create_table(
        "tombstone",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("locator_key", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("call_day", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=60), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone")),
        sa.UniqueConstraint("recording", name=op.f("uq_tombstone_recording")),
        sqlite_strict=True,
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("handler", sa.String(length=32), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("internal_due", sa.Date(), nullable=False),
        sa.Column("clock", sa.String(length=12), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("keeping", sa.String(length=12), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(done_at IS NULL) = (state NOT IN ('answered','closed','withdrawn'))", name=op.f("ck_cases_done")
        ),
        sa.CheckConstraint(
            "state IN ('received','in_hand','asked','for_approval','approved','answered','closed','withdrawn')",
            name=op.f("ck_cases_state"),
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_cases_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("register", "ref", name=op.f("uq_cases_register_ref")),
        sa.UniqueConstraint("submission", name=op.f("uq_cases_submission")),
        sqlite_strict=True,
    )
    op.create_index("ix_cases_archive", "cases", ["register", "state", "done_at", "id"], unique=False)
    op.create_index(
        "ix_cases_figures",
        "cases",
        ["register", "state", "keeping", "handler"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_cases_mine",
        "cases",
        ["handler", "sort_on", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index("ix_cases_person", "cases", ["person"], unique=False)
    op.create_index(
        "ix_cases_queue",
        "cases",
        ["register", "sort_on", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "ix_cases_state",
        "cases",
        ["register", "state", "sort_on", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )


def _hold() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("placed_by", sa.String(length=40), nullable=False),
        sa.Column("placed_at", Instant(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("released_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["recording"], ["recording.id"], name=op.f("fk_hold_recording")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sqlite_strict=True,
    )
    op.create_index("ix_hold_case", "hold", ["case_id"], unique=False)
    op.create_index(
        "ix_hold_open",
        "hold",
        ["recording", "reason", "case_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )


def _staff_link() -> None:
    op.create_table(
        "staff_link",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_staff_link_staff")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_staff_link")),
        sqlite_strict=True,
    )


def _staff_role() -> None:
    op.create_table(
        "staff_role",
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_staff_role_staff")),
        sa.PrimaryKeyConstraint("staff", "register", "role", name=op.f("pk_staff_role")),
        sqlite_strict=True,
    )


def _candidate() -> None:
    op.create_table(
        "candidate",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("call", sa.SmallInteger(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("fit", sa.String(length=10), nullable=False),
        sa.Column("reasons", Json(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_candidate_case_id")),
        sa.PrimaryKeyConstraint("case_id", "recording", "call", name=op.f("pk_candidate")),
        sqlite_strict=True,
    )
    op.create_index("ix_candidate_recording", "candidate", ["recording"], unique=False)


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("vault_object", sa.String(length=64), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("available_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_delivery_case_id")),
        sa.PrimaryKeyConstraint("case_id", "recording", name=op.f("pk_delivery")),
        sqlite_strict=True,
    )


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("vault_object", sa.String(length=64), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_document_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sqlite_strict=True,
    )
    op.create_index("ix_document_case", "document", ["case_id"], unique=False)


def _search_token() -> None:
    op.create_table(
        "search_token",
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_search_token_case_id")),
        sa.PrimaryKeyConstraint("register", "kind", "token", "case_id", name=op.f("pk_search_token")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _statement() -> None:
    op.create_table(
        "statement",
        sa.Column("recording", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_statement_case_id")),
        sa.PrimaryKeyConstraint("recording", "case_id", name=op.f("pk_statement")),
        sqlite_strict=True,
    )


# in an order in which every table finds those that it refers to
_TABLES = {
    "audit": _audit,
    "audit_payload": _audit_payload,
    "counter": _counter,
    "draft": _draft,
    "harvest": _harvest,
    "import_refusal": _import_refusal,
    "job": _job,
    "login_session": _login_session,
    "pending_login": _pending_login,
    "person": _person,
    "recording": _recording,
    "slot": _slot,
    "staff": _staff,
    "tombstone": _tombstone,
    "cases": _cases,
    "hold": _hold,
    "staff_link": _staff_link,
    "staff_role": _staff_role,
    "candidate": _candidate,
    "delivery": _delivery,
    "document": _document,
    "search_token": _search_token,
    "statement": _statement,
}
