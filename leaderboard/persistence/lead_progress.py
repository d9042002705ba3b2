"""How far leads were folded, for many of them at once."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from leaderboard.persistence.bulk import Row
from leaderboard.persistence.db import is_sqlite

_FOLDED = "attempts = 0, retry_at = NULL, last_error = NULL"
_SQLITE = f"""UPDATE leads SET folded_seq = ?2, due_at = ?3, first_at = ?4, {_FOLDED}
    WHERE lead_key = ?1 AND touched_seq = ?2 AND folded_seq = 0"""  # noqa: S608
_LOCK = (
    "SELECT count(*) FROM (SELECT FROM leads WHERE lead_key = ANY(%s) ORDER BY lead_key FOR UPDATE) locked"
)
_POSTGRESQL = f"""UPDATE leads SET folded_seq = n.touched_seq, due_at = n.due_at, first_at = n.first_at, {_FOLDED}
    FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[]) n(lead_key, touched_seq, due_at, first_at)
    WHERE leads.lead_key = n.lead_key AND leads.touched_seq = n.touched_seq AND leads.folded_seq = 0"""  # noqa: S608


def note_first_folds(session: Session, leads: Sequence[Row]) -> bool:
    """Notes that leads were folded for the first time: rows of key, `touched_seq` as it was read, `due_at`, `first_at`.

    False, and the transaction is to be rolled back, where one was folded, or touched again, since it was read.
    """
    connection = session.connection()
    options = {"preserve_rowcount": True}
    if not leads:
        return True
    if is_sqlite(session):
        done = connection.exec_driver_sql(_SQLITE, list(leads), execution_options=options)
    else:
        columns = tuple(list(column) for column in zip(*leads, strict=True))
        # In the order of their keys first, as an intake takes them: an UPDATE has an order of its own.
        connection.exec_driver_sql(_LOCK, (columns[0],))
        done = connection.exec_driver_sql(_POSTGRESQL, columns, execution_options=options)
    return done.rowcount == len(leads)
