"""People, rules, events and the leads they touch.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from leaderboard.persistence import guards, types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people()
    _rep_keys()
    _teams()
    _roster_versions()
    _rulebook_revisions()
    _events()
    _leads()
    _intake_problems()
    _imports()
    dialect = op.get_bind().dialect.name
    for statement in guards.forbid_changes(dialect, ("events", "roster_versions", "rulebook_revisions")):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("imports")
    op.drop_table("intake_problems")
    op.drop_table("leads")
    op.drop_table("events")
    op.drop_table("rulebook_revisions")
    op.drop_table("roster_versions")
    op.drop_table("teams")
    op.drop_table("rep_keys")
    op.drop_table("people")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("rep_id", types.Text, nullable=True),
        sa.Column("name", types.Text, nullable=True),
        sa.Column("email", types.Text, nullable=True),
        sa.Column("in_roster", types.Flag(), nullable=False),
        sa.Column("created_at", types.Whole, nullable=False),
        sa.Column("erased_at", types.Whole, nullable=True),
        sa.CheckConstraint(
            "(rep_id IS NULL) = (erased_at IS NOT NULL)", name=op.f("ck_people_named_or_erased")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("rep_id", name=op.f("uq_people_rep_id")),
        sqlite_strict=True,
    )


def _rep_keys() -> None:
    op.create_table(
        "rep_keys",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("text", types.Text, nullable=True),
        sa.Column("person_id", types.Whole, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_rep_keys_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rep_keys")),
        sa.UniqueConstraint("text", name=op.f("uq_rep_keys_text")),
        sqlite_strict=True,
    )
    op.create_index("ix_rep_keys_person_id", "rep_keys", ["person_id"])


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("team_id", types.Text, nullable=False),
        sa.Column("name", types.Text, nullable=True),
        sa.Column("department", types.Text, nullable=True),
        sa.Column("manager_person_id", types.Whole, nullable=True),
        sa.Column("in_roster", types.Flag(), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager_person_id"], ["people.id"], name=op.f("fk_teams_manager_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("team_id", name=op.f("uq_teams_team_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_teams_manager_person_id", "teams", ["manager_person_id"])


def _roster_versions() -> None:
    op.create_table(
        "roster_versions",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("document", types.Text, nullable=False),
        sa.Column("sha256", types.Text, nullable=False),
        sa.Column("imported_at", types.Whole, nullable=False),
        sa.Column("imported_by", types.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_versions")),
        sqlite_strict=True,
    )


def _rulebook_revisions() -> None:
    op.create_table(
        "rulebook_revisions",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("effective_from", types.Text, nullable=False),
        sa.Column("document", types.Text, nullable=False),
        sa.Column("holidays", types.Text, nullable=False),
        sa.Column("sha256", types.Text, nullable=False),
        sa.Column("applied_at", types.Whole, nullable=False),
        sa.Column("applied_by", types.Text, nullable=False),
        sa.Column("reason", types.Text, nullable=True),
        sa.Column("restates", types.Flag(), nullable=False),
        sa.CheckConstraint("length(effective_from) = 10", name=op.f("ck_rulebook_revisions_effective_from")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulebook_revisions")),
        sqlite_strict=True,
    )
    op.create_index("ix_rulebook_revisions_effective_from", "rulebook_revisions", ["effective_from"])


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("seq", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("source", types.Text, nullable=False),
        sa.Column("event_id", types.Text, nullable=False),
        sa.Column("type", types.Text, nullable=False),
        sa.Column("time_at", types.Whole, nullable=False),
        sa.Column("lead_key", types.Text, nullable=False),
        sa.Column("rep_key_id", types.Whole, nullable=True),
        sa.Column("attributes", types.Text, nullable=True),
        sa.Column("received_at", types.Whole, nullable=False),
        sa.Column("voids", types.Text, nullable=True),
        sa.Column("as_written", types.Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["rep_key_id"], ["rep_keys.id"], name=op.f("fk_events_rep_key_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sa.UniqueConstraint("source", "event_id", name=op.f("uq_events_source_event_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_events_lead_key", "events", ["lead_key"])
    op.create_index("ix_events_source_received_at", "events", ["source", "received_at"])
    op.create_index(
        "ix_events_voids",
        "events",
        ["source", "voids"],
        sqlite_where=sa.text("voids IS NOT NULL"),
        postgresql_where=sa.text("voids IS NOT NULL"),
    )


def _leads() -> None:
    op.create_table(
        "leads",
        sa.Column("lead_key", types.Text, nullable=False),
        sa.Column("touched_seq", types.Whole, nullable=False),
        sa.Column("folded_seq", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", types.Whole, nullable=True),
        sa.Column("first_at", types.Whole, nullable=True),
        sa.Column("attempts", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("retry_at", types.Whole, nullable=True),
        sa.Column("leased_by", types.Text, nullable=True),
        sa.Column("leased_until", types.Whole, nullable=True),
        sa.Column("last_error", types.Text, nullable=True),
        sa.CheckConstraint("folded_seq <= touched_seq", name=op.f("ck_leads_folded_seq")),
        sa.PrimaryKeyConstraint("lead_key", name=op.f("pk_leads")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_leads_due_at",
        "leads",
        ["due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("ix_leads_first_at", "leads", ["first_at"])
    op.create_index(
        "ix_leads_pending",
        "leads",
        ["lead_key"],
        sqlite_where=sa.text("touched_seq > folded_seq"),
        postgresql_where=sa.text("touched_seq > folded_seq"),
    )


def _intake_problems() -> None:
    op.create_table(
        "intake_problems",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("kind", types.Text, nullable=False),
        sa.Column("source", types.Text, nullable=True),
        sa.Column("event_id", types.Text, nullable=True),
        sa.Column("origin", types.Text, nullable=True),
        sa.Column("reason", types.Text, nullable=False),
        sa.Column("params", types.Text, nullable=True),
        sa.Column("payload", types.Text, nullable=True),
        sa.Column("digest", types.Text, nullable=False),
        sa.Column("noted_at", types.Whole, nullable=False),
        sa.Column("resolved_at", types.Whole, nullable=True),
        sa.Column("resolved_by", types.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_problems")),
        sa.UniqueConstraint("digest", name=op.f("uq_intake_problems_digest")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_intake_problems_open",
        "intake_problems",
        ["kind", "noted_at"],
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", types.Whole, sa.Identity(always=False), nullable=False),
        sa.Column("file_name", types.Text, nullable=False),
        sa.Column("source", types.Text, nullable=True),
        sa.Column("started_at", types.Whole, nullable=False),
        sa.Column("finished_at", types.Whole, nullable=True),
        sa.Column("read", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("accepted", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("duplicates", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.Column("rejected", types.Whole, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sqlite_strict=True,
    )
    op.create_index("ix_imports_started_at", "imports", ["started_at"])
