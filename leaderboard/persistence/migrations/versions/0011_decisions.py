"""What people decide is kept, tasks that were done are contributions, and a month knows what its prizes rest on.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import guards, types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SUBJECT = (
    "(subject = 'rep' AND person_id IS NOT NULL AND team_id IS NULL)"
    " OR (subject = 'team' AND team_id IS NOT NULL AND person_id IS NULL) OR kind = 'undone'"
)
_WHAT = (
    "(kind IN ('approved', 'waived')) = (month IS NOT NULL AND consequence IS NOT NULL AND place IS NOT NULL)"
    " AND (kind = 'badge') = (badge IS NOT NULL) AND (kind = 'points') = (points IS NOT NULL)"
    " AND (kind = 'task') = (task IS NOT NULL AND done_at IS NOT NULL) AND (kind = 'undone') = (undoes IS NOT NULL)"
)
_NARROW = "side IN ('volume', 'numerator', 'denominator')"
_WIDE = "side IN ('volume', 'numerator', 'denominator', 'task')"
_SIDED = ("contributions", "counts")


def upgrade() -> None:
    _decisions()
    op.add_column("settlements", sa.Column("prizes_seen", types.Text, nullable=True))
    for table in _SIDED:
        _check_side(table, _NARROW, _WIDE)
    where = sa.text("side = 'task'")
    op.create_index(
        "ix_contributions_tasks",
        "contributions",
        ["service_level"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_index("ix_contributions_tasks", table_name="contributions")
    for table in _SIDED:
        op.execute(f"DELETE FROM {table} WHERE side = 'task'")  # noqa: S608
        _check_side(table, _WIDE, _NARROW)
    op.drop_column("settlements", "prizes_seen")
    op.drop_table("decisions")


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("kind", types.Text, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.Column("decided_by", types.Text, nullable=False),
        sa.Column("seconded_by", types.Text, nullable=True),
        sa.Column("reason", types.Text, nullable=True),
        sa.Column("subject", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, nullable=True),
        sa.Column("team_id", types.Whole, nullable=True),
        sa.Column("month", types.Text, nullable=True),
        sa.Column("consequence", types.Text, nullable=True),
        sa.Column("place", types.Whole, nullable=True),
        sa.Column("badge", types.Text, nullable=True),
        sa.Column("points", types.Whole, nullable=True),
        sa.Column("task", types.Text, nullable=True),
        sa.Column("done_at", types.Whole, nullable=True),
        sa.Column("undoes", types.Whole, nullable=True),
        sa.CheckConstraint(
            "kind IN ('approved', 'waived', 'badge', 'points', 'task', 'undone')",
            name=op.f("ck_decisions_kind"),
        ),
        sa.CheckConstraint("subject IN ('rep', 'team')", name=op.f("ck_decisions_subject")),
        sa.CheckConstraint(_SUBJECT, name=op.f("ck_decisions_one_subject")),
        sa.CheckConstraint(_WHAT, name=op.f("ck_decisions_what")),
        sa.CheckConstraint("undoes < id", name=op.f("ck_decisions_undoes")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_decisions_person_id_people"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_decisions_team_id_teams"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["undoes"], ["decisions.id"], name=op.f("fk_decisions_undoes_decisions"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("undoes", name=op.f("uq_decisions_undoes")),
        sqlite_strict=True,
    )
    op.create_index("ix_decisions_month", "decisions", ["month", "consequence"])
    op.create_index("ix_decisions_decided_by_at", "decisions", ["decided_by", "at"])
    for statement in guards.forbid_changes(op.get_bind().dialect.name, ("decisions",)):
        op.execute(statement)


def _check_side(table: str, before: str, after: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(f"ck_{table}_side"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_side"), table, after)
    else:
        _made_anew(table, before, after)


def _made_anew(table: str, before: str, after: str) -> None:
    """SQLite changes no check: the table as it stands, but for that, with its rows and indexes.

    Not by a batch operation, which would make it of what it reads of it, and so lose what it cannot read.
    """
    bind = op.get_bind()
    listed = sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL")
    parts = [(kind, str(sql)) for kind, sql in bind.execute(listed, {"table": table})]
    (made,) = (sql for kind, sql in parts if kind == "table")
    if before not in made:
        raise RuntimeError(f"{table} has no check of the form {before}")
    op.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    op.execute(made.replace(before, after))
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")  # noqa: S608
    op.execute(f"DROP TABLE {table}_before")
    for kind, sql in parts:
        if kind == "index":
            op.execute(sql)
