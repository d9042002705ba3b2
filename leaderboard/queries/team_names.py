"""The teams of the roster by name, to choose from."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.persistence.models import Team


def team_names(session: Session) -> tuple[tuple[str, str], ...]:
    """The ids and names of the teams that are in the roster, by name."""
    rows = session.execute(select(Team.team_id, Team.name).where(Team.in_roster))
    return tuple(sorted(((key, name or key) for key, name in rows), key=lambda one: (one[1], one[0])))
