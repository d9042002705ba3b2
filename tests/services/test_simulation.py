"""A draft tried on what has happened: what it says is what would be stored, and it stores nothing."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.files.problems import FileProblems
from leaderboard.persistence.db import Base, db
from leaderboard.services import answers
from leaderboard.services.answers import NoRulebook
from leaderboard.services.closing import close_period
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.rulebook_apply import RulebookRefused, apply_rulebook
from leaderboard.services.simulation import simulate
from leaderboard.services.simulation_document import document_of
from tests.databases import count_statements
from tests.services.acme import RULEBOOK, SetClock, july, points, send

STRICT = RULEBOOK.replace(b"within: 1h", b"within: 20m").replace(b"within one hour", b"at once")
DRAFT = STRICT.replace(b"2026-01-01", b"2027-01-01") + (
    b"recognition:\n  best: {period: month, scope: rep, places: 1, bonus: 100.50, badge: leader}\n"
)


def tried(document: bytes, period: str = "2026-07") -> dict[str, Any]:
    return document_of(simulate(document, "draft.yaml", period))


def side(document: dict[str, Any], name: str, scope: str = "rep") -> dict[str, Any]:
    return {row["id"]: row[name] for row in document["standings"][scope]}


def asked(period: str, scope: str = "rep") -> dict[str, Any]:
    rows = answers.standings(answers.ask(), period, SubjectKind(scope))["standings"]
    return {row.pop("id"): {key: row[key] for key in row if key != "name"} for row in rows}


def rows_of_everything(session: Session) -> dict[str, list[Any]]:
    names = [table.name for table in Base.metadata.sorted_tables]
    found = {name: session.execute(text(f'SELECT * FROM "{name}"')).all() for name in names}
    session.rollback()
    return {name: sorted(map(repr, rows)) for name, rows in found.items()}


def test_as_it_is_is_what_the_command_says(acme: Session, at: SetClock) -> None:
    july(acme)
    at("2026-08-10T00:00:00Z")
    document = tried(DRAFT)
    for scope in ("rep", "team"):
        assert side(document, "as_is", scope) == asked("2026-07", scope)
    assert (document["state"], document["ended"], document["currency"]) == ("open", True, "EUR")
    assert document["rulebook"] == {
        "effective_from": "2027-01-01", "tried_from": "2026-07-01", "replaces": ["2026-01-01"],
    }  # fmt: skip


def test_as_it_would_be_is_what_is_stored_once_it_is_in_force(acme: Session, at: SetClock) -> None:
    july(acme)
    now = at("2026-08-10T00:00:00Z")
    document = tried(DRAFT)
    assert side(document, "as_is") != side(document, "would_be")
    restated = DRAFT.replace(b"2027-01-01", b"2026-07-01")
    apply_rulebook(restated, "draft.yaml", now, "test", "to see whether it comes true")
    for scope in ("rep", "team"):
        assert side(document, "would_be", scope) == asked("2026-07", scope)
    ratings = answers.ratings(answers.ask(), "2026-07")["ratings"]
    changed = {row["id"]: row["would_be"]["rating"] for row in document["ratings"]}
    assert changed == {"ana": "missed"}
    assert changed["ana"] == next(row["rating"] for row in ratings if row["id"] == "ana")


def test_the_cost_as_it_was_and_as_it_would_be(acme: Session, at: SetClock) -> None:
    send(
        acme,
        ("1", "lead.assigned", "2026-07-03T10:00:00Z", "L1", "ana"),
        ("2", "lead.contacted", "2026-07-03T10:10:00Z", "L1"),
    )
    at("2026-08-10T00:00:00Z")
    bonus = tried(DRAFT)["bonus"]
    assert bonus["cost"] == {"as_is": "0", "would_be": "100.5"}
    assert bonus["worst"] == {"as_is": "0", "would_be": "100.5"}


def test_the_rulebook_in_force_changes_nothing(acme: Session, at: SetClock) -> None:
    july(acme)
    at("2026-08-10T00:00:00Z")
    document = tried(RULEBOOK)
    assert side(document, "as_is") == side(document, "would_be")
    assert [document[part] for part in ("ratings", "badges", "winners", "prizes", "steps")] == [[]] * 5


def test_a_closed_month_is_tried_on_what_was_known_at_its_closing(acme: Session, at: SetClock) -> None:
    july(acme)
    at("2026-08-04T00:00:00Z")
    close_period("2026-07", "test")
    sealed = asked("2026-07")
    at("2026-08-10T00:00:00Z")
    send(acme, ("9", "lead.contacted", "2026-07-03T10:05:00Z", "L3"))
    bring_up_to_date(at("2026-08-10T01:00:00Z"))
    same, stricter = tried(RULEBOOK), tried(DRAFT)
    assert side(same, "as_is") == side(same, "would_be") == sealed
    assert side(stricter, "as_is") == sealed
    assert (same["state"], same["as_of"]) == ("sealed", "2026-08-04T00:00:00Z")
    assert side(stricter, "would_be")["ben"]["points"] == sealed["ben"]["points"]


def test_an_open_quarter_goes_on_from_its_closed_months(acme: Session, at: SetClock) -> None:
    july(acme)
    at("2026-08-04T00:00:00Z")
    close_period("2026-07", "test")
    at("2026-08-10T00:00:00Z")
    send(acme, ("9", "lead.contacted", "2026-07-03T10:05:00Z", "L3"))
    bring_up_to_date(at("2026-08-10T01:00:00Z"))
    document = tried(RULEBOOK, "2026-Q3")
    assert side(document, "as_is") == side(document, "would_be") == asked("2026-Q3")
    assert side(tried(DRAFT, "2026-Q3"), "as_is") == asked("2026-Q3")


def test_closed_months_before_the_period_stay_as_they_were_sealed(acme: Session, at: SetClock) -> None:
    july(acme)
    at("2026-08-04T00:00:00Z")
    close_period("2026-07", "test")
    leader = points("2026-08")
    document = tried(DRAFT, "2026-08")
    assert {who: row["points"] for who, row in side(document, "would_be").items()} == leader


@pytest.mark.parametrize("period", ["2026-07", "2026-Q3"])
def test_it_stores_nothing(acme: Session, at: SetClock, period: str) -> None:
    july(acme)
    at("2026-08-10T00:00:00Z")
    before = rows_of_everything(acme)
    with count_statements(db.engine) as seen:
        tried(DRAFT, period)
    assert {statement.split()[0] for statement in seen} == {"SELECT"}
    assert rows_of_everything(acme) == before


def test_it_tells_of_its_progress(acme: Session, at: SetClock) -> None:
    july(acme)
    at("2026-08-10T00:00:00Z")
    bring_up_to_date(at("2026-08-10T00:00:01Z"))
    told: list[tuple[int, int]] = []
    simulate(DRAFT, "draft.yaml", "2026-07", lambda done, of: told.append((done, of)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((b"timezone: UTC", b"timezone: Asia/Tokyo"), "organization.timezone is Asia/Tokyo, but UTC"),
        ((b"currency: EUR", b"currency: EUR, fiscal_year_start: 4"), "organization.fiscal_year_start is 4, but 1"),
    ],
)  # fmt: skip
def test_a_draft_that_cuts_time_differently_is_refused(
    acme: Session, at: SetClock, change: tuple[bytes, bytes], told: str
) -> None:
    with pytest.raises(RulebookRefused, match=told):
        tried(RULEBOOK.replace(*change))


def test_a_period_that_has_not_begun_is_refused(acme: Session, at: SetClock) -> None:
    with pytest.raises(ValueError, match="2026-08 has not begun yet"):
        tried(RULEBOOK, "2026-08")
    with pytest.raises(ValueError, match="is not a period"):
        tried(RULEBOOK, "2026")


def test_a_bad_draft_is_refused_whole(acme: Session) -> None:
    with pytest.raises(FileProblems):
        tried(b"rulebook: 1\n")


def test_without_a_rulebook_there_is_nothing_to_compare_with(session: Session) -> None:
    with pytest.raises(NoRulebook):
        tried(RULEBOOK)
