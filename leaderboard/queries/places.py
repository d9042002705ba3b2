"""Who stands where in a period, and where they stood at the last local midnight: from kept sums, never the ledger."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import select

from leaderboard.domain.facts import Tally
from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Amounts, Merit, listed
from leaderboard.persistence.models import Person, Seal, Team
from leaderboard.queries.ground import Memo, Reading
from leaderboard.queries.periods import KeptPeriods
from leaderboard.queries.standing_lines import Line, Ordered, lines_of, merits_of
from leaderboard.queries.sums import SumRow, day_sums, month_sums, span_sums

_memo = Memo(64)
_last_memo = Memo(16)
_listed_memo = Memo(64)
_names_memo = Memo(8)


class Place(NamedTuple):
    """A subject's place. `id` is the domain's: a rep's or a team's."""

    key: int
    id: str
    name: str
    rank: int
    rank_before: int | None
    points: int
    tally: Tally


class Places:
    """A whole standing, in its order. Places are made as they are asked for: a page shows fifty of thousands."""

    def __init__(
        self, version: tuple[object, ...], keys: Sequence[int], make: Callable[[int], Place], is_empty: bool
    ) -> None:
        """`make` makes the place that stands so far from the first one."""
        self.version = version
        self.is_empty = is_empty
        """Whether nobody has a point or an outcome: all of them first of all is no place."""
        self._keys = keys
        self._make = make

    def __len__(self) -> int:
        return len(self._keys)

    def at(self, index: int) -> Place:
        """The place that stands so far from the first one."""
        return self._make(index)

    def between(self, first: int, last: int) -> tuple[Place, ...]:
        """The places from `first` to before `last`, as far as there are any."""
        return tuple(self._make(index) for index in range(max(0, first), min(last, len(self._keys))))

    def of(self, key: int | None) -> Place | None:
        """The place of a subject; None where it has none."""
        return None if key is None or key not in self.order else self._make(self.order[key])

    @cached_property
    def order(self) -> Mapping[int, int]:
        """How far from the first one a key stands."""
        return {key: index for index, key in enumerate(self._keys)}


def places(reading: Reading, kept: KeptPeriods, period: Period, scope: SubjectKind) -> Places:
    """The standing as of now, or as it was sealed. Worked out again only when its sums, or the day, have changed."""
    today = reading.ground.book.calendar.date_at(reading.now).isoformat()
    version = (reading.ground.version, kept.version(period), scope, today)

    def make() -> Places:
        if period.name in kept.seals:
            return _sealed(reading, period, scope, version)
        return _kept(reading, period, scope, today, version)

    return _memo.get(reading.session, version, make)


def places_until(
    reading: Reading, kept: KeptPeriods, period: Period, scope: SubjectKind, last_on: dt.date
) -> Places:
    """The standing as the days of the period up to this one make it, whatever came since; nobody has moved in it."""
    version = (reading.ground.version, kept.version(period), scope, f"until {last_on}")

    def make() -> Places:
        subjects = _Subjects(reading, scope)
        rows = span_sums(reading.session, period.first_on.isoformat(), last_on.isoformat(), scope)
        amounts = _amounts(reading, subjects, period, rows)
        return _Standing(lines_of(amounts, subjects.names), None).places(version)

    return _memo.get(reading.session, version, make)


def _kept(
    reading: Reading, period: Period, scope: SubjectKind, today: str, version: tuple[object, ...]
) -> Places:
    subjects = _Subjects(reading, scope)
    # The last one is changed to this one where that is quicker. Several threads may do so: each makes a right one.
    kept: list[_Standing] = _last_memo.get(
        reading.session, (reading.ground.version, period.name, scope, today), list
    )
    last = kept[0] if kept else None
    amounts = _amounts(reading, subjects, period, month_sums(reading.session, period, scope))
    before = None
    if reading.now < period.end_at and today > period.first_on.isoformat():
        before = merits_of(
            _before_today(reading, scope, amounts, today), None if last is None else last.before
        )
    standing = _Standing(lines_of(amounts, subjects.names, None if last is None else last.now), before)
    kept[:] = [standing]
    return standing.places(version)


@dataclass(frozen=True, slots=True)
class _Standing:
    """A standing as it is, and by merit as it was before today; None where there is nothing to compare with."""

    now: Ordered[Line]
    before: Ordered[Merit] | None

    def places(self, version: tuple[object, ...]) -> Places:
        keys = [line[-1] for line in self.now.in_order]
        return Places(version, keys, self.place, not any(map(any, self.now.amounts.values())))

    def place(self, index: int) -> Place:
        points, share, name, subject_id, key = self.now.in_order[index]
        was = None if self.before is None else self.before.rank(self.before.of_each[key])
        has = self.now.amounts[key]
        return Place(key, subject_id, name, self.now.rank((points, share)), was, has[0], Tally(*has[1:]))


def _amounts(
    reading: Reading, subjects: "_Subjects", period: Period, rows: Sequence[SumRow]
) -> dict[int, Amounts]:
    """Of those who have anything, and of those whom the roster lists."""
    amounts = {key: (p, e, m, x) for key, p, e, m, x, entries in rows if entries or e or m or x}
    subjects.learn_all(amounts)
    for key in _listed(reading, period, subjects) - amounts.keys():
        amounts[key] = (0, 0, 0, 0)
    return amounts


def _listed(reading: Reading, period: Period, subjects: "_Subjects") -> Set[int]:
    """The keys of those whom the roster lists; looked up again only when the roster has changed."""
    roster, version = reading.ground.placement.roster, reading.ground.version
    return _listed_memo.get(
        reading.session,
        (version, period.name, subjects.scope),
        lambda: {subjects.key(one) for one in listed(roster, period, subjects.scope)},
    )


def _before_today(
    reading: Reading, scope: SubjectKind, amounts: Mapping[int, Amounts], today: str
) -> dict[int, Amounts]:
    """What each had before today's entries and outcomes."""
    earlier = dict(amounts)
    for key, points, exceeded, met, missed, _ in day_sums(reading.session, today, scope):
        if (now := amounts.get(key)) is not None:
            earlier[key] = (now[0] - points, now[1] - exceeded, now[2] - met, now[3] - missed)
    return earlier


def _sealed(reading: Reading, period: Period, scope: SubjectKind, version: tuple[object, ...]) -> Places:
    """A sealed standing, with the names of today."""
    document = reading.session.scalars(select(Seal.document).where(Seal.period == period.name)).one()
    rows = json.loads(document)["standings"][scope.value]
    subjects = _Subjects(reading, scope)
    subjects.learn_all(row["key"] for row in rows)
    made = [
        Place(
            row["key"], subjects.names[row["key"]][1], subjects.names[row["key"]][0], row["rank"], None,
            row["points"], Tally(row["exceeded"], row["met"], row["missed"]),
        )
        for row in rows
    ]  # fmt: skip
    is_empty = not any(place.points or any(place.tally) for place in made)
    return Places(version, [place.key for place in made], made.__getitem__, is_empty)


class _Subjects:
    """Keys, ids and names of reps or teams."""

    def __init__(self, reading: Reading, scope: SubjectKind) -> None:
        self.scope = scope
        self._reading = reading
        ground = reading.ground
        self._keys = ground.person_keys if scope is SubjectKind.REP else ground.team_keys
        roster = ground.placement.roster
        self._shown = roster.rep_names if scope is SubjectKind.REP else roster.team_names
        self.names: Mapping[int, tuple[str, str]] = _names_memo.get(
            reading.session, (ground.version, scope), self._of_roster
        )
        """Name and id by key."""

    def _of_roster(self) -> dict[int, tuple[str, str]]:
        ground = self._reading.ground
        ids = ground.rep_ids if self.scope is SubjectKind.REP else ground.team_ids
        return {key: (self._shown.get(subject_id, subject_id), subject_id) for key, subject_id in ids.items()}

    def key(self, subject_id: str) -> int:
        return self._keys[subject_id]

    def learn_all(self, keys: Iterable[int]) -> None:
        """Notes those that the roster does not have; an erased person has an id made of the key."""
        missing = sorted({key for key in keys if key not in self.names})
        if not missing:
            return
        model = Person if self.scope is SubjectKind.REP else Team
        column = Person.rep_id if self.scope is SubjectKind.REP else Team.team_id
        rows = self._reading.session.execute(select(model.id, column).where(model.id.in_(missing)))
        ids = {key: subject_id or f"person-{key}" for key, subject_id in rows}
        self.names = {**self.names, **{key: (self._shown.get(one, one), one) for key, one in ids.items()}}
