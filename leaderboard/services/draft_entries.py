"""One entry of a draft, changed by a form: the whole text as it would be, and what is wrong with that entry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from leaderboard.domain.rulebook import Rulebook
from leaderboard.files.plain import PlainText, write_yaml
from leaderboard.files.problems import FileProblems, Problem
from leaderboard.files.rulebook.splicing import (
    Spliced,
    chained,
    data_of,
    with_entry,
    with_key,
    without_entry,
)
from leaderboard.files.yaml_nodes import path_of
from leaderboard.services.draft_checks import DOCUMENT
from leaderboard.services.rule_versions import check_text
from leaderboard.services.rulebook_apply import read_with_holidays

CALENDARS = "calendars"
_TOO_LITTLE = "too_little_open_time"
_STAND_IN = {"name": "-", "timezone": "UTC", "currency": "EUR"}


@dataclass(frozen=True, slots=True)
class Tried:
    """A draft with one entry as a form has it.

    `own` are the problems of the entry, `others` those elsewhere in the document that were not there before; `rulebook`
    can be read for that entry, even where other parts of the document are wrong; None where the entry cannot.
    """

    spliced: Spliced
    own: tuple[Problem, ...]
    others: tuple[Problem, ...]
    rulebook: Rulebook | None


def try_entry(document: str, path: tuple[str, str], entry: Mapping[str, Any]) -> Tried:
    """What would be saved. Raises NotSpliced where the document is no tree."""
    tried = _tried(document, with_entry(document, path, dict(entry)), _under(path_of(*path)))
    return _told_alone(tried, path)


def try_list(document: str, section: str, entries: Sequence[Any]) -> Tried:
    """What would be saved of a section that is a list; one without entries goes. Raises NotSpliced."""
    return _tried(document, _section(document, section, list(entries)), _under(section))


def try_sections(document: str, sections: Mapping[str, Mapping[str, Any]]) -> Tried:
    """What would be saved of several sections at once; an empty one goes. Raises NotSpliced."""
    steps = [partial(_section, section=name, value=dict(value)) for name, value in sections.items()]
    return _tried(document, chained(document, steps), _under(*sections))


def try_calendar(document: str, was: str, calendar_id: str, entry: Mapping[str, Any]) -> Tried:
    """What would be saved of a calendar; under another key than it had, what names it follows. Raises NotSpliced.

    Time of a service level that the calendar cannot offer is a problem of its own.
    """
    steps: list[Callable[[str], Spliced]] = []
    if was and was != calendar_id:
        steps.append(partial(with_key, path=(CALENDARS, was), key=calendar_id))
        for level, key in naming_calendar(data_of(document), was):
            place = ("service_levels", level, key)
            steps.append(partial(with_entry, path=place, value=PlainText(calendar_id)))
    path = (CALENDARS, calendar_id)
    steps.append(partial(with_entry, path=path, value=dict(entry)))
    prefixed = _under(path_of(*path))

    def belongs(problem: Problem) -> bool:
        is_too_short = problem.code == _TOO_LITTLE and problem.params.get("calendar") == calendar_id
        return is_too_short or prefixed(problem)

    return _told_alone(_tried(document, chained(document, steps), belongs), path)


def naming_calendar(data: Mapping[str, Any], calendar_id: str) -> tuple[tuple[str, str], ...]:
    """The service levels of a document that name a calendar, each with the key by which it does."""
    levels = data.get("service_levels")
    listed = levels.items() if isinstance(levels, Mapping) else ()
    return tuple(
        (name, key)
        for name, level in listed
        for key in ("calendar", "prorate")
        if isinstance(level, Mapping) and level.get(key) == calendar_id
    )


def _section(document: str, section: str, value: Any) -> Spliced:
    """A whole section put in place; one without anything goes."""
    if value:
        return with_entry(document, [section], value)
    if section in data_of(document):
        return without_entry(document, [section])
    return Spliced(document, ())


def _tried(before: str, spliced: Spliced, belongs: Callable[[Problem], bool]) -> Tried:
    checked = check_text(spliced.document)
    own = tuple(one for one in checked.problems if belongs(one))
    rest = tuple(one for one in checked.problems if not belongs(one))
    return Tried(spliced, own, _new_ones(before, rest) if rest else (), checked.rulebook)


def _under(*prefixes: str) -> Callable[[Problem], bool]:
    """Whether a problem lies in one of these places of the document."""
    return lambda problem: any(f"{problem.key}.".startswith(f"{prefix}.") for prefix in prefixes)


def lies_in(problem: Problem, section: str, key: str) -> bool:
    """Whether a problem is one of this entry."""
    return _under(path_of(section, key))(problem)


def _new_ones(before: str, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    known = {(one.key, one.code) for one in check_text(before).problems}
    return tuple(one for one in problems if (one.key, one.code) not in known)


def _told_alone(tried: Tried, path: tuple[str, str]) -> Tried:
    """With what the entry says by itself, where the rest of the document cannot be read."""
    if tried.rulebook is None and not tried.own:
        return replace(tried, rulebook=_alone(tried.spliced.document, path))
    return tried


def _alone(document: str, path: tuple[str, str]) -> Rulebook | None:
    """Only this entry, with the calendars it may name, so that it can be told though all else be wrong."""
    data = data_of(document)
    section, name = path
    alone = {
        "rulebook": 1,
        "effective_from": data.get("effective_from"),
        "organization": _STAND_IN,
        "calendars": data.get("calendars") or {},
        "service_levels": {},
        section: {name: data[section][name]},
    }
    try:
        return read_with_holidays(write_yaml(alone).encode(), DOCUMENT)
    except FileProblems:
        return None
