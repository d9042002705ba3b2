"""What holds for every rulebook, roster and stream of events."""

from collections import Counter
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaderboard.domain.badges import badge_entry
from leaderboard.domain.fold import fold_lead
from leaderboard.domain.instants import DAY, Instant
from leaderboard.domain.outcomes import LeadFold
from leaderboard.domain.periods import Period
from leaderboard.domain.points import EntryKind
from leaderboard.domain.replay import SealedMonth, SealedPast, World
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import MeasureKind, SubjectKind
from tests.domain.worlds import LAST_AT, Story, as_of_instants, in_any_order, stories

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM
quickly = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def folded(story: Story, lead: list[object], as_of: Instant) -> LeadFold:
    book = story.book
    return fold_lead(lead, book, Placement(story.roster, book.calendar.zone), as_of)  # type: ignore[arg-type]


def periods(world: World) -> list[Period]:
    """The months of the story, and their quarters."""
    calendar = world.book.calendar
    months = [calendar.month(month) for month, _ in world.book.months_until(calendar.month_at(world.as_of))]
    return [*months, *{calendar.quarter_of(month.first_month) for month in months}]


def everything(world: World) -> dict[str, object]:
    """What a world says, in an order of its own."""
    return {
        "entries": sorted(world.entries, key=repr),
        "outcomes": sorted(world.outcomes, key=repr),
        "awards": world.awards,
        "ratings": world.ratings,
        "steps": sorted(world.steps, key=repr),
        "wins": world.wins,
        "standings": [world.standing(period, scope) for period in periods(world) for scope in SubjectKind],
    }


@quickly
@given(stories(), as_of_instants(), st.data())
def test_the_order_of_arrival_does_not_matter(story: Story, as_of: Instant, data: st.DataObject) -> None:
    arrived = in_any_order(data, story.events)
    assert everything(story.world(as_of, events=arrived)) == everything(story.world(as_of))


@quickly
@given(stories(corrections=False), as_of_instants(), as_of_instants())
def test_what_has_happened_stays(story: Story, one: Instant, other: Instant) -> None:
    earlier, later = sorted((one, other))
    for lead in story.leads(LAST_AT):
        before, after = folded(story, lead, earlier), folded(story, lead, later)
        assert set(before.outcomes) <= set(after.outcomes)
        assert set(before.contributions) <= set(after.contributions)
        assert {o for o in after.outcomes if o.at < earlier} <= set(before.outcomes)
    assert set(story.world(earlier).entries) <= set(story.world(later).entries)


@quickly
@given(stories(corrections=False))
def test_a_lead_folded_after_each_event_comes_to_the_same(story: Story) -> None:
    for lead in story.leads(LAST_AT):
        found = {outcome for event in lead for outcome in folded(story, lead, event.time).outcomes}
        assert found <= set(folded(story, lead, LAST_AT).outcomes)
        late = set(folded(story, lead, LAST_AT).outcomes) - found
        last = max(event.time for event in lead)
        assert all(outcome.at >= last for outcome in late)


@quickly
@given(stories(), as_of_instants())
def test_until_the_next_due_instant_nothing_happens_by_itself_and_then_something_does(
    story: Story, as_of: Instant
) -> None:
    for lead in story.leads(as_of):
        now = folded(story, lead, as_of)
        if now.due_at is not None:
            assert now.due_at >= as_of
            assert folded(story, lead, now.due_at).outcomes == now.outcomes
            assert len(folded(story, lead, now.due_at + 1).outcomes) > len(now.outcomes)
        else:
            assert folded(story, lead, as_of + 400 * DAY).outcomes == now.outcomes


@quickly
@given(stories(), as_of_instants())
def test_each_opening_has_one_outcome_of_a_service_level_or_runs(story: Story, as_of: Instant) -> None:
    for lead in story.leads(as_of):
        now = folded(story, lead, as_of)
        names = Counter([outcome.key for outcome in now.outcomes])
        names.update(f"{clock.service_level}/{clock.opening.key}" for clock in now.running)
        assert set(names.values()) <= {1}


@quickly
@given(stories(), as_of_instants())
def test_the_ledger_rests_on_outcomes_ratings_awards_and_steps(story: Story, as_of: Instant) -> None:
    world = story.world(as_of)
    booked: Counter[EntryKind] = Counter()
    for entry in world.entries:
        booked[entry.kind] += entry.points
        assert entry.points != 0
        assert entry.booked_at <= as_of
    credited = [
        o for o in world.outcomes if o.holder is not None and (o.subject is REP or o.team is not None)
    ]
    assert booked[EntryKind.EACH] == sum(outcome.points for outcome in credited)
    assert booked[EntryKind.MONTH] == sum(
        rating.points for month in world.ratings.values() for rating in month
    )
    assert booked[EntryKind.BADGE] == sum(award.points for award in world.awards.values())
    assert booked[EntryKind.DEDUCTION] == -sum(
        measure.points
        for step in world.steps
        for measure in step.measures
        if measure.do is MeasureKind.DEDUCT and not measure.needs_approval
    )


@quickly
@given(stories(), as_of_instants())
def test_no_reason_books_twice(story: Story, as_of: Instant) -> None:
    reasons = Counter((entry.key, entry.subject, entry.id) for entry in story.world(as_of).entries)
    assert set(reasons.values()) <= {1}


@quickly
@given(stories(), as_of_instants())
def test_standings_are_the_sums_of_the_entries_and_outcomes_of_their_period(
    story: Story, as_of: Instant
) -> None:
    world = story.world(as_of)
    for period in periods(world):
        entries = [entry for entry in world.entries if entry.booked_at in period]
        outcomes = [
            outcome for outcome in world.outcomes if outcome.at in period and outcome.holder is not None
        ]
        reps = {row.score.id: row.score for row in world.standing(period, REP)}
        teams = {row.score.id: row.score for row in world.standing(period, TEAM)}
        assert {e.id for e in entries if e.subject is REP} | {o.holder for o in outcomes} <= set(reps)
        assert ({e.team for e in entries} | {o.team for o in outcomes}) - {None} <= set(teams)
        for name, score in reps.items():
            assert score.points == sum(e.points for e in entries if e.subject is REP and e.id == name)
            assert score.tally.total == sum(o.holder == name for o in outcomes)
        for name, score in teams.items():
            assert score.points == sum(e.points for e in entries if e.team == name)
            assert score.tally.missed == sum(o.team == name and not o.rating.is_kept for o in outcomes)


@quickly
@given(stories(), as_of_instants())
def test_ranks_rise_with_merit(story: Story, as_of: Instant) -> None:
    world = story.world(as_of)
    for period in periods(world):
        rows = world.standing(period, REP)
        for place, (one, other) in enumerate(pairwise(rows), start=2):
            merits = [
                (row.score.points, -1 if row.score.compliance is None else row.score.compliance)
                for row in (one, other)
            ]
            assert merits[0] >= merits[1]
            assert other.rank == (one.rank if merits[0] == merits[1] else place)


def sealed(story: Story, through: Instant) -> SealedPast:
    """All months that have ended by an instant, closed as they stood at their ends."""
    calendar = story.book.calendar
    kept = {}
    for month, _ in story.book.months_until(calendar.month_at(through)):
        bounds = calendar.month(month)
        if bounds.end_at > through:
            break
        world = story.world(
            bounds.end_at, events=[event for event in story.events if event.time < bounds.end_at]
        )
        awards = tuple(award for award in world.awards.values() if award.awarded_at in bounds)
        kept[month] = SealedMonth(
            tuple(
                entry
                for entry in world.entries
                if entry.booked_at in bounds and entry.kind is not EntryKind.BADGE
            )
            + tuple(filter(None, (badge_entry(award, world.placement) for award in awards))),
            tuple(outcome for outcome in world.outcomes if outcome.at in bounds),
            awards,
            tuple(step for step in world.steps if step.month == str(month)),
            world.ladders,
            world.runs,
        )
    return SealedPast(kept)


@quickly
@given(stories(corrections=False), as_of_instants())
def test_closing_months_changes_nothing_where_nothing_comes_late(story: Story, closed_by: Instant) -> None:
    computed = everything(story.world(LAST_AT))
    taken_over = everything(story.world(LAST_AT, sealed(story, closed_by)))
    for what in ("entries", "outcomes", "awards", "steps", "standings"):
        assert taken_over[what] == computed[what]
