"""What changes in a roster, and what that means for what is booked, in sentences."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from babel import dates

from leaderboard.domain.roster import Roster
from leaderboard.services.roster_changes import Change, ChangeKind
from leaderboard.services.roster_impact import Impact
from leaderboard.web.formats import number, short_day
from leaderboard.web.languages import N_, gettext, locale, ngettext

_MOST_SHOWN = 200
_MOST_MONTHS = 3
_ONE_DAY = dt.timedelta(days=1)
_SCORED_NOTHING = frozenset(
    {ChangeKind.REP_RENAMED, ChangeKind.EMAIL, ChangeKind.TEAM_RENAMED, ChangeKind.MANAGER}
)
_DEPARTMENTS = {"sales": N_("Sales"), "marketing": N_("Marketing")}


@dataclass(frozen=True, slots=True)
class ChangedView:
    """One rep or team, and what changes about it."""

    name: str
    id: str
    icon: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangesView:
    """All that changes. `more` is how many further reps and teams are not listed."""

    changed: tuple[ChangedView, ...]
    more: int
    meaning: tuple[str, ...]
    is_calm: bool


def present_changes(
    changes: tuple[Change, ...], before: Roster, after: Roster, impact: Impact
) -> ChangesView:
    """For the page that asks whether it is meant."""
    changed = changed_views(changes, before, after)
    scores = any(change.kind not in _SCORED_NOTHING for change in changes)
    return ChangesView(
        changed[:_MOST_SHOWN],
        max(0, len(changed) - _MOST_SHOWN),
        tuple(_meaning(impact, scores)),
        impact.is_none,
    )


def changed_views(changes: Iterable[Change], before: Roster, after: Roster) -> tuple[ChangedView, ...]:
    """Each rep and team with its sentences."""
    found = []
    for (is_team, subject), some in groupby(changes, key=lambda one: (one.is_of_team, one.subject)):
        first, second = (after, before) if _is_in(after, is_team, subject) else (before, after)
        name = first.team_name(subject) if is_team else first.rep_name(subject)
        sentences = tuple(change_sentence(one, first, second) for one in some)
        found.append(ChangedView(name, subject, "roster" if is_team else "me", sentences))
    return tuple(found)


def _is_in(roster: Roster, is_team: bool, subject: str) -> bool:
    return subject in (roster.teams if is_team else roster.reps)


def change_sentence(change: Change, roster: Roster, other: Roster) -> str:
    """`Moves from Inbound to Outbound on 1 Jul 2026.`"""
    if change.kind is ChangeKind.IN_TEAM:
        return _team_sentence(change, roster, other)
    values = _values(change, roster, other)
    return gettext(_SENTENCES[change.kind]) % values


_SENTENCES: Mapping[ChangeKind, str] = {
    ChangeKind.TEAM_ADDED: N_("A new team."),
    ChangeKind.TEAM_REMOVED: N_("No longer a team. What was booked stays."),
    ChangeKind.TEAM_RENAMED: N_("Name: %(before)s → %(after)s"),
    ChangeKind.DEPARTMENT: N_("Department: %(before)s → %(after)s"),
    ChangeKind.MANAGER: N_("Manager: %(before)s → %(after)s"),
    ChangeKind.REP_ADDED: N_("New in the roster."),
    ChangeKind.REP_REMOVED: N_("No longer in the roster. What was booked stays, under the id alone."),
    ChangeKind.REP_RENAMED: N_("Name: %(before)s → %(after)s"),
    ChangeKind.EMAIL: N_("E-mail: %(before)s → %(after)s"),
    ChangeKind.TIME_OFF_ADDED: N_("Time off from %(from)s to %(until)s."),
    ChangeKind.TIME_OFF_REMOVED: N_("Not off from %(from)s to %(until)s after all."),
    ChangeKind.ALIAS_ADDED: N_("Events that say “%(after)s” are theirs."),
    ChangeKind.ALIAS_REMOVED: N_("Events that say “%(before)s” are no longer theirs."),
}


def _values(change: Change, roster: Roster, other: Roster) -> dict[str, str]:
    before, after = change.before or "–", change.after or "–"
    if change.kind is ChangeKind.MANAGER:
        before, after = (_rep_name(name, roster, other) for name in (change.before, change.after))
    if change.kind is ChangeKind.DEPARTMENT:
        before, after = (
            gettext(_DEPARTMENTS[one]) if one in _DEPARTMENTS else one for one in (before, after)
        )
    return {"before": before, "after": after, "from": _day(change.from_on), "until": _day(change.until_on)}


def _rep_name(rep_id: str | None, roster: Roster, other: Roster) -> str:
    if rep_id is None:
        return gettext("nobody")
    return (roster if rep_id in roster.reps else other).rep_name(rep_id)


def _day(on: dt.date | None) -> str:
    return "–" if on is None else short_day(on)


def _team_sentence(change: Change, roster: Roster, other: Roster) -> str:
    assert change.from_on is not None
    values = {
        "before": _team_name(change.before, roster, other),
        "after": _team_name(change.after, roster, other),
        "from": short_day(change.from_on),
        "until": _day(change.until_on),
        "last": short_day(change.from_on - _ONE_DAY),
    }
    lasts = change.until_on is None
    if change.before is None:
        text = (
            gettext("In %(after)s from %(from)s on.")
            if lasts
            else gettext("In %(after)s from %(from)s to %(until)s.")
        )
    elif change.after is None:
        text = (
            gettext("Leaves %(before)s; the last day is %(last)s.")
            if lasts
            else gettext("Not in %(before)s from %(from)s to %(until)s, and in no other team.")
        )
    else:
        text = (
            gettext("Moves from %(before)s to %(after)s on %(from)s.")
            if lasts
            else gettext("In %(after)s instead of %(before)s from %(from)s to %(until)s.")
        )
    return text % values


def _team_name(team: str | None, roster: Roster, other: Roster) -> str:
    if team is None:
        return ""
    return (roster if team in roster.teams else other).team_name(team)


def _meaning(impact: Impact, scores: bool) -> Iterable[str]:
    if impact.is_none:
        yield gettext("Nothing that is booked so far changes.")
    yield from _of_open_months(impact)
    late = impact.moved.closed + impact.shifted.closed
    if late:
        yield ngettext(
            "%(number)s outcome lies in closed months (%(months)s). What was sealed stays as it is; what it would "
            "differ by is booked as an adjustment in the present month.",
            "%(number)s outcomes lie in closed months (%(months)s). What was sealed stays as it is; what they would "
            "differ by is booked as adjustments in the present month.",
            late,
            number=number(late),
            months=_months(impact.closed_months),
        )
    if not impact.is_exact:
        yield gettext("There is too much to count one by one: these figures are the most it can be.")
    if scores:
        yield gettext("All leads are evaluated again, which takes a moment. The board says so meanwhile.")


def _months(names: tuple[str, ...]) -> str:
    """`Aug 2026, Sep 2026`; of many the first and the last."""
    shown = [
        dates.format_date(dt.date.fromisoformat(f"{name}-01"), "LLL y", locale=locale()) for name in names
    ]
    return ", ".join(shown) if len(shown) <= _MOST_MONTHS else f"{shown[0]} – {shown[-1]}"


def _of_open_months(impact: Impact) -> Iterable[str]:
    if impact.moved.open:
        yield ngettext(
            "%(number)s outcome of the open months goes to another team or person, and its points are booked anew.",
            "%(number)s outcomes of the open months go to another team or person, and their points are booked anew.",
            impact.moved.open,
            number=number(impact.moved.open),
        )
    if impact.shifted.open:
        yield ngettext(
            "%(number)s outcome of the open months touches these days off; when it was due is worked out anew.",
            "%(number)s outcomes of the open months touch these days off; when they were due is worked out anew.",
            impact.shifted.open,
            number=number(impact.shifted.open),
        )
    if impact.running:
        yield ngettext(
            "%(number)s clock that is running is looked at again.",
            "%(number)s clocks that are running are looked at again.",
            impact.running,
            number=number(impact.running),
        )
