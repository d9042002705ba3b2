"""Roster files (rulebook.md, Roster): reading with every problem told, writing, and the kept document."""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import cast

from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan, TimeOff
from leaderboard.files import values
from leaderboard.files.messages import shown
from leaderboard.files.plain import jsonable, without_gaps, write_yaml
from leaderboard.files.values import (
    Section,
    Value,
    Wrong,
    by_id,
    date,
    key_text,
    line_of_text,
    list_of,
    reference,
)
from leaderboard.files.yaml_nodes import ListNode, MapNode, Scalar

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_NO_DATE = dt.date.min

_Document = dict[str, object]


def read_roster(document: str | bytes, name: str) -> Roster:
    """The roster of a YAML document. `name` is the file's. Raises FileProblems with all of them."""
    root = values.load(document, name)
    return values.finish(root, name, root.read(roster_of, Roster()))


def roster_of(root: Value) -> Roster:
    """The roster of a tree, whatever file it was read from; what is wrong is noted in the values."""
    section = Section(root)
    reps_value = section.value("reps")
    rep_ids = {_normal(name) for name in _names(reps_value)}
    teams = section.mapping("teams", lambda value: _teams(value, rep_ids))
    team_ids = _names(section.value("teams"))
    reps = section.mapping("reps", lambda value: _reps(value, team_ids))
    section.finish()
    return Roster(teams, reps)


def _names(value: Value | None) -> list[str]:
    return list(value.node.entries) if value is not None and isinstance(value.node, MapNode) else []


def _normal(written: str) -> str:
    return unicodedata.normalize("NFC", written.strip())


def _teams(value: Value, rep_ids: set[str]) -> Mapping[str, Team]:
    return by_id(value, lambda name, one: _team(name, one, rep_ids))


def _team(name: str, value: Value, rep_ids: set[str]) -> Team:
    section = Section(value)
    result = Team(
        id=name,
        name=section.required("name", line_of_text, ""),
        department=section.required("department", line_of_text, ""),
        manager=section.optional("manager", _known_rep(rep_ids), None),
    )
    section.finish()
    return result


def _known_rep(rep_ids: set[str]) -> Callable[[Value], str]:
    known = reference("rep", rep_ids)

    def read(value: Value) -> str:
        written = key_text(value)
        return written if written in rep_ids else known(value)

    return read


def _reps(value: Value, team_ids: list[str]) -> Mapping[str, Rep]:
    names = _NamesTaken()
    entries = value.entries()
    reps: dict[str, Rep] = {}
    for written, entry in entries.items():
        key = Scalar(written, entry.key_line or entry.line, plain=False)
        rep_id = Value(key, entry.key, entry.problems).read(key_text, "")
        if rep_id in reps:
            entry.note_key("rep_given_twice")
        reps[rep_id] = entry.read(lambda one, rep_id=rep_id: _rep(rep_id, one, team_ids), Rep(rep_id, ""))  # type: ignore[misc]
    for rep in reps.values():
        names.take_id(rep.id)
    for written, entry in entries.items():
        names.take_aliases(_normal(written), entry)
    return reps


class _NamesTaken:
    """Whom each id and alias names: an alias is no other rep's id or alias."""

    def __init__(self) -> None:
        self._owners: dict[str, tuple[str, str]] = {}

    def take_id(self, rep_id: str) -> None:
        """An id is its rep's before any alias."""
        self._owners[rep_id] = (rep_id, "the id")

    def take_aliases(self, rep_id: str, rep: Value) -> None:
        """Note the aliases that name another rep already."""
        if not isinstance(rep.node, MapNode) or "aliases" not in rep.node.entries:
            return
        aliases = rep.entries()["aliases"]
        for item in aliases.items() if isinstance(aliases.node, ListNode) else ():
            if isinstance(item.node, Scalar):
                owner, how = self._owners.setdefault(_normal(item.node.text), (rep_id, "an alias"))
                if owner != rep_id:
                    item.note("name_taken", how=how, rep=shown(owner))


def _rep(rep_id: str, value: Value, team_ids: list[str]) -> Rep:
    section = Section(value)
    result = Rep(
        id=rep_id,
        name=section.required("name", line_of_text, ""),
        email=section.optional("email", email_text, None),
        aliases=tuple(dict.fromkeys(section.optional("aliases", list_of(key_text, ""), ()))),
        teams=section.optional("teams", lambda one: _spans(one, team_ids), ()),
        time_off=section.optional("time_off", _time_off, ()),
    )
    section.finish()
    return result


def email_text(value: Value) -> str:
    """An e-mail address."""
    written = line_of_text(value)
    if not _EMAIL.fullmatch(written):
        raise Wrong("bad_email", found=value.found)
    return written


def _spans(value: Value, team_ids: list[str]) -> tuple[TeamSpan, ...]:
    known = reference("team", team_ids)
    read = [
        (item, span) for item in value.items() if (span := item.read(lambda one: _span(one, known), None))
    ]
    in_order = sorted(read, key=lambda pair: pair[1].from_on)
    last: TeamSpan | None = None
    for item, span in in_order:
        if last is not None and last.covers(span.from_on):
            item.note("spans_overlap", date=last.from_on.isoformat())
        if last is None or not _ends_later(last, span):
            last = span
    return tuple(span for _, span in in_order)


def _ends_later(one: TeamSpan, other: TeamSpan) -> bool:
    return one.until_on is None or (other.until_on is not None and one.until_on > other.until_on)


def _span(value: Value, known_team: Callable[[Value], str]) -> TeamSpan | None:
    section = Section(value)
    team = section.required("team", known_team, "")
    from_on = section.required("from", date, None)
    until_on = section.optional("until", date, None)
    in_order = _check_order(section, from_on, until_on)
    is_open = section.value("until") is None
    section.finish()
    return TeamSpan(team, from_on, until_on) if from_on and in_order and (until_on or is_open) else None


def _check_order(section: Section, from_on: dt.date | None, until_on: dt.date | None) -> bool:
    written = section.value("until")
    if from_on is None or until_on is None or written is None or from_on <= until_on:
        return True
    written.note("until_before_from", date=from_on.isoformat())
    return False


def _time_off(value: Value) -> tuple[TimeOff, ...]:
    return tuple(sorted(list_of(_off, TimeOff(_NO_DATE, _NO_DATE))(value), key=lambda off: off.from_on))


def _off(value: Value) -> TimeOff:
    section = Section(value)
    from_on = section.required("from", date, None)
    until_on = section.required("until", date, None)
    _check_order(section, from_on, until_on)
    section.finish()
    return TimeOff(from_on or _NO_DATE, until_on or _NO_DATE)


# Writing


def write_roster(roster: Roster) -> str:
    """The roster as YAML; `read_roster` gives it back."""
    return write_yaml(_document(roster))


def roster_document(roster: Roster) -> str:
    """The roster as canonical JSON: equal rosters give equal texts."""
    return json.dumps(jsonable(_document(roster)), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def roster_from_document(document: str) -> Roster:
    """The roster that `roster_document` wrote. It was good when it was written, so it is only rebuilt."""
    found = json.loads(document)
    teams = {name: _kept_team(name, one) for name, one in found["teams"].items()}
    return Roster(teams, {name: _kept_rep(name, one) for name, one in found["reps"].items()})


def _kept_team(name: str, one: Mapping[str, str]) -> Team:
    return Team(name, one["name"], one["department"], one.get("manager"))


def _kept_rep(name: str, one: Mapping[str, object]) -> Rep:
    spans = cast(list[dict[str, str]], one.get("teams", []))
    offs = cast(list[dict[str, str]], one.get("time_off", []))
    return Rep(
        id=name,
        name=cast(str, one["name"]),
        email=cast("str | None", one.get("email")),
        aliases=tuple(cast(list[str], one.get("aliases", []))),
        teams=tuple(
            TeamSpan(span["team"], _day(span["from"]), _maybe_day(span.get("until"))) for span in spans
        ),
        time_off=tuple(TimeOff(_day(off["from"]), _day(off["until"])) for off in offs),
    )


def _day(written: str) -> dt.date:
    return dt.date.fromisoformat(written)


def _maybe_day(written: str | None) -> dt.date | None:
    return None if written is None else _day(written)


def _document(roster: Roster) -> _Document:
    return {
        "teams": {team.id: _team_document(team) for team in roster.teams.values()},
        "reps": {rep.id: _rep_document(rep) for rep in roster.reps.values()},
    }


def _team_document(team: Team) -> _Document:
    return without_gaps({"name": team.name, "department": team.department, "manager": team.manager})


def _rep_document(rep: Rep) -> _Document:
    return without_gaps(
        {
            "name": rep.name,
            "email": rep.email,
            "aliases": list(rep.aliases) or None,
            "teams": [_span_document(span) for span in rep.teams] or None,
            "time_off": [{"from": off.from_on, "until": off.until_on} for off in rep.time_off] or None,
        }
    )


def _span_document(span: TeamSpan) -> _Document:
    return without_gaps({"team": span.team, "from": span.from_on, "until": span.until_on})
