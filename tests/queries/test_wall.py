"""What a public screen may know: asserted on what is sent, not on what is seen."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from leaderboard.domain.contests import NO_EFFORT, ContestPlace
from leaderboard.domain.facts import Tally
from leaderboard.domain.instants import parse_rfc3339
from leaderboard.domain.line_ups import STANDARD, SlideKind
from leaderboard.persistence.db import writable
from leaderboard.queries import wall_standings, wall_targets
from leaderboard.queries.places import Place, Places
from leaderboard.queries.wall_ground import upper_places
from leaderboard.queries.wall_page import (
    BadgesFacts,
    ContestsFacts,
    PaceFacts,
    RepsFacts,
    SidesFacts,
    SlideFacts,
    TeamsFacts,
    TodayFacts,
)
from leaderboard.services import clock, wall_contests
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from leaderboard.services.reading import open_reading
from leaderboard.services.screens import Look
from leaderboard.services.wall import slides_now, wall_of
from leaderboard.web.tv.frames import frame_of
from tests.queries import wall_house
from tests.queries.wall_house import ALIAS, TOTAL, WallHouse, name

LOOK = Look("Entrance", "en", STANDARD, top_places=10)


@pytest.fixture
def house(session: Session, monkeypatch: pytest.MonkeyPatch) -> WallHouse:
    built = wall_house.build(session)
    monkeypatch.setattr(clock, "now", lambda: built.now)
    return built


def facts_of(house: WallHouse, look: Look = LOOK, frozen_days: int = 0) -> dict[SlideKind, SlideFacts]:
    reading = open_reading(house.now)
    assert reading is not None
    slides = slides_now(wall_of(reading, look, frozen_days), look.line_up)
    return {slide.slide.kind: slide.facts for slide in slides}


def everything(value: Any) -> Iterator[object]:
    """All that stands in a value, at any depth."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for one in dataclasses.fields(value):
            yield from everything(getattr(value, one.name))
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from everything(item)
    else:
        yield value


def place(key: int, rank: int, points: int) -> Place:
    return Place(key, str(key), str(key), rank, None, points, Tally())


def standing(rows: list[Place]) -> Places:
    return Places((), [one.key for one in rows], rows.__getitem__, is_empty=False)


@pytest.mark.parametrize(
    ("ranks", "most", "shown"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8], 10, [1, 2, 3, 4]),
        ([1, 2, 3, 4, 5, 6, 7, 8], 3, [1, 2, 3]),
        ([1, 2, 3], 10, [1]),
        ([1], 10, []),
        ([], 10, []),
        ([1, 2, 2, 2, 5, 6], 10, [1]),
        ([1, 1, 1, 1], 10, []),
    ],
)
def test_never_more_than_the_upper_half_and_of_those_who_share_a_rank_all_or_none(
    ranks: list[int], most: int, shown: list[int]
) -> None:
    rows = [place(number, rank, 100 - rank) for number, rank in enumerate(ranks)]
    assert [one.rank for one in upper_places(standing(rows), most)] == shown


def test_nobody_without_points_is_among_the_first() -> None:
    rows = [place(0, 1, 5), place(1, 2, 0), place(2, 3, -1), place(3, 4, -2)]
    assert [one.key for one in upper_places(standing(rows), 10)] == [0]


def test_the_first_keep_their_true_ranks_where_somebody_is_left_out(house: WallHouse) -> None:
    facts = facts_of(house)[SlideKind.REPS]
    assert isinstance(facts, RepsFacts)
    assert [(rep.rank, rep.name) for rep in facts.reps] == [
        (1, name(0)), (2, name(1)), (4, ALIAS), (5, name(4)), (6, name(5)), (7, name(6)),
    ]  # fmt: skip
    assert facts.of == TOTAL + 2, "Mia, and whom only events name, are counted: seven are the upper half"


def test_a_screen_of_a_team_shows_its_people_with_the_same_ranks(house: WallHouse) -> None:
    reading = open_reading(house.now)
    assert reading is not None
    north = reading.ground.team_keys["north"]
    found = facts_of(house, dataclasses.replace(LOOK, teams=(north,)))
    reps, teams, today = found[SlideKind.REPS], found[SlideKind.TEAMS], found[SlideKind.TODAY]
    assert isinstance(reps, RepsFacts)
    assert isinstance(teams, TeamsFacts)
    assert isinstance(today, TodayFacts)
    assert [(rep.rank, rep.team) for rep in reps.reps] == [(2, "North"), (4, "North"), (6, "North")]
    assert {team.name: team.is_ours for team in teams.teams} == {
        "North": True,
        "South": False,
        "Demand": False,
    }
    assert {done.team for done in today.done} == {"North"}


def test_teams_are_shown_whole_with_what_is_at_stake(house: WallHouse) -> None:
    facts = facts_of(house)[SlideKind.TEAMS]
    assert isinstance(facts, TeamsFacts)
    assert [team.name for team in facts.teams] == ["South", "North", "Demand"]
    assert [(stake.places, str(stake.bonus)) for stake in facts.stakes] == [(2, "1500")]


def test_what_is_told_of_people_is_praise(house: WallHouse) -> None:
    found = facts_of(house)
    today, badges, contests = found[SlideKind.TODAY], found[SlideKind.BADGES], found[SlideKind.CONTESTS]
    assert isinstance(today, TodayFacts)
    assert isinstance(badges, BadgesFacts)
    assert isinstance(contests, ContestsFacts)
    assert today.exceeded + today.met == sum(range(TOTAL + 1)) + 1
    assert {badge.badge.name for badge in badges.badges} == {"Quick draw"}
    (contest,) = contests.contests
    assert contest.leaders
    assert all(leader.score is None for leader in contest.leaders), "a person's share in time is theirs"


def test_promises_are_told_of_teams_and_parties(house: WallHouse) -> None:
    found = facts_of(house)
    pace, sides = found[SlideKind.PACE], found[SlideKind.SIDES]
    assert isinstance(pace, PaceFacts)
    assert isinstance(sides, SidesFacts)
    volume = next(one for one in pace.paces if not one.is_share)
    assert (volume.team, int(volume.value), int(volume.target), volume.is_reached) == ("Demand", 5, 4, True)
    assert [figure.name for figure in sides.marketing] == ["Qualified leads"]
    assert sides.sales[0].median_us is not None
    assert (sides.marketing_name, sides.sales_name) == ("Demand", "North and South")


def test_the_median_is_that_of_the_month(house: WallHouse, session: Session) -> None:
    def median() -> int | None:
        sides = facts_of(house)[SlideKind.SIDES]
        assert isinstance(sides, SidesFacts)
        return sides.sales[0].median_us

    before = median()
    writable(session)
    october = parse_rfc3339("2026-10-05T10:00:00Z")
    quick = [one for lead in range(90) for one in wall_house.told(f"o/{lead}", "r0", october, 1)]
    accept(session, quick, house.now)
    session.commit()
    bring_up_to_date(house.now)
    assert median() == before


def test_nothing_that_is_sent_names_whom_it_must_not(house: WallHouse, app: Flask) -> None:
    """Neither the lower half, nor who is left out, nor the real name behind an alias, nor who is in no roster."""
    with app.test_request_context("/tv"):
        frame = frame_of(LOOK)
    sent = " ".join(part.html for part in frame.parts)
    assert {part.kind for part in frame.parts} >= {
        "teams",
        "reps",
        "today",
        "badges",
        "pace",
        "sides",
        "contests",
    }
    reps = next(part.html for part in frame.parts if part.kind == "reps")
    for number in range(7, TOTAL):
        assert name(number) not in reps, number
    for gone in (name(2), name(3), "unknown-crm-id", "r2", "r3"):
        assert gone not in sent, gone
    assert ALIAS in sent
    for word in ("missed", "Missed", "−", "deduct"):
        assert word not in sent, word


def test_the_facts_have_no_field_for_what_nobody_may_see(house: WallHouse) -> None:
    for facts in facts_of(house).values():
        told = set(everything(facts))
        assert not told & {name(2), name(3), "missed", "unknown-crm-id"}
        for kind in _dataclasses_in(facts):
            assert not {one.name for one in dataclasses.fields(kind)} & {"missed", "deducted", "rank_before"}


def _dataclasses_in(value: Any) -> Iterator[Any]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield value
        for one in dataclasses.fields(value):
            yield from _dataclasses_in(getattr(value, one.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _dataclasses_in(item)


def test_before_the_quarters_end_the_standings_stand_still(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = wall_house.build(session, "2026-12-30T12:00:00Z")
    monkeypatch.setattr(clock, "now", lambda: house.now)
    live, still = facts_of(house), facts_of(house, frozen_days=5)
    for kind in (SlideKind.TEAMS, SlideKind.REPS):
        before, after = live[kind], still[kind]
        assert isinstance(before, TeamsFacts | RepsFacts)
        assert isinstance(after, TeamsFacts | RepsFacts)
        assert before.frozen_on is None
        assert after.frozen_on == dt.date(2026, 12, 26)
    teams, frozen = live[SlideKind.TEAMS], still[SlideKind.TEAMS]
    assert isinstance(teams, TeamsFacts)
    assert isinstance(frozen, TeamsFacts)
    assert any(team.points for team in teams.teams)
    assert not any(team.points for team in frozen.teams), "what came on the last days is not told"


def test_of_a_team_of_one_nothing_is_told_that_would_be_a_persons(house: WallHouse) -> None:
    reading = open_reading(house.now)
    assert reading is not None
    wall = wall_of(reading, LOOK)
    fallen = Place(1, "north", "North", 3, 1, 40, Tally(3, 2, 1))
    alone, together = (wall_standings._team(wall, fallen, Counter(north=members)) for members in (1, 2))
    assert (alone.rank, alone.points, alone.members) == (3, 40, 1)
    assert (alone.moved, alone.kept, alone.outcomes) == (None, 0, 0)
    assert (together.moved, together.kept, together.outcomes) == (-2, 5, 6)


def test_the_share_of_a_team_of_one_is_told_by_no_target(
    house: WallHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shares() -> set[str]:
        pace = facts_of(house)[SlideKind.PACE]
        assert isinstance(pace, PaceFacts)
        return {one.team for one in pace.paces if one.is_share}

    assert shares() == {"North", "South"}
    monkeypatch.setattr(wall_targets, "_heads", lambda _wall, _period: Counter(north=1, south=2, demand=1))
    assert shares() == {"South"}


def test_the_share_of_a_party_of_one_is_not_told(house: WallHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def figures() -> list[str]:
        sides = facts_of(house)[SlideKind.SIDES]
        assert isinstance(sides, SidesFacts)
        return [figure.name for figure in (*sides.marketing, *sides.sales)]

    assert figures() == ["Qualified leads", "First contact"]
    subjects = wall_targets._subjects
    monkeypatch.setattr(wall_targets, "_subjects", lambda *asked: subjects(*asked)[:1])
    assert figures() == ["Qualified leads"]


@pytest.mark.parametrize(
    ("ranks", "shown"),
    [([1, 2, 3, 4, 5, 6, 7], 3), ([1, 2, 3, 3, 5, 6], 2), ([1, 1, 3], 0), ([1, 2, 2, 4], 1), ([1], 0)],
)  # fmt: skip
def test_of_who_shares_a_place_at_the_cut_of_a_contest_none_is_told(
    house: WallHouse, monkeypatch: pytest.MonkeyPatch, ranks: list[int], shown: int
) -> None:
    people = [f"r{number}" for number in (0, 1, 4, 5, 6, 7, 8)]
    standing = [
        ContestPlace(rank, rep, Fraction(9 - rank), NO_EFFORT)
        for rank, rep in zip(ranks, people, strict=False)
    ]
    monkeypatch.setattr(wall_contests, "_standing", lambda _wall, _run: standing)
    contests = facts_of(house)[SlideKind.CONTESTS]
    assert isinstance(contests, ContestsFacts)
    assert [leader.rank for leader in contests.contests[0].leaders] == ranks[:shown]
