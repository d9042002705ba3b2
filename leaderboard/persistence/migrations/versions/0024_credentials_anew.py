"""A credential that was revoked may be allowed anew, under another address.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_INDEX, _WHAT = "uq_credentials_held", ["person_id", "badge", "subject", "awarded_at"]
_HELD = "withdrawn_at IS NULL"


def upgrade() -> None:
    op.add_column("credentials", sa.Column("allowed_at", types.Whole, nullable=True))
    op.add_column("credentials", sa.Column("allowed_by", types.Text, nullable=True))
    op.add_column("credentials", sa.Column("allowed_because", types.Text, nullable=True))
    _hold(f"{_HELD} AND allowed_at IS NULL")


def downgrade() -> None:
    # Of those that were allowed anew only the newest can be held, as before.
    op.execute(
        "UPDATE credentials SET withdrawn_at = allowed_at, token = NULL "
        "WHERE allowed_at IS NOT NULL AND withdrawn_at IS NULL"
    )
    _hold(_HELD)
    for name in ("allowed_because", "allowed_by", "allowed_at"):
        op.drop_column("credentials", name)


def _hold(where: str) -> None:
    """Which of them count as held, of which there is one an award and person."""
    op.drop_index(_INDEX, "credentials")
    op.create_index(
        _INDEX,
        "credentials",
        _WHAT,
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
