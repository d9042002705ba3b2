"""What an ended month and an ended period come to."""

from decimal import Decimal

from leaderboard.domain.facts import MonthFacts, Tally, TallyKey
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import (
    Badge,
    CleanMonthBadge,
    Consequence,
    CountBadge,
    MeasureKind,
    PeriodKind,
    RankBadge,
    Recognition,
    StepMeasure,
    StreakBadge,
    SubjectKind,
)
from leaderboard.domain.settle import settle_month, settle_ranks, surviving_runs
from leaderboard.domain.standings import Score, rank_scores
from tests.domain.build import at, book, period, placement, points, response

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM
LEVEL = response(target="0.5", month=points(met=10, missed=-5))
LEADER = Badge("leader", "Leader", RankBadge(1, PeriodKind.MONTH, REP), points=3)
STAR = Badge("star", "Star", points=7)
STANDINGS = {
    REP: rank_scores([Score("ana", "Ana", 5), Score("ben", "Ben", 1)]),
    TEAM: rank_scores([Score("north", "North", 6)]),
}


def test_a_month_brings_ratings_steps_badges_and_their_entries() -> None:
    ladder = Consequence("slow", "first-contact", ((StepMeasure(MeasureKind.DEDUCT, points=4),),))
    clean = Badge("clean", "Clean", CleanMonthBadge(1), points=2)
    facts = MonthFacts(
        Month(2026, 8),
        {
            TallyKey("first-contact", "ana", "north"): Tally(0, 1, 0),
            TallyKey("first-contact", "ben", "south"): Tally(0, 0, 1),
        },
    )
    settled = settle_month(book(LEVEL, ladder, clean).versions[0], period("2026-08"), facts, placement(), {})
    assert [(rated.id, str(rated.rating)) for rated in settled.ratings] == [("ana", "met"), ("ben", "missed")]
    assert [(step.id, step.step) for step in settled.steps] == [("ben", 1)]
    assert [(award.id, award.badge) for award in settled.awards] == [("ana", "clean")]
    assert {key.id: state.step for key, state in settled.ladders.items()} == {"ana": 0, "ben": 1}
    assert sorted((entry.id, entry.points, entry.kind.value) for entry in settled.entries) == [
        ("ana", 2, "badge"), ("ana", 10, "month"), ("ben", -5, "month"), ("ben", -4, "deduction")
    ]  # fmt: skip


class TestRanks:
    AUGUST = period("2026-08")

    def test_rank_badges_and_wins_of_the_period(self) -> None:
        best = Recognition("best", PeriodKind.MONTH, TEAM, 1, Decimal(100), "star")
        settled = settle_ranks(
            book(LEVEL, LEADER, STAR, best).versions[0], self.AUGUST, STANDINGS, placement()
        )
        assert [(award.badge, award.id) for award in settled.awards] == [("leader", "ana"), ("star", "north")]
        assert [(win.id, win.bonus) for win in settled.wins] == [("north", Decimal(100))]
        assert [(entry.id, entry.points, entry.booked_at) for entry in settled.entries] == [
            ("ana", 3, at("2026-09-01 00:00")), ("north", 7, at("2026-09-01 00:00"))
        ]  # fmt: skip

    def test_a_badge_given_by_rank_and_by_recognition_is_given_once(self) -> None:
        best = Recognition("best", PeriodKind.MONTH, REP, 2, None, "leader")
        settled = settle_ranks(book(LEVEL, LEADER, best).versions[0], self.AUGUST, STANDINGS, placement())
        assert [award.id for award in settled.awards] == ["ana", "ben"]
        assert [entry.id for entry in settled.entries] == ["ana", "ben"]

    def test_a_badge_that_stands_already_for_that_instant_is_not_given_again(self) -> None:
        best = Recognition("best", PeriodKind.MONTH, REP, 2, None, "leader")
        version = book(LEVEL, LEADER, best).versions[0]
        before = settle_ranks(version, self.AUGUST, STANDINGS, placement())
        given = {before.awards[0].key}
        settled = settle_ranks(version, self.AUGUST, STANDINGS, placement(), given=given)
        assert [award.id for award in settled.awards] == ["ben"]
        assert [entry.id for entry in settled.entries] == ["ben"]
        assert [win.id for win in settled.wins] == ["ana", "ben"]

    def test_no_bonus_is_denied_to_the_subject_of_that_kind_only(self) -> None:
        rules = [
            Recognition(f"best-{scope}", PeriodKind.MONTH, scope, 1, Decimal(100)) for scope in SubjectKind
        ]
        denied = {(REP, "ana"), (REP, "north")}
        settled = settle_ranks(book(LEVEL, *rules).versions[0], self.AUGUST, STANDINGS, placement(), denied)
        assert {win.id: win.bonus for win in settled.wins} == {"ana": None, "north": Decimal(100)}


def test_streaks_survive_in_versions_that_have_the_badge_as_a_streak() -> None:
    badges = [
        Badge("kept", "Kept", StreakBadge("first-contact", 3)),
        Badge("counts-now", "Counts", CountBadge("first-contact", 3)),
        Badge("free", "Free"),
    ]
    version = book(LEVEL, *badges).versions[0]
    runs = {"kept": 2, "counts-now": 1, "free": 1, "gone": 5}
    assert surviving_runs(version, runs) == {"kept": 2}
