"""Cases of the ladders for who may see them, with the facts beside each: rating, misses, strikes, grace, time off."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from leaderboard.domain.consequences import StepTaken
from leaderboard.domain.decisions import Decisions, MeasureState, step_state
from leaderboard.domain.periods import Month
from leaderboard.domain.roster import TimeOff
from leaderboard.domain.rulebook import Consequence, MeasureKind, Response, ServiceLevel, SubjectKind
from leaderboard.persistence.models import Outcome
from leaderboard.queries.ground import Reading
from leaderboard.queries.ladder_page import Case, Decided, MeasureFacts, Miss, Party
from leaderboard.queries.promises import LevelFacts, promise_of
from leaderboard.services.decision_store import load_decisions
from leaderboard.services.directory import Directory
from leaderboard.services.ladder_steps import Taken, taken_since
from leaderboard.services.ladder_words import MeasureAt, Said, Words
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.month_figures import Key, figures_of, missed_outcomes
from leaderboard.services.powers import Powers

_MONTHS_BACK = 12
_MISSES_A_CASE = 5
_LATELY = 20
CASES_A_PAGE = 10
_TOLD = (MeasureKind.NOTIFY_REP, MeasureKind.NOTIFY_MANAGER)
"""Measures that are done by being said: there is nothing left to waive."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, what applies and could still be waived, and what was decided of late."""

    waiting: tuple[Case, ...] = ()
    applying: tuple[Case, ...] = ()
    decided: tuple[Decided, ...] = ()
    waiting_in_all: int = 0
    applying_in_all: int = 0
    page: int = 1


class Cases:
    """The cases of the last twelve months, or since another one, of one snapshot; of one person and team, or of all."""

    def __init__(
        self,
        reading: Reading,
        person_id: int | None = None,
        team_id: int | None = None,
        since: Month | None = None,
    ) -> None:
        self.reading = reading
        session, book = reading.session, reading.ground.book
        self.since = since or book.calendar.month_at(reading.now).plus(-_MONTHS_BACK)
        self.directory = Directory(session)
        self.taken: Sequence[Taken] = taken_since(
            session, book, self.since, self.directory, person_id, team_id
        )
        self.decisions = Decisions(load_decisions(session, self.directory) if self.taken else ())

    def state(self, step: StepTaken, place: int) -> MeasureState:
        """Where a measure stands."""
        return step_state(step, place, self.decisions, self.reading.ground.book)

    def waits(self, step: StepTaken) -> bool:
        """Whether any of its measures waits for a manager."""
        places = range(len(step.measures))
        return any(self.state(step, place) is MeasureState.WAITING for place in places)

    def could_be_waived(self, step: StepTaken) -> bool:
        """Whether any of its measures applies and was not merely told."""
        return any(
            measure.do not in _TOLD and self.state(step, place) is MeasureState.IN_FORCE
            for place, measure in enumerate(step.measures)
        )

    def made(self, chosen: Collection[Taken], words: Words) -> tuple[Case, ...]:
        """These with all their facts: a fixed number of statements."""
        session = self.reading.session
        figures = figures_of(session, chosen)
        misses = missed_outcomes(session, chosen)
        return tuple(self._case(one, words, figures, misses) for one in chosen)

    def _case(
        self,
        taken: Taken,
        words: Words,
        figures: Mapping[Key, LevelFacts],
        misses: Mapping[tuple[Key, str], list[Outcome]],
    ) -> Case:
        step, version = taken.step, taken.version
        rule, level = (
            version.rulebook.consequences[step.consequence],
            version.service_levels[step.service_level],
        )
        month, key = Month.parse(step.month), (step.month, step.subject, taken.key)
        return Case(
            month=month,
            who=party(self.reading, step.subject, step.id, taken.key),
            rule=rule,
            service_level=level.name,
            step=step.step,
            measures=tuple(self._measures(taken, words)),
            strikes=taken.strikes,
            promise=promise_of(level, figures.get(key, LevelFacts({}, {})), is_over=True),
            misses=tuple(
                _miss(one, level) for one in islice(misses.get((key, level.id), ()), _MISSES_A_CASE)
            ),
            grace_until=grace_until(self.reading, rule, step.subject, step.id),
            suspensions=tuple(
                one
                for one in version.rulebook.suspensions
                if one.from_on <= month.last_on and one.until_on >= month.plus(-1).first_on
            ),
            time_off=_time_off(self.reading, step, month),
        )

    def _measures(self, taken: Taken, words: Words) -> list[MeasureFacts]:
        step = taken.step
        at = MeasureAt(step.month, step.consequence, step.subject, taken.key, 0)
        return [
            MeasureFacts(place, measure, self.state(step, place), words.last(at._replace(place=place)))
            for place, measure in enumerate(step.measures)
        ]


def queue_for(reading: Reading, who: LoggedIn, page: int = 1) -> Queue:
    """What this login may decide on, the newest month first; of what waits and of what applies a page each."""
    cases, powers = Cases(reading), powers_of(reading, who)
    mine = [one for one in cases.taken if powers.on(one.step.subject, one.step.id)]
    waiting = [one for one in mine if cases.waits(one.step)]
    applying = [one for one in mine if one not in waiting and cases.could_be_waived(one.step)]
    words = Words(reading.session, cases.since)
    start = (max(1, page) - 1) * CASES_A_PAGE
    shown = waiting[start : start + CASES_A_PAGE]
    others = applying[:CASES_A_PAGE] if page <= 1 else []
    made = cases.made([*shown, *others], words)
    decided = (_decided(cases, said) for said in words)
    theirs = (one for one, on in decided if powers.on(one.who.subject, on))
    decided_lately = tuple(islice(theirs, _LATELY)) if page <= 1 else ()
    return Queue(
        made[: len(shown)], made[len(shown) :], decided_lately, len(waiting), len(applying), max(1, page)
    )


def count_waiting(reading: Reading, who: LoggedIn) -> int:
    """How many cases wait for this login."""
    cases, powers = Cases(reading), powers_of(reading, who)
    return sum(powers.on(one.step.subject, one.step.id) and cases.waits(one.step) for one in cases.taken)


def powers_of(reading: Reading, who: LoggedIn) -> Powers:
    """On whom a login may decide, by the roster in use."""
    own = None if who.person_id is None else reading.ground.rep_ids.get(who.person_id)
    return Powers(who.role, own, reading.ground.placement, reading.now)


def party(reading: Reading, subject: SubjectKind, subject_id: str, key: int) -> Party:
    """Who is concerned, by the names of today."""
    roster = reading.ground.placement.roster
    if subject is SubjectKind.TEAM:
        return Party(subject, key, roster.team_name(subject_id))
    team = reading.ground.team_name_of(subject_id, reading.now)
    return Party(subject, key, roster.rep_name(subject_id), team)


def grace_until(reading: Reading, rule: Consequence, subject: SubjectKind, subject_id: str) -> dt.date | None:
    """The day before which a month must begin not to count yet; None where the ladder has no grace for them."""
    rep = reading.ground.placement.roster.reps.get(subject_id) if subject is SubjectKind.REP else None
    if rep is None or not rep.teams or not rule.grace_days:
        return None
    return min(span.from_on for span in rep.teams) + dt.timedelta(days=rule.grace_days)


def _time_off(reading: Reading, step: StepTaken, month: Month) -> tuple[TimeOff, ...]:
    rep = reading.ground.placement.roster.reps.get(step.id) if step.subject is SubjectKind.REP else None
    off = () if rep is None else rep.time_off
    return tuple(one for one in off if one.from_on <= month.last_on and one.until_on >= month.first_on)


def _miss(row: Outcome, level: ServiceLevel) -> Miss:
    lead = None if row.lead_key.startswith(" ") else row.lead_key
    in_working_time = isinstance(level, Response) and level.calendar is not None
    return Miss(lead, row.at, row.within_us, in_working_time)


def _decided(cases: Cases, said: Said) -> tuple[Decided, str]:
    at, directory = said.at, cases.directory
    is_rep = at.subject is SubjectKind.REP
    subject_id = directory.rep_id(at.key) if is_rep else directory.team_id(at.key)
    taken = next((one for one in cases.taken if _is_of(one, at)), None)
    rule = None if taken is None else taken.version.rulebook.consequences[at.consequence]
    measures = () if taken is None else taken.step.measures
    found = Decided(
        number=said.word.number,
        kind=said.kind,
        at=said.word.at,
        by=said.word.by,
        reason=said.word.reason,
        who=party(cases.reading, at.subject, subject_id, at.key),
        month=Month.parse(at.month),
        ladder=at.consequence if rule is None else rule.name or rule.id,
        measure=measures[at.place] if at.place < len(measures) else None,
        undone=said.undone,
    )
    return found, subject_id


def _is_of(taken: Taken, at: MeasureAt) -> bool:
    step = taken.step
    same = (step.month, step.consequence, step.subject, taken.key)
    return same == (at.month, at.consequence, at.subject, at.key)
