"""What is wrong with a part of a draft, as its form says it: beside the field that it is about, and beside the form.

A form has labels where the document has keys, and says numbers and days as its reader writes them.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from leaderboard.files.messages import Param
from leaderboard.files.problems import Problem
from leaderboard.files.yaml_nodes import LONGEST_KEY
from leaderboard.web.formats import in_field, number, short_day
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.rule_problems import problem_words

_LEFT_OUT = ("missing", "deduct_points", "one_or_several_levels", "empty_prize")


def is_missing(problem: Problem) -> bool:
    """Whether nothing is wrong but that something was not filled in yet."""
    return problem.code in _LEFT_OUT or problem.params.get("found") == "nothing"


def fault_words(problem: Problem) -> str:
    """What is wrong, as it stands beside the field."""
    told = _TOLD.get(problem.code)
    if told is not None:
        return told(problem)
    if is_missing(problem):
        return gettext("Please fill this in.")
    return problem_words(Problem(problem.line, problem.key, problem.code, _as_read(problem)))


def mistakes(problems: Iterable[Problem], words: Callable[[Problem], str] = fault_words) -> tuple[str, ...]:
    """What is to be mended, once each. What is only missing the form itself asks for."""
    return tuple(dict.fromkeys(words(one) for one in problems if not is_missing(one)))


def by_field(
    problems: Iterable[Problem],
    field_of: Callable[[Problem], str],
    words: Callable[[Problem], str] = fault_words,
) -> dict[str, tuple[str, ...]]:
    """What is wrong, once each, by the field that it belongs to."""
    found: dict[str, tuple[str, ...]] = {}
    for problem in problems:
        name = field_of(problem)
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), words(problem))))
    return found


def key_too_long() -> str:
    """What is said of a key that is longer than any may be."""
    return gettext(
        "This key is too long: please take at most %(most)s letters, digits and hyphens.", most=LONGEST_KEY
    )


def _as_read(problem: Problem) -> dict[str, Param]:
    return {name: _param(name, value) for name, value in problem.params.items()}


def _param(name: str, value: Param) -> Param:
    """`1.5` as it stands in the field, 1000000000 in groups, a date in words."""
    if name == "date":
        return short_day(dt.date.fromisoformat(str(value)))
    if name == "found" and isinstance(value, str) and value.startswith("`"):
        return f"`{in_field(value.strip('`'))}`"
    return number(value) if name in ("least", "most") and isinstance(value, int) else value


def _order(problem: Problem) -> str:
    first = _param("date", problem.params["date"])
    return gettext("The last day must not be before the first one, %(day)s.", day=first)


_TOLD: dict[str, Callable[[Problem], str]] = {
    "deduct_points": lambda _: gettext("Please write how many points, a whole number above 0."),
    "one_or_several_levels": lambda _: gettext("Please choose at least one."),
    "empty_list": lambda _: gettext("Please choose at least one."),
    "until_before_from": _order,
    "exceed_below_target": lambda _: gettext("Exceeded must not begin below met."),
    "pause_without_resume": lambda _: gettext(
        "Please say what lets the clock run again, too: else it would stand still for good."
    ),
    "resume_without_pause": lambda _: gettext("Please say what stops the clock, too."),
    "prorate_of_reps": lambda _: gettext("Only a rep’s days can be counted: a team owes all of it."),
}
