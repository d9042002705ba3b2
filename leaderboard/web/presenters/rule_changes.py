"""What changes between two rulebooks, in words: `First contact — Time limit: 8 hours → 4 hours, for grade A`."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from leaderboard.domain.rulebook import Party, Rulebook
from leaderboard.files.rulebook.changes import Change, changes
from leaderboard.files.rulebook.organization import DAYS
from leaderboard.files.rulebook.rule_values import OTHERWISE
from leaderboard.web.languages import gettext
from leaderboard.web.presenters import rule_terms as terms
from leaderboard.web.presenters.rule_labels import SECTIONS, field_label, section_label
from leaderboard.web.presenters.rule_values import value_words

_THINGS = frozenset(
    {"service_levels", "calendars", "badges", "recognition", "contests", "tasks", "consequences"}
)
"""Sections whose entries have a name of their own."""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change. `before` is None where something was added, `after` where it was removed.

    `label` is empty where the thing itself came or went; `condition` says for whom, or on which day.
    """

    thing: str
    label: str
    before: str | None
    after: str | None
    condition: str

    @property
    def sentence(self) -> str:
        """All of it on one line."""
        where = " — ".join(part for part in (self.thing, self.label) if part)
        if self.before is None:
            what = gettext("added: %(what)s", what=self.after or "")
        elif self.after is None:
            what = gettext("removed: %(what)s", what=self.before)
        else:
            what = f"{self.before} → {self.after}"
        return f"{where}: {what}" + (f", {self.condition}" if self.condition else "")


@dataclass(frozen=True, slots=True)
class SectionOfChanges:
    """The changes of one section of the rulebook."""

    id: str
    title: str
    changes: tuple[ChangeView, ...]


def present_changes(before: Rulebook, after: Rulebook) -> tuple[SectionOfChanges, ...]:
    """All that changes, section by section; nothing where both say the same."""
    order = list(SECTIONS)
    found = sorted(
        changes(before, after),
        key=lambda one: order.index(one.section) if one.section in order else len(order),
    )
    return tuple(
        SectionOfChanges(section, section_label(section), tuple(_views(listed, before, after)))
        for section, listed in groupby(found, key=lambda one: one.section)
    )


def sentences_of(sections: Iterable[SectionOfChanges]) -> tuple[str, ...]:
    """The changes as plain lines."""
    return tuple(change.sentence for section in sections for change in section.changes)


def _views(listed: Iterable[Change], before: Rulebook, after: Rulebook) -> Iterable[ChangeView]:
    for change in listed:
        is_whole = change.section in _THINGS and change.field.count(".") == 1
        yield ChangeView(
            thing=_thing(change, before, after),
            label="" if is_whole else _label(change),
            before=_words(
                change.before, change, before, is_addition=is_whole or change.field == "suspensions"
            ),
            after=_words(change.after, change, after, is_addition=is_whole or change.field == "suspensions"),
            condition=_condition(change),
        )


def _words(value: object, change: Change, rulebook: Rulebook, is_addition: bool) -> str | None:
    """A thing that is not there is None; a field that is not there is told as such."""
    return None if is_addition and value is None else value_words(value, change, rulebook)


def _thing(change: Change, before: Rulebook, after: Rulebook) -> str:
    """What the change is about, by the name it has now."""
    if change.section not in _THINGS:
        return ""
    key = change.keys[0]
    for rulebook in (after, before):
        thing = getattr(rulebook, change.section).get(key)
        if thing is not None:
            return getattr(thing, "name", None) or key
    return key


def _label(change: Change) -> str:
    told = field_label(change.field)
    if change.field == "agreement.parties.*":
        return f"{told} ({terms.party(Party(change.keys[0]))})"
    if change.field == "agreement.definitions.*":
        return f"{told} {change.keys[0]}"
    if change.field == "consequences.*.steps.*":
        return f"{told} {change.keys[1]}"
    return told


def _condition(change: Change) -> str:
    """For which grade, on which day."""
    if change.field.endswith("within.*"):
        grade = change.keys[1]
        return (
            gettext("for other grades") if grade == OTHERWISE else gettext("for grade %(grade)s", grade=grade)
        )
    if change.field == "calendars.*.week.*":
        return gettext("on %(day)s", day=terms.weekday(DAYS.index(change.keys[1])))
    return ""
