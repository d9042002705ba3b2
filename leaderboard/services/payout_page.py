"""The payouts that a login may decide on."""

import json
from decimal import Decimal

from sqlalchemy import select

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import Payout
from leaderboard.queries.actors import names_of
from leaderboard.queries.ground import Reading
from leaderboard.queries.payout_page import PayoutFacts
from leaderboard.services.directory import Directory
from leaderboard.services.ladder_cases import party, powers_of
from leaderboard.services.login_sessions import LoggedIn


def payouts_for(reading: Reading, who: LoggedIn, state: str | None = None) -> tuple[PayoutFacts, ...]:
    """The latest first; a fixed number of statements."""
    session, powers, directory = reading.session, powers_of(reading, who), Directory(reading.session)
    statement = select(Payout).order_by(Payout.id.desc())
    rows = session.scalars(statement if state is None else statement.where(Payout.state == state)).all()
    if not rows:
        return ()
    members: dict[int, list[int]] = {row.id: json.loads(row.members) for row in rows}
    directory.learn_keys(
        {key for keys in members.values() for key in keys} | {r.person_id for r in rows if r.person_id}
    )
    names = names_of(session, (row.decided_by for row in rows))
    roster = reading.ground.placement.roster
    found = []
    for row in rows:
        subject = SubjectKind(row.subject)
        is_rep = subject is SubjectKind.REP
        key = (row.person_id if is_rep else row.team_id) or 0
        subject_id = directory.rep_id(key) if is_rep else directory.team_id(key)
        if powers.on(subject, subject_id):
            found.append(
                PayoutFacts(
                    row.id, row.state, row.source, party(reading, subject, subject_id, key), subject_id,
                    tuple(sorted(roster.rep_name(directory.rep_id(one)) for one in members[row.id])),
                    row.period, row.name, row.rank, Decimal(row.amount), row.currency,
                    who.person_id in members[row.id], row.decided_at,
                    None if row.decided_by is None else names[row.decided_by], row.reason, row.paid_at, row.reference,
                )
            )  # fmt: skip
    return tuple(found)


def count_proposed(reading: Reading, who: LoggedIn) -> int:
    """How many wait for this login's word."""
    return sum(not one.is_own for one in payouts_for(reading, who, "proposed"))
