"""The timetable, as data. Slots are whole seconds since the epoch, in UTC: no hour is lost or doubled in autumn."""

from collections.abc import Iterator
from dataclasses import dataclass

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A job that is due at each multiple of `every` seconds, `offset` seconds after it."""

    name: str
    job: str
    every: int
    offset: int = 0
    catch_up: int = 1
    """How many of the newest slots are run that nobody ran in time. One is enough for what sweeps up all there is."""
    patience: int = 3 * MINUTE
    """Seconds after a slot by which its job must have ended; then the scheduler runs it by itself."""


TIMETABLE = (
    Entry(name="evaluate-due", job="evaluate_due", every=MINUTE),
    Entry(name="standings", job="standings", every=10 * MINUTE, offset=MINUTE // 2, patience=10 * MINUTE),
    Entry(name="close-due", job="close_due", every=15 * MINUTE, patience=10 * MINUTE),
    Entry(name="simulations", job="simulate_waiting", every=MINUTE, offset=MINUTE // 4),
    Entry(
        name="work-orders", job="work_orders_waiting", every=5 * MINUTE, offset=MINUTE, patience=15 * MINUTE
    ),
    Entry(name="trials", job="count_trials", every=5 * MINUTE, offset=3 * MINUTE // 4, patience=15 * MINUTE),
    Entry(name="moments", job="note_moments", every=MINUTE, offset=MINUTE // 2),
    Entry(name="payouts", job="propose_payouts", every=15 * MINUTE, offset=5 * MINUTE),
    Entry(name="announcements", job="announce", every=MINUTE, offset=MINUTE * 3 // 4),
    Entry(name="self-check", job="self_check", every=DAY, offset=2 * HOUR + 20 * MINUTE, patience=HOUR),
    Entry(name="tidy", job="tidy", every=DAY, offset=3 * HOUR + 40 * MINUTE, patience=HOUR),
)


def newest_slot(entry: Entry, now: int) -> int:
    """The entry's last slot that is not after `now` (seconds since the epoch)."""
    return (now - entry.offset) // entry.every * entry.every + entry.offset


def open_slots(entry: Entry, now: int) -> Iterator[int]:
    """The slots that may still be claimed at `now`, oldest first.

    They depend on nothing but the time, so a clock that was once far ahead blocks nothing when it is set right.
    """
    newest = newest_slot(entry, now)
    yield from range(newest - (entry.catch_up - 1) * entry.every, newest + 1, entry.every)


def next_slot(entries: tuple[Entry, ...], now: int) -> int:
    """The first slot of any entry after `now`."""
    return min(newest_slot(entry, now) + entry.every for entry in entries)
