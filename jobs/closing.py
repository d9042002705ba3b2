"""Seals the periods whose time has come."""


def close_due() -> None:
    """Closes them. Twice changes nothing."""
    from leaderboard.services import closing

    closing.close_due()
