"""A rulebook file as a `Rulebook`, or every reason why not."""

import datetime as dt
from collections.abc import Collection, Mapping
from zoneinfo import ZoneInfo

from leaderboard.domain.rulebook import (
    Agreement,
    ByHand,
    Calendar,
    Organization,
    Rulebook,
    ServiceLevel,
    Suspension,
)
from leaderboard.files import values
from leaderboard.files.rulebook import incentives, prizes
from leaderboard.files.rulebook.organization import UTC, agreement, calendars, effective_from, organization
from leaderboard.files.rulebook.regions import resolved_calendar
from leaderboard.files.rulebook.service_levels import CalendarsSeen, service_levels
from leaderboard.files.values import Section, Value, Wrong
from leaderboard.files.yaml_nodes import MapNode

FORMAT = 1
_NO_DATE = dt.date.max
_NO_ORGANIZATION = Organization("", UTC, "XXX")


def read_rulebook(document: str | bytes, name: str) -> Rulebook:
    """The rulebook of a YAML document; its calendars carry no holidays yet (`resolve_holidays`).

    `name` is the file's, for its problems. Raises FileProblems with all of them.
    """
    root = values.load(document, name)
    return values.finish(root, name, root.read(_rulebook, None))  # type: ignore[return-value]


def _rulebook(root: Value) -> Rulebook:
    section = Section(root)
    section.required("rulebook", _format, FORMAT)
    first_on = section.required("effective_from", effective_from, _NO_DATE)
    who = section.required("organization", organization, _NO_ORGANIZATION)
    signed = section.optional("agreement", agreement, Agreement())
    hours = _calendars(section, who.zone)
    levels = _service_levels(section, hours, first_on)
    seen = incentives.LevelsSeen(_names(section, "service_levels"), _with_target(section), levels)
    badges = section.mapping("badges", lambda one: incentives.badges(one, seen))
    badge_names = _names(section, "badges")
    winners = section.mapping("recognition", lambda one: incentives.recognition(one, badge_names))
    ladders = section.mapping("consequences", lambda one: incentives.consequences(one, seen))
    races = section.mapping("contests", lambda one: prizes.contests(one, seen, first_on))
    chores = section.mapping("tasks", lambda one: prizes.tasks(one, first_on))
    limits = section.optional("by_hand", prizes.by_hand, ByHand())
    paused = _suspensions(section)
    section.finish()
    return Rulebook(
        first_on, who, levels, hours, badges, winners, ladders, signed, races, chores, paused, limits
    )


def _suspensions(section: Section) -> tuple[Suspension, ...]:
    ladder_names = _names(section, "consequences")
    nothing: tuple[Suspension, ...] = ()
    return section.optional("suspensions", lambda one: incentives.suspensions(one, ladder_names), nothing)


def _format(value: Value) -> int:
    if value.scalar("rulebook_format").strip() != str(FORMAT):
        raise Wrong("rulebook_format", found=value.found)
    return FORMAT


def _names(section: Section, key: str) -> Collection[str]:
    value = section.value(key)
    return value.node.entries if value is not None and isinstance(value.node, MapNode) else ()


def _with_target(section: Section) -> Collection[str]:
    value = section.value("service_levels")
    if value is None or not isinstance(value.node, MapNode):
        return ()
    levels = value.node.entries.items()
    return {name for name, (_, node) in levels if isinstance(node, MapNode) and "target" in node.entries}


def _calendars(section: Section, zone: ZoneInfo) -> Mapping[str, Calendar]:
    return section.mapping("calendars", lambda one: calendars(one, zone))


def _service_levels(
    section: Section, hours: Mapping[str, Calendar], first_on: dt.date
) -> Mapping[str, ServiceLevel]:
    known = first_on is not _NO_DATE
    good = {name: resolved_calendar(one, first_on) for name, one in hours.items()} if known else {}
    seen = CalendarsSeen(_names(section, "calendars"), good, first_on if known else None)
    return section.required("service_levels", lambda one: service_levels(one, seen), {})
