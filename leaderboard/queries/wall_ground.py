"""What the slides of a screen stand on: whose people it shows, how many of them, and under which names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leaderboard.queries.ground import Reading
from leaderboard.queries.periods import KeptPeriods
from leaderboard.queries.places import Place, Places
from leaderboard.queries.public_names import public_names

FEWEST_MEMBERS = 2
"""Of a team with fewer, its share in time and its falls would be a person's: of it only rank and points are shown."""


@dataclass(frozen=True, slots=True)
class Wall:
    """A reading, for one screen. `teams` are the keys of those whose people it shows; none: of all."""

    reading: Reading
    kept: KeptPeriods
    top_places: int
    teams: frozenset[int] = frozenset()
    frozen_days: int = 0

    def shows(self, team_key: int | None) -> bool:
        """Whether people of this team are shown."""
        return not self.teams or team_key in self.teams

    def team_of(self, key: int, at: int) -> tuple[int | None, str | None]:
        """The team that a person is in at an instant: its key and its name."""
        ground = self.reading.ground
        rep_id = ground.rep_ids.get(key)
        team = None if rep_id is None else ground.placement.team_at(rep_id, at)
        if team is None:
            return None, None
        return ground.team_keys.get(team), ground.placement.roster.team_name(team)


def upper_places(standing: Places, most: int) -> tuple[Place, ...]:
    """The first places that everybody may see: at most so many, never more than half of all, and nobody without points.

    Of those who share a rank either all are among them or none: the cut tells nothing about anybody.
    """
    limit = min(most, len(standing) // 2)
    shown = standing.between(0, limit)
    if len(standing) > limit and shown and standing.at(limit).rank == shown[-1].rank:
        shown = tuple(place for place in shown if place.rank < shown[-1].rank)
    return tuple(place for place in shown if place.points > 0)


def named(wall: Wall, found: Sequence[Place]) -> tuple[tuple[Place, str], ...]:
    """Places with the names that people chose; who chose to be left out, or is in no roster, is not among them."""
    names = names_of(wall, [place.key for place in found])
    return tuple((place, names[place.key]) for place in found if place.key in names)


def names_of(wall: Wall, keys: Iterable[int]) -> dict[int, str]:
    """The chosen names of people by key; of the roster's people only, for others nobody could choose."""
    ground = wall.reading.ground
    roster = ground.placement.roster
    own = {key: roster.rep_name(ground.rep_ids[key]) for key in keys if key in ground.rep_ids}
    return public_names(wall.reading.session, own)
