"""What is wrong with a rulebook's document, in the reader's language, with the line that it is about.

The English sentences (leaderboard/files/messages.py) are the texts that are translated. Those that a rulebook can meet
are marked here, and a test holds the two lists together.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from leaderboard.files.messages import ENGLISH
from leaderboard.files.problems import WHOLE_FILE, Problem
from leaderboard.web.languages import N_, gettext

SPOKEN = (
    N_("is larger than {most} MB"),
    N_("is {kind}, not a text file"),
    N_("is not valid UTF-8 (byte {byte}); save it as UTF-8"),
    N_("holds the control character {character}, which no text file needs"),
    N_("is empty"),
    N_("is not valid YAML: {detail}"),
    N_("anchors, aliases and merge keys (`&`, `*`) are not read; write the value out"),
    N_("tags such as `{tag}` are not read; write the plain value"),
    N_("holds more than one document; keep one per file"),
    N_("is nested deeper than {most} levels"),
    N_("holds more than {most} values"),
    N_("is given twice; the first is in line {first}"),
    N_("a key must be plain text"),
    N_("is required"),
    N_("is not a key that is known here; expected one of: {known}"),
    N_("is not a key that is known here; did you mean `{near}`?"),
    N_("expected keys with values, found {found}"),
    N_("expected a list, found {found}"),
    N_("expected text, found {found}"),
    N_("expected text on one line"),
    N_("expected a whole number, found {found}"),
    N_("expected a number such as 12 or 0.5, found {found}"),
    N_("expected a share such as 0.9 or 90%, found {found}"),
    N_("expected a date such as 2026-07-01, found {found}"),
    N_("expected true or false, found {found}"),
    N_("expected one of {choices}, found {found}"),
    N_("expected a duration: one whole number of s, m, h or d, such as 90m, found {found}"),
    N_("a duration in days (`d`) is only for clocks without a calendar; write hours of open time"),
    N_("expected at least one entry"),
    N_("is longer than {most} characters"),
    N_("must be at least {least}"),
    N_("must be at most {most}"),
    N_("has more than {most} digits"),
    N_("is not an id: expected small letters, digits, `.`, `_` and `-`, beginning with a letter or digit"),
    N_("expected an event type such as lead.assigned (small letters, with a dot), found {found}"),
    N_("holds the control character {character}"),
    N_("expected a year from {first} to {last}"),
    N_("expected 1, the format that is read here, found {found}"),
    N_("expected the first day of a month, such as {example}"),
    N_("expected an IANA time zone such as America/Sao_Paulo, found {found}"),
    N_("expected a currency's three capital letters, such as BRL, found {found}"),
    N_("expected a locale such as en or pt_BR, found {found}"),
    N_("expected opening hours such as 09:00-18:00, found {found}"),
    N_("ends before it starts; no window runs past midnight: end it at 24:00"),
    N_("overlaps {other}"),
    N_("the package `holidays` has no country {found}; expected a code such as BR"),
    N_("the package `holidays` has no subdivision {found} in {country}"),
    N_("the package `holidays` has no subdivision {found} in {country}; it has {known}"),
    N_("there is no {what} {found} in this file"),
    N_("there is no {what} {found} in this file; did you mean `{near}`?"),
    N_("`pause` needs `resume`: without it a paused clock would never run again"),
    N_("`resume` needs `pause`"),
    N_("a share above 100% cannot be reached; write 90% or 0.9"),
    N_("a share cannot be below 0"),
    N_("`exceed` must not be below `target`"),
    N_("the calendar {calendar} offers less open time than this in the 5 years from {date}"),
    N_("{found} is a {measure}, which has no outcomes; name a response or recorded service level"),
    N_("the service level {found} has no `target`, so its months are never rated"),
    N_("expected either `attribute` or `grade`, not both"),
    N_("expected exactly one of count, streak, clean_month or rank"),
    N_("`do: deduct` needs `points`, a whole number above 0"),
    N_("`points` are only for `do: deduct`"),
    N_("{found} is a {measure}; a contest by `value` names volumes"),
    N_("expected either `service_level` or `service_levels`"),
    N_("`minimum` is only for `by: share`"),
    N_("a prize needs `points`, `money` or both"),
    N_("must be more than 0"),
    N_("ends before this version comes into force ({date}), so nobody could win it; leave it out"),
    N_("only a rep's days can be counted: `prorate` is not for `subject: team`"),
    N_("is {mine}, but {given} in the version of {other}; all versions have the same"),
    N_("`until` must not be before `from` ({date})"),
)

_QUOTED = re.compile("`([^`]*)`")
_MOST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One problem: the line (None for the whole document), its text as it stands, the key, and what is wrong."""

    line: int | None
    text: str
    key: str
    words: str


def present_problems(problems: Iterable[Problem], document: str) -> tuple[ProblemView, ...]:
    """All problems, in the order of the lines."""
    lines = document.splitlines()
    return tuple(_view(problem, lines) for problem in problems)


def _view(problem: Problem, lines: list[str]) -> ProblemView:
    line = problem.line
    is_there = line is not None and 0 < line <= len(lines)
    text = lines[line - 1].strip()[:_MOST_SHOWN] if is_there and line is not None else ""
    key = "" if problem.key == WHOLE_FILE else problem.place
    return ProblemView(line if is_there else None, text, key, problem_words(problem))


def problem_words(problem: Problem) -> str:
    """What is wrong, as a sentence."""
    told = gettext(ENGLISH[problem.code]).format_map(problem.params)
    told = _QUOTED.sub("“\\1”", told)
    return told[:1].upper() + told[1:]
