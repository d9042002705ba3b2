"""The rules looked at by themselves: who has which chance, what is lost by the middle, what a service level decides."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.domain.chances import Group
from leaderboard.domain.events import Event
from leaderboard.domain.fairness import Chances, Fairness, Grouping, Paying, paying_places, tenure
from leaderboard.domain.fairness_study import Study
from leaderboard.domain.periods import Month, PeriodKind
from leaderboard.domain.rulebook import (
    Consequence,
    MeasureKind,
    Recognition,
    Rulebook,
    ServiceLevel,
    StepMeasure,
    SubjectKind,
)
from tests.domain.build import (
    at,
    book,
    event,
    met,
    missed,
    points,
    recorded,
    rep,
    response,
    roster,
    rulebook,
    span,
    verdict,
    volume,
)  # fmt: skip

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM
MONTH, QUARTER = PeriodKind.MONTH, PeriodKind.QUARTER
LEVEL = response(target="0.5", each=points(met=2, missed=-1), month=points(met=10, missed=-5))
FOUR = tuple(
    rep(name, span("north" if name in ("ana", "ben") else "south")) for name in ("ana", "ben", "cleo", "dora")
)
BEST = Recognition("best", MONTH, REP, 1)


def looked_at(
    rules: Rulebook,
    events: Iterable[Event],
    months: int = 1,
    among: Any = None,
    as_of: str = "2026-12-01 00:00",
) -> Fairness:
    leads: dict[Any, list[Event]] = {}
    for one in events:
        leads.setdefault((one.id,) if one.lead is None else one.lead, []).append(one)
    study = Study(book(rulebook(from_on="2026-01-01")), rules, among or roster(*FOUR), months, at(as_of))
    for lead in leads.values():
        study.take(lead)
    return study.fairness()


def august(*parts: Any, events: Iterable[Event], **more: Any) -> Fairness:
    return looked_at(rulebook(*parts, from_on="2026-08-01"), events, **more)


def hits(chances: Chances, grouping: Grouping) -> dict[str, tuple[int, int]]:
    return {group.key: (group.hits, group.cases) for group in chances.groups[grouping]}


def level_of(found: Fairness, name: str = "first-contact") -> Chances:
    return next(one.chances for one in found.levels if one.level.id == name)


def months_of(who: str, kept: Mapping[str, bool]) -> list[Event]:
    """One lead a month, kept or not."""
    return [
        one
        for month, is_kept in kept.items()
        for one in (met if is_kept else missed)(f"{who}{month}", who, f"{month}-05 10:00")
    ]


class TestWhoIsToldApart:
    @pytest.mark.parametrize(
        ("joined", "name"),
        [
            ("2026-08-31", "new"), ("2026-06-01", "new"), ("2026-05-31", "settled"),
            ("2025-09-30", "settled"), ("2025-08-01", "seasoned"), ("2026-09-15", "new"),
        ],
    )  # fmt: skip
    def test_by_the_months_since_the_first_team(self, joined: str, name: str) -> None:
        assert tenure(rep("ana", span("north", joined)), Month(2026, 8)) == name

    def test_the_first_team_counts_not_the_present_one(self) -> None:
        moved = rep("ana", span("north", "2026-07-01"), span("south", "2020-01-01", "2026-06-30"))
        assert tenure(moved, Month(2026, 8)) == "seasoned"

    def test_of_whom_nothing_is_known(self) -> None:
        assert tenure(None, Month(2026, 8)) == tenure(rep("ana"), Month(2026, 8)) == ""

    def test_by_team_tenure_and_leads(self) -> None:
        events = [
            *met("L1", "ana", "10:00"), *met("L2", "ana", "11:00"), *missed("L3", "ben", "10:00"),
            *met("L4", "cleo", "10:00"), *missed("L5", "zoe", "10:00"),
        ]  # fmt: skip
        found = august(LEVEL, events=events)
        assert found.bands == (1, 1)
        chances = level_of(found)
        assert (chances.cases, chances.hits) == (4, 2)
        assert hits(chances, Grouping.TEAM) == {"north": (1, 2), "south": (1, 1), "": (0, 1)}
        assert hits(chances, Grouping.TENURE) == {"seasoned": (2, 3), "": (0, 1)}
        assert hits(chances, Grouping.LEADS) == {"many": (1, 1), "few": (1, 3)}

    def test_a_lead_counts_once_a_month_for_whom_it_was_handed_to_and_an_excluded_one_never(self) -> None:
        events = [
            *met("L1", "ana", "10:00"), event("assigned", "12:00", "L1", "ana"),
            event("assigned", "13:00", "L1", "cleo"),
            *met("L2", "ben", "10:00"), *met("L3", "ben", "10:00"), event("excluded", "14:00", "L3"),
            *met("L4", "ben", "2026-12-01 10:00"),
        ]  # fmt: skip
        found = august(LEVEL, events=events)
        assert found.bands == (1, 1)
        assert set(hits(level_of(found), Grouping.LEADS)) == {"few"}

    def test_without_leads_nobody_is_told_apart_by_them(self) -> None:
        quality = recorded(target="0.5")
        found = august(quality, events=[verdict("10:00", "ana", "met")])
        assert found.bands is None
        assert set(level_of(found, "quality").groups) == {Grouping.TEAM, Grouping.TENURE}
        both = august(quality, LEVEL, events=[verdict("10:00", "ana", "met"), *met("L1", "ben", "10:00")])
        assert Grouping.LEADS not in level_of(both, "quality").groups
        assert Grouping.LEADS in level_of(both).groups

    def test_teams_are_told_apart_by_nothing_else(self) -> None:
        level = response(target="0.5", subject="team")
        chances = level_of(august(level, events=[*met("L1", "ana", "10:00"), *missed("L2", "cleo", "10:00")]))
        assert set(chances.groups) == {Grouping.TEAM}
        assert hits(chances, Grouping.TEAM) == {"north": (1, 1), "south": (0, 1)}


class TestServiceLevels:
    def test_months_with_too_few_outcomes_are_in_no_figure(self) -> None:
        level = response(target="0.5", minimum=2)
        events = [*met("L1", "ana", "10:00"), *met("L2", "ana", "10:00"), *missed("L3", "ben", "10:00")]
        found = august(level, events=events)
        assert (found.levels[0].unrated, found.levels[0].by_month) == (1, True)
        assert (level_of(found).cases, level_of(found).hits) == (1, 1)

    def test_without_a_target_it_is_asked_outcome_by_outcome(self) -> None:
        level, teams = response(), response("teams", subject="team")
        nobody = [event("assigned", "10:00", "L9"), *met("L8", "zoe", "10:00")]
        events = [
            *met("L1", "ana", "10:00"),
            *missed("L2", "ana", "10:00"),
            *met("L3", "cleo", "10:00"),
            *nobody,
        ]
        found = august(level, teams, events=events)
        assert [one.by_month for one in found.levels] == [False, False]
        assert hits(level_of(found), Grouping.TEAM) == {"south": (1, 1), "north": (1, 2), "": (1, 1)}
        assert hits(level_of(found, "teams"), Grouping.TEAM) == {"north": (1, 2), "south": (1, 1)}

    def test_only_the_months_that_are_asked_about_count(self) -> None:
        kept = {"2026-07": True, "2026-08": False, "2026-09": True, "2026-10": True}
        found = looked_at(rulebook(LEVEL, from_on="2026-08-01"), months_of("ana", kept), months=2)
        assert found.months == (Month(2026, 8), Month(2026, 9))
        assert (level_of(found).cases, level_of(found).hits) == (2, 1)

    def test_what_is_lost_by_the_middle(self) -> None:
        early = [one for n in range(3) for one in missed(f"L{n}", "ana", "10:00")]
        later = [one for n in range(4, 6) for one in met(f"L{n}", "ana", "08-20 10:00")]
        found = level_of(august(LEVEL, events=[*early, *later, *met("L9", "cleo", "10:00")]))
        assert (found.cases, found.hits, found.lost) == (2, 1, 1)
        assert [group.lost for group in found.groups[Grouping.TEAM]] == [1, 0]

    @given(
        st.lists(
            st.tuples(st.sampled_from(("ana", "ben", "cleo")), st.integers(1, 31), st.booleans()), max_size=14
        )
    )
    def test_what_was_met_was_never_lost(self, drawn: list[tuple[str, int, bool]]) -> None:
        events = [
            one
            for number, (who, on, is_kept) in enumerate(drawn)
            for one in (met if is_kept else missed)(f"L{number}", who, f"08-{on:02d} 10:00")
        ]
        parts = (LEVEL, volume(events="contacted", target="2"), BEST)
        found = august(*parts, events=events)
        for chances in [*(one.chances for one in found.levels), found.winning]:
            assert chances is not None
            assert chances.hits + chances.lost <= chances.cases
            for groups in chances.groups.values():
                assert sum(group.cases for group in groups) == chances.cases
                assert sum(group.lost for group in groups) == chances.lost


class TestWinning:
    def test_the_places_that_pay(self) -> None:
        def paying(*rules: Recognition) -> Paying:
            return paying_places(rulebook(*rules))

        quarter, team = Recognition("q", QUARTER, REP, 2), Recognition("t", MONTH, TEAM, 5)
        assert paying() == paying(team) == Paying(MONTH, 3, False)
        assert paying(quarter, team) == Paying(QUARTER, 2, True)
        assert paying(quarter, BEST, Recognition("more", MONTH, REP, 4)) == Paying(MONTH, 4, True)

    def test_who_wins_among_those_who_take_part(self) -> None:
        events = [*met("L1", "ana", "10:00"), *met("L2", "ana", "10:00"), *met("L3", "cleo", "10:00")]
        winning = august(LEVEL, BEST, events=events).winning
        assert winning is not None
        assert hits(winning, Grouping.TEAM) == {"north": (1, 1), "south": (0, 1)}

    def test_nobody_wins_without_points(self) -> None:
        winning = august(response(target="0.5"), BEST, events=met("L1", "ana", "10:00")).winning
        assert winning is not None
        assert (winning.cases, winning.hits, winning.lost) == (1, 0, 1)

    def test_a_place_is_lost_when_all_that_came_later_at_its_best_is_not_enough(self) -> None:
        level = response(target="0.5", each=points(met=2, missed=-1), month=points(met=3, missed=-2))
        ana = [one for n in range(10) for one in met(f"A{n}", "ana", "10:00")]
        # Ben: one missed (−1), five later, all missed (−5), month −2. At best: −1 + 10 + 3 = 12 of Ana's 23.
        ben = [
            one
            for day in ("10:00", *(f"08-2{n} 10:00" for n in range(5)))
            for one in missed(f"B{day}", "ben", day)
        ]
        winning = august(level, BEST, events=[*ana, *ben]).winning
        assert winning is not None
        assert winning.lost == 1
        # With six more he might have had 24.
        more = [one for n in range(6) for one in missed(f"C{n}", "ben", "08-25 10:00")]
        reached = august(level, BEST, events=[*ana, *ben, *more]).winning
        assert reached is not None
        assert reached.lost == 0

    def test_a_month_that_is_lost_brings_nothing_more(self) -> None:
        level = response(target="0.9", each=points(met=1), month=points(met=50, missed=-5))
        ana = [one for n in range(2) for one in met(f"A{n}", "ana", "10:00")]
        ben = [*missed("B1", "ben", "10:00"), *met("B2", "ben", "08-20 10:00")]
        winning = august(level, BEST, events=[*ana, *ben]).winning
        assert winning is not None
        assert winning.lost == 1

    def test_what_was_deducted_might_not_have_been(self) -> None:
        deduct = Consequence("late", "first-contact", ((StepMeasure(MeasureKind.DEDUCT, 100),),))
        level = response(target="0.5", each=points(met=5), month=points(met=3))
        ben = [*missed("B1", "ben", "08-20 10:00"), *missed("B2", "ben", "08-21 10:00")]
        winning = august(level, BEST, deduct, events=[*met("A1", "ana", "10:00"), *ben]).winning
        assert winning is not None
        assert winning.lost == 0

    def test_an_unrated_month_brings_no_more_than_it_did(self) -> None:
        level = response(target="0.5", minimum=2, each=points(met=1), month=points(met=50))
        ana = [one for n in range(2) for one in met(f"A{n}", "ana", "10:00")]
        winning = august(level, BEST, events=[*ana, *missed("B1", "ben", "08-20 10:00")]).winning
        assert winning is not None
        assert winning.lost == 1

    def test_a_place_that_nobody_takes_is_lost_to_whom_no_point_can_come(self) -> None:
        few = roster(rep("ana", span("north")), rep("ben", span("north")))
        level = response(target="0.5", each=points(met=1, missed=-1))
        three = Recognition("three", MONTH, REP, 3)
        events = [*met("A1", "ana", "10:00"), *missed("B1", "ben", "10:00")]
        later = [*missed("B2", "ben", "08-20 10:00"), *missed("B3", "ben", "08-20 10:00")]
        for more, lost in (([], 1), (later[:1], 1), (later, 0)):
            winning = august(level, three, events=[*events, *more], among=few).winning
            assert winning is not None
            assert (winning.hits, winning.lost) == (1, lost)

    def test_a_quarter_is_won_once_and_cut_in_its_middle(self) -> None:
        quarterly = Recognition("q", QUARTER, REP, 1)
        kept = {f"2026-{number:02d}": True for number in range(7, 11)}
        events = [*months_of("ana", kept), *months_of("ben", {"2026-07": True})]
        found = looked_at(rulebook(LEVEL, quarterly, from_on="2026-07-01"), events, months=4)
        assert found.winning is not None
        assert (found.winning.cases, found.winning.hits, found.winning.lost) == (2, 1, 1)
        assert hits(found.winning, Grouping.LEADS) == {"middle": (1, 1), "few": (0, 1)}

    def test_without_a_whole_quarter_there_is_nothing_to_win(self) -> None:
        rules = rulebook(LEVEL, Recognition("q", QUARTER, REP, 1), from_on="2026-08-01")
        assert looked_at(rules, met("L1", "ana", "10:00"), months=2).winning is None


class TestLeavingOut:
    OTHER = recorded(target="0.5", each=points(met=30))

    def left(self, *events: Event, name: str = "quality", parts: tuple[ServiceLevel, ...] = ()) -> Any:
        found = august(*(parts or (LEVEL, self.OTHER)), BEST, events=events)
        return next(one for one in found.left_out if one.service_level == name)

    def test_who_wins_by_it_alone_and_who_moves(self) -> None:
        found = self.left(*met("L1", "ana", "10:00"), verdict("10:00", "cleo", "met"))
        assert (found.wins, found.wins_lost, tuple(found.pairs)) == (1, 1, (0, 1, 0))
        assert (found.points, found.points_without) == (42, 12)
        assert [(move.rep, move.rank, move.rank_without) for move in found.moves] == [
            ("cleo", 1, 2),
            ("ana", 2, 1),
        ]

    def test_one_that_decides_nothing(self) -> None:
        found = self.left(*met("L1", "ana", "10:00"), *met("L2", "ana", "10:00"), *met("L3", "cleo", "10:00"))
        assert (found.wins_lost, found.pairs.tau) == (0, 1)
        assert found.points == found.points_without

    def test_who_was_in_no_roster_stands_last_without_it(self) -> None:
        found = self.left(*met("L1", "ana", "10:00"), verdict("10:00", "zoe", "met"))
        assert [(move.rep, move.rank_without, move.points_without) for move in found.moves] == [
            ("zoe", 2, 0), ("ana", 1, 12),
        ]  # fmt: skip

    def test_what_was_before_the_months_stays(self) -> None:
        versions = book(rulebook(LEVEL, from_on="2026-01-01"))
        rules = rulebook(LEVEL, from_on="2026-08-01")
        study = Study(versions, rules, roster(*FOUR), 1, at("2026-09-01 00:00"))
        study.take(met("L1", "ana", "2026-07-05 10:00"))
        study.take(met("L2", "cleo", "2026-08-05 10:00"))
        told: list[tuple[int, int]] = []
        found = study.fairness(progress=lambda done, of: told.append((done, of)))
        assert [move.rep for move in found.left_out[0].moves] == ["cleo"]
        assert told == [(1, 2), (2, 2)]


def test_in_whatever_order_leads_come_it_is_the_same() -> None:
    leads = [
        met(f"L{n}", who, f"08-{n + 3:02d} 10:00") for n, who in enumerate(("ana", "ben", "cleo", "ana"))
    ]

    def found(order: Iterable[list[Event]]) -> tuple[Group, ...]:
        return level_of(august(LEVEL, events=[one for lead in order for one in lead])).groups[Grouping.TEAM]

    assert found(leads) == found(reversed(leads))
