"""Teams and reps as their pages show them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan, TimeOff
from leaderboard.web.formats import number, short_day
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.spans import Timeline, timeline
from leaderboard.web.presenters.viewer import initials

_FACES = 8
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A rep in a list: who, where, since when. `key` is that of the page."""

    key: int
    name: str
    id: str
    initials: str
    email: str | None
    team: str | None
    facts: str
    is_off: bool
    has_left: bool


@dataclass(frozen=True, slots=True)
class TeamCard:
    """A team as the first page shows it."""

    id: str
    name: str
    department: str
    manager: str | None
    count: str
    members: tuple[MemberView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class SpanView:
    """A row of the list below the timeline."""

    team: str
    dates: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class OffView:
    """Time off."""

    dates: str
    from_on: str
    until_on: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class RepView:
    """A rep's page."""

    who: MemberView
    headline: str
    timeline: Timeline
    spans: tuple[SpanView, ...]
    times_off: tuple[OffView, ...]
    aliases: tuple[str, ...]
    has_team: bool


def team_cards(
    roster: Roster, teams: Iterable[Team], keys: Mapping[str, int], today: dt.date
) -> tuple[TeamCard, ...]:
    """The teams by name, each with who is in it today."""
    members: dict[str, list[Rep]] = {}
    for rep in roster.reps.values():
        team = rep.team_on(today)
        if team is not None:
            members.setdefault(team, []).append(rep)
    ordered = sorted(teams, key=lambda team: team.name.casefold())
    return tuple(_card(team, members.get(team.id, []), roster, keys, today) for team in ordered)


def _card(
    team: Team, members: list[Rep], roster: Roster, keys: Mapping[str, int], today: dt.date
) -> TeamCard:
    members.sort(key=lambda rep: rep.name.casefold())
    return TeamCard(
        team.id,
        team.name,
        team.department,
        None if team.manager is None else roster.rep_name(team.manager),
        ngettext("%(number)s rep", "%(number)s reps", len(members), number=number(len(members))),
        tuple(member_view(rep, roster, keys, today) for rep in members[:_FACES]),
        max(0, len(members) - _FACES),
    )


def member_view(rep: Rep, roster: Roster, keys: Mapping[str, int], today: dt.date) -> MemberView:
    """A rep as lists show them."""
    span = _span_on(rep, today)
    began = [one for one in rep.teams if one.from_on <= today]
    return MemberView(
        keys[rep.id],
        rep.name,
        rep.id,
        initials(rep.name),
        rep.email,
        None if span is None else roster.team_name(span.team),
        _facts(rep, span, roster, today),
        any(off.from_on <= today <= off.until_on for off in rep.time_off),
        span is None and bool(began),
    )


def _span_on(rep: Rep, day: dt.date) -> TeamSpan | None:
    return next((span for span in rep.teams if span.covers(day)), None)


def _facts(rep: Rep, span: TeamSpan | None, roster: Roster, today: dt.date) -> str:
    if span is not None and span.until_on is None:
        return gettext("since %(day)s", day=short_day(span.from_on))
    if span is not None:
        return gettext("until %(day)s", day=_day(span.until_on))
    coming = [one for one in rep.teams if one.from_on > today]
    if coming:
        team = roster.team_name(coming[0].team)
        return gettext("%(team)s from %(day)s on", team=team, day=short_day(coming[0].from_on))
    if rep.teams:
        last = rep.teams[-1]
        return gettext("left %(team)s on %(day)s", team=roster.team_name(last.team), day=_day(last.until_on))
    return gettext("in no team so far")


def rep_view(rep: Rep, roster: Roster, keys: Mapping[str, int], today: dt.date) -> RepView:
    """The rep's page: what stands where, the newest first."""
    return RepView(
        member_view(rep, roster, keys, today),
        rep.name,
        timeline(rep, roster.team_names, today),
        tuple(_span_view(span, roster, today) for span in reversed(rep.teams)),
        tuple(_off_view(off, today) for off in reversed(rep.time_off)),
        rep.aliases,
        rep.team_on(today) is not None or any(span.from_on > today for span in rep.teams),
    )


def _span_view(span: TeamSpan, roster: Roster, today: dt.date) -> SpanView:
    dates = (
        gettext("from %(day)s on", day=short_day(span.from_on))
        if span.until_on is None
        else f"{short_day(span.from_on)} – {_day(span.until_on)}"
    )
    return SpanView(roster.team_name(span.team), dates, span.covers(today))


def _off_view(off: TimeOff, today: dt.date) -> OffView:
    dates = short_day(off.from_on)
    if off.until_on != off.from_on:
        dates = f"{dates} – {_day(off.until_on)}"
    is_current = off.from_on <= today <= off.until_on
    return OffView(dates, off.from_on.isoformat(), off.until_on.isoformat(), is_current)


def _day(on: dt.date | None) -> str:
    return "–" if on is None else short_day(on)
