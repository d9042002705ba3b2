"""Work that was asked for on screen."""

from leaderboard.services import work_orders


def work_order(order_id: int) -> None:
    """The one that was asked for. Twice changes nothing."""
    work_orders.run(order_id)


def work_orders_waiting() -> None:
    """Those that nobody rang for in time, or that somebody died in. Twice changes nothing."""
    work_orders.run_waiting()
