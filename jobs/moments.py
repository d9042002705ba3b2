"""Moments for the screens: noticed after each evaluation, and each minute in case nobody rang."""

from leaderboard.services.moments import note_moments


def note() -> None:
    """Notes what is worth a celebration; twice changes nothing."""
    note_moments()
