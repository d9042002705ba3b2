"""Values of the audit log as people read them: states, parties and periods in words, rules by their names.

What is not known here is shown as it was noted.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from leaderboard.domain.rulebook import Rulebook
from leaderboard.queries.audit import Names
from leaderboard.web.formats import moment, number, short_day
from leaderboard.web.languages import LANGUAGES, N_, gettext
from leaderboard.web.presenters.payouts import period_words
from leaderboard.web.presenters.people import PARTIES, party_name
from leaderboard.web.presenters.slide_names import slide_name
from leaderboard.web.presenters.viewer import role_name

NONE = "–"
_FINGERPRINT = 12
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERIOD = re.compile(r"(?!0000)\d{4}-(0[1-9]|1[0-2]|Q[1-4])")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "state": {
        "proposed": N_("proposed"),
        "approved": N_("approved"),
        "paid": N_("paid out"),
        "refused": N_("refused"),
    },
    "theme": {"dark": N_("Night"), "light": N_("Paper")},
    "naming": {
        "full": N_("by the full name"),
        "short": N_("by the first name and a letter"),
        "none": N_("without a name"),
    },
}
_SOURCE = "source"
# Fields that name a part of the rules by its id.
_RULES = ("consequence", "badge", "task")
_WINNABLE = ("recognition", "contest", "task")


def rule_names(rulebooks: Iterable[Rulebook]) -> dict[str, str]:
    """What ladders, badges and all that can be won are called, by keys such as `task:profile`; the last one counts."""
    found: dict[str, str] = {}
    for rulebook in rulebooks:
        levels = rulebook.service_levels
        found |= {
            f"consequence:{key}": one.name or levels[one.service_level].name
            for key, one in rulebook.consequences.items()
        }
        found |= {f"recognition:{key}": one.name for key, one in rulebook.recognition.items() if one.name}
        for kind, things in (
            ("badge", rulebook.badges),
            ("contest", rulebook.contests),
            ("task", rulebook.tasks),
        ):
            found |= {f"{kind}:{key}": one.name for key, one in things.items()}
    return found


def value_words(name: str, value: Any, names: Names) -> str:
    """A value that was noted under this name."""
    if value is None:
        return gettext("nobody") if name in ("person", "signs_for") else NONE
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int):
        return _whole(name, value, names)
    if isinstance(value, list):
        return ", ".join(value_words(name, one, names) for one in value) or NONE
    if isinstance(value, dict):
        return ", ".join(
            f"{in_words(str(key))}: {value_words(str(key), one, names)}" for key, one in value.items()
        )
    return _word(name, str(value), names)


def date_or_none(text: str) -> str | None:
    """A date as people write it; None for what is none."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return short_day(dt.date.fromisoformat(text))
    except ValueError:
        return None


def in_words(name: str) -> str:
    """`self_check.differences` as words: `self check differences`."""
    return name.replace(".", " ").replace("_", " ")


def _whole(name: str, value: int, names: Names) -> str:
    if name == "person":
        return names.of(f"person:{value}") or gettext("number %(number)s", number=value)
    if name == "night":
        return f"{value // 60:02d}:{value % 60:02d}"
    return moment(value) if name.endswith("_at") else number(value)


def _word(name: str, value: str, names: Names) -> str:
    if name in _WORDS and value in _WORDS[name]:
        return gettext(_WORDS[name][value])
    if name in _RULES:
        return names.of(f"{name}:{value}") or value
    if name == _SOURCE:
        return _won_by(value, names)
    told = _BY_NAME.get(name)
    return told(value) if told is not None else date_or_none(value) or value


def _won_by(source: str, names: Names) -> str:
    """`Podium of the quarter · third quarter of 2026` of `recognition/podium/2026-Q3`."""
    kind, _, rest = source.partition("/")
    thing, _, when = rest.partition("/")
    if kind not in _WINNABLE or not thing:
        return source
    called = names.of(f"{kind}:{thing}") or thing
    return f"{called} · {period_words(when)}" if _PERIOD.fullmatch(when) else called


def _party(value: str) -> str:
    return party_name(value) if value in PARTIES else value


def _period(value: str) -> str:
    return period_words(value) if _PERIOD.fullmatch(value) else value


def _amount(value: str) -> str:
    try:
        return number(Decimal(value))
    except InvalidOperation:
        return value


_BY_NAME: Mapping[str, Callable[[str], str]] = {
    "role": role_name,
    "signs_for": _party,
    "party": _party,
    "sha256": lambda value: value[:_FINGERPRINT],
    "month": _period,
    "period": _period,
    "amount": _amount,
    "language": lambda value: LANGUAGES[value].name if value in LANGUAGES else value,
    "slide": lambda value: slide_name(value) or value,
    "slides": lambda value: slide_name(value) or value,
}
