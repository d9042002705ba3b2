"""A lead's story: from a form that somebody filled in to a deal won or lost, as the company's systems tell it."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple, Protocol

from leaderboard.domain.events import Event
from leaderboard.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from leaderboard.services.demo.company import DemoRep
from leaderboard.services.demo.signs import CRM, DIALER, FORMS
from leaderboard.services.demo.world import World

WEBINARS = "webinars"

_CHANNELS = ("phone", "whatsapp", "email")
_ORIGINS = {
    "search": "content", "blog": "content", "newsletter": "content", "ads": "demand", "fair": "demand",
    "referral": "demand", "webinar": "demand",
}  # fmt: skip
_SALES = ("inbound-south", "inbound-north", "outbound", "key-accounts")
_ROUTES = {"A": (6, 5, 6, 12), "B": (9, 8, 10, 4), "C": (9, 8, 12, 1)}
_AMOUNTS = {"A": 21_000, "B": 11_000, "C": 6_000}
WEBINARS_FELL_SILENT = 13 * DAY
"""Before the anchor: since then nothing has come from there, and nobody noticed."""


class Planned(NamedTuple):
    """An event, and when it comes in."""

    received_at: Instant
    event: Event


class Tempo(Protocol):
    """How fast the company works."""

    def after(self, at: Instant, minutes: float, rep: DemoRep | None) -> Instant:
        """The instant at which work that takes so long is done by the rep."""


@dataclass(frozen=True, slots=True)
class WorkingTempo:
    """In working time, as the service levels count it."""

    world: World

    def after(self, at: Instant, minutes: float, rep: DemoRep | None) -> Instant:
        off = self.world.placement.off(None if rep is None else rep.id)
        done_at = self.world.hours.add(at, round(minutes * 60) * SECOND, off)
        assert done_at is not None
        return done_at


@dataclass(frozen=True, slots=True)
class LiveTempo:
    """Whoever watches the demo has minutes, not days: fast, and at any hour."""

    def after(self, at: Instant, minutes: float, rep: DemoRep | None) -> Instant:
        return at + round(min(minutes, 3 + minutes / 20) * 60) * SECOND


@dataclass(frozen=True, slots=True)
class Wish:
    """What a story is to be about; None: as it happens. `rep` may be a text that no roster knows."""

    rep: str | None = None
    grade: str | None = None
    first_try_at: Instant | None = None


class LeadStory:
    """Tells one lead; the same `key`, `created_at` and `chance` tell the same."""

    def __init__(
        self, world: World, key: str, lead: str, created_at: Instant, tempo: Tempo, wish: Wish = Wish()
    ) -> None:
        self._world = world
        self._key = key
        self._lead = lead
        self._created_at = created_at
        self._tempo = tempo
        self._wish = wish
        self._chance = Random(f"lead {key}")
        self._planned: list[Planned] = []
        self._grade = wish.grade or self._chance.choices("ABC", (22, 43, 35))[0]

    def told(self) -> list[Planned]:
        """All its events."""
        origin = self._chance.choice(tuple(_ORIGINS))
        self._arrives(origin)
        if self._wish.rep is None and self._chance.random() > 0.8:
            return self._planned
        qualified_at = self._is_qualified(_ORIGINS[origin])
        rep, assigned_at = self._is_assigned(qualified_at)
        if rep is not None:
            self._is_worked_on(rep, assigned_at)
        return self._planned

    def _tell(
        self, source: str, kind: str, at: Instant, rep: str | None = None, late: int = 0, **attributes: str
    ) -> str:
        event_id = f"{self._key}-{len(self._planned) + 1:02}"
        event = Event(source, event_id, kind, at, self._lead, rep, attributes)
        delay = late or self._chance.randint(2, 60) * SECOND
        if not late and self._chance.random() < 0.01:
            delay = self._chance.randint(2, 30) * HOUR
        self._planned.append(Planned(at + delay, event))
        return event_id

    def _arrives(self, origin: str) -> None:
        at, world = self._created_at, self._world
        is_early = at < world.anchor_at - WEBINARS_FELL_SILENT
        source = WEBINARS if origin == "webinar" and is_early else FORMS
        self._tell(source, "lead.created", at, origin=origin)
        self._tell(FORMS, "lead.graded", at + self._chance.randint(1, 9) * SECOND, grade=self._grade)
        if self._chance.random() < 0.6:
            seen_at = at + self._chance.randint(30, 300) * SECOND
            self._tell(FORMS, "page.viewed", seen_at, page=self._chance.choice(("prices", "cases", "tour")))

    def _is_qualified(self, department_team: str) -> Instant:
        minutes = self._chance.choice((1, 2, 5, 20, 45) if self._grade == "A" else (1, 3, 20, 90, 400))
        at = self._created_at + minutes * MINUTE + self._chance.randint(5, 55) * SECOND
        if isinstance(self._tempo, LiveTempo) or self._wish.rep is not None:
            at = self._created_at + self._chance.randint(10, 40) * SECOND
        who = self._chance.choice(self._world.present(department_team, self._world.date_at(at)))
        # Now and then the form forgets whose campaign it was: nobody's clock, for data health.
        is_known = self._chance.random() > 0.012
        self._tell(FORMS, "lead.marketing_qualified", at, who.id if is_known else None)
        self._handler = who
        return at

    def _is_assigned(self, qualified_at: Instant) -> tuple[DemoRep | None, Instant]:
        world, handler = self._world, self._handler
        minutes = 120 * handler.skills.pace * world.form(handler, qualified_at) * self._spread(0.8)
        at = self._tempo.after(qualified_at, minutes if self._wish.rep is None else 1, handler)
        if self._wish.rep is not None and self._wish.rep not in world.people:
            self._tell(CRM, "lead.assigned", at, self._wish.rep)
            return None, at
        rep = world.people[self._wish.rep] if self._wish.rep else self._route(at)
        self._tell(CRM, "lead.assigned", at, rep.crm_id)
        if self._wish.rep is None and self._chance.random() < 0.04:
            at = self._tempo.after(at, self._chance.uniform(5, 25), None)
            rep = self._route(at)
            self._tell(CRM, "lead.assigned", at, rep.crm_id)
        return rep, at

    def _route(self, at: Instant) -> DemoRep:
        team = self._chance.choices(_SALES, _ROUTES[self._grade])[0]
        return self._chance.choice(self._world.present(team, self._world.date_at(at)))

    def _is_worked_on(self, rep: DemoRep, assigned_at: Instant) -> None:
        world, chance = self._world, self._chance
        used = rep.skills.pace * world.form(rep, assigned_at) * self._spread(0.75)
        at = self._tempo.after(assigned_at, world.limit_minutes(assigned_at, self._grade) * used, rep)
        at = max(self._wish.first_try_at or at, assigned_at + 20 * SECOND)
        tried_at = self._is_tried(rep, at)
        if chance.random() < 0.012:
            self._tell(CRM, "lead.excluded", at + chance.randint(3, 50) * HOUR, reason="spam")
        elif chance.random() < 0.7:
            self._is_decided(rep, assigned_at, self._is_reached(rep, tried_at))
        else:
            self._is_tried_again(rep, assigned_at, tried_at)

    def _is_tried(self, rep: DemoRep, at: Instant) -> Instant:
        """The first try. Some are told wrongly at first."""
        chance = self._chance
        if chance.random() < 0.01:
            wrong = self._tell(DIALER, "lead.contact_attempted", at, rep.login, channel="phone")
            self._tell(DIALER, "event.voided", at + 3 * HOUR, voids=wrong)
            at = self._tempo.after(at, 30, rep)
        self._tell(DIALER, "lead.contact_attempted", at, rep.login, channel=chance.choice(_CHANNELS))
        return at

    def _is_reached(self, rep: DemoRep, tried_at: Instant) -> Instant:
        at = tried_at + self._chance.randint(20, 400) * SECOND
        self._tell(CRM, "lead.contacted", at, rep.crm_id)
        return at

    def _is_tried_again(self, rep: DemoRep, assigned_at: Instant, tried_at: Instant) -> None:
        chance, at = self._chance, tried_at + chance_seconds(self._chance, 40, 120)
        self._tell(CRM, "lead.cadence_started", at, rep.crm_id)
        is_steady = chance.random() < rep.skills.stamina
        for number in range(3 if is_steady else chance.randint(1, 2)):
            at = self._tempo.after(at, chance.uniform(125, 330), rep)
            self._tell(DIALER, "lead.contact_attempted", at, rep.login, channel=_CHANNELS[number])
        if chance.random() < 0.55:
            self._is_decided(rep, assigned_at, self._is_reached(rep, at))
        else:
            at = self._tempo.after(at, chance.uniform(20, 200), rep)
            self._tell(CRM, "lead.returned", at, rep.crm_id)

    def _is_decided(self, rep: DemoRep, assigned_at: Instant, reached_at: Instant) -> None:
        chance = self._chance
        if chance.random() > 0.94 + 0.06 * rep.skills.care:
            return  # left lying
        if chance.random() < 0.1:
            self._tell(CRM, "lead.paused", reached_at + 5 * MINUTE, rep.crm_id)
            reached_at = self._tempo.after(reached_at, chance.uniform(300, 1_500), rep)
            self._tell(CRM, "lead.resumed", reached_at, rep.crm_id)
        minutes = 16 * 60 * rep.skills.pace * self._world.form(rep, assigned_at) * self._spread(0.7) * 0.6
        at = self._tempo.after(reached_at, minutes, rep)
        kind = chance.choices(("lead.accepted", "lead.disqualified", "lead.returned"), (66, 22, 12))[0]
        self._tell(CRM, kind, at, rep.crm_id, self._lateness(at))
        if kind == "lead.accepted" and chance.random() < 0.66:
            self._becomes_a_deal(rep, at)

    def _lateness(self, at: Instant) -> int:
        """Some things are told when the month is sealed already."""
        if self._chance.random() > 0.012:
            return 0
        closing_at = self._world.closing_at(self._world.book.calendar.month_at(at))
        return max(0, closing_at - at) + self._chance.randint(6, 120) * HOUR

    def _becomes_a_deal(self, rep: DemoRep, accepted_at: Instant) -> None:
        chance = self._chance
        at = self._tempo.after(accepted_at, chance.uniform(200, 1_900), rep)
        self._tell(CRM, "lead.qualified", at, rep.crm_id)
        amount = f"{round(_AMOUNTS[self._grade] * self._spread(0.5) / 10) * 10}.00"
        at += chance_seconds(chance, 300, 2_000)
        self._tell(CRM, "opportunity.created", at, rep.crm_id, amount=amount)
        at = self._tempo.after(at, chance.uniform(500, 9_000), rep)
        is_won = chance.random() < rep.skills.closing / self._world.form(rep, at)
        self._tell(CRM, "opportunity.won" if is_won else "opportunity.lost", at, rep.crm_id, amount=amount)

    def _spread(self, sigma: float) -> float:
        return self._chance.lognormvariate(0, sigma)


def chance_seconds(chance: Random, least: int, most: int) -> int:
    """Some seconds, as a span of instants."""
    return chance.randint(least, most) * SECOND


def in_order(planned: Sequence[Planned]) -> list[Planned]:
    """As they come in."""
    return sorted(planned, key=lambda one: (one.received_at, one.event.source, one.event.id))
