"""The demo's world: which months it spans, by which rules and with which people. All of it follows from one instant."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from random import Random
from string import Template
from zoneinfo import ZoneInfo

from leaderboard.domain.business_time import OpenTime
from leaderboard.domain.instants import MINUTE, Instant, local_date, midnight
from leaderboard.domain.periods import Month
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import Response
from leaderboard.domain.versions import Book
from leaderboard.files.roster import read_roster
from leaderboard.files.rulebook import read_rulebook, resolve_holidays, with_holidays
from leaderboard.services.demo.company import DemoRep, reps, roster_document

PAST_MONTHS = 9
_SECOND_VERSION_AFTER = 5
"""Months by the first rulebook."""
_FOLDER = Path(__file__).parent
_CLOCK = "first-contact"


@dataclass(frozen=True)
class World:
    """Seen from `anchor_at`, the instant of the first load. `scale` is the share of the usual number of leads."""

    anchor_at: Instant
    scale: float = 1.0

    @cached_property
    def book(self) -> Book:
        """The rules, as they will be in force."""
        rulebooks = [
            read_rulebook(document, name) for name, _, document in rulebook_documents(self.first_month)
        ]
        return Book(with_holidays(one, resolve_holidays(one)) for one in rulebooks)

    @cached_property
    def first_month(self) -> Month:
        """The first of the past months."""
        return Month.of_date(local_date(self.anchor_at, _zone())).plus(-PAST_MONTHS)

    @cached_property
    def placement(self) -> Placement:
        """Who is where, and who is off."""
        return Placement(
            read_roster(roster_document(self.first_month), "demo roster"), self.book.calendar.zone
        )

    @cached_property
    def people(self) -> dict[str, DemoRep]:
        """Reps and managers by id."""
        return reps()

    @cached_property
    def hours(self) -> OpenTime:
        """The desk's hours."""
        version = self.book.versions[-1]
        level = version.service_levels[_CLOCK]
        assert isinstance(level, Response)
        return version.hours(level)

    @property
    def first_on(self) -> dt.date:
        return self.first_month.first_on

    def midnight(self, day: dt.date) -> Instant:
        return midnight(day, self.book.calendar.zone)

    def date_at(self, at: Instant) -> dt.date:
        return self.book.calendar.date_at(at)

    def closing_at(self, month: Month) -> Instant:
        """When the month is sealed: at its scheduled instant, or, for the last one before the load, with the load."""
        version = self.book.in_month(month)
        days = 3 if version is None else version.rulebook.organization.closing_after_days
        scheduled_at = self.midnight(month.plus(1).first_on + dt.timedelta(days=days))
        is_loaded = month < Month.of_date(self.date_at(self.anchor_at))
        return min(scheduled_at, self.anchor_at) if is_loaded else scheduled_at

    def limit_minutes(self, at: Instant, grade: str) -> int:
        """Working minutes for a first contact by the rules of that instant; a rep feels no hours-long limit."""
        is_first = self.book.at(at) is self.book.versions[0]
        return {"A": 60, "B": 120}.get(grade, 150) if is_first else {"A": 30, "B": 60}.get(grade, 150)

    def is_working_day(self, day: dt.date) -> bool:
        start_at = self.midnight(day)
        return self.hours.between(start_at, start_at + 24 * 60 * MINUTE) > 0

    def present(self, team: str, day: dt.date) -> list[DemoRep]:
        """Who of a team is there on a date; the whole team where nobody is."""
        return list(_present(self, team, day))

    def form(self, rep: DemoRep, at: Instant) -> float:
        """How a rep does that month, around 1; above it is slower."""
        return _form(rep.id, str(self.book.calendar.month_at(at)))


@lru_cache(maxsize=4096)
def _present(world: World, team: str, day: dt.date) -> tuple[DemoRep, ...]:
    at = world.midnight(day)
    members = [rep for rep in world.placement.roster.reps.values() if rep.team_on(day) == team]
    there = [rep for rep in members if not any(off.from_on <= day <= off.until_on for off in rep.time_off)]
    assert members, (team, at)
    return tuple(world.people[rep.id] for rep in there or members)


@lru_cache(maxsize=4096)
def _form(rep_id: str, month: str) -> float:
    return Random(f"form of {rep_id} in {month}").uniform(0.65, 1.4)


def rulebook_documents(first_month: Month) -> list[tuple[str, dt.date, bytes]]:
    """The versions of the rulebook: a name, the date it is applied on, and the file."""
    first, second = first_month, first_month.plus(_SECOND_VERSION_AFTER)
    return [
        ("demo rulebook 1", first.first_on - dt.timedelta(days=10), _rulebook("rulebook_first.yaml", first)),
        (
            "demo rulebook 2",
            second.first_on - dt.timedelta(days=14),
            _rulebook("rulebook_second.yaml", second),
        ),
    ]


def _rulebook(file_name: str, month: Month) -> bytes:
    """Of the second one the contests run in the present month, whatever that is: there is always one on the walls."""
    template = Template((_FOLDER / file_name).read_text("utf-8"))
    first = month.plus(PAST_MONTHS - _SECOND_VERSION_AFTER)
    return template.substitute(
        effective_from=month.first_on.isoformat(),
        sprint_from=first.first_on.isoformat(),
        sprint_until=first.last_on.isoformat(),
        cup_until=first.plus(1).last_on.isoformat(),
    ).encode()


@lru_cache(maxsize=1)
def _zone() -> ZoneInfo:
    return read_rulebook(_rulebook("rulebook_first.yaml", Month(2026, 1)), "demo rulebook").organization.zone
