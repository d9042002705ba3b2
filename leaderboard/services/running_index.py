"""Which clocks run, kept with the folds: the way from a rep to the leads that wait for him."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from leaderboard.domain.outcomes import LeadFold
from leaderboard.persistence.bulk import among, insert_rows
from leaderboard.persistence.models import RunningClock
from leaderboard.services.directory import Directory

_COLUMNS = ("lead_key", "service_level", "person_id", "due_at")


def keep_running(
    session: Session, folds: Mapping[str, LeadFold], fresh: Collection[str], directory: Directory
) -> None:
    """Replaces what is kept of these leads; of `fresh` ones nothing can be there yet."""
    known = [key for key in folds if key not in fresh]
    if known:
        session.execute(delete(RunningClock).where(among(session, RunningClock.lead_key, known)))
    rows = [
        (key, clock.service_level, directory.person_id(clock.holder), clock.due_at)
        for key, fold in folds.items()
        for clock in fold.running
    ]
    insert_rows(session, RunningClock, _COLUMNS, rows)
