"""What the database itself refuses, on both databases: changes of the audit trail, a state without its event, and
what one person alone may not do: refuse, give a recording away, shorten retention (the tables' checks add that no
author approves).

Alembic's batch mode drops a table's triggers on SQLite without a word, so `ensure_triggers` runs after every upgrade
and `missing_triggers` is asked at start and by `flask audit verify`.
"""

from sqlalchemy import Connection, text

_APPEND_ONLY = ("audit", "tombstone", "erasure_confirmation")

_SIGNED = "('approved','answered','closed')"
_DECIDED = "('for_approval','approved','answered')"
_REFUSES = "('refused','partly','no_reply')"

_SQLITE = {
    **{
        f"{table}_{verb}": f"""CREATE TRIGGER {table}_{verb} BEFORE {verb.upper()} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
        for table in _APPEND_ONLY
        for verb in ("update", "delete")
    },
    # INSERT OR REPLACE would overwrite a row without firing the delete trigger
    "audit_replace": """CREATE TRIGGER audit_replace BEFORE INSERT ON audit
        WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id OR (chain = NEW.chain AND seq = NEW.seq))
        BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END""",
    "tombstone_replace": """CREATE TRIGGER tombstone_replace BEFORE INSERT ON tombstone
        WHEN EXISTS (SELECT 1 FROM tombstone WHERE id = NEW.id OR recording = NEW.recording)
        BEGIN SELECT RAISE(ABORT, 'tombstone is append-only'); END""",
    "erasure_confirmation_replace": """CREATE TRIGGER erasure_confirmation_replace BEFORE INSERT ON erasure_confirmation
        WHEN EXISTS (SELECT 1 FROM erasure_confirmation WHERE id = NEW.id OR recording = NEW.recording)
        BEGIN SELECT RAISE(ABORT, 'erasure_confirmation is append-only'); END""",
    "cases_birth": """CREATE TRIGGER cases_birth BEFORE INSERT ON cases
        WHEN NOT EXISTS (SELECT 1 FROM audit WHERE chain = 'case:' || NEW.id AND seq = NEW.event_seq)
        BEGIN SELECT RAISE(ABORT, 'a case needs its event'); END""",
    "cases_replace": """CREATE TRIGGER cases_replace BEFORE INSERT ON cases
        WHEN EXISTS (SELECT 1 FROM cases WHERE id = NEW.id OR submission = NEW.submission
          OR (register = NEW.register AND ref = NEW.ref))
        BEGIN SELECT RAISE(ABORT, 'a state needs its event'); END""",
    "cases_state": """CREATE TRIGGER cases_state BEFORE UPDATE OF state, event_seq ON cases
        WHEN (NEW.state <> OLD.state OR NEW.event_seq <> OLD.event_seq) AND (NEW.event_seq <= OLD.event_seq
          OR NOT EXISTS (SELECT 1 FROM audit WHERE chain = 'case:' || NEW.id AND seq = NEW.event_seq))
        BEGIN SELECT RAISE(ABORT, 'a state needs its event'); END""",
    "cases_decided": f"""CREATE TRIGGER cases_decided BEFORE UPDATE OF state ON cases
        WHEN NEW.state <> OLD.state AND NEW.state IN {_DECIDED}
          AND NOT EXISTS (SELECT 1 FROM decision_item WHERE case_id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'a decision needs its items'); END""",
    "cases_approved": f"""CREATE TRIGGER cases_approved BEFORE UPDATE OF state, approver ON cases
        WHEN NEW.state IN {_SIGNED} AND NEW.approver IS NULL
          AND EXISTS (SELECT 1 FROM decision_item WHERE case_id = NEW.id AND outcome IN {_REFUSES})
        BEGIN SELECT RAISE(ABORT, 'a refusal needs a second person'); END""",
    "delivery_approved": """CREATE TRIGGER delivery_approved BEFORE INSERT ON delivery
        WHEN (SELECT approver FROM cases WHERE id = NEW.case_id) IS NULL
        BEGIN SELECT RAISE(ABORT, 'a release needs a second person'); END""",
    "retention_rule_update": """CREATE TRIGGER retention_rule_update BEFORE UPDATE ON retention_rule
        WHEN OLD.since IS NOT NULL OR NEW.period <> OLD.period
        BEGIN SELECT RAISE(ABORT, 'a retention period stays as it was agreed'); END""",
    "retention_rule_delete": """CREATE TRIGGER retention_rule_delete BEFORE DELETE ON retention_rule
        BEGIN SELECT RAISE(ABORT, 'a retention period stays as it was agreed'); END""",
}

# %% because the driver reads % as the start of a parameter
_POSTGRES_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION kuuluu_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$""",
    """
CREATE OR REPLACE FUNCTION kuuluu_state_needs_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.state = OLD.state AND NEW.event_seq = OLD.event_seq THEN RETURN NEW; END IF;
    IF NEW.event_seq <= OLD.event_seq THEN RAISE EXCEPTION 'a state needs its event'; END IF;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM audit WHERE chain = 'case:' || NEW.id AND seq = NEW.event_seq) THEN
    RAISE EXCEPTION 'a state needs its event';
  END IF;
  RETURN NEW;
END $$""",
    f"""
CREATE OR REPLACE FUNCTION kuuluu_decision_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NEW.state IN {_DECIDED}
    AND NOT EXISTS (SELECT 1 FROM decision_item WHERE case_id = NEW.id) THEN
    RAISE EXCEPTION 'a decision needs its items';
  END IF;
  IF NEW.state IN {_SIGNED} AND NEW.approver IS NULL
    AND EXISTS (SELECT 1 FROM decision_item WHERE case_id = NEW.id AND outcome IN {_REFUSES}) THEN
    RAISE EXCEPTION 'a refusal needs a second person';
  END IF;
  RETURN NEW;
END $$""",
    """
CREATE OR REPLACE FUNCTION kuuluu_release_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT approver FROM cases WHERE id = NEW.case_id) IS NULL THEN
    RAISE EXCEPTION 'a release needs a second person';
  END IF;
  RETURN NEW;
END $$""",
    """
CREATE OR REPLACE FUNCTION kuuluu_retention_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.since IS NULL AND NEW.period = OLD.period THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'a retention period stays as it was agreed';
END $$""",
)

_POSTGRES = {
    **{
        f"{table}_{name}": f"""CREATE TRIGGER {table}_{name} BEFORE {when} ON {table}
        {scope} EXECUTE FUNCTION kuuluu_append_only()"""
        for table in _APPEND_ONLY
        for name, when, scope in (
            ("change", "UPDATE OR DELETE", "FOR EACH ROW"),
            ("truncate", "TRUNCATE", "FOR EACH STATEMENT"),
        )
    },
    "cases_birth": """CREATE TRIGGER cases_birth BEFORE INSERT ON cases
        FOR EACH ROW EXECUTE FUNCTION kuuluu_state_needs_event()""",
    "cases_state": """CREATE TRIGGER cases_state BEFORE UPDATE ON cases
        FOR EACH ROW EXECUTE FUNCTION kuuluu_state_needs_event()""",
    "cases_decided": """CREATE TRIGGER cases_decided BEFORE UPDATE ON cases
        FOR EACH ROW EXECUTE FUNCTION kuuluu_decision_is_whole()""",
    "delivery_approved": """CREATE TRIGGER delivery_approved BEFORE INSERT ON delivery
        FOR EACH ROW EXECUTE FUNCTION kuuluu_release_is_approved()""",
    "retention_rule_change": """CREATE TRIGGER retention_rule_change BEFORE UPDATE OR DELETE ON retention_rule
        FOR EACH ROW EXECUTE FUNCTION kuuluu_retention_stays()""",
}


def ensure_triggers(connection: Connection) -> None:
    """Create every trigger anew; safe to repeat, in one transaction with whatever else the unit does."""
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        for function in _POSTGRES_FUNCTIONS:
            connection.exec_driver_sql(function)
    for name, statement in (_POSTGRES if postgres else _SQLITE).items():
        on = f" ON {name.rsplit('_', 1)[0]}" if postgres else ""
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{on}")
        connection.exec_driver_sql(statement)


def missing_triggers(connection: Connection) -> tuple[str, ...]:
    """The names of triggers that ought to stand and do not."""
    postgres = connection.dialect.name == "postgresql"
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if postgres
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    there = set(connection.scalars(text(query)))
    return tuple(name for name in (_POSTGRES if postgres else _SQLITE) if name not in there)
