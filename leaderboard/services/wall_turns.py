"""Who tells screens something does so one after the other: a stream goes by the numbers of what it has told."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.persistence.models import WallState


def take_turn(session: Session) -> None:
    """Waits until nobody else is about to tell something; until the transaction's end.

    Before the first number is given: else of two transactions the one with the lower number might become seen after
    the other's, and the streams that have gone by it already would never tell it.
    """
    session.execute(select(WallState.id).with_for_update())
