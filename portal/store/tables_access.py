"""The tables of those who come in: sign-ins, sessions, drafts, staff accounts, and feedback without signing in."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, LargeBinary, String

from portal.store.schema import personal, table
from portal.store.types import Instant, Json

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
    Column(
        "sealed",
        LargeBinary,
        nullable=False,
        info=personal("identity until the first request, kind of browser, a form that waits", "session"),
    ),
    Column("provider_key", String(64)),
    Index("ix_login_session_subject", "subject"),
    Index("ix_login_session_ends", "ends_at"),
    Index("ix_login_session_provider", "provider_key"),
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
    Column("compromised_at", Instant),
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

feedback = table(
    "feedback",
    Column("id", String(32), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("answered_at", Instant),
    Column("sealed", LargeBinary, nullable=False, info=personal("accessibility feedback and where to reply",
                                                                "feedback")),
    Index("ix_feedback_register", "register", "due_on"),
)  # fmt: skip
