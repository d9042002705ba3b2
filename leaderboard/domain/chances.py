"""How often something came about in a group, and how sure that is (docs/fairness.md, Groups)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from leaderboard.domain.periods import Period

LEAST_CASES = 5
LEAST_SUBJECTS = 2
"""A group of one is a person, and is told apart from nobody."""

_Z = Decimal("1.96")
_Z_SQUARED = _Z * _Z
_FOUR_PLACES = Decimal("0.0001")
_ZERO, _ONE, _TWO, _FOUR = Decimal(0), Decimal(1), Decimal(2), Decimal(4)
_PRECISE = Context(prec=40)


class Case(NamedTuple):
    """Something that could come about: a month of a rep or a team (or a quarter, or one outcome alone).

    `outcomes` it rests on; `is_lost`: by the middle of its period it could come about no more.
    """

    subject: str
    period: Period
    is_hit: bool
    outcomes: int = 1
    is_lost: bool = False


class Interval(NamedTuple):
    """Between which two shares the true one lies, as far as so few cases tell; rounded outwards to four places."""

    low: Decimal
    high: Decimal


class Stand(StrEnum):
    """How a group stands against all others. ALIKE: the difference may well be chance."""

    MORE = "more"
    LESS = "less"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class Group:
    """The cases of one group. `expected` is how often it would come about in it if it were alike in all.

    `stand` is None where there is too little to say anything: such a group is ranked nowhere.
    """

    key: str
    cases: int
    hits: int
    lost: int
    subjects: int
    outcomes: int
    expected: Fraction
    interval: Interval
    stand: Stand | None

    @property
    def share(self) -> Fraction:
        """Hits of cases."""
        return Fraction(self.hits, self.cases)


def wilson(hits: int, cases: int) -> Interval:
    """Wilson's score interval of 95 % (z = 1.96) for so many hits of so many cases; everything where there are none."""
    if not cases:
        return Interval(_ZERO, _ONE)
    math, k, n = _PRECISE, Decimal(hits), Decimal(cases)
    spread = math.add(math.divide(math.multiply(k, n - k), n), math.divide(_Z_SQUARED, _FOUR))
    half = math.multiply(_Z, math.sqrt(spread))
    middle, whole = math.add(k, math.divide(_Z_SQUARED, _TWO)), math.add(n, _Z_SQUARED)
    low, high = math.divide(middle - half, whole), math.divide(middle + half, whole)
    return Interval(
        max(_ZERO, low).quantize(_FOUR_PLACES, ROUND_FLOOR),
        min(_ONE, high).quantize(_FOUR_PLACES, ROUND_CEILING),
    )


def split(
    cases: Collection[Case],
    group_of: Callable[[Case], str],
    minimum: int = 1,
    least_subjects: int = LEAST_SUBJECTS,
) -> tuple[Group, ...]:
    """The groups: first those of which something can be said, the best share first; then the others, by their key.

    Said is nothing of a group with fewer cases than LEAST_CASES, fewer outcomes than `minimum`, or too few subjects.
    """
    by_key: dict[str, list[Case]] = {}
    for case in cases:
        by_key.setdefault(group_of(case), []).append(case)
    least = _Least(minimum, least_subjects)
    groups = [
        _group(key, found, [case for other in by_key if other != key for case in by_key[other]], least)
        for key, found in by_key.items()
    ]
    return tuple(sorted(groups, key=_order))


class _Least(NamedTuple):
    outcomes: int
    subjects: int


def _group(key: str, cases: Sequence[Case], others: Sequence[Case], least: _Least) -> Group:
    hits, outcomes = _hits(cases), sum(case.outcomes for case in cases)
    interval = wilson(hits, len(cases))
    is_enough = _are_many(cases, least.subjects) and outcomes >= least.outcomes
    return Group(
        key=key,
        cases=len(cases),
        hits=hits,
        lost=sum(case.is_lost for case in cases),
        subjects=_subjects(cases),
        outcomes=outcomes,
        expected=Fraction((hits + _hits(others)) * len(cases), len(cases) + len(others)),
        interval=interval,
        stand=_stand(interval, others, least) if is_enough else None,
    )


def _stand(interval: Interval, others: Sequence[Case], least: _Least) -> Stand:
    """Told apart only where the two intervals do not touch, and from no fewer than would be told apart themselves."""
    theirs = wilson(_hits(others), len(others))
    if not _are_many(others, least.subjects) or (theirs.low <= interval.high and interval.low <= theirs.high):
        return Stand.ALIKE
    return Stand.MORE if interval.low > theirs.high else Stand.LESS


def _are_many(cases: Sequence[Case], least_subjects: int) -> bool:
    return len(cases) >= LEAST_CASES and _subjects(cases) >= least_subjects


def _hits(cases: Sequence[Case]) -> int:
    return sum(case.is_hit for case in cases)


def _subjects(cases: Sequence[Case]) -> int:
    return len({case.subject for case in cases})


def _order(group: Group) -> tuple[bool, Fraction, str]:
    is_said = group.stand is not None
    return not is_said, -group.share if is_said else Fraction(0), group.key


class Bands(NamedTuple):
    """Where the thirds of some counts end: `few` is up to the first, `middle` up to the second, `many` above it."""

    few_until: int
    middle_until: int

    @classmethod
    def of(cls, counts: Iterable[int]) -> "Bands | None":
        """The thirds of all counts above 0; None where there are none. Equal counts stay together."""
        known = sorted(count for count in counts if count)
        if not known:
            return None
        return cls(known[(len(known) + 2) // 3 - 1], known[(2 * len(known) + 2) // 3 - 1])

    def band(self, count: int) -> str:
        """The name of a count's third; who had none is in no third."""
        if not count:
            return "none"
        if count <= self.few_until:
            return "few"
        return "middle" if count <= self.middle_until else "many"
