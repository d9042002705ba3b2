"""Which revisions of the rulebook count: all but those that were taken back before their day."""

from sqlalchemy import ColumnElement, select

from leaderboard.persistence.models import RevisionTakenBack, RulebookRevision


def not_taken_back() -> ColumnElement[bool]:
    """For every statement that asks which revision of a version is the latest."""
    return RulebookRevision.id.not_in(select(RevisionTakenBack.revision_id))
