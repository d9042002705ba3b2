"""Both parties of the agreement put their names under one text; then it can be scheduled, and until its day undone.

A signature names the saving of the draft and the document's hash: an edit voids it, even one that is taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant, midnight
from leaderboard.domain.rulebook import Party, Rulebook
from leaderboard.persistence.db import writing_session
from leaderboard.persistence.models import Draft, RevisionTakenBack, RulebookRevision, Signature
from leaderboard.persistence.revisions import not_taken_back
from leaderboard.services import audit_log, clock
from leaderboard.services.draft_checks import check
from leaderboard.services.drafts import DraftRefused, audit, existing
from leaderboard.services.outbox import begin_change_of_all, touch_everything
from leaderboard.services.rulebook_apply import changes_booked, load_book, store_revision


@dataclass(frozen=True, slots=True)
class Signer:
    """A login, and the party whose name it may write; None for nobody's."""

    user_id: int
    party: Party | None

    @property
    def actor(self) -> str:
        """As the audit log names it."""
        return f"user:{self.user_id}"


class Hindrance(StrEnum):
    """Why a draft cannot be scheduled as it stands."""

    WITHDRAWN = "withdrawn"
    SCHEDULED = "scheduled"
    PROBLEMS = "problems"
    UNSIGNED_MARKETING = "unsigned_marketing"
    UNSIGNED_SALES = "unsigned_sales"
    BEGUN = "begun"
    """Its month has begun: only a restatement could put it in force."""
    MONTH_TAKEN = "month_taken"
    """Another version is scheduled for that day."""


class Hindered(Exception):
    """A draft cannot be scheduled, and why."""

    def __init__(self, hindrances: tuple[Hindrance, ...]) -> None:
        super().__init__(", ".join(hindrances))
        self.hindrances = hindrances


def sign(draft_id: int, sha256: str, signer: Signer, now: Instant) -> None:
    """Writes the party's name under the text that the signer saw. Twice changes nothing. Raises DraftRefused."""
    session = writing_session()
    draft = existing(session, draft_id)
    code = _unsignable(session, draft, sha256, signer)
    if code is not None:
        session.rollback()
        raise DraftRefused(code)
    assert signer.party is not None
    if _signed(session, draft).get(signer.party) == signer.user_id:
        session.rollback()
        return
    session.add(
        Signature(
            draft_id=draft_id,
            revision=draft.revision,
            sha256=sha256,
            party=signer.party.value,
            user_id=signer.user_id,
            at=now,
        )
    )
    told = {"party": signer.party.value, "revision": draft.revision, "sha256": sha256}
    audit(session, draft_id, "draft.signed", signer.actor, now, after=dict(told))
    try:
        session.commit()
    except IntegrityError as error:  # the same, at the same time
        session.rollback()
        raise DraftRefused("signed_already") from error


def _unsignable(session: Session, draft: Draft, sha256: str, signer: Signer) -> str | None:
    if signer.party is None:
        return "no_right"
    if draft.withdrawn_at is not None:
        return "withdrawn"
    if draft.scheduled_as is not None:
        return "scheduled"
    if draft.sha256 != sha256:
        return "changed_meanwhile"
    if not check(session, draft.document).is_good:
        return "problems"
    signed = _signed(session, draft)
    if signed.get(signer.party, signer.user_id) != signer.user_id:
        return "signed_already"
    other = [party for party, user_id in signed.items() if user_id == signer.user_id]
    return "signed_for_other" if other and other != [signer.party] else None


def _signed(session: Session, draft: Draft) -> Mapping[Party, int]:
    """Whose signatures hold: those under the draft as it was last saved."""
    rows = session.execute(
        select(Signature.party, Signature.user_id).where(
            Signature.draft_id == draft.id,
            Signature.revision == draft.revision,
            Signature.sha256 == draft.sha256,
        )
    )
    return {Party(party): user_id for party, user_id in rows}


def schedule(draft_id: int, sha256: str, actor: str) -> int:
    """Makes the draft a version of the rulebook, in force from its first day; the revision's number. Commits.

    The clock is read once nobody else can evaluate any more: the day must not begin while it waits for that.
    Raises Hindered, and DraftRefused where it is no longer the text that was seen.
    """
    session = writing_session()
    begin_change_of_all(session)
    now = clock.now()
    draft = existing(session, draft_id)
    if draft.sha256 != sha256:
        session.rollback()
        raise DraftRefused("changed_meanwhile")
    checked = check(session, draft.document)
    found = hindrances(session, draft, checked.rulebook if checked.is_good else None, now)
    if found:
        session.rollback()
        raise Hindered(found)
    assert checked.rulebook is not None
    if changes_booked(session, checked.rulebook, now):
        session.rollback()
        raise Hindered((Hindrance.BEGUN,))
    revision = store_revision(session, draft.document, checked.rulebook, now, actor)
    session.execute(
        update(Draft).where(Draft.id == draft_id, Draft.scheduled_as.is_(None)).values(scheduled_as=revision)
    )
    told = {"revision": revision, "effective_from": draft.effective_from, "sha256": sha256}
    audit(session, draft_id, "draft.scheduled", actor, now, after=dict(told))
    session.commit()
    return revision


def hindrances(
    session: Session, draft: Draft, rulebook: Rulebook | None, now: Instant
) -> tuple[Hindrance, ...]:
    """All that stands in the way of scheduling; `rulebook` is the draft's, None where it has problems.

    Of a draft that is scheduled nothing else is to be said: the version of its month is the draft itself.
    """
    if draft.scheduled_as is not None:
        return (Hindrance.SCHEDULED,)
    signed = _signed(session, draft)
    book = load_book(session)
    first_on = None if rulebook is None else rulebook.effective_from
    # The first rulebook of all may begin in the past: nothing was promised before, and nothing is booked.
    has_begun = (
        rulebook is not None
        and bool(book)
        and midnight(rulebook.effective_from, rulebook.organization.zone) <= now
    )
    stands = {
        Hindrance.WITHDRAWN: draft.withdrawn_at is not None,
        Hindrance.PROBLEMS: rulebook is None,
        Hindrance.UNSIGNED_MARKETING: Party.MARKETING not in signed,
        Hindrance.UNSIGNED_SALES: Party.SALES not in signed,
        Hindrance.BEGUN: has_begun,
        # A version in force cannot be taken back, and is what a draft of its month restates.
        Hindrance.MONTH_TAKEN: not has_begun and any(other.effective_from == first_on for other in book),
    }
    return tuple(hindrance for hindrance, is_there in stands.items() if is_there)


def take_back(revision: int, reason: str, actor: str) -> None:
    """Undoes the scheduling of a version, until its day: then the version before stays in force. Commits.

    Raises DraftRefused for a version that has come into force, or is none.
    """
    session = writing_session()
    begin_change_of_all(session)
    now = clock.now()
    row = session.scalar(select(RulebookRevision).where(RulebookRevision.id == revision, not_taken_back()))
    code = "no_version" if row is None else _still_to_come(session, row, now)
    if row is None or code is not None:
        session.rollback()
        raise DraftRefused(code or "no_version")
    session.add(RevisionTakenBack(revision_id=revision, at=now, actor=actor, reason=reason.strip() or None))
    told = {"revision": revision, "reason": reason.strip() or None}
    audit_log.note(
        session, now, actor, "rulebook.taken_back", f"rulebook:{row.effective_from}", before=dict(told)
    )
    draft = session.scalar(select(Draft).where(Draft.scheduled_as == revision))
    if draft is not None:
        draft.scheduled_as = None
        audit(session, draft.id, "draft.taken_back", actor, now, before=dict(told))
    session.flush()
    touch_everything(session)
    session.commit()


def _still_to_come(session: Session, row: RulebookRevision, now: Instant) -> str | None:
    """None where it can be undone; else why not."""
    of_that_day = [
        book for book in load_book(session) if book.effective_from.isoformat() == row.effective_from
    ]
    if not of_that_day:
        return "no_version"
    (version,) = of_that_day
    return "in_force" if midnight(version.effective_from, version.organization.zone) <= now else None
