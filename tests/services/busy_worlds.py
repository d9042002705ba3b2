"""Months of a small company, by a seed: dense enough that everything happens that can, and all at once.

Rules of every kind, leads that are worked on around the ends of months, events that come late, early, twice, with
another body, cancelled before or after they came; and between them closings, other rosters, restated rules.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from leaderboard.domain.events import Event
from leaderboard.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan, TimeOff
from leaderboard.domain.rulebook import (
    AttributeWorth,
    Badge,
    CleanMonthBadge,
    Consequence,
    CountBadge,
    FixedWorth,
    GradeWorth,
    MeasureKind,
    PointsTable,
    RankBadge,
    Rating,
    Recognition,
    Rulebook,
    ServiceLevel,
    StepMeasure,
    StreakBadge,
    SubjectKind,
)
from tests.domain.build import at, attempts, desk, kinds, ratio, recorded, response, rulebook, volume
from tests.services.busy_prizes import a_tick, with_prizes
from tests.services.story_steps import Apply, Close, Decide, Do, Erase, Receive, Script, Staff, Step

ZONES = ("UTC", "America/Sao_Paulo", "Asia/Tokyo")
BEGIN_AT, END_AT = at("2025-12-28 00:00"), at("2026-05-03 00:00")
PEOPLE = ("ana", "asouza", "ben", "cleo", "zoe")
MONTHS = ("2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05")
_EDGES = [at(f"{month}-01 00:00") for month in MONTHS[1:]]


def script(seed: int) -> Script:
    """What happens when, from an empty database on."""
    return _Author(Random(seed)).write()


class _Author:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._zone = random.choice(ZONES)
        self._fiscal = random.choice((1, 1, 2))
        self._after_days = random.choice((0, 3, 3, 10))
        self._number = 0

    def write(self) -> Script:
        random = self._random
        starts = sorted(
            random.sample(("2026-01-01", "2026-02-01", "2026-03-01"), random.choice((1, 1, 2, 3)))
        )
        # With history, the months before are imported at once, in the midst of it.
        begin_at = random.choice((BEGIN_AT, BEGIN_AT, at("2026-02-20 00:00"), at("2026-04-02 00:00")))
        steps: Script = [(begin_at, Apply(self._rulebook(start))) for start in starts]
        steps.append((begin_at, Staff(self._roster())))
        arrivals = self._arrivals(begin_at)
        steps += [(when, Receive(tuple(batch))) for when, batch in arrivals]
        steps += self._interruptions(begin_at, starts)
        last_at = max(when for when, _ in steps)
        return [
            *sorted(steps, key=lambda step: step[0]),
            (last_at + HOUR, Do("check")),
            (last_at + 40 * DAY, Do("close_due")),
            (last_at + 40 * DAY, Do("check")),
        ]

    def _interruptions(self, begin_at: Instant, starts: Sequence[str]) -> Script:
        random, steps = self._random, []
        for _ in range(random.randint(8, 26)):
            when = random.randrange(begin_at + 1, END_AT + 30 * DAY)
            if random.random() < 0.3:
                when = max(begin_at, random.choice(_EDGES)) + random.choice(
                    (0, 1, SECOND, DAY, self._after_days * DAY)
                )
            steps.append((when, self._interruption(starts)))
        return steps + self._late_closing(begin_at)

    def _late_closing(self, begin_at: Instant) -> Script:
        """What was imported as history is closed by command, perhaps when later months are closed already."""
        if self._random.random() < 0.5:
            return []
        when = self._random.randrange(begin_at + 10 * DAY, END_AT + 30 * DAY)
        return [(when + place * MINUTE, Close(month)) for place, month in enumerate(MONTHS)]

    def _interruption(self, starts: Sequence[str]) -> Step:
        random = self._random
        kind = random.choices(
            (
                "evaluate",
                "evaluate behind",
                "check",
                "close_due",
                "close",
                "apply",
                "staff",
                "erase",
                "decide",
            ),
            (6, 1, 3, 4, 6, 1.5, 1.5, 0.5, 16),
        )[0]
        if kind == "decide":
            return Decide(random.randrange(2**31))
        if kind == "close":
            return Close(random.choice((*MONTHS, "2025-Q4", "2026-Q1", "2026-Q2")))
        if kind == "apply":
            return Apply(self._rulebook(random.choice(starts)))
        if kind == "staff":
            return Staff(self._roster())
        return Erase(random.choice(("ben", "cleo"))) if kind == "erase" else Do(kind)

    # The rules

    def _rulebook(self, start: str) -> Rulebook:
        random, levels = self._random, self._service_levels()
        rated = [level.id for level in levels if level.target is not None]
        made = rulebook(
            desk((9, 12), (13, 18), closed=("2026-02-17",), zone=self._zone),
            *levels, *self._badges(levels), *self._recognition(), *(self._ladders(rated) if rated else ()),
            from_on=start, zone=self._zone, fiscal_year_start=self._fiscal,
        )  # fmt: skip
        made = replace(made, organization=replace(made.organization, closing_after_days=self._after_days))
        return with_prizes(random, made) if random.random() < 0.7 else made

    def _points(self, low: int, high: int) -> PointsTable:
        return PointsTable(*(self._random.randint(low, high) for _ in range(3)))

    def _common(self) -> dict[str, object]:
        random = self._random
        return {
            "subject": random.choice(("rep", "rep", "team")),
            "minimum": random.choice((1, 1, 2)),
            "target": random.choice((Decimal("0.5"), Decimal("0.75"), Decimal("0.75"), None)),
            "exceed": None,
            "each": self._points(-3, 5),
            "month": self._points(-6, 9),
        }

    def _promise(self) -> dict[str, object]:
        common = self._common()
        if common["target"] is not None and self._random.random() < 0.5:
            common["exceed"] = Decimal(1)
        return common

    def _service_levels(self) -> list[ServiceLevel]:
        random = self._random
        durations = ("30m", "1h", "9h", "2d")
        clock = response(
            "clock",
            within=random.choice((*durations, {"A": "30m", "otherwise": "2h"}, {"A": "1h"})),
            exceed_within=random.choice((None, "15m")),
            stop=random.choice(
                (attempts(2), kinds("contacted"), kinds("contacted"), kinds(("accepted", "contacted")))
            ),
            start=random.choice(("assigned", "assigned", ("assigned", "returned"))),
            calendar=random.choice((None, None, "desk")),
            on_reassign=random.choice(("restart", "continue")),
            **self._promise(),
        )
        worth = random.choice(
            (FixedWorth(), AttributeWorth("amount"), GradeWorth({"A": Decimal(5)}, Decimal("0.5")))
        )
        sums = {"subject": random.choice(("rep", "team")), "month": self._points(-6, 9), "party": "sales"}
        count = volume(
            events=random.choice(("contacted", "marketing_qualified")),
            worth=worth,
            once_per_lead=random.random() < 0.5,
            target=random.choice(("1", "3")),
            **sums,
        )
        sums = {**sums, "subject": random.choice(("rep", "team")), "month": self._points(-6, 9)}
        share = ratio(minimum=random.choice((1, 2)), **sums)
        others = [level for level in (recorded(**self._promise()), count, share) if random.random() < 0.75]
        return [clock, *others]

    def _badges(self, levels: Sequence[ServiceLevel]) -> list[Badge]:
        random = self._random
        names = [level.id for level in levels if level.id in ("clock", "quality")]
        how, scopes = random.choice((Rating.MET, Rating.EXCEEDED)), tuple(SubjectKind)
        rules = {
            "quick": CountBadge(random.choice(names), random.choice((1, 2, 3)), how),
            "row": StreakBadge(random.choice(names), random.choice((1, 2, 3))),
            "run": StreakBadge("clock", random.choice((2, 4))),
            "clean": CleanMonthBadge(random.choice((1, 2))),
            "first": RankBadge(random.choice((1, 2)), PeriodKind.MONTH, random.choice(scopes)),
            "champion": RankBadge(1, PeriodKind.QUARTER, random.choice(scopes)),
        }
        kept = [name for name in rules if random.random() < 0.7]
        badges = [Badge(name, name, rules[name], random.choice((0, 2, 7))) for name in kept]
        return [*badges, Badge("star", "Star", None, random.choice((0, 5))), *self._stand_ins(kept)]

    def _stand_ins(self, kept: Sequence[str]) -> list[Badge]:
        """Recognition may name these in every version; where they are not earned, they are given only."""
        return [Badge(name, name, None, 3) for name in ("clean", "champion", "quick") if name not in kept]

    def _recognition(self) -> list[Recognition]:
        names = ("best", "most", "top")[: self._random.choice((0, 1, 2, 3))]
        return [self._win(name) for name in names]

    def _win(self, name: str) -> Recognition:
        random = self._random
        kind, scope = random.choice(tuple(PeriodKind)), random.choice(tuple(SubjectKind))
        badge = random.choice(("star", "star", "clean", "champion", "quick", None))
        return Recognition(name, kind, scope, random.choice((1, 2)), Decimal(100), badge)

    def _ladders(self, rated: Sequence[str]) -> list[Consequence]:
        random = self._random
        return [
            Consequence(name, random.choice(rated), self._steps(), random.choice((None, 1, 2)))
            for name in ("slow", "late")[: random.choice((0, 1, 2))]
        ]

    def _steps(self) -> tuple[tuple[StepMeasure, ...], ...]:
        random = self._random
        measures = (
            StepMeasure(MeasureKind.NOTIFY_REP),
            StepMeasure(MeasureKind.DEDUCT, 4),
            StepMeasure(MeasureKind.DEDUCT, 9, needs_approval=True),
            StepMeasure(MeasureKind.NO_BONUS),
        )
        number = random.choice((1, 2, 3))
        return tuple(tuple(random.sample(measures, random.choice((1, 2)))) for _ in range(number))

    # The people

    def _roster(self) -> Roster:
        random = self._random
        ids = random.sample(("ana", "ben", "cleo", "zoe"), random.choice((2, 3, 3, 4)))
        aliases = {alias: random.choice(ids) for alias in ("asouza", "zoe") if alias not in ids}
        if random.random() < 0.3:
            aliases.clear()
        reps = [self._rep(name, aliases) for name in sorted(ids)]
        used = {span.team for rep in reps for span in rep.teams}
        departments = {
            "north": "sales",
            "south": random.choice(("sales", "marketing")),
            "demand": "marketing",
        }
        teams = {
            name: Team(name, name.title(), kind)
            for name, kind in departments.items()
            if name in used or random.random() < 0.5
        }
        return Roster(teams, {rep.id: rep for rep in reps})

    def _rep(self, name: str, aliases: Mapping[str, str]) -> Rep:
        mine = tuple(alias for alias, who in aliases.items() if who == name)
        return Rep(name, name.title(), None, mine, self._spans(), self._off())

    def _spans(self) -> tuple[TeamSpan, ...]:
        random = self._random
        if random.random() < 0.15:
            return ()
        edges = sorted(random.sample(range(-40, 130), random.choice((0, 1, 2))))
        days = [dt.date(2026, 1, 1) + dt.timedelta(days=edge) for edge in (-60, *edges)]
        ends = [day - dt.timedelta(days=random.choice((1, 1, 5))) for day in days[1:]]
        ends = [max(start, end) for start, end in zip(days, ends, strict=False)]
        return tuple(
            TeamSpan(random.choice(("north", "north", "south", "demand")), start, end)
            for start, end in zip(days, [*ends, None], strict=True)
            if end is None or start <= end
        )

    def _off(self) -> tuple[TimeOff, ...]:
        if self._random.random() < 0.8:
            return ()
        first = dt.date(2026, 1, 1) + dt.timedelta(days=self._random.randrange(100))
        return (TimeOff(first, first + dt.timedelta(days=self._random.randrange(4))),)

    # The events

    def _arrivals(self, begin_at: Instant) -> Script | list[tuple[Instant, list[Event]]]:
        random = self._random
        stream: list[tuple[Instant, Event]] = []
        for number in range(random.randint(4, 30)):
            for event in self._lead(f"L{number}"):
                stream += self._deliveries(event, begin_at)
        for _ in range(random.randint(0, 14)):
            stream += self._deliveries(self._verdict(), begin_at)
        for _ in range(random.choice((0, 3, 6))):
            tick = a_tick(random, self._id("t"), self._instant(), random.choice(PEOPLE))
            stream += self._deliveries(tick, begin_at)
        stream.sort(key=lambda pair: pair[0])
        batches: list[tuple[Instant, list[Event]]] = []
        for when, event in stream:
            if batches and (batches[-1][0] == when or random.random() < 0.4):
                batches[-1][1].append(event)
            else:
                batches.append((when, [event]))
        for _, batch in batches:
            random.shuffle(batch)
        return batches

    def _deliveries(self, event: Event, begin_at: Instant) -> list[tuple[Instant, Event]]:
        """When it comes in; sometimes twice, with another body, cancelled."""
        random = self._random
        days = random.randrange(2 * DAY), random.randrange(40 * DAY), -random.randrange(5 * DAY)
        late = random.choices((0, MINUTE, *days), (5, 3, 2, 1.5, 0.5))[0]
        arrives_at = max(begin_at, event.time + late)
        found = [(arrives_at, event)]
        chance = random.random()
        if chance < 0.05:
            found.append((arrives_at + random.randrange(20 * DAY), event))
        elif chance < 0.10:
            other = event._replace(
                time=event.time + 7 * MINUTE, attributes={**event.attributes, "grade": "Z"}
            )
            found.append((arrives_at + random.randrange(20 * DAY), other))
        elif chance < 0.18:
            found.append(self._voiding(event, arrives_at, begin_at))
        return found

    def _voiding(self, event: Event, arrives_at: Instant, begin_at: Instant) -> tuple[Instant, Event]:
        random = self._random
        comes_at = max(begin_at, arrives_at + random.randrange(-2 * DAY, 35 * DAY))
        time = random.choice((comes_at, comes_at, event.time, comes_at + DAY, event.time - DAY))
        lead = random.choice((None, event.lead))
        return comes_at, Event(
            event.source, self._id("v"), "event.voided", time, lead, None, {"voids": event.id}
        )

    def _id(self, prefix: str) -> str:
        self._number += 1
        return f"{prefix}{self._number:04d}"

    def _instant(self) -> Instant:
        random = self._random
        if random.random() < 0.5:
            return random.choice(_EDGES) + random.choice(
                (-1, 0, 1, -SECOND, -HOUR, -10 * HOUR, HOUR, 9 * HOUR, -DAY, DAY, 2 * DAY)
            )
        return random.randrange(BEGIN_AT, END_AT - 2 * DAY) // (15 * MINUTE) * (15 * MINUTE)

    def _lead(self, lead: str) -> list[Event]:
        random = self._random
        when = self._instant()

        def one(kind: str, rep: str | None = None, **attributes: str) -> Event:
            return Event("crm", self._id("e"), kind, when, lead, rep, attributes)

        events = []
        if random.random() < 0.5:
            grade = random.choice(("A", "B", "C"))
            events.append(one(random.choice(("lead.created", "lead.marketing_qualified")), grade=grade))
        holder = random.choice(PEOPLE)
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            when += random.choice((0, 0, 5 * MINUTE, DAY))
            if random.random() < 0.95:
                events.append(one("lead.assigned", random.choice((holder, holder, random.choice(PEOPLE)))))
            for _ in range(random.choice((0, 1, 1, 1, 2))):
                when += random.choice(
                    (0, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, HOUR + 1, 4 * HOUR, 3 * DAY)
                )
                rep = random.choice((None, None, random.choice(PEOPLE)))
                kind = random.choice(("lead.contacted", "lead.contacted", "lead.contact_attempted", "lead.accepted",
                                      "opportunity.won", "lead.paused", "lead.resumed", "lead.returned"))  # fmt: skip
                amount = random.choice(("0.1", "12", "-2", "many"))
                events.append(one(kind, rep, amount=amount, channel=random.choice(("phone", "email"))))
        if random.random() < 0.05:
            when += random.randrange(30 * DAY)
            events.append(one("lead.excluded"))
        return events

    def _verdict(self) -> Event:
        random = self._random
        attributes = {"service_level": random.choice(("quality", "quality", "quality", "clock")),
                      "rating": random.choice(("exceeded", "met", "met", "missed", "odd"))}  # fmt: skip
        lead = random.choice((None, None, f"L{random.randrange(6)}"))
        rep = random.choice((*PEOPLE, None))
        return Event("qa", self._id("q"), "outcome.recorded", self._instant(), lead, rep, attributes)
