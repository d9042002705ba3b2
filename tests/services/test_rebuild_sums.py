"""The kept sums made anew are what was kept, whatever became of them in between."""

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from leaderboard.domain.instants import parse_rfc3339
from leaderboard.persistence.models import CountSum, DaySum, MonthSum, Tally
from leaderboard.services import answers, clock
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.rebuild_sums import rebuild_sums
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.verification import verify_ledger
from tests.services.acme import ROSTER, RULEBOOK, send

NOW = parse_rfc3339("2026-08-20T12:00:00Z")
KEPT = (DaySum, MonthSum, Tally, CountSum)


@pytest.fixture
def evaluated(session: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Two months; an outcome fell, for a contact that came late, so that an entry is taken back."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    apply_rulebook(RULEBOOK, "rulebook.yaml", NOW, "test")
    import_roster(ROSTER, "roster.yaml", NOW, "test")
    send(
        session,
        ("1", "lead.assigned", "2026-07-01T09:00:00Z", "L1", "ana"),
        ("2", "lead.contacted", "2026-07-01T09:30:00Z", "L1", "ana"),
        ("3", "lead.assigned", "2026-07-02T09:00:00Z", "L2", "ben"),
        ("4", "lead.assigned", "2026-08-20T11:30:00Z", "L3", "ben"),
        ("5", "lead.contacted", "2026-08-20T11:40:00Z", "L3", "ben"),
    )
    bring_up_to_date(NOW)
    send(session, ("6", "lead.contacted", "2026-07-02T09:20:00Z", "L2", "ben"))
    bring_up_to_date(NOW)
    return session


def kept(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """All kept sums that come to anything."""
    found = {}
    for model in KEPT:
        table = model.__table__
        keys = len(table.primary_key.columns)
        rows = (tuple(row) for row in session.execute(select(table)))
        found[table.name] = sorted(
            row for row in rows if any(amount not in (0, "0") for amount in row[keys:])
        )
    session.rollback()
    return found


@pytest.mark.parametrize("damage", ["nothing", "emptied", "wrong", "invented"])
def test_sums_are_as_they_were_kept(evaluated: Session, damage: str) -> None:
    before = kept(evaluated)
    assert before["day_sums"]
    assert before["tallies"]
    if damage == "emptied":
        for model in KEPT:
            evaluated.execute(delete(model))
    if damage == "wrong":
        evaluated.execute(text("UPDATE month_sums SET points = points + 7"))
        evaluated.execute(text("UPDATE day_sums SET met = met + 1, entries = 0"))
    if damage == "invented":
        evaluated.execute(
            text("INSERT INTO month_sums (month, person_id, team_id, points) VALUES ('2025-01', 1, 0, 5)")
        )
    evaluated.commit()
    assert rebuild_sums() == 2
    assert kept(evaluated) == before
    assert verify_ledger(answers.ask()) == []


def test_without_a_rulebook_there_is_nothing_to_sum_up(session: Session) -> None:
    assert rebuild_sums() == 0
