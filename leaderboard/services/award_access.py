"""Whose awards a login may look at, and print."""

from dataclasses import dataclass

from sqlalchemy import select

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import User
from leaderboard.queries.award_shelf import HeldAward, Shelf, award_numbered, shelf_of_all, was_in_team
from leaderboard.queries.ground import Reading
from leaderboard.services import visibility
from leaderboard.services.ladder_cases import powers_of
from leaderboard.services.login_sessions import LoggedIn


@dataclass(frozen=True, slots=True)
class Lately:
    """A page of awards, and the people on whom the login that looks may decide."""

    shelf: Shelf
    people: frozenset[int]


def award_for(reading: Reading, who: LoggedIn, number: int) -> HeldAward | None:
    """The award, where the login may look at it: its own, its team's, and those of whom it sees the points."""
    found = award_numbered(reading, number) if 0 < number <= visibility.LARGEST_KEY else None
    return found if found is not None and _may_see(reading, who, found) else None


def is_own(reading: Reading, who: LoggedIn, award: HeldAward) -> bool:
    """Whether the login may take the award along: it is theirs, or their team's of that day."""
    if who.person_id is None:
        return False
    if award.subject is SubjectKind.REP:
        return award.key == who.person_id
    return was_in_team(reading, who.person_id, award.key, award.awarded_at)


def language_of(reading: Reading, award: HeldAward) -> str | None:
    """The language that the person concerned has chosen; None for a team's award, and where none was chosen."""
    if award.subject is SubjectKind.TEAM:
        return None
    return reading.session.scalar(
        select(User.locale).where(User.person_id == award.key).order_by(User.id).limit(1)
    )


def awards_lately(reading: Reading, who: LoggedIn, page: int) -> Lately:
    """The awards of those on whom the login may decide."""
    ground, powers = reading.ground, powers_of(reading, who)
    people = [key for key, rep_id in ground.rep_ids.items() if powers.on(SubjectKind.REP, rep_id)]
    teams = [key for key, team_id in ground.team_ids.items() if powers.on(SubjectKind.TEAM, team_id)]
    return Lately(shelf_of_all(reading, people, teams, page), frozenset(people))


def _may_see(reading: Reading, who: LoggedIn, award: HeldAward) -> bool:
    if award.subject is SubjectKind.REP:
        return visibility.may_see(who, award.key, reading)
    if is_own(reading, who, award) or (who.role == "manager" and who.person_id is None):
        return True
    return powers_of(reading, who).on(SubjectKind.TEAM, reading.ground.team_ids[award.key])
