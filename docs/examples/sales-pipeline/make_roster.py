"""A roster out of the list of sales agents: a team for each manager, named after the regional office.

python docs/examples/sales-pipeline/make_roster.py sales_teams.csv > roster.yaml
"""

import csv
import json
import sys

FROM, UNTIL = "2016-10-01", "2017-12-31"
"""The time that the list of opportunities spans. Who is in no team any more is not rated any more."""


def main(file_name: str) -> None:
    """Writes the roster to standard output; JSON is YAML too."""
    with open(file_name, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    managers = sorted({row["manager"] for row in rows})
    offices = {row["manager"]: row["regional_office"] for row in rows}
    teams = {
        team_id(manager): {
            "name": f"{offices[manager]}, {manager}",
            "department": "sales",
            "manager": manager,
        }
        for manager in managers
    }
    reps: dict[str, object] = {manager: {"name": manager} for manager in managers}
    for row in rows:
        span = {"team": team_id(row["manager"]), "from": FROM, "until": UNTIL}
        reps[row["sales_agent"]] = {"name": row["sales_agent"], "teams": [span]}
    json.dump({"teams": teams, "reps": reps}, sys.stdout, ensure_ascii=False, indent=1)


def team_id(manager: str) -> str:
    """An id such as the rulebook and addresses bear."""
    return manager.lower().replace(" ", "-")


if __name__ == "__main__":
    main(sys.argv[1])
