"""Stored outcomes in streak order, with no more of them than badges look at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from leaderboard.domain.badges import Turn
from leaderboard.domain.instants import Instant
from leaderboard.domain.outcomes import EventRef
from leaderboard.domain.rulebook import Rating

_RATINGS = {rating.value: rating for rating in Rating}
_Row: TypeAlias = tuple[Instant, bool, str, Instant, str, Turn]
"""Instant, whether there is a lead, the lead, when it opened, the outcome's key: what the order goes by."""


def turns_of(rows: Iterable[Sequence[Any]]) -> Mapping[int, Sequence[Turn]]:
    """Each person's turns in streak order (`leaderboard.domain.outcomes.streak_order`).

    `rows` are of person, service level, rating, instant, lead's key, when it opened, and the outcome's key.
    """
    found: dict[int, list[_Row]] = defaultdict(list)
    for person_id, level, rating, at, lead_key, opened_at, key in rows:
        has_lead = lead_key[0] != " "
        turn = Turn(level, _RATINGS[rating], at)
        found[person_id].append((at, has_lead, lead_key if has_lead else "", opened_at, key, turn))
    return {person_id: [row[-1] for row in _in_order(mine)] for person_id, mine in found.items()}


def _in_order(rows: list[_Row]) -> list[_Row]:
    """The key says which event opened it, and that is parsed only where the order hangs by it."""
    rows.sort()
    if any(a[0] == b[0] and a[:4] == b[:4] for a, b in pairwise(rows)):
        rows.sort(key=_exact)
    return rows


def _exact(row: _Row) -> tuple[Any, ...]:
    opening = EventRef.parse(row[4][len(row[5].service_level) + 1 :])
    return (*row[:4], opening.id, opening.source)
