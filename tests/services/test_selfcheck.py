"""The nightly self-check finds what somebody changed, says so, and says nothing else."""

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from leaderboard.domain.instants import parse_rfc3339
from leaderboard.persistence.models import AuditEntry
from leaderboard.services import clock, heartbeats
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.selfcheck import CLEAN, self_check
from tests.services.acme import ROSTER, RULEBOOK, send

NOW = parse_rfc3339("2026-07-20T12:00:00Z")


@pytest.fixture
def evaluated(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """One lead was answered in time, one too late, and a third has still half an hour."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    apply_rulebook(RULEBOOK, "rulebook.yaml", NOW, "test")
    import_roster(ROSTER, "roster.yaml", NOW, "test")
    send(
        session,
        ("1", "lead.assigned", "2026-07-01T09:00:00Z", "L1", "ana"),
        ("2", "lead.contacted", "2026-07-01T09:30:00Z", "L1", "ana"),
        ("3", "lead.assigned", "2026-07-02T09:00:00Z", "L2", "ben"),
        ("4", "lead.contacted", "2026-07-02T11:00:00Z", "L2", "ben"),
        ("5", "lead.assigned", "2026-07-20T11:30:00Z", "L3", "ben"),
    )
    bring_up_to_date(NOW)
    return session


def test_where_all_is_equal_it_says_so_and_nothing_else(evaluated: Session) -> None:
    assert self_check() == []
    assert heartbeats.last_seen()[CLEAN] == NOW
    assert evaluated.scalars(select(AuditEntry).where(AuditEntry.actor == "self-check")).all() == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE outcomes SET rating = 'missed' WHERE lead_key = 'L1'", "lead L1"),
        ("UPDATE month_sums SET points = points + 1", "month sum"),
        ("UPDATE day_sums SET met = met + 1", "day sum"),
        ("UPDATE outcomes SET points = points + 1 WHERE lead_key = 'L1'", "points of outcomes"),
    ],
)
def test_what_somebody_changed_is_found_and_noted(evaluated: Session, statement: str, told: str) -> None:
    evaluated.execute(text(statement))
    evaluated.commit()
    differences = self_check()
    assert any(told in difference for difference in differences), differences
    noted = evaluated.scalars(select(AuditEntry).where(AuditEntry.actor == "self-check")).one()
    assert json.loads(noted.after or "")["differences"] == len(differences)
    assert CLEAN not in heartbeats.last_seen()


def test_what_waits_to_be_evaluated_is_no_difference(evaluated: Session) -> None:
    send(evaluated, ("6", "lead.contacted", "2026-07-20T11:45:00Z", "L3", "ben"))
    assert self_check() == []


def test_before_there_are_rules_there_is_nothing_to_check(session: Session) -> None:
    assert self_check() == []
