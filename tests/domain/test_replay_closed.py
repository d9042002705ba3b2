"""Closed months are taken as they were sealed, whatever the events say now."""

from leaderboard.domain.consequences import LadderKey, LadderState, StepTaken
from leaderboard.domain.periods import Month
from leaderboard.domain.points import Entry, EntryKind
from leaderboard.domain.replay import SealedMonth, SealedPast, World, replay
from leaderboard.domain.rulebook import (
    Badge,
    CleanMonthBadge,
    Consequence,
    MeasureKind,
    PeriodKind,
    RankBadge,
    Recognition,
    StepMeasure,
    StreakBadge,
    SubjectKind,
)
from tests.domain.build import (
    at,
    awards,
    book,
    day,
    event,
    ledger,
    met,
    missed,
    points,
    response,
    roster,
    standing,
    world,
)

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM
JULY = Month(2026, 7)
LEVEL = response(target="0.5", each=points(met=2, missed=-1), month=points(met=10, missed=-5))
EVENTS = [
    *met("L6", "ana", "2026-06-10 10:00"),
    *met("L7", "ana", "2026-07-10 10:00"),
    *met("L8", "ana", "2026-08-10 10:00"),
]
LATE = missed("late", "ana", "2026-07-11 10:00")


def sealed(found: World, *months: Month) -> SealedPast:
    """What a world says of these months, as closing would keep it."""
    kept = {}
    for month in months:
        bounds = found.book.calendar.month(month)
        kept[month] = SealedMonth(
            tuple(entry for entry in found.entries if entry.booked_at in bounds),
            tuple(outcome for outcome in found.outcomes if outcome.at in bounds),
            tuple(a for a in found.awards.values() if a.awarded_at in bounds or a.booked_at in bounds),
            tuple(step for step in found.steps if step.month == str(month)),
            found.ladders,
            found.runs,
        )
    return SealedPast(kept)


def test_late_events_change_nothing_in_a_closed_month() -> None:
    past = sealed(world(EVENTS, LEVEL, as_of="2026-08-01 00:00"), JULY)
    found = world([*EVENTS, *LATE], LEVEL, past=past)
    assert standing(found, "2026-07") == [(1, "ana", 12), (2, "ben", 0)]
    assert standing(found, "2026-08") == [(1, "ana", 12), (2, "ben", 0)]
    assert standing(found, "2026-06") == [(1, "ana", 12), (2, "ben", 0)]
    [july] = [
        row.score.tally
        for row in found.standing(found.book.calendar.parse("2026-07"), REP)
        if row.score.id == "ana"
    ]
    assert (july.met, july.missed) == (1, 0)


def test_their_adjustment_counts_where_it_is_booked_once_it_is() -> None:
    adjustment = Entry(
        "a",
        at("08-05 10:00"),
        REP,
        "ana",
        "north",
        -1,
        EntryKind.ADJUSTMENT,
        day("2026-01-01"),
        corrects="2026-07",
    )
    past = sealed(world(EVENTS, LEVEL, as_of="2026-08-01 00:00"), JULY)
    past = SealedPast(past.months, adjustments=(adjustment,))
    assert standing(world(EVENTS, LEVEL, past=past), "2026-08")[0] == (1, "ana", 11)
    assert adjustment in world(EVENTS, LEVEL, past=past, as_of="2026-08-05 10:00").entries
    early = world(EVENTS, LEVEL, past=past, as_of="2026-08-05 09:59")
    assert adjustment not in early.entries
    assert standing(early, "2026-Q3", "team")[0] == (1, "north", 12)


def test_a_closed_month_hands_on_its_streaks_and_ladders() -> None:
    badge = Badge("unbroken", "Unbroken", StreakBadge("first-contact", 3))
    ladder = Consequence("slow", "first-contact", ((StepMeasure(MeasureKind.NOTIFY_REP),),), clears_after=3)
    key = LadderKey("slow", REP, "ana")
    month = SealedMonth(runs={"ana": {"unbroken": 2}}, ladders={key: LadderState((JULY,), 1)})
    found = world(EVENTS, LEVEL, badge, ladder, past=SealedPast({JULY: month}))
    assert awards(found) == [("08-10 10:00", "ana", "unbroken")]
    assert found.ladders == {key: LadderState((JULY,), 2)}


def test_what_was_sealed_is_not_altered_by_a_replay() -> None:
    badge = Badge("unbroken", "Unbroken", StreakBadge("first-contact", 3))
    runs = {"ana": {"unbroken": 2}}
    world(EVENTS, LEVEL, badge, past=SealedPast({JULY: SealedMonth(runs=runs)}))
    assert runs == {"ana": {"unbroken": 2}}


def test_a_step_of_a_closed_month_withholds_the_quarters_bonus() -> None:
    step = StepTaken(
        "slow",
        "first-contact",
        REP,
        "ana",
        "2026-07",
        1,
        (StepMeasure(MeasureKind.NO_BONUS),),
        day("2026-01-01"),
    )
    past = SealedPast({JULY: SealedMonth(steps=(step,))})
    best = Recognition("best", PeriodKind.QUARTER, REP, 1)
    found = world(EVENTS, LEVEL, best, past=past, as_of="2026-10-01 00:00")
    assert [(win.id, win.bonus) for win in found.wins if win.period == "2026-Q3"] == [("ana", None)]
    assert step in found.steps


class TestQuarters:
    CHAMPION = Badge("champion", "Champion", RankBadge(1, PeriodKind.QUARTER, TEAM), points=9)
    MONTHS = (JULY, Month(2026, 8), Month(2026, 9))

    def past(self, *closed: str) -> SealedPast:
        months = sealed(world(EVENTS, LEVEL, as_of="2026-10-01 00:00"), *self.MONTHS).months
        return SealedPast(months, frozenset(closed))

    def test_a_quarter_is_won_by_the_standings_of_its_closed_months(self) -> None:
        found = world(LATE, LEVEL, self.CHAMPION, past=self.past(), as_of="2026-10-01 00:00")
        assert standing(found, "2026-Q3", "team") == [(1, "north", 24), (2, "south", 0)]
        assert awards(found) == [("09-30 23:59:59", "north", "champion")]
        assert [award.badge for award in found.ranked["2026-Q3"].awards] == ["champion"]
        assert not found.ranked.keys() & {"2026-06", "2026-Q2", "2026-07", "2026-08", "2026-09"}
        assert ledger(found)[-1] == ("10-01 00:00", "north", 9, "champion")

    def test_a_closed_quarter_is_not_settled_again(self) -> None:
        found = world(LATE, LEVEL, self.CHAMPION, past=self.past("2026-Q3"), as_of="2026-10-01 00:00")
        assert awards(found) == []

    def test_a_badge_that_a_closed_month_gave_is_not_given_again_by_its_quarter(self) -> None:
        star = Badge("star", "Star", points=7)
        rules = [Recognition(f"best-{kind}", kind, REP, 1, None, "star") for kind in PeriodKind]
        events = [*EVENTS, *met("L9", "ana", "2026-09-10 10:00")]
        before = world(events, LEVEL, star, *rules, as_of="2026-10-01 00:00")
        past = sealed(before, Month(2026, 9))
        found = world(events, LEVEL, star, *rules, past=past, as_of="2026-10-01 00:00")
        assert [entry.booked_at for entry in found.entries if entry.badge == "star"].count(
            at("2026-10-01 00:00")
        ) == 0
        assert awards(found) == awards(before)


class TestOpenMonthsBeforeAClosedOne:
    """Imported history is closed by command, and perhaps after the month that follows it."""

    LEADER = Badge("leader", "Leader", RankBadge(1, PeriodKind.MONTH, REP), points=5)

    def test_their_ranks_stay_as_the_closed_month_booked_their_points(self) -> None:
        past = sealed(world(EVENTS, LEVEL, self.LEADER, as_of="2026-08-01 00:00"), JULY)
        late = [event for n in range(3) for event in met(f"late{n}", "ben", "2026-06-11 10:00")]
        found = world([*EVENTS, *late], LEVEL, self.LEADER, past=past)
        assert standing(found, "2026-06") == [(1, "ben", 16), (2, "ana", 12)]
        assert standing(found, "2026-07") == [(1, "ana", 17), (2, "ben", 0)]
        assert awards(found)[0] == ("06-30 23:59:59", "ana", "leader")
        assert [who for _, who, _ in awards(found)] == ["ana", "ana", "ana"]

    def test_a_badge_that_was_won_by_rank_and_sealed_is_not_earned_once_more(self) -> None:
        clean = Badge("clean", "Clean", CleanMonthBadge(2), points=3)
        best = Recognition("best", PeriodKind.MONTH, REP, 1, None, "clean")
        past = sealed(world(EVENTS, LEVEL, clean, best, as_of="2026-08-01 00:00"), JULY)
        found = world([*EVENTS, *met("late", "ana", "2026-06-11 10:00")], LEVEL, clean, best, past=past)
        booked = [entry.booked_at for entry in found.entries if entry.badge == "clean"]
        assert booked.count(at("2026-07-01 00:00")) == 1
        assert at("2026-06-30 23:59:59") not in booked

    def test_a_badge_that_was_won_by_rank_and_sealed_is_not_earned_as_a_streak_either(self) -> None:
        row = Badge("row", "Row", StreakBadge("first-contact", 1), points=3)
        best = Recognition("best", PeriodKind.MONTH, REP, 1, None, "row")
        past = sealed(world(EVENTS, LEVEL, row, best, as_of="2026-08-01 00:00"), JULY)
        found = world([*EVENTS, *met("late", "ana", "2026-06-30 23:59:59")], LEVEL, row, best, past=past)
        booked = [entry.booked_at for entry in found.entries if entry.badge == "row"]
        assert booked.count(at("2026-07-01 00:00")) == 1
        assert at("2026-06-30 23:59:59") not in booked


def test_progress_is_told_lead_by_lead() -> None:
    told: list[int] = []
    leads = [[event("created", "10:00", name)] for name in ("L1", "L2")]
    replay(book(LEVEL), roster(), leads, at("11:00"), progress=lambda: told.append(len(told)))
    assert told == [0, 1]
