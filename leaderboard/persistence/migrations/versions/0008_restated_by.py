"""What a restatement asks to settle again knows it, until that is done: what it takes back then says why.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = ("settlements", "rep_settlements")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("restated_by", types.Whole, nullable=True))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "restated_by")
