"""Who stands where in a period, and where they stood at the last local midnight: from kept sums, never the ledger."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from leaderboard.domain.facts import Tally
from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Score, listed, name_of, rank_scores
from leaderboard.persistence.models import DaySum, MonthSum, Person, Seal, Team
from leaderboard.queries.ground import Memo, Reading
from leaderboard.queries.periods import KeptPeriods

_SUMS = ("points", "exceeded", "met", "missed")
_memo = Memo(64)


@dataclass(frozen=True, slots=True)
class Place:
    """A subject's place. `id` is the domain's: a rep's or a team's."""

    key: int
    id: str
    name: str
    rank: int
    rank_before: int | None
    points: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Places:
    """A whole standing, in its order."""

    version: tuple[object, ...]
    rows: tuple[Place, ...]
    order: Mapping[int, int]
    """Where in `rows` a key stands."""

    def of(self, key: int | None) -> Place | None:
        """The place of a subject; None where it has none."""
        return None if key is None or key not in self.order else self.rows[self.order[key]]


def places(reading: Reading, kept: KeptPeriods, period: Period, scope: SubjectKind) -> Places:
    """The standing as of now, or as it was sealed. Worked out again only when its sums, or the day, have changed."""
    today = reading.ground.book.calendar.date_at(reading.now).isoformat()
    version = (reading.ground.version, kept.version(period), scope, today)

    def make() -> Places:
        rows = (
            _sealed(reading, period, scope)
            if period.name in kept.seals
            else _kept(reading, period, scope, today)
        )
        return Places(version, rows, {row.key: index for index, row in enumerate(rows)})

    return _memo.get(reading.session, version, make)


def _kept(reading: Reading, period: Period, scope: SubjectKind, today: str) -> tuple[Place, ...]:
    subjects = _Subjects(reading, scope)
    scores = _scores(subjects, period, _month_sums(reading, period, scope))
    before: dict[str, int] = {}
    if reading.now < period.end_at and today > period.first_on.isoformat():
        earlier = _without(scores, _day_sums(reading, today, scope))
        before = {row.score.id: row.rank for row in rank_scores(earlier)}
    return tuple(
        Place(
            subjects.key(row.score.id), row.score.id, row.score.name, row.rank, before.get(row.score.id),
            row.score.points, row.score.tally,
        )
        for row in rank_scores(scores.values())
    )  # fmt: skip


def _scores(subjects: "_Subjects", period: Period, rows: Iterable[Any]) -> dict[str, Score]:
    scores: dict[str, Score] = {}
    for row in rows:
        if row.entries or row.exceeded or row.met or row.missed:
            subject_id = subjects.learn(row.key, row.id)
            tally = Tally(int(row.exceeded), int(row.met), int(row.missed))
            scores[subject_id] = Score(subject_id, subjects.name(subject_id), int(row.points), tally)
    for subject_id in listed(subjects.roster, period, subjects.scope) - scores.keys():
        scores[subject_id] = Score(subject_id, subjects.name(subject_id))
    return scores


def _without(scores: Mapping[str, Score], today: Mapping[int, Any]) -> list[Score]:
    """The scores as they were before today's entries and outcomes."""
    taken = {row.id: row for row in today.values()}
    return [_less(score, taken[score.id]) if score.id in taken else score for score in scores.values()]


def _less(score: Score, row: Any) -> Score:
    tally = Tally(
        score.tally.exceeded - int(row.exceeded),
        score.tally.met - int(row.met),
        score.tally.missed - int(row.missed),
    )
    return Score(score.id, score.name, score.points - int(row.points), tally)


def _month_sums(reading: Reading, period: Period, scope: SubjectKind) -> Any:
    months = [str(month) for month in period.months]
    return reading.session.execute(
        _summed(MonthSum, scope, ("entries",)).where(MonthSum.month.in_(months))
    ).all()


def _day_sums(reading: Reading, day: str, scope: SubjectKind) -> dict[int, Any]:
    rows = reading.session.execute(_summed(DaySum, scope).where(DaySum.day == day)).all()
    return {row.key: row for row in rows}


def _summed(model: Any, scope: SubjectKind, more: tuple[str, ...] = ()) -> Any:
    is_rep = scope is SubjectKind.REP
    key, named = (model.person_id, Person) if is_rep else (model.team_id, Team)
    name = Person.rep_id if is_rep else Team.team_id
    sums = [func.sum(getattr(model, column)).label(column) for column in (*_SUMS, *more)]
    return (
        select(key.label("key"), name.label("id"), *sums)
        .join(named, named.id == key)
        .where(key != 0)
        .group_by(key, name)
    )


def _sealed(reading: Reading, period: Period, scope: SubjectKind) -> tuple[Place, ...]:
    """A sealed standing, with the names of today."""
    document = reading.session.scalars(select(Seal.document).where(Seal.period == period.name)).one()
    rows = json.loads(document)["standings"][scope.value]
    subjects = _Subjects(reading, scope)
    subjects.learn_all(row["key"] for row in rows)
    return tuple(
        Place(
            row["key"], subjects.id(row["key"]), subjects.name(subjects.id(row["key"])), row["rank"], None,
            row["points"], Tally(row["exceeded"], row["met"], row["missed"]),
        )
        for row in rows
    )  # fmt: skip


class _Subjects:
    """Keys, ids and names of reps or teams."""

    def __init__(self, reading: Reading, scope: SubjectKind) -> None:
        self.scope = scope
        self.roster = reading.ground.placement.roster
        self._session = reading.session
        known = reading.ground.person_keys if scope is SubjectKind.REP else reading.ground.team_keys
        self._keys = dict(known)
        self._ids = {key: subject_id for subject_id, key in known.items()}

    def learn(self, key: int, subject_id: str | None) -> str:
        """Notes a subject and returns its id; an erased person has one made of the key."""
        if key not in self._ids:
            made = subject_id or f"person-{key}"
            self._ids[key] = made
            self._keys[made] = key
        return self._ids[key]

    def learn_all(self, keys: Iterable[int]) -> None:
        """Notes those that the roster does not have."""
        missing = sorted({key for key in keys if key not in self._ids})
        column = Person.rep_id if self.scope is SubjectKind.REP else Team.team_id
        model = Person if self.scope is SubjectKind.REP else Team
        if missing:
            for key, subject_id in self._session.execute(
                select(model.id, column).where(model.id.in_(missing))
            ):
                self.learn(key, subject_id)

    def key(self, subject_id: str) -> int:
        return self._keys[subject_id]

    def id(self, key: int) -> str:
        return self._ids[key]

    def name(self, subject_id: str) -> str:
        return name_of(self.roster, self.scope, subject_id)
