"""The demo is loaded: its past months closed one after the other, the current one up to this instant.

Each step commits by itself and does nothing where it was done before, so that a load that was killed goes on where it
was. All that it stores follows from the anchor, which is written down first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import DAY, MINUTE, Instant
from leaderboard.domain.periods import Month, Period
from leaderboard.persistence.db import current_session, db, reading_engine
from leaderboard.persistence.models import Event
from leaderboard.services import problems
from leaderboard.services.closed_periods import closed_months, closed_quarters
from leaderboard.services.closing import close_period
from leaderboard.services.demo.accounts import create_accounts
from leaderboard.services.demo.company import roster_document
from leaderboard.services.demo.flaws import rejected_rows
from leaderboard.services.demo.marker import find_marker, is_empty, note_begun, note_loaded
from leaderboard.services.demo.plan import plan
from leaderboard.services.demo.signs import ACTOR, SHORT_BREAK, SOURCES
from leaderboard.services.demo.stories import Planned
from leaderboard.services.demo.world import World, rulebook_documents
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook

_FINE = 20 * MINUTE
_FINE_SINCE = 6 * DAY
"""So long before the present events come in by such pieces of time; before it, by days."""
_OVERLAP = 3 * DAY
_LATE = 2 * DAY


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the load, and what is told once it is done."""

    name: str
    do: Callable[[], str]


class NotEmpty(Exception):
    """The instance has data that is no demo's."""


def begin(now: Instant, scale: float = 1.0) -> World:
    """The world to load: the one begun before, else a new one. Raises NotEmpty for an instance with data of its own."""
    marker = find_marker()
    if marker is not None:
        return marker.world
    if not is_empty():
        raise NotEmpty
    world = World(now, scale)
    note_begun(world, now)
    return world


def steps(world: World) -> Iterator[Step]:
    """All of the load, in order."""
    yield Step("rulebooks", lambda: _apply_rulebooks(world))
    yield Step("roster", lambda: _import_roster(world))
    planned = plan(world, 0, world.anchor_at)
    yield from _stretches(world, planned, 0, world.anchor_at)
    yield Step("accounts", lambda: _finish(world))


def _apply_rulebooks(world: World) -> str:
    for name, applied_on, document in rulebook_documents(world.first_month):
        apply_rulebook(document, name, world.midnight(applied_on), ACTOR)
    return "two versions"


def _import_roster(world: World) -> str:
    at = world.midnight(world.first_on) - 9 * DAY
    change = import_roster(roster_document(world.first_month), "demo roster", at, ACTOR)
    return f"{change.reps} people in {change.teams} teams"


def _finish(world: World) -> str:
    session = current_session()
    problems.note(session, rejected_rows(), world.anchor_at - DAY)
    session.commit()
    create_accounts(world.anchor_at)
    note_loaded(world.anchor_at)
    return "a rep, a manager, an administrator"


def last_received_at(world: World) -> Instant:
    """When the company's systems were last heard; 0 for never."""
    with Session(reading_engine(db.engine)) as session:
        heard = select(func.max(Event.received_at)).where(Event.source.in_(SOURCES))
        return session.scalar(heard) or 0


def catch_up(world: World, since: Instant, now: Instant) -> Iterator[Step]:
    """What happened since the demo last ran, and would have been closed meanwhile. Days before `since` are looked at
    again: what is there already is there once.
    """
    if now - since < SHORT_BREAK:
        return
    after = max(world.anchor_at, since - _OVERLAP)
    yield from _stretches(world, plan(world, after, now), after, now)


def _stretches(world: World, planned: list[Planned], after: Instant, until: Instant) -> Iterator[Step]:
    """From closing to closing: the events of each stretch, evaluated and sealed."""
    month = Month.of_date(world.date_at(max(after, world.midnight(world.first_on)))).plus(-1)
    month = max(month, world.first_month)
    start = 0
    while (closing_at := world.closing_at(month)) <= until:
        if month >= Month.of_date(world.date_at(until)):
            break
        end = _place(planned, closing_at, start)
        yield _stretch(world, month, planned[start:end], closing_at)
        start, month = end, month.plus(1)
    yield _stretch(world, None, planned[start:], until)


def _place(planned: list[Planned], at: Instant, start: int) -> int:
    """The first place, from `start` on, of what comes in later than `at`."""
    return next((n for n in range(start, len(planned)) if planned[n].received_at > at), len(planned))


def _stretch(world: World, month: Month | None, planned: list[Planned], until: Instant) -> Step:
    def do() -> str:
        stored_until = last_received_at(world)

        def adjust(at: Instant) -> None:
            # An adjustment is booked when it is evaluated. What an earlier load had done already is past.
            if at >= stored_until:
                bring_up_to_date(at)

        count = receive(world, planned, until, adjust)
        if month is None:
            bring_up_to_date(until)
            return f"{count:,} events"
        return f"{count:,} events, {_close(world, month, until)}"

    return Step(str(month or Month.of_date(world.date_at(until))), do)


def receive(
    world: World, planned: list[Planned], until: Instant, on_late: Callable[[Instant], None] | None = None
) -> int:
    """Stores what came in, a piece of time a transaction; how many were new. `on_late` is called after a piece with
    news of days ago.
    """
    session, count = current_session(), 0
    for _, piece in groupby(planned, key=lambda one: _piece(world, one, until)):
        batch = list(piece)
        received_at = batch[-1].received_at
        count += accept(session, [one.event for one in batch], received_at).accepted
        session.commit()
        if on_late is not None and any(one.received_at - one.event.time > _LATE for one in batch):
            on_late(received_at)
    return count


def _piece(world: World, one: Planned, until: Instant) -> object:
    at = one.received_at
    return at // _FINE if at > max(until, world.anchor_at) - _FINE_SINCE else world.date_at(at)


def _close(world: World, month: Month, at: Instant) -> str:
    """Seals the month, and the quarter that ends with it; says which."""
    calendar = world.book.calendar
    quarter = calendar.quarter_of(month)
    wanted: list[Period] = [calendar.month(month)]
    if quarter.months[-1] == month:
        wanted.append(quarter)
    session = current_session()
    closed = closed_months(session) | closed_quarters(session)
    session.rollback()
    names = [period.name for period in wanted if period.name not in closed]
    for name in names:
        close_period(name, ACTOR, at)
    return " and ".join(names) + " sealed" if names else "sealed before"
