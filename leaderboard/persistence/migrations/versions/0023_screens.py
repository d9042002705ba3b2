"""The screens on the walls.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "screens",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("name", types.Text, nullable=False),
        sa.Column("token_hash", types.Text, nullable=True),
        sa.Column("language", types.Text, nullable=False),
        sa.Column("theme", types.Text, nullable=False),
        sa.Column("has_sound", types.Flag(), server_default=sa.false(), nullable=False),
        sa.Column("top_places", types.Whole, nullable=False),
        sa.Column("night_from", types.Whole, nullable=True),
        sa.Column("night_until", types.Whole, nullable=True),
        sa.Column("line_up", types.Text, nullable=False),
        sa.Column("teams", types.Text, nullable=False),
        sa.Column("revision", types.Whole, nullable=False),
        sa.Column("created_at", types.Whole, nullable=False),
        sa.Column("created_by", types.Text, nullable=False),
        sa.Column("revoked_at", types.Whole, nullable=True),
        sa.Column("revoked_by", types.Text, nullable=True),
        sa.CheckConstraint("theme IN ('dark', 'light')", name=op.f("ck_screens_theme")),
        sa.CheckConstraint("(night_from IS NULL) = (night_until IS NULL)", name=op.f("ck_screens_night")),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (token_hash IS NOT NULL)", name=op.f("ck_screens_revoked")
        ),
        sa.CheckConstraint("top_places BETWEEN 1 AND 50", name=op.f("ck_screens_top_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_screens_token_hash")),
        sqlite_strict=True,
    )
    op.create_table(
        "screen_orders",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("screen_id", types.Whole, nullable=True),
        sa.Column("kind", types.Text, nullable=False),
        sa.Column("payload", types.Text, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.Column("until_at", types.Whole, nullable=False),
        sa.Column("ordered_by", types.Text, nullable=False),
        sa.CheckConstraint(
            "kind IN ('reload', 'message', 'slide', 'reveal', 'stop')", name=op.f("ck_screen_orders_kind")
        ),
        sa.ForeignKeyConstraint(
            ["screen_id"], ["screens.id"], name=op.f("fk_screen_orders_screen_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen_orders")),
        sqlite_strict=True,
    )
    op.create_index("ix_screen_orders_until_at", "screen_orders", ["until_at"])

    op.create_table(
        "screen_pairings",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("code_hash", types.Text, nullable=False),
        sa.Column("device_hash", types.Text, nullable=False),
        sa.Column("created_at", types.Whole, nullable=False),
        sa.Column("expires_at", types.Whole, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen_pairings")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_screen_pairings_code_hash")),
        sa.UniqueConstraint("device_hash", name=op.f("uq_screen_pairings_device_hash")),
        sqlite_strict=True,
    )
    op.create_index("ix_screen_pairings_expires_at", "screen_pairings", ["expires_at"])

    op.create_table(
        "screen_signs",
        sa.Column("screen_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("seen_at", types.Whole, nullable=False),
        sa.Column("slide", types.Text, nullable=False),
        sa.Column("browser", types.Text, nullable=False),
        sa.Column("width", types.Whole, nullable=False),
        sa.Column("height", types.Whole, nullable=False),
        sa.Column("is_muted", types.Flag(), nullable=False),
        sa.ForeignKeyConstraint(
            ["screen_id"], ["screens.id"], name=op.f("fk_screen_signs_screen_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("screen_id", name=op.f("pk_screen_signs")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "moments",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("moment_key", types.Text, nullable=False),
        sa.Column("kind", types.Text, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.Column("person_id", types.Whole, nullable=True),
        sa.Column("team_id", types.Whole, nullable=True),
        sa.Column("award_id", types.Whole, nullable=True),
        sa.Column("about", types.Text, nullable=False),
        sa.CheckConstraint("kind IN ('badge', 'lead', 'target')", name=op.f("ck_moments_kind")),
        sa.ForeignKeyConstraint(
            ["award_id"], ["awards.id"], name=op.f("fk_moments_award_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_moments_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_moments_team_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moments")),
        sa.UniqueConstraint("moment_key", name=op.f("uq_moments_moment_key")),
        sqlite_strict=True,
    )
    op.create_index("ix_moments_at", "moments", ["at"])
    op.create_table(
        "wall_state",
        sa.Column("id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("frozen_days", types.Whole, nullable=False),
        sa.Column("leaders", types.Text, nullable=False),
        sa.Column("seen_award", types.Whole, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_wall_state_one_row")),
        sa.CheckConstraint("frozen_days BETWEEN 0 AND 31", name=op.f("ck_wall_state_frozen_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_state")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO wall_state (id, frozen_days, leaders, seen_award) VALUES (1, 0, '{}', 0)")


def downgrade() -> None:
    op.drop_table("wall_state")
    op.drop_table("moments")
    op.drop_table("screen_signs")
    op.drop_table("screen_pairings")
    op.drop_table("screen_orders")
    op.drop_table("screens")
