"""What is sealed when a period closes: canonical JSON, its SHA-256, chained to the seal before.

The document names people and teams by the keys of their rows, so that a person can be erased and the seal still holds.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.facts import Tally
from leaderboard.domain.instants import Instant, format_instant
from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Score, Standing, name_of
from leaderboard.persistence.models import Seal
from leaderboard.services.directory import Directory
from leaderboard.services.rules import Rules, rules_as_stored

FIRST = "0" * 64
"""What the first seal follows."""

_FORMAT = 1


def seal_document(
    period: Period,
    closing_at: Instant,
    standings: Mapping[SubjectKind, Sequence[Standing]],
    directory: Directory,
) -> str:
    """The canonical JSON of a period's standings."""
    directory.learn_people(row.score.id for row in standings.get(SubjectKind.REP, ()))
    document = {
        "format": _FORMAT,
        "period": period.name,
        "start": format_instant(period.start_at),
        "end": format_instant(period.end_at),
        "closing": format_instant(closing_at),
        "standings": {
            scope.value: [seal_row(row, scope, directory) for row in standing]
            for scope, standing in standings.items()
        },
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seal_row(row: Standing, scope: SubjectKind, directory: Directory) -> dict[str, Any]:
    """A row of a standing as the document has it."""
    score = row.score
    key = directory.person_id(score.id) if scope is SubjectKind.REP else directory.team_key(score.id)
    return {
        "rank": row.rank,
        "key": key,
        "points": score.points,
        "exceeded": score.tally.exceeded,
        "met": score.tally.met,
        "missed": score.tally.missed,
    }


def seal_hash(previous: str, document: str) -> str:
    """The SHA-256, in hexadecimal, of the previous seal's and the document."""
    return hashlib.sha256(f"{previous}\n{document}".encode()).hexdigest()


def seal_of(session: Session, period: str) -> Seal | None:
    """The seal of a period; None while it is open."""
    return session.get(Seal, period)


def last_seal(session: Session) -> Seal | None:
    """The end of the chain."""
    place = select(func.max(Seal.position)).scalar_subquery()
    return session.scalar(select(Seal).where(Seal.position == place))


def revision_ids(seal: Seal) -> tuple[int, ...]:
    """The revisions of the rulebook that a period was sealed by."""
    return tuple(json.loads(seal.rulebook_revision_ids))


def rules_of(session: Session, seal: Seal) -> Rules | None:
    """The rules and the roster that a period was sealed by."""
    return rules_as_stored(session, seal.roster_version_id, revision_ids(seal))


def sealed_rows(seal: Seal, scope: SubjectKind) -> list[dict[str, Any]]:
    """The rows of a sealed standing, as the document has them."""
    rows: list[dict[str, Any]] = json.loads(seal.document)["standings"][scope.value]
    return rows


def sealed_standing(session: Session, rules: Rules, seal: Seal, scope: SubjectKind) -> list[Standing]:
    """A sealed standing with the names of today."""
    directory = Directory(session)
    rows = sealed_rows(seal, scope)
    if scope is SubjectKind.REP:
        directory.learn_keys(row["key"] for row in rows)
    return [_standing(row, rules, scope, directory) for row in rows]


def _standing(row: Mapping[str, Any], rules: Rules, scope: SubjectKind, directory: Directory) -> Standing:
    is_rep = scope is SubjectKind.REP
    subject = directory.rep_id(row["key"]) if is_rep else directory.team_id(row["key"])
    tally = Tally(row["exceeded"], row["met"], row["missed"])
    return Standing(row["rank"], Score(subject, name_of(rules.roster, scope, subject), row["points"], tally))


def broken_links(seals: Iterable[Seal]) -> list[str]:
    """The periods whose seal no longer fits its document, or the seal before it; `seals` in the chain's order."""
    broken: list[str] = []
    previous = FIRST
    for place, seal in enumerate(seals, start=1):
        fits = seal.previous_sha256 == previous and seal.sha256 == seal_hash(previous, seal.document)
        if not fits or seal.position != place:
            broken.append(seal.period)
        previous = seal.sha256
    return broken
