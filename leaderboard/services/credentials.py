"""Taking an award along as a signed credential, withdrawing it, and revoking it. Each in the audit log."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.files.open_badges import LIST_LENGTH, Achievement, Holder, Slot, open_badge
from leaderboard.persistence.db import writer_lock, writing_session
from leaderboard.persistence.models import Award, Credential, Person
from leaderboard.queries.credentials import CredentialState, last_list, of_people
from leaderboard.services import audit_log, clock
from leaderboard.services.credential_keys import signing_key
from leaderboard.services.credential_signing import Desk, signed
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

_ADDRESS_BYTES = 24
_SALT_BYTES = 16
_FULL_ENOUGH = LIST_LENGTH // 2
"""A list takes no more credentials than this, so that a free place is found at the first tries."""


class Naming(StrEnum):
    """How a person wants to be named on a credential."""

    FULL = "full"
    SHORT = "short"
    """First name, and the first letter of the last."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the owner chose: how to be named, and whether sites that know their address may see that it is theirs."""

    naming: Naming
    with_email: bool


def shown_name(name: str, naming: Naming) -> str | None:
    """A name as its owner wants it shown; None for not at all."""
    parts = name.split()
    if naming is Naming.NONE or not parts:
        return None
    if naming is Naming.FULL:
        return name
    return parts[0] if len(parts) == 1 else f"{parts[0]} {parts[-1][0]}."


def take_along(who: LoggedIn, number: int, wish: Wish, what: Achievement, desk: Desk, *, token: str) -> None:
    """Signs an award of the login's own, or of its team, and opens its public page; `what` is the award in words.

    Raises NotTheirs, Refused, KeyProblem.
    """
    signing_key(desk.keys)  # made before anybody has to wait for this
    with sitting(who, token) as at:
        if at is not None:
            award = _own_award(at, number)
            _check_free(at, award)
            _add(at, award, wish, what, desk)


def withdraw(who: LoggedIn, number: int, *, token: str) -> None:
    """Closes the public page of a credential of the login's own. What personal there was of it is gone."""
    with sitting(who, token) as at:
        if at is not None:
            row = _held(at, number)
            if row.person_id != who.person_id:
                raise NotTheirs
            if row.withdrawn_at is not None:
                raise Refused(Refusal.SETTLED)
            _withdraw(at.session, [row], at.now, at.actor)


def revoke(who: LoggedIn, number: int, reason: str, *, token: str) -> None:
    """Ends a credential for good, with a reason that its owner reads; nobody their own.

    Its award cannot be taken along again unless that is allowed.
    """
    with sitting(who, token) as at:
        if at is not None:
            row = _held(at, number)
            at.subject(SubjectKind.REP, row.person_id)
            why = checked_reason(reason)
            if row.withdrawn_at is not None or row.revoked_at is not None:
                raise Refused(Refusal.SETTLED)
            row.revoked_at, row.revoked_by, row.revoked_because = at.now, at.actor, why
            _note(at.session, at.now, at.actor, "credential.revoked", row, reason=why)


def allow_anew(who: LoggedIn, number: int, reason: str, *, token: str) -> None:
    """Lets an award be taken along again whose credential was revoked wrongly; nobody their own.

    The revoked one stays revoked: a copy of it may be with anybody. What is taken along anew has another address.
    """
    with sitting(who, token) as at:
        if at is not None:
            row = _held(at, number)
            at.subject(SubjectKind.REP, row.person_id)
            why = checked_reason(reason)
            if row.revoked_at is None or row.allowed_at is not None:
                raise Refused(Refusal.SETTLED)
            row.allowed_at, row.allowed_by, row.allowed_because = at.now, at.actor, why
            _note(at.session, at.now, at.actor, "credential.allowed_anew", row, reason=why)


def withdraw_all(rep_id: str, *, actor: str) -> int:
    """Withdraws what a rep took along: for one who left, or asks to be forgotten. How many there were.

    Raises KeyError for one whom nobody knows.
    """
    session = writing_session()
    try:
        writer_lock(session)
        person = session.scalar(select(Person.id).where(Person.rep_id == rep_id))
        if person is None:
            raise KeyError(rep_id)
        held = select(Credential).where(Credential.person_id == person, Credential.withdrawn_at.is_(None))
        rows = list(session.scalars(held))
        _withdraw(session, rows, clock.now(), actor)
        session.commit()
        return len(rows)
    finally:
        session.rollback()


def _own_award(at: Sitting, number: int) -> Award:
    check_number(number)
    award = at.session.scalar(select(Award).where(Award.id == number, Award.withdrawn_at.is_(None)))
    person = at.who.person_id
    if award is None or person is None:
        raise NotTheirs
    if award.subject == SubjectKind.REP:
        is_theirs = award.person_id == person
    else:
        rep = at.rules.roster.reps.get(at.directory.rep_id(person))
        day = at.rules.book.calendar.date_at(award.awarded_at)
        is_theirs = rep is not None and rep.team_on(day) == at.directory.team_id(award.team_id or 0)
    if not is_theirs:
        raise NotTheirs
    return award


def _check_free(at: Sitting, award: Award) -> None:
    """Raises Refused for an award that is taken along, or was revoked for good: a new address would undo that."""
    mark = (award.badge, award.subject, award.awarded_at)
    known = [one for one in of_people(at.session, [at.who.person_id or 0]) if one.award == mark]
    if any(one.is_barred for one in known):
        raise Refused(Refusal.REVOKED)
    if any(one.state is CredentialState.VALID for one in known):
        raise Refused(Refusal.SETTLED)
    # One whose award fell and was given again under other rules makes room.
    fallen = [one.number for one in known if one.state is CredentialState.FALLEN]
    if fallen:
        gone = update(Credential).where(Credential.id.in_(fallen))
        at.session.execute(gone.values(withdrawn_at=at.now, token=None))


def _add(at: Sitting, award: Award, wish: Wish, what: Achievement, desk: Desk) -> None:
    person = at.session.get_one(Person, at.who.person_id)
    address, slot = secrets.token_urlsafe(_ADDRESS_BYTES), _free_slot(at.session)
    name = at.rules.roster.rep_name(at.directory.rep_id(person.id))
    whose = Holder(
        shown_name(name, wish.naming),
        at.who.email if wish.with_email else None,
        secrets.token_hex(_SALT_BYTES),
    )
    document = open_badge(address, desk.issuer, what, whose, award.awarded_at, slot)
    row = Credential(
        address=address,
        person_id=person.id,
        badge=award.badge,
        subject=award.subject,
        team_id=award.team_id,
        awarded_at=award.awarded_at,
        rulebook_on=award.rulebook_on,
        token=signed(desk, document),
        status_list=slot.list,
        status_index=slot.index,
        taken_at=at.now,
    )
    at.session.add(row)
    at.session.flush()
    _note(at.session, at.now, at.actor, "credential.taken_along", row, naming=wish.naming.value)


def _free_slot(session: Session) -> Slot:
    """A place by chance: the order of the places tells nobody who came after whom."""
    number = last_list(session) or 1
    taken = set(session.scalars(select(Credential.status_index).where(Credential.status_list == number)))
    if len(taken) >= _FULL_ENOUGH:
        number, taken = number + 1, set()
    while True:
        index = secrets.randbelow(LIST_LENGTH)
        if index not in taken:
            return Slot(number, index)


def _held(at: Sitting, number: int) -> Credential:
    check_number(number)
    row = at.session.scalar(select(Credential).where(Credential.id == number).with_for_update())
    if row is None:
        raise NotTheirs
    return row


def _withdraw(session: Session, rows: list[Credential], now: Instant, actor: str) -> None:
    for row in rows:
        row.withdrawn_at, row.token = now, None
        _note(session, now, actor, "credential.withdrawn", row)


def _note(session: Session, now: Instant, actor: str, action: str, row: Credential, **told: object) -> None:
    after: dict[str, object] = {"number": row.id, "badge": row.badge} | told
    audit_log.note(session, now, actor, action, f"person:{row.person_id}", after=after)
