"""Where a person stands on each ladder that applies to them, before anything happens and after."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import or_, select

from leaderboard.domain.consequences import FOOT, LadderState, is_suspended, lasting
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import Consequence, SubjectKind, Suspension
from leaderboard.domain.versions import Version
from leaderboard.persistence import models
from leaderboard.queries.ground import Reading
from leaderboard.queries.ladder_page import Case, LadderStand, Strike
from leaderboard.services.ladder_cases import Cases, grace_until
from leaderboard.services.ladder_words import Words

_Latest = dict[tuple[str, SubjectKind], tuple[Month, LadderState]]


def ladder_stands(reading: Reading, person_id: int, rep_id: str) -> tuple[LadderStand, ...]:
    """The rep's own ladders, and those of his team; no statement where the rules have none for them."""
    version = reading.ground.book.at(reading.now)
    if version is None:
        return ()
    team_id = reading.ground.placement.team_at(rep_id, reading.now)
    rules = list(_rules_for(reading, version, team_id))
    if not rules:
        return ()
    team_key = None if team_id is None else reading.ground.team_keys.get(team_id)
    latest = _latest(reading, person_id, team_key)
    cases = Cases(reading, person_id, team_key)
    made = cases.made(cases.taken, Words(reading.session, cases.since)) if cases.taken else ()
    return tuple(_stand(reading, version, rule, subject, rep_id, latest, made) for rule, subject in rules)


def _rules_for(
    reading: Reading, version: Version, team_id: str | None
) -> Iterator[tuple[Consequence, SubjectKind]]:
    team = reading.ground.placement.roster.teams.get(team_id or "")
    for rule in version.rulebook.consequences.values():
        level = version.service_levels[rule.service_level]
        if team is not None and level.party == team.department:
            yield rule, level.subject


def _latest(reading: Reading, person_id: int, team_key: int | None) -> _Latest:
    """The state that the last month which moved it left, of each ladder."""
    row = models.LadderState
    mine = or_(row.person_id == person_id, row.team_id == (team_key or -1))
    found: _Latest = {}
    for one in reading.session.scalars(select(row).where(mine).order_by(row.month)):
        strikes = tuple(Month.parse(month) for month in one.strikes.split(",") if month)
        key = (one.consequence, SubjectKind(one.subject))
        found[key] = (Month.parse(one.month), LadderState(strikes, one.clean))
    return found


def _stand(
    reading: Reading,
    version: Version,
    rule: Consequence,
    subject: SubjectKind,
    rep_id: str,
    latest: _Latest,
    cases: tuple[Case, ...],
) -> LadderStand:
    this = reading.ground.book.calendar.month_at(reading.now)
    known = latest.get((rule.id, subject))
    state = FOOT if known is None else _today(reading, rule.id, *known, this)
    return LadderStand(
        rule=rule,
        service_level=version.service_levels[rule.service_level].name,
        subject=subject,
        step=state.step,
        strikes=tuple(strike_of(rule, month) for month in state.strikes),
        clean=state.clean,
        cases=tuple(one for one in cases if one.rule.id == rule.id and one.who.subject is subject),
        grace_until=_grace(reading, rule, subject, rep_id, this),
        suspension=_suspension(version, rule.id, this),
    )


def _today(reading: Reading, consequence: str, month: Month, state: LadderState, this: Month) -> LadderState:
    """What of a state still counts: strikes may have expired since, and ladders been shorter, or gone."""
    while month < this:
        month = month.plus(1)
        version = reading.ground.book.in_month(month)
        rule = None if version is None else version.rulebook.consequences.get(consequence)
        state = FOOT if rule is None else lasting(rule, state, month)
    return state


def strike_of(rule: Consequence, month: Month) -> Strike:
    """A month that counts, and the last in which it does."""
    return Strike(month, None if rule.expires_after is None else month.plus(rule.expires_after - 1))


def _grace(
    reading: Reading, rule: Consequence, subject: SubjectKind, rep_id: str, this: Month
) -> dt.date | None:
    until = grace_until(reading, rule, subject, rep_id)
    return until if until is not None and this.first_on < until else None


def _suspension(version: Version, consequence: str, this: Month) -> Suspension | None:
    if not is_suspended(version, consequence, this):
        return None
    return next(
        one
        for one in version.rulebook.suspensions
        if one.from_on <= this.last_on
        and one.until_on >= this.first_on
        and (one.consequences is None or consequence in one.consequences)
    )
