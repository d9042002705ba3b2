"""Recomputes a sample of leads and all sums from the events, and reports what differs."""


def self_check() -> None:
    """Recomputes a sample of leads and all sums from the events, and reports what differs. Twice changes nothing."""
    from leaderboard.services import selfcheck

    selfcheck.self_check()
