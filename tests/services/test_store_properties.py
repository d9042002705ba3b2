"""Whatever happens in whatever order: what is stored is what the pure function says, and what is sealed stays.

The suite tells the same few stories each time; `STORE_STORIES=5000` tells that many others. One that fails is told
again, and shortened, by `python -m tests.services.shorten_story SEED`.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from leaderboard.services import clock
from tests.databases import Database
from tests.services.busy_worlds import script
from tests.services.story_store import Store, emptier, keep_template

STORIES = int(os.environ.get("STORE_STORIES", "0"))

Begin = Callable[[], Store]


@pytest.fixture
def begin(app: Flask, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Begins a story on a new database."""
    template = keep_template(database.url, tmp_path) if database.kind == "sqlite" else None
    empty = emptier(template)
    now = [0]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def begun() -> Store:
        empty()
        return Store(lambda instant: now.__setitem__(0, instant))

    with app.app_context():
        yield begun


def a_story(most: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A property of stories, which are numbered; a number has nothing that could be made simpler."""
    tried = settings(
        max_examples=STORIES or most,
        derandomize=not STORIES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
    )
    return lambda test: tried(given(seed=st.integers(0, 2**31))(test))


@pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
@a_story(most=8)
def test_the_store_is_the_pure_function(begin: Begin, seed: int) -> None:
    begin().tell(script(seed))


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
@a_story(most=3)
def test_the_store_is_the_pure_function_on_postgresql(begin: Begin, seed: int) -> None:
    begin().tell(script(seed))
