"""A clock to set, and the company that most of these tests look at."""

import pytest
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant, parse_rfc3339
from leaderboard.services import clock
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.services.acme import ROSTER, RULEBOOK, SetClock


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the clock by which the services go."""

    def set_clock(text: str) -> Instant:
        now = parse_rfc3339(text)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    return set_clock


@pytest.fixture
def acme(session: Session, at: SetClock) -> Session:
    """The company on 1 July 2026, before anything happened."""
    now = at("2026-07-01T00:00:00Z")
    apply_rulebook(RULEBOOK, "rulebook.yaml", now, "test")
    import_roster(ROSTER, "roster.yaml", now, "test")
    return session
