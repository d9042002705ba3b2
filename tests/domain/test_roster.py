"""Who is in which team when, who is off, and what a written name means."""

from zoneinfo import ZoneInfo

import pytest

from leaderboard.domain.roster import Placement, TeamSpan
from tests.domain.build import at, day, placement, rep, roster, span

MOVER = rep("ana", span("north", "2026-01-01", "2026-08-14"), span("south", "2026-08-20"))


def test_the_team_is_the_one_whose_span_covers_the_date_its_ends_included() -> None:
    assert MOVER.team_on(day("2026-01-01")) == "north"
    assert MOVER.team_on(day("2026-08-14")) == "north"
    assert MOVER.team_on(day("2026-08-20")) == "south"
    assert MOVER.team_on(day("2030-01-01")) == "south"


def test_between_spans_no_span_covers_the_date() -> None:
    assert MOVER.team_on(day("2025-12-31")) is None
    assert MOVER.team_on(day("2026-08-15")) is None


def test_at_an_instant_between_spans_the_team_is_the_last_one_that_ended() -> None:
    placed = placement(MOVER)
    assert placed.team_at("ana", at("2026-08-15 00:00")) == "north"
    assert placed.team_at("ana", at("2026-08-19 23:59")) == "north"
    assert placed.team_at("ana", at("2026-08-20 00:00")) == "south"


def test_after_the_last_span_the_team_stays() -> None:
    placed = placement(rep("gus", span("south", "2026-01-01", "2026-07-31")))
    assert placed.team_at("gus", at("2030-01-01 00:00")) == "south"


def test_before_the_first_span_there_is_no_team() -> None:
    placed = placement(MOVER)
    assert placed.team_at("ana", at("2025-12-31 23:59:59")) is None
    assert placed.team_at("ana", at("2026-01-01 00:00")) == "north"


def test_the_order_in_which_spans_are_written_does_not_matter() -> None:
    placed = placement(rep("ana", span("south", "2026-08-20"), span("north", "2026-01-01", "2026-08-14")))
    assert placed.team_at("ana", at("2026-08-16 10:00")) == "north"
    assert placed.team_at("ana", at("2026-08-20 10:00")) == "south"


def test_the_date_of_an_instant_is_the_organizations() -> None:
    placed = placement(MOVER, zone="Asia/Tokyo")
    assert placed.team_at("ana", at("2026-08-19T14:59:59Z")) == "north"
    assert placed.team_at("ana", at("2026-08-19T15:00:00Z")) == "south"


def test_whom_the_roster_lacks_and_nobody_are_in_no_team_and_never_off() -> None:
    placed = placement(rep("ana"))
    for who in ("zoe", None, "ana"):
        assert placed.team_at(who, at("10:00")) is None
        assert placed.off(who) == ()


def test_a_span_touches_a_period_that_shares_a_date_with_it() -> None:
    one = span("north", "2026-08-10", "2026-08-20")
    assert one.touches(day("2026-08-20"), day("2026-08-31"))
    assert one.touches(day("2026-08-01"), day("2026-08-10"))
    assert not one.touches(day("2026-08-21"), day("2026-08-31"))
    assert not one.touches(day("2026-08-01"), day("2026-08-09"))
    assert TeamSpan("north", day("2026-08-10")).touches(day("2040-01-01"), day("2040-01-31"))


def test_time_off_lasts_from_its_first_midnight_to_that_after_its_last_date() -> None:
    placed = placement(rep("ben", off=[("2026-09-15", "2026-09-16")]), zone="America/Sao_Paulo")
    assert placed.off("ben") == ((at("2026-09-15T03:00:00Z"), at("2026-09-17T03:00:00Z")),)


def test_spans_of_time_off_that_touch_or_overlap_are_one() -> None:
    spans = [
        ("2026-09-20", "2026-09-25"),
        ("2026-09-01", "2026-09-10"),
        ("2026-09-03", "2026-09-04"),
        ("2026-09-11", "2026-09-12"),
    ]
    assert placement(rep("ben", off=spans)).off("ben") == (
        (at("2026-09-01 00:00"), at("2026-09-13 00:00")),
        (at("2026-09-20 00:00"), at("2026-09-26 00:00")),
    )


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Sao_Paulo"])
def test_time_off_may_last_for_good(zone: str) -> None:
    placed = Placement(roster(rep("ben", off=[("2026-09-15", "9999-12-31")])), ZoneInfo(zone))
    [(_, until)] = placed.off("ben")
    assert until >= at("9999-12-30 00:00")


def test_an_event_names_a_rep_by_id_or_alias() -> None:
    people = roster(rep("ana", aliases=("asouza", "0055A")), rep("ben"))
    assert people.resolve("asouza") == "ana"
    assert people.resolve("ana") == "ana"
    assert people.resolve("0055A") == "ana"


def test_a_name_that_nobody_bears_is_an_id_of_its_own() -> None:
    assert roster().resolve("zoe") == "zoe"
    assert roster().resolve("ASOUZA") == "ASOUZA"


def test_whom_the_roster_lacks_is_shown_by_the_id() -> None:
    assert (roster().rep_name("ana"), roster().rep_name("zoe")) == ("Ana", "zoe")
    assert (roster().team_name("north"), roster().team_name("west")) == ("North", "west")
