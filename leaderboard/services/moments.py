"""What is worth a celebration on the screens: noticed after each evaluation, each noted once, whoever notices it.

Nobody's fall is one: of a lead that changed hands only who has it now is kept.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leaderboard.domain.instants import DAY, HOUR, Instant
from leaderboard.domain.line_ups import STANDARD
from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.job_queue import ring
from leaderboard.persistence.bulk import insert_into
from leaderboard.persistence.db import writing_session
from leaderboard.persistence.models import Award, Moment, Screen, WallState
from leaderboard.queries.places import places
from leaderboard.queries.wall_ground import Wall
from leaderboard.queries.wall_standings import frozen_on
from leaderboard.queries.wall_targets import pace_facts
from leaderboard.services import clock
from leaderboard.services.page_session import let_go, page_session
from leaderboard.services.reading import open_reading
from leaderboard.services.screens import Look
from leaderboard.services.wall import wall_of
from leaderboard.services.wall_turns import take_turn

FRESH = 6 * HOUR
"""A badge that was earned longer ago comes out of history that was imported, and is no news."""

_STANDINGS = (("teams", SubjectKind.TEAM, PeriodKind.QUARTER), ("reps", SubjectKind.REP, PeriodKind.MONTH))
_Row = dict[str, Any]


def note_moments() -> None:
    """The job. Where no screen is let in there is nobody to celebrate with, and nothing is noted."""
    now = clock.now()
    reading = open_reading(now)
    if (
        reading is None
        or reading.session.scalar(select(Screen.id).where(Screen.revoked_at.is_(None)).limit(1)) is None
    ):
        let_go()
        return
    state = reading.session.execute(
        select(WallState.frozen_days, WallState.leaders, WallState.seen_award)
    ).one()
    wall = wall_of(reading, Look("", "en", STANDARD), state.frozen_days)
    before = json.loads(state.leaders)
    leaders = _leaders(wall)
    rows = [*_led(wall, before, leaders), *_reached(wall), *_awarded(reading.session, state.seen_award, now)]
    last = reading.session.scalar(select(Award.id).order_by(Award.id.desc()).limit(1)) or 0
    let_go()
    # What was reached before the first look is no news.
    is_first = not before and not state.seen_award
    _keep(rows, leaders, last, now - DAY if is_first else now)


def ring_where_screens_hang() -> None:
    """Asks for the job, unless nobody would see what it notes."""
    session = page_session()
    watched = session.scalar(select(Screen.id).where(Screen.revoked_at.is_(None)).limit(1)) is not None
    let_go()
    if watched:
        ring("note_moments")


def _keep(rows: Iterable[_Row], leaders: dict[str, Any], last: int, now: Instant) -> None:
    session = writing_session()
    take_turn(session)
    for row in rows:
        values = {"at": now, "person_id": None, "team_id": None, "award_id": None, "about": "{}"} | row
        session.execute(insert_into(session, Moment.__table__).values(values).on_conflict_do_nothing())
    session.execute(update(WallState).values(leaders=json.dumps(leaders, sort_keys=True), seen_award=last))
    session.commit()


def _leaders(wall: Wall) -> dict[str, Any]:
    """Who leads alone, by standing; nobody where several share the first place, or it stands still."""
    calendar = wall.reading.ground.book.calendar
    if frozen_on(wall, calendar.date_at(wall.reading.now)) is not None:
        return {}
    found: dict[str, Any] = {}
    for name, scope, kind in _STANDINGS:
        period = calendar.at(kind, wall.reading.now)
        two = places(wall.reading, wall.kept, period, scope).between(0, 2)
        first = [one for one in two if one.rank == 1 and one.points > 0]
        if len(first) == 1:
            found[name] = {"period": period.name, "key": first[0].key, "points": first[0].points}
    return found


def _led(wall: Wall, before: dict[str, Any], leaders: dict[str, Any]) -> list[_Row]:
    """A lead that went from one to another within a period; who is first at its beginning has overtaken nobody."""
    rows = []
    for name, leader in leaders.items():
        last = before.get(name)
        if last is None or last["period"] != leader["period"] or last["key"] == leader["key"]:
            continue
        who = {"person_id": leader["key"]} if name == "reps" else {"team_id": leader["key"]}
        key = f"lead/{name}/{leader['period']}/{leader['key']}/{wall.reading.now // HOUR}"
        rows.append(
            {"moment_key": key, "kind": "lead", "about": json.dumps({"period": leader["period"]}), **who}
        )
    return rows


def _reached(wall: Wall) -> list[_Row]:
    """Volumes that have come to their target: of shares one could not say that they stay there."""
    month = str(wall.reading.ground.book.calendar.month_at(wall.reading.now))
    return [
        {
            "moment_key": f"target/{month}/{pace.level}/{pace.team_key}",
            "kind": "target",
            "team_id": pace.team_key,
            "about": json.dumps({"level": pace.level, "month": month}, ensure_ascii=False),
        }
        for pace in pace_facts(wall).paces
        if not pace.is_share and pace.is_reached
    ]


def _awarded(session: Session, seen: int, now: Instant) -> list[_Row]:
    statement = select(Award.id, Award.person_id, Award.team_id).where(
        Award.id > seen, Award.withdrawn_at.is_(None), Award.awarded_at > now - FRESH, Award.awarded_at <= now
    )
    return [
        {
            "moment_key": f"award/{row.id}",
            "kind": "badge",
            "award_id": row.id,
            "person_id": row.person_id,
            "team_id": row.team_id,
        }
        for row in session.execute(statement)
    ]
