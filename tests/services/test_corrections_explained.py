"""The receipt of a correction says which leads of the sealed month count since, and which no longer."""

from sqlalchemy.orm import Session

from leaderboard.domain.rulebook import Rating
from leaderboard.persistence.db import writable
from leaderboard.queries.receipts import receipts
from leaderboard.queries.rep_page import Changed, Receipt
from leaderboard.services import answers, clock
from leaderboard.services.closing import close_due
from leaderboard.services.directory import Directory
from leaderboard.services.reading import open_reading
from tests.services.acme import SetClock, adjustments, july, send


def corrections(name: str) -> list[Receipt]:
    """A rep's in August."""
    session = answers.ask().session
    key = Directory(session).person_id(name)
    session.rollback()
    reading = open_reading(clock.now())
    assert reading is not None
    assert key is not None
    days, _ = receipts(reading, reading.ground.book.calendar.parse("2026-08"), key)
    session.rollback()
    writable(session)
    return [one for day in days for one in day.receipts if one.corrects]


def test_a_correction_names_the_leads_that_it_rests_on(acme: Session, at: SetClock) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-04T00:00:00Z")
    close_due()
    at("2026-08-10T00:00:00Z")
    send(
        acme,
        ("9", "lead.contacted", "2026-07-03T10:20:00Z", "L3"),
        ("10", "lead.assigned", "2026-07-06T10:00:00Z", "L4", "ben"),
        ("11", "lead.contacted", "2026-07-06T10:10:00Z", "L4"),
    )
    (points,) = [points for name, points, _ in adjustments() if name == "ben"]
    ben = corrections("ben")
    assert sum(one.points for one in ben) == points
    told = {change for one in ben for change in one.changed}
    assert told == {
        Changed("L3", Rating.MISSED, -1, counts=False),
        Changed("L3", Rating.MET, 2, counts=True),
        Changed("L4", Rating.MET, 2, counts=True),
    }
    assert corrections("ana") == []
