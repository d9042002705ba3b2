"""A manager's word on payouts, and the note that one was paid. Each once, never for oneself, in the audit log."""

import json

from sqlalchemy import select

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import Payout
from leaderboard.services import audit_log
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.sittings import (
    NotTheirs,
    Refusal,
    Refused,
    Sitting,
    check_number,
    checked_reason,
    sitting,
)

LONGEST_REFERENCE = 200
_ACTIONS = {"approved": "payout.approved", "refused": "payout.refused", "paid": "payout.paid"}


def approve(who: LoggedIn, number: int, *, token: str) -> None:
    """Lets a payout be paid. Raises NotTheirs, Refused; also where the login would be paid by it."""
    with sitting(who, token) as at:
        if at is not None:
            row = _held(at, number, "proposed")
            _change(at, row, state="approved", decided_at=at.now, decided_by=at.actor)


def refuse(who: LoggedIn, number: int, reason: str, *, token: str) -> None:
    """Ends a payout that was not paid, with a reason."""
    with sitting(who, token) as at:
        if at is not None:
            row = _held(at, number, "proposed", "approved")
            why = checked_reason(reason)
            _change(at, row, state="refused", decided_at=at.now, decided_by=at.actor, reason=why)


def mark_paid(who: LoggedIn, number: int, reference: str, *, token: str) -> None:
    """Notes that an approved payout was paid, and how."""
    with sitting(who, token) as at:
        if at is not None:
            row = _held(at, number, "approved")
            text = " ".join(reference.split())
            if not 0 < len(text) <= LONGEST_REFERENCE:
                raise Refused(Refusal.REFERENCE)
            _change(at, row, state="paid", paid_at=at.now, paid_by=at.actor, reference=text)


def _held(at: Sitting, number: int, *states: str) -> Payout:
    """The payout, where it is in one of these states and none of theirs."""
    check_number(number)
    row = at.session.scalar(select(Payout).where(Payout.id == number).with_for_update())
    if row is None:
        raise NotTheirs
    key = row.person_id if row.subject == SubjectKind.REP else row.team_id
    at.subject(SubjectKind(row.subject), key or 0)
    if at.who.person_id in json.loads(row.members):
        raise Refused(Refusal.SAME_PERSON)
    if row.state not in states:
        raise Refused(Refusal.SETTLED)
    return row


def _change(at: Sitting, row: Payout, **values: object) -> None:
    before: dict[str, object] = {"state": row.state}
    for name, value in values.items():
        setattr(row, name, value)
    told = {"state", "reason", "reference"} & values.keys()
    after: dict[str, object] = {
        "number": row.id,
        "amount": row.amount,
        "currency": row.currency,
        "source": row.source,
    }
    after |= {name: values[name] for name in told}
    subject = f"team:{row.team_id}" if row.person_id is None else f"person:{row.person_id}"
    audit_log.note(at.session, at.now, at.actor, _ACTIONS[row.state], subject, before=before, after=after)
