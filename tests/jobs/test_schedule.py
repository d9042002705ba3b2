"""The timetable as data: its slots, and that every entry can be run."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from jobs.schedule import TIMETABLE, Entry, newest_slot, next_slot, open_slots
from leaderboard.job_queue import JOBS, resolve
from leaderboard.queues import QUEUES

ENTRIES = st.builds(
    Entry,
    name=st.just("x"),
    job=st.just("tidy"),
    every=st.integers(1, 100_000),
    offset=st.integers(0, 100_000),
    catch_up=st.integers(1, 50),
)


def test_the_timetable_is_whole() -> None:
    assert [entry.name for entry in TIMETABLE] == [
        "evaluate-due",
        "standings",
        "close-due",
        "simulations",
        "work-orders",
        "trials",
        "moments",
        "payouts",
        "announcements",
        "self-check",
        "tidy",
    ]
    assert {entry.job for entry in TIMETABLE} <= set(JOBS)


def test_what_is_due_is_looked_for_each_minute() -> None:
    assert [entry.every for entry in TIMETABLE if entry.job == "evaluate_due"] == [60]


def test_every_jobs_name_resolves_and_its_queue_has_a_worker() -> None:
    for name, kind in JOBS.items():
        assert callable(resolve(name))
        assert kind.queue in QUEUES


def test_what_runs_often_is_short() -> None:
    for entry in TIMETABLE:
        assert JOBS[entry.job].seconds <= max(120, entry.every * 2)


@given(ENTRIES, st.integers(0, 4_000_000_000))
def test_the_newest_slot_is_the_last_one_that_has_come(entry: Entry, now: int) -> None:
    slot = newest_slot(entry, now)
    assert slot <= now < slot + entry.every
    assert (slot - entry.offset) % entry.every == 0
    assert next_slot((entry,), now) == slot + entry.every


@given(ENTRIES, st.integers(0, 4_000_000_000))
def test_open_slots_are_the_newest_ones_in_order(entry: Entry, now: int) -> None:
    slots = list(open_slots(entry, now))
    assert len(slots) == entry.catch_up
    assert slots[-1] == newest_slot(entry, now)
    assert {later - earlier for earlier, later in itertools.pairwise(slots)} <= {entry.every}
