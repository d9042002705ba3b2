"""Outcomes, the ledger, awards and seals.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import guards, types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ONE_SUBJECT = (
    "(subject = 'rep' AND person_id IS NOT NULL)"
    " OR (subject = 'team' AND team_id IS NOT NULL AND person_id IS NULL)"
)


def upgrade() -> None:
    _outcomes()
    _contributions()
    _ledger()
    _awards()
    _seals()
    _audit()
    dialect = op.get_bind().dialect.name
    for statement in guards.forbid_changes(dialect, ("ledger", "seals", "audit")):
        op.execute(statement)
    for statement in guards.guard_ledger(dialect):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit")
    op.drop_table("seals")
    op.drop_table("awards")
    op.drop_table("ledger")
    op.drop_table("contributions")
    op.drop_table("outcomes")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ledger_takes_back()")
        op.execute("DROP FUNCTION ledger_follows()")


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("outcome_key", types.Text, nullable=False),
        sa.Column("lead_key", types.Text, nullable=False),
        sa.Column("service_level", types.Text, nullable=False),
        sa.Column("rating", types.Text, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.Column("month", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, nullable=True),
        sa.Column("team_id", types.Whole, nullable=True),
        sa.Column("rulebook_on", types.Text, nullable=False),
        sa.Column("subject", types.Text, nullable=False),
        sa.Column("points", types.Whole, nullable=False),
        sa.Column("opened_at", types.Whole, nullable=True),
        sa.Column("due_at", types.Whole, nullable=True),
        sa.Column("elapsed_us", types.Whole, nullable=True),
        sa.Column("within_us", types.Whole, nullable=True),
        sa.Column("exceed_within_us", types.Whole, nullable=True),
        sa.Column("opening_seq", types.Whole, nullable=False),
        sa.Column("closing_seq", types.Whole, nullable=True),
        sa.Column("counted", types.Flag(), nullable=False),
        sa.Column("current", types.Flag(), nullable=False),
        sa.CheckConstraint("rating IN ('exceeded', 'met', 'missed')", name=op.f("ck_outcomes_rating")),
        sa.CheckConstraint("subject IN ('rep', 'team')", name=op.f("ck_outcomes_subject")),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_outcomes_month")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_outcomes_counted",
        "outcomes",
        ["person_id", "service_level", "at"],
        sqlite_where=sa.text("counted = 1"),
        postgresql_where=sa.text("counted"),
    )
    op.create_index("ix_outcomes_lead_key", "outcomes", ["lead_key"])
    op.create_index("ix_outcomes_month_service_level", "outcomes", ["month", "service_level"])
    op.create_index(
        "uq_outcomes_current",
        "outcomes",
        ["outcome_key"],
        unique=True,
        sqlite_where=sa.text("current = 1"),
        postgresql_where=sa.text("current"),
    )


def _contributions() -> None:
    op.create_table(
        "contributions",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("contribution_key", types.Text, nullable=False),
        sa.Column("lead_key", types.Text, nullable=False),
        sa.Column("service_level", types.Text, nullable=False),
        sa.Column("side", types.Text, nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.Column("month", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, nullable=True),
        sa.Column("team_id", types.Whole, nullable=True),
        sa.Column("value", types.Text, nullable=False),
        sa.Column("event_seq", types.Whole, nullable=False),
        sa.Column("counted", types.Flag(), nullable=False),
        sa.Column("current", types.Flag(), nullable=False),
        sa.CheckConstraint(
            "side IN ('volume', 'numerator', 'denominator')", name=op.f("ck_contributions_side")
        ),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_contributions_month")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
        sqlite_strict=True,
    )
    op.create_index("ix_contributions_lead_key", "contributions", ["lead_key"])
    op.create_index("ix_contributions_month_service_level", "contributions", ["month", "service_level"])
    op.create_index(
        "uq_contributions_current",
        "contributions",
        ["contribution_key"],
        unique=True,
        sqlite_where=sa.text("current = 1"),
        postgresql_where=sa.text("current"),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("booked_at", types.Whole, nullable=False),
        sa.Column("recorded_at", types.Whole, nullable=False),
        sa.Column("month", types.Text, nullable=False),
        sa.Column("day", types.Text, nullable=False),
        sa.Column("subject", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, nullable=True),
        sa.Column("team_id", types.Whole, nullable=True),
        sa.Column("points", types.Whole, nullable=False),
        sa.Column("kind", types.Text, nullable=False),
        sa.Column("service_level", types.Text, nullable=True),
        sa.Column("rating", types.Text, nullable=True),
        sa.Column("lead_key", types.Text, nullable=True),
        sa.Column("rulebook_on", types.Text, nullable=False),
        sa.Column("badge", types.Text, nullable=True),
        sa.Column("reason_key", types.Text, nullable=False),
        sa.Column("generation", types.Whole, nullable=False),
        sa.Column("takes_back", types.Whole, nullable=True),
        sa.Column("corrects", types.Text, nullable=True),
        sa.Column("reason", types.Text, nullable=True),
        sa.Column("settles", types.Text, nullable=True),
        sa.CheckConstraint(_ONE_SUBJECT, name=op.f("ck_ledger_one_subject")),
        sa.CheckConstraint(
            "kind IN ('each', 'month', 'deduction', 'badge', 'prize', 'adjustment')",
            name=op.f("ck_ledger_kind"),
        ),
        sa.CheckConstraint("rating IN ('exceeded', 'met', 'missed')", name=op.f("ck_ledger_rating")),
        sa.CheckConstraint("subject IN ('rep', 'team')", name=op.f("ck_ledger_subject")),
        sa.CheckConstraint("generation >= 0", name=op.f("ck_ledger_generation")),
        sa.CheckConstraint("length(month) = 7 AND length(day) = 10", name=op.f("ck_ledger_month_and_day")),
        sa.CheckConstraint("points <> 0", name=op.f("ck_ledger_points")),
        sa.CheckConstraint("takes_back < id", name=op.f("ck_ledger_takes_back")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_ledger_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["takes_back"], ["ledger.id"], name=op.f("fk_ledger_takes_back"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_ledger_team_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sa.UniqueConstraint("takes_back", name=op.f("uq_ledger_takes_back")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_ledger_lead_key",
        "ledger",
        ["lead_key"],
        sqlite_where=sa.text("lead_key IS NOT NULL"),
        postgresql_where=sa.text("lead_key IS NOT NULL"),
    )
    op.create_index("ix_ledger_month", "ledger", ["month"])
    op.create_index("ix_ledger_person_id_booked_at", "ledger", ["person_id", "booked_at"])
    op.create_index(
        "ix_ledger_settles",
        "ledger",
        ["settles", "person_id"],
        sqlite_where=sa.text("settles IS NOT NULL"),
        postgresql_where=sa.text("settles IS NOT NULL"),
    )
    op.create_index("ix_ledger_team_id_booked_at", "ledger", ["team_id", "booked_at"])
    op.create_index(
        "uq_ledger_standing",
        "ledger",
        ["reason_key", "generation"],
        unique=True,
        sqlite_where=sa.text("takes_back IS NULL"),
        postgresql_where=sa.text("takes_back IS NULL"),
    )


def _awards() -> None:
    op.create_table(
        "awards",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("badge", types.Text, nullable=False),
        sa.Column("subject", types.Text, nullable=False),
        sa.Column("person_id", types.Whole, nullable=True),
        sa.Column("team_id", types.Whole, nullable=True),
        sa.Column("awarded_at", types.Whole, nullable=False),
        sa.Column("rulebook_on", types.Text, nullable=False),
        sa.Column("origin", types.Text, nullable=False),
        sa.Column("reason", types.Text, nullable=True),
        sa.Column("withdrawn_at", types.Whole, nullable=True),
        sa.Column("settles", types.Text, nullable=True),
        sa.CheckConstraint(_ONE_SUBJECT, name=op.f("ck_awards_one_subject")),
        sa.CheckConstraint("origin IN ('for', 'recognition', 'manual')", name=op.f("ck_awards_origin")),
        sa.CheckConstraint("subject IN ('rep', 'team')", name=op.f("ck_awards_subject")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_awards_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_awards_team_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awards")),
        sqlite_strict=True,
    )
    op.create_index("ix_awards_awarded_at", "awards", ["awarded_at"])
    op.create_index("ix_awards_person_id_awarded_at", "awards", ["person_id", "awarded_at"])
    op.create_index(
        "ix_awards_settles",
        "awards",
        ["settles", "person_id"],
        sqlite_where=sa.text("settles IS NOT NULL"),
        postgresql_where=sa.text("settles IS NOT NULL"),
    )
    op.create_index(
        "uq_awards_standing_rep",
        "awards",
        ["badge", "person_id", "awarded_at"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND subject = 'rep'"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND subject = 'rep'"),
    )
    op.create_index(
        "uq_awards_standing_team",
        "awards",
        ["badge", "team_id", "awarded_at"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND subject = 'team'"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND subject = 'team'"),
    )


def _seals() -> None:
    op.create_table(
        "seals",
        sa.Column("period", types.Text, nullable=False),
        sa.Column("kind", types.Text, nullable=False),
        sa.Column("position", types.Whole, nullable=False),
        sa.Column("closing_at", types.Whole, nullable=False),
        sa.Column("sealed_at", types.Whole, nullable=False),
        sa.Column("sealed_by", types.Text, nullable=False),
        sa.Column("document", types.Text, nullable=False),
        sa.Column("sha256", types.Text, nullable=False),
        sa.Column("previous_sha256", types.Text, nullable=False),
        sa.Column("horizon_seq", types.Whole, nullable=False),
        sa.Column("roster_version_id", types.Whole, nullable=True),
        sa.Column("rulebook_revision_ids", types.Text, nullable=False),
        sa.Column("reason", types.Text, nullable=True),
        sa.CheckConstraint("kind IN ('month', 'quarter')", name=op.f("ck_seals_kind")),
        sa.ForeignKeyConstraint(
            ["roster_version_id"],
            ["roster_versions.id"],
            name=op.f("fk_seals_roster_version_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_seals")),
        sa.UniqueConstraint("position", name=op.f("uq_seals_position")),
        sa.UniqueConstraint("previous_sha256", name=op.f("uq_seals_previous_sha256")),
        sqlite_strict=True,
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("at", types.Whole, nullable=False),
        sa.Column("actor", types.Text, nullable=False),
        sa.Column("action", types.Text, nullable=False),
        sa.Column("subject", types.Text, nullable=True),
        sa.Column("before", types.Text, nullable=True),
        sa.Column("after", types.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_subject_at", "audit", ["subject", "at"])
