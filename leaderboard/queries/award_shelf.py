"""Badges that people and teams hold, award by award: what certificates and credentials are made of."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from leaderboard.domain.instants import Instant, midnight, midnight_after
from leaderboard.domain.rulebook import Badge, Rulebook, SubjectKind
from leaderboard.persistence.bulk import among
from leaderboard.persistence.models import Award
from leaderboard.queries.ground import Reading

AWARDS_A_PAGE = 40


@dataclass(frozen=True, slots=True)
class HeldAward:
    """An award that stands, with the names of today and the rules by which it was given."""

    number: int
    badge: str
    subject: SubjectKind
    key: int
    """Of the person, or of the team."""
    name: str
    awarded_at: Instant
    rulebook_on: str
    rule: Badge | None
    """None where that version, or the badge in it, is gone."""
    rulebook: Rulebook | None
    is_in_force: bool
    """Whether the rule is the same in the version in force."""

    @property
    def mark(self) -> tuple[str, str, Instant]:
        """What names the award among those of one person."""
        return (self.badge, self.subject.value, self.awarded_at)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of awards, the latest first."""

    awards: tuple[HeldAward, ...]
    page: int
    has_more: bool


def shelf_of(reading: Reading, person_key: int, page: int) -> Shelf:
    """What a person holds, and what their teams won while they were in them. One statement."""
    own = and_(Award.subject == SubjectKind.REP.value, Award.person_id == person_key)
    return _shelf(reading, or_(own, _with_teams(reading, person_key)), page)


def shelf_of_all(
    reading: Reading, person_keys: Collection[int], team_keys: Collection[int], page: int
) -> Shelf:
    """What these people and teams hold. One statement."""
    people = _in(reading.session, Award.person_id, person_keys)
    teams = _in(reading.session, Award.team_id, team_keys)
    return _shelf(reading, or_(people, teams), page)


def award_numbered(reading: Reading, number: int) -> HeldAward | None:
    """The standing award of a row; None for none."""
    row = reading.session.scalar(select(Award).where(Award.id == number, Award.withdrawn_at.is_(None)))
    return None if row is None else _held(reading, row)


def rule_of(reading: Reading, badge: str, rulebook_on: str) -> tuple[Badge | None, Rulebook | None, bool]:
    """A badge as the version in force then has it, that version, and whether the rule is still the same."""
    book = reading.ground.book
    try:
        rulebook = book.on(dt.date.fromisoformat(rulebook_on)).rulebook
    except KeyError:
        return None, None, False
    rule, current = rulebook.badges.get(badge), book.at(reading.now)
    now = None if current is None else current.rulebook.badges.get(badge)
    return rule, rulebook, rule is not None and now is not None and now.rule == rule.rule


def was_in_team(reading: Reading, person_key: int, team_key: int, at: Instant) -> bool:
    """Whether the roster has the person in the team at that instant."""
    rep_id, team_id = reading.ground.rep_ids.get(person_key), reading.ground.team_ids.get(team_key)
    if rep_id is None or team_id is None:
        return False
    rep = reading.ground.placement.roster.reps[rep_id]
    return rep.team_on(reading.ground.book.calendar.date_at(at)) == team_id


def _with_teams(reading: Reading, person_key: int) -> ColumnElement[bool]:
    ground, rep_id = reading.ground, reading.ground.rep_ids.get(person_key)
    rep = None if rep_id is None else ground.placement.roster.reps.get(rep_id)
    if rep is None:
        return false()
    zone = ground.placement.zone
    conditions: list[ColumnElement[bool]] = [false()]
    for span in rep.teams:
        within = [
            Award.team_id == ground.team_keys[span.team],
            Award.awarded_at >= midnight(span.from_on, zone),
        ]
        if span.until_on is not None and span.until_on < dt.date.max:
            within.append(Award.awarded_at < midnight_after(span.until_on, zone))
        conditions.append(and_(*within))
    return and_(Award.subject == SubjectKind.TEAM.value, or_(*conditions))


def _in(
    session: Session, column: InstrumentedAttribute[int | None], keys: Collection[int]
) -> ColumnElement[bool]:
    return among(session, column, sorted(keys)) if keys else false()


def _shelf(reading: Reading, whose: ColumnElement[bool], page: int) -> Shelf:
    statement = (
        select(Award)
        .where(Award.withdrawn_at.is_(None), whose)
        .order_by(Award.awarded_at.desc(), Award.id.desc())
        .offset((page - 1) * AWARDS_A_PAGE)
        .limit(AWARDS_A_PAGE + 1)
    )
    rows: Sequence[Award] = reading.session.scalars(statement).all()
    held = tuple(_held(reading, row) for row in rows[:AWARDS_A_PAGE])
    return Shelf(held, page, len(rows) > AWARDS_A_PAGE)


def _held(reading: Reading, row: Award) -> HeldAward:
    subject, roster = SubjectKind(row.subject), reading.ground.placement.roster
    key = (row.person_id if subject is SubjectKind.REP else row.team_id) or 0
    if subject is SubjectKind.REP:
        rep_id = reading.ground.rep_ids.get(key)
        name = f"person-{key}" if rep_id is None else roster.rep_name(rep_id)
    else:
        name = roster.team_name(reading.ground.team_ids[key])
    rule, rulebook, is_in_force = rule_of(reading, row.badge, row.rulebook_on)
    return HeldAward(
        row.id, row.badge, subject, key, name, row.awarded_at, row.rulebook_on, rule, rulebook, is_in_force
    )
