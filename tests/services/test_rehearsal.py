"""A rehearsal does what an evaluation does, and leaves nothing of it."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.persistence.db import Base, db
from leaderboard.services import clock
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.rehearsal import rehearse
from tests.databases import count_statements
from tests.services.acme import SetClock, send


@pytest.fixture
def answered(acme: Session, at: SetClock) -> Session:
    at("2026-07-20T12:00:00Z")
    send(
        acme,
        ("1", "lead.assigned", "2026-07-20T09:00:00Z", "L1", "ana"),
        ("2", "lead.contacted", "2026-07-20T09:10:00Z", "L1", "ana"),
    )
    bring_up_to_date(clock.now())
    return acme


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    found = {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }
    session.rollback()
    return found


def test_it_leaves_everything_as_it_was(answered: Session) -> None:
    before = everything(answered)
    with count_statements(db.engine) as statements:
        assert rehearse()
    assert any(statement.startswith("UPDATE") for statement in statements)
    assert everything(answered) == before


def test_without_an_outcome_there_is_nothing_to_rehearse(acme: Session) -> None:
    assert not rehearse()
    assert acme.scalar(select(func.count()).select_from(Base.metadata.tables["outcomes"])) == 0


def test_an_evaluation_after_it_compiles_hardly_anything(answered: Session) -> None:
    send(answered, ("3", "lead.contacted", "2026-07-20T09:20:00Z", "L1", "ana"))
    cache = db.engine._compiled_cache
    assert cache is not None
    cache.clear()  # type: ignore[no-untyped-call]
    rehearse()
    known = set(cache)
    bring_up_to_date(clock.now())
    assert len(set(cache) - known) <= 3
