"""A made-up organisation of any size: a rulebook, a roster, and a CSV of events, the same at every run."""

import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path

RULEBOOK = """\
rulebook: 1
effective_from: 2025-01-01
organization: {name: Bench, timezone: America/Sao_Paulo, currency: BRL}
calendars:
  desk:
    hours:
      monday: ["09:00-12:00", "13:00-18:00"]
      tuesday: ["09:00-12:00", "13:00-18:00"]
      wednesday: ["09:00-12:00", "13:00-18:00"]
      thursday: ["09:00-12:00", "13:00-18:00"]
      friday: ["09:00-12:00", "13:00-18:00"]
    holidays: {country: BR, subdivision: SP}
service_levels:
  first-contact:
    name: First contact within two working hours
    party: sales
    measure: response
    start: lead.assigned
    stop: lead.contacted
    calendar: desk
    within: 2h
    exceed_within: 30m
    target: 80%
    exceed: 95%
    points: {each: {exceeded: 3, met: 2, missed: -1}, month: {exceeded: 150, met: 100}}
badges:
  quick-draw: {name: Quick draw, for: {count: 10, service_level: first-contact, rating: exceeded}, points: 20}
  unbroken: {name: Unbroken, for: {streak: 25, service_level: first-contact}, points: 50}
  leader: {name: Leader, for: {rank: 1, period: month, scope: rep}}
"""
_MINUTES = 10 * 30 * 24 * 60
_FIRST = dt.datetime(2025, 1, 2, 11, tzinfo=dt.UTC)
_STEPS = ("lead.created", "lead.assigned", "lead.contacted", "lead.qualified")


@dataclass(frozen=True, slots=True)
class World:
    """How much of everything."""

    events: int = 1_000_000
    leads: int = 300_000
    reps: int = 200
    teams: int = 20

    def write_rules(self, folder: Path) -> tuple[Path, Path]:
        """A rulebook and a roster."""
        rulebook, roster = folder / "rulebook.yaml", folder / "roster.yaml"
        rulebook.write_text(RULEBOOK, "utf-8")
        teams = "".join(f"  t{n}: {{name: Team {n}, department: sales}}\n" for n in range(self.teams))
        reps = "".join(
            f"  r{n}: {{name: Rep {n}, teams: [{{team: t{n % self.teams}, from: 2025-01-01}}]}}\n"
            for n in range(self.reps)
        )
        roster.write_text(f"teams:\n{teams}reps:\n{reps}", "utf-8")
        return rulebook, roster

    def write_events(self, path: Path) -> None:
        """The events, lead by lead in the order of their beginnings, three or four each."""
        chance = random.Random(7)
        left = self.events
        with path.open("w", encoding="utf-8") as file:
            file.write("id,source,type,time,lead,rep\n")
            for lead in range(self.leads):
                steps = -(-left // (self.leads - lead))
                at = _FIRST + dt.timedelta(minutes=lead * _MINUTES // self.leads)
                rep = f"r{chance.randrange(self.reps)}"
                for step in range(min(steps, left)):
                    kind = _STEPS[step % len(_STEPS)]
                    who = rep if kind == "lead.assigned" else ""
                    file.write(f"{lead}-{step},crm,{kind},{at:%Y-%m-%dT%H:%M:%SZ},L{lead},{who}\n")
                    at += dt.timedelta(minutes=chance.randrange(1, 200))
                left -= min(steps, left)
