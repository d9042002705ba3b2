"""awards taken along as signed credentials

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_REVOKED = "(revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_because IS NULL)"


def upgrade() -> None:
    op.create_table(
        "credentials",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("address", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, nullable=False),
        sa.Column("badge", types.Text, nullable=False),
        sa.Column("subject", types.Text, nullable=False),
        sa.Column("team_id", types.Whole, nullable=True),
        sa.Column("awarded_at", types.Whole, nullable=False),
        sa.Column("rulebook_on", types.Text, nullable=False),
        sa.Column("token", types.Text, nullable=True),
        sa.Column("status_list", types.Whole, nullable=False),
        sa.Column("status_index", types.Whole, nullable=False),
        sa.Column("taken_at", types.Whole, nullable=False),
        sa.Column("withdrawn_at", types.Whole, nullable=True),
        sa.Column("revoked_at", types.Whole, nullable=True),
        sa.Column("revoked_by", types.Text, nullable=True),
        sa.Column("revoked_because", types.Text, nullable=True),
        sa.CheckConstraint("subject IN ('rep', 'team')", name=op.f("ck_credentials_subject")),
        sa.CheckConstraint("(subject = 'team') = (team_id IS NOT NULL)", name=op.f("ck_credentials_team")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (token IS NOT NULL)", name=op.f("ck_credentials_withdrawn")
        ),
        sa.CheckConstraint(_REVOKED, name=op.f("ck_credentials_revoked")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_credentials_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_credentials_team_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials")),
        sa.UniqueConstraint("address", name=op.f("uq_credentials_address")),
        sa.UniqueConstraint(
            "status_list", "status_index", name=op.f("uq_credentials_status_list_status_index")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_credentials_person_id", "credentials", ["person_id"])
    standing = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_credentials_held",
        "credentials",
        ["person_id", "badge", "subject", "awarded_at"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def downgrade() -> None:
    op.drop_table("credentials")
