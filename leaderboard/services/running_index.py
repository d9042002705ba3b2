"""Which clocks run, kept with the folds: the way from a rep to the leads that wait for him."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from leaderboard.domain.outcomes import LeadFold
from leaderboard.persistence.bulk import Row, among, insert_rows
from leaderboard.persistence.models import RunningClock
from leaderboard.services.directory import Directory

RUNNING_COLUMNS = ("lead_key", "service_level", "person_id", "due_at")


def keep_running(session: Session, folds: Mapping[str, LeadFold], directory: Directory) -> None:
    """Replaces what is kept of these leads."""
    if folds:
        session.execute(delete(RunningClock).where(among(session, RunningClock.lead_key, list(folds))))
    rows = [row for key, fold in folds.items() for row in running_rows(key, fold, directory)]
    insert_rows(session, RunningClock, RUNNING_COLUMNS, rows)


def running_rows(lead_key: str, fold: LeadFold, directory: Directory) -> list[Row]:
    """The clocks of one lead that run."""
    return [
        (lead_key, clock.service_level, directory.person_id(clock.holder), clock.due_at)
        for clock in fold.running
    ]
