"""What is still open when a period is about to close: nothing of it keeps the closing from happening."""

from dataclasses import dataclass

from sqlalchemy import Select, false, func, select

from leaderboard.domain.periods import Period
from leaderboard.persistence.models import IntakeProblem, Person, Proposal, RepKey, RunningClock
from leaderboard.persistence.models.proposals import WAITING
from leaderboard.queries.ground import Reading
from leaderboard.services.ladder_cases import Cases, powers_of
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.powers import decides
from leaderboard.services.problems import CONFLICT, REJECTED


@dataclass(frozen=True, slots=True)
class OpenThings:
    """How many of each. `measures` and `proposals` are for those who decide."""

    measures: int
    proposals: int
    unplaced: int
    conflicts: int
    rejected: int
    clocks: int

    @property
    def to_do(self) -> int:
        """What somebody can do something about."""
        return self.measures + self.proposals + self.unplaced + self.conflicts + self.rejected


_unplaced = (
    select(func.count())
    .select_from(Person)
    .where(
        Person.in_roster == false(),
        Person.rep_id.is_not(None),
        select(RepKey.id).where(RepKey.person_id == Person.id).exists(),
    )
)


def _problems(kind: str) -> Select[int]:
    return select(func.count()).where(IntakeProblem.kind == kind, IntakeProblem.resolved_at.is_(None))


# Made once: one statement.
_COUNTED = select(
    select(func.count()).where(Proposal.state == WAITING).scalar_subquery(),
    _unplaced.scalar_subquery(),
    _problems(CONFLICT).scalar_subquery(),
    _problems(REJECTED).scalar_subquery(),
    select(func.count()).select_from(RunningClock).scalar_subquery(),
)


def open_things(reading: Reading, who: LoggedIn, period: Period) -> OpenThings:
    """A fixed number of statements."""
    cases, powers = Cases(reading), powers_of(reading, who)
    names = {str(month) for month in period.months}
    waiting = sum(
        one.step.month in names and powers.on(one.step.subject, one.step.id) and cases.waits(one.step)
        for one in cases.taken
    )
    counted = reading.session.execute(_COUNTED).one()
    proposals, *others = counted
    return OpenThings(waiting, proposals if decides(who) else 0, *others)
