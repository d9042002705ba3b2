"""Tells people what happened to them since the last time."""

from leaderboard.services import announcing


def announce() -> None:
    """Twice changes nothing."""
    announcing.announce()
