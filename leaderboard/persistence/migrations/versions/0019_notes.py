"""What people are told, and how far each login has read.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import guards, types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.Column("audience", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, nullable=True),
        sa.Column("key", types.Text, nullable=False),
        sa.CheckConstraint("audience IN ('self', 'manager', 'admin')", name=op.f("ck_notes_audience")),
        sa.CheckConstraint("(audience = 'admin') = (person_id IS NULL)", name=op.f("ck_notes_whose")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_notes_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("person_id", "audience", "key", name=op.f("uq_notes_person_id_audience_key")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_notes_key_admin",
        "notes",
        ["key"],
        unique=True,
        sqlite_where=sa.text("audience = 'admin'"),
        postgresql_where=sa.text("audience = 'admin'"),
    )
    op.create_index("ix_notes_person_id_id", "notes", ["person_id", "id"])
    op.create_index("ix_notes_at", "notes", ["at"])
    for statement in guards.forbid_changes(op.get_bind().dialect.name, ("notes",)):
        op.execute(statement)
    op.create_table(
        "notes_seen",
        sa.Column("user_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("note_id", types.Whole, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notes_seen_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notes_seen")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("notes_seen")
    op.drop_table("notes")
