"""Versions in trial are counted beside the one in force."""

from leaderboard.services import trial_counting


def count_trials() -> None:
    """All whose turn it is, or that somebody waits for. Twice changes nothing."""
    trial_counting.count_due()
