"""Rows with all that they need, for tests that care about one thing of them."""

from typing import Any

from leaderboard.persistence import models


def person(number: int, **others: Any) -> models.Person:
    given = {"id": number, "rep_id": f"rep-{number}", "in_roster": False, "created_at": 0}
    return models.Person(**given | others)


def entry(reason_key: str, **others: Any) -> models.LedgerEntry:
    given = {
        "booked_at": 0,
        "recorded_at": 0,
        "month": "2026-08",
        "day": "2026-08-03",
        "subject": "rep",
        "points": 2,
        "kind": "each",
        "rulebook_on": "2026-01-01",
        "reason_key": reason_key,
        "generation": 0,
    }
    return models.LedgerEntry(**given | others)


def draft(number: int) -> models.Draft:
    given = {"name": "Draft", "document": "", "sha256": "a", "problems": 0, "revision": 1}
    made = {"created_at": 0, "created_by": "user:1", "updated_at": 0, "updated_by": "user:1"}
    return models.Draft(id=number, **given, **made)


def user(number: int) -> models.User:
    return models.User(id=number, email=f"{number}@example.com", role="manager", created_at=0)
