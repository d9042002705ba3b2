"""The periods that there are: which can be chosen, how final each is, and the version of what is kept of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Text, cast, literal, null, select, union_all

from leaderboard.domain.instants import midnight
from leaderboard.domain.periods import Month, Period, PeriodKind
from leaderboard.persistence.models import Seal, Settlement
from leaderboard.queries.board_page import PeriodFacts, PeriodState
from leaderboard.queries.ground import Reading

_MOST_CHOICES = 24


@dataclass(frozen=True, slots=True)
class SealFacts:
    """When a period was sealed, and the seal's hash."""

    sealed_at: int
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptPeriods:
    """All months of which anything is kept, with the versions of their sums, and all seals."""

    months: Mapping[str, tuple[int, int]]
    seals: Mapping[str, SealFacts]

    def version(self, period: Period) -> tuple[object, ...]:
        """Changes with every change to the period's sums, and with its sealing."""
        months = tuple((str(month), self.months.get(str(month))) for month in period.months)
        return (period.name, months, self.seals.get(period.name))


# Made once: every page asks it.
_KEPT = union_all(
    select(
        literal("month").label("what"),
        Settlement.month,
        Settlement.dirty_version,
        Settlement.settled_version,
        cast(null(), Text),
    ),
    select(literal("seal"), Seal.period, Seal.sealed_at, Seal.position, Seal.sha256),
)


def kept_periods(reading: Reading) -> KeptPeriods:
    """One statement: a row a month, and a row a seal."""
    rows = reading.session.execute(_KEPT).all()
    return KeptPeriods(
        {name: (first, second) for what, name, first, second, _ in rows if what == "month"},
        {name: SealFacts(sealed_at, sha256) for what, name, sealed_at, _, sha256 in rows if what == "seal"},
    )


def period_facts(reading: Reading, kept: KeptPeriods, period: Period) -> PeriodFacts:
    """A period as it is shown."""
    seal = kept.seals.get(period.name)
    if seal is not None:
        return _facts(period, PeriodState.SEALED, seal=seal)
    if period.months[-1] < reading.ground.book.first_month:
        return _facts(period, PeriodState.BEFORE)
    if reading.now < period.end_at:
        return _facts(period, PeriodState.OPEN)
    return _facts(period, PeriodState.ENDED, seals_at=_seals_at(reading, period))


def choices(reading: Reading, kept: KeptPeriods, kind: PeriodKind, shown: Period) -> tuple[PeriodFacts, ...]:
    """The periods of a kind that have anything to show, the present one and the one shown; newest first."""
    calendar = reading.ground.book.calendar
    present = calendar.month_at(reading.now)
    months = {Month.parse(name) for name in kept.months} | {present}
    periods = _of_kind(reading, kind, (month for month in months if month <= present))
    periods[shown.name] = shown
    newest = sorted(periods.values(), key=lambda period: period.start_at, reverse=True)[:_MOST_CHOICES]
    return tuple(period_facts(reading, kept, period) for period in newest)


def _of_kind(reading: Reading, kind: PeriodKind, months: Iterable[Month]) -> dict[str, Period]:
    calendar = reading.ground.book.calendar
    make = calendar.month if kind is PeriodKind.MONTH else calendar.quarter_of
    return {period.name: period for period in map(make, months)}


def _seals_at(reading: Reading, period: Period) -> int | None:
    """None where the day has passed without it: history from before the first event waits for a command."""
    version = reading.ground.book.in_month(period.months[-1])
    if version is None:
        return None
    after = timedelta(days=1 + version.rulebook.organization.closing_after_days)
    at = midnight(period.last_on + after, reading.ground.book.calendar.zone)
    return at if at > reading.now else None


def _facts(
    period: Period, state: PeriodState, seal: SealFacts | None = None, seals_at: int | None = None
) -> PeriodFacts:
    return PeriodFacts(
        period.name,
        period.kind,
        period.first_on,
        period.last_on,
        state,
        seal.sealed_at if seal else None,
        seal.sha256 if seal else None,
        seals_at,
    )
