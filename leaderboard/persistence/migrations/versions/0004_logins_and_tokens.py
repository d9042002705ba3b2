"""Logins, sessions and tokens.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _users()
    _one_time_links()
    _sessions()
    _login_attempts()
    _api_tokens()


def downgrade() -> None:
    op.drop_table("api_tokens")
    op.drop_table("login_attempts")
    op.drop_table("sessions")
    op.drop_table("one_time_links")
    op.drop_table("users")


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("email", types.Text, nullable=False),
        sa.Column("password_hash", types.Text, nullable=True),
        sa.Column("role", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, nullable=True),
        sa.Column("locale", types.Text, nullable=True),
        sa.Column("theme", types.Text, server_default="auto", nullable=False),
        sa.Column("disabled_at", types.Whole, nullable=True),
        sa.Column("created_at", types.Whole, nullable=False),
        sa.CheckConstraint("role IN ('rep', 'manager', 'admin')", name=op.f("ck_users_role")),
        sa.CheckConstraint("theme IN ('auto', 'light', 'dark')", name=op.f("ck_users_theme")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_users_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sqlite_strict=True,
    )
    op.create_index("ix_users_person_id", "users", ["person_id"])


def _one_time_links() -> None:
    op.create_table(
        "one_time_links",
        sa.Column("token_hash", types.Text, nullable=False),
        sa.Column("user_id", types.Whole, nullable=False),
        sa.Column("purpose", types.Text, nullable=False),
        sa.Column("created_at", types.Whole, nullable=False),
        sa.Column("expires_at", types.Whole, nullable=False),
        sa.Column("used_at", types.Whole, nullable=True),
        sa.CheckConstraint("purpose IN ('password')", name=op.f("ck_one_time_links_purpose")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_one_time_links_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_links")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_one_time_links_user_id", "one_time_links", ["user_id"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", types.Text, nullable=False),
        sa.Column("user_id", types.Whole, nullable=False),
        sa.Column("created_at", types.Whole, nullable=False),
        sa.Column("seen_at", types.Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sessions_seen_at", "sessions", ["seen_at"])
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])


def _login_attempts() -> None:
    op.create_table(
        "login_attempts",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("key", types.Text, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.Column("succeeded", types.Flag(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempts")),
        sqlite_strict=True,
    )
    op.create_index("ix_login_attempts_at", "login_attempts", ["at"])
    op.create_index("ix_login_attempts_key_at", "login_attempts", ["key", "at"])


def _api_tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("name", types.Text, nullable=False),
        sa.Column("token_hash", types.Text, nullable=False),
        sa.Column("scopes", types.Text, nullable=False),
        sa.Column("sources", types.Text, nullable=False),
        sa.Column("created_at", types.Whole, nullable=False),
        sa.Column("created_by", types.Text, nullable=False),
        sa.Column("revoked_at", types.Whole, nullable=True),
        sa.Column("last_used_at", types.Whole, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
        sqlite_strict=True,
    )
