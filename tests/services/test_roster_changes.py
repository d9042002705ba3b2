"""What changes between two rosters, and what people change in one by hand: pure, without a database."""

import datetime as dt
from dataclasses import replace

import pytest

from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan, TimeOff
from leaderboard.services import roster_edits as edits
from leaderboard.services.roster_access import Reach
from leaderboard.services.roster_changes import Change, ChangeKind, roster_changes
from leaderboard.services.roster_edits import Edit, EditRefused, NewRep, TypedTeam


def day(month: int, on: int) -> dt.date:
    return dt.date(2026, month, on)


NORTH, SOUTH = Team("north", "North", "sales", "rui"), Team("south", "South", "sales")
ANA = Rep("ana", "Ana Souza", "ana@example.com", ("0055A",), (TeamSpan("north", day(1, 1)),))
RUI = Rep("rui", "Rui Faria")
BEFORE = Roster({"north": NORTH, "south": SOUTH}, {"ana": ANA, "rui": RUI})


def told(edit: Edit, before: Roster = BEFORE) -> list[tuple[object, ...]]:
    """What an edit changes: kind, subject, before, after, dates."""
    changes = roster_changes(before, edit(before))
    return [(c.kind.value, c.subject, c.before, c.after, c.from_on, c.until_on) for c in changes]


@pytest.mark.parametrize(
    ("edit", "change"),
    [
        (edits.assign("ana", "south", day(7, 1)), ("in_team", "ana", "north", "south", day(7, 1), None)),
        (edits.assign("ana", "south", day(7, 1), day(7, 31)),
         ("in_team", "ana", "north", "south", day(7, 1), day(7, 31))),
        (edits.leave("ana", day(8, 31)), ("in_team", "ana", "north", None, day(9, 1), None)),
        (edits.assign("rui", "south", day(2, 1)), ("in_team", "rui", None, "south", day(2, 1), None)),
        (edits.assign("ana", "north", dt.date(2025, 6, 1)),
         ("in_team", "ana", None, "north", dt.date(2025, 6, 1), dt.date(2025, 12, 31))),
        (edits.add_time_off("ana", day(3, 1), day(3, 5)),
         ("time_off_added", "ana", None, None, day(3, 1), day(3, 5))),
        (edits.rename("ana", "Ana Lima", "ana@example.com"),
         ("rep_renamed", "ana", "Ana Souza", "Ana Lima", None, None)),
        (edits.rename("ana", "Ana Souza", ""), ("email", "ana", "ana@example.com", None, None, None)),
        (edits.add_alias("ana", "asouza"), ("alias_added", "ana", None, "asouza", None, None)),
        (edits.remove_alias("ana", "0055A"), ("alias_removed", "ana", "0055A", None, None, None)),
        (edits.add_team(TypedTeam("west", "West", "marketing", "")),
         ("team_added", "west", None, "West", None, None)),
        (edits.change_team(TypedTeam("north", "Norte", "sales", "Rui Faria")),
         ("team_renamed", "north", "North", "Norte", None, None)),
        (edits.change_team(TypedTeam("north", "North", "marketing", "rui")),
         ("department", "north", "sales", "marketing", None, None)),
        (edits.change_team(TypedTeam("north", "North", "sales", "ANA@example.com")),
         ("manager", "north", "rui", "ana", None, None)),
    ],
)  # fmt: skip
def test_an_edit_changes_one_thing(edit: Edit, change: tuple[object, ...]) -> None:
    assert told(edit) == [change]


def test_somebody_new_is_told_with_the_team() -> None:
    assert [one[0] for one in told(edits.add_rep(NewRep("bia", "Bia", "", "south", day(5, 1))))] == [
        "rep_added",
        "in_team",
    ]


def test_who_is_lent_comes_back_and_what_belongs_together_is_one_span() -> None:
    lent = edits.assign("ana", "south", day(7, 1), day(7, 31))(BEFORE)
    assert [span.team for span in lent.reps["ana"].teams] == ["north", "south", "north"]
    assert edits.assign("ana", "north", day(7, 1), day(7, 31))(lent) == BEFORE


def test_what_was_done_is_undone() -> None:
    off = edits.add_time_off("ana", day(3, 1), day(3, 5))(BEFORE)
    assert edits.add_time_off("ana", day(3, 1), day(3, 5))(off) == off
    back = edits.remove_time_off("ana", TimeOff(day(3, 1), day(3, 5)))
    assert told(back, off) == [("time_off_removed", "ana", None, None, day(3, 1), day(3, 5))]
    assert back(off) == BEFORE


def test_spans_that_are_written_otherwise_change_nobody_s_team() -> None:
    halves = (TeamSpan("north", day(1, 1), day(3, 31)), TeamSpan("north", day(4, 1)))
    assert (
        roster_changes(BEFORE, Roster(BEFORE.teams, {**BEFORE.reps, "ana": replace(ANA, teams=halves)})) == ()
    )


def test_what_leaves_the_roster_is_told() -> None:
    found = roster_changes(BEFORE, Roster({"north": replace(NORTH, manager=None)}, {"ana": ANA}))
    assert {(one.kind, one.subject) for one in found} == {
        (ChangeKind.MANAGER, "north"),
        (ChangeKind.TEAM_REMOVED, "south"),
        (ChangeKind.REP_REMOVED, "rui"),
    }


@pytest.mark.parametrize(
    ("make", "field", "code"),
    [
        (lambda: edits.assign("ana", "west", day(1, 1)), "team", "unknown_team"),
        (lambda: edits.assign("ana", "south", day(2, 1), day(1, 1)), "until_on", "until_before_from"),
        (lambda: edits.assign("zoe", "south", day(2, 1)), "", "rep_gone"),
        (lambda: edits.leave("rui", day(2, 1)), "last_on", "in_no_team"),
        (lambda: edits.add_time_off("ana", day(2, 1), day(1, 1)), "until_on", "until_before_from"),
        (lambda: edits.add_alias("rui", "0055A"), "alias", "name_taken"),
        (lambda: edits.add_alias("rui", "ana"), "alias", "name_taken"),
        (lambda: edits.add_alias("rui", "x" * 300), "alias", "too_long"),
        (lambda: edits.rename("ana", "Ana", "nowhere"), "email", "bad_email"),
        (lambda: edits.rename("ana", "A\x07na", ""), "name", "bad_text_character"),
        (lambda: edits.add_rep(NewRep("ana", "Ana")), "id", "name_taken"),
        (lambda: edits.add_rep(NewRep("bia", "Bia", "", "south")), "from_on", "need_from"),
        (lambda: edits.add_team(TypedTeam("No Id", "X", "sales", "")), "id", "bad_id"),
        (lambda: edits.add_team(TypedTeam("north", "X", "sales", "")), "id", "team_taken"),
        (lambda: edits.add_team(TypedTeam("west", "X", "support", "")), "department", "need_department"),
        (lambda: edits.add_team(TypedTeam("west", "X", "sales", "Zoe")), "manager", "unknown_rep"),
        (lambda: edits.change_team(TypedTeam("west", "X", "sales", "")), "", "team_gone"),
    ],
)  # fmt: skip
def test_what_is_typed_wrong_is_told_by_its_field(make: object, field: str, code: str) -> None:
    with pytest.raises(EditRefused) as refused:
        make()(BEFORE)  # type: ignore[operator]
    assert (refused.value.field, refused.value.code) == (field, code)


def test_a_name_that_several_bear_names_nobody() -> None:
    twice = Roster(BEFORE.teams, {**BEFORE.reps, "rui2": Rep("rui2", "rui faria")})
    with pytest.raises(EditRefused, match="several_reps"):
        edits.named_rep(twice, "Rui Faria", "manager")


@pytest.mark.parametrize(
    ("change", "is_theirs"),
    [
        (Change(ChangeKind.IN_TEAM, "ana", "north", "south", day(1, 1)), True),
        (Change(ChangeKind.IN_TEAM, "ana", "north", None, day(1, 1)), True),
        (Change(ChangeKind.IN_TEAM, "ana", None, "north", day(1, 1)), True),
        (Change(ChangeKind.IN_TEAM, "ana", "south", "north", day(1, 1)), False),
        (Change(ChangeKind.IN_TEAM, "ana", None, "south", day(1, 1)), False),
        (Change(ChangeKind.TIME_OFF_ADDED, "ana"), True),
        (Change(ChangeKind.REP_RENAMED, "ana"), False),
        (Change(ChangeKind.ALIAS_REMOVED, "ana"), False),
        (Change(ChangeKind.MANAGER, "north"), False),
        (Change(ChangeKind.REP_REMOVED, "ana"), False),
    ],
)
def test_a_manager_hands_on_their_own_and_takes_in_whom_nobody_has(change: Change, is_theirs: bool) -> None:
    Reach(None).check([change])
    if is_theirs:
        Reach(frozenset({"north"})).check([change])
    else:
        with pytest.raises(EditRefused):
            Reach(frozenset({"north"})).check([change])
