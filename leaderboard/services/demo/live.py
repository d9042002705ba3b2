"""The demo's life while it runs: what was planned for now comes in, and some more for whoever is watching.

Nothing is kept in this process that the next one could not find again: what is planned follows from the world, a lead
that came by itself is told again from its first event, and what is stored already is a duplicate.
"""

import heapq
import threading
from dataclasses import dataclass
from random import Random

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.events import Event
from leaderboard.domain.instants import DAY, HOUR, SECOND, Instant
from leaderboard.persistence import models
from leaderboard.persistence.db import current_session, db, reading_engine
from leaderboard.services import clock
from leaderboard.services.demo.loading import last_received_at, receive
from leaderboard.services.demo.names import live_lead_name
from leaderboard.services.demo.plan import plan
from leaderboard.services.demo.signs import FORMS
from leaderboard.services.demo.stories import LeadStory, LiveTempo, Planned, in_order
from leaderboard.services.demo.world import World
from leaderboard.services.failures import DATABASE_AWAY

log = structlog.get_logger(__name__)

_LIVE = "live-"
_LOOK_BACK = 3 * DAY
"""What was to come in while nobody ran the demo is looked for so far back; `catch_up` has done what is older."""
_AHEAD = DAY
_SHORTEST_WAIT, _LONGEST_WAIT = 0.2, 10.0
_MOST_VISITED = 40
_BEGUN_BEFORE = tuple(seconds * SECOND for seconds in (780, 690, 600, 510, 430, 350, 270, 200, 130))
_PAGES = ("prices", "cases", "tour", "integrations", "contact")


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, on average, from one unplanned lead, or one visit, to the next."""

    lead: int
    visit: int


def pace(is_open: bool, running_for: int) -> Pace:
    """Lively for who has just started it; calmer later, or a demo left on would drown its own history."""
    if running_for < HOUR // 2:
        return Pace(40, 14) if is_open else Pace(60, 25)
    if running_for < 3 * HOUR:
        return Pace(120, 20) if is_open else Pace(300, 45)
    return Pace(300, 25) if is_open else Pace(900, 60)


class Life:
    """One run of it, from `started_at` on."""

    def __init__(self, world: World, started_at: Instant, chance: Random | None = None) -> None:
        self._world = world
        self._started_at = started_at
        self._chance = chance or Random()
        since = max(world.anchor_at, min(last_received_at(world), started_at) - _LOOK_BACK)
        self._planned_until = started_at + _AHEAD
        self._queue = plan(world, since, self._planned_until)
        known = [one.event.lead for one in self._queue if one.received_at <= started_at and one.event.lead]
        self._visited = known[-_MOST_VISITED:]
        for event_id, lead, created_at in _unplanned(started_at - _LOOK_BACK):
            self._queue.extend(_story(world, event_id, lead, created_at))
        heapq.heapify(self._queue)
        self._begin_before(started_at)
        self._lead_at = self._later(started_at, 8)
        self._visit_at = self._later(started_at, 4)

    def step(self, now: Instant) -> int:
        """Stores what has come in by now; how many events were new."""
        self._plan_ahead(now)
        rhythm = pace(self._world.hours.is_open_at(now), now - self._started_at)
        if now >= self._lead_at:
            self._add_lead(now)
            self._lead_at = self._later(now, rhythm.lead)
        if now >= self._visit_at:
            self._add_visit(now)
            self._visit_at = self._later(now, rhythm.visit)
        due = []
        while self._queue and self._queue[0].received_at <= now:
            due.append(heapq.heappop(self._queue))
        return receive(self._world, in_order(due), now) if due else 0

    def seconds_to_next(self, now: Instant) -> float:
        """How long nothing is to be done."""
        next_at = min(self._lead_at, self._visit_at)
        if self._queue:
            next_at = min(next_at, self._queue[0].received_at)
        return min(max(_SHORTEST_WAIT, (next_at - now) / SECOND), _LONGEST_WAIT)

    def _plan_ahead(self, now: Instant) -> None:
        if now < self._planned_until - HOUR:
            return
        until = now + _AHEAD
        for one in plan(self._world, self._planned_until, until):
            heapq.heappush(self._queue, one)
        self._planned_until = until

    def _begin_before(self, started_at: Instant) -> None:
        """Leads of the last minutes, so that the first points land at once; those of a run just before do as well."""
        if not _unplanned(started_at - max(_BEGUN_BEFORE)):
            for before in _BEGUN_BEFORE:
                self._add_lead(started_at - before)

    def _add_lead(self, now: Instant) -> None:
        """A lead that comes by itself; its story goes on by itself too."""
        lead = live_lead_name((now - self._world.anchor_at + HOUR) // (10 * SECOND))
        self._visited = [*self._visited, lead][-_MOST_VISITED:]
        for one in _story(self._world, f"{_LIVE}{now // SECOND}", lead, now):
            heapq.heappush(self._queue, one)

    def _add_visit(self, now: Instant) -> None:
        """Somebody looks at a page or opens a mail: it earns nothing, but it is part of what is handed over."""
        if not self._visited:
            return
        lead, event_id = self._chance.choice(self._visited), f"visit-{now // SECOND}"
        if self._chance.random() < 0.6:
            page = self._chance.choice(_PAGES)
            event = Event(FORMS, event_id, "page.viewed", now, lead, None, {"page": page})
        else:
            event = Event(FORMS, event_id, "email.opened", now, lead)
        heapq.heappush(self._queue, Planned(now, event))

    def _later(self, now: Instant, seconds: int) -> Instant:
        return now + round(seconds * self._chance.uniform(0.5, 1.5) * SECOND)


def _story(world: World, event_id: str, lead: str, created_at: Instant) -> list[Planned]:
    """The same whenever it is told: its first event is received at once, the others soon after they happen."""
    key = event_id.removesuffix("-01")
    first, *others = LeadStory(world, key, lead, created_at, LiveTempo()).told()
    return [first._replace(received_at=created_at), *others]


def _unplanned(since: Instant) -> list[tuple[str, str, Instant]]:
    """The first events of the leads that came by themselves."""
    event = models.Event
    with Session(reading_engine(db.engine)) as session:
        rows = session.execute(
            select(event.event_id, event.lead_key, event.time_at).where(
                event.source.in_((FORMS,)),
                event.received_at >= since,
                event.event_id.startswith(_LIVE),
                event.type == "lead.created",
            )
        )
        return [(row.event_id, row.lead_key, row.time_at) for row in rows]


def live(world: World, stopped: threading.Event) -> None:
    """Runs until it is told to stop; a database that is away is waited for."""
    life: Life | None = None
    wait = 0.0
    while not stopped.wait(wait):
        try:
            now = clock.now()
            life = life or Life(world, now)
            life.step(now)
            wait = life.seconds_to_next(clock.now())
        except DATABASE_AWAY:
            log.warning("the database is away; the demo goes on when it is back")
            current_session().rollback()
            wait = _LONGEST_WAIT
