"""Contests: spans, scores, ranks and prizes."""

from decimal import Decimal
from fractions import Fraction

import pytest

from leaderboard.domain.contests import Effort, EffortKey, contest_standing, judged_contests, running_contests
from leaderboard.domain.facts import Sum, Tally
from leaderboard.domain.outcomes import Contribution, EventRef
from leaderboard.domain.periods import Month
from leaderboard.domain.points import EntryKind
from leaderboard.domain.replay import SealedMonth, SealedPast, World
from leaderboard.domain.rulebook import AttributeWorth, PrizeRule, SubjectKind
from leaderboard.domain.versions import Side
from tests.domain.build import (
    at,
    book,
    event,
    ledger,
    met,
    missed,
    placement,
    points,
    recorded,
    rep,
    response,
    roster,
    rulebook,
    span,
    standing,
    verdict,
    volume,
    world,
)
from tests.domain.prizes import contest, won

LEVEL = response(each=points(met=3, missed=-2))
EVENTS = [
    *met("L1", "ana", "08-02 10:00"),
    *met("L2", "ana", "08-03 10:00"),
    *met("L3", "ben", "08-04 10:00"),
    *missed("L4", "ben", "08-05 10:00"),
]


def places(found: World, key: str = "contest/race/2026-08-10") -> list[tuple[int, str, str]]:
    """A contest's standing in short: rank, id, score."""
    return [(place.rank, place.id, str(place.score)) for place in found.contests[key]]


class TestWinning:
    def test_who_kept_most_wins_and_is_booked_the_prize_at_the_last_second(self) -> None:
        found = world(EVENTS, LEVEL, contest())
        assert places(found) == [(1, "ana", "2"), (2, "ben", "1")]
        assert won(found) == [("08-10 23:59:59", "ana", "race", 50)]
        [entry] = [entry for entry in found.entries if entry.kind is EntryKind.PRIZE]
        assert (entry.subject, entry.id, entry.team, entry.points) == (SubjectKind.REP, "ana", "north", 50)
        assert (entry.reason, entry.service_level, entry.badge, entry.lead) == ("Race", None, None, None)
        assert entry.key == "contest/race/2026-08-10"

    def test_nothing_is_won_before_it_has_ended(self) -> None:
        early = world(EVENTS, LEVEL, contest(), as_of="2026-08-10 23:59:59")
        assert (won(early), ledger(early)[-1][3]) == ([], "each")
        assert places(early) == [(1, "ana", "2"), (2, "ben", "1")]
        assert won(world(EVENTS, LEVEL, contest(), as_of="2026-08-11 00:00"))

    def test_equal_scores_share_a_rank_and_each_winner_gets_the_prize_in_full(self) -> None:
        tied = [*EVENTS[:2], *EVENTS[4:6], *met("L5", "zoe", "08-06 10:00")]
        found = world([*tied, *met("L6", "ben", "08-07 10:00")], LEVEL, contest(places=2))
        assert places(found) == [(1, "ben", "2"), (2, "ana", "1"), (2, "zoe", "1")]
        assert [row[1] for row in won(found)] == ["ana", "ben", "zoe"]
        only_first = world([*tied, *met("L6", "ben", "08-07 10:00")], LEVEL, contest())
        assert [row[1] for row in won(only_first)] == ["ben"]

    def test_inside_a_shared_rank_the_order_is_by_name_then_id(self) -> None:
        among = roster(rep("z", span("north"), name="Ada"), rep("b", span("north"), name="Bo"))
        events = [
            *met("L1", "z", "08-02 10:00"),
            *met("L2", "b", "08-02 11:00"),
            *met("L3", "a", "08-02 12:00"),
        ]
        assert [row[1] for row in places(world(events, LEVEL, contest(), among=among))] == ["z", "b", "a"]

    def test_a_score_of_0_wins_nothing(self) -> None:
        found = world(missed("L1", "ana", "08-02 10:00"), LEVEL, contest(places=3))
        assert (places(found), won(found)) == ([(1, "ana", "0")], [])

    def test_a_prize_in_money_books_no_points(self) -> None:
        found = world(EVENTS, LEVEL, contest(prize=PrizeRule(money=Decimal("99.50"))))
        [prize] = found.prizes
        assert (prize.money, prize.points, prize.rank, prize.of) == (Decimal("99.50"), 0, 1, "contest")
        assert {entry.kind for entry in found.entries} == {EntryKind.EACH}

    def test_the_prize_counts_in_the_standing_of_its_month_and_for_the_team(self) -> None:
        found = world(EVENTS, LEVEL, contest())
        assert standing(found, "2026-08") == [(1, "ana", 56), (2, "ben", 1)]
        assert standing(found, "2026-08", "team") == [(1, "north", 56), (2, "south", 1)]


class TestScores:
    def test_kept_counts_what_met_or_exceeded(self) -> None:
        level = recorded(each=points(exceeded=9, met=1, missed=-5))
        events = [
            verdict(f"08-0{n} 10:00", "ana", how) for n, how in enumerate(("exceeded", "met", "missed"), 1)
        ]
        assert places(world(events, level, contest("quality"))) == [(1, "ana", "2")]

    def test_points_are_those_that_the_outcomes_booked(self) -> None:
        found = world(EVENTS, LEVEL, contest(by="points"))
        assert places(found) == [(1, "ana", "6"), (2, "ben", "1")]

    def test_points_that_nobody_got_count_for_nobody(self) -> None:
        level = response(subject="team", each=points(met=3))
        found = world([*EVENTS[:2], *met("L9", "zoe", "08-02 10:00")], level, contest(by="points"))
        assert places(found) == [(1, "ana", "3"), (2, "zoe", "0")]

    def test_a_share_is_kept_of_all(self) -> None:
        found = world([*EVENTS, *missed("L7", "ana", "08-06 10:00")], LEVEL, contest(by="share"))
        assert places(found) == [(1, "ana", "2/3"), (2, "ben", "1/2")]

    def test_a_share_of_too_few_outcomes_has_no_place(self) -> None:
        events = [*EVENTS, *met("L7", "zoe", "08-06 10:00")]
        assert places(world(events, LEVEL, contest(by="share", minimum=2)))[0] == (1, "ana", "1")
        assert [row[1] for row in places(world(events, LEVEL, contest(by="share", minimum=2)))] == [
            "ana",
            "ben",
        ]

    def test_value_is_what_a_volumes_events_add_up_to(self) -> None:
        level = volume("revenue", "opportunity.won", AttributeWorth("amount"), once_per_lead=False)
        events = [
            event("opportunity.won", "08-02 10:00", "L1", "ana", amount="0.1"),
            event("opportunity.won", "08-03 10:00", "L1", "ana", amount="0.2"),
            event("opportunity.won", "08-03 10:00", "L2", "ben", amount="0.3"),
            event("opportunity.won", "08-11 10:00", "L3", "ben", amount="5"),
            event("opportunity.won", "08-04 10:00", "L4", None, amount="7"),
        ]
        found = world(events, level, contest("revenue", by="value"))
        assert places(found) == [(1, "ana", "0.3"), (1, "ben", "0.3")]

    def test_scores_compare_exactly(self) -> None:
        efforts = {
            EffortKey("ana", None): Effort(sum=Sum(Decimal("1e-40") + 1, 1)),
            EffortKey("ben", None): Effort(sum=Sum(Decimal(1), 1)),
        }
        found = contest_standing(contest(by="value"), efforts, placement())
        assert [(place.rank, place.id) for place in found] == [(1, "ana"), (1, "ben")]
        efforts[EffortKey("ana", None)] = Effort(sum=Sum(Decimal("1." + "0" * 39 + "1"), 1))
        found = contest_standing(contest(by="value"), efforts, placement())
        assert [(place.rank, place.id) for place in found] == [(1, "ana"), (2, "ben")]
        shares = {
            EffortKey("ana", None): Effort(Tally(0, 10**15 + 1, 10**15)),
            EffortKey("ben", None): Effort(Tally(0, 10**15, 10**15)),
        }
        found = contest_standing(contest(by="share"), shares, placement())
        assert [place.id for place in found if place.score > Fraction(1, 2)] == ["ana"]


class TestWhoTakesPart:
    MOVED = roster(
        rep("ana", span("north", "2026-01-01", "2026-08-02"), span("south", "2026-08-03")),
        rep("ben", span("south")),
    )

    def test_a_team_has_the_outcomes_of_its_reps_by_their_team_then(self) -> None:
        found = world(EVENTS, LEVEL, contest(scope="team"), among=self.MOVED)
        assert places(found) == [(1, "south", "2"), (2, "north", "1")]
        assert won(found) == [("08-10 23:59:59", "south", "race", 50)]
        assert ("08-10 23:59:59", "south", 50, "prize") in ledger(found)

    def test_outcomes_without_team_are_no_teams(self) -> None:
        assert places(world(met("L1", "zoe", "08-02 10:00"), LEVEL, contest(scope="team"))) == []

    def test_of_chosen_teams_only_what_was_done_in_them_counts(self) -> None:
        found = world(EVENTS, LEVEL, contest(teams=("south",)), among=self.MOVED)
        assert places(found) == [(1, "ana", "1"), (1, "ben", "1")]
        found = world(EVENTS, LEVEL, contest(teams=("north",), scope="team"), among=self.MOVED)
        assert places(found) == [(1, "north", "1")]

    def test_several_service_levels_add_up(self) -> None:
        events = [*EVENTS, verdict("08-03 12:00", "ben", "met"), verdict("08-03 13:00", "ben", "met")]
        found = world(events, LEVEL, recorded(), contest("first-contact", "quality"))
        assert places(found) == [(1, "ben", "3"), (2, "ana", "2")]

    def test_what_nobody_held_counts_for_nobody(self) -> None:
        level = response(start="created", stop="contacted")
        events = [event("created", "08-02 10:00"), event("contacted", "08-02 10:05")]
        assert places(world(events, level, contest())) == []


class TestSpan:
    def test_both_dates_count_from_midnight_to_midnight(self) -> None:
        edges = ("08-01 00:00", "08-10 23:59:59", "07-31 23:59", "08-11 00:00")
        events = [one for n, time in enumerate(edges) for one in met(f"L{n}", "ana", time)]
        assert places(world(events, LEVEL, contest())) == [(1, "ana", "2")]

    def test_it_is_cut_in_the_organizations_zone(self) -> None:
        events = met("L1", "ana", "08-11 02:59")
        found = world(events, LEVEL, contest(), zone="America/Sao_Paulo", as_of="2026-08-11 03:00")
        assert won(found) == [("08-11 02:59:59", "ana", "race", 50)]

    def test_it_may_run_over_months_and_ends_with_what_the_months_then_say(self) -> None:
        events = [*met("L0", "ben", "07-20 10:00"), *met("L9", "ben", "07-21 10:00"), *EVENTS]
        found = world(events, LEVEL, contest(from_on="2026-07-20"))
        assert places(found) == [(1, "ben", "3"), (2, "ana", "2")]
        assert standing(found, "2026-07") == [(1, "ben", 6), (2, "ana", 0)]


class TestVersions:
    OLD = rulebook(LEVEL, contest(from_on="2026-07-20"), from_on="2026-01-01")

    def test_the_version_in_force_at_the_last_second_judges_it(self) -> None:
        new = rulebook(LEVEL, contest(from_on="2026-07-20", prize=9, places=2), from_on="2026-08-01")
        found = world(EVENTS, self.OLD, new)
        assert [row[1:] for row in won(found)] == [("ana", "race", 9), ("ben", "race", 9)]
        assert {prize.rulebook_on for prize in found.prizes} == {new.effective_from}

    def test_a_version_that_lacks_it_ends_it_without_a_winner(self) -> None:
        found = world(EVENTS, self.OLD, rulebook(LEVEL, from_on="2026-08-01"))
        assert (won(found), found.contests) == ([], {})

    def test_nothing_counts_from_before_the_first_version_that_has_it(self) -> None:
        events = [*met("L0", "ben", "07-20 10:00"), *met("L9", "ben", "07-21 10:00"), *EVENTS]
        late = rulebook(LEVEL, contest(from_on="2026-07-20"), from_on="2026-08-01")
        assert won(world(events, rulebook(LEVEL), late))[0][1] == "ana"
        assert won(world(events, self.OLD, late))[0][1] == "ben"

    def test_the_same_id_with_another_end_is_another_contest(self) -> None:
        old = rulebook(LEVEL, contest(from_on="2026-07-01", until_on="2026-07-31"))
        new = rulebook(LEVEL, contest(), from_on="2026-08-01")
        keys = [run.key for run in judged_contests(book(old, new))]
        assert keys == ["contest/race/2026-07-31", "contest/race/2026-08-10"]

    @pytest.mark.parametrize(
        ("now", "running"),
        [
            ("2025-12-31 00:00", 0),
            ("07-31 23:59", 0),
            ("08-01 00:00", 1),
            ("08-10 23:59", 1),
            ("08-11 00:00", 0),
        ],
    )
    def test_it_runs_from_its_first_instant_to_its_last(self, now: str, running: int) -> None:
        assert len(running_contests(book(LEVEL, contest()), at(now))) == running


class TestClosedMonths:
    AUGUST, JULY = Month(2026, 8), Month(2026, 7)

    def test_what_late_events_say_of_a_closed_month_does_not_count(self) -> None:
        past = SealedPast({self.JULY: SealedMonth()})
        events = [*met("late", "ben", "07-20 10:00"), *met("later", "ben", "07-21 10:00"), *EVENTS]
        assert won(world(events, LEVEL, contest(from_on="2026-07-20"), past=past))[0][1] == "ana"

    def test_contributions_count_as_they_were_sealed(self) -> None:
        level = volume(once_per_lead=False)
        item = Contribution(
            "mqls", Side.VOLUME, at("07-20 10:00"), "ben", "south", Decimal(5), EventRef("crm", "x")
        )
        other = item._replace(side=Side.NUMERATOR, rep="zoe")
        past = SealedPast({self.JULY: SealedMonth(contributions=(item, other))})
        events = [
            event("marketing_qualified", "08-02 10:00", rep="ana"),
            event("marketing_qualified", "07-02 10:00"),
        ]
        found = world(events, level, contest("mqls", by="value", from_on="2026-07-01"), past=past)
        assert places(found) == [(1, "ben", "5"), (2, "ana", "1")]

    def test_the_prize_of_a_closed_month_is_not_booked_again(self) -> None:
        before = world(EVENTS, LEVEL, contest())
        bounds = before.book.calendar.month(self.AUGUST)
        sealed = SealedMonth(
            tuple(entry for entry in before.entries if entry.booked_at in bounds), tuple(before.outcomes)
        )
        found = world(EVENTS, LEVEL, contest(prize=7), past=SealedPast({self.AUGUST: sealed}))
        assert [row for row in ledger(found) if row[3] == "prize"] == [("08-10 23:59:59", "ana", 50, "prize")]
