"""What people change in the roster by hand: each makes of one roster the next, or says what is wrong with it.

Texts are held to the rules of roster files. What is typed wrong is told by the name of the form's field.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan, TimeOff
from leaderboard.files.messages import Param
from leaderboard.files.roster import email_text
from leaderboard.files.values import Value, Wrong, id_text, key_text, line_of_text
from leaderboard.files.yaml_nodes import Scalar

Edit: TypeAlias = Callable[[Roster], Roster]
DEPARTMENTS = ("sales", "marketing")
_ONE_DAY = dt.timedelta(days=1)
_T = TypeVar("_T")


class EditRefused(Exception):
    """What was typed into a field cannot be taken: a code with its parameters."""

    def __init__(self, field: str, code: str, **params: Param) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code
        self.params: Mapping[str, Param] = params


def _read(field: str, reader: Callable[[Value], _T], text: str) -> _T:
    try:
        return reader(Value(Scalar(text, 1, plain=False), field, []))
    except Wrong as wrong:
        raise EditRefused(field, wrong.code, **wrong.params) from wrong


def _rep(roster: Roster, rep_id: str) -> Rep:
    if rep_id not in roster.reps:
        raise EditRefused("", "rep_gone")
    return roster.reps[rep_id]


def _with_rep(roster: Roster, rep: Rep) -> Roster:
    return Roster(roster.teams, {**roster.reps, rep.id: rep})


def _check_order(from_on: dt.date, until_on: dt.date | None) -> None:
    if until_on is not None and until_on < from_on:
        raise EditRefused("until_on", "until_before_from")


# Where somebody is


def assign(rep_id: str, team: str | None, from_on: dt.date, until_on: dt.date | None = None) -> Edit:
    """In this team (in none for None) from one date to another, whatever the roster said of those days."""
    _check_order(from_on, until_on)

    def edit(roster: Roster) -> Roster:
        if team is not None and team not in roster.teams:
            raise EditRefused("team", "unknown_team")
        rep = _rep(roster, rep_id)
        return _with_rep(roster, replace(rep, teams=_overlaid(rep.teams, team, from_on, until_on)))

    return edit


def leave(rep_id: str, last_on: dt.date) -> Edit:
    """In no team after this date. Raises EditRefused where there is none to leave then."""

    def edit(roster: Roster) -> Roster:
        if _rep(roster, rep_id).team_on(last_on) is None:
            raise EditRefused("last_on", "in_no_team")
        return assign(rep_id, None, last_on + _ONE_DAY)(roster)

    return edit


def _overlaid(
    spans: tuple[TeamSpan, ...], team: str | None, from_on: dt.date, until_on: dt.date | None
) -> tuple[TeamSpan, ...]:
    kept = [] if team is None else [TeamSpan(team, from_on, until_on)]
    for span in spans:
        if span.from_on < from_on:
            last_on = from_on - _ONE_DAY
            kept.append(
                replace(span, until_on=last_on if span.until_on is None else min(span.until_on, last_on))
            )
        if until_on is not None and (span.until_on is None or span.until_on > until_on):
            kept.append(replace(span, from_on=max(span.from_on, until_on + _ONE_DAY)))
    return _joined(sorted(kept, key=lambda span: span.from_on))


def _joined(spans: list[TeamSpan]) -> tuple[TeamSpan, ...]:
    """Spans in the same team that follow on one another are one."""
    joined: list[TeamSpan] = []
    for span in spans:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.team == span.team
            and last.until_on is not None
            and last.until_on + _ONE_DAY == span.from_on
        ):
            joined[-1] = replace(last, until_on=span.until_on)
        else:
            joined.append(span)
    return tuple(joined)


def add_time_off(rep_id: str, from_on: dt.date, until_on: dt.date) -> Edit:
    """Away from one date to another."""
    _check_order(from_on, until_on)
    off = TimeOff(from_on, until_on)

    def edit(roster: Roster) -> Roster:
        rep = _rep(roster, rep_id)
        times = sorted({*rep.time_off, off}, key=lambda one: (one.from_on, one.until_on))
        return _with_rep(roster, replace(rep, time_off=tuple(times)))

    return edit


def remove_time_off(rep_id: str, off: TimeOff) -> Edit:
    """There after all."""

    def edit(roster: Roster) -> Roster:
        rep = _rep(roster, rep_id)
        return _with_rep(roster, replace(rep, time_off=tuple(one for one in rep.time_off if one != off)))

    return edit


# Who somebody is


def rename(rep_id: str, name: str, email: str) -> Edit:
    """Another name or e-mail address; an empty one is none."""

    def edit(roster: Roster) -> Roster:
        address = _read("email", email_text, email) if email else None
        rep = replace(_rep(roster, rep_id), name=_read("name", line_of_text, name), email=address)
        return _with_rep(roster, rep)

    return edit


def add_alias(rep_id: str, alias: str, field: str = "alias") -> Edit:
    """Known by this name in another system too."""

    def edit(roster: Roster) -> Roster:
        rep = _rep(roster, rep_id)
        text = _read(field, key_text, alias)
        _check_free(roster, text, field, but_for=rep_id)
        if text == rep_id or text in rep.aliases:
            return roster
        return _with_rep(roster, replace(rep, aliases=(*rep.aliases, text)))

    return edit


def _check_free(roster: Roster, text: str, field: str, but_for: str | None = None) -> None:
    owner = roster.resolve(text)
    if owner in roster.reps and owner != but_for:
        raise EditRefused(field, "name_taken", rep=roster.rep_name(owner))


def remove_alias(rep_id: str, alias: str) -> Edit:
    """No longer known by it; events that bear it are somebody else's from then on."""

    def edit(roster: Roster) -> Roster:
        rep = _rep(roster, rep_id)
        return _with_rep(roster, replace(rep, aliases=tuple(one for one in rep.aliases if one != alias)))

    return edit


@dataclass(frozen=True, slots=True)
class NewRep:
    """What is typed of a new rep. Without a team there is no date either."""

    id: str
    name: str
    email: str = ""
    team: str | None = None
    from_on: dt.date | None = None


def add_rep(new: NewRep, prefix: str = "") -> Edit:
    """Somebody new. `prefix` stands before the fields' names where several are typed at once."""

    def edit(roster: Roster) -> Roster:
        rep_id = _read(f"{prefix}id", key_text, new.id)
        _check_free(roster, rep_id, f"{prefix}id")
        if new.team is not None and new.from_on is None:
            raise EditRefused(f"{prefix}from_on", "need_from")
        name = _read(f"{prefix}name", line_of_text, new.name)
        email = _read(f"{prefix}email", email_text, new.email) if new.email else None
        added = _with_rep(roster, Rep(rep_id, name, email))
        if new.team is None or new.from_on is None:
            return added
        return assign(rep_id, new.team, new.from_on)(added)

    return edit


# Teams


@dataclass(frozen=True, slots=True)
class TypedTeam:
    """What is typed of a team; `manager` is a rep's id, alias, e-mail address or name, or empty."""

    id: str
    name: str
    department: str
    manager: str


def add_team(typed: TypedTeam) -> Edit:
    """Another team."""

    def edit(roster: Roster) -> Roster:
        team_id = _read("id", id_text, typed.id)
        if team_id in roster.teams:
            raise EditRefused("id", "team_taken", team=roster.team_name(team_id))
        return _with_team(roster, replace(typed, id=team_id))

    return edit


def change_team(typed: TypedTeam) -> Edit:
    """Another name, department or manager."""

    def edit(roster: Roster) -> Roster:
        if typed.id not in roster.teams:
            raise EditRefused("", "team_gone")
        return _with_team(roster, typed)

    return edit


def _with_team(roster: Roster, typed: TypedTeam) -> Roster:
    name = _read("name", line_of_text, typed.name)
    # A file may name another department; what is there already stays.
    was = roster.teams.get(typed.id)
    if typed.department not in DEPARTMENTS and (was is None or was.department != typed.department):
        raise EditRefused("department", "need_department")
    manager = named_rep(roster, typed.manager, "manager") if typed.manager else None
    return Roster({**roster.teams, typed.id: Team(typed.id, name, typed.department, manager)}, roster.reps)


def named_rep(roster: Roster, written: str, field: str) -> str:
    """The rep's id whom somebody means: by id, alias, e-mail address or name. Raises EditRefused."""
    text = _read(field, key_text, written)
    owner = roster.resolve(text)
    if owner in roster.reps:
        return owner
    folded = text.casefold()
    found = [
        rep.id
        for rep in roster.reps.values()
        if folded in (rep.name.casefold(), (rep.email or "").casefold())
    ]
    if len(found) != 1:
        raise EditRefused(field, "several_reps" if found else "unknown_rep", written=text)
    return found[0]


def all_of(*edits: Edit) -> Edit:
    """One after the other."""

    def edit(roster: Roster) -> Roster:
        for one in edits:
            roster = one(roster)
        return roster

    return edit
