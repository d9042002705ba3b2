"""The nightly self-check."""

from leaderboard.services import selfcheck


def self_check() -> None:
    """Finds and reports; mends nothing."""
    selfcheck.self_check()
