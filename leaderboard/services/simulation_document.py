"""A simulation as a JSON document (docs/simulation.md): what the command prints, and what is kept for the page."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from leaderboard.domain.consequences import StepTaken
from leaderboard.domain.instants import format_instant
from leaderboard.domain.measures import plain
from leaderboard.domain.prizes import Prize
from leaderboard.domain.ratings import MonthRating, four_places
from leaderboard.domain.recognition import Win
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.simulation import LevelChange, Pair, RowChange, Simulation, Subject
from leaderboard.domain.standings import Standing
from leaderboard.services.simulation import Simulated

Document = dict[str, Any]


def document_of(simulated: Simulated) -> Document:
    """Everything that came out."""
    found = simulated.simulation
    return {
        "period": found.period.name,
        "as_of": format_instant(found.as_of),
        "state": "sealed" if simulated.is_sealed else "open",
        "ended": found.has_ended,
        "currency": simulated.draft.organization.currency,
        "rulebook": {
            "effective_from": simulated.given_on.isoformat(),
            "tried_from": simulated.draft.effective_from.isoformat(),
            "replaces": [day.isoformat() for day in simulated.replaces],
        },
        "standings": {scope.value: [_row(row) for row in found.standings[scope]] for scope in SubjectKind},
        "points": [{"kind": kind.value, **_pair(sums)} for kind, sums in found.points.items()],
        "service_levels": [_level(level) for level in found.service_levels],
        "ratings": list(_ratings(found)),
        "badges": list(_badges(found)),
        "winners": list(_winners(found)),
        "bonus": _bonus(found),
        "prizes": list(_prizes(found)),
        "steps": list(_steps(found)),
    }


def _pair(pair: Pair[Any]) -> Document:
    return {"as_is": pair.as_is, "would_be": pair.would_be}


def _money(pair: Pair[Decimal]) -> Document:
    return {"as_is": plain(pair.as_is), "would_be": plain(pair.would_be)}


def _who(subject: Subject) -> Document:
    return {"subject": subject.kind.value, "id": subject.id, "name": subject.name}


def _row(row: RowChange) -> Document:
    return {
        "id": row.subject.id,
        "name": row.subject.name,
        "moves": row.moves,
        "as_is": _standing(row.as_is),
        "would_be": _standing(row.would_be),
    }


def _standing(row: Standing | None) -> Document | None:
    if row is None:
        return None
    share = row.score.compliance
    return {
        "rank": row.rank,
        "points": row.score.points,
        **row.score.tally._asdict(),
        "compliance": None if share is None else float(four_places(share)),
    }


def _level(level: LevelChange) -> Document:
    sides = zip(("as_is", "would_be"), level.outcomes, level.ratings, strict=True)
    counted = {
        side: {"outcomes": tally._asdict(), "ratings": rated._asdict()} for side, tally, rated in sides
    }
    return {"id": level.id, "name": level.name, **counted}


def _ratings(found: Simulation) -> Iterable[Document]:
    for change in found.ratings:
        yield {
            "month": str(change.month),
            "service_level": change.service_level,
            **_who(change.subject),
            "as_is": _rating(change.as_is),
            "would_be": _rating(change.would_be),
        }


def _rating(rating: MonthRating | None) -> Document | None:
    if rating is None:
        return None
    return {
        "rating": "not_rated" if rating.rating is None else rating.rating.value,
        "value": rating.value,
        "outcomes": rating.outcomes,
        "points": rating.points,
    }


def _badges(found: Simulation) -> Iterable[Document]:
    for change in found.badges:
        yield {
            "badge": change.badge,
            "badge_name": change.name,
            **_who(change.subject),
            **_pair(change.times),
        }


def _winners(found: Simulation) -> Iterable[Document]:
    for change in found.winners:
        yield {
            "recognition": change.recognition,
            "recognition_name": change.name,
            "period": change.period,
            **_who(change.subject),
            "as_is": _win(change.as_is),
            "would_be": _win(change.would_be),
        }


def _win(win: Win | None) -> Document | None:
    if win is None:
        return None
    return {"rank": win.rank, "bonus": None if win.bonus is None else plain(win.bonus)}


def _bonus(found: Simulation) -> Document:
    lines = [
        {
            "recognition": line.recognition,
            "recognition_name": line.name,
            "period": line.period,
            "cost": _money(line.cost),
            "worst": _money(line.worst),
        }
        for line in found.bonuses
    ]
    return {
        "cost": _money(found.bonus),
        "worst": _money(found.worst),
        "prizes": _money(found.prize_money),
        "recognition": lines,
    }


def _prizes(found: Simulation) -> Iterable[Document]:
    for change in found.prizes:
        yield {
            "prize": change.id,
            "prize_name": change.name,
            **_who(change.subject),
            "as_is": _prize(change.as_is),
            "would_be": _prize(change.would_be),
        }


def _prize(prize: Prize | None) -> Document | None:
    if prize is None:
        return None
    money = None if prize.money is None else plain(prize.money)
    return {"of": prize.of.value, "rank": prize.rank, "points": prize.points, "money": money}


def _steps(found: Simulation) -> Iterable[Document]:
    for change in found.steps:
        yield {
            "month": change.month,
            "consequence": change.consequence,
            "consequence_name": change.name,
            **_who(change.subject),
            "as_is": _step(change.as_is),
            "would_be": _step(change.would_be),
        }


def _step(step: StepTaken | None) -> Document | None:
    if step is None:
        return None
    measures = [
        {"do": measure.do.value, "points": measure.points, "approval": measure.needs_approval}
        for measure in step.measures
    ]
    return {"service_level": step.service_level, "step": step.step, "measures": measures}
