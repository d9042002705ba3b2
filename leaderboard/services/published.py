"""What programs may read: the documents of interfaces.md, without holding up anybody who writes."""

from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.db import current_session, read_only
from leaderboard.services import answers, clock, evaluation

_CATCH_UP_SECONDS = 2.0


def standings(period: str, scope: SubjectKind, as_of: Instant | None) -> answers.Document:
    """As `flask standings --json` prints it. Raises answers.NoRulebook, and ValueError where it is no period.

    About now, what is stored is brought up to date first; but nobody waits here for a great import to be counted.
    """
    if as_of is None:
        evaluation.bring_up_to_date(clock.now(), seconds=_CATCH_UP_SECONDS)
    session = current_session()
    if not session.in_transaction():
        read_only(session)
    return answers.standings(answers.ask(as_of, fresh=False), period, scope)
