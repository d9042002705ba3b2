"""Versions of the rulebook that run silently beside the one in force.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trials",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("draft_id", types.Whole, nullable=False),
        sa.Column("revision", types.Whole, nullable=False),
        sa.Column("counts_from", types.Text, nullable=False),
        sa.Column("started_at", types.Whole, nullable=False),
        sa.Column("started_by", types.Text, nullable=False),
        sa.Column("ends_at", types.Whole, nullable=False),
        sa.Column("ended_at", types.Whole, nullable=True),
        sa.Column("ended_by", types.Text, nullable=True),
        sa.Column("ending", types.Text, nullable=True),
        sa.Column("reason", types.Text, nullable=True),
        sa.Column("asked_at", types.Whole, nullable=True),
        sa.Column("claims", types.Whole, nullable=False),
        sa.Column("tried_at", types.Whole, nullable=True),
        sa.Column("claimed_at", types.Whole, nullable=True),
        sa.Column("as_of", types.Whole, nullable=True),
        sa.Column("took_ms", types.Whole, nullable=True),
        sa.Column("fault", types.Text, nullable=True),
        sa.CheckConstraint("ending IN ('over', 'stopped', 'restarted')", name=op.f("ck_trials_ending")),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_trials_ended")),
        sa.CheckConstraint("(ending = 'stopped') = (reason IS NOT NULL)", name=op.f("ck_trials_reason")),
        sa.ForeignKeyConstraint(
            ["draft_id", "revision"],
            ["draft_changes.draft_id", "draft_changes.revision"],
            name=op.f("fk_trials_draft_id_revision_draft_changes"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_trials_draft_id"), "trials", ["draft_id"])
    op.create_index(
        "ix_trials_running",
        "trials",
        ["draft_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "trial_results",
        sa.Column("trial_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("period", types.Text, nullable=False),
        sa.Column("result", types.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["trial_id"],
            ["trials.id"],
            name=op.f("fk_trial_results_trial_id_trials"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("trial_id", "period", name=op.f("pk_trial_results")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("trial_results")
    op.drop_table("trials")
