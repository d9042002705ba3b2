"""One entry of a draft, changed by a form: the whole text as it would be, and what is wrong with that entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from leaderboard.domain.rulebook import Rulebook
from leaderboard.files.plain import write_yaml
from leaderboard.files.problems import FileProblems, Problem
from leaderboard.files.rulebook.splicing import Spliced, data_of, with_entry, without_entry
from leaderboard.services.draft_checks import DOCUMENT
from leaderboard.services.rule_versions import check_text
from leaderboard.services.rulebook_apply import read_with_holidays

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
    tried = _tried(document, with_entry(document, path, dict(entry)), ".".join(path))
    if tried.rulebook is None and not tried.own:
        return replace(tried, rulebook=_alone(tried.spliced.document, path))
    return tried


def try_list(document: str, section: str, entries: Sequence[Any]) -> Tried:
    """What would be saved of a section that is a list; one without entries goes. Raises NotSpliced."""
    if entries:
        spliced = with_entry(document, [section], list(entries))
    elif section in data_of(document):
        spliced = without_entry(document, [section])
    else:
        spliced = Spliced(document, ())
    return _tried(document, spliced, section)


def _tried(before: str, spliced: Spliced, prefix: str) -> Tried:
    checked = check_text(spliced.document)
    own = tuple(one for one in checked.problems if _belongs(one.key, prefix))
    rest = tuple(one for one in checked.problems if not _belongs(one.key, prefix))
    return Tried(spliced, own, _new_ones(before, rest) if rest else (), checked.rulebook)


def _belongs(key: str, prefix: str) -> bool:
    return key == prefix or key.startswith(f"{prefix}.")


def _new_ones(before: str, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    known = {(one.key, one.code) for one in check_text(before).problems}
    return tuple(one for one in problems if (one.key, one.code) not in known)


def _alone(document: str, path: tuple[str, str]) -> Rulebook | None:
    """Only this entry, with the calendars it may name, so that it can be told though all else be wrong."""
    data = data_of(document)
    section, name = path
    alone = {
        "rulebook": 1,
        "effective_from": data.get("effective_from"),
        "organization": _STAND_IN,
        "calendars": data.get("calendars") or {},
        section: {name: data[section][name]},
    }
    try:
        return read_with_holidays(write_yaml(alone).encode(), DOCUMENT)
    except FileProblems:
        return None
