"""Tallies and sums: what ratings rest on."""

from decimal import Decimal

from leaderboard.domain.facts import NO_OUTCOMES, Sum, Tally, TallyKey, sum_contributions, tally_outcomes
from leaderboard.domain.rulebook import AttributeWorth, Rating
from tests.domain.build import event, fold, recorded, verdict, volume


def test_a_tally_counts_kept_ones_and_all() -> None:
    tally = Tally(exceeded=1, met=2, missed=4)
    assert (tally.kept, tally.total) == (3, 7)
    assert (NO_OUTCOMES.kept, NO_OUTCOMES.total) == (0, 0)


def test_tallies_add_up_rating_by_rating() -> None:
    assert Tally(1, 2, 4).plus(Tally(10, 20, 40)) == Tally(11, 22, 44)
    ones = [Tally.of(rating) for rating in (Rating.EXCEEDED, Rating.MET, Rating.MISSED)]
    assert ones == [Tally(1, 0, 0), Tally(0, 1, 0), Tally(0, 0, 1)]


def test_outcomes_are_tallied_by_service_level_holder_and_his_team() -> None:
    verdicts = [verdict("10:00", who, rating) for who, rating in
                (("ana", "met"), ("ana", "missed"), ("ben", "exceeded"), ("zoe", "met"))]  # fmt: skip
    found = tally_outcomes(fold(verdicts, recorded()).outcomes)
    assert found == {
        TallyKey("quality", "ana", "north"): Tally(0, 1, 1),
        TallyKey("quality", "ben", "south"): Tally(1, 0, 0),
        TallyKey("quality", "zoe", None): Tally(0, 1, 0),
    }


def test_what_nobody_held_or_did_counts_for_no_one() -> None:
    found = fold([verdict("10:00", "ana", "met")], recorded()).outcomes
    assert tally_outcomes(one._replace(holder=None, team=None) for one in found) == {}
    assert sum_contributions(fold([event("marketing_qualified", "10:00")], volume()).contributions) == {}


def test_sums_are_exact_and_tell_how_many_events_they_are_of() -> None:
    level = volume(events="opportunity.won", worth=AttributeWorth("amount"), once_per_lead=False)
    won = [event("opportunity.won", "10:00", rep="ana", amount=text) for text in ("0.1", "0.2", "twelve")]
    [found] = sum_contributions(fold(won, level).contributions).values()
    assert found == Sum(Decimal("0.3"), 3)


def test_sums_are_exact_however_long_the_numbers() -> None:
    long = Sum(Decimal("9" * 150_000), 1).plus(Sum(Decimal("0." + "0" * 150_000 + "1"), 1))
    assert str(long.value).startswith("99")
    assert str(long.value).endswith("01")
    assert len(str(long.value)) == 300_002
