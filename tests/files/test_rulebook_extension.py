"""What docs/rulebook-format.md adds to the rulebook is checked, and told with line and key."""

import datetime as dt
from decimal import Decimal

import pytest

from leaderboard.domain.rulebook import (
    BadgeIcon,
    ByHand,
    Confirmation,
    Contest,
    ContestScore,
    PrizeRule,
    SubjectKind,
    Suspension,
    Task,
    Volume,
)
from leaderboard.files.problems import FileProblems
from leaderboard.files.rulebook import read_rulebook
from tests.files.documents import RULEBOOK, spoilt, told

EXTENDED = """\
rulebook: 1
effective_from: 2026-03-01
organization: {name: Acme, timezone: UTC, currency: EUR}
agreement: {title: Ours, review_on: 2026-12-01}
calendars:
  desk: {hours: {monday: ["09:00-18:00"]}}
service_levels:
  polite: {name: Polite, party: sales, measure: recorded, target: 90%}
  swift: {name: Swift, party: sales, measure: recorded}
  deals:
    name: Deals
    party: sales
    measure: volume
    events: opportunity.won
    target: 10
    prorate: desk
badges:
  spark: {name: Spark, icon: bolt}
consequences:
  slow:
    service_level: polite
    steps: [{do: notify_rep}]
    grace_days: 30
    expires_after: 6
suspensions:
  - {from: 2026-03-10, until: 2026-03-12, reason: The phones were down}
  - {from: 2026-04-01, until: 2026-04-01, reason: Audit, consequences: [slow]}
contests:
  spring-race:
    name: Spring race
    from: 2026-03-09
    until: 2026-03-20
    scope: team
    teams: [south, north, south]
    service_levels: [swift, polite]
    by: share
    minimum: 5
    places: 2
    prize: {points: 100, money: 250.50}
  most-deals:
    name: Most deals
    from: 2026-02-01
    until: 2026-03-31
    service_level: deals
    by: value
    prize: {money: 99}
tasks:
  security-training:
    name: Security training
    until: 2026-05-31
    teams: [north]
    prize: {points: 20}
    confirm: nobody
  profile: {name: Complete your profile, until: 2026-03-01, prize: {points: 5}}
by_hand: {points: 200, badges: 5, alone: 80}
"""


def test_it_is_read_into_values() -> None:
    rulebook = read_rulebook(EXTENDED, "f.yaml")
    assert rulebook.agreement.review_on == dt.date(2026, 12, 1)
    assert rulebook.badges["spark"].icon is BadgeIcon.BOLT
    deals = rulebook.service_levels["deals"]
    assert isinstance(deals, Volume)
    assert deals.prorate == "desk"
    ladder = rulebook.consequences["slow"]
    assert (ladder.grace_days, ladder.expires_after) == (30, 6)
    assert rulebook.suspensions == (
        Suspension(dt.date(2026, 3, 10), dt.date(2026, 3, 12), "The phones were down"),
        Suspension(dt.date(2026, 4, 1), dt.date(2026, 4, 1), "Audit", ("slow",)),
    )
    assert rulebook.contests["spring-race"] == Contest(
        "spring-race", "Spring race", dt.date(2026, 3, 9), dt.date(2026, 3, 20), ("polite", "swift"),
        PrizeRule(100, Decimal("250.50")), SubjectKind.TEAM, ("north", "south"), ContestScore.SHARE, 5, 2,
    )  # fmt: skip
    assert rulebook.tasks["security-training"] == Task(
        "security-training",
        "Security training",
        dt.date(2026, 5, 31),
        PrizeRule(20),
        ("north",),
        Confirmation.NOBODY,
    )
    assert rulebook.by_hand == ByHand(200, 5, 80)


def test_what_may_be_left_out_has_its_default() -> None:
    rulebook = read_rulebook(EXTENDED.replace("by_hand: {points: 200, badges: 5, alone: 80}\n", ""), "f.yaml")
    assert rulebook.by_hand == ByHand(None, None, 50)
    assert rulebook.contests["most-deals"] == Contest(
        "most-deals", "Most deals", dt.date(2026, 2, 1), dt.date(2026, 3, 31), ("deals",), PrizeRule(0, Decimal(99)),
        SubjectKind.REP, (), ContestScore.VALUE, 1, 1,
    )  # fmt: skip
    assert rulebook.tasks["profile"].confirm is Confirmation.MANAGER


def test_a_rulebook_without_any_of_it_says_what_it_always_said() -> None:
    rulebook = read_rulebook(RULEBOOK, "f.yaml")
    assert (dict(rulebook.contests), dict(rulebook.tasks), rulebook.suspensions) == ({}, {}, ())
    assert {badge.icon for badge in rulebook.badges.values()} == {None}
    assert {(c.grace_days, c.expires_after) for c in rulebook.consequences.values()} == {(0, None)}


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("review_on: 2026-12-01", "review_on: December", "4: agreement.review_on: need_date"),
        ("prorate: desk", "prorate: dusk", "16: service_levels.deals.prorate: unknown_reference_near"),
        (
            "prorate: desk",
            "prorate: desk\n    subject: team",
            "16: service_levels.deals.prorate: prorate_of_reps",
        ),
        ("target: 90%}", "target: 90%, prorate: desk}", "8: service_levels.polite.prorate: unknown_key"),
        ("icon: bolt", "icon: lightning", "18: badges.spark.icon: need_choice"),
        ("grace_days: 30", "grace_days: -1", "23: consequences.slow.grace_days: too_small"),
        ("grace_days: 30", "grace_days: 9999", "23: consequences.slow.grace_days: too_large_number"),
        ("expires_after: 6", "expires_after: 0", "24: consequences.slow.expires_after: too_small"),
        ("until: 2026-03-12", "until: 2026-03-09", "26: suspensions.1.until: until_before_from"),
        (", reason: The phones were down", "", "26: suspensions.1.reason: missing"),
        ("{from: 2026-03-10, ", "{", "26: suspensions.1.from: missing"),
        ("[slow]", "[slaw]", "27: suspensions.2.consequences.1: unknown_reference_near"),
        ("[slow]", "[]", "27: suspensions.2.consequences: empty_list"),
        ("from: 2026-03-09", "from: 2026-03-21", "32: contests.spring-race.until: until_before_from"),
        ("until: 2026-03-20", "until: 2300-01-01", "32: contests.spring-race.until: date_out_of_range"),
        ("until: 2026-03-31", "until: 2026-02-28", "43: contests.most-deals.until: ends_before_in_force"),
        ("[south, north, south]", "[]", "34: contests.spring-race.teams: empty_list"),
        ("[south, north, south]", "[South]", "34: contests.spring-race.teams.1: bad_id"),
        ("[swift, polite]", "[swift, deals]", "35: contests.spring-race.service_levels.2: needs_outcomes"),
        ("[swift, polite]", "[]", "35: contests.spring-race.service_levels: empty_list"),
        (
            "service_level: deals",
            "service_level: swift",
            "44: contests.most-deals.service_level: needs_volume",
        ),
        (
            "service_level: deals",
            "service_level: dials",
            "44: contests.most-deals.service_level: unknown_reference_near",
        ),
        ("    service_level: deals\n", "", "41: contests.most-deals: one_or_several_levels"),
        ("by: value", "minimum: 3\n    by: value", "45: contests.most-deals.minimum: minimum_without_share"),
        ("by: share", "by: luck", "36: contests.spring-race.by: need_choice"),
        ("places: 2", "places: 0", "38: contests.spring-race.places: too_small"),
        ("prize: {money: 99}", "prize: {}", "46: contests.most-deals.prize: empty_prize"),
        ("prize: {money: 99}", "prize: {money: 0}", "46: contests.most-deals.prize.money: need_above_zero"),
        ("    prize: {money: 99}\n", "", "41: contests.most-deals.prize: missing"),
        ("until: 2026-05-31", "until: 2026-02-28", "50: tasks.security-training.until: ends_before_in_force"),
        ("confirm: nobody", "confirm: rep", "53: tasks.security-training.confirm: need_choice"),
        ("{points: 5}", "{points: 0}", "54: tasks.profile.prize.points: too_small"),
        ("alone: 80", "alone: -1", "55: by_hand.alone: too_small"),
        ("alone: 80", "allone: 80", "55: by_hand.allone: unknown_key_near"),
    ],
)
def test_what_is_wrong_is_told_with_line_and_key(good: str, bad: str, problem: str) -> None:
    found = told(read_rulebook, spoilt(EXTENDED, good, bad))
    # A minimum is for shares only, so that a contest by another score has two problems here.
    assert [
        line for line in found if not line.endswith("37: contests.spring-race.minimum: minimum_without_share")
    ] == [problem]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("from: 2026-02-01", "from: 2026-03-31"),  # a contest of one day
        ("until: 2026-03-31", "until: 2026-03-01"),
        ("grace_days: 30", "grace_days: 0"),
        ("{points: 200, badges: 5, alone: 80}", "{}"),
        ("{points: 200, badges: 5, alone: 80}", "{points: 0, badges: 0, alone: 0}"),
        ("scope: team", "scope: rep"),
    ],
)
def test_what_the_format_allows_is_accepted(good: str, bad: str) -> None:
    assert told(read_rulebook, spoilt(EXTENDED, good, bad)) == []


def test_an_unknown_icon_is_told_with_all_there_are() -> None:
    with pytest.raises(FileProblems) as raised:
        read_rulebook(EXTENDED.replace("icon: bolt", "icon: Bolt"), "f.yaml")
    assert all(icon.value in str(raised.value) for icon in BadgeIcon)


def test_a_broken_date_of_the_version_makes_no_other_problems() -> None:
    assert told(read_rulebook, EXTENDED.replace("effective_from: 2026-03-01", "effective_from: soon")) == [
        "2: effective_from: need_date"
    ]
