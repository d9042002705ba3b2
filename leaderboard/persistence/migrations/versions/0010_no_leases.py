"""Leads are taken by a transaction, not by a lease: the columns for leases were never used.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("leads", "leased_until")
    op.drop_column("leads", "leased_by")


def downgrade() -> None:
    op.add_column("leads", sa.Column("leased_by", types.Text, nullable=True))
    op.add_column("leads", sa.Column("leased_until", types.Whole, nullable=True))
