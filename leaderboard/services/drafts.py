"""Rulebooks in the making: edited together, each saving kept, nobody's work overwritten unseen."""

import datetime as dt
import hashlib
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.files.problems import FileProblems
from leaderboard.files.rulebook.moving import first_day_of, moved_to, without_ended
from leaderboard.files.yaml_nodes import not_printable, read_yaml
from leaderboard.persistence.db import writing_session
from leaderboard.persistence.models import Draft, DraftChange, RulebookRevision, Trial
from leaderboard.persistence.revisions import not_taken_back
from leaderboard.services import audit_log
from leaderboard.services.draft_checks import DOCUMENT, check

LONGEST_NAME = 120
LONGEST_WHY = 1_000
MOST_CHARACTERS = 400_000


class DraftRefused(Exception):
    """What was asked of a draft cannot be done; `code` says why, in a word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Overtaken(Exception):
    """Somebody else saved meanwhile: nothing was stored. `revision` is theirs."""

    def __init__(self, revision: int) -> None:
        super().__init__(f"revision {revision} was saved meanwhile")
        self.revision = revision


class NoSuchDraft(Exception):
    """There is no such draft, or no such version to copy."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a draft was copied from; neither for one that was written or imported."""

    revision: int | None = None
    draft: int | None = None


def create(
    document: str, name: str, actor: str, now: Instant, why: str = "", origin: Origin | None = None
) -> int:
    """A draft of a document, good or not; its key. Raises DraftRefused for what is no text to be kept."""
    session = writing_session()
    origin = origin or Origin()
    text = _kept_text(document)
    row = Draft(
        name=_kept_name(name),
        revision=1,
        based_on_revision=origin.revision,
        based_on_draft=origin.draft,
        created_at=now,
        created_by=actor,
        updated_at=now,
        updated_by=actor,
        **_said(session, text),
    )
    session.add(row)
    session.flush()
    _keep_change(session, row.id, 1, text, why, actor, now)
    audit(session, row.id, "draft.created", actor, now, after={"name": row.name, "sha256": row.sha256})
    session.commit()
    return row.id


def import_file(content: bytes, name: str, actor: str, now: Instant, why: str = "") -> int:
    """A draft of an uploaded file. Raises FileProblems, and stores nothing, for what is no YAML at all."""
    text = as_text(content)
    return create(text, name, actor, now, why)


def as_text(content: bytes) -> str:
    """The YAML of an uploaded file. Raises FileProblems for what is none, DraftRefused for one too large."""
    if len(content) > MOST_CHARACTERS:
        raise DraftRefused("too_large")
    read_yaml(content, DOCUMENT)
    return content.decode("utf-8-sig")


@dataclass(frozen=True, slots=True)
class Copied:
    """A draft's key, and the names of what was left out because it ends before the draft's first day."""

    draft_id: int
    ended: tuple[str, ...]


def copy_of(
    origin: Origin, name: str, first_on: dt.date | None, actor: str, now: Instant, why: str = ""
) -> Copied:
    """A draft with the document of a version or of another draft, from that month on (None: from the same).

    Contests and tasks that end before it stay behind. Raises NoSuchDraft, DraftRefused.
    """
    document = _document_of(writing_session(), origin)
    ended: tuple[str, ...] = ()
    if first_on is not None:
        # Where it cannot even be read, its month is mended with the rest.
        with suppress(FileProblems):
            document, ended = without_ended(moved_to(document, first_on))
    return Copied(create(document, name, actor, now, why, origin), ended)


def save(draft_id: int, revision: int, document: str, why: str, actor: str, now: Instant) -> int:
    """Keeps another text of a draft, begun with the given revision; the new one's number.

    Raises Overtaken where somebody saved since, DraftRefused for a draft that cannot be edited any more.
    """
    session = writing_session()
    text = _kept_text(document)
    draft = existing(session, draft_id)
    _editable(session, draft)
    if draft.revision != revision:
        _let_go(session, Overtaken(draft.revision))
    if draft.document == text:
        session.rollback()
        return revision
    before = draft.sha256
    said = _said(session, text)
    mine = Draft.id == draft_id, Draft.revision == revision, Draft.scheduled_as.is_(None)
    changed = {**said, "revision": revision + 1, "updated_at": now, "updated_by": actor}
    done = session.execute(
        update(Draft)
        .where(*mine, Draft.withdrawn_at.is_(None))
        .values(**changed)
        .returning(Draft.id)
        .execution_options(synchronize_session=False)
    )
    if done.first() is None:  # somebody was quicker between the look and the write
        session.rollback()
        found = existing(session, draft_id)
        _editable(session, found)
        _let_go(session, Overtaken(found.revision))
    _keep_change(session, draft_id, revision + 1, text, why, actor, now)
    told = {"revision": revision + 1, "sha256": said["sha256"], "why": why.strip() or None}
    audit(session, draft_id, "draft.saved", actor, now, {"sha256": before}, told)
    session.commit()
    return revision + 1


def move(draft_id: int, revision: int, first_on: dt.date, why: str, actor: str, now: Instant) -> int:
    """Another month to start in. Raises as `save`, and DraftRefused where the document cannot be read at all."""
    document = existing(writing_session(), draft_id).document
    try:
        moved = moved_to(document, first_on)
    except FileProblems as problems:
        raise DraftRefused("unreadable") from problems
    return save(draft_id, revision, moved, why, actor, now)


def rename(draft_id: int, was: str, name: str, actor: str, now: Instant) -> None:
    """Another name, in place of the one that was seen. Raises DraftRefused."""
    session = writing_session()
    draft = existing(session, draft_id)
    kept = _kept_name(name)
    if draft.name != was:
        _let_go(session, DraftRefused("renamed_meanwhile"))
    draft.name = kept
    audit(session, draft_id, "draft.renamed", actor, now, {"name": was}, {"name": kept})
    session.commit()


def withdraw(draft_id: int, actor: str, now: Instant) -> None:
    """Off the list. Nothing is lost: it can be taken up again.

    Raises DraftRefused for one that is scheduled, or in trial.
    """
    session = writing_session()
    draft = existing(session, draft_id)
    _editable(session, draft)
    in_trial = (Trial.draft_id == draft_id, Trial.ended_at.is_(None), Trial.ends_at > now)
    if session.scalar(select(Trial.id).where(*in_trial)) is not None:
        _let_go(session, DraftRefused("in_trial"))
    draft.withdrawn_at = now
    audit(session, draft_id, "draft.withdrawn", actor, now, {"name": draft.name})
    session.commit()


def take_up(draft_id: int, actor: str, now: Instant) -> None:
    """On the list again."""
    session = writing_session()
    draft = existing(session, draft_id)
    if draft.withdrawn_at is None:
        session.rollback()
        return
    draft.withdrawn_at = None
    audit(session, draft_id, "draft.taken_up", actor, now, None, {"name": draft.name})
    session.commit()


def existing(session: Session, draft_id: int) -> Draft:
    """The draft; on PostgreSQL held until the transaction ends. Raises NoSuchDraft."""
    as_stored = select(Draft).where(Draft.id == draft_id).with_for_update()
    draft = session.scalar(as_stored.execution_options(populate_existing=True))
    if draft is None:
        session.rollback()
        raise NoSuchDraft
    return draft


def audit(
    session: Session,
    draft_id: int,
    action: str,
    actor: str,
    now: Instant,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """Notes who did what to a draft; the caller commits."""
    audit_log.note(session, now, actor, action, f"draft:{draft_id}", before=before, after=after)


def _editable(session: Session, draft: Draft) -> None:
    if draft.scheduled_as is not None:
        _let_go(session, DraftRefused("scheduled"))
    if draft.withdrawn_at is not None:
        _let_go(session, DraftRefused("withdrawn"))


def _let_go(session: Session, why: Exception) -> None:
    session.rollback()
    raise why


def _said(session: Session, text: str) -> dict[str, object]:
    """What follows from the document."""
    first_on = first_day_of(text)
    return {
        "document": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "effective_from": None if first_on is None else first_on.isoformat(),
        "problems": len(check(session, text).problems),
    }


def _keep_change(
    session: Session, draft_id: int, revision: int, text: str, why: str, actor: str, now: Instant
) -> None:
    change = {"draft_id": draft_id, "revision": revision, "at": now, "actor": actor}
    session.add(DraftChange(**change, why=why.strip()[:LONGEST_WHY] or None, document=text))


def _kept_text(document: str) -> str:
    """Line ends as everywhere else: browsers send them as in mail. Raises DraftRefused."""
    text = document.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MOST_CHARACTERS:
        raise DraftRefused("too_large")
    if not_printable(text) is not None:
        raise DraftRefused("control_character")
    return text


def _kept_name(name: str) -> str:
    kept = " ".join(name.split())
    if not kept:
        raise DraftRefused("no_name")
    if len(kept) > LONGEST_NAME or not kept.isprintable():
        raise DraftRefused("long_name")
    return kept


def _document_of(session: Session, origin: Origin) -> str:
    if origin.draft is not None:
        found = session.scalar(select(Draft.document).where(Draft.id == origin.draft))
    else:
        of_that = RulebookRevision.id == origin.revision
        found = session.scalar(select(RulebookRevision.document).where(of_that, not_taken_back()))
    if found is None:
        session.rollback()
        raise NoSuchDraft
    return found
