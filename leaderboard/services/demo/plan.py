"""What happens at the demo's company, day by day: the same for the same world, however often it is asked."""

import datetime as dt
from collections.abc import Iterator
from random import Random

from leaderboard.domain.events import OUTCOME_RECORDED, Event
from leaderboard.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from leaderboard.services.demo.company import DemoRep
from leaderboard.services.demo.flaws import flaws
from leaderboard.services.demo.names import lead_name
from leaderboard.services.demo.stories import LeadStory, Planned, Wish, WorkingTempo, in_order
from leaderboard.services.demo.world import World

LONGEST_STORY = 100 * DAY
"""From the day of a lead to the last that is heard of it."""
CHECKS = "crm-check"

_LEADS_A_WORKING_DAY = 24
_LEADS_A_FREE_DAY = 6
_MOST_LEADS_A_DAY = 32
_FIRST_NUMBER = 40
"""Names before it are the scene's and the flaws'."""
_HOURS = (2, 1, 1, 1, 1, 2, 4, 8, 14, 20, 22, 20, 14, 18, 22, 21, 18, 14, 9, 7, 7, 6, 4, 3)
"""How leads spread over a day's hours."""
_SALES = ("inbound-south", "inbound-north", "outbound", "key-accounts")
_FRIDAY = 4
_SCENE = (
    ("ana", "A", 4),
    ("ana", "B", 9),
    ("ana", "C", 26),
    ("rui", "B", 7),
    ("gus", "A", 3),
    ("lia", "C", 12),
)
"""What runs when the curtain rises: whose lead, its grade, for how many minutes."""


def plan(world: World, after: Instant, until: Instant) -> list[Planned]:
    """What comes in after the one instant, up to the other, in order."""
    first_on = max(world.first_on, world.date_at(after - LONGEST_STORY))
    planned = [one for day in _days(first_on, world.date_at(until)) for one in of_day(world, day)]
    planned += [*_scene(world), *flaws(world)]
    return in_order([one for one in planned if after < one.received_at <= until])


def _days(first_on: dt.date, last_on: dt.date) -> Iterator[dt.date]:
    for ordinal in range(first_on.toordinal(), last_on.toordinal() + 1):
        yield dt.date.fromordinal(ordinal)


def of_day(world: World, day: dt.date) -> list[Planned]:
    """All that begins on a day, to its end, however much later that is."""
    chance = Random(f"day {day}")
    is_working = world.is_working_day(day)
    usual = (_LEADS_A_WORKING_DAY if is_working else _LEADS_A_FREE_DAY) * world.scale
    count = min(_MOST_LEADS_A_DAY, round(usual * chance.uniform(0.75, 1.3)))
    started = (day - world.first_on).days
    planned: list[Planned] = []
    for number in range(count):
        at = world.midnight(day) + _time_of_day(chance)
        name = lead_name(_FIRST_NUMBER + started * _MOST_LEADS_A_DAY + number)
        story = LeadStory(world, f"{day:%y%m%d}-{number:02}", name, at, WorkingTempo(world))
        planned.extend(story.told())
    if day.weekday() == _FRIDAY:
        planned.extend(_checks(world, day))
    return planned


def _time_of_day(chance: Random) -> int:
    hour = chance.choices(range(24), _HOURS)[0]
    return hour * HOUR + chance.randrange(3600) * SECOND


def _checks(world: World, day: dt.date) -> Iterator[Planned]:
    """The weekly look at each sales rep's records."""
    for team in _SALES:
        for rep in world.present(team, day):
            yield _check(world, day, rep)


def _check(world: World, day: dt.date, rep: DemoRep) -> Planned:
    chance = Random(f"check of {rep.id} on {day}")
    at = world.midnight(day) + 15 * HOUR + chance.randrange(5400) * SECOND
    good = "exceeded" if chance.random() < 0.4 else "met"
    rating = good if chance.random() < rep.skills.care else "missed"
    attributes = {"service_level": "data-quality", "rating": rating}
    event = Event(CHECKS, f"{day}/{rep.id}", OUTCOME_RECORDED, at, None, rep.crm_id, attributes)
    return Planned(at + chance.randint(20, 90) * SECOND, event)


def _scene(world: World) -> Iterator[Planned]:
    """Clocks that run at the anchor, and are stopped some minutes or working hours later."""
    chance, anchor_at = Random(f"scene at {world.anchor_at}"), world.anchor_at
    for number, (rep, grade, minutes) in enumerate(_SCENE):
        created_at = anchor_at - minutes * MINUTE - chance.randint(70, 150) * SECOND
        tried_at = world.hours.add(anchor_at, chance.randint(6 + 4 * number, 20 + 8 * number) * MINUTE)
        name = lead_name(number)
        wish = Wish(rep, grade, tried_at)
        yield from LeadStory(world, f"scene-{number}", name, created_at, _Immediate(world), wish).told()


class _Immediate(WorkingTempo):
    """The handover takes a minute at any hour; what follows takes its time."""

    def after(self, at: Instant, minutes: float, rep: DemoRep | None) -> Instant:
        return at + MINUTE if minutes <= 1 else super().after(at, minutes, rep)
