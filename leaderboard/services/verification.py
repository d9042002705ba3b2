"""Proof: what is stored is compared with what follows from the events, by nothing but the rules.

Every line that comes out is one difference, in words, with the row it is about.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant, format_instant
from leaderboard.domain.periods import Month
from leaderboard.persistence.db import current_session, db, reading_engine
from leaderboard.persistence.models import LedgerEntry, Seal
from leaderboard.services.adjustments import booked_points, wanted_points
from leaderboard.services.answers import Question
from leaderboard.services.awards import standing_awards
from leaderboard.services.closed_periods import closed_months
from leaderboard.services.directory import Directory
from leaderboard.services.entry_checks import compare_awards, compare_entries
from leaderboard.services.lead_checks import compare_leads
from leaderboard.services.ledger import standing_where
from leaderboard.services.replaying import Progress, untold, world_as_of
from leaderboard.services.rules import Rules
from leaderboard.services.sealed_checks import compare_sealed
from leaderboard.services.seals import broken_links, seal_of
from leaderboard.services.sum_checks import compare_sums


def verify_ledger(question: Question) -> list[str]:
    """Recomputes every entry and every kept sum; the differences, none where all is equal.

    What is sealed is recomputed by what was known then, seal by seal; what is open, from that on.
    """
    session, rules, now = question.session, question.rules, question.now
    directory = Directory(session)
    differences = [
        *_broken_seals(session),
        *(line for seal in _seals(session) for line in compare_sealed(session, seal, directory)),
        *_compare_open(session, rules, now, directory),
        *compare_leads(session, rules, now, directory),
        *compare_sums(session, rules.book.calendar),
        *_compare_adjustments(session, rules),
    ]
    session.rollback()
    return differences


def _compare_open(session: Session, rules: Rules, now: Instant, directory: Directory) -> Iterable[str]:
    """All entries and awards against the replay, which takes what is sealed as it stands."""
    world = world_as_of(session, rules, now)
    of_open = LedgerEntry.corrects.is_(None)
    yield from compare_entries(standing_where(session, of_open), world.entries, directory)
    yield from compare_awards(standing_awards(session), world.awards.keys(), directory)


def _seals(session: Session) -> list[Seal]:
    return list(session.scalars(select(Seal).order_by(Seal.position)))


def _compare_adjustments(session: Session, rules: Rules) -> Iterable[str]:
    """What closed months come to by now, against what was sealed and adjusted."""
    for name in sorted(closed_months(session)):
        month = Month.parse(name)
        wanted, booked = wanted_points(session, rules, month), booked_points(session, month)
        for key in sorted(wanted.keys() | booked.keys()):
            right, stored = wanted.get(key, 0), booked.get(key, 0)
            if right != stored:
                yield f"adjustments of {name} for {key}: booked to {stored}, should be {right}"


def verify_period(name: str, progress: Progress = untold) -> list[str]:
    """Recomputes a sealed period from the events known at its sealing. Raises ValueError where it is not closed."""
    with Session(reading_engine(db.engine)) as session:
        seal = seal_of(session, name)
        if seal is None:
            raise ValueError(f"{name} is not closed")
        return [*_broken_seals(session), *compare_sealed(session, seal, Directory(session), progress)]


def _broken_seals(session: Session) -> list[str]:
    return [f"seal of {period}: its hash does not fit" for period in broken_links(_seals(session))]


def list_seals() -> list[dict[str, Any]]:
    """The chain of seals, for a person to read."""
    session = current_session()
    rows = [
        {
            "period": seal.period,
            "closing_at": format_instant(seal.closing_at),
            "sealed_at": format_instant(seal.sealed_at),
            "sealed_by": seal.sealed_by,
            "sha256": seal.sha256,
        }
        for seal in _seals(session)
    ]
    session.rollback()
    return rows
