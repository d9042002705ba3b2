"""What a look at the fairness of rules found, as a JSON document (docs/fairness.md): what is kept for the page."""

from collections.abc import Iterator
from typing import Any

from leaderboard.domain.chances import Group
from leaderboard.domain.fairness import Chances, Fairness, Grouping, LevelChances
from leaderboard.domain.instants import format_instant
from leaderboard.domain.leaving_out import LeftOut
from leaderboard.domain.ratings import four_places
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.services.fairness import Examined

Document = dict[str, Any]


def document_of(examined: Examined) -> Document:
    """Everything that was found."""
    found, rulebook, roster = examined.fairness, examined.rulebook, examined.roster
    return {
        "from": str(found.months[0]),
        "until": str(found.months[-1]),
        "months": len(found.months),
        "as_of": format_instant(found.as_of),
        "leads": None if found.bands is None else found.bands._asdict(),
        "winning": {
            "period": found.paying.period.value,
            "places": found.paying.places,
            "named": found.paying.is_named,
            "chances": None if found.winning is None else _chances(found.winning, roster),
        },
        "service_levels": [_level(one, roster) for one in found.levels],
        "left_out": [
            _left_out(one, rulebook.service_levels[one.service_level].name) for one in found.left_out
        ],
        "moves": list(_moves(found)),
    }


def _chances(chances: Chances, roster: Roster) -> Document:
    return {
        "cases": chances.cases,
        "hits": chances.hits,
        "lost": chances.lost,
        "groups": {
            name.value: [_group(one, name, roster) for one in groups]
            for name, groups in chances.groups.items()
        },
    }


def _group(group: Group, grouping: Grouping, roster: Roster) -> Document:
    is_team = grouping is Grouping.TEAM and group.key
    return {
        "key": group.key,
        "name": roster.team_name(group.key) if is_team else None,
        "cases": group.cases,
        "hits": group.hits,
        "lost": group.lost,
        "subjects": group.subjects,
        "outcomes": group.outcomes,
        "expected": four_places(group.expected),
        "low": f"{group.interval.low:.4f}",
        "high": f"{group.interval.high:.4f}",
        "stand": None if group.stand is None else group.stand.value,
    }


def _level(one: LevelChances, roster: Roster) -> Document:
    level = one.level
    return {
        "id": level.id,
        "name": level.name,
        "subject": level.subject.value,
        "measure": type(level).__name__.lower(),
        "minimum": level.minimum,
        "by": "month" if one.by_month else "outcome",
        "unrated": one.unrated,
        "chances": _chances(one.chances, roster),
    }


def _left_out(one: LeftOut, name: str) -> Document:
    moved = [move for move in one.moves if move.rank != move.rank_without]
    return {
        "service_level": one.service_level,
        "name": name,
        "points": {"as_is": one.points, "without": one.points_without},
        "wins": {"as_is": one.wins, "lost": one.wins_lost},
        "pairs": one.pairs._asdict(),
        "tau": four_places(one.pairs.tau),
        "reps": len(one.moves),
        "moved": len(moved),
    }


def _moves(found: Fairness) -> Iterator[Document]:
    for one in found.left_out:
        for move in one.moves:
            yield {
                "service_level": one.service_level,
                "subject": SubjectKind.REP.value,
                "id": move.rep,
                "name": move.name,
                "as_is": {"rank": move.rank, "points": move.points},
                "without": {"rank": move.rank_without, "points": move.points_without},
            }
