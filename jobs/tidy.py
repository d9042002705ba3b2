"""Drops what nobody needs any more."""

from leaderboard.services import clock, ticks

_DAY = 86_400 * 1_000_000
_KEPT_DAYS = 40


def tidy() -> None:
    """Old slots of the timetable; the newest ones still keep two schedulers from running one twice."""
    ticks.forget_before(clock.now() - _KEPT_DAYS * _DAY)
