"""What a migration works out for the rows that are there already."""

from pathlib import Path

from sqlalchemy import text

from leaderboard.app import create_app
from leaderboard.persistence.db import db
from tests.databases import Server, migrate, settings_for

# Missed, missed, kept, unrated but sealed, missed; another's ladder was shortened to one step.
LADDERS = [
    ("2026-01", 1, 1, 0, True), ("2026-02", 1, 2, 0, True), ("2026-03", 1, 2, 1, True), ("2026-04", 1, 2, 1, False),
    ("2026-05", 1, 3, 0, True), ("2026-06", 1, 0, 0, True), ("2026-07", 1, 1, 0, True),
    ("2026-03", 2, 1, 1, False), ("2026-04", 2, 2, 0, True), ("2026-05", 2, 1, 0, True),
]  # fmt: skip


def test_strikes_are_the_missed_months_that_stand(database_server: Server, tmp_path: Path) -> None:
    database = database_server.empty()
    migrate(database, tmp_path, "0008")
    app = create_app(settings_for(database, tmp_path))
    row = text(
        "INSERT INTO ladder_states (month, consequence, subject, person_id, team_id, step, clean, rated)"
        " VALUES (:month, 'slow', 'rep', :person, 0, :step, :clean, :rated)"
    )
    with app.app_context():
        for month, person, step, clean, rated in LADDERS:
            flag = int(rated) if database.kind == "sqlite" else rated
            given = {"month": month, "person": person, "step": step, "clean": clean, "rated": flag}
            db.session.execute(row, given)
        db.session.commit()
        db.engine.dispose()
    migrate(database, tmp_path)
    with app.app_context():
        found = db.session.execute(
            text("SELECT person_id, month, strikes FROM ladder_states ORDER BY person_id, month")
        ).all()
        db.session.remove()
        db.engine.dispose()
    assert [tuple(row[1:]) for row in found if row[0] == 1] == [
        ("2026-01", "2026-01"),
        ("2026-02", "2026-01,2026-02"),
        ("2026-03", "2026-01,2026-02"),
        ("2026-04", "2026-01,2026-02"),
        ("2026-05", "2026-01,2026-02,2026-05"),
        ("2026-06", ""),
        ("2026-07", "2026-07"),
    ]
    assert [row.strikes for row in found if row[0] == 2] == ["2026-03", "2026-03,2026-04", "2026-05"]
    database_server.drop(database)
