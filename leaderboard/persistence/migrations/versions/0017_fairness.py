"""Rules that are looked at for their fairness stand among those that are tried.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

from leaderboard.persistence import types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_CHECK = "CONSTRAINT ck_simulations_kind CHECK (kind IN ('simulation', 'fairness'))"


def upgrade() -> None:
    # Both databases know a check that comes with its column; SQLite could not add it afterwards.
    text = types.Text.compile(dialect=op.get_bind().dialect)
    op.execute(f"ALTER TABLE simulations ADD COLUMN kind {text} DEFAULT 'simulation' NOT NULL {_CHECK}")


def downgrade() -> None:
    op.execute("DELETE FROM simulations WHERE kind = 'fairness'")
    op.drop_column("simulations", "kind")
