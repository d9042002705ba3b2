"""Ladders of consequences: one step up for a missed month, back to the foot by clean ones (rulebook.md,
Consequences).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from leaderboard.domain.periods import Period
from leaderboard.domain.points import Entry, EntryKind, team_of
from leaderboard.domain.ratings import MonthRating
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import Consequence, MeasureKind, Rating, StepMeasure, SubjectKind
from leaderboard.domain.versions import Version


class LadderKey(NamedTuple):
    """Whose ladder of which consequence."""

    consequence: str
    subject: SubjectKind
    id: str


class LadderState(NamedTuple):
    """The step a subject stands on (0: the foot) and the clean months in a row since the last miss."""

    step: int = 0
    clean: int = 0


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A missed month's step: what applies to whom, by the version in force in that month."""

    consequence: str
    service_level: str
    subject: SubjectKind
    id: str
    month: str
    step: int
    measures: tuple[StepMeasure, ...]
    rulebook_on: dt.date


def climb(rule: Consequence, state: LadderState, rating: Rating) -> LadderState:
    """Where a rated month leaves a subject: the last step repeats, `clears_after` clean months lead back to
    the foot.
    """
    if rating is Rating.MISSED:
        return LadderState(min(state.step + 1, len(rule.steps)), 0)
    step = min(state.step, len(rule.steps))
    clean = state.clean + 1
    if rule.clears_after is not None and clean >= rule.clears_after:
        return LadderState()
    return LadderState(step, clean) if step else LadderState()


def month_steps(
    version: Version, month: Period, ratings: Sequence[MonthRating], states: Mapping[LadderKey, LadderState]
) -> tuple[list[StepTaken], dict[LadderKey, LadderState]]:
    """The steps that a month's ratings bring, and every ladder's state after it.

    A ladder of a consequence that this version lacks ends; one that is longer than this version's is clamped to it;
    else unrated months change nothing.
    """
    rules = version.rulebook.consequences
    after = {
        key: state._replace(step=min(state.step, len(rules[key.consequence].steps)))
        for key, state in states.items()
        if key.consequence in rules
    }
    taken: list[StepTaken] = []
    for rule in rules.values():
        for rated in ratings:
            if rated.service_level != rule.service_level or rated.rating is None:
                continue
            key = LadderKey(rule.id, rated.subject, rated.id)
            after[key] = climb(rule, states.get(key, LadderState()), rated.rating)
            if rated.rating is Rating.MISSED:
                taken.append(_taken(version, month, rule, rated, after[key].step))
    return taken, after


def _taken(version: Version, month: Period, rule: Consequence, rated: MonthRating, step: int) -> StepTaken:
    return StepTaken(
        rule.id, rule.service_level, rated.subject, rated.id, month.name, step, rule.steps[step - 1],
        version.effective_from,
    )  # fmt: skip


def deduction_entries(step: StepTaken, month: Period, placement: Placement) -> list[Entry]:
    """What a step's deductions book at the month's last second; those that wait for approval book nothing
    yet.
    """
    booked_at = month.last_second_at
    team = team_of(step.subject, step.id, booked_at, placement)
    return [
        Entry(
            f"deduction/{step.month}/{step.consequence}/{place}", booked_at,
            step.subject,
            step.id, team, -measure.points, EntryKind.DEDUCTION, step.rulebook_on, step.service_level,
            Rating.MISSED,
        )
        for place, measure in enumerate(step.measures)
        if measure.do is MeasureKind.DEDUCT and measure.points and not measure.needs_approval
    ]  # fmt: skip


def bonus_withheld(steps: Sequence[StepTaken]) -> set[tuple[SubjectKind, str]]:
    """The subjects whom a step of the quarter denies the bonus, without waiting for an approval."""
    return {
        (step.subject, step.id)
        for step in steps
        for measure in step.measures
        if measure.do is MeasureKind.NO_BONUS and not measure.needs_approval
    }
