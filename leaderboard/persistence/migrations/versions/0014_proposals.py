"""What waits for another person's word, and which forms were taken already.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_WHAT = (
    "(kind = 'points') = (points IS NOT NULL AND reason IS NOT NULL) AND (kind = 'task') = (task IS NOT NULL)"
)
_SUBJECT = (
    "(subject = 'rep' AND person_id IS NOT NULL AND team_id IS NULL)"
    " OR (subject = 'team' AND team_id IS NOT NULL AND person_id IS NULL AND kind = 'points')"
)
_SETTLED = (
    "(state = 'waiting') = (settled_at IS NULL AND settled_by IS NULL)"
    " AND (state = 'confirmed') = (decision_id IS NOT NULL)"
    " AND (state <> 'refused' OR settled_because IS NOT NULL)"
)


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("kind", types.Text, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.Column("proposed_by", types.Text, nullable=False),
        sa.Column("subject", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, nullable=True),
        sa.Column("team_id", types.Whole, nullable=True),
        sa.Column("points", types.Whole, nullable=True),
        sa.Column("reason", types.Text, nullable=True),
        sa.Column("task", types.Text, nullable=True),
        sa.Column("state", types.Text, nullable=False),
        sa.Column("settled_at", types.Whole, nullable=True),
        sa.Column("settled_by", types.Text, nullable=True),
        sa.Column("settled_because", types.Text, nullable=True),
        sa.Column("decision_id", types.Whole, nullable=True),
        sa.CheckConstraint("kind IN ('points', 'task')", name=op.f("ck_proposals_kind")),
        sa.CheckConstraint("subject IN ('rep', 'team')", name=op.f("ck_proposals_subject")),
        sa.CheckConstraint("state IN ('waiting', 'confirmed', 'refused')", name=op.f("ck_proposals_state")),
        sa.CheckConstraint(_WHAT, name=op.f("ck_proposals_what")),
        sa.CheckConstraint(_SUBJECT, name=op.f("ck_proposals_one_subject")),
        sa.CheckConstraint(_SETTLED, name=op.f("ck_proposals_settled")),
        _refers("person_id", "people"),
        _refers("team_id", "teams"),
        _refers("decision_id", "decisions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_proposals_decision_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_proposals_person_id", "proposals", ["person_id"])
    op.create_index("ix_proposals_state_at", "proposals", ["state", "at"])
    waiting = sa.text("kind = 'task' AND state = 'waiting'")
    op.create_index(
        "uq_proposals_task_waiting",
        "proposals",
        ["person_id", "task"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "forms_taken",
        sa.Column("token", types.Text, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_forms_taken")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_forms_taken_at", "forms_taken", ["at"])


def downgrade() -> None:
    op.drop_table("forms_taken")
    op.drop_table("proposals")


def _refers(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_proposals_{column}"), ondelete="RESTRICT"
    )
