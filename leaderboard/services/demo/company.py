"""Who works at the demo's company: teams, reps, those who came, left and moved, and how good each is at what."""

import datetime as dt
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from leaderboard.domain.periods import Month

MAIL_DOMAIN = "demo.example"


@dataclass(frozen=True, slots=True)
class DemoTeam:
    """A team, and the id of its manager, who holds no leads."""

    id: str
    name: str
    department: str
    manager: str


TEAMS = (
    DemoTeam("inbound-south", "Inbound South", "sales", "marta"),
    DemoTeam("inbound-north", "Inbound North", "sales", "marta"),
    DemoTeam("outbound", "Outbound", "sales", "otto"),
    DemoTeam("key-accounts", "Key accounts", "sales", "paula"),
    DemoTeam("demand", "Demand generation", "marketing", "sofia"),
    DemoTeam("content", "Content & search", "marketing", "sofia"),
)

_MANAGERS = {"marta": "Marta Teles", "otto": "Otto Reis", "paula": "Paula Vaz", "sofia": "Sofia Brito"}

_PEOPLE: Mapping[str, tuple[str, ...]] = {
    "inbound-south": (
        "Ana Souza", "Rui Faria", "Jana Rosa", "Bia Campos", "Davi Moura", "Elisa Prates", "Nuno Sales", "Vera Lemos",
    ),
    "inbound-north": (
        "Gus Lima", "Kai Nunes", "Mila Duarte", "Téo Barros", "Iara Pontes", "Caio Freitas", "Rosa Viana",
    ),
    "outbound": (
        "Lia Prado", "Hana Cruz", "Cleo Dias", "Zeca Ramos", "Olga Reis", "Beto Paiva", "Nina Castro", "Igor Sá",
        "Duda Neves",
    ),
    "key-accounts": (
        "Ivo Melo", "Raul Fox", "Alba Torres", "Dora Maia", "Leo Batista", "Sara Quintela",
    ),
    "demand": ("Tina Rocha", "Yuri Alves", "Flora Pinto", "Enzo Gomes", "Júlia Leal"),
    "content": ("Mário Luz", "Pilar Costa", "Hugo Teixeira", "Lívia Antunes"),
}  # fmt: skip

_JOINED = {"vera": 4, "caio": 2, "duda": 6, "sara": 3, "livia": 5}
"""In which month, counted from the first one; all others were there before."""
_LEFT = {"tomas": ("Tomás Aguiar", "outbound", 5), "clara": ("Clara Bastos", "inbound-north", 7)}
"""After which month they left."""
_MOVED = {"nuno": ("outbound", 4), "leo": ("inbound-south", 6)}
"""From which team, and with the beginning of which month."""


@dataclass(frozen=True, slots=True)
class Skills:
    """How someone works. `pace` is the usual share of a limit that is used up; the rest are chances."""

    pace: float
    care: float
    closing: float
    stamina: float


_KNOWN = {
    "ana": Skills(0.2, 0.93, 0.46, 0.9),
    "rui": Skills(0.22, 0.9, 0.42, 0.85),
    "lia": Skills(0.24, 0.92, 0.44, 0.88),
    "gus": Skills(0.27, 0.9, 0.4, 0.85),
}
"""Those whom the newcomer meets first have something to show."""


@dataclass(frozen=True, slots=True)
class DemoRep:
    """A rep, by the names that the company's systems know them by."""

    id: str
    name: str
    login: str
    crm_id: str
    email: str
    skills: Skills


def reps() -> dict[str, DemoRep]:
    """All reps and managers by id, in the order of their teams."""
    names = [name for team in _PEOPLE.values() for name in team]
    names += [name for name, _, _ in _LEFT.values()]
    names += _MANAGERS.values()
    return {rep.id: rep for rep in (_rep(name, number) for number, name in enumerate(names))}


def _rep(name: str, number: int) -> DemoRep:
    first, last = (_plain(part) for part in name.split())
    return DemoRep(
        id=first,
        name=name,
        login=f"{first[0]}{last}",
        crm_id=f"0055A00000{4_000 + 37 * number}",
        email=f"{first}@{MAIL_DOMAIN}",
        skills=_KNOWN.get(first) or _skills(Random(f"skills of {first}")),
    )


def _skills(chance: Random) -> Skills:
    return Skills(
        pace=chance.uniform(0.18, 0.52),
        care=chance.uniform(0.72, 0.97),
        closing=chance.uniform(0.26, 0.52),
        stamina=chance.uniform(0.6, 0.95),
    )


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in letters if letter.isascii())


def roster_document(first_month: Month) -> bytes:
    """The roster file, with its dates counted from the first month."""
    document = {
        "teams": {
            team.id: {"name": team.name, "department": team.department, "manager": team.manager}
            for team in TEAMS
        },
        "reps": {rep.id: _entry(rep, first_month) for rep in reps().values()},
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _entry(rep: DemoRep, first_month: Month) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": rep.name, "email": rep.email}
    if rep.id in _MANAGERS:
        return entry
    entry["aliases"] = [rep.crm_id, rep.login]
    entry["teams"] = _spans(rep.id, first_month)
    off = _time_off(rep.id, first_month)
    return entry | ({"time_off": off} if off else {})


def _spans(rep_id: str, first_month: Month) -> list[dict[str, str]]:
    since = first_month.plus(-14 + _number(rep_id) % 9).first_on
    if rep_id in _LEFT:
        _, team, months = _LEFT[rep_id]
        return [_span(team, since, first_month.plus(months).last_on)]
    team = next(team for team, names in _PEOPLE.items() if any(_id(name) == rep_id for name in names))
    if rep_id in _JOINED:
        return [_span(team, first_month.plus(_JOINED[rep_id]).first_on + dt.timedelta(days=6))]
    if rep_id in _MOVED:
        before, months = _MOVED[rep_id]
        moved_on = first_month.plus(months).first_on
        return [_span(before, since, moved_on - dt.timedelta(days=1)), _span(team, moved_on)]
    return [_span(team, since)]


def _span(team: str, from_on: dt.date, until_on: dt.date | None = None) -> dict[str, str]:
    span = {"team": team, "from": from_on.isoformat()}
    return span if until_on is None else span | {"until": until_on.isoformat()}


def _time_off(rep_id: str, first_month: Month) -> list[dict[str, str]]:
    """Two weeks for most, at some time in the past months, and a day or two besides."""
    if rep_id in _LEFT or rep_id in _JOINED:
        return []
    number = _number(rep_id)
    holiday = first_month.plus(1 + number % 8).first_on + dt.timedelta(days=number % 14)
    spans = [(holiday, holiday + dt.timedelta(days=13 if number % 3 else 6))]
    if number % 4 == 0:
        ill = first_month.plus((number + 5) % 9).first_on + dt.timedelta(days=number % 20 + 1)
        apart = ill > spans[0][1] or ill + dt.timedelta(days=1) < spans[0][0]
        spans += [(ill, ill + dt.timedelta(days=1))] if apart else []
    return [{"from": first.isoformat(), "until": last.isoformat()} for first, last in sorted(spans)]


def _id(name: str) -> str:
    return _plain(name.split()[0])


def _number(rep_id: str) -> int:
    """The same for a rep on every machine."""
    return sum(ord(letter) * (place + 3) for place, letter in enumerate(rep_id))
