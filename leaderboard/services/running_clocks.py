"""Which clocks run for a rep just now: the rep's open leads, folded as of this instant."""

from sqlalchemy import select

from leaderboard.domain.events import Event
from leaderboard.domain.fold import fold_lead
from leaderboard.domain.instants import SECOND, Instant
from leaderboard.domain.outcomes import RunningClock as Running
from leaderboard.domain.rulebook import Response
from leaderboard.persistence.models import RunningClock as Kept
from leaderboard.queries.ground import Reading
from leaderboard.queries.rep_page import RunningClock
from leaderboard.services.timelines import load_timelines

_MOST_LEADS = 200


def running_clocks(reading: Reading, person_key: int, rep_id: str) -> tuple[RunningClock, ...]:
    """The nearest due first; paused ones, which are due at no instant, last. Two statements.

    The leads whose clocks ran for the rep when they were last folded are folded as of now.
    """
    book, placement = reading.ground.book, reading.ground.placement
    timelines = load_timelines(reading.session, _open_leads(reading, person_key), reading.now)
    found = [
        (clock.due_at, _shown(reading, clock, timeline.events))
        for timeline in timelines.values()
        for clock in fold_lead(timeline.events, book, placement, reading.now).running
        if clock.holder == rep_id
    ]
    return tuple(clock for _, clock in sorted(found, key=_nearest))


def _nearest(pair: tuple[Instant | None, RunningClock]) -> tuple[bool, Instant, str]:
    due_at, clock = pair
    return (due_at is None, due_at or 0, clock.lead)


def _open_leads(reading: Reading, person_key: int) -> list[str]:
    statement = (
        select(Kept.lead_key)
        .where(Kept.person_id == person_key)
        .order_by(Kept.due_at.is_(None), Kept.due_at)
        .limit(_MOST_LEADS)
    )
    return list(dict.fromkeys(reading.session.scalars(statement)))


def _shown(reading: Reading, clock: Running, events: list[Event]) -> RunningClock:
    version = reading.ground.book.on(clock.rulebook_on)
    level = version.service_levels[clock.service_level]
    assert isinstance(level, Response)
    hours, off = version.hours(level), reading.ground.placement.off(clock.holder)
    elapsed_us = clock.elapsed_us
    if clock.due_at is not None and not clock.paused:
        elapsed_us = clock.within_us - hours.between(reading.now, clock.due_at, off)
    return RunningClock(
        lead=clock.lead or "",
        service_level=level.name,
        grade=_grade(events, clock.opened_at),
        opened_at=clock.opened_at,
        due_at=clock.due_at,
        elapsed_us=elapsed_us,
        within_us=clock.within_us,
        exceed_within_us=clock.exceed_within_us,
        points_exceeded=level.each.exceeded,
        points_met=level.each.met,
        in_working_time=level.calendar is not None,
        is_paused=clock.paused,
        is_shut=not clock.paused and not hours.between(reading.now, reading.now + SECOND, off),
    )


def _grade(events: list[Event], at: Instant) -> str | None:
    graded = [event for event in events if event.time <= at and "grade" in event.attributes]
    return max(graded, key=lambda event: event.time).attributes["grade"] if graded else None
