"""Outcomes as badges look at them: in the very order in which the domain would have them."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from leaderboard.domain.badges import Turn
from leaderboard.domain.outcomes import EventRef, Outcome, streak_order
from leaderboard.domain.rulebook import Rating, SubjectKind
from leaderboard.services.turns import turns_of

NAMES = st.text("a/\t\x010", min_size=1, max_size=4)
OUTCOMES = st.builds(
    lambda rating, at, lead, opened_at, name, source: Outcome(
        "level", rating, at, None, None, lead, dt.date(2026, 1, 1), SubjectKind.REP, 0, EventRef(source, name),
        (opened_at, 0, name, source),
    ),
    st.sampled_from(Rating), st.integers(0, 1), st.sampled_from([None, "L", "\x01"]), st.integers(0, 1), NAMES, NAMES,
)  # fmt: skip


@given(st.lists(OUTCOMES, max_size=8, unique_by=lambda one: one.key))
def test_they_come_in_streak_order(outcomes: list[Outcome]) -> None:
    rows = [
        (7, one.service_level, one.rating.value, one.at, one.lead or f" {one.key}", one.opened_at, one.key)
        for one in outcomes
    ]
    ordered = [Turn(one.service_level, one.rating, one.at) for one in sorted(outcomes, key=streak_order)]
    assert turns_of(rows) == ({7: ordered} if ordered else {})
