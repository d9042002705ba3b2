"""Events are stored while others are evaluated: nobody waits in a ring, nothing is missed."""

import random
import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from leaderboard.domain.events import Event
from leaderboard.domain.instants import DAY, Instant
from leaderboard.persistence import models
from leaderboard.persistence.db import current_session
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from leaderboard.services.rulebook_apply import apply_rulebook

NOW: Instant = 1_790_000_000_000_000
BATCHES, LEADS = 15, 60
RULEBOOK = b"""rulebook: 1
effective_from: 2026-01-01
organization: {name: Acme, timezone: UTC, currency: BRL}
service_levels:
  first-contact: {name: First contact, party: sales, measure: response, start: lead.assigned,
    stop: lead.contacted, within: 1h, points: {each: {met: 2, missed: -1}}}
"""


def batch(sender: int, number: int, chance: random.Random) -> list[Event]:
    return [
        Event(
            f"crm-{sender}",
            f"{number}-{place}",
            chance.choice(["lead.assigned", "lead.contacted"]),
            NOW - chance.randrange(DAY),
            f"L{chance.randrange(LEADS)}",
            f"rep-{chance.randrange(5)}",
        )
        for place in range(60)
    ]


def test_intake_and_evaluation_at_once(make_app: Callable[..., Flask]) -> None:
    failures: list[BaseException] = []

    def send(sender: int) -> None:
        chance = random.Random(sender)
        for number in range(BATCHES):
            accept(current_session(), batch(sender, number, chance), NOW)
            current_session().commit()

    def evaluate(_number: int) -> None:
        for _ in range(BATCHES):
            bring_up_to_date(NOW)

    def run(work: Callable[[int], None], number: int) -> None:
        try:
            with make_app().app_context():
                work(number)
        except BaseException as error:
            failures.append(error)

    app = make_app()
    with app.app_context():
        apply_rulebook(RULEBOOK, "rulebook.yaml", NOW, "test")
    threads = [threading.Thread(target=run, args=(send, number)) for number in range(3)]
    threads += [threading.Thread(target=run, args=(evaluate, number)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with app.app_context():
        bring_up_to_date(NOW)
        session = current_session()
        assert session.scalar(select(func.count()).select_from(models.Event)) == 3 * BATCHES * 60
        lead = models.Lead
        assert session.scalar(select(func.count()).where(lead.touched_seq > lead.folded_seq)) == 0
