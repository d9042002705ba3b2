"""Ladders of consequences: one step up for a missed month, back to the foot by clean ones (rulebook.md,
Consequences).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from leaderboard.domain.periods import Month, Period
from leaderboard.domain.points import Entry, EntryKind, team_of
from leaderboard.domain.ratings import MonthRating
from leaderboard.domain.roster import Placement, Roster
from leaderboard.domain.rulebook import Consequence, MeasureKind, Rating, StepMeasure, SubjectKind
from leaderboard.domain.versions import Version


class LadderKey(NamedTuple):
    """Whose ladder of which consequence."""

    consequence: str
    subject: SubjectKind
    id: str


class LadderState(NamedTuple):
    """The strikes that count, by their months, oldest first, and the clean months in a row since the last one.

    Never more strikes than the ladder has steps: those before them would change nothing.
    """

    strikes: tuple[Month, ...] = ()
    clean: int = 0

    @property
    def step(self) -> int:
        """The step a subject stands on; 0 is the foot."""
        return len(self.strikes)


FOOT = LadderState()


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


def climb(rule: Consequence, state: LadderState, rating: Rating, month: Month) -> LadderState:
    """Where a rated month leaves a subject: the last step repeats, `clears_after` clean months lead back to
    the foot.

    `state` is that which the months before left, `lasting` in this one.
    """
    if rating is Rating.MISSED:
        return LadderState((*state.strikes, month)[-len(rule.steps) :], 0)
    clean = state.clean + 1
    if not state.strikes or (rule.clears_after is not None and clean >= rule.clears_after):
        return FOOT
    return LadderState(state.strikes, clean)


def lasting(rule: Consequence, state: LadderState, month: Month) -> LadderState:
    """What of a state counts in a month by this version's rule, before its rating.

    A strike counts in its month and the following ones up to `expires_after`; a ladder that is shorter than it was
    keeps the latest. Where no strike is left, clean months are not counted either.
    """
    strikes = state.strikes[-len(rule.steps) :]
    if rule.expires_after is not None:
        strikes = tuple(s for s in strikes if s.plus(rule.expires_after) > month)
    return LadderState(strikes, state.clean) if strikes else FOOT


def is_suspended(version: Version, consequence: str, month: Month) -> bool:
    """Whether any date of the month lies in a suspension of this ladder, or of all."""
    return any(
        one.from_on <= month.last_on and one.until_on >= month.first_on
        for one in version.rulebook.suspensions
        if one.consequences is None or consequence in one.consequences
    )


def in_grace(rule: Consequence, subject: SubjectKind, subject_id: str, month: Month, roster: Roster) -> bool:
    """Whether the month begins within `grace_days` of the rep's first day in a team; nobody else has any."""
    rep = roster.reps.get(subject_id) if subject is SubjectKind.REP else None
    if rep is None or not rep.teams or not rule.grace_days:
        return False
    joined_on = min(span.from_on for span in rep.teams)
    return (month.first_on - joined_on).days < rule.grace_days


@dataclass(frozen=True, slots=True)
class LaddersMoved:
    """What a month does to the ladders: the steps taken, every ladder's state, and those that a rating moved."""

    steps: tuple[StepTaken, ...]
    states: Mapping[LadderKey, LadderState]
    moved: frozenset[LadderKey]


def month_steps(
    version: Version,
    month: Period,
    ratings: Sequence[MonthRating],
    states: Mapping[LadderKey, LadderState],
    roster: Roster,
) -> LaddersMoved:
    """The steps that a month's ratings bring, and every ladder's state after it.

    A ladder of a consequence that this version lacks ends. A month in which a subject is not rated, or in grace, or in
    which the ladder is suspended, moves nothing; strikes expire all the same.
    """
    rules, this = version.rulebook.consequences, month.first_month
    after = {
        key: lasting(rules[key.consequence], state, this)
        for key, state in states.items()
        if key.consequence in rules
    }
    taken: list[StepTaken] = []
    moved: set[LadderKey] = set()
    for rule in rules.values():
        if is_suspended(version, rule.id, this):
            continue
        for rated in ratings:
            if rated.service_level != rule.service_level or rated.rating is None:
                continue
            if in_grace(rule, rated.subject, rated.id, this, roster):
                continue
            key = LadderKey(rule.id, rated.subject, rated.id)
            moved.add(key)
            after[key] = climb(rule, after.get(key, FOOT), rated.rating, this)
            if rated.rating is Rating.MISSED:
                taken.append(_taken(version, month, rule, rated, after[key].step))
    return LaddersMoved(tuple(taken), after, frozenset(moved))


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
