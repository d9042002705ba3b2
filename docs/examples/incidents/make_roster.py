"""A roster out of the event log: each resolver in the group in which they changed most incidents.

python docs/examples/incidents/make_roster.py incidents.csv > roster.yaml
"""

import csv
import json
import sys
from collections import Counter, defaultdict

FROM = "2016-01-01"


def main(file_name: str) -> None:
    """Writes the roster to standard output; JSON is YAML too."""
    with open(file_name, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["assigned_to"] != "?"]
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        groups[row["assigned_to"]][row["assignment_group"]] += 1
    homes = {resolver: home(counted) for resolver, counted in groups.items()}
    teams = {
        team_id(group): {"name": group, "department": "sales"} for group in sorted(set(homes.values()) - {""})
    }
    reps = {resolver: entry(resolver, group) for resolver, group in sorted(homes.items())}
    json.dump({"teams": teams, "reps": reps}, sys.stdout, ensure_ascii=False, indent=1)


def home(counted: Counter[str]) -> str:
    """The group named most often, by its name where two are; none where it is always unknown."""
    known = sorted((-count, group) for group, count in counted.items() if group != "?")
    return known[0][1] if known else ""


def entry(resolver: str, group: str) -> dict[str, object]:
    """A resolver; in no team where the group is unknown."""
    teams = [{"team": team_id(group), "from": FROM}] if group else []
    return {"name": resolver, "teams": teams}


def team_id(group: str) -> str:
    """A group's id."""
    return group.lower().replace(" ", "-")


if __name__ == "__main__":
    main(sys.argv[1])
