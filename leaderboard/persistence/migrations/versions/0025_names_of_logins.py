"""What the holder of a login is called that stands for no rep.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("name", types.Text, nullable=True))


def downgrade() -> None:
    op.drop_column("users", "name")
