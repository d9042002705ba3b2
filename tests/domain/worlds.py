"""Random rulebooks, rosters and events, small and near the edges: ends of months, same times, times just due."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from leaderboard.domain.events import Event
from leaderboard.domain.fold import without_voided
from leaderboard.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from leaderboard.domain.replay import NO_PAST, SealedPast, World, replay
from leaderboard.domain.roster import Rep, Roster, TeamSpan
from leaderboard.domain.rulebook import (
    AttributeWorth,
    Badge,
    CleanMonthBadge,
    Consequence,
    CountBadge,
    FixedWorth,
    GradeWorth,
    MeasureKind,
    PeriodKind,
    RankBadge,
    Rating,
    Recognition,
    Rulebook,
    ServiceLevel,
    StepMeasure,
    StopRule,
    StreakBadge,
    SubjectKind,
)
from leaderboard.domain.versions import Book
from tests.domain.build import (
    DEMAND,
    NORTH,
    SOUTH,
    at,
    attempts,
    desk,
    kinds,
    points,
    ratio,
    recorded,
    response,
    roster,
    rulebook,
    volume,
)

ZONES = ("UTC", "America/Sao_Paulo", "America/New_York")
STARTS_ON = ("2026-01-01", "2026-02-01", "2026-03-01")
FIRST_AT, LAST_AT = at("2025-12-20 00:00"), at("2026-05-01 00:00")
NAMES = ("ana", "asouza", "ben", "cleo", "zoe")
LEADS = ("L1", "L2", "L3")
TYPES = (
    "lead.created", "lead.graded", "lead.marketing_qualified", "lead.assigned", "lead.assigned",
    "lead.contact_attempted", "lead.contacted", "lead.contacted", "lead.accepted", "lead.returned", "lead.paused",
    "lead.resumed", "opportunity.won", "meeting.held",
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """All that points follow from, but for the instant."""

    rulebooks: tuple[Rulebook, ...]
    roster: Roster
    events: tuple[Event, ...]

    @property
    def book(self) -> Book:
        """The versions in force one after another."""
        return Book(self.rulebooks)

    def leads(self, as_of: Instant, events: Iterable[Event] | None = None) -> list[list[Event]]:
        """The events that exist by then, lead by lead."""
        given = self.events if events is None else events
        live = without_voided(event for event in given if event.time <= as_of)
        leads: dict[object, list[Event]] = {}
        for event in live:
            key = (event.source, event.id) if event.lead is None else event.lead
            leads.setdefault(key, []).append(event)
        return list(leads.values())

    def world(
        self, as_of: Instant, past: SealedPast = NO_PAST, events: Iterable[Event] | None = None
    ) -> World:
        """What follows by then."""
        return replay(self.book, self.roster, self.leads(as_of, events), as_of, past)


def _points() -> st.SearchStrategy[object]:
    number = st.integers(-3, 5)
    return st.builds(points, number, number, number)


def _common() -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {
            "subject": st.sampled_from(("rep", "rep", "team")),
            "minimum": st.integers(1, 2),
            "target": st.sampled_from((Decimal("0.5"), Decimal("0.75"), None)),
            "exceed": st.sampled_from((Decimal(1), None)),
            "each": _points(),
            "month": _points(),
        }
    )


def _limits() -> st.SearchStrategy[object]:
    durations = st.sampled_from(("30m", "1h", "9h", "2d"))
    return durations | st.fixed_dictionaries({"A": durations}, optional={"otherwise": durations})


def _stops() -> st.SearchStrategy[StopRule]:
    counted = st.builds(
        attempts, st.integers(1, 3), st.sampled_from((None, "channel")), st.sampled_from((None, "2h"))
    )
    plain = st.sampled_from(("contacted", ("accepted", "meeting.held"), "assigned"))
    return counted | plain.map(lambda names: StopRule(kinds(names)))


def responses(name: str) -> st.SearchStrategy[ServiceLevel]:
    """A response clock."""
    return st.builds(
        lambda common, **clock: response(name, **clock, **common),
        _common(),
        within=_limits(),
        exceed_within=st.none() | st.just("15m"),
        start=st.sampled_from(("assigned", ("marketing_qualified", "returned"), "created")),
        stop=_stops(),
        calendar=st.sampled_from((None, None, "desk")),
        on_reassign=st.sampled_from(("restart", "continue")),
    )


def _sums() -> st.SearchStrategy[ServiceLevel]:
    worths = st.sampled_from(
        (FixedWorth(), AttributeWorth("amount"), GradeWorth({"A": Decimal(5)}, Decimal("0.5")))
    )
    targets = {
        "target": st.sampled_from((Decimal(1), Decimal("0.5"))),
        "subject": st.sampled_from(("rep", "team")),
    }
    many = st.builds(volume, worth=worths, once_per_lead=st.booleans(), month=_points(), **targets)
    quotients = st.builds(ratio, month=_points(), minimum=st.integers(0, 2), **targets)
    return many | quotients


def badges() -> st.SearchStrategy[list[Badge]]:
    """Badges of each kind; `star` is given by recognition."""
    rules = st.sampled_from((
        CountBadge("clock", 1, Rating.EXCEEDED), CountBadge("quality", 2), StreakBadge("clock", 2),
        StreakBadge("quality", 1), CleanMonthBadge(2), RankBadge(1, PeriodKind.MONTH, SubjectKind.REP),
        RankBadge(2, PeriodKind.QUARTER, SubjectKind.TEAM),
    ))  # fmt: skip
    given = st.builds(
        lambda name, rule, worth: Badge(name, name, rule, worth),
        st.sampled_from("abc"),
        rules,
        st.integers(0, 9),
    )
    return st.lists(given, max_size=3).map(lambda made: [*made, Badge("star", "Star", None, 7)])


def recognitions() -> st.SearchStrategy[list[Recognition]]:
    """Up to two, which may give the same badge."""
    one = st.builds(
        Recognition,
        st.sampled_from(("best", "most")),
        st.sampled_from(PeriodKind),
        st.sampled_from(SubjectKind),
        st.integers(1, 2),
        st.none() | st.just(Decimal(100)),
        st.none() | st.just("star"),
    )
    return st.lists(one, max_size=2)


def consequences() -> st.SearchStrategy[list[Consequence]]:
    """Up to two ladders."""
    measure = st.builds(StepMeasure, st.sampled_from(MeasureKind), st.integers(1, 5), st.booleans())
    steps = st.lists(st.lists(measure, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3).map(tuple)
    names, levels = st.sampled_from(("slow", "late")), st.sampled_from(("clock", "quality"))
    return st.lists(st.builds(Consequence, names, levels, steps, st.none() | st.integers(1, 2)), max_size=2)


@st.composite
def rulebooks(draw: st.DrawFn, zone: str = "UTC") -> tuple[Rulebook, ...]:
    """One to three versions; `clock` and `quality` are in all of them, the rest comes and goes."""
    first_day = draw(st.integers(0, 1))
    days = STARTS_ON[first_day : first_day + draw(st.integers(1, 3 - first_day))]
    fiscal_year_start = draw(st.sampled_from((1, 2)))
    return tuple(
        rulebook(
            desk((9, 12), (13, 18), closed=("2026-02-17",), zone=zone),
            draw(responses("clock")),
            *draw(st.lists(responses("other"), max_size=1)),
            recorded(**draw(_common())),
            *draw(st.lists(_sums(), max_size=2)),
            *draw(badges()),
            *draw(recognitions()),
            *draw(consequences()),
            from_on=day,
            zone=zone,
            fiscal_year_start=fiscal_year_start,
        )
        for day in days
    )


@st.composite
def _spans(draw: st.DrawFn) -> tuple[TeamSpan, ...]:
    edges = sorted(draw(st.sets(st.integers(-20, 120), max_size=4)))
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=edge) for edge in edges]
    spans = [TeamSpan(draw(st.sampled_from(("north", "south", "demand"))), *pair)
             for pair in zip(days[::2], [*days[1::2], None], strict=False)]  # fmt: skip
    return tuple(spans)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Ana, Ben and Cleo, in teams or in none; Ana has an alias, Ben days off."""
    reps = [
        Rep("ana", "Ana", None, ("asouza",), draw(_spans())),
        Rep("ben", "Ben", None, (), draw(_spans())),
        Rep("cleo", "Cleo", None, (), draw(_spans())),
    ]
    return roster(*reps, teams=(NORTH, SOUTH, DEMAND))


def instants() -> st.SearchStrategy[Instant]:
    """Instants on few days, so that events meet; some at the ends of months in every zone."""
    days = st.sampled_from((0, 1, 12, 31, 32, 44, 45, 60, 71, 72, 90, 102))
    of_day = st.sampled_from(
        (0, 3 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR + 30 * MINUTE, 11 * HOUR, 12 * HOUR, 19 * HOUR)
    )
    exact = st.builds(lambda day, time: FIRST_AT + day * DAY + time, days, of_day)
    return st.builds(
        lambda instant, shift: instant + shift, exact, st.sampled_from((0, 0, 0, -SECOND, 1, 15 * MINUTE))
    )


@st.composite
def _lead_events(draw: st.DrawFn) -> Event:
    attributes = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "grade": st.sampled_from("AB"),
                "channel": st.sampled_from(("phone", "email")),
                "amount": st.sampled_from(("0.1", "-2", "12", "many")),
            },
        )
    )
    name = draw(st.sampled_from(TYPES))
    who = draw(st.sampled_from(NAMES) if name == "lead.assigned" else st.none() | st.sampled_from(NAMES))
    return Event("crm", "", name, draw(instants()), draw(st.sampled_from(LEADS)), who, attributes)


@st.composite
def _verdicts(draw: st.DrawFn) -> Event:
    attributes = {
        "service_level": "quality",
        "rating": draw(st.sampled_from(("exceeded", "met", "missed", "odd"))),
    }
    lead = draw(st.none() | st.sampled_from(LEADS))
    return Event(
        "crm", "", "outcome.recorded", draw(instants()), lead, draw(st.sampled_from(NAMES)), attributes
    )


def _corrections() -> st.SearchStrategy[Event]:
    excluded = st.builds(
        lambda time, lead: Event("crm", "", "lead.excluded", time, lead), instants(), st.sampled_from(LEADS)
    )
    voided = st.builds(
        lambda time, number: Event("crm", "", "event.voided", time, None, None, {"voids": f"{number:02d}"}),
        instants(),
        st.integers(0, 20),
    )
    return voided | voided | excluded


@st.composite
def event_streams(draw: st.DrawFn, corrections: bool = True, most: int = 20) -> tuple[Event, ...]:
    """Events of a few leads in any order, each with an id of its own; with voidings and exclusions if wanted."""
    kinds_of_events = [_lead_events(), _lead_events(), _lead_events(), _verdicts()]
    stream = draw(st.lists(st.one_of(kinds_of_events), max_size=most))
    if corrections:
        stream = draw(st.permutations([*stream, *draw(st.lists(_corrections(), max_size=3))]))
    return tuple(event._replace(id=f"{number:02d}") for number, event in enumerate(stream))


@st.composite
def stories(draw: st.DrawFn, corrections: bool = True) -> Story:
    """A rulebook, a roster and events."""
    zone = draw(st.sampled_from(ZONES))
    return Story(draw(rulebooks(zone)), draw(rosters()), draw(event_streams(corrections)))


def as_of_instants() -> st.SearchStrategy[Instant]:
    """Instants to look from: any of the events' kind, or after everything."""
    return instants() | st.just(LAST_AT)


def in_any_order(draw: st.DataObject, events: Sequence[Event]) -> list[Event]:
    """The events as they may arrive."""
    return draw.draw(st.permutations(list(events)))
