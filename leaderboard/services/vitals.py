"""How the product is doing, for those who watch over it."""

from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.db import db, reading_engine
from leaderboard.queries.vital_signs import VitalSigns, vital_signs


def signs(now: Instant) -> VitalSigns:
    """All of them, from one snapshot."""
    with Session(reading_engine(db.engine)) as session:
        return vital_signs(session, now)
