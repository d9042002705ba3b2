"""What stands out in a look at fairness, in sentences, each with where something can be done about it."""

from typing import Any

from flask import Flask

from leaderboard.web.presenters.fairness_findings import (
    CALENDARS,
    CARROTS,
    LADDERS,
    LEVELS,
    Finding,
    findings,
)

BANDS = {"few_until": 4, "middle_until": 9}


def group(key: str, hits: int, cases: int, stand: str | None, name: str | None = None) -> dict[str, Any]:
    return {"key": key, "name": name, "hits": hits, "cases": cases, "stand": stand, "expected": "2.5000"}


def chances(hits: int, cases: int, lost: int = 0, **groups: list[dict[str, Any]]) -> dict[str, Any]:
    return {"hits": hits, "cases": cases, "lost": lost, "groups": groups}


def level(found: dict[str, Any], **more: Any) -> dict[str, Any]:
    kept = {"id": "first", "name": "First contact", "subject": "rep", "measure": "response", "by": "month"}
    return {**kept, "chances": found, **more}


def left(tau: str, lost: int, moved: int, reps: int = 4) -> dict[str, Any]:
    pairs = {"same": 3, "swapped": 3, "tied": 0}
    wins = {"as_is": 5, "lost": lost}
    return {
        "service_level": "first", "name": "First contact", "tau": tau, "wins": wins, "pairs": pairs,
        "moved": moved, "reps": reps,
    }  # fmt: skip


def found(app: Flask, *levels: dict[str, Any], left_out: Any = (), **winning: Any) -> list[Finding]:
    won = {"period": "month", "chances": None, **winning}
    document = {"leads": BANDS, "winning": won, "service_levels": levels, "left_out": left_out}
    with app.test_request_context():
        return list(findings(document))


def told(app: Flask, *levels: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return [(one.words, one.part) for one in found(app, *levels, **more)]


def test_who_is_worse_off_is_told_and_where_nobody_is_who_is_better_off(app: Flask) -> None:
    south, north = group("s", 2, 20, "less", "South"), group("n", 18, 20, "more", "North")
    assert told(app, level(chances(20, 40, team=[north, south]))) == [
        ("South: First contact is met in 2 of 20 months, elsewhere in 18 of 20.", CALENDARS)
    ]
    alike = group("s", 2, 20, "alike", "South")
    assert told(app, level(chances(20, 40, team=[north, alike])))[0][0].startswith("North: ")


def test_groups_of_which_too_little_is_known_are_told_nothing_of(app: Flask) -> None:
    few = group("new", 0, 4, None)
    assert told(app, level(chances(20, 40, tenure=[group("seasoned", 20, 36, "alike"), few]))) == []


def test_new_reps_are_helped_by_grace_or_by_prorating(app: Flask) -> None:
    new = level(chances(50, 100, tenure=[group("new", 4, 30, "less")]))
    assert told(app, new) == [
        ("Reps with under 3 months meet First contact in 4 of 30 months, the others in 46 of 70.", LADDERS)
    ]
    assert told(app, {**new, "measure": "volume"})[0][1] == LEVELS


def test_leads_few_and_many(app: Flask) -> None:
    keys = ("none", "few", "middle", "many")
    groups = [group(key, 1, 20, "less") for key in keys]
    words = [one.words.partition(" meet ")[0] for one in found(app, level(chances(30, 80, leads=groups)))]
    assert words == [
        "Reps without leads", "Reps with up to 4 leads in the month", "Reps with 5 to 9 leads in the month",
        "Reps with over 9 leads in the month",
    ]  # fmt: skip


def test_outcomes_are_told_as_outcomes(app: Flask) -> None:
    one = level(chances(50, 100, tenure=[group("", 4, 30, "less")]), by="outcome")
    assert told(app, one)[0][0] == (
        "Reps whose first day is not known: First contact is kept 4 times out of 30, by the others 46 times out of 70."
    )


def test_a_quarter_of_targets_lost_is_much(app: Flask) -> None:
    assert told(app, level(chances(60, 100, lost=24))) == []
    assert told(app, level(chances(60, 100, lost=25)))[0][1] == LEVELS
    assert told(app, level(chances(0, 0))) == []


def test_half_of_the_winning_places_lost_is_much(app: Flask) -> None:
    assert told(app, chances=chances(5, 40, lost=19)) == []
    words, part = told(app, chances=chances(5, 40, lost=20), period="quarter")[0]
    assert (part, "20 of 40 quarters" in words) == (CARROTS, True)
    by_team = chances(10, 40, team=[group("", 0, 20, "less")])
    assert told(app, chances=by_team)[0][0] == "Reps in no team: 0 of 10 wins; by head count it would be 2.5."


def test_what_decides_much_and_what_decides_nothing(app: Flask) -> None:
    one = level(chances(5, 10))
    decides = told(app, one, left_out=[left("0.0000", 2, 4)])
    assert "2 of 5 wins would be somebody else’s, and 3 of 6 pairs" in decides[0][0]
    assert "wins" not in told(app, one, left_out=[left("0.6999", 0, 4)])[0][0]
    assert told(app, one, left_out=[left("0.7000", 1, 2)]) == []
    assert "nobody would stand elsewhere" in told(app, one, left_out=[left("1.0000", 0, 0)])[0][0]
    assert told(app, {**one, "subject": "team"}, left_out=[left("1.0000", 0, 0)]) == []
    assert told(app, one, left_out=[left("1.0000", 0, 0, reps=0)]) == []
