"""Work that is asked for on screen and done by a job.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "work_orders",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("asked_at", types.Whole, nullable=False),
        sa.Column("asked_by", types.Text, nullable=False),
        sa.Column("kind", types.Text, nullable=False),
        sa.Column("subject", types.Text, nullable=False),
        sa.Column("given", types.Text, nullable=False),
        sa.Column("state", types.Text, nullable=False),
        sa.Column("progress", types.Whole, nullable=False),
        sa.Column("runs", types.Whole, nullable=False),
        sa.Column("seen_at", types.Whole, nullable=True),
        sa.Column("ended_at", types.Whole, nullable=True),
        sa.Column("result", types.Text, nullable=True),
        sa.Column("error", types.Text, nullable=True),
        sa.CheckConstraint(
            "kind IN ('verify', 'close', 'preview', 'restate')", name=op.f("ck_work_orders_kind")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_work_orders_state")
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 1000", name=op.f("ck_work_orders_progress")),
        sa.CheckConstraint("(state = 'done') = (result IS NOT NULL)", name=op.f("ck_work_orders_result")),
        sa.CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name=op.f("ck_work_orders_error")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_orders")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_work_orders_asked_at"), "work_orders", ["asked_at"])
    op.create_index("ix_work_orders_state_asked_at", "work_orders", ["state", "asked_at"])
    op.create_index("ix_work_orders_kind_subject", "work_orders", ["kind", "subject"])


def downgrade() -> None:
    op.drop_table("work_orders")
