"""Any good rulebook and roster, for properties."""

import datetime as dt
import unicodedata
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan, TimeOff
from leaderboard.domain.rulebook import (
    Agreement,
    AttributeWorth,
    Badge,
    BadgeIcon,
    ByHand,
    Calendar,
    CleanMonthBadge,
    Confirmation,
    Consequence,
    Contest,
    ContestScore,
    CountBadge,
    Counted,
    FixedWorth,
    GradeWorth,
    HolidayRegion,
    Limit,
    MeasureKind,
    OnReassign,
    Organization,
    Party,
    PointsTable,
    PrizeRule,
    RankBadge,
    Rating,
    Ratio,
    Recognition,
    Recorded,
    Response,
    Rulebook,
    ServiceLevel,
    StepMeasure,
    StopRule,
    StreakBadge,
    SubjectKind,
    Suspension,
    Task,
    Volume,
    Window,
)

# What YAML takes for something else, and what breaks careless quoting.
_TRICKY = [
    "NO",
    "on",
    "null",
    "~",
    "1e3",
    "12:30",
    "0x1F",
    "- a",
    "a: b",
    "#x",
    "'",
    '"',
    "{a}",
    "*a",
    "&b",
    "!c",
    "%d",
    "é😀",
]
names = st.one_of(
    st.sampled_from(_TRICKY),
    st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool),
)
ids = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,8}", fullmatch=True)
event_types = st.from_regex(r"[a-z0-9_]{1,6}(\.[a-z0-9_]{1,6}){1,2}", fullmatch=True)
some_events = st.frozensets(event_types, min_size=1, max_size=3)
zones = st.sampled_from(["UTC", "America/Sao_Paulo", "Asia/Tokyo", "Europe/Lisbon"]).map(ZoneInfo)
shares = st.decimals(0, 1, places=4)
amounts = st.decimals(0, 10**6, places=3)
points = st.integers(-1000, 1000)
tables = st.builds(PointsTable, points, points, points)
seconds = st.integers(0, 8 * 3600)
grades = st.sampled_from(["A", "B", "N", "NO", "1"])
limits = st.one_of(
    st.builds(lambda s: Limit({}, s), seconds),
    st.builds(Limit, st.dictionaries(grades, seconds, min_size=1), st.none() | seconds),
)
worths = st.one_of(
    st.builds(FixedWorth, amounts),
    st.builds(AttributeWorth, names),
    st.builds(GradeWorth, st.dictionaries(grades, amounts, min_size=1), st.just(Decimal(0)) | amounts),
)
counted = st.builds(Counted, some_events, worths, st.booleans())


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[Window, ...], ...]:
    days = []
    for _ in range(7):
        edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=4)))
        days.append(tuple(Window(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)))
    # Enough on Mondays for any limit drawn here.
    return ((Window(0, 1440),), *days[1:])


@st.composite
def service_levels(draw: st.DrawFn, name: str, calendars: list[str]) -> ServiceLevel:
    common = {
        "id": name,
        "name": draw(names),
        "party": draw(st.sampled_from(Party)),
        "description": draw(st.none() | names),
        "subject": draw(st.sampled_from(SubjectKind)),
        "minimum": draw(st.integers(0, 50)),
        "each": draw(tables),
        "month": draw(tables),
    }
    kind = draw(st.sampled_from([Response, Recorded, Volume, Ratio]))
    low, high = sorted(draw(st.tuples(shares, shares)))
    target, exceed = draw(st.sampled_from([(low, high), (low, None), (None, None)]))
    if kind is Recorded:
        return Recorded(**common, target=target, exceed=exceed)
    if kind is Volume:
        days = draw(st.sampled_from([None, *calendars])) if common["subject"] is SubjectKind.REP else None
        return Volume(**common, target=low * 100, exceed=high * 100, counted=draw(counted), prorate=days)
    if kind is Ratio:
        return Ratio(
            **common, target=low, exceed=high * 2, numerator=draw(counted), denominator=draw(counted)
        )
    stop = StopRule(
        draw(some_events), draw(st.integers(1, 5)), draw(st.none() | names), draw(st.none() | seconds)
    )
    pausing = draw(st.booleans())
    return Response(
        **common,
        target=target,
        exceed=exceed,
        start=draw(some_events),
        stop=stop,
        within=draw(limits),
        exceed_within=draw(st.none() | limits),
        pause=draw(some_events) if pausing else frozenset(),
        resume=draw(some_events) if pausing else frozenset(),
        calendar=draw(st.sampled_from([None, *calendars])),
        on_reassign=draw(st.sampled_from(OnReassign)),
    )


def _badge_rules(levels: list[str]) -> st.SearchStrategy[object]:
    count = st.integers(1, 50)
    general = [
        st.none(),
        st.builds(CleanMonthBadge, count),
        st.builds(RankBadge, count, st.sampled_from(PeriodKind), st.sampled_from(SubjectKind)),
    ]
    if not levels:
        return st.one_of(general)
    level, ratings = st.sampled_from(levels), st.sampled_from([Rating.MET, Rating.EXCEEDED])
    return st.one_of(
        *general, st.builds(CountBadge, level, count, ratings), st.builds(StreakBadge, level, count)
    )


_measures = st.one_of(
    st.builds(StepMeasure, st.just(MeasureKind.DEDUCT), st.integers(1, 999), st.booleans()),
    st.builds(
        StepMeasure,
        st.sampled_from([kind for kind in MeasureKind if kind is not MeasureKind.DEDUCT]),
        st.just(0),
        st.booleans(),
    ),
)
_steps = st.lists(st.lists(_measures, max_size=2).map(tuple), min_size=1, max_size=3).map(tuple)
_many = st.integers(1, 9)
_days = st.dates(dt.date(1970, 1, 1), dt.date(2200, 12, 31))
_spans = st.tuples(_days, _days).map(sorted)
_prizes = st.one_of(
    st.builds(PrizeRule, _many, st.none() | st.decimals(1, 99, places=2)),
    st.builds(PrizeRule, st.just(0), st.decimals(1, 99, places=2)),
)
_teams = st.lists(ids, max_size=2, unique=True).map(sorted).map(tuple)


@st.composite
def _contests(draw: st.DrawFn, name: str, first_on: dt.date, levels: dict[str, ServiceLevel]) -> Contest:
    volumes = [one for one, level in levels.items() if isinstance(level, Volume)]
    others = [one for one, level in levels.items() if isinstance(level, (Response, Recorded))]
    by = draw(
        st.sampled_from([ContestScore.VALUE] if not others else list(ContestScore)[: 3 + bool(volumes)])
    )
    named = draw(
        st.sets(st.sampled_from(volumes if by is ContestScore.VALUE else others), min_size=1, max_size=2)
    )
    from_on, until_on = sorted((draw(_days), max(draw(_days), first_on)))
    return Contest(
        name, draw(names), from_on, until_on, tuple(sorted(named)), draw(_prizes), draw(st.sampled_from(SubjectKind)),
        draw(_teams), by, draw(_many) if by is ContestScore.SHARE else 1, draw(_many), draw(st.none() | names),
    )  # fmt: skip


def _tasks(name: str, first_on: dt.date) -> st.SearchStrategy[Task]:
    until = _days.map(lambda day: max(day, first_on))
    whose = st.sampled_from(Confirmation)
    return st.builds(Task, st.just(name), names, until, _prizes, _teams, whose, st.none() | names)


@st.composite
def _suspensions(draw: st.DrawFn, ladders: list[str]) -> Suspension:
    some = st.sets(st.sampled_from(ladders), min_size=1).map(sorted).map(tuple) if ladders else st.none()
    return Suspension(*draw(_spans), draw(names), draw(st.none() | some))


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    calendars = {
        name: Calendar(
            name,
            draw(zones),
            draw(weeks()),
            draw(st.sampled_from([None, HolidayRegion("NO"), HolidayRegion("BR", "SP")])),
            draw(st.frozensets(st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)), max_size=3)),
        )
        for name in draw(st.lists(ids, max_size=2, unique=True))
    }
    level_ids = draw(st.lists(ids, max_size=4, unique=True))
    levels = {name: draw(service_levels(name, list(calendars))) for name in level_ids}
    with_outcomes = [name for name, one in levels.items() if isinstance(one, (Response, Recorded))]
    rated = [name for name, one in levels.items() if one.target is not None]
    badges = {
        name: Badge(
            name,
            draw(names),
            draw(_badge_rules(with_outcomes)),
            draw(points),
            draw(st.none() | names),
            draw(st.none() | st.sampled_from(BadgeIcon)),
        )  # type: ignore[arg-type]
        for name in draw(st.lists(ids, max_size=3, unique=True))
    }
    recognition = {
        name: Recognition(
            name,
            draw(st.sampled_from(PeriodKind)),
            draw(st.sampled_from(SubjectKind)),
            draw(st.integers(1, 9)),
            draw(st.none() | amounts),
            draw(st.sampled_from([None, *badges])),
            draw(st.none() | names),
        )
        for name in draw(st.lists(ids, max_size=2, unique=True))
    }
    ladders = {
        name: Consequence(
            name,
            draw(st.sampled_from(rated)),
            draw(_steps),
            draw(st.none() | _many),
            grace_days=draw(st.integers(0, 90)),
            expires_after=draw(st.none() | _many),
        )
        for name in draw(st.lists(ids, max_size=2, unique=True))
        if rated
    }
    first_on = dt.date(draw(st.integers(1970, 2200)), draw(st.integers(1, 12)), 1)
    scored = [one for one in levels.values() if not isinstance(one, Ratio)]
    contest_ids = draw(st.lists(ids, max_size=2, unique=True)) if scored else []
    task_ids = draw(st.lists(ids, max_size=2, unique=True))
    return Rulebook(
        first_on,
        draw(organizations),
        levels,
        calendars,
        badges,
        recognition,
        ladders,
        draw(agreements),
        {name: draw(_contests(name, first_on, levels)) for name in contest_ids},
        {name: draw(_tasks(name, first_on)) for name in task_ids},
        tuple(draw(st.lists(_suspensions(list(ladders)), max_size=2))),
        draw(
            st.builds(
                ByHand, st.none() | st.integers(0, 9), st.none() | st.integers(0, 9), st.integers(0, 99)
            )
        ),
    )


organizations = st.builds(
    Organization,
    name=names,
    zone=zones,
    currency=st.sampled_from(["BRL", "EUR"]),
    locale=st.sampled_from(["en", "pt_BR", "no"]),
    fiscal_year_start=st.integers(1, 12),
    point_value=st.none() | amounts,
    closing_after_days=st.integers(0, 60),
)
agreements = st.builds(
    Agreement,
    title=st.none() | names,
    parties=st.dictionaries(st.sampled_from(Party), names),
    definitions=st.dictionaries(names, names, max_size=3),
    handover=st.lists(names, max_size=3).map(tuple),
    review_on=st.none() | st.dates(dt.date(1970, 1, 1), dt.date(2200, 12, 31)),
)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    rep_ids = draw(st.lists(names.map(partial(unicodedata.normalize, "NFC")), max_size=4, unique=True))
    team_ids = draw(st.lists(ids, max_size=3, unique=True))
    managers = st.sampled_from([None, *rep_ids])
    teams = {name: Team(name, draw(names), draw(names), draw(managers)) for name in team_ids}
    return Roster(teams, {name: draw(_reps(name, team_ids)) for name in rep_ids})


@st.composite
def _reps(draw: st.DrawFn, name: str, team_ids: list[str]) -> Rep:
    days = st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1))
    spans = []
    if team_ids:
        edges = sorted(draw(st.sets(days, max_size=6)))
        spans = [
            TeamSpan(draw(st.sampled_from(team_ids)), a, b)
            for a, b in zip(edges[::2], edges[1::2], strict=False)
        ]
        if len(edges) % 2:
            spans.append(TeamSpan(team_ids[0], edges[-1]))
    offs = draw(st.lists(st.tuples(days, st.integers(0, 30)), max_size=2, unique_by=lambda pair: pair[0]))
    off = tuple(TimeOff(day, day + dt.timedelta(days=length)) for day, length in sorted(offs))
    email = draw(st.none() | st.just("a@example.com"))
    aliases = tuple(f"{name} {i}" for i in range(draw(st.integers(0, 2))))
    return Rep(name, draw(names), email, aliases, tuple(spans), off)
