"""Versions of the rulebook: stored with their holidays, agreeing with each other, and never changing what is booked."""

import datetime as dt
import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.events import Event
from leaderboard.domain.instants import from_datetime
from leaderboard.files.problems import FileProblems
from leaderboard.persistence import models
from leaderboard.services.intake import accept
from leaderboard.services.rulebook_apply import Applied, RulebookRefused, apply_rulebook, load_book

NOW = from_datetime(dt.datetime(2026, 8, 15, tzinfo=dt.UTC))


def written(
    effective_from: str = "2026-01-01", points: int = 2, zone: str = "UTC", start: int = 1, more: str = ""
) -> bytes:
    return f"""
rulebook: 1
effective_from: {effective_from}
organization: {{name: Acme, timezone: {zone}, currency: BRL, fiscal_year_start: {start}}}
calendars:
  desk:
    hours: {{monday: ["09:00-18:00"]}}
    holidays: {{country: BR}}
service_levels:
  first-contact:
    name: First contact
    party: sales
    measure: response
    start: lead.assigned
    stop: lead.contacted
    within: 1h
    points: {{each: {{met: {points}}}}}
{more}
""".encode()


def apply(document: bytes, restatement: str | None = None) -> Applied:
    return apply_rulebook(document, "rulebook.yaml", NOW, "cli", restatement)


def revisions(session: Session) -> list[models.RulebookRevision]:
    return list(session.scalars(select(models.RulebookRevision).order_by(models.RulebookRevision.id)))


def contacted_in(session: Session, month: int) -> None:
    at = from_datetime(dt.datetime(2026, month, 3, 12, tzinfo=dt.UTC))
    accept(
        session,
        [
            Event("crm", f"a{month}", "lead.assigned", at, f"L{month}", "ana"),
            Event("crm", f"c{month}", "lead.contacted", at + 1, f"L{month}", "ana"),
        ],
        NOW,
    )
    session.commit()


def test_no_rulebook_makes_an_empty_book(session: Session) -> None:
    assert load_book(session) == ()


def test_a_version_is_stored_with_the_holidays_it_was_applied_with(session: Session) -> None:
    applied = apply(written())
    (row,) = revisions(session)
    assert (applied.revision, applied.is_new) == (row.id, True)
    assert row.document.encode() == written()
    assert "2026-12-25" in json.loads(row.holidays)["desk"]
    (rulebook,) = load_book(session)
    assert rulebook == applied.rulebook
    assert dt.date(2026, 9, 7) in rulebook.calendars["desk"].holidays


def test_the_same_again_stores_nothing(session: Session) -> None:
    first = apply(written())
    again = apply(written())
    assert (again.revision, again.is_new) == (first.revision, False)
    assert len(revisions(session)) == 1


def test_versions_follow_each_other_by_their_first_day(session: Session) -> None:
    apply(written("2026-09-01"))
    apply(written("2026-01-01"))
    apply(written("2026-09-01", points=5))
    assert [rulebook.effective_from.month for rulebook in load_book(session)] == [1, 9]
    assert load_book(session)[1].service_levels["first-contact"].each.met == 5
    assert len(revisions(session)) == 3


@pytest.mark.parametrize(
    ("zone", "start", "key"), [("Europe/Lisbon", 1, "timezone"), ("UTC", 4, "fiscal_year_start")]
)
def test_all_versions_cut_time_alike(session: Session, zone: str, start: int, key: str) -> None:
    apply(written("2026-01-01"))
    with pytest.raises(RulebookRefused, match=rf"organization\.{key} is .* in the version of 2026-01-01"):
        apply(written("2026-09-01", zone=zone, start=start))
    assert len(revisions(session)) == 1


def test_the_only_version_may_be_replaced_by_one_that_cuts_time_otherwise(session: Session) -> None:
    apply(written())
    assert apply(written(zone="Europe/Lisbon")).is_new


def test_what_changes_booked_points_needs_a_reason(session: Session) -> None:
    apply(written())
    contacted_in(session, 7)
    with pytest.raises(RulebookRefused, match="--restate"):
        apply(written(points=3))
    with pytest.raises(RulebookRefused):
        apply(written("2026-07-01", points=3))
    assert len(revisions(session)) == 1
    restated = apply(written("2026-07-01", points=3), "the sales head asked for it")
    assert restated.is_new
    row = revisions(session)[-1]
    assert (row.restates, row.reason) == (True, "the sales head asked for it")
    assert session.scalar(select(func.count()).where(models.Lead.touched_seq > 1)) == 1


def test_what_changes_nothing_booked_needs_none(session: Session) -> None:
    apply(written())
    contacted_in(session, 7)
    assert apply(written("2026-08-01", points=3)).is_new
    assert apply(written("2026-10-01", points=4)).is_new
    assert apply(written(more="agreement: {title: Marketing and sales}")).is_new
    assert not any(row.restates for row in revisions(session))


def test_a_bad_file_stores_nothing(session: Session) -> None:
    with pytest.raises(FileProblems):
        apply(b"rulebook: 2")
    assert revisions(session) == []


def test_who_applied_it_is_noted(session: Session) -> None:
    apply(written())
    noted = session.scalars(select(models.AuditEntry)).one()
    assert (noted.actor, noted.action, noted.subject) == ("cli", "rulebook.applied", "rulebook:2026-01-01")
