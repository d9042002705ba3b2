"""The order in which a lead's events are read."""

from leaderboard.domain.events import KNOWN_TYPES, lead_order
from tests.domain.build import event

IN_ORDER = [
    "lead.created",
    "lead.graded",
    "lead.marketing_qualified",
    "lead.assigned",
    "lead.contact_attempted",
    "lead.contacted",
    "lead.accepted",
    "lead.qualified",
    "lead.disqualified",
    "lead.returned",
    "lead.paused",
    "lead.resumed",
    "opportunity.created",
    "opportunity.won",
    "opportunity.lost",
    "meeting.held",
    "outcome.recorded",
    "lead.excluded",
    "event.voided",
]


def read_in_order(*events: object) -> list[str]:
    return [one.id for one in sorted(events, key=lead_order)]  # type: ignore[arg-type, attr-defined]


def test_at_the_same_time_the_table_of_types_decides() -> None:
    shuffled = [event(name, "10:00", id=name) for name in sorted(IN_ORDER)]
    assert read_in_order(*shuffled) == IN_ORDER


def test_time_goes_before_type() -> None:
    assert read_in_order(event("created", "10:00:01", id="b"), event("lost", "10:00", id="a")) == ["a", "b"]


def test_all_other_types_are_alike_so_the_id_decides() -> None:
    first, second = event("zebra.seen", "10:00", id="1"), event("ant.seen", "10:00", id="2")
    assert read_in_order(second, first) == ["1", "2"]


def test_ids_are_compared_by_code_point_not_as_numbers() -> None:
    ids = ["10", "9", "A", "a", "é"]
    assert read_in_order(*(event("created", "10:00", id=one) for one in reversed(ids))) == ids


def test_of_equal_ids_the_source_decides() -> None:
    ours, theirs = (
        event("created", "10:00", id="1", source="a"),
        event("created", "10:00", id="1", source="b"),
    )
    assert sorted([theirs, ours], key=lead_order) == [ours, theirs]


def test_the_specified_types_are_known() -> None:
    assert set(IN_ORDER) - {"meeting.held"} == KNOWN_TYPES
