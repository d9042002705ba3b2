"""What stands out in a look at fairness, in sentences, each with what can be done about it and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from leaderboard.web.formats import number, percent
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.fairness_words import group_who

Document = dict[str, Any]
LEVELS, LADDERS, CARROTS, CALENDARS = "levels", "ladders", "carrots", "calendars"

_MANY_LOST = Decimal("0.25")
_MANY_PLACES_LOST = Decimal("0.5")
_DECIDES = Decimal("0.7")


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, what can be done, in which part of a draft that is, and its drawn sign."""

    words: str
    advice: str
    part: str
    sign: str


def findings(document: Document) -> tuple[Finding, ...]:
    """All of them: first about who wins, then about each service level, then about what it decides."""
    return (*_winning(document), *_levels(document), *_left_out(document))


def apart(chances: Document) -> Iterator[tuple[str, Document]]:
    """The groups that are told apart, by grouping: those worse off; where nobody is, those better off."""
    for grouping, groups in chances["groups"].items():
        less = [group for group in groups if group["stand"] == "less"]
        for group in less or [group for group in groups if group["stand"] == "more"]:
            yield grouping, group


def _winning(document: Document) -> Iterator[Finding]:
    winning, chances = document["winning"], document["winning"]["chances"]
    if chances is None or not chances["cases"]:
        return
    if chances["lost"] >= chances["cases"] * _MANY_PLACES_LOST:
        counts = {"lost": number(chances["lost"]), "cases": number(chances["cases"])}
        words = (
            gettext(
                "In %(lost)s of %(cases)s months of reps, no winning place was in reach any more by the middle.",
                **counts,
            )
            if winning["period"] == "month"
            else gettext(
                "In %(lost)s of %(cases)s quarters of reps, no winning place was in reach any more by the middle.",
                **counts,
            )
        )
        advice = gettext("More places, or contests of a week or two, let everybody begin anew.")
        yield Finding(words, advice, CARROTS, "clock")
    for grouping, group in apart(chances):
        words = gettext(
            "%(who)s: %(hits)s of %(all)s wins; by head count it would be %(expected)s.",
            who=group_who(grouping, group, document["leads"] if winning["period"] == "month" else None),
            hits=number(group["hits"]),
            all=number(chances["hits"]),
            expected=rounded(group["expected"]),
        )
        advice = gettext(
            "Recognition for teams, or contests among those who have the same chances, let others win too."
        )
        yield Finding(words, advice, CARROTS, "cup")


def _levels(document: Document) -> Iterator[Finding]:
    for level in document["service_levels"]:
        chances = level["chances"]
        for grouping, group in apart(chances):
            words = _apart_words(level, grouping, group, document["leads"])
            advice, part = _apart_advice(level, grouping, group)
            yield Finding(
                words, advice, part, {"team": "people", "tenure": "calendar", "leads": "waiting"}[grouping]
            )
        if chances["lost"] and chances["lost"] >= chances["cases"] * _MANY_LOST:
            words = gettext(
                "%(level)s: in %(lost)s of %(cases)s months (%(share)s) the target was out of reach by the middle.",
                level=level["name"],
                lost=number(chances["lost"]),
                cases=number(chances["cases"]),
                share=percent(chances["lost"], chances["cases"]),
            )
            advice = gettext(
                "A longer limit or a lower target leaves something to win; points for each outcome keep the second"
                " half worth it."
            )
            yield Finding(words, advice, LEVELS, "clock")


def _apart_words(level: Document, grouping: str, group: Document, bands: Document | None) -> str:
    chances = level["chances"]
    counts = {
        "who": group_who(grouping, group, bands),
        "level": level["name"],
        "hits": number(group["hits"]),
        "cases": number(group["cases"]),
        "rest": number(chances["hits"] - group["hits"]),
        "rest_cases": number(chances["cases"] - group["cases"]),
    }
    if level["by"] == "outcome":
        return gettext(
            "%(who)s: %(level)s is kept %(hits)s times out of %(cases)s, by the others %(rest)s times out of"
            " %(rest_cases)s.",
            **counts,
        )
    if grouping == "team":
        return gettext(
            "%(who)s: %(level)s is met in %(hits)s of %(cases)s months, elsewhere in %(rest)s of %(rest_cases)s.",
            **counts,
        )
    return gettext(
        "%(who)s meet %(level)s in %(hits)s of %(cases)s months, the others in %(rest)s of %(rest_cases)s.",
        **counts,
    )


def _apart_advice(level: Document, grouping: str, group: Document) -> tuple[str, str]:
    if grouping == "team":
        return gettext(
            "Do its hours fit the calendar, and its leads the limit? Another calendar, a limit by grade or another"
            " target may be fairer."
        ), CALENDARS
    if grouping == "tenure" and level["measure"] == "volume":
        return gettext(
            "A prorated target asks less of months in which somebody was not there all along."
        ), LEVELS
    if grouping == "tenure":
        return gettext("Days of grace keep the first months of a new rep from moving a ladder."), LADDERS
    if group["key"] == "many":
        return gettext(
            "Who has the most leads has the least time for each: hand them out more evenly, or give a longer limit."
        ), LEVELS
    return gettext(
        "Few leads make chance large: a higher minimum keeps months with few outcomes from being rated."
    ), LEVELS


def _left_out(document: Document) -> Iterator[Finding]:
    subjects = {level["id"]: level["subject"] for level in document["service_levels"]}
    for one in document["left_out"]:
        tau = Decimal(one["tau"])
        if subjects[one["service_level"]] != "rep" or not one["reps"]:
            continue
        if tau < _DECIDES:
            words = _decides(one)
            yield Finding(
                words, gettext("Is it meant to weigh that much? Its points say so."), LEVELS, "scales"
            )
        elif not one["moved"] and not one["wins"]["lost"]:
            words = gettext(
                "Without %(level)s, nobody would stand elsewhere and nobody else would win.",
                level=one["name"],
            )
            advice = gettext("What changes nothing is one rule more to keep in mind.")
            yield Finding(words, advice, LEVELS, "minus")


def _decides(one: Document) -> str:
    counts = {
        "level": one["name"],
        "lost": number(one["wins"]["lost"]),
        "wins": number(one["wins"]["as_is"]),
        "swapped": number(one["pairs"]["swapped"]),
        "pairs": number(sum(one["pairs"].values())),
    }
    if not one["wins"]["lost"]:
        return gettext(
            "Without %(level)s, %(swapped)s of %(pairs)s pairs of reps would stand the other way round.",
            **counts,
        )
    return gettext(
        "Without %(level)s, %(lost)s of %(wins)s wins would be somebody else’s, and %(swapped)s of %(pairs)s pairs of"
        " reps would stand the other way round.",
        **counts,
    )


def rounded(share: str) -> str:
    """An expected number with one digit."""
    value = Decimal(share).quantize(Decimal("0.1"))
    return number(value if value % 1 else value.to_integral_value())
