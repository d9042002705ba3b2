"""What is booked, for whom, when, and in which order it is listed."""

from leaderboard.domain.outcomes import Outcome
from leaderboard.domain.points import Entry, EntryKind, ledger_order, month_entry, outcome_entry, team_of
from leaderboard.domain.ratings import MonthRating
from leaderboard.domain.rulebook import Rating, SubjectKind
from tests.domain.build import (
    at,
    day,
    event,
    fold,
    period,
    placement,
    points,
    recorded,
    rep,
    response,
    roster,
    shuffled,
    span,
    verdict,
)

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM


def outcome(**common: object) -> Outcome:
    events = [event("assigned", "10:00", rep="ana"), event("contacted", "10:20")]
    [found] = fold(events, response(**{"each": points(met=2), **common})).outcomes  # type: ignore[arg-type]
    return found


class TestEach:
    def test_a_reps_points_are_booked_at_the_outcome(self) -> None:
        entry = outcome_entry(outcome())
        assert entry is not None
        assert (entry.subject, entry.id, entry.team, entry.points) == (REP, "ana", "north", 2)
        assert (entry.booked_at, entry.kind, entry.lead) == (at("10:20"), EntryKind.EACH, "L1")
        assert (entry.service_level, entry.rating) == ("first-contact", Rating.MET)
        assert (entry.badge, entry.rulebook_on) == (None, day("2026-01-01"))

    def test_a_teams_points_go_to_the_holders_team_then(self) -> None:
        entry = outcome_entry(outcome(subject="team"))
        assert entry is not None
        assert (entry.subject, entry.id, entry.team) == (TEAM, "north", "north")

    def test_without_a_team_a_teams_points_go_to_nobody_and_a_reps_to_the_rep(self) -> None:
        assert outcome_entry(outcome(subject="team")._replace(team=None)) is None
        entry = outcome_entry(outcome()._replace(team=None))
        assert entry is not None
        assert (entry.id, entry.team) == ("ana", None)

    def test_nobody_gets_nothing(self) -> None:
        assert outcome_entry(outcome()._replace(holder=None, team=None)) is None

    def test_0_points_are_not_booked(self) -> None:
        assert outcome_entry(outcome(each=points(missed=-1))) is None

    def test_two_outcomes_book_for_two_reasons(self) -> None:
        one, other = outcome(), outcome()
        keys = {entry.key for entry in map(outcome_entry, (one, one, other)) if entry}
        assert len(keys) == 2


class TestMonth:
    MOVED = placement(rep("ana", span("north", "2026-01-01", "2026-08-30"), span("south", "2026-08-31")))

    def rating(self, **changes: object) -> MonthRating:
        values = {"rating": Rating.MET, "subject": REP, "id": "ana", "points": 10, **changes}
        return MonthRating(
            "first-contact", value="1.0000", outcomes=1, rulebook_on=day("2026-01-01"), **values
        )  # type: ignore[arg-type]

    def test_it_is_booked_at_the_months_last_second_with_the_team_of_then(self) -> None:
        entry = month_entry(self.rating(), period("2026-08"), self.MOVED)
        assert entry is not None
        assert (entry.booked_at, entry.kind) == (at("2026-08-31 23:59:59"), EntryKind.MONTH)
        assert (entry.subject, entry.id, entry.team, entry.points) == (REP, "ana", "south", 10)
        assert (entry.rating, entry.lead, entry.badge) == (Rating.MET, None, None)

    def test_a_teams_own_entry_bears_the_team(self) -> None:
        entry = month_entry(self.rating(subject=TEAM, id="north"), period("2026-08"), self.MOVED)
        assert entry is not None
        assert (entry.subject, entry.id, entry.team) == (TEAM, "north", "north")

    def test_0_points_or_no_rating_book_nothing(self) -> None:
        assert month_entry(self.rating(points=0), period("2026-08"), self.MOVED) is None
        assert month_entry(self.rating(rating=None), period("2026-08"), self.MOVED) is None

    def test_each_month_and_service_level_is_a_reason_of_its_own(self) -> None:
        keys = {
            entry.key
            for entry in (
                month_entry(self.rating(), period("2026-08"), self.MOVED),
                month_entry(self.rating(), period("2026-07"), self.MOVED),
            )
            if entry
        }
        assert len(keys) == 2


def test_a_team_is_its_own_and_a_rep_is_in_one_or_none() -> None:
    placed = placement()
    assert team_of(TEAM, "south", at("10:00"), placed) == "south"
    assert team_of(REP, "ana", at("10:00"), placed) == "north"
    assert team_of(REP, "zoe", at("10:00"), placed) is None


class TestOrder:
    FIRST = Entry("k", at("10:00"), REP, "ana", "north", 1, EntryKind.EACH, day("2026-01-01"), "b", lead="L2")

    def test_entries_are_listed_by_time_kind_service_level_subject_id_and_lead(self) -> None:
        one = self.FIRST
        ordered = [
            one._replace(service_level="a", subject=TEAM, id="z", lead="L9"),
            one._replace(id="aba"),
            one._replace(lead=None),
            one._replace(lead="L1"),
            one,
            one._replace(lead="L2", id="ben"),
            one._replace(subject=TEAM, id="a", lead="L1"),
            one._replace(kind=EntryKind.MONTH, service_level="a", lead=None),
            one._replace(kind=EntryKind.DEDUCTION, service_level="a", lead=None),
            one._replace(kind=EntryKind.BADGE, service_level=None, badge="x", lead=None),
            one._replace(kind=EntryKind.BADGE, service_level=None, badge="y", lead=None, key="a"),
            one._replace(kind=EntryKind.PRIZE, service_level=None, lead=None),
            one._replace(kind=EntryKind.ADJUSTMENT, service_level="a", lead=None),
            one._replace(booked_at=one.booked_at + 1, service_level="a"),
        ]
        assert sorted(shuffled(ordered), key=ledger_order) == ordered

    def test_of_verdicts_without_lead_the_events_id_and_source_decide(self) -> None:
        verdicts = [verdict("10:00", "ana", "met", id=name, source=source)
                    for name, source in (("1", "z"), ("2", "a"), ("2", "b"))]  # fmt: skip
        level = recorded(each=points(met=1))
        entries = [outcome_entry(fold([one], level).outcomes[0]) for one in verdicts]
        booked = [entry for entry in entries if entry]
        assert sorted(shuffled(booked), key=ledger_order) == booked
        assert len(booked) == 3


def test_an_unknown_rep_earns_points_too() -> None:
    [found] = fold(
        [event("assigned", "10:00", rep="zoe")], response(each=points(missed=-1)), among=roster()
    ).outcomes
    entry = outcome_entry(found)
    assert entry is not None
    assert (entry.id, entry.team, entry.points) == ("zoe", None, -1)
