"""A standing's lines in their order, out of amounts by key; and once more where a few of thousands have changed."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeAlias, TypeVar

from leaderboard.domain.standings import Amounts, Merit, merits, rank_among

Line: TypeAlias = tuple[int, float | Fraction, str, str, int]
"""Merit, name, id, key: what sorts as the standing does."""
_T = TypeVar("_T", Line, Merit)
_FEW = 1_000
"""Of 5,000 lines it is quicker to take out so many and put them in again than to sort all; not of twice as many."""


@dataclass(frozen=True, slots=True)
class Ordered(Generic[_T]):
    """What each key has, what it is sorted by, and all of that in its order."""

    amounts: Mapping[int, Amounts]
    of_each: Mapping[int, _T]
    in_order: Sequence[_T]

    def rank(self, merit: Merit) -> int:
        """The rank of one of these merits."""
        return rank_among(self.in_order, merit)


def lines_of(
    amounts: Mapping[int, Amounts], names: Mapping[int, tuple[str, str]], last: Ordered[Line] | None = None
) -> Ordered[Line]:
    """The lines of these, by name and id of each key; `last` are those that there were, of the same names."""

    def make(keys: Iterable[int]) -> dict[int, Line]:
        return {key: (*merit, *names[key], key) for key, merit in _merits(keys, amounts).items()}

    return _ordered(amounts, make, last)


def merits_of(amounts: Mapping[int, Amounts], last: Ordered[Merit] | None = None) -> Ordered[Merit]:
    """The merits of these; `last` are those that there were."""
    return _ordered(amounts, lambda keys: _merits(keys, amounts), last)


def _merits(keys: Iterable[int], amounts: Mapping[int, Amounts]) -> dict[int, Merit]:
    chosen = list(keys)
    return dict(zip(chosen, merits([amounts[key] for key in chosen]), strict=True))


def _ordered(
    amounts: Mapping[int, Amounts], make: Callable[[Iterable[int]], dict[int, _T]], last: Ordered[_T] | None
) -> Ordered[_T]:
    changed = None if last is None else _changed(last.amounts, amounts)
    if last is not None and changed is not None:
        few = make(changed)
        if _are_floats(few.values()) and _are_floats(last.in_order[:1]):
            return _patched(last, amounts, few)
    made = make(amounts)
    return Ordered(amounts, made, sorted(made.values()))


def _are_floats(rows: Iterable[Line] | Iterable[Merit]) -> bool:
    """Shares as floats and as fractions are not to be compared with each other: see `merits`."""
    return all(isinstance(row[1], float) for row in rows)


def _changed(before: Mapping[int, Amounts], now: Mapping[int, Amounts]) -> Sequence[int] | None:
    """The keys that are new or have something else now; None where these are many, or one is gone."""
    changed = [key for key, has in now.items() if before.get(key) != has]
    known = sum(key in before for key in changed)
    is_any_gone = len(now) - len(changed) + known != len(before)
    return None if len(changed) > _FEW or is_any_gone else changed


def _patched(last: Ordered[_T], amounts: Mapping[int, Amounts], made: Mapping[int, _T]) -> Ordered[_T]:
    in_order = list(last.in_order)
    for key, row in made.items():
        if key in last.of_each:
            del in_order[bisect_left(in_order, last.of_each[key])]
        insort(in_order, row)
    return Ordered(amounts, {**last.of_each, **made}, in_order)
