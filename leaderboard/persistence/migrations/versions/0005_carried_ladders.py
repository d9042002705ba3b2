"""What a closed month hands on is kept whole: ladders that no rating of it moved, too.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rated: sa.Column[bool] = sa.Column("rated", types.Flag(), server_default=sa.true(), nullable=False)
    op.add_column("ladder_states", rated)


def downgrade() -> None:
    op.drop_column("ladder_states", "rated")
