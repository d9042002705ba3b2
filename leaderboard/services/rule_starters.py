"""A short rulebook to begin with, for whoever has none yet."""

import datetime as dt
from pathlib import Path
from string import Template

from leaderboard.files.plain import write_yaml
from leaderboard.services.reading import organization

_STARTER = Path(__file__).with_name("starter_rulebook.yaml")


def starter(first_on: dt.date) -> str:
    """The example, for the organization that there is; else for one whose name and time zone are to be changed."""
    who = organization()
    known = {
        "name": "Our company" if who is None else who.name,
        "timezone": "UTC" if who is None else who.zone.key,
        "currency": "EUR" if who is None else who.currency,
        "fiscal_year_start": 1 if who is None else who.fiscal_year_start,
    }
    written = "".join(f"  {line}\n" for line in write_yaml(dict(known)).splitlines())
    return Template(_STARTER.read_text("utf-8")).substitute(
        effective_from=first_on.isoformat(), organization=written.rstrip("\n")
    )
