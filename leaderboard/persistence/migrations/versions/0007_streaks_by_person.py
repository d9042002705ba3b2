"""A person's latest streak is found without a walk through the months.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_streak_runs_person_id_badge_month", "streak_runs", ["person_id", "badge", "month"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_streak_runs_person_id_badge_month", table_name="streak_runs")
