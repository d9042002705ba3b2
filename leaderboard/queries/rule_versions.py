"""Versions of the rulebook and the drafts of further ones, as pages list and show them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import Party
from leaderboard.persistence.models import (
    Draft,
    DraftChange,
    Person,
    RulebookRevision,
    Signature,
    User,
)
from leaderboard.persistence.revisions import not_taken_back
from leaderboard.queries.actors import name_of_login, names_of


@dataclass(frozen=True, slots=True)
class Signed:
    """A party's name under a text: whose hand, when, and whether it still holds."""

    party: Party
    name: str
    at: Instant
    sha256: str
    holds: bool
    user_id: int


@dataclass(frozen=True, slots=True)
class Applied:
    """One text of a version: a version may have been applied anew, or restated."""

    revision: int
    applied_at: Instant
    applied_by: str
    reason: str | None
    restates: bool


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version that counts, by its latest text, with those before it, oldest first."""

    effective_from: dt.date
    document: str
    latest: Applied
    earlier: tuple[Applied, ...]
    draft_id: int | None
    draft_name: str | None
    signatures: tuple[Signed, ...]


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A draft as it was last saved. `effective_from` is None where its document does not say it."""

    id: int
    name: str
    document: str
    sha256: str
    effective_from: dt.date | None
    problems: int
    revision: int
    based_on_version: dt.date | None
    based_on_draft: int | None
    created_at: Instant
    created_by: str
    updated_at: Instant
    updated_by: str
    scheduled_as: int | None
    is_withdrawn: bool
    signatures: tuple[Signed, ...]

    @property
    def signed_by(self) -> frozenset[Party]:
        """The parties whose signatures hold."""
        return frozenset(one.party for one in self.signatures if one.holds)


@dataclass(frozen=True, slots=True)
class Saved:
    """One saving of a draft."""

    revision: int
    at: Instant
    name: str
    why: str | None


def versions(session: Session) -> tuple[VersionFacts, ...]:
    """All versions, the earliest first."""
    row = RulebookRevision
    rows = session.scalars(select(row).where(not_taken_back()).order_by(row.effective_from, row.id)).all()
    made_of = {
        revision: (draft_id, name)
        for draft_id, name, revision in session.execute(
            select(Draft.id, Draft.name, Draft.scheduled_as).where(Draft.scheduled_as.is_not(None))
        )
    }
    signatures = _signatures(session, [draft_id for draft_id, _ in made_of.values()])
    names = names_of(session, (one.applied_by for one in rows))
    by_day: dict[str, list[RulebookRevision]] = defaultdict(list)
    for one in rows:
        by_day[one.effective_from].append(one)
    found = []
    for day, texts in by_day.items():
        *earlier, latest = [_applied(one, names) for one in texts]
        draft_id, name = made_of.get(latest.revision, (None, None))
        found.append(
            VersionFacts(
                dt.date.fromisoformat(day),
                texts[-1].document,
                latest,
                tuple(earlier),
                draft_id,
                name,
                tuple(one for one in signatures.get(draft_id or 0, ()) if one.holds),
            )
        )
    return tuple(found)


def _applied(row: RulebookRevision, names: Mapping[str, str]) -> Applied:
    return Applied(row.id, row.applied_at, names[row.applied_by], row.reason, row.restates)


def drafts(session: Session) -> tuple[DraftFacts, ...]:
    """All drafts that no version was made of, the one touched last first."""
    return _drafts(
        session, select(Draft).where(Draft.scheduled_as.is_(None)).order_by(Draft.updated_at.desc(), Draft.id)
    )


def draft(session: Session, draft_id: int) -> DraftFacts | None:
    """One draft, whatever became of it; None where there is none."""
    found = _drafts(session, select(Draft).where(Draft.id == draft_id))
    return found[0] if found else None


def _drafts(session: Session, statement: Select[Draft]) -> tuple[DraftFacts, ...]:
    rows = session.scalars(statement.execution_options(populate_existing=True)).all()
    signatures = _signatures(session, [row.id for row in rows])
    names = names_of(session, (actor for row in rows for actor in (row.created_by, row.updated_by)))
    origins = _origins(session, rows)
    return tuple(_facts(row, signatures.get(row.id, ()), names, origins) for row in rows)


def _origins(session: Session, rows: Iterable[Draft]) -> Mapping[int, dt.date]:
    wanted = {row.based_on_revision for row in rows if row.based_on_revision is not None}
    if not wanted:
        return {}
    row = RulebookRevision
    found = session.execute(select(row.id, row.effective_from).where(row.id.in_(wanted)))
    return {revision: dt.date.fromisoformat(day) for revision, day in found}


def _facts(
    row: Draft, signatures: tuple[Signed, ...], names: Mapping[str, str], origins: Mapping[int, dt.date]
) -> DraftFacts:
    first_on = None if row.effective_from is None else dt.date.fromisoformat(row.effective_from)
    return DraftFacts(
        id=row.id,
        name=row.name,
        document=row.document,
        sha256=row.sha256,
        effective_from=first_on,
        problems=row.problems,
        revision=row.revision,
        based_on_version=None if row.based_on_revision is None else origins[row.based_on_revision],
        based_on_draft=row.based_on_draft,
        created_at=row.created_at,
        created_by=names[row.created_by],
        updated_at=row.updated_at,
        updated_by=names[row.updated_by],
        scheduled_as=row.scheduled_as,
        is_withdrawn=row.withdrawn_at is not None,
        signatures=signatures,
    )


def history(session: Session, draft_id: int) -> tuple[Saved, ...]:
    """Every saving of a draft, the latest first."""
    change = DraftChange
    rows = session.execute(
        select(change.revision, change.at, change.actor, change.why)
        .where(change.draft_id == draft_id)
        .order_by(change.revision.desc())
    ).all()
    names = names_of(session, (row.actor for row in rows))
    return tuple(Saved(row.revision, row.at, names[row.actor], row.why) for row in rows)


def saved_text(session: Session, draft_id: int, revision: int) -> str | None:
    """What a draft said at one of its savings; None where there was none such."""
    mine = DraftChange.draft_id == draft_id, DraftChange.revision == revision
    return session.scalar(select(DraftChange.document).where(*mine))


def _signatures(session: Session, draft_ids: list[int]) -> Mapping[int, tuple[Signed, ...]]:
    if not draft_ids:
        return {}
    rows = session.execute(
        select(Signature, Draft.revision, name_of_login())
        .join(Draft, Draft.id == Signature.draft_id)
        .join(User, User.id == Signature.user_id)
        .outerjoin(Person, Person.id == User.person_id)
        .where(Signature.draft_id.in_(draft_ids))
        .order_by(Signature.id)
    )
    found: dict[int, list[Signed]] = defaultdict(list)
    for row, revision, name in rows:
        party = Party(row.party)
        signed = Signed(party, name, row.at, row.sha256, holds=row.revision == revision, user_id=row.user_id)
        found[row.draft_id].append(signed)
    return {draft_id: tuple(listed) for draft_id, listed in found.items()}
