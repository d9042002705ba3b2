"""What goes wrong at the demo's company, so that data health has something to show."""

from collections.abc import Iterator

from leaderboard.domain.events import OUTCOME_RECORDED, Event
from leaderboard.domain.instants import DAY, HOUR, MINUTE, SECOND
from leaderboard.files.events import Reason
from leaderboard.services.demo.names import lead_name
from leaderboard.services.demo.signs import CRM
from leaderboard.services.demo.stories import LeadStory, Planned, Wish, WorkingTempo
from leaderboard.services.demo.world import World
from leaderboard.services.problems import REJECTED, Problem

_LIST = "fair-visitors.csv"
_NEWCOMER = "0055A00000NEW77"


def flaws(world: World) -> Iterator[Planned]:
    """Events that cannot be counted as they are."""
    yield from _newcomer(world)
    yield from _verdicts(world)
    yield from _said_twice(world)


def _newcomer(world: World) -> Iterator[Planned]:
    """Somebody works already whom the roster lacks."""
    for number, days in enumerate((1, 2, 5)):
        at = world.anchor_at - days * DAY - 80 * MINUTE
        story = LeadStory(
            world, f"new-{number}", lead_name(20 + number), at, WorkingTempo(world), Wish(_NEWCOMER)
        )
        yield from story.told()


def _verdicts(world: World) -> Iterator[Planned]:
    """One for nobody, one in words that the rulebook does not know."""
    at = world.anchor_at - 3 * DAY
    ana = world.people["ana"].crm_id
    told = (
        ("recheck-1", None, {"service_level": "data-quality", "rating": "met"}),
        ("recheck-2", ana, {"service_level": "data-quality", "rating": "excellent"}),
    )
    for event_id, rep, attributes in told:
        yield Planned(
            at + 30 * SECOND, Event("crm-check", event_id, OUTCOME_RECORDED, at, None, rep, attributes)
        )


def _said_twice(world: World) -> Iterator[Planned]:
    """One id, two contents: the first received stands, and a person is told."""
    at, lead = world.anchor_at - 2 * DAY, lead_name(30)
    for minutes in (0, 7):
        event = Event(CRM, "manual-note-118", "note.added", at + minutes * MINUTE, lead)
        yield Planned(at + HOUR + minutes * MINUTE, event)


def rejected_rows() -> list[Problem]:
    """Two rows of a list that somebody imported by hand."""
    rows = (
        (14, "fair-14,lead.created,next Tuesday,Feira Mirante", "time_shape", {"found": "`next Tuesday`"}),
        (
            31,
            "fair-31,Lead Created,2026-03-02T10:00:00Z,Feira Cedro",
            "event_type",
            {"found": "`Lead Created`"},
        ),
    )
    return [
        Problem(kind=REJECTED, reasons=(Reason(code, params),), origin=f"{_LIST}:{line}", payload=row)
        for line, row, code, params in rows
    ]
