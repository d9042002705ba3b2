"""The nightly self-check: some leads, all kept sums and the chain of seals, computed again from what they rest on."""

import json
from collections.abc import Sequence

import structlog
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.db import current_session, read_only, writable
from leaderboard.persistence.models import AuditEntry, Lead, Seal
from leaderboard.services import clock, heartbeats
from leaderboard.services.directory import Directory
from leaderboard.services.lead_checks import compare_leads
from leaderboard.services.rules import current_rules
from leaderboard.services.seals import broken_links
from leaderboard.services.sum_checks import compare_sums

CLEAN = "self-check clean"
"""The heartbeat of the last self-check that found nothing: who watches its age is told of one that found something."""

_LEADS = 2_000
_MOST_TOLD = 100

log = structlog.get_logger(__name__)


def self_check(leads: int = _LEADS) -> list[str]:
    """The differences, none where all is equal. They are logged and noted in the audit; nothing is mended here."""
    now = clock.now()
    session = current_session()
    read_only(session)
    differences = _differences(session, now, leads)
    writable(session)
    if differences:
        _tell(session, now, differences)
    else:
        heartbeats.beat(CLEAN, now)
    return differences


def _differences(session: Session, now: Instant, leads: int) -> list[str]:
    """From one snapshot: what comes in meanwhile is not taken for a difference."""
    rules = current_rules(session)
    if rules is None:
        return []
    return [
        *compare_leads(session, rules, now, Directory(session), _sample(session, now, leads)),
        *compare_sums(session, rules.book.calendar),
        *(f"seal of {period}: its hash does not fit" for period in broken_links(_seals(session))),
    ]


def _sample(session: Session, now: Instant, leads: int) -> Sequence[str]:
    """Leads chosen by chance, of those that are evaluated as far as anybody can be by now."""
    is_settled = Lead.touched_seq == Lead.folded_seq
    not_due = or_(Lead.due_at.is_(None), Lead.due_at >= now)
    return session.scalars(
        select(Lead.lead_key).where(is_settled, not_due).order_by(func.random()).limit(leads)
    ).all()


def _seals(session: Session) -> Sequence[Seal]:
    return session.scalars(select(Seal).order_by(Seal.position)).all()


def _tell(session: Session, now: Instant, differences: Sequence[str]) -> None:
    for difference in differences[:_MOST_TOLD]:
        log.error("self-check found a difference", difference=difference)
    found = {"differences": len(differences), "first": list(differences[:_MOST_TOLD])}
    after = json.dumps(found, ensure_ascii=False)
    session.add(AuditEntry(at=now, actor="self-check", action="self_check.differences", after=after))
    session.commit()
