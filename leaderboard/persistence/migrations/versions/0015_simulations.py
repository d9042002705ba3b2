"""Drafts that are tried on what has happened.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "simulations",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("asked_at", types.Whole, nullable=False),
        sa.Column("asked_by", types.Text, nullable=False),
        sa.Column("period", types.Text, nullable=False),
        sa.Column("name", types.Text, nullable=False),
        sa.Column("draft_id", types.Whole, nullable=True),
        sa.Column("document", types.Text, nullable=False),
        sa.Column("sha256", types.Text, nullable=False),
        sa.Column("state", types.Text, nullable=False),
        sa.Column("progress", types.Whole, nullable=False),
        sa.Column("runs", types.Whole, nullable=False),
        sa.Column("seen_at", types.Whole, nullable=True),
        sa.Column("ended_at", types.Whole, nullable=True),
        sa.Column("result", types.Text, nullable=True),
        sa.Column("error", types.Text, nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_simulations_state")
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 1000", name=op.f("ck_simulations_progress")),
        sa.CheckConstraint("(state = 'done') = (result IS NOT NULL)", name=op.f("ck_simulations_result")),
        sa.CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name=op.f("ck_simulations_error")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["drafts.id"], name=op.f("fk_simulations_draft_id_drafts"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simulations")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_simulations_asked_at"), "simulations", ["asked_at"])
    op.create_index("ix_simulations_state_asked_at", "simulations", ["state", "asked_at"])


def downgrade() -> None:
    op.drop_table("simulations")
