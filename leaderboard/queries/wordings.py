"""Which text of a rulebook version was in use when: a version may have been applied anew, or restated."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from leaderboard.domain.instants import Instant
from leaderboard.persistence.models import RulebookRevision
from leaderboard.persistence.revisions import not_taken_back
from leaderboard.queries.ground import Memo, Reading
from leaderboard.queries.rep_page import Wording

_memo = Memo(4)


def wording_at(reading: Reading, effective_from: str, recorded_at: Instant) -> Wording | None:
    """The text of the version of that first day by which something was recorded; None where it has only had one."""
    wordings = _wordings(reading).get(effective_from, ())
    if len(wordings) < 2:
        return None
    return wordings[max(1, bisect_right(wordings, recorded_at, key=_applied_at)) - 1]


def _applied_at(wording: Wording) -> Instant:
    return wording.applied_at


def _wordings(reading: Reading) -> Mapping[str, Sequence[Wording]]:
    """All of them by the version's first day. One statement, where rules or roster changed since the last."""
    return _memo.get(reading.session, reading.ground.version, lambda: _read(reading))


def _read(reading: Reading) -> Mapping[str, Sequence[Wording]]:
    row = RulebookRevision
    rows = reading.session.execute(
        select(row.effective_from, row.applied_at, row.restates, row.reason)
        .where(not_taken_back())
        .order_by(row.id)
    )
    found: dict[str, list[Wording]] = defaultdict(list)
    for effective_from, applied_at, restates, reason in rows:
        known = found[effective_from]
        known.append(Wording(len(known) + 1, applied_at, reason if restates else None))
    return found
