"""The way from a rep to the clocks that run for him, and from data health to what it looks for.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_VERDICTS = sa.text("type = 'outcome.recorded'")
_FAILED = sa.text("last_error IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "running_clocks",
        sa.Column("lead_key", types.Text, nullable=False),
        sa.Column("service_level", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, nullable=True),
        sa.Column("due_at", types.Whole, nullable=True),
        sa.PrimaryKeyConstraint("lead_key", "service_level", name=op.f("pk_running_clocks")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_running_clocks_person_id_due_at", "running_clocks", ["person_id", "due_at"])
    op.create_index(
        "ix_events_verdicts", "events", ["received_at"], sqlite_where=_VERDICTS, postgresql_where=_VERDICTS
    )
    op.create_index(
        "ix_leads_retry_at", "leads", ["retry_at"], sqlite_where=_FAILED, postgresql_where=_FAILED
    )
    # Which clocks run is known by folding: every lead that has something due is folded once more.
    op.execute("UPDATE leads SET touched_seq = touched_seq + 1 WHERE due_at IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_leads_retry_at", table_name="leads")
    op.drop_index("ix_events_verdicts", table_name="events")
    op.drop_table("running_clocks")
