"""A draft beside the rules as they are: the same leads by both, and what comes out otherwise."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from leaderboard.domain.comparison import TwoReplays, compare, drafted, shifted, worst_case
from leaderboard.domain.events import Event
from leaderboard.domain.facts import Tally
from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.points import EntryKind
from leaderboard.domain.replay import Replay, World
from leaderboard.domain.rulebook import (
    Badge,
    Consequence,
    Contest,
    CountBadge,
    MeasureKind,
    PrizeRule,
    RankBadge,
    Recognition,
    Rulebook,
    StepMeasure,
    SubjectKind,
)
from leaderboard.domain.simulation import Pair, RatingCount, Simulation
from leaderboard.domain.standings import Score, Standing, rank_scores
from leaderboard.domain.versions import Book
from tests.domain.build import at, book, day, event, met, missed, period, points, response, roster, rulebook

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM
LEVEL = response(target="0.5", each=points(met=2, missed=-1), month=points(met=10, missed=-5))
STRICT = response(within="10m", target="0.5", each=points(met=2, missed=-1), month=points(met=10, missed=-5))
BEST = Recognition("best", PeriodKind.MONTH, REP, 1, Decimal(100))
COACHED = Consequence("slow", "first-contact", ((StepMeasure(MeasureKind.COACHING),),))


def lead(name: str, who: str, when: str, minutes: int) -> list[Event]:
    """Contacted so many minutes after ten o'clock of a day."""
    return [
        event("assigned", f"{when} 10:00", name, who),
        event("contacted", f"{when} 10:{minutes:02d}", name),
    ]


JULY = [*lead("L1", "ana", "07-06", 30), *lead("L2", "ben", "07-06", 5), *lead("L3", "ana", "07-07", 5)]


def tried_in(now: Book, draft: Rulebook, name: str) -> Book:
    span = period(name)
    return drafted(now, draft, span.first_on, span.last_on)


def worlds(
    events: Iterable[Event], now: Book, draft: Rulebook, name: str, as_of: str = "2026-09-01 00:00"
) -> tuple[World, World]:
    span = period(name)
    sides = Replay(now, roster(), at(as_of)), Replay(tried_in(now, draft, name), roster(), at(as_of))
    both = TwoReplays(*sides, span.start_at)
    leads: dict[str | None, list[Event]] = {}
    for one in events:
        leads.setdefault(one.lead, []).append(one)
    for one_lead in leads.values():
        both.take(one_lead)
    return sides[0].world(), sides[1].world()


def tried(
    draft: Rulebook, *now: Any, events: Iterable[Event] = JULY, name: str = "2026-07", **more: Any
) -> Simulation:
    return compare(period(name), *worlds(events, book(*now), draft, name, **more))


def moved(found: Simulation, scope: SubjectKind = REP) -> list[tuple[str, int | None, Pair[int]]]:
    return [(row.subject.id, row.moves, row.points) for row in found.standings[scope]]


class TestTheSameRules:
    def test_change_nothing(self) -> None:
        parts = (LEVEL, BEST, COACHED, Badge("first", "First", RankBadge(1, PeriodKind.MONTH, REP)))
        found = tried(rulebook(*parts, from_on="2027-01-01"), *parts)
        assert moved(found) == [("ana", 0, Pair(14, 14)), ("ben", 0, Pair(12, 12))]
        assert (found.ratings, found.badges) == ((), ())
        assert [(w.as_is, w.would_be) for w in found.winners if w.as_is != w.would_be] == []
        assert found.bonus == Pair(Decimal(100), Decimal(100))
        assert {kind: pair.as_is - pair.would_be for kind, pair in found.points.items()} == {
            EntryKind.EACH: 0, EntryKind.MONTH: 0,
        }  # fmt: skip


class TestAStricterClock:
    def test_moves_reps_and_teams(self) -> None:
        found = tried(rulebook(STRICT), LEVEL)
        assert moved(found) == [("ben", 1, Pair(12, 12)), ("ana", -1, Pair(14, 11))]
        assert moved(found, TEAM) == [("south", 1, Pair(12, 12)), ("north", -1, Pair(14, 11))]
        assert found.points == {EntryKind.EACH: Pair(6, 3), EntryKind.MONTH: Pair(20, 20)}

    def test_changes_ratings_and_counts(self) -> None:
        found = tried(rulebook(response(within="10m", target="0.6")), response(target="0.6"))
        (change,) = found.ratings
        assert change.as_is is not None
        assert change.would_be is not None
        assert (change.subject.id, change.as_is.rating, change.would_be.rating) == ("ana", "met", "missed")
        (level,) = found.service_levels
        assert level.outcomes == Pair(Tally(0, 3, 0), Tally(0, 2, 1))
        assert level.ratings == Pair(RatingCount(met=2), RatingCount(met=1, missed=1))

    def test_leaves_the_months_before_it_as_they_were(self) -> None:
        before = lead("L0", "ana", "06-29", 30)
        found = tried(rulebook(STRICT), LEVEL, events=[*before, *JULY], name="2026-06")
        assert moved(found)[0] == ("ben", 1, Pair(0, 0))
        found = tried(rulebook(STRICT), LEVEL, events=[*before, *JULY])
        assert moved(found) == [("ben", 1, Pair(12, 12)), ("ana", -1, Pair(14, 11))]

    def test_judges_only_clocks_that_open_in_it(self) -> None:
        over_midnight = [
            event("assigned", "06-30 23:50", "L9", "ben"),
            event("contacted", "07-01 00:20", "L9"),
        ]
        found = tried(rulebook(STRICT), LEVEL, events=over_midnight)
        assert moved(found)[0] == ("ben", 0, Pair(12, 12))


class TestWhatIsWon:
    def test_another_wins_another_bonus(self) -> None:
        found = tried(
            rulebook(STRICT, Recognition("best", PeriodKind.MONTH, REP, 1, Decimal(150), name="Best")),
            LEVEL,
            BEST,
        )
        winners = [(w.subject.id, w.name, w.as_is is None, w.would_be is None) for w in found.winners]
        assert winners == [("ana", "Best", False, True), ("ben", "Best", True, False)]
        assert (found.bonus, found.worst) == (
            Pair(Decimal(100), Decimal(150)),
            Pair(Decimal(200), Decimal(300)),
        )

    def test_nothing_before_the_end(self) -> None:
        found = tried(rulebook(LEVEL, BEST), LEVEL, BEST, as_of="2026-07-20 00:00")
        assert not found.has_ended
        assert (found.winners, found.bonuses, found.ratings) == ((), (), ())
        assert moved(found) == [("ana", 0, Pair(4, 4)), ("ben", 0, Pair(2, 2))]

    def test_the_months_of_a_quarter_and_the_quarter(self) -> None:
        quarterly = Recognition("top", PeriodKind.QUARTER, TEAM, 1, Decimal(500))
        found = tried(rulebook(LEVEL, BEST, quarterly), LEVEL, BEST, name="2026-Q3", as_of="2026-10-02 00:00")
        assert [(line.recognition, line.period, line.cost) for line in found.bonuses] == [
            ("best", "2026-07", Pair(Decimal(100), Decimal(100))),
            ("best", "2026-08", Pair(Decimal(0), Decimal(0))),
            ("best", "2026-09", Pair(Decimal(0), Decimal(0))),
            ("top", "2026-Q3", Pair(Decimal(0), Decimal(500))),
        ]

    def test_a_bonus_that_a_step_withholds_costs_nothing(self) -> None:
        denied = Consequence("slow", "first-contact", ((StepMeasure(MeasureKind.NO_BONUS),),))
        level = response(target="0.9", each=points(met=9))
        events = [*lead("L1", "ana", "07-06", 5), *missed("L2", "ana", "07-07 10:00")]
        found = tried(rulebook(level, BEST, denied), level, BEST, events=events)
        assert found.bonus == Pair(Decimal(100), Decimal(0))
        assert [(s.subject.id, s.as_is is None, s.name) for s in found.steps] == [("ana", True, "slow")]

    def test_prizes_of_contests(self) -> None:
        def race(money: int) -> Contest:
            prize = PrizeRule(20, Decimal(money))
            return Contest(
                "race", "Race", day("2026-07-01"), day("2026-07-10"), ("first-contact",), prize=prize
            )

        found = tried(rulebook(STRICT, race(80)), LEVEL, race(50))
        assert [(p.subject.id, p.as_is is None, p.would_be is None) for p in found.prizes] == [
            ("ana", False, False),
            ("ben", True, False),
        ]
        assert found.prize_money == Pair(Decimal(50), Decimal(160))

    def test_a_prize_of_points_only_costs_no_money(self) -> None:
        race = Contest(
            "race",
            "Race",
            day("2026-07-01"),
            day("2026-07-10"),
            ("first-contact",),
            prize=PrizeRule(20, None),
        )
        assert tried(rulebook(LEVEL, race), LEVEL).prize_money == Pair(Decimal(0), Decimal(0))

    def test_badges_by_how_often(self) -> None:
        quick = Badge("quick", "Quick", CountBadge("first-contact", 2))
        found = tried(rulebook(STRICT, quick), LEVEL, quick)
        assert [(b.name, b.subject.id, b.times) for b in found.badges] == [("Quick", "ana", Pair(1, 0))]


class TestTheWorstCase:
    @staticmethod
    def of(places: int, *ranked: int, bonus: int | None = 100) -> Decimal:
        rows = rank_scores(Score(str(n), str(n), score) for n, score in enumerate(ranked))
        rule = Recognition("x", PeriodKind.MONTH, REP, places, None if bonus is None else Decimal(bonus))
        return worst_case(rule, rows)

    @pytest.mark.parametrize(
        ("places", "ranked", "winners"),
        [
            (1, (9, 8, 7), 2),
            (3, (9, 8, 7, 6, 5), 4),
            (1, (9, 8, 7, 7, 7), 3),
            (2, (9, 8, 7, 7, 7), 4),
            (3, (9, 8), 2),
            (1, (9, 0, -3), 1),
            (1, (), 0),
        ],
    )
    def test_the_last_place_is_shared(self, places: int, ranked: tuple[int, ...], winners: int) -> None:
        assert self.of(places, *ranked) == 100 * winners

    def test_costs_nothing_without_a_bonus(self) -> None:
        assert self.of(1, 5, 4, bonus=None) == 0


class TestADraftsBook:
    def test_replaces_what_starts_within_the_period(self) -> None:
        now = Book(rulebook(LEVEL, from_on=f"2026-{month}-01") for month in ("01", "07", "09", "10"))
        starts = [v.effective_from for v in tried_in(now, rulebook(STRICT), "2026-Q3").versions]
        assert starts == [day("2026-01-01"), day("2026-07-01"), day("2026-10-01")]

    def test_may_come_before_the_first_version(self) -> None:
        race = Recognition("best", PeriodKind.MONTH, REP, 1, Decimal(100))
        found = tried(rulebook(LEVEL, race), rulebook(LEVEL, from_on="2026-08-01"))
        assert moved(found) == [("ana", 0, Pair(0, 14)), ("ben", -1, Pair(0, 12))]
        assert found.bonus == Pair(Decimal(0), Decimal(100))
        assert [name.name for name in found.service_levels] == ["first-contact"]


class TestWhatWasSealed:
    @staticmethod
    def rows(**scores: int) -> list[Standing]:
        return rank_scores(Score(who, who, score, Tally(met=score)) for who, score in scores.items())

    def test_is_shifted_by_what_the_draft_changes(self) -> None:
        sealed, before, after = self.rows(a=10, b=9), self.rows(a=10, b=12), self.rows(a=10, b=14)
        assert [(r.rank, r.score.id, r.score.points) for r in shifted(sealed, before, after)] == [
            (1, "b", 11), (2, "a", 10),
        ]  # fmt: skip

    def test_who_comes_and_who_goes(self) -> None:
        found = shifted(self.rows(a=10, b=9), self.rows(a=10, b=9, late=3), self.rows(a=10, new=4, late=3))
        assert [(r.score.id, r.score.points) for r in found] == [("a", 10), ("new", 4)]

    def test_is_what_is_shown(self) -> None:
        pair = worlds(JULY, book(LEVEL, BEST), rulebook(STRICT, BEST), "2026-07")
        sealed = {("2026-07", REP): self.rows(ana=20, ben=1)}
        found = compare(period("2026-07"), *pair, sealed)
        assert moved(found) == [("ana", 0, Pair(20, 17)), ("ben", 0, Pair(1, 1))]
        assert [w.subject.id for w in found.winners] == ["ana"]

    def test_never_counts_below_zero(self) -> None:
        sealed, before, after = self.rows(a=0), self.rows(a=2), self.rows(a=1)
        assert shifted(sealed, before, after)[0].score == Score("a", "a", -1, Tally())


def test_who_would_not_be_listed_comes_last() -> None:
    """A stranger is listed by what he did, and by nothing else."""
    stranger = met("L9", "zoe", "07-06 10:00")
    found = tried(rulebook(response("other", start="returned")), LEVEL, events=stranger)
    rows = found.standings[REP]
    assert [row.subject.id for row in rows] == ["ana", "ben", "zoe"]
    assert (rows[-1].would_be, rows[-1].moves, rows[-1].points) == (None, None, Pair(12, 0))
