"""Who wins a period, and what."""

from decimal import Decimal

from leaderboard.domain.facts import Tally
from leaderboard.domain.recognition import Win, win_awards, wins
from leaderboard.domain.rulebook import Badge, PeriodKind, Recognition, SubjectKind
from leaderboard.domain.standings import Score, Standing, rank_scores
from tests.domain.build import book, period, response

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM
QUARTER = period("2026-Q3")
BEST = Recognition("best", PeriodKind.QUARTER, REP, 2, Decimal("1500.50"), "star")
STANDING = rank_scores(
    [
        Score("ana", "Ana", 9),
        Score("ben", "Ben", 5, Tally(0, 1, 0)),
        Score("cleo", "Cleo", 5, Tally(0, 2, 0)),
        Score("dan", "Dan", 4),
    ]
)


def won(
    rule: Recognition,
    standing: list[Standing] = STANDING,
    name: str = "2026-Q3",
    denied: tuple[str, ...] = (),
) -> list[Win]:
    version = book(response(), rule, Badge("star", "Star")).versions[0]
    return wins(version, period(name), REP, standing, denied)


def test_every_subject_up_to_that_rank_wins_the_bonus_in_full_ties_included() -> None:
    assert [(win.id, win.rank, win.bonus) for win in won(BEST)] == [
        ("ana", 1, Decimal("1500.50")),
        ("ben", 2, Decimal("1500.50")),
        ("cleo", 2, Decimal("1500.50")),
    ]


def test_nobody_wins_without_points() -> None:
    none = rank_scores([Score("ana", "Ana", 0), Score("ben", "Ben", -1)])
    assert won(BEST, none) == []


def test_only_a_period_and_scope_of_its_kind_is_won() -> None:
    assert won(BEST, name="2026-08") == []
    assert won(Recognition("best", PeriodKind.QUARTER, TEAM, 2)) == []


def test_a_denied_bonus_leaves_the_win_and_the_badge() -> None:
    [first, *_] = won(BEST, denied=("ana",))
    assert (first.id, first.bonus, first.badge) == ("ana", None, "star")


def test_each_recognition_is_won_for_itself() -> None:
    rules = [BEST, Recognition("also", PeriodKind.QUARTER, REP, 1)]
    found = wins(book(response(), *rules).versions[0], QUARTER, REP, STANDING)
    assert [(win.recognition, win.id) for win in found] == [
        ("best", "ana"),
        ("best", "ben"),
        ("best", "cleo"),
        ("also", "ana"),
    ]


def test_the_badges_that_go_with_it_are_awarded_at_the_last_second() -> None:
    version = book(response(), BEST, Badge("star", "Star", points=7)).versions[0]
    given = win_awards(version, QUARTER, wins(version, QUARTER, REP, STANDING))
    assert [(award.badge, award.id, award.points) for award in given] == [
        ("star", "ana", 7),
        ("star", "ben", 7),
        ("star", "cleo", 7),
    ]
    assert {award.awarded_at for award in given} == {QUARTER.last_second_at}


def test_a_win_without_badge_awards_none() -> None:
    version = book(response(), Recognition("best", PeriodKind.QUARTER, REP, 1)).versions[0]
    assert win_awards(version, QUARTER, wins(version, QUARTER, REP, STANDING)) == []
