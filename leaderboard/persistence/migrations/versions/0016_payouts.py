"""Money that was won: proposed, approved, paid or refused.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_STATE = (
    "(state = 'proposed') = (decided_at IS NULL AND decided_by IS NULL)"
    " AND (state <> 'refused' OR reason IS NOT NULL)"
    " AND (state = 'paid') = (paid_at IS NOT NULL AND paid_by IS NOT NULL AND reference IS NOT NULL)"
)
_SUBJECT = (
    "(subject = 'rep' AND person_id IS NOT NULL AND team_id IS NULL)"
    " OR (subject = 'team' AND team_id IS NOT NULL AND person_id IS NULL)"
)


def upgrade() -> None:
    op.create_table(
        "payouts",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("source", types.Text, nullable=False),
        sa.Column("subject_key", types.Text, nullable=False),
        sa.Column("subject", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, nullable=True),
        sa.Column("team_id", types.Whole, nullable=True),
        sa.Column("members", types.Text, nullable=False),
        sa.Column("period", types.Text, nullable=False),
        sa.Column("name", types.Text, nullable=False),
        sa.Column("rank", types.Whole, nullable=True),
        sa.Column("amount", types.Text, nullable=False),
        sa.Column("currency", types.Text, nullable=False),
        sa.Column("state", types.Text, nullable=False),
        sa.Column("proposed_at", types.Whole, nullable=False),
        sa.Column("decided_at", types.Whole, nullable=True),
        sa.Column("decided_by", types.Text, nullable=True),
        sa.Column("reason", types.Text, nullable=True),
        sa.Column("paid_at", types.Whole, nullable=True),
        sa.Column("paid_by", types.Text, nullable=True),
        sa.Column("reference", types.Text, nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'paid', 'refused')", name=op.f("ck_payouts_state")
        ),
        sa.CheckConstraint("subject IN ('rep', 'team')", name=op.f("ck_payouts_subject")),
        sa.CheckConstraint(_STATE, name=op.f("ck_payouts_states")),
        sa.CheckConstraint(_SUBJECT, name=op.f("ck_payouts_one_subject")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_payouts_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_payouts_team_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("source", "subject_key", name=op.f("uq_payouts_source_subject_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_payouts_state", "payouts", ["state"])
    op.create_table(
        "payouts_proposed",
        sa.Column("period", types.Text, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_payouts_proposed")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("payouts_proposed")
    op.drop_table("payouts")
