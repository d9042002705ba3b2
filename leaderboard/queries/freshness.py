"""How far behind the pages are: what was received and is not yet counted."""

from sqlalchemy import BigInteger, Select, and_, bindparam, func, or_, select

from leaderboard.persistence.models import Event, Lead
from leaderboard.queries.board_page import Freshness
from leaderboard.queries.ground import Reading

_LOOKED_AT = 100
"""Of a long queue only so many leads are asked since when they wait."""


def _how_far_behind() -> Select[int, int | None, int, int | None]:
    """How many leads wait for what was received, since when; how many for what is due, since when."""
    now = bindparam("now", type_=BigInteger)
    ready = or_(Lead.retry_at.is_(None), Lead.retry_at <= now)
    pending = and_(Lead.touched_seq > Lead.folded_seq, ready)
    overdue = and_(Lead.due_at.is_not(None), Lead.due_at < now, Lead.touched_seq == Lead.folded_seq)
    some = select(Lead.lead_key).where(pending).limit(_LOOKED_AT).subquery()
    latest = (
        select(func.max(Event.received_at).label("at"))
        .join(some, some.c.lead_key == Event.lead_key)
        .group_by(Event.lead_key)
        .subquery()
    )
    return select(
        select(func.count()).select_from(Lead).where(pending).scalar_subquery(),
        select(func.min(latest.c.at)).scalar_subquery(),
        select(func.count()).select_from(Lead).where(overdue).scalar_subquery(),
        select(func.min(Lead.due_at)).where(overdue).scalar_subquery(),
    )


# Made once: every page asks it.
_HOW_FAR_BEHIND = _how_far_behind()


def freshness(reading: Reading) -> Freshness:
    """One statement over two partial indexes."""
    row = reading.session.execute(_HOW_FAR_BEHIND, {"now": reading.now}).one()
    oldest = min((at for at in (row[1], row[3]) if at is not None), default=None)
    return Freshness(reading.now, row[0] + row[2], oldest)
