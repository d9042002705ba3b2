"""Who stands where in a period, and where they stood at the last local midnight: from kept sums, never the ledger."""

import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, cast, func, select

from leaderboard.domain.facts import Tally
from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Score, listed, rank_scores, ranks_of
from leaderboard.persistence.models import DaySum, MonthSum, Person, Seal, Team
from leaderboard.queries.ground import Memo, Reading
from leaderboard.queries.periods import KeptPeriods

_SUMS = ("points", "exceeded", "met", "missed", "entries")
_memo = Memo(64)
_listed_memo = Memo(64)


class Place(NamedTuple):
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

    @property
    def is_empty(self) -> bool:
        """Whether nobody has a point or an outcome: all of them first of all is no place."""
        return not any(row.points or any(row.tally) for row in self.rows)

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
    scores = _scores(reading, subjects, period)
    before: dict[str, int] = {}
    if reading.now < period.end_at and today > period.first_on.isoformat():
        before = ranks_of(_before_today(reading, subjects, scores, today))
    key_of, rank_before = subjects.key, before.get
    return tuple(
        [
            Place(
                key_of(score.id), score.id, score.name, rank, rank_before(score.id), score.points, score.tally
            )
            for rank, score in rank_scores(scores.values())
        ]
    )


def _scores(reading: Reading, subjects: "_Subjects", period: Period) -> dict[str, Score]:
    months = [str(month) for month in period.months]
    statement = _summed(MonthSum, subjects.scope).where(MonthSum.month.in_(months))
    rows = reading.session.connection().execute(statement).all()
    subjects.learn_all(row[0] for row in rows)
    id_of, name_of = subjects.id, subjects.name
    scores: dict[str, Score] = {}
    for key, points, exceeded, met, missed, entries in rows:
        if entries or exceeded or met or missed:
            subject_id = id_of(key)
            scores[subject_id] = Score(subject_id, name_of(subject_id), points, Tally(exceeded, met, missed))
    for subject_id in _listed(reading, period, subjects.scope) - scores.keys():
        scores[subject_id] = Score(subject_id, name_of(subject_id))
    return scores


def _listed(reading: Reading, period: Period, scope: SubjectKind) -> Set[str]:
    """Whom the roster lists; looked up again only when the roster has changed."""
    roster, version = reading.ground.placement.roster, reading.ground.version
    return _listed_memo.get(
        reading.session, (version, period.name, scope), lambda: listed(roster, period, scope)
    )


def _before_today(
    reading: Reading, subjects: "_Subjects", scores: Mapping[str, Score], today: str
) -> Iterable[Score]:
    """The scores as they were before today's entries and outcomes."""
    rows = (
        reading.session.connection().execute(_summed(DaySum, subjects.scope).where(DaySum.day == today)).all()
    )
    subjects.learn_all(row[0] for row in rows)
    earlier = dict(scores)
    for key, points, exceeded, met, missed, _ in rows:
        score = earlier.get(subjects.id(key))
        if score is not None:
            tally = score.tally
            kept = Tally(tally.exceeded - exceeded, tally.met - met, tally.missed - missed)
            earlier[score.id] = Score(score.id, score.name, score.points - points, kept)
    return earlier.values()


def _summed(model: type[MonthSum] | type[DaySum], scope: SubjectKind) -> Any:
    """Key, then the sums as whole numbers: PostgreSQL sums them up as decimals."""
    key = model.person_id if scope is SubjectKind.REP else model.team_id
    sums = (cast(func.sum(getattr(model, column)), BigInteger) for column in _SUMS)
    return select(key, *sums).where(key != 0).group_by(key)


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
        ground, is_rep = reading.ground, scope is SubjectKind.REP
        self._keys = dict(ground.person_keys if is_rep else ground.team_keys)
        self._ids = dict(ground.rep_ids if is_rep else ground.team_ids)
        self._names = self.roster.rep_names if is_rep else self.roster.team_names

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
        return self._names.get(subject_id, subject_id)
