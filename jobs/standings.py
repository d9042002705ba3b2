"""The standings of months that have ended, and with them of their quarters: ratings, badges, ladders, prizes."""

from leaderboard.services import clock, settlement


def settle() -> None:
    """Month after month, each in a transaction of its own. Twice changes nothing."""
    now = clock.now()
    while settlement.settle_months(now):
        pass
