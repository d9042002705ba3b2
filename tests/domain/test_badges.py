"""Badges for counts, streaks, clean months and ranks."""

import pytest

from leaderboard.domain.badges import (
    Award,
    award_order,
    badge_entry,
    clean_month_awards,
    given_award,
    live_awards,
    live_service_levels,
    rank_awards,
)
from leaderboard.domain.facts import MonthFacts, Tally, TallyKey
from leaderboard.domain.outcomes import Outcome
from leaderboard.domain.periods import Month
from leaderboard.domain.points import EntryKind
from leaderboard.domain.rulebook import (
    Badge,
    BadgeRule,
    CleanMonthBadge,
    CountBadge,
    PeriodKind,
    RankBadge,
    Rating,
    StreakBadge,
    SubjectKind,
)
from leaderboard.domain.standings import Score, rank_scores
from leaderboard.domain.versions import Version
from tests.domain.build import at, book, clock, day, fold, period, placement, recorded, rep, span, verdict

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM
AUGUST = period("2026-08")
NEW_TEAM = placement(rep("ana", span("north", "2026-01-01", "2026-08-31"), span("south", "2026-09-01")))


def version(*rules: BadgeRule, points: int = 5) -> Version:
    badges = [Badge(f"b{place}", "B", rule, points) for place, rule in enumerate(rules)]
    return book(recorded(), recorded("other"), *badges).versions[0]


def of(ratings: str, level: str = "quality") -> list[Outcome]:
    """Ana's outcomes on the days of August: `e`xceeded, `m`et or `x` missed."""
    names = {"e": "exceeded", "m": "met", "x": "missed"}
    verdicts = [
        verdict(f"2026-08-{place:02d} 10:00", "ana", names[one], service_level=level)
        for place, one in enumerate(ratings, start=1)
    ]
    found = fold(verdicts, recorded(), recorded("other")).outcomes
    return sorted(found, key=lambda outcome: outcome.at)


def earned(rule: BadgeRule, ratings: str, run: int = 0) -> tuple[list[int], int | None]:
    """The days on which the badge is earned, and the streak at the month's end."""
    awards, ends = live_awards(version(rule), "ana", of(ratings), {"b0": run})
    return [int(clock(award.awarded_at)[3:5]) for award in awards], ends.get("b0")


class TestCounts:
    def test_it_is_earned_at_the_nth_of_the_month_and_once(self) -> None:
        assert earned(CountBadge("quality", 2), "mxmmm") == ([3], None)
        assert earned(CountBadge("quality", 5), "mxmmm") == ([], None)

    def test_a_better_rating_counts_too_and_a_worse_one_does_not(self) -> None:
        assert earned(CountBadge("quality", 3), "mexm")[0] == [4]
        assert earned(CountBadge("quality", 2, Rating.EXCEEDED), "memexe")[0] == [4]
        assert earned(CountBadge("quality", 2, Rating.MISSED), "xm")[0] == [2]

    def test_other_service_levels_do_not_count(self) -> None:
        awards, _ = live_awards(version(CountBadge("quality", 1)), "ana", of("mm", level="other"), {})
        assert awards == []


class TestStreaks:
    RULE = StreakBadge("quality", 3)

    def test_it_is_earned_at_the_nth_in_a_row_and_at_every_further_nth(self) -> None:
        assert earned(self.RULE, "memmmem") == ([3, 6], 7)

    def test_a_miss_starts_again_from_0(self) -> None:
        assert earned(self.RULE, "mmxmmm") == ([6], 3)
        assert earned(self.RULE, "mmx") == ([], 0)

    def test_it_runs_on_from_the_months_before(self) -> None:
        assert earned(self.RULE, "m", run=2) == ([1], 3)
        assert earned(self.RULE, "xm", run=2) == ([], 1)
        assert earned(self.RULE, "", run=2) == ([], 2)

    def test_it_is_earned_at_multiples_of_the_n_in_force(self) -> None:
        assert earned(StreakBadge("quality", 4), "mmm", run=5) == ([3], 8)

    def test_other_service_levels_neither_add_nor_break(self) -> None:
        outcomes = sorted([*of("mm"), *of("xx", level="other")], key=lambda one: one.at)
        _, ends = live_awards(version(self.RULE), "ana", outcomes, {})
        assert ends == {"b0": 2}

    def test_twice_at_one_instant_it_is_awarded_once(self) -> None:
        twins = [one._replace(at=at("10:00")) for one in of("mm")]
        awards, ends = live_awards(version(StreakBadge("quality", 1)), "ana", twins, {})
        assert (len(awards), ends) == (1, {"b0": 2})


def test_live_badges_are_the_reps_with_their_points() -> None:
    [award], _ = live_awards(version(CountBadge("quality", 1)), "ana", of("m"), {})
    assert award == Award(
        "b0", REP, "ana", at("2026-08-01 10:00"), day("2026-01-01"), 5, at("2026-08-01 10:00")
    )


def test_badges_of_other_kinds_are_not_earned_live() -> None:
    rules = version(CleanMonthBadge(1), RankBadge(1, PeriodKind.MONTH, REP))
    assert live_awards(rules, "ana", of("m"), {}) == ([], {})


class TestCleanMonths:
    def awarded(self, needed: int, *tallies: tuple[str, str, Tally]) -> list[tuple[str, str]]:
        facts = MonthFacts(
            Month(2026, 8), {TallyKey(level, who, None): tally for who, level, tally in tallies}
        )
        awards = clean_month_awards(version(CleanMonthBadge(needed)), AUGUST, facts)
        return [(award.id, clock(award.awarded_at)) for award in awards]

    def test_it_takes_n_outcomes_over_all_service_levels_and_none_missed(self) -> None:
        two, one = ("ana", "quality", Tally(1, 1, 0)), ("ana", "other", Tally(0, 1, 0))
        assert self.awarded(3, two, one) == [("ana", "08-31 23:59:59")]
        assert self.awarded(4, two, one) == []
        assert self.awarded(2, two, ("ana", "other", Tally(0, 0, 1))) == []

    def test_each_rep_is_judged_for_himself(self) -> None:
        tallies = [("ben", Tally(0, 1, 0)), ("ana", Tally(1, 0, 0)), ("cleo", Tally(0, 0, 1))]
        found = self.awarded(1, *((who, "quality", tally) for who, tally in tallies))
        assert [who for who, _ in found] == ["ana", "ben"]

    def test_without_such_a_badge_there_is_none(self) -> None:
        facts = MonthFacts(Month(2026, 8), {TallyKey("quality", "ana", None): Tally(9, 0, 0)})
        assert clean_month_awards(version(CountBadge("quality", 1)), AUGUST, facts) == []


class TestRanks:
    STANDING = rank_scores(
        [Score("ana", "Ana", 5), Score("ben", "Ben", 5), Score("cleo", "Cleo", 1), Score("dan", "Dan", 0)]
    )

    @pytest.mark.parametrize(
        ("rank", "winners"), [(1, ["ana", "ben"]), (2, ["ana", "ben"]), (9, ["ana", "ben", "cleo"])]
    )
    def test_rank_k_or_better_with_more_than_0_points(self, rank: int, winners: list[str]) -> None:
        rules = version(RankBadge(rank, PeriodKind.MONTH, REP))
        assert [award.id for award in rank_awards(rules, AUGUST, REP, self.STANDING)] == winners

    def test_at_the_last_second_with_points_booked_one_second_later(self) -> None:
        [first, _] = rank_awards(version(RankBadge(1, PeriodKind.MONTH, REP)), AUGUST, REP, self.STANDING)
        assert (clock(first.awarded_at), clock(first.booked_at)) == ("08-31 23:59:59", "09-01 00:00")
        assert AUGUST.end_at == first.booked_at

    def test_only_of_its_own_period_and_scope(self) -> None:
        rules = version(RankBadge(1, PeriodKind.QUARTER, REP))
        assert rank_awards(rules, AUGUST, REP, self.STANDING) == []
        assert len(rank_awards(rules, period("2026-Q3"), REP, self.STANDING)) == 2
        assert rank_awards(rules, period("2026-Q3"), TEAM, self.STANDING) == []

    def test_a_badge_given_by_recognition_is_awarded_and_booked_alike(self) -> None:
        award = given_award(version(), Badge("star", "Star", points=7), TEAM, "north", AUGUST)
        assert (award.badge, award.subject, award.id, award.points) == ("star", TEAM, "north", 7)
        assert (clock(award.awarded_at), clock(award.booked_at)) == ("08-31 23:59:59", "09-01 00:00")


class TestEntries:
    AWARD = Award("leader", REP, "ana", AUGUST.last_second_at, day("2026-01-01"), 3, AUGUST.end_at)

    def test_points_bear_the_team_at_the_instant_they_are_booked(self) -> None:
        entry = badge_entry(self.AWARD, NEW_TEAM)
        assert entry is not None
        assert (entry.booked_at, entry.id, entry.team, entry.points) == (AUGUST.end_at, "ana", "south", 3)
        assert (entry.kind, entry.badge, entry.service_level, entry.rating) == (
            EntryKind.BADGE,
            "leader",
            None,
            None,
        )

    def test_a_badge_without_points_books_nothing(self) -> None:
        assert badge_entry(self.AWARD._replace(points=0), NEW_TEAM) is None

    def test_awards_differ_by_badge_subject_and_instant(self) -> None:
        one = self.AWARD
        others = [
            one._replace(badge="x"),
            one._replace(id="ben"),
            one._replace(subject=TEAM),
            one._replace(awarded_at=1),
        ]
        assert len({award.key for award in (one, *others)}) == 5

    def test_awards_are_listed_by_instant_then_subject(self) -> None:
        one = self.AWARD
        ordered = [
            one._replace(awarded_at=1, badge="z"),
            one,
            one._replace(badge="m"),
            one._replace(id="ben", badge="a"),
            one._replace(subject=TEAM, id="a", badge="a"),
        ]
        assert sorted([*ordered[3:], *ordered[:3]], key=award_order) == ordered


def test_count_and_streak_badges_look_at_the_outcomes_of_their_service_levels_only() -> None:
    rules = (
        CountBadge("quality", 3),
        StreakBadge("other", 2),
        CleanMonthBadge(2),
        RankBadge(1, PeriodKind.MONTH, REP),
    )
    assert live_service_levels(version(*rules)) == {"quality", "other"}
