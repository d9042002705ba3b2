"""What people decide, and what follows from it (docs/rulebook-format.md, Decisions).

A decision takes part from the instant at which it was made, and changes nothing before it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from leaderboard.domain.badges import Award
from leaderboard.domain.consequences import StepTaken
from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Month, Period
from leaderboard.domain.points import Entry, EntryKind, team_of
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import MeasureKind, Rating, StepMeasure, SubjectKind
from leaderboard.domain.versions import Book


class DecisionKind(StrEnum):
    """What is decided."""

    APPROVED = "approved"
    WAIVED = "waived"
    BADGE = "badge"
    POINTS = "points"
    TASK = "task"
    UNDONE = "undone"


class MeasureRef(NamedTuple):
    """A measure of a step that a month's rating brought; `place` is its place in the step, from 0."""

    month: str
    consequence: str
    subject: SubjectKind
    id: str
    place: int


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. Which fields it needs goes by its kind:

    approved, waived: `measure`. badge: `badge`, `subject_id` (a rep). points: `subject`, `subject_id`, `points`.
    task: `task`, `subject_id`, `done_at`, the instant at which the rep ticked it off. undone: `undoes`, an earlier
    decision's id.
    """

    id: int
    kind: DecisionKind
    at: Instant
    reason: str | None = None
    measure: MeasureRef | None = None
    subject: SubjectKind = SubjectKind.REP
    subject_id: str = ""
    points: int = 0
    badge: str = ""
    task: str = ""
    done_at: Instant = 0
    undoes: int | None = None

    @property
    def key(self) -> str:
        """The reason of the one entry that a decision books at most."""
        return f"decision/{self.id}"


class MeasureState(StrEnum):
    """Where a measure of a step stands."""

    WAITING = "waiting"
    IN_FORCE = "in_force"
    WAIVED = "waived"


class _Turn(NamedTuple):
    """A decision on a measure, or the undoing of one: `made` is what was decided first."""

    decision: Decision
    made: Decision
    begins: bool


StepOf: TypeAlias = Callable[[MeasureRef], StepTaken | None]
"""The step that a reference names; None where it does not stand (any more)."""


class Decisions:
    """The decisions that were made by an instant, in their order: instant, then id."""

    def __init__(self, decisions: Iterable[Decision] = (), as_of: Instant | None = None) -> None:
        taken = (d for d in decisions if as_of is None or d.at <= as_of)
        self.ordered: Sequence[Decision] = sorted(taken, key=lambda d: (d.at, d.id))
        self.undoing: dict[int, Decision] = {}
        """What undoes a decision, by that one's id."""
        self.undone: dict[int, Decision] = {}
        """What is undone, by the id of the decision that undoes it."""
        self._turns: dict[MeasureRef, list[_Turn]] = defaultdict(list)
        known: dict[int, Decision] = {}
        for decision in self.ordered:
            self._read(decision, known)
            known[decision.id] = decision

    def _read(self, decision: Decision, known: dict[int, Decision]) -> None:
        made = decision
        if decision.kind is DecisionKind.UNDONE:
            found = known.get(decision.undoes or 0)
            # An undoing cannot be undone, nor anything be undone twice.
            if found is None or found.kind is DecisionKind.UNDONE or found.id in self.undoing:
                return
            self.undoing[found.id] = decision
            self.undone[decision.id] = found
            made = found
        if made.measure is not None:
            self._turns[made.measure].append(_Turn(decision, made, made is decision))

    def made_in(self, period: Period) -> Iterator[tuple[Decision, Decision]]:
        """The decisions of a period, each with what it decides or undoes: the two are one but for an undoing."""
        for decision in self.ordered:
            if decision.at in period:
                made = self.undone.get(decision.id) if decision.kind is DecisionKind.UNDONE else decision
                if made is not None:
                    yield decision, made

    def measures(self) -> Iterator[MeasureRef]:
        """The measures about which anything was decided."""
        yield from self._turns

    def turns(self, ref: MeasureRef, measure: StepMeasure, since: Instant) -> Iterator[tuple[Decision, bool]]:
        """The decisions on a measure, each with whether the measure applies from then on.

        What was decided before the step was taken, at `since`, has no part in it.
        """
        for decision, state in self._states(ref, measure, since):
            yield decision, state is MeasureState.IN_FORCE

    def state(self, ref: MeasureRef, measure: StepMeasure, since: Instant) -> MeasureState:
        """Where a measure stands by all that was decided."""
        states = [_state(measure, 0, 0), *(state for _, state in self._states(ref, measure, since))]
        return states[-1]

    def _states(
        self, ref: MeasureRef, measure: StepMeasure, since: Instant
    ) -> Iterator[tuple[Decision, MeasureState]]:
        approvals = waivers = 0
        for turn in self._turns.get(ref, ()):
            if turn.made.at < since:
                continue
            change = 1 if turn.begins else -1
            if turn.made.kind is DecisionKind.APPROVED:
                approvals += change
            else:
                waivers += change
            yield turn.decision, _state(measure, approvals, waivers)


NO_DECISIONS = Decisions()


def _state(measure: StepMeasure, approvals: int, waivers: int) -> MeasureState:
    if waivers:
        return MeasureState.WAIVED
    return MeasureState.IN_FORCE if approvals or not measure.needs_approval else MeasureState.WAITING


@dataclass(frozen=True, slots=True)
class DecisionsSettled:
    """What the decisions of a month bring: entries, badges given, and the keys of badges taken away again."""

    entries: tuple[Entry, ...]
    awards: tuple[Award, ...]
    withdrawn: tuple[str, ...]


def settle_decisions(
    decisions: Decisions, month: Period, book: Book, placement: Placement, step_of: StepOf
) -> DecisionsSettled:
    """What the decisions made in a month bring, but for tasks (`tasks.task_prizes`)."""
    entries = list(_measure_entries(decisions, month, book, placement, step_of))
    awards: list[Award] = []
    withdrawn: list[str] = []
    for decision, made in decisions.made_in(month):
        entries.extend(_given_entries(decision, made, book, placement))
        award = hand_award(made, book)
        if award is not None and made is decision:
            awards.append(award)
        elif award is not None:
            withdrawn.append(award.key)
    return DecisionsSettled(tuple(entries), tuple(awards), tuple(withdrawn))


def hand_award(decision: Decision, book: Book) -> Award | None:
    """The badge that a manager gave; None for any other decision, or before there were rules.

    Whether the badge may be given by hand was asked when it was. The version in force then says what it is worth.
    """
    version = book.at(decision.at)
    if decision.kind is not DecisionKind.BADGE or version is None:
        return None
    badge = version.rulebook.badges.get(decision.badge)
    return Award(
        decision.badge, SubjectKind.REP, decision.subject_id, decision.at, version.effective_from,
        0 if badge is None else badge.points, decision.at,
    )  # fmt: skip


def _given_entries(decision: Decision, made: Decision, book: Book, placement: Placement) -> Iterator[Entry]:
    """The points of a badge or an adjustment, or their opposite where it is undone, for the same team."""
    version = book.at(made.at)
    if version is None or made.kind not in (DecisionKind.BADGE, DecisionKind.POINTS):
        return
    award = hand_award(made, book)
    kind = EntryKind.ADJUSTMENT if award is None else EntryKind.BADGE
    points = made.points if award is None else award.points
    if points:
        yield Entry(
            decision.key, decision.at, made.subject, made.subject_id,
            team_of(made.subject, made.subject_id, made.at, placement), points if made is decision else -points,
            kind, version.effective_from, badge=None if award is None else award.badge,
            reason=decision.reason or made.reason,
        )  # fmt: skip


def _measure_entries(
    decisions: Decisions, month: Period, book: Book, placement: Placement, step_of: StepOf
) -> Iterator[Entry]:
    for ref in decisions.measures():
        step = step_of(ref)
        if step is None or ref.place >= len(step.measures):
            continue
        measure = step.measures[ref.place]
        if measure.do is MeasureKind.DEDUCT and measure.points:
            of = book.calendar.month(Month.parse(step.month))
            yield from (e for e in _deductions(decisions, ref, step, of, placement) if e.booked_at in month)


def _deductions(
    decisions: Decisions, ref: MeasureRef, step: StepTaken, of: Period, placement: Placement
) -> Iterator[Entry]:
    """A deduction that an approval brings into force, one that a waiver gives back, and so on in turn.

    What is given back goes to the team that it was taken from.
    """
    measure = step.measures[ref.place]
    applied = not measure.needs_approval
    team = team_of(step.subject, step.id, of.last_second_at, placement)
    for decision, applies in decisions.turns(ref, measure, of.end_at):
        if applies is applied:
            continue
        if applies:
            team = team_of(step.subject, step.id, decision.at, placement)
        applied = applies
        yield Entry(
            decision.key, decision.at, step.subject, step.id, team, -measure.points if applies else measure.points,
            EntryKind.DEDUCTION, step.rulebook_on, step.service_level, Rating.MISSED, reason=decision.reason,
        )  # fmt: skip


def bonus_withheld(
    steps: Iterable[StepTaken], decisions: Decisions, book: Book
) -> set[tuple[SubjectKind, str]]:
    """The subjects whom a step denies the bonus: what waits for approval or is waived denies nothing."""
    return {
        (step.subject, step.id)
        for step in steps
        for place, measure in enumerate(step.measures)
        if measure.do is MeasureKind.NO_BONUS
        and step_state(step, place, decisions, book) is MeasureState.IN_FORCE
    }


def step_state(step: StepTaken, place: int, decisions: Decisions, book: Book) -> MeasureState:
    """Where a measure of a step stands."""
    ref = MeasureRef(step.month, step.consequence, step.subject, step.id, place)
    since = book.calendar.month(Month.parse(step.month)).end_at
    return decisions.state(ref, step.measures[place], since)
