"""Reps whom events or a roster name: one row a person, one row for each text that names them."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.bulk import insert_into
from leaderboard.persistence.models import Person, RepKey

_PART = 10_000
# Made once: every delivery asks this.
_KEYS = select(RepKey.text, RepKey.id).where(RepKey.text.in_(bindparam("texts", expanding=True)))


def find_keys(session: Session, texts: Iterable[str]) -> dict[str, int]:
    """The keys of the texts that are known."""
    ordered = sorted(set(texts))
    found: dict[str, int] = {}
    for start in range(0, len(ordered), _PART):
        part = ordered[start : start + _PART]
        rows = session.connection().execute(_KEYS, {"texts": part})
        found.update({text: key for text, key in rows if text is not None})
    return found


def make_keys(session: Session, texts: Iterable[str], at: Instant) -> dict[str, int]:
    """The keys of all texts; one that is unknown becomes a person of its own, with the text as the id."""
    wanted = set(texts)
    found = find_keys(session, wanted)
    unknown = sorted(wanted - found.keys())
    if not unknown:
        return found
    # Another transaction may make the same ones: whoever is second waits for it and then finds its rows.
    people = [{"rep_id": text, "in_roster": False, "created_at": at} for text in unknown]
    session.execute(insert_into(session, Person.__table__).on_conflict_do_nothing(), people)
    owners = _people(session, unknown)
    keys = [{"text": text, "person_id": owners[text]} for text in unknown]
    session.execute(insert_into(session, RepKey.__table__).on_conflict_do_nothing(), keys)
    return found | find_keys(session, unknown)


def _people(session: Session, rep_ids: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(rep_ids), _PART):
        part = rep_ids[start : start + _PART]
        rows = session.execute(select(Person.rep_id, Person.id).where(Person.rep_id.in_(part)))
        found.update({rep_id: key for rep_id, key in rows if rep_id is not None})
    return found
