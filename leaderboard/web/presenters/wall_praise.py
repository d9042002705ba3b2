"""Praise, for the wall: fresh badges, and what was done today."""

from collections.abc import Sequence
from dataclasses import dataclass

from leaderboard.domain.instants import MINUTE, SECOND, Instant
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.wall_page import BadgesFacts, Done, FreshBadge, TodayFacts
from leaderboard.web.formats import ago, clock_time, day, duration, moment, number
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.badge_signs import sign_of_mark
from leaderboard.web.presenters.viewer import initials
from leaderboard.web.presenters.wall_marks import mark

_MOST_BADGES = 6
_MOST_DONE = 8
_MOST_TICKS = 5
_JUST_NOW = 60 * MINUTE


@dataclass(frozen=True, slots=True)
class BadgeCard:
    """A badge and who has it."""

    id: str
    sign: str
    badge: str
    name: str
    initials: str
    team: str | None
    when: str
    is_new: bool
    is_team: bool


@dataclass(frozen=True, slots=True)
class BadgesView:
    """The latest badges."""

    title: str
    cards: tuple[BadgeCard, ...]

    @property
    def is_empty(self) -> bool:
        return not self.cards


@dataclass(frozen=True, slots=True)
class DoneRow:
    """Something that was done in time."""

    id: str
    time: str
    name: str
    initials: str
    team: str | None
    level: str
    took: str | None
    is_exceeded: bool


@dataclass(frozen=True, slots=True)
class TodayView:
    """What was done today."""

    title: str
    day: str
    rows: tuple[DoneRow, ...]
    exceeded: str
    met: str
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """Something that was done in time, on one line: when, by whom, what, and how."""

    id: str
    time: str
    name: str
    what: str
    sign: str
    how: str
    is_gold: bool


def present_ticker(facts: TodayFacts) -> tuple[Tick, ...]:
    """The newest of today, for the line below the slides."""
    return tuple(_tick(done) for done in facts.done[:_MOST_TICKS])


def _tick(done: Done) -> Tick:
    how = gettext("exceeded") if done.is_exceeded else gettext("met")
    sign = "star" if done.is_exceeded else "check"
    return Tick(
        mark("tick", done.key),
        clock_time(done.at),
        done.name,
        done.service_level,
        sign,
        how,
        done.is_exceeded,
    )


def present_badges(facts: BadgesFacts) -> Sequence[BadgesView]:
    """One page: the latest six."""
    cards = tuple(_card(badge, facts.now) for badge in facts.badges[:_MOST_BADGES])
    return (BadgesView(gettext("Fresh badges"), cards),)


def _card(fresh: FreshBadge, now: Instant) -> BadgeCard:
    age = now - fresh.at
    return BadgeCard(
        mark("badge", fresh.key), sign_of_mark(fresh.badge), fresh.badge.name, fresh.name, initials(fresh.name),
        fresh.team,
        gettext("%(time)s ago", time=ago(age)) if age < 24 * 60 * MINUTE else moment(fresh.at),
        age < _JUST_NOW, fresh.scope is SubjectKind.TEAM,
    )  # fmt: skip


def present_today(facts: TodayFacts) -> Sequence[TodayView]:
    """One page: the latest eight, and how much it is in all."""
    rows = tuple(_row(done) for done in facts.done[:_MOST_DONE])
    return (
        TodayView(
            gettext("Today, in time"),
            day(facts.today),
            rows,
            number(facts.exceeded),
            number(facts.met),
            not rows,
        ),
    )


def _row(done: Done) -> DoneRow:
    return DoneRow(
        mark("done", done.key), clock_time(done.at), done.name, initials(done.name), done.team, done.service_level,
        _took(done), done.is_exceeded,
    )  # fmt: skip


def _took(done: Done) -> str | None:
    if done.elapsed_us is None:
        return None
    if done.in_working_time and done.elapsed_us < SECOND:
        return gettext("outside working hours")
    length = duration(done.elapsed_us)
    return gettext("%(time)s of working time", time=length) if done.in_working_time else length
