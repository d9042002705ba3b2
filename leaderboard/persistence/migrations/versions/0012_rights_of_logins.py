"""Rights of logins beyond their role, and when each was last seen.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_CHECK = "CONSTRAINT ck_users_signs_for CHECK (signs_for IN ('marketing', 'sales'))"


def upgrade() -> None:
    op.add_column(
        "users", sa.Column("may_edit_rules", types.Flag(), server_default=sa.false(), nullable=False)
    )
    # Both databases know a check that comes with its column; SQLite could not add it afterwards.
    text = types.Text.compile(dialect=op.get_bind().dialect)
    op.execute(f"ALTER TABLE users ADD COLUMN signs_for {text} {_CHECK}")
    op.add_column("users", sa.Column("seen_at", types.Whole, nullable=True))
    op.execute(
        "UPDATE users SET seen_at = (SELECT max(sessions.seen_at) FROM sessions WHERE sessions.user_id = users.id)"
    )


def downgrade() -> None:
    for column in ("seen_at", "signs_for", "may_edit_rules"):
        op.drop_column("users", column)
