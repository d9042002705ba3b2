"""How people choose to appear on public displays.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "display_choices",
        sa.Column("person_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("alias", types.Text, nullable=True),
        sa.Column("alias_key", types.Text, nullable=True),
        sa.Column("is_absent", types.Flag(), server_default=sa.false(), nullable=False),
        sa.Column("chosen_at", types.Whole, nullable=False),
        sa.CheckConstraint(
            "(alias IS NULL) = (alias_key IS NULL)", name=op.f("ck_display_choices_alias_and_key")
        ),
        sa.CheckConstraint(
            "alias IS NULL OR length(alias) BETWEEN 2 AND 40", name=op.f("ck_display_choices_alias")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_display_choices_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_display_choices")),
        sa.UniqueConstraint("alias_key", name=op.f("uq_display_choices_alias_key")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("display_choices")
