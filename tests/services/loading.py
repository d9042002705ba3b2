"""A worked case put into the store: rulebooks, roster, events, and what people decided."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.files.events.csv_events import CsvEvents
from leaderboard.files.events.offered import Accepted
from leaderboard.services.decisions import decide
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.rules import current_rules
from tests.case_checks import Case


def load(
    case: Case,
    session: Session,
    now: Instant,
    one_by_one: bool = False,
    folded: Callable[[Instant], object] = lambda _: None,
) -> None:
    """Everything at once, and `folded` then; or every event by itself and evaluated."""
    for path in case.rulebooks:
        apply_rulebook(path.read_bytes(), path.name, now, "test")
    import_roster(case.roster.read_bytes(), case.roster.name, now, "test")
    with CsvEvents(case.events) as offered:
        events = [row.event for row in offered if isinstance(row, Accepted)]
    for batch in ([event] for event in events) if one_by_one else [events]:
        accept(session, batch, now)
        session.commit()
        if one_by_one:
            bring_up_to_date(now)
    folded(now)
    take_decisions(case, session, now)


def take_decisions(case: Case, session: Session, now: Instant) -> None:
    """As they were made, each at its instant; on what was evaluated by then."""
    if not case.decisions:
        return
    bring_up_to_date(now)
    rules = current_rules(session)
    assert rules is not None
    for made in case.decisions:
        assert decide(session, rules, made, "test") == made.id
    session.commit()
