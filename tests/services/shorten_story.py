"""Tells stories until one fails, and shortens that: `python -m tests.services.shorten_story SEED [COUNT]`.

On SQLite, in a folder of its own that it removes. Prints the least that still fails, and how.
"""

import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from leaderboard.app import create_app
from leaderboard.domain.instants import format_instant
from leaderboard.files.roster import write_roster
from leaderboard.files.rulebook import write_rulebook
from leaderboard.persistence.db import db
from leaderboard.services import clock
from tests.databases import SqliteFiles, settings_for
from tests.services.busy_worlds import script
from tests.services.story_steps import Apply, Receive, Script, Staff, Step
from tests.services.story_store import Store, emptier, keep_template

_PARTS = ("badges", "recognition", "consequences", "service_levels")

Fails = Callable[[Script], BaseException | None]


def main(seed: int, count: int) -> int:
    """How many of the stories failed: 0 or 1."""
    with tempfile.TemporaryDirectory() as folder:
        database = SqliteFiles(Path(folder)).migrated()
        app = create_app(settings_for(database, Path(folder), log_level="CRITICAL"))
        fails = _teller(emptier(keep_template(database.url, Path(folder))))
        with app.app_context():
            for number in range(seed, seed + count):
                if (error := fails(script(number))) is not None:
                    print(f"story {number} fails: {error!r:.300}\n", flush=True)
                    _show(_shortened(script(number), type(error), fails), fails)
                    return 1
    return 0


def _teller(empty: Callable[[], None]) -> Fails:
    now = [0]
    clock.now = lambda: now[0]

    def tell(story: Script) -> BaseException | None:
        empty()
        try:
            Store(lambda instant: now.__setitem__(0, instant)).tell(story)
        except Exception as error:
            db.session.remove()
            return error
        return None

    return tell


def _shortened(story: Script, kind: type[BaseException], fails: Fails) -> Script:
    """Leaves out whatever may be left out, as long as it fails with an error of that kind."""
    shorter = True
    while shorter:
        shorter = False
        for simpler in _simpler(story):
            if isinstance(fails(simpler), kind):
                story, shorter = simpler, True
                break
    return story


def _simpler(story: Script) -> Iterator[Script]:
    size = len(story) // 2
    while size:
        for start in range(0, len(story), size):
            yield story[:start] + story[start + size :]
        size //= 2
    for place, (when, step) in enumerate(story):
        for simpler in _simpler_steps(step):
            yield [*story[:place], (when, simpler), *story[place + 1 :]]


def _simpler_steps(step: Step) -> Iterator[Step]:
    if isinstance(step, Receive) and len(step.events) > 1:
        for place in range(len(step.events)):
            yield Receive(step.events[:place] + step.events[place + 1 :])
    if isinstance(step, Apply):
        for part in _PARTS:
            items = getattr(step.rulebook, part)
            for name in items:
                fewer = {key: item for key, item in items.items() if key != name}
                yield Apply(replace(step.rulebook, **{part: fewer}))


def _show(story: Script, fails: Fails) -> None:
    for when, step in story:
        print(format_instant(when), type(step).__name__)
        match step:
            case Receive(events):
                for event in events:
                    print(f"    {format_instant(event.time)} {event}")
            case Apply(rulebook):
                print(write_rulebook(rulebook))
            case Staff(roster):
                print(write_roster(roster))
            case _:
                print(f"    {step}")
    traceback.print_exception(fails(story))


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:3]]
    sys.exit(main(numbers[0], numbers[1] if len(numbers) > 1 else 1))
