"""Credentials as they stand: whether an award behind one still stands is asked of the awards, each time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import Award, Credential

_ADDRESS = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)


class CredentialState(StrEnum):
    """How a credential stands. What happened by somebody's hand is told before what followed by itself."""

    VALID = "valid"
    FALLEN = "fallen"
    """The award behind it was taken back, by facts that came later."""
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class CredentialFacts:
    """A credential and how it stands; `token` is gone once its owner withdrew it."""

    number: int
    address: str
    state: CredentialState
    person_key: int
    badge: str
    subject: SubjectKind
    team_key: int | None
    awarded_at: Instant
    rulebook_on: str
    taken_at: Instant
    ended_at: Instant | None
    because: str | None
    token: str | None
    is_barred: bool
    """Whether it was revoked, and its award may not be taken along anew."""
    allowed_because: str | None

    @property
    def award(self) -> tuple[str, str, Instant]:
        """What names its award among those of a person."""
        return (self.badge, self.subject.value, self.awarded_at)


def _stands() -> ColumnElement[bool]:
    """Whether the award that a credential speaks of stands, as it was when it was taken along."""
    whose = or_(
        and_(Credential.subject == SubjectKind.REP.value, Award.person_id == Credential.person_id),
        and_(Credential.subject == SubjectKind.TEAM.value, Award.team_id == Credential.team_id),
    )
    return exists().where(
        Award.badge == Credential.badge,
        Award.subject == Credential.subject,
        Award.awarded_at == Credential.awarded_at,
        Award.rulebook_on == Credential.rulebook_on,
        Award.withdrawn_at.is_(None),
        whose,
    )


def _state() -> ColumnElement[str]:
    return case(
        (Credential.withdrawn_at.is_not(None), CredentialState.WITHDRAWN.value),
        (Credential.revoked_at.is_not(None), CredentialState.REVOKED.value),
        (_stands(), CredentialState.VALID.value),
        else_=CredentialState.FALLEN.value,
    )


def by_address(session: Session, address: str) -> CredentialFacts | None:
    """The credential of a public address, which may be any text; None for none such."""
    if not _ADDRESS.fullmatch(address):
        return None
    row = session.execute(_facts().where(Credential.address == address)).first()
    return None if row is None else _made(row)


def of_people(session: Session, person_keys: Iterable[int]) -> tuple[CredentialFacts, ...]:
    """All that these people took along, the latest first."""
    wanted = sorted(set(person_keys))
    rows = session.execute(
        _facts().where(Credential.person_id.in_(wanted)).order_by(Credential.id.desc())
    ).all()
    return tuple(_made(row) for row in rows)


def of_subjects(
    session: Session, person_keys: Iterable[int], team_keys: Iterable[int]
) -> tuple[CredentialFacts, ...]:
    """What was taken along of these people's own awards, and by anybody of these teams' awards; the latest first."""
    whose = or_(
        and_(Credential.subject == SubjectKind.REP.value, Credential.person_id.in_(sorted(set(person_keys)))),
        Credential.team_id.in_(sorted(set(team_keys))),
    )
    rows = session.execute(_facts().where(whose).order_by(Credential.id.desc())).all()
    return tuple(_made(row) for row in rows)


def ended_in(session: Session, status_list: int) -> list[int]:
    """The places in a list of the revoked whose credentials are no longer valid."""
    statement = select(Credential.status_index).where(
        Credential.status_list == status_list, _state() != CredentialState.VALID.value
    )
    return list(session.scalars(statement.order_by(Credential.status_index)))


def last_list(session: Session) -> int:
    """The number of the last list of the revoked; 0 as long as nobody took anything along."""
    return session.scalar(select(func.max(Credential.status_list))) or 0


def _facts() -> Select[Credential, str]:
    return select(Credential, _state().label("state"))


def _made(row: Row[Credential, str]) -> CredentialFacts:
    found, state = row
    return CredentialFacts(
        number=found.id,
        address=found.address,
        state=CredentialState(state),
        person_key=found.person_id,
        badge=found.badge,
        subject=SubjectKind(found.subject),
        team_key=found.team_id,
        awarded_at=found.awarded_at,
        rulebook_on=found.rulebook_on,
        taken_at=found.taken_at,
        ended_at=found.withdrawn_at or found.revoked_at,
        because=found.revoked_because,
        token=found.token,
        is_barred=found.revoked_at is not None and found.allowed_at is None,
        allowed_because=found.allowed_because,
    )
