"""Which events a lead's fold sees, and how what follows is named."""

import pytest

from leaderboard.domain.events import Event
from leaderboard.domain.fold import NOTHING, without_voided
from leaderboard.domain.outcomes import EventRef, LeadFold, streak_order
from tests.domain.build import at, event, fold, outcomes, recorded, renamed, response, verdict, volume

ASSIGNED = event("assigned", "10:00", rep="ana", id="1")
CONTACTED = event("contacted", "10:20", id="2")


def voiding(of: str, id: str = "v", time: str = "12:00", source: str = "crm") -> Event:  # noqa: A002
    return event("event.voided", time, None, id=id, source=source, voids=of)


class TestVoiding:
    def test_a_voided_event_never_happened(self) -> None:
        assert outcomes([ASSIGNED, CONTACTED, voiding("2")], response()) == [("missed", "08-03 11:00", "ana")]

    def test_it_cancels_the_event_of_its_own_source_only(self) -> None:
        other = voiding("2", source="tel")
        assert without_voided([ASSIGNED, CONTACTED, other]) == [ASSIGNED, CONTACTED, other]

    def test_a_voiding_cannot_be_voided(self) -> None:
        events = [ASSIGNED, CONTACTED, voiding("2"), voiding("v", id="w")]
        assert [one.id for one in without_voided(events)] == ["1", "v", "w"]

    def test_a_voiding_cannot_void_itself(self) -> None:
        assert len(without_voided([voiding("v")])) == 1

    def test_it_may_lie_before_what_it_cancels(self) -> None:
        assert without_voided([CONTACTED, voiding("2", time="08:00")])[0].id == "v"

    def test_one_that_names_nothing_cancels_nothing(self) -> None:
        events = [ASSIGNED, event("event.voided", "12:00", None)]
        assert without_voided(events) == events

    def test_no_other_event_cancels_whatever_it_bears(self) -> None:
        events = [ASSIGNED, CONTACTED, event("created", "09:00", voids="2")]
        assert without_voided(events) == events

    def test_it_cancels_all_leads_alike_even_if_it_bears_another(self) -> None:
        elsewhere = event("event.voided", "12:00", "L2", voids="1")
        assert ASSIGNED not in without_voided([ASSIGNED, elsewhere])


class TestExclusion:
    EXCLUDED = event("excluded", "13:00", id="x")
    LEVELS = (response(), recorded(), volume(events="assigned"))
    EVENTS = (ASSIGNED, CONTACTED, verdict("10:30", "ana", "met", lead="L1"))

    def test_it_removes_the_lead_from_every_measure_past_ones_too(self) -> None:
        assert fold([*self.EVENTS, self.EXCLUDED], *self.LEVELS) == NOTHING

    def test_until_then_nothing_is_removed(self) -> None:
        found = fold([*self.EVENTS, self.EXCLUDED], *self.LEVELS, as_of="12:59")
        assert (len(found.outcomes), len(found.contributions)) == (2, 1)

    def test_a_voided_exclusion_removes_nothing(self) -> None:
        found = fold([*self.EVENTS, self.EXCLUDED, voiding("x")], *self.LEVELS)
        assert (len(found.outcomes), len(found.contributions)) == (2, 1)

    def test_no_clock_of_an_excluded_lead_runs(self) -> None:
        assert fold([ASSIGNED, event("excluded", "10:01")], response(), as_of="10:30").due_at is None


def test_the_order_of_arrival_does_not_matter() -> None:
    assert fold([CONTACTED, ASSIGNED], response()) == fold([ASSIGNED, CONTACTED], response())


def test_an_outcome_is_named_by_its_service_level_and_opening() -> None:
    names = {one.key for one in fold([ASSIGNED], response(), response("other")).outcomes}
    assert len(names) == 2
    assert names == {one.key for one in fold([ASSIGNED, CONTACTED], response(), response("other")).outcomes}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (EventRef("crm", "leads/1"), EventRef("crm/leads", "1")),
        (EventRef("1", "a"), EventRef("a", "1")),
        (EventRef("b\tc", "a"), EventRef("c", "a\tb")),
        (EventRef("c\t1", "a"), EventRef("1", "a\tc")),
    ],
)
def test_two_events_have_two_names_whatever_is_in_source_and_id(one: EventRef, other: EventRef) -> None:
    assert one.key != other.key
    assert (EventRef.parse(one.key), EventRef.parse(other.key)) == (one, other)


def test_names_are_in_the_order_of_id_then_source() -> None:
    refs = [
        EventRef("z", "1"),
        EventRef("a", "1/1"),
        EventRef("a", "10"),
        EventRef("b", "10"),
        EventRef("a", "9"),
    ]
    shuffled = refs[3:] + refs[:3]
    assert sorted(shuffled, key=lambda ref: ref.key) == refs


def test_a_contribution_is_named_by_its_event_and_what_it_adds_to() -> None:
    level = volume(events="assigned")
    [mine], [other] = (
        fold([renamed(ASSIGNED, source=source, id=name)], level).contributions
        for source, name in (("crm", "leads/1"), ("crm/leads", "1"))
    )
    assert mine.key != other.key
    assert mine.key.startswith("mqls/volume/")


def test_streaks_run_by_instant_then_lead_then_opening_and_no_lead_comes_first() -> None:
    ordered = [
        verdict("10:00", "ana", "met", lead="Z", id="9"),
        verdict("11:00", "ana", "met", id="1", source="b"),
        verdict("11:00", "ana", "met", id="2", source="a"),
        verdict("11:00", "ana", "met", lead="A", id="7"),
        verdict("11:00", "ana", "met", lead="A", id="8"),
        verdict("11:00", "ana", "met", lead="B", id="3"),
    ]
    found = [fold([one], recorded()).outcomes[0] for one in reversed(ordered)]
    assert [one.opening.id for one in sorted(found, key=streak_order)] == ["9", "1", "2", "7", "8", "3"]


def test_a_lead_of_which_nothing_runs_is_never_due() -> None:
    assert LeadFold().due_at is None
    assert fold([event("created", "10:00")], response()) == NOTHING
    assert fold([ASSIGNED], response(), as_of="10:30").due_at == at("11:00")
