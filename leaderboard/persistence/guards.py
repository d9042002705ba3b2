"""What the database itself refuses: triggers, the same on SQLite and PostgreSQL.

Revisions call these functions, and call them again after a batch operation, which drops a table's triggers
without a word. What a released revision calls never changes; something else gets a function of its own.
"""

APPEND_ONLY = (
    "events",
    "ledger",
    "seals",
    "roster_versions",
    "rulebook_revisions",
    "audit",
    "decisions",
    "draft_changes",
    "signatures",
    "revisions_taken_back",
    "notes",
)
"""The tables in which nothing is ever changed or removed."""

_TAKES_BACK = """EXISTS (
    SELECT 1 FROM ledger taken
    WHERE taken.id = NEW.takes_back AND taken.takes_back IS NULL AND taken.reason_key = NEW.reason_key
      AND taken.generation = NEW.generation AND taken.points = -NEW.points AND taken.subject = NEW.subject
      AND COALESCE(taken.person_id, 0) = COALESCE(NEW.person_id, 0)
      AND COALESCE(taken.team_id, 0) = COALESCE(NEW.team_id, 0)
)"""
_FOLLOWS = """EXISTS (
    SELECT 1 FROM ledger before JOIN ledger taker ON taker.takes_back = before.id
    WHERE before.reason_key = NEW.reason_key AND before.generation = NEW.generation - 1
      AND before.takes_back IS NULL
)"""
_LEDGER_RULES = (
    (
        "ledger_takes_back",
        "NEW.takes_back IS NOT NULL",
        _TAKES_BACK,
        "an entry takes back its exact opposite",
    ),
    (
        "ledger_follows",
        "NEW.takes_back IS NULL AND NEW.generation > 0",
        _FOLLOWS,
        "the generation before still stands",
    ),
)


def expected_triggers(dialect: str) -> set[tuple[str, str]]:
    """Table and name of every trigger that there must be."""
    verbs = ("update", "delete") if dialect == "sqlite" else ("update", "delete", "truncate")
    forbidden = {(table, f"{table}_no_{verb}") for table in APPEND_ONLY for verb in verbs}
    return forbidden | {("ledger", rule[0]) for rule in _LEDGER_RULES}


def forbid_changes(dialect: str, tables: tuple[str, ...] = APPEND_ONLY) -> list[str]:
    """The statements that make tables append-only."""
    if dialect == "sqlite":
        return [_sqlite_refusal(table, verb) for table in tables for verb in ("UPDATE", "DELETE")]
    verbs = ("UPDATE", "DELETE", "TRUNCATE")
    return [_POSTGRESQL_REFUSAL, *(_postgresql_refusal(table, verb) for table in tables for verb in verbs)]


def guard_ledger(dialect: str) -> list[str]:
    """The statements that let at most one entry stand for a reason, and a taking-back only negate.

    They look after the row is in: PostgreSQL stores many rows at once only where nothing looks before.
    """
    statements = _sqlite_rule if dialect == "sqlite" else _postgresql_rule
    return [statement for rule in _LEDGER_RULES for statement in statements(*rule)]


def _sqlite_refusal(table: str, verb: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {verb} refused'); END"
    )


_POSTGRESQL_REFUSAL = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$"""


def _postgresql_refusal(table: str, verb: str) -> str:
    # For each statement: one that would touch no row is refused too, and TRUNCATE knows no rows.
    return (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _sqlite_rule(name: str, when: str, holds: str, message: str) -> list[str]:
    refuse = f"SELECT RAISE(ABORT, 'ledger: {message}') WHERE NOT {holds};"
    return [f"CREATE TRIGGER {name} AFTER INSERT ON ledger WHEN {when} BEGIN {refuse} END"]


def _postgresql_rule(name: str, when: str, holds: str, message: str) -> list[str]:
    function = (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
        f"IF NOT {holds} THEN\n"
        f"RAISE EXCEPTION 'ledger: {message}' USING ERRCODE = 'integrity_constraint_violation';\n"
        "END IF;\nRETURN NULL;\nEND $$"
    )
    trigger = (
        f"CREATE TRIGGER {name} AFTER INSERT ON ledger FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
    )
    return [function, trigger]
