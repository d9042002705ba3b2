"""A roster changed on screen: what it would mean, saved as a version, told in the history; on both databases."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.persistence.models import AuditEntry
from leaderboard.services import clock, closing, evaluation, roster_edits, roster_saving
from leaderboard.services.roster_access import Reach
from leaderboard.services.roster_edits import EditRefused
from leaderboard.services.roster_history import roster_history
from leaderboard.services.roster_impact import Count, Impact
from leaderboard.services.roster_saving import ChangedMeanwhile
from leaderboard.services.rules import current_roster_version
from tests.services.acme import SetClock, july, points, send

UTC, ALL = ZoneInfo("UTC"), Reach(None)
TO_SOUTH = roster_edits.assign("ana", "south", dt.date(2026, 7, 4))


def impact(edit: roster_edits.Edit) -> Impact:
    return roster_saving.preview(edit, UTC, ALL).impact


@pytest.fixture
def played(acme: Session, at: SetClock) -> Session:
    """July: Ana has two outcomes (3 and 4 July), Ben one; a name nobody knows one; a clock of Ana's runs."""
    now = at("2026-07-04T12:00:00Z")
    july(acme)
    send(acme, ("6", "lead.assigned", "2026-07-04T09:00:00Z", "L4", "zoe"))
    send(acme, ("7", "lead.assigned", "2026-07-04T11:30:00Z", "L5", "ana"))
    evaluation.bring_up_to_date(now)
    return acme


def test_outcomes_that_change_team_are_counted(played: Session) -> None:
    assert impact(TO_SOUTH) == Impact(moved=Count(open=1), running=1)
    assert impact(roster_edits.assign("ana", "south", dt.date(2026, 7, 3))).moved == Count(open=2)
    assert impact(roster_edits.assign("ana", "south", dt.date(2026, 7, 5))).moved == Count()
    assert impact(roster_edits.leave("ana", dt.date(2026, 7, 1))).moved == Count(), "the last team stays"


def test_time_off_and_names_are_counted(played: Session) -> None:
    off = roster_edits.add_time_off("ana", dt.date(2026, 7, 3), dt.date(2026, 7, 3))
    assert impact(off).shifted == Count(open=1)
    assert impact(roster_edits.add_alias("ana", "zoe")).moved == Count(open=1)
    assert impact(roster_edits.rename("ana", "Ana Lima", "")) == Impact()


def test_closed_months_are_named(played: Session, at: SetClock) -> None:
    now = at("2026-09-10T12:00:00Z")
    evaluation.bring_up_to_date(now)
    closing.close_due()
    found = impact(TO_SOUTH)
    assert found.closed_months == ("2026-07",)
    assert found.moved.closed == 2, "and the clock that ran out meanwhile"


def test_what_is_saved_is_the_roster_from_then_on(played: Session) -> None:
    seen = roster_saving.roster_in_use().version
    version = roster_saving.save(TO_SOUTH, seen, ALL, clock.now(), "user:7")
    evaluation.bring_up_to_date(clock.now())
    assert points("2026-07", "team")["south"] != points("2026-07", "team")["north"]
    using = roster_saving.roster_in_use()
    assert using.version == version == current_roster_version(played)
    assert using.roster.reps["ana"].team_on(dt.date(2026, 7, 4)) == "south"
    entry = played.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.actor, entry.action) == ("user:7", "roster.replaced")


def test_who_was_quicker_is_not_overwritten(played: Session) -> None:
    seen = roster_saving.roster_in_use().version
    first = roster_saving.save(TO_SOUTH, seen, ALL, clock.now(), "user:7")
    with pytest.raises(ChangedMeanwhile):
        roster_saving.save(roster_edits.rename("ben", "Benjamin", ""), seen, ALL, clock.now(), "user:8")
    with pytest.raises(EditRefused):
        roster_saving.save(roster_edits.rename("ben", "", ""), first, ALL, clock.now(), "user:8")
    with pytest.raises(EditRefused):
        roster_saving.save(
            roster_edits.rename("ben", "B", ""), first, Reach(frozenset({"south"})), clock.now(), "user:8"
        )
    assert current_roster_version(played) == first
    assert roster_saving.roster_in_use().roster.rep_name("ben") == "Ben Costa"


def test_history_tells_who_changed_what(played: Session) -> None:
    seen = roster_saving.roster_in_use().version
    second = roster_saving.save(TO_SOUTH, seen, ALL, clock.now(), "user:7")
    roster_saving.save(roster_edits.rename("ben", "Benjamin", ""), second, ALL, clock.now(), "user:7")
    renamed, moved, first = roster_history(None, 8).versions
    assert renamed.changes == (), "a version keeps no names"
    assert [(one.before, one.after) for one in moved.changes] == [("north", "south")]
    assert (moved.row.by, first.row.by) == ("user:7", "test")
    assert len(first.changes) == 6
    page = roster_history(None, 1)
    assert page.more_before == renamed.row.version
    assert [one.row.version for one in roster_history(page.more_before, 1).versions] == [second]


def test_names_wait_until_they_are_placed(played: Session) -> None:
    (zoe,) = roster_saving.names_to_place(0, 25)
    assert (zoe.rep_id, zoe.events) == ("zoe", 1)
    assert zoe.first_at == zoe.last_at
    edit = roster_edits.add_alias("ben", "zoe")
    roster_saving.save(edit, roster_saving.roster_in_use().version, ALL, clock.now(), "user:7")
    assert roster_saving.names_waiting() == 0
    assert roster_saving.names_to_place_by_key([zoe.key]) == ()
