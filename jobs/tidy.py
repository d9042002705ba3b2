"""Drops what nobody needs any more."""

from leaderboard.services import (
    clock,
    login_sessions,
    login_throttle,
    one_time_links,
    simulation_runs,
    ticks,
    work_orders,
)

_DAY = 86_400 * 1_000_000
_KEPT_DAYS = 40


def tidy() -> None:
    """Ended logins, spent links, old tries, what was asked for on screen, and old slots. Twice changes nothing."""
    now = clock.now()
    login_sessions.forget_ended(now)
    login_throttle.forget_old(now)
    one_time_links.forget_old(now)
    simulation_runs.forget_old(now)
    work_orders.forget_old(now)
    # The newest slots still keep two schedulers from running one twice.
    ticks.forget_before(now - _KEPT_DAYS * _DAY)
