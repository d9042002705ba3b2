"""What holds of contests, tasks, ladders and decisions, whatever the rules, the events and the people."""

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from leaderboard.domain.consequences import FOOT, LadderState, climb, lasting
from leaderboard.domain.decisions import Decision, DecisionKind
from leaderboard.domain.fold import fold_lead
from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month
from leaderboard.domain.points import Entry, EntryKind
from leaderboard.domain.prizes import PrizeOf
from leaderboard.domain.replay import SealedMonth, SealedPast, World
from leaderboard.domain.rulebook import Consequence, MeasureKind, Rating, StepMeasure
from tests.domain.prize_worlds import LAST, PrizeStory, prize_stories
from tests.domain.test_properties import everything, quickly
from tests.domain.worlds import as_of_instants, in_any_order

RULES = st.builds(
    Consequence,
    st.just("slow"),
    st.just("clock"),
    st.integers(1, 4).map(lambda n: ((StepMeasure(MeasureKind.NOTIFY_REP),),) * n),
    st.none() | st.integers(1, 3),
    expires_after=st.none() | st.integers(1, 5),
)
MONTHS = st.lists(st.sampled_from((*Rating, None)), max_size=12)


def told(world: World) -> dict[str, object]:
    """All that a world says, with what the extension adds."""
    return everything(world) | {
        "prizes": sorted(world.prizes, key=repr),
        "contests": world.contests,
        "ladders": world.ladders,
    }


@quickly
@given(prize_stories(), as_of_instants(), st.data())
def test_the_order_of_arrival_does_not_matter(story: PrizeStory, as_of: Instant, data: st.DataObject) -> None:
    mixed = replace(story, decisions=tuple(data.draw(st.permutations(story.decisions))))
    assert told(mixed.world(as_of, events=in_any_order(data, story.events))) == told(story.world(as_of))


@quickly
@given(prize_stories(corrections=False), as_of_instants(), as_of_instants())
def test_what_was_booked_stays_booked_where_nothing_comes_late(
    story: PrizeStory, one: Instant, other: Instant
) -> None:
    earlier, later = sorted((one, other))
    assert set(story.world(earlier).entries) <= set(story.world(later).entries)


@quickly
@given(prize_stories())
def test_a_task_is_done_once_unless_it_was_undone(story: PrizeStory) -> None:
    by_rep = defaultdict(list)
    for prize in story.world(LAST).prizes:
        if prize.of is PrizeOf.TASK:
            by_rep[prize.id, prize.subject_id].append(prize)
    for prizes in by_rep.values():
        for before, after in pairwise(prizes):
            assert before.undone_at is not None
            assert before.undone_at <= after.at


@quickly
@given(prize_stories())
def test_prizes_are_booked_as_they_were_won(story: PrizeStory) -> None:
    world = story.world(LAST)
    booked = Counter((e.id, e.booked_at, e.points) for e in world.entries if e.kind is EntryKind.PRIZE)
    won = Counter((p.subject_id, p.at, p.points) for p in world.prizes if p.points)
    won.update(
        (p.subject_id, p.undone_at, -p.points) for p in world.prizes if p.points and p.undone_at is not None
    )
    assert booked == won


@quickly
@given(prize_stories(), st.data())
def test_undoing_a_decision_leaves_the_sums_as_if_it_had_not_been_made(
    story: PrizeStory, data: st.DataObject
) -> None:
    """But for tasks: what came while one was held to be done is not done anew."""
    kept = tuple(d for d in story.decisions if d.kind not in (DecisionKind.UNDONE, DecisionKind.TASK))
    story = replace(story, decisions=kept)
    if not kept:
        return
    chosen = data.draw(st.sampled_from(kept))
    undone = Decision(99, DecisionKind.UNDONE, LAST - 1, undoes=chosen.id)
    after = replace(story, decisions=(*kept, undone)).world(LAST)
    without = replace(story, decisions=tuple(d for d in kept if d is not chosen)).world(LAST)
    assert direct(after) == direct(without)


def direct(world: World) -> Counter[tuple[object, ...]]:
    """The sums of what was decided or deducted; not of what standings brought, which had the points at the time."""
    sums: Counter[tuple[object, ...]] = Counter()
    for entry in world.entries:
        if entry.kind in (EntryKind.DEDUCTION, EntryKind.ADJUSTMENT) or entry.key.startswith("decision/"):
            sums[entry.subject, entry.id, entry.team, entry.kind] += entry.points
    return Counter({key: points for key, points in sums.items() if points})


@given(RULES, MONTHS)
def test_expiry_never_raises_a_step(rule: Consequence, months: list[Rating | None]) -> None:
    for_good = replace(rule, expires_after=None)
    state, without = FOOT, FOOT
    for number, how in enumerate(months):
        month = Month(2026, 1).plus(number)
        state, without = climbed(rule, state, how, month), climbed(for_good, without, how, month)
        assert state.step <= without.step
        assert state.step <= len(rule.steps)


@given(RULES, MONTHS, st.integers(0, 6))
def test_months_without_a_rating_may_be_passed_over_at_once(
    rule: Consequence, months: list[Rating | None], gap: int
) -> None:
    state, month = FOOT, Month(2026, 1)
    for how in months:
        state, month = climbed(rule, state, how, month), month.plus(1)
    one_by_one = state
    for number in range(gap):
        one_by_one = lasting(rule, one_by_one, month.plus(number))
    assert one_by_one == (lasting(rule, state, month.plus(gap - 1)) if gap else state)


def climbed(rule: Consequence, state: LadderState, how: Rating | None, month: Month) -> LadderState:
    stands = lasting(rule, state, month)
    return stands if how is None else climb(rule, stands, how, month)


def sealed(story: PrizeStory, through: Instant) -> SealedPast:
    """All months that have ended by an instant, closed as they stood at their ends."""
    calendar = story.book.calendar
    kept = {}
    for month, _ in story.book.months_until(calendar.month_at(through)):
        bounds = calendar.month(month)
        if bounds.end_at > through:
            break
        world = story.world(bounds.end_at)
        folds = [
            fold_lead(lead, story.book, world.placement, bounds.end_at) for lead in story.leads(bounds.end_at)
        ]
        ranked = [entry for settled in world.ranked.values() for entry in settled.entries]
        ours = {award.key for award in world.awards.values() if award.awarded_at in bounds}
        by_hand = {f"badge/star/rep/{d.subject_id}/{d.at}" for d in story.decisions}
        kept[month] = SealedMonth(
            tuple(e for e in world.entries if _is_sealed_with(e, world, month, ranked)),
            tuple(outcome for outcome in world.outcomes if outcome.at in bounds),
            tuple(world.awards[key] for key in sorted(ours - by_hand)),
            tuple(step for step in world.steps if step.month == str(month)),
            world.ladders,
            world.runs,
            tuple(c for fold in folds for c in fold.contributions if c.at in bounds),
        )
    return SealedPast(kept)


def _is_sealed_with(entry: Entry, world: World, month: Month, ranked: list[Entry]) -> bool:
    """An entry is sealed with its month; the points of ranks, one second later, with the month that they end."""
    of = world.book.calendar.month_at(entry.booked_at)
    if entry in ranked:
        return of == month.plus(1)
    return of == month


@quickly
@given(prize_stories(corrections=False), as_of_instants())
def test_closing_months_changes_nothing_where_nothing_comes_late(
    story: PrizeStory, closed_by: Instant
) -> None:
    computed, taken_over = told(story.world(LAST)), told(story.world(LAST, sealed(story, closed_by)))
    for what in ("entries", "outcomes", "awards", "steps", "standings", "prizes", "contests", "ladders"):
        assert taken_over[what] == computed[what], what
