"""Whatever is sent to any door by anybody: it is answered, nothing breaks, and what is refused stores nothing.

`HOSTILE_SHARE=0.2` sends a fifth of all values to each field of each form, alone, and to each role at every
door; 1 sends all of them, which takes hours.
"""

import os
from collections.abc import Iterator

import pytest

from tests.databases import Database, Server
from tests.web.hostile_world import ROLES, furnish
from tests.web.kept_state import KeptState
from tests.web.knocking import Knocker
from tests.web.settings.firm import Firm

pytestmark = pytest.mark.slow
SHARE = float(os.environ.get("HOSTILE_SHARE", "0"))
ELSEWHERE = {"GET api.get_standings", "POST api.post_events", "GET tv.frame", "GET credentials.key"}
"""Doors of programs and screens, which bring a token of their own, and a key's that its print finds."""
ONLY = os.environ.get("HOSTILE_ROLES", ",".join(ROLES)).split(",")


@pytest.fixture
def knocker(
    firm: Firm, database_server: Server, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Knocker]:
    """Before every door of the furnished firm."""
    kept = KeptState(database_server, database)
    made = Knocker(furnish(firm), kept, SHARE)
    made.listen(monkeypatch)
    yield made
    kept.close()


def test_no_door_breaks_whoever_sends_what(knocker: Knocker) -> None:
    for role in ONLY:
        knocker.enter(role)
        knocker.everywhere()
    assert knocker.wrong == []
    if set(ONLY) == set(ROLES):
        assert knocker.doors() - knocker.reached == ELSEWHERE
