"""The table of retention periods: which came into force when, and who agreed to the ones that shorten retention."""

from sqlalchemy import CheckConstraint, Column, Integer, String

from portal.store.schema import table
from portal.store.types import Instant

# A row without `since` waits for its second person. A row without `author` came from the register file by itself.
retention_rule = table(
    "retention_rule",
    Column("register", String(40), primary_key=True),
    Column("recording_class", String(24), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("period", String(16), nullable=False),
    Column("written_at", Instant, nullable=False),
    Column("author", String(32)),
    Column("approver", String(32)),
    Column("since", Instant),
    CheckConstraint("approver IS NULL OR (author IS NOT NULL AND approver <> author)", name="two_people"),
    CheckConstraint("author IS NULL OR (since IS NULL) = (approver IS NULL)", name="agreed"),
    CheckConstraint("author IS NOT NULL OR since IS NOT NULL", name="proposed_by"),
)
