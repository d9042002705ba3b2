"""Verdicts of other systems, and what events add to volumes and ratios (rulebook.md, the other measures)."""

import re
from collections.abc import Callable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, Inexact

from leaderboard.domain.events import Event, lead_order
from leaderboard.domain.outcomes import EventRef, Outcome
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import AttributeWorth, FixedWorth, Rating, Worth
from leaderboard.domain.versions import Version

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact])
"""Sums, products and whole quotients of decimals are exact, however long the numbers that an event bears."""

_ZERO = Decimal(0)


def verdict(event: Event, version: Version, rep: str | None, placement: Placement) -> Outcome | None:
    """The outcome that an `outcome.recorded` event is, by the version in force at its time.

    None where it lacks a rep, or names an unknown rating or a service level that takes no verdicts: it is no
    outcome then,
    and is shown under data health.
    """
    level = version.recorded(event.attributes.get("service_level", ""))
    rating = _RATINGS.get(event.attributes.get("rating", ""))
    if level is None or rating is None or rep is None:
        return None
    team = placement.team_at(rep, event.time)
    return Outcome(
        level.id, rating, event.time, rep, team, event.lead, version.effective_from, level.subject,
        level.each.of(rating), EventRef.of(event), lead_order(event),
    )  # fmt: skip


_RATINGS = {rating.value: rating for rating in Rating}


def worth(event: Event, rule: Worth, grade: Callable[[], str | None]) -> Decimal:
    """What an event counts: a fixed amount, a number it bears, or an amount by the lead's grade then."""
    if isinstance(rule, FixedWorth):
        return rule.amount
    if isinstance(rule, AttributeWorth):
        return parse_number(event.attributes.get(rule.attribute))
    known = grade()
    return rule.otherwise if known is None else rule.by_grade.get(known, rule.otherwise)


def parse_number(text: str | None) -> Decimal:
    """An optional sign, digits, optionally a point and digits; anything else counts 0."""
    if text is None or _NUMBER.fullmatch(text) is None:
        return _ZERO
    return Decimal(text)


def plain(number: Decimal) -> str:
    """A decimal without exponent and without trailing zeros; zero has no sign."""
    if not number:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
