"""The kept sums of a period or a day, one row a rep or a team: what standings are made of."""

from collections.abc import Sequence
from typing import Any, TypeAlias
from typing import cast as cast_to

from sqlalchemy import BigInteger, Select, bindparam, cast, func, select
from sqlalchemy.orm import Session

from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import DaySum, MonthSum

SumRow: TypeAlias = Sequence[Any]
"""Key, points, exceeded, met, missed, entries."""

_SUMS = ("points", "exceeded", "met", "missed", "entries")
_MONTHS_OF_A_QUARTER = ("first", "second", "third")


def month_sums(session: Session, period: Period, scope: SubjectKind) -> Sequence[SumRow]:
    """Of all who have any in the period's months; 0, which stands for nobody and no team, is left out."""
    months = [str(month) for month in period.months]
    if len(months) > 1:
        named = dict(zip(_MONTHS_OF_A_QUARTER, months, strict=True))
        return _rows_of(session, _OF_A_QUARTER[scope], named)
    rows = _rows_of(session, _OF_A_MONTH[scope], {"month": months[0]})
    return _together(rows) if scope is SubjectKind.REP else rows


def day_sums(session: Session, day: str, scope: SubjectKind) -> Sequence[SumRow]:
    """Of all who have any on a local day."""
    return _rows_of(session, _OF_A_DAY[scope], {"day": day})


def span_sums(session: Session, first: str, last: str, scope: SubjectKind) -> Sequence[SumRow]:
    """Of all who have any on the local days from the first to the last."""
    return _rows_of(session, _OF_A_SPAN[scope], {"first": first, "last": last})


def _rows_of(
    session: Session, statement: Select[*tuple[Any, ...]], named: dict[str, str]
) -> Sequence[SumRow]:
    """As the driver makes them: whole numbers need no more, and SQLAlchemy's rows would take as long again."""
    result = session.connection().execute(statement, named)
    rows: Sequence[SumRow] = cast_to(Any, result.cursor).fetchall()
    result.close()
    return rows


def _together(rows: Sequence[SumRow]) -> Sequence[SumRow]:
    """One row of each who has several: whoever changed teams within the month."""
    if len({row[0] for row in rows}) == len(rows):
        return rows
    added: dict[int, list[int]] = {}
    for key, *amounts in rows:
        into = added.setdefault(key, [0] * len(amounts))
        for place, amount in enumerate(amounts):
            into[place] += amount
    return [(key, *amounts) for key, amounts in added.items()]


def _rows(model: type[MonthSum] | type[DaySum]) -> Select[*tuple[Any, ...]]:
    """Row by row: nearly every rep has one, and it takes longer to group them than to read them."""
    return select(model.person_id, *(getattr(model, name) for name in _SUMS)).where(model.person_id != 0)


def _grouped(model: type[MonthSum] | type[DaySum], scope: SubjectKind) -> Select[*tuple[Any, ...]]:
    """As whole numbers: PostgreSQL sums them up as decimals."""
    key = model.person_id if scope is SubjectKind.REP else model.team_id
    sums = (cast(func.sum(getattr(model, name)), BigInteger) for name in _SUMS)
    return select(key, *sums).where(key != 0).group_by(key)


# Made once: to make one takes as long as to ask it.
_OF_A_MONTH = {
    SubjectKind.REP: _rows(MonthSum).where(MonthSum.month == bindparam("month")),
    SubjectKind.TEAM: _grouped(MonthSum, SubjectKind.TEAM).where(MonthSum.month == bindparam("month")),
}
_OF_A_QUARTER = {
    scope: _grouped(MonthSum, scope).where(
        MonthSum.month.in_([bindparam(name) for name in _MONTHS_OF_A_QUARTER])
    )
    for scope in SubjectKind
}
_OF_A_DAY = {scope: _grouped(DaySum, scope).where(DaySum.day == bindparam("day")) for scope in SubjectKind}
_OF_A_SPAN = {
    scope: _grouped(DaySum, scope).where(DaySum.day >= bindparam("first"), DaySum.day <= bindparam("last"))
    for scope in SubjectKind
}
