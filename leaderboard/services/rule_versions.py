"""Opens what the pages about rulebooks read from, and what is wrong with a draft as it stands."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant, midnight
from leaderboard.domain.rulebook import Rulebook
from leaderboard.persistence.db import current_session, read_only
from leaderboard.persistence.models import Draft, RulebookRevision
from leaderboard.persistence.revisions import not_taken_back
from leaderboard.services.draft_checks import Checked, check
from leaderboard.services.rulebook_apply import load_book
from leaderboard.services.rules import book_of
from leaderboard.services.signing import Hindrance, hindrances


@dataclass(frozen=True, slots=True)
class Examined:
    """A draft beside what is in use: its problems, what it would replace, and what keeps it from being scheduled."""

    checked: Checked
    before: Rulebook | None
    """The version that would be in force in its stead, or the one that it restates; None for the first of all."""
    hindrances: tuple[Hindrance, ...]


def reading_session() -> Session:
    """The session of the request, for reading."""
    session = current_session()
    if not session.in_transaction():
        read_only(session)
    return session


def examine(draft_id: int, now: Instant) -> Examined:
    """How a draft stands. The caller knows that there is one."""
    session = reading_session()
    row = session.scalars(select(Draft).where(Draft.id == draft_id)).one()
    checked = check(session, row.document)
    rulebook = checked.rulebook if checked.is_good else None
    before = _replaced(session, row, checked.rulebook, now)
    return Examined(checked, before, hindrances(session, row, rulebook, now))


def check_text(document: str) -> Checked:
    """What is wrong with a text, without keeping it."""
    return check(reading_session(), document)


def in_force(session: Session, now: Instant) -> Rulebook | None:
    """The version in force, or the first to come where none is yet."""
    book = load_book(session)
    begun = [one for one in book if midnight(one.effective_from, one.organization.zone) <= now]
    return begun[-1] if begun else (book[0] if book else None)


def _replaced(session: Session, row: Draft, draft: Rulebook | None, now: Instant) -> Rulebook | None:
    """The last version before the draft's month, or the one of that month which it restates.

    Where the month is not known, the one in force.
    """
    if draft is None:
        return in_force(session, now)
    if midnight(draft.effective_from, draft.organization.zone) <= now:
        restated = _restated(session, row, draft)
        if restated is not None:
            return restated
    earlier = [one for one in load_book(session) if one.effective_from < draft.effective_from]
    return earlier[-1] if earlier else in_force(session, now)


def _restated(session: Session, row: Draft, draft: Rulebook) -> Rulebook | None:
    """What the version of the draft's first day said before the draft; None where there was none."""
    revision = RulebookRevision
    wanted = [revision.effective_from == draft.effective_from.isoformat(), not_taken_back()]
    if row.scheduled_as is not None:
        wanted += [revision.id < row.scheduled_as]
    number = session.scalar(select(func.max(revision.id)).where(*wanted))
    return None if number is None else book_of(session, (number,)).versions[0].rulebook
