"""Kept sums, settlements, ladders, streaks, the timetable.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _day_sums()
    _month_sums()
    _tallies()
    _counts()
    _settlements()
    _rep_settlements()
    _ladder_states()
    _streak_runs()
    _ticks()
    _heartbeats()


def downgrade() -> None:
    op.drop_table("heartbeats")
    op.drop_table("ticks")
    op.drop_table("streak_runs")
    op.drop_table("ladder_states")
    op.drop_table("rep_settlements")
    op.drop_table("settlements")
    op.drop_table("counts")
    op.drop_table("tallies")
    op.drop_table("month_sums")
    op.drop_table("day_sums")


def _day_sums() -> None:
    op.create_table(
        "day_sums",
        sa.Column("day", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("team_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("points", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("exceeded", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("met", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("missed", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("entries", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("length(day) = 10", name=op.f("ck_day_sums_day")),
        sa.PrimaryKeyConstraint("day", "person_id", "team_id", name=op.f("pk_day_sums")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_day_sums_person_id_day", "day_sums", ["person_id", "day"])


def _month_sums() -> None:
    op.create_table(
        "month_sums",
        sa.Column("month", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("team_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("points", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("exceeded", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("met", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("missed", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("entries", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_month_sums_month")),
        sa.PrimaryKeyConstraint("month", "person_id", "team_id", name=op.f("pk_month_sums")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_month_sums_person_id_month", "month_sums", ["person_id", "month"])


def _tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("month", types.Text, nullable=False),
        sa.Column("service_level", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("team_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("exceeded", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("met", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("missed", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_tallies_month")),
        sa.PrimaryKeyConstraint("month", "service_level", "person_id", "team_id", name=op.f("pk_tallies")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _counts() -> None:
    op.create_table(
        "counts",
        sa.Column("month", types.Text, nullable=False),
        sa.Column("service_level", types.Text, nullable=False),
        sa.Column("side", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("team_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("value", types.Text, nullable=False),
        sa.Column("events", types.Whole, nullable=False),
        sa.CheckConstraint("side IN ('volume', 'numerator', 'denominator')", name=op.f("ck_counts_side")),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_counts_month")),
        sa.PrimaryKeyConstraint(
            "month", "service_level", "side", "person_id", "team_id", name=op.f("pk_counts")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _settlements() -> None:
    op.create_table(
        "settlements",
        sa.Column("month", types.Text, nullable=False),
        sa.Column("dirty_version", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("settled_version", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("retry_at", types.Whole, nullable=True),
        sa.Column("last_error", types.Text, nullable=True),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_settlements_month")),
        sa.CheckConstraint("settled_version <= dirty_version", name=op.f("ck_settlements_settled_version")),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_settlements")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_settlements_dirty",
        "settlements",
        ["month"],
        sqlite_where=sa.text("dirty_version > settled_version"),
        postgresql_where=sa.text("dirty_version > settled_version"),
    )


def _rep_settlements() -> None:
    op.create_table(
        "rep_settlements",
        sa.Column("month", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("dirty_version", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("settled_version", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_rep_settlements_month")),
        sa.CheckConstraint(
            "settled_version <= dirty_version", name=op.f("ck_rep_settlements_settled_version")
        ),
        sa.PrimaryKeyConstraint("month", "person_id", name=op.f("pk_rep_settlements")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_rep_settlements_dirty",
        "rep_settlements",
        ["month", "person_id"],
        sqlite_where=sa.text("dirty_version > settled_version"),
        postgresql_where=sa.text("dirty_version > settled_version"),
    )


def _ladder_states() -> None:
    op.create_table(
        "ladder_states",
        sa.Column("month", types.Text, nullable=False),
        sa.Column("consequence", types.Text, nullable=False),
        sa.Column("subject", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("team_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("step", types.Whole, nullable=False),
        sa.Column("clean", types.Whole, nullable=False),
        sa.CheckConstraint("subject IN ('rep', 'team')", name=op.f("ck_ladder_states_subject")),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_ladder_states_month")),
        sa.CheckConstraint("step >= 0 AND clean >= 0", name=op.f("ck_ladder_states_step_and_clean")),
        sa.PrimaryKeyConstraint(
            "month", "consequence", "subject", "person_id", "team_id", name=op.f("pk_ladder_states")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _streak_runs() -> None:
    op.create_table(
        "streak_runs",
        sa.Column("month", types.Text, nullable=False),
        sa.Column("badge", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, autoincrement=False, nullable=False),
        sa.Column("run", types.Whole, nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_streak_runs_month")),
        sa.CheckConstraint("run >= 0", name=op.f("ck_streak_runs_run")),
        sa.PrimaryKeyConstraint("month", "badge", "person_id", name=op.f("pk_streak_runs")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _ticks() -> None:
    op.create_table(
        "ticks",
        sa.Column("name", types.Text, nullable=False),
        sa.Column("slot_at", types.Whole, autoincrement=False, nullable=False),
        sa.Column("ran_at", types.Whole, nullable=False),
        sa.PrimaryKeyConstraint("name", "slot_at", name=op.f("pk_ticks")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _heartbeats() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("name", types.Text, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.Column("detail", types.Text, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
