"""Ladders keep the months of their strikes, so that they can expire.

Revision ID: 0009
Revises: 0008
"""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WHO = ("consequence", "subject", "person_id", "team_id")


def upgrade() -> None:
    op.add_column("ladder_states", sa.Column("strikes", types.Text, server_default="", nullable=False))
    _fill()


def _fill() -> None:
    """A rated month that left a step and no clean month was a strike; of those, the latest stand for the step."""
    names = ("month", *_WHO, "step", "clean", "rated", "strikes")
    states = sa.table("ladder_states", *(sa.column(name) for name in names))
    known: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in op.get_bind().execute(sa.select(states).order_by(states.c.month)).mappings().all():
        mine = known[tuple(row[name] for name in _WHO)]
        if row["rated"] and row["step"] and not row["clean"]:
            mine.append(row["month"])
        # What came before the first row that there is: as old as that.
        mine[:0] = [mine[0] if mine else row["month"]] * (row["step"] - len(mine))
        del mine[: len(mine) - row["step"]]
        this = [states.c[name] == row[name] for name in ("month", *_WHO)]
        op.get_bind().execute(sa.update(states).where(*this).values(strikes=",".join(mine)))


def downgrade() -> None:
    op.drop_column("ladder_states", "strikes")
