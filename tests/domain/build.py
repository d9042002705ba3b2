"""Builders: a rulebook, a roster, events and what follows from them, each in a line or two.

A time without a date is on Monday 3 August 2026; one without offset is UTC. Event types may be given without `lead.`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from leaderboard.domain.decisions import Decision
from leaderboard.domain.events import Event
from leaderboard.domain.fold import fold_lead, without_voided
from leaderboard.domain.instants import Instant, format_instant, parse_rfc3339
from leaderboard.domain.outcomes import LeadFold, Outcome
from leaderboard.domain.periods import Period, PeriodCalendar
from leaderboard.domain.replay import NO_PAST, SealedPast, World, replay
from leaderboard.domain.roster import Placement, Rep, Roster, Team, TeamSpan, TimeOff
from leaderboard.domain.rulebook import (
    Badge,
    Calendar,
    Consequence,
    Contest,
    Counted,
    Limit,
    OnReassign,
    Organization,
    Party,
    PointsTable,
    Ratio,
    Recognition,
    Recorded,
    Response,
    Rulebook,
    ServiceLevel,
    StopRule,
    SubjectKind,
    Suspension,
    Task,
    Volume,
    Window,
)
from leaderboard.domain.versions import Book

UTC = ZoneInfo("UTC")
LATE = "2026-09-01 00:00"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_ids = count(1)
_T = TypeVar("_T")


def at(text: str) -> Instant:
    """`10:00`, `08-05 10:00`, `2026-08-05 10:00`, each with or without seconds; or an RFC 3339 text."""
    if text[-1] == "Z" or "T" in text:
        return parse_rfc3339(text)
    date, _, clock = text.rpartition(" ")
    date = {0: "2026-08-03", 5: f"2026-{date}"}.get(len(date), date)
    return parse_rfc3339(f"{date}T{clock}{':00' if len(clock) == 5 else ''}Z")


def day(text: str) -> dt.date:
    """A date."""
    return dt.date.fromisoformat(text)


def period(name: str, zone: str = "UTC", fiscal_year_start: int = 1) -> Period:
    """A month or quarter by its name."""
    return PeriodCalendar(ZoneInfo(zone), fiscal_year_start).parse(name)


def kind(name: str) -> str:
    """An event type: `assigned` is `lead.assigned`."""
    return name if "." in name else f"lead.{name}"


def event(
    name: str,
    time: str,
    lead: str | None = "L1",
    rep: str | None = None,
    id: str | None = None,  # noqa: A002
    source: str = "crm",
    **attributes: str,
) -> Event:
    """An event; without `id`, of events made one after another the later has the greater id."""
    return Event(source, id or f"e{next(_ids):06d}", kind(name), at(time), lead, rep, attributes)


def verdict(time: str, rep: str | None, rating: str, lead: str | None = None, **more: str) -> Event:
    """An `outcome.recorded` event of the service level `quality`."""
    attributes = {"service_level": more.pop("service_level", "quality"), "rating": rating}
    return event("outcome.recorded", time, lead, rep, **more, **attributes)


def seconds(text: str) -> int:
    """The seconds of `15m`."""
    return int(text[:-1]) * _SECONDS[text[-1]]


def limit(written: str | Mapping[str, str]) -> Limit:
    """A limit as the rulebook writes it: `1h`, or by grade."""
    if isinstance(written, str):
        return Limit(otherwise=seconds(written))
    by_grade = {grade: seconds(text) for grade, text in written.items()}
    return Limit(by_grade, by_grade.pop("otherwise", None))


def kinds(written: str | Iterable[str]) -> frozenset[str]:
    """Event types: one or several."""
    return frozenset(map(kind, [written] if isinstance(written, str) else written))


def points(exceeded: int = 0, met: int = 0, missed: int = 0) -> PointsTable:
    """Points by rating."""
    return PointsTable(exceeded, met, missed)


def _common(given: dict[str, Any]) -> dict[str, Any]:
    common = {"party": Party.SALES, "name": given["id"], **given}
    for key in ("target", "exceed"):
        if isinstance(common.get(key), str):
            common[key] = Decimal(common[key])
    common["party"] = Party(common["party"])
    common["subject"] = SubjectKind(common.get("subject", "rep"))
    return common


def response(
    id: str = "first-contact",  # noqa: A002
    within: str | Mapping[str, str] = "1h",
    exceed_within: str | Mapping[str, str] | None = None,
    start: str | Iterable[str] = "assigned",
    stop: str | Iterable[str] | StopRule = "contacted",
    pause: str | Iterable[str] = "paused",
    resume: str | Iterable[str] = "resumed",
    on_reassign: str = "restart",
    **common: Any,
) -> Response:
    """A clock from assignment to contact within an hour, unless said otherwise."""
    return Response(
        **_common({"id": id, **common}),
        start=kinds(start),
        stop=stop if isinstance(stop, StopRule) else StopRule(kinds(stop)),
        within=limit(within),
        exceed_within=None if exceed_within is None else limit(exceed_within),
        pause=kinds(pause),
        resume=kinds(resume),
        on_reassign=OnReassign(on_reassign),
    )


def attempts(
    number: int,
    distinct: str | None = None,
    apart: str | None = None,
    events: str | Iterable[str] = "contact_attempted",
) -> StopRule:
    """A stop after so many attempts."""
    return StopRule(kinds(events), number, distinct, None if apart is None else seconds(apart))


def recorded(id: str = "quality", **common: Any) -> Recorded:  # noqa: A002
    """Verdicts of another system."""
    return Recorded(**_common({"id": id, **common}))


def counted(events: str | Iterable[str], **more: Any) -> Counted:
    """Events that count 1 each, a lead's first only."""
    return Counted(kinds(events), **more)


def volume(
    id: str = "mqls",  # noqa: A002
    events: str | Iterable[str] = "marketing_qualified",
    worth: Any = None,
    once_per_lead: bool = True,
    **common: Any,
) -> Volume:
    """How many leads were marketing-qualified, with a target of 1, unless said otherwise."""
    more = {} if worth is None else {"worth": worth}
    common = {"id": id, "target": "1", **common}
    return Volume(**_common(common), counted=counted(events, once_per_lead=once_per_lead, **more))


def ratio(
    id: str = "win-rate",  # noqa: A002
    numerator: Counted | str = "opportunity.won",
    denominator: Counted | str = "accepted",
    **common: Any,
) -> Ratio:
    """Won of accepted leads, with a target of one half, unless said otherwise."""
    sides = [side if isinstance(side, Counted) else counted(side) for side in (numerator, denominator)]
    common = {"id": id, "target": "0.5", **common}
    return Ratio(**_common(common), numerator=sides[0], denominator=sides[1])


def rulebook(
    *parts: ServiceLevel | Badge | Recognition | Consequence | Calendar | Contest | Task | Suspension,
    from_on: str = "2026-01-01",
    zone: str = "UTC",
    fiscal_year_start: int = 1,
) -> Rulebook:
    """A version of the rules, of whatever it is to hold."""

    def of(*wanted: type) -> dict[str, Any]:
        return {
            part.id: part for part in parts if isinstance(part, wanted) and not isinstance(part, Suspension)
        }

    return Rulebook(
        day(from_on),
        Organization("Acme", ZoneInfo(zone), "EUR", fiscal_year_start=fiscal_year_start),
        of(Response, Recorded, Volume, Ratio),
        of(Calendar),
        of(Badge),
        of(Recognition),
        of(Consequence),
        contests=of(Contest),
        tasks=of(Task),
        suspensions=tuple(part for part in parts if isinstance(part, Suspension)),
    )


def book(*parts: Any, **more: Any) -> Book:
    """A book: of the versions given, or of one version of these parts."""
    if parts and isinstance(parts[0], Rulebook):
        return Book(parts)
    return Book([rulebook(*parts, **more)])


def desk(*windows: tuple[int, int], closed: Iterable[str] = (), zone: str = "UTC") -> Calendar:
    """The calendar `desk`: Monday to Friday from one hour to another, nine to five if not said."""
    hours = tuple(Window(start * 60, end * 60) for start, end in windows or ((9, 17),))
    return Calendar("desk", ZoneInfo(zone), (hours,) * 5 + ((),) * 2, closed=frozenset(map(day, closed)))


def span(team: str, from_on: str = "2020-01-01", until_on: str | None = None) -> TeamSpan:
    """A rep's time in a team."""
    return TeamSpan(team, day(from_on), None if until_on is None else day(until_on))


def rep(
    id: str,  # noqa: A002
    *spans: TeamSpan,
    aliases: tuple[str, ...] = (),
    off: Iterable[tuple[str, str]] = (),
    name: str | None = None,
) -> Rep:
    """A rep; the name is the id with a capital."""
    time_off = tuple(TimeOff(day(first), day(last)) for first, last in off)
    return Rep(id, name or id.capitalize(), None, aliases, spans, time_off)


NORTH = Team("north", "North", "sales")
SOUTH = Team("south", "South", "sales")
DEMAND = Team("demand", "Demand", "marketing")


def roster(*reps: Rep, teams: Iterable[Team] = (NORTH, SOUTH, DEMAND)) -> Roster:
    """A roster; without reps, Ana in north and Ben in south."""
    reps = reps or (rep("ana", span("north")), rep("ben", span("south")))
    return Roster({team.id: team for team in teams}, {one.id: one for one in reps})


def placement(*reps: Rep, zone: str = "UTC") -> Placement:
    """A roster seen from a time zone."""
    return Placement(roster(*reps), ZoneInfo(zone))


def fold(
    events: Iterable[Event], *parts: Any, as_of: str = LATE, among: Roster | None = None, **more: Any
) -> LeadFold:
    """What follows from one lead's events, by one rulebook of these parts or by the versions given."""
    rules = book(*parts, **more)
    return fold_lead(
        without_voided(events), rules, Placement(among or roster(), rules.calendar.zone), at(as_of)
    )


def outcomes(events: Iterable[Event], *parts: Any, **more: Any) -> list[tuple[str, str, str | None]]:
    """A lead's outcomes in short, by instant: rating, when, for whom."""
    found = sorted(fold(events, *parts, **more).outcomes, key=lambda outcome: outcome.at)
    return [short(outcome) for outcome in found]


def short(outcome: Outcome) -> tuple[str, str, str | None]:
    """`("met", "08-03 10:30", "ana")`."""
    return (str(outcome.rating), clock(outcome.at), outcome.holder)


def clock(instant: Instant) -> str:
    """`08-03 10:30`, with seconds only where there are any."""
    text = format_instant(instant)[5:-1].replace("T", " ")
    return text.removesuffix(":00") if len(text) == 14 else text


def world(
    events: Iterable[Event],
    *parts: Any,
    as_of: str = LATE,
    among: Roster | None = None,
    past: SealedPast = NO_PAST,
    decisions: Iterable[Decision] = (),
    **more: Any,
) -> World:
    """Everything that follows from all these events, as the commands would find it."""
    live = without_voided(event for event in events if event.time <= at(as_of))
    leads: dict[object, list[Event]] = {}
    for one in live:
        leads.setdefault((one.source, one.id) if one.lead is None else one.lead, []).append(one)
    rules = book(*parts, **more)
    return replay(rules, among or roster(), leads.values(), at(as_of), past, decisions=decisions)


def standing(found: World, name: str, scope: str = "rep") -> list[tuple[int, str, int]]:
    """A standing in short: rank, id, points."""
    rows = found.standing(found.book.calendar.parse(name), SubjectKind(scope))
    return [(row.rank, row.score.id, row.score.points) for row in rows]


def ledger(found: World) -> list[tuple[str, str, int, str]]:
    """The entries in short, by instant: when, for whom, points, why."""
    entries = sorted(found.entries, key=lambda entry: (entry.booked_at, entry.kind, entry.id))
    return [(clock(e.booked_at), e.id, e.points, e.badge or e.kind.value) for e in entries]


def awards(found: World) -> list[tuple[str, str, str]]:
    """The badges in short, by instant: when, for whom, which."""
    given = sorted(found.awards.values(), key=lambda award: (award.awarded_at, award.id, award.badge))
    return [(clock(award.awarded_at), award.id, award.badge) for award in given]


def met(lead: str, who: str, when: str) -> list[Event]:
    """A lead that is contacted as soon as it is assigned: met, or exceeded where that is possible."""
    return [event("assigned", when, lead, who), event("contacted", when, lead, who)]


def missed(lead: str, who: str, when: str) -> list[Event]:
    """A lead that is never contacted."""
    return [event("assigned", when, lead, who)]


def shuffled(items: Sequence[_T]) -> list[_T]:
    """The same in another order."""
    return [*items[1::2], *items[::2]]


def renamed(one: Event, **changes: Any) -> Event:
    """The event with other fields."""
    return one._replace(**changes)


def altered(level: Any, **changes: Any) -> Any:
    """The part of a rulebook with other fields."""
    return replace(level, **changes)
