"""The audit log as people read it: by days, each entry a sentence with what was before and after."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from leaderboard.domain.instants import Instant, format_instant, to_datetime
from leaderboard.files.messages import cut_off
from leaderboard.queries.audit import AuditPage, Entry, Names
from leaderboard.web.formats import clock_time, day
from leaderboard.web.languages import gettext, zone
from leaderboard.web.presenters.audit_values import NONE, date_or_none, in_words, value_words
from leaderboard.web.presenters.audit_words import ACTIONS, FIELDS, KINDS, called
from leaderboard.web.presenters.payouts import period_words
from leaderboard.web.presenters.viewer import initials

_LONGEST = 240
# What is erased or gone is a number where the sentence says of what.
_NUMBERED = ("user", "person", "team", "token", "draft", "screen")
_ORDER = {name: place for place, name in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True)
class Change:
    """A value that was noted; `before` is None where there was none to note."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry."""

    id: int
    at: Instant
    time: str
    who: str
    initials: str
    is_machine: bool
    what: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class DayView:
    """The entries of a day."""

    title: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """What was asked for, as it was typed, and what is wrong with it."""

    kind: str
    who: str
    since: str
    until: str
    faults: dict[str, str]

    @property
    def is_any(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.kind or self.who or self.since or self.until)

    def shows_as_date(self, value: str) -> bool:
        """Whether a field for dates would show this; what was typed is to stay."""
        return not value or date_or_none(value) is not None

    def arguments(self) -> dict[str, str]:
        """For an address that asks for the same."""
        asked = {"kind": self.kind, "who": self.who, "since": self.since, "until": self.until}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class AuditView:
    """The page."""

    days: tuple[DayView, ...]
    asked: Filter
    kinds: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    older: int | None
    """What lies before this entry comes next; None at the end."""
    is_first: bool


def present_audit(
    page: AuditPage, asked: Filter, kinds: Iterable[str], people: Names, is_first: bool
) -> AuditView:
    """The view of the page."""
    views = [present_entry(entry, page.names) for entry in page.entries]
    return AuditView(
        days=tuple(
            DayView(_day_title(on), tuple(found)) for on, found in groupby(views, lambda view: _on(view.at))
        ),
        asked=asked,
        kinds=tuple((kind, gettext(KINDS[kind])) for kind in kinds),
        people=tuple(
            sorted(
                ((key, actor_name(key, people)) for key in people.by_key), key=lambda one: one[1].casefold()
            )
        ),
        older=page.entries[-1].id if page.has_more else None,
        is_first=is_first,
    )


def present_entry(entry: Entry, names: Names) -> EntryView:
    """An entry in words."""
    who = actor_name(entry.actor, names)
    return EntryView(
        entry.id,
        entry.at,
        clock_time(entry.at),
        who,
        initials(who),
        not entry.actor.startswith("user:"),
        sentence(entry, names),
        tuple(_changes(entry, names)),
    )


def sentence(entry: Entry, names: Names) -> str:
    """What was done."""
    known = ACTIONS.get(entry.action)
    subject = subject_name(entry.subject, names)
    if known is None:
        return f"{in_words(entry.action)}: {subject}" if subject else in_words(entry.action)
    return gettext(known, subject=subject or NONE)


def actor_name(key: str, names: Names) -> str:
    """Who did it; the bare key where nobody bears it any more."""
    return called(names.of(key) or key)


def subject_name(key: str | None, names: Names) -> str | None:
    """Whom or what it was done to."""
    if key is None:
        return None
    kind, _, rest = key.partition(":")
    if kind == "rulebook":
        return date_or_none(rest) or key
    if kind == "period":
        return period_words(rest)
    if key == "screens":
        return gettext("all screens")
    found = names.of(key)
    if found is None and kind in _NUMBERED:
        return gettext("number %(number)s", number=rest)
    return found or key


def table_rows(page: AuditPage) -> list[tuple[str | int, ...]]:
    """The entries as rows of a table, with a head: words to read, and keys to count by."""
    head: list[tuple[str | int, ...]] = [
        (
            gettext("Number"),
            gettext("When (UTC)"),
            gettext("Who"),
            gettext("What"),
            gettext("Before"),
            gettext("After"),
            "actor",
            "action",
            "subject",
        )
    ]
    return head + [_row(entry, page.names) for entry in page.entries]


def _row(entry: Entry, names: Names) -> tuple[str | int, ...]:
    changes = list(_changes(entry, names, longest=None))
    return (
        entry.id,
        format_instant(entry.at),
        actor_name(entry.actor, names),
        sentence(entry, names),
        "; ".join(f"{one.label}: {one.before}" for one in changes if one.before is not None),
        "; ".join(f"{one.label}: {one.after}" for one in changes if one.after is not None),
        entry.actor,
        entry.action,
        entry.subject or "",
    )


def _changes(entry: Entry, names: Names, longest: int | None = _LONGEST) -> Iterable[Change]:
    before, after = _fields(entry.before), _fields(entry.after)
    for name in sorted(before.keys() | after.keys(), key=_place):
        if name in after and after[name] is None and name not in before:
            continue  # nothing was noted of it
        label = gettext(FIELDS[name]) if name in FIELDS else in_words(name)
        was = _text(name, before[name], names, longest) if name in before else None
        now = _text(name, after[name], names, longest) if name in after else None
        yield Change(label, was, now)


def _place(name: str) -> tuple[int, str]:
    """In the order in which the words stand, not in that of the alphabet."""
    return _ORDER.get(name, len(_ORDER)), name


def _fields(side: Any) -> dict[str, Any]:
    """What was noted; a bare value is the number of a version."""
    if side is None:
        return {}
    return side if isinstance(side, dict) else {"version": side}


def _text(name: str, value: Any, names: Names, longest: int | None) -> str:
    text = value_words(name, value, names)
    return text if longest is None else cut_off(text, longest)


def _on(at: Instant) -> dt.date:
    return to_datetime(at, zone()).date()


def _day_title(on: dt.date) -> str:
    return gettext("%(day)s %(year)s", day=day(on), year=on.year)
