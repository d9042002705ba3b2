"""Rulebooks in the making, the signatures under them, and scheduled versions that can be taken back.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import guards, types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FOR_EVER = ("draft_changes", "signatures", "revisions_taken_back")


def upgrade() -> None:
    _drafts()
    _draft_changes()
    _signatures()
    _revisions_taken_back()
    for statement in guards.forbid_changes(op.get_bind().dialect.name, _FOR_EVER):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("revisions_taken_back")
    op.drop_table("signatures")
    op.drop_table("draft_changes")
    op.drop_table("drafts")


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("name", types.Text, nullable=False),
        sa.Column("document", types.Text, nullable=False),
        sa.Column("sha256", types.Text, nullable=False),
        sa.Column("effective_from", types.Text, nullable=True),
        sa.Column("problems", types.Whole, nullable=False),
        sa.Column("revision", types.Whole, nullable=False),
        sa.Column("based_on_revision", types.Whole, nullable=True),
        sa.Column("based_on_draft", types.Whole, nullable=True),
        sa.Column("created_at", types.Whole, nullable=False),
        sa.Column("created_by", types.Text, nullable=False),
        sa.Column("updated_at", types.Whole, nullable=False),
        sa.Column("updated_by", types.Text, nullable=False),
        sa.Column("scheduled_as", types.Whole, nullable=True),
        sa.Column("withdrawn_at", types.Whole, nullable=True),
        _refers("drafts", "based_on_revision", "rulebook_revisions"),
        _refers("drafts", "based_on_draft", "drafts"),
        _refers("drafts", "scheduled_as", "rulebook_revisions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("scheduled_as", name=op.f("uq_drafts_scheduled_as")),
        sqlite_strict=True,
    )


def _draft_changes() -> None:
    op.create_table(
        "draft_changes",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("draft_id", types.Whole, nullable=False),
        sa.Column("revision", types.Whole, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.Column("actor", types.Text, nullable=False),
        sa.Column("why", types.Text, nullable=True),
        sa.Column("document", types.Text, nullable=False),
        _refers("draft_changes", "draft_id", "drafts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_changes")),
        sa.UniqueConstraint("draft_id", "revision", name=op.f("uq_draft_changes_draft_id_revision")),
        sqlite_strict=True,
    )


def _signatures() -> None:
    op.create_table(
        "signatures",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("draft_id", types.Whole, nullable=False),
        sa.Column("revision", types.Whole, nullable=False),
        sa.Column("sha256", types.Text, nullable=False),
        sa.Column("party", types.Text, nullable=False),
        sa.Column("user_id", types.Whole, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.CheckConstraint("party IN ('marketing', 'sales')", name=op.f("ck_signatures_party")),
        _refers("signatures", "draft_id", "drafts"),
        _refers("signatures", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
        sa.UniqueConstraint(
            "draft_id", "revision", "party", name=op.f("uq_signatures_draft_id_revision_party")
        ),
        sa.UniqueConstraint(
            "draft_id", "revision", "user_id", name=op.f("uq_signatures_draft_id_revision_user_id")
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_signatures_user_id", "signatures", ["user_id"])


def _revisions_taken_back() -> None:
    op.create_table(
        "revisions_taken_back",
        sa.Column("revision_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.Column("actor", types.Text, nullable=False),
        sa.Column("reason", types.Text, nullable=True),
        _refers("revisions_taken_back", "revision_id", "rulebook_revisions"),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_revisions_taken_back")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="RESTRICT"
    )
