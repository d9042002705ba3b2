"""What can still be reached in the middle of a period."""

from collections import defaultdict
from typing import Any

import pytest

from leaderboard.domain.events import Event
from leaderboard.domain.periods import Month
from leaderboard.domain.reach import Reach, middle_of
from leaderboard.domain.rulebook import ServiceLevel
from leaderboard.domain.versions import Version
from tests.domain.build import (
    UTC,
    at,
    desk,
    event,
    fold,
    met,
    missed,
    period,
    points,
    ratio,
    rep,
    response,
    roster,
    rulebook,
    span,
    volume,
)  # fmt: skip

AUGUST = Month(2026, 8)


def reach(level: ServiceLevel, events: list[Event], *more: Any, among: Any = None) -> Reach:
    """August, cut on the 16th."""
    leads: dict[Any, list[Event]] = defaultdict(list)
    for one in events:
        leads[one.lead].append(one)
    folds = [fold(lead, level, *more, among=among) for lead in leads.values()]
    return Reach(
        Version(rulebook(level, *more)),
        among or roster(),
        {AUGUST: at("08-16 00:00")},
        {AUGUST: [one for found in folds for one in found.outcomes]},
        {AUGUST: [one for found in folds for one in found.contributions]},
    )


@pytest.mark.parametrize(
    ("name", "middle"),
    [
        ("2026-08", "2026-08-16 00:00"),
        ("2026-09", "2026-09-16 00:00"),
        ("2026-02", "2026-02-15 00:00"),
        ("2028-02", "2028-02-15 00:00"),
        ("2026-Q3", "2026-08-16 00:00"),
    ],
)
def test_the_middle_is_the_midnight_after_half_of_the_days(name: str, middle: str) -> None:
    assert middle_of(period(name), UTC) == at(middle)


class TestClocks:
    LEVEL = response(target="0.75", each=points(met=2, missed=-1))

    def test_it_is_lost_once_the_misses_are_too_many_for_all_that_came(self) -> None:
        early = [*missed("L1", "ana", "10:00"), *missed("L2", "ana", "10:00")]
        six = [event_ for n in range(3, 9) for event_ in met(f"L{n}", "ana", "08-20 10:00")]
        assert not reach(self.LEVEL, [*early, *six]).is_lost(self.LEVEL, "ana", AUGUST)
        assert reach(self.LEVEL, [*early, *six[:-2]]).is_lost(self.LEVEL, "ana", AUGUST)

    def test_what_was_missed_later_might_have_been_met(self) -> None:
        later = [*missed("L1", "ana", "08-20 10:00"), *missed("L2", "ana", "08-20 10:00")]
        found = reach(self.LEVEL, later)
        assert not found.is_lost(self.LEVEL, "ana", AUGUST)
        assert found.gain("ana", AUGUST) == 6
        assert found.gain("ben", AUGUST) == 0

    def test_the_cut_itself_belongs_to_what_comes_later(self) -> None:
        due = [event("assigned", "08-15 23:00", "L1", "ana")]
        assert not reach(self.LEVEL, due).is_lost(self.LEVEL, "ana", AUGUST)
        sooner = [event("assigned", "08-15 22:59", "L1", "ana")]
        assert reach(self.LEVEL, sooner).is_lost(self.LEVEL, "ana", AUGUST)

    def test_what_nobody_held_and_what_the_rules_do_not_know_is_nobodys(self) -> None:
        other = response("other", target="0.5")
        found = reach(other, [event("assigned", "08-20 10:00", "L1", "ana")])
        nobody = reach(response(start="created", target="0.5"), [event("created", "08-20 10:00", "L1")])
        assert found.gain("ana", AUGUST) == nobody.gain("ana", AUGUST) == 0
        lead = fold([event("assigned", "10:00", "L1", "ana")], self.LEVEL)
        held = {AUGUST: lead.outcomes}
        unknown = Reach(Version(rulebook(other)), roster(), {AUGUST: at("08-16 00:00")}, held, {})
        assert unknown.gain("ana", AUGUST) == 0

    def test_a_teams_is_the_teams(self) -> None:
        level = response(target="0.75", subject="team", each=points(met=2))
        found = reach(level, missed("L1", "ana", "10:00"))
        assert found.is_lost(level, "north", AUGUST)
        assert reach(level, missed("L1", "ana", "08-20 10:00")).gain("ana", AUGUST) == 0


class TestSums:
    def qualified(self, who: str, *days: str) -> list[Event]:
        return [event("marketing_qualified", f"08-{day} 10:00", f"{who}{day}", who) for day in days]

    def test_a_volume_is_lost_when_the_best_later_part_anybody_had_is_not_enough(self) -> None:
        level = volume(target="4")
        best = self.qualified("ben", "20", "21")
        assert reach(level, [*best, *self.qualified("ana", "03")]).is_lost(level, "ana", AUGUST)
        assert not reach(level, [*best, *self.qualified("ana", "03", "04")]).is_lost(level, "ana", AUGUST)
        assert reach(level, self.qualified("ana", "03", "04")).is_lost(level, "ana", AUGUST)

    def test_a_prorated_volume_asks_less_of_who_came_late(self) -> None:
        level = volume(target="4", prorate="desk")
        among = roster(rep("ana", span("north", "2026-08-18")), rep("ben", span("north")))
        events = self.qualified("ben", "20", "21")
        found = reach(level, events, desk(), among=among)
        assert not found.is_lost(level, "ana", AUGUST)
        assert found.is_lost(level, "ben", AUGUST)

    def test_a_ratio_is_lost_when_all_that_came_later_had_been_won_and_it_was_not_enough(self) -> None:
        level = ratio(target="0.5")
        early = [event("accepted", f"08-0{n} 10:00", f"L{n}", "ana") for n in range(1, 5)]
        later = [event("accepted", "08-20 10:00", "M1", "ana")]
        assert reach(level, [*early, *later]).is_lost(level, "ana", AUGUST)
        more = [event("accepted", f"08-2{n} 10:00", f"N{n}", "ana") for n in range(1, 4)]
        assert not reach(level, [*early, *later, *more]).is_lost(level, "ana", AUGUST)

    def test_what_was_really_won_later_counts_where_it_is_more(self) -> None:
        level = ratio(target="0.5")
        early = [event("accepted", f"08-0{n} 10:00", f"L{n}", "ana") for n in range(1, 3)]
        won = [event("opportunity.won", "08-20 10:00", "L1", "ana")]
        assert reach(level, early).is_lost(level, "ana", AUGUST)
        assert not reach(level, [*early, *won]).is_lost(level, "ana", AUGUST)

    def test_what_counts_for_nobody_and_other_rules_sums_are_left(self) -> None:
        level = volume(target="1", subject="team")
        nobody = [event("marketing_qualified", "08-20 10:00", "L1")]
        teamless = [event("marketing_qualified", "08-20 10:00", "L2", "zoe")]
        assert reach(level, [*nobody, *teamless]).is_lost(level, "north", AUGUST)
        items = fold(self.qualified("ana", "20"), volume()).contributions
        other = volume("other", target="1")
        found = Reach(Version(rulebook(other)), roster(), {AUGUST: at("08-16 00:00")}, {}, {AUGUST: items})
        assert found.is_lost(other, "ana", AUGUST)
