"""Who stands where."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.domain.facts import Tally
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Score, listed, merits, name_of, rank_among, rank_scores
from tests.domain.build import period, rep, roster, shuffled, span

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM


def score(name: str, points: int = 0, exceeded: int = 0, met: int = 0, missed: int = 0) -> Score:
    return Score(name.lower(), name, points, Tally(exceeded, met, missed))


def ranks(*scores: Score) -> list[tuple[int, str]]:
    """As given they are in their order, so they are ranked in another."""
    return [(row.rank, row.score.id) for row in rank_scores(shuffled(scores))]


def test_compliance_is_kept_of_all_or_none_where_there_are_none() -> None:
    assert score("Ana", exceeded=1, met=2, missed=1).compliance == Fraction(3, 4)
    assert score("Ana", missed=1).compliance == 0
    assert score("Ana").compliance is None


def test_points_decide_high_first() -> None:
    assert ranks(score("Ana", 5, missed=9), score("Ben", 1, met=9), score("Cleo", -3, met=9)) == [
        (1, "ana"),
        (2, "ben"),
        (3, "cleo"),
    ]


def test_then_compliance_high_first_and_none_last() -> None:
    assert ranks(
        score("Zoe", 5, met=1), score("Yan", 5, met=1, missed=1), score("Xia", 5, missed=1), score("Ana", 5)
    ) == [(1, "zoe"), (2, "yan"), (3, "xia"), (4, "ana")]


def test_equal_in_both_share_a_rank_and_the_next_is_skipped() -> None:
    assert ranks(score("Ana", 9), score("Ben", 5, met=1), score("Cleo", 5, exceeded=7), score("Dan", 4)) == [
        (1, "ana"),
        (2, "ben"),
        (2, "cleo"),
        (4, "dan"),
    ]


def test_inside_a_shared_rank_the_name_decides_then_the_id_by_code_point() -> None:
    rows = [
        Score("9", "Ana"),
        Score("1", "Zoe"),
        Score("10", "Zoe"),
        Score("9a", "Zoe"),
        Score("0", "ana"),
        Score("1b", "Ána"),
    ]
    assert ranks(*rows) == [(1, one.id) for one in rows]


@pytest.mark.parametrize("total", [3, 10**6, 10**9 - 1])
def test_compliance_is_compared_exactly(total: int) -> None:
    better, worse = score("B", met=total - 1, missed=1), score("A", met=total - 2, missed=1)
    assert ranks(better, worse) == [(1, "b"), (2, "a")]


def test_equal_shares_of_different_numbers_are_equal() -> None:
    assert ranks(score("A", met=1, missed=2), score("B", met=333_333_333, missed=666_666_666)) == [
        (1, "a"),
        (1, "b"),
    ]


def test_nobody_is_an_empty_standing() -> None:
    assert rank_scores([]) == []


def ranks_alone(scores: list[Score]) -> dict[str, int]:
    of_each = merits([(one.points, *one.tally) for one in scores])
    ordered = sorted(of_each)
    return {one.id: rank_among(ordered, merit) for one, merit in zip(scores, of_each, strict=True)}


def test_ranks_alone_are_the_same() -> None:
    scores = [score("Ana", 5, met=1), score("Ben", 5, met=1), score("Cleo", 5, missed=1), score("Zoe", 9)]
    assert ranks_alone(shuffled(scores)) == {"zoe": 1, "ana": 2, "ben": 2, "cleo": 4}
    assert merits([]) == []


_COUNT = st.one_of(st.integers(0, 3), st.integers(2**26 - 2, 2**27), st.integers(2**53, 2**60))
_AMOUNTS = st.tuples(st.integers(-2, 2), _COUNT, _COUNT, _COUNT)


@given(st.lists(_AMOUNTS, max_size=8))
def test_ranks_alone_are_the_same_whatever_the_numbers(amounts: list[tuple[int, int, int, int]]) -> None:
    scores = [score(f"Rep {number}", *one) for number, one in enumerate(amounts)]
    assert ranks_alone(scores) == {row.score.id: row.rank for row in rank_scores(scores)}


def test_shares_of_very_many_outcomes_are_compared_exactly_too() -> None:
    many = 2**60
    ana, ben = score("Ana", 5, met=many + 1, missed=many), score("Ben", 5, met=many, missed=many)
    assert ranks(ana, ben, score("Zoe", 5)) == [(1, "ana"), (2, "ben"), (3, "zoe")]
    assert ranks_alone([ana, ben]) == {"ana": 1, "ben": 2}


class TestListed:
    PEOPLE = roster(
        rep("left", span("north", "2026-01-01", "2026-08-01")),
        rep("came", span("south", "2026-08-31")),
        rep("gone", span("demand", "2026-01-01", "2026-07-31")),
        rep("comes", span("demand", "2026-09-01")),
        rep("moved", span("north", "2026-01-01", "2026-08-15"), span("south", "2026-08-16")),
        rep("free"),
    )

    def test_reps_with_a_span_touching_the_period(self) -> None:
        assert listed(self.PEOPLE, period("2026-08"), REP) == {"left", "came", "moved"}
        assert listed(self.PEOPLE, period("2026-Q3"), REP) == {"left", "came", "moved", "gone", "comes"}

    def test_teams_by_their_reps_spans(self) -> None:
        assert listed(self.PEOPLE, period("2026-08"), TEAM) == {"north", "south"}
        assert listed(self.PEOPLE, period("2026-Q3"), TEAM) == {"north", "south", "demand"}


def test_names_are_the_rosters_or_else_the_id() -> None:
    assert [
        name_of(roster(), scope, one)
        for scope, one in ((REP, "ana"), (REP, "x"), (TEAM, "north"), (TEAM, "x"))
    ] == ["Ana", "x", "North", "x"]
