"""Simulations as rows: asked for, run, died in, run again, forgotten."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs import simulations
from leaderboard.files.problems import FileProblems
from leaderboard.persistence.models import SimulationRun
from leaderboard.services import claimed_runs, simulation_runs
from leaderboard.services.directory import Directory
from leaderboard.services.rules import current_rules
from leaderboard.services.simulation import simulate
from leaderboard.services.simulation_document import document_of
from leaderboard.services.simulation_names import with_names
from leaderboard.services.simulation_runs import Asked, TooMuchAsked, ask_for_simulation, run, run_waiting
from tests.services.acme import SetClock, july
from tests.services.test_simulation import DRAFT, rows_of_everything

TEXT = DRAFT.decode()


@pytest.fixture
def asked(acme: Session, at: SetClock, monkeypatch: pytest.MonkeyPatch) -> int:
    """A simulation that was asked for, with each step of its progress told."""
    monkeypatch.setattr(claimed_runs, "BETWEEN_SECONDS", 0)
    july(acme)
    at("2026-08-10T00:00:00Z")
    return ask()


def ask(text: str = TEXT, actor: str = "user:1") -> int:
    return ask_for_simulation(Asked(text, "draft.yaml", "2026-07", actor))


def row(session: Session, request_id: int) -> SimulationRun:
    found = session.scalar(
        select(SimulationRun).where(SimulationRun.id == request_id).execution_options(populate_existing=True)
    )
    session.rollback()
    assert found is not None
    return found


def result(session: Session, request_id: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row(session, request_id).result or "")
    return found


def error(session: Session, request_id: int) -> Any:
    return json.loads(row(session, request_id).error or "")["code"]


def die_after(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """As a process that is killed: no handler of exceptions sees it."""
    tell = claimed_runs.Telling.__call__
    left = [steps]

    def told(self: Any, done: int, of: int) -> None:
        tell(self, done, of)
        left[0] -= 1
        if left[0] < 0:
            raise SystemExit

    monkeypatch.setattr(claimed_runs.Telling, "__call__", told)


def test_what_comes_out_is_kept_without_names(acme: Session, asked: int) -> None:
    assert row(acme, asked).state == "waiting"
    assert run(asked)
    done = row(acme, asked)
    assert (done.state, done.progress, done.runs, done.error) == ("done", 1000, 1, None)
    assert "Ana" not in str(done.result)
    rules = current_rules(acme)
    assert rules is not None
    shown = with_names(result(acme, asked), Directory(acme), rules.roster)
    assert shown == document_of(simulate(DRAFT, "draft.yaml", "2026-07"))


def test_run_twice_it_changes_nothing(acme: Session, asked: int) -> None:
    simulations.simulate(asked)
    before = rows_of_everything(acme)
    simulations.simulate(asked)
    simulations.simulate_waiting()
    assert rows_of_everything(acme) == before


def test_nothing_but_its_own_row_is_written(acme: Session, asked: int) -> None:
    before = rows_of_everything(acme)
    run(asked)
    after = rows_of_everything(acme)
    assert {name for name in before if before[name] != after[name]} == {"simulations"}


def test_killed_in_the_middle_and_run_again_it_ends_the_same(
    acme: Session, asked: int, at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        die_after(patch, 2)
        with pytest.raises(SystemExit):
            run(asked)
    acme.rollback()
    left = row(acme, asked)
    assert left.state == "running"
    assert 0 < left.progress < 1000
    assert not run(asked), "its run may still be alive"
    at("2026-08-10T00:02:00Z")
    assert run_waiting() == 1
    assert row(acme, asked).runs == 2
    other = ask()
    run(other)
    assert {**result(acme, asked), "as_of": ""} == {**result(acme, other), "as_of": ""}


def test_who_was_taken_for_dead_writes_no_more(
    acme: Session, asked: int, at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = claimed_runs.Telling.__call__
    nested = []

    def told(self: Any, done: int, of: int) -> None:
        if not nested:
            nested.append(True)
            at("2026-08-10T00:05:00Z")
            assert run(asked)
        tell(self, done, of)

    monkeypatch.setattr(claimed_runs.Telling, "__call__", told)
    assert not run(asked)
    assert (row(acme, asked).state, row(acme, asked).runs) == ("done", 2)


def test_what_dies_again_and_again_is_given_up(
    acme: Session, asked: int, at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_after(monkeypatch, 0)
    for minute in (0, 3, 6):
        at(f"2026-08-10T00:0{minute}:00Z")
        with pytest.raises(SystemExit):
            run(asked)
        acme.rollback()
    at("2026-08-10T00:09:00Z")
    assert run_waiting() == 0
    assert error(acme, asked) == "given_up"


def test_what_waited_for_a_day_is_given_up(acme: Session, asked: int, at: SetClock) -> None:
    at("2026-08-11T00:00:01Z")
    assert run_waiting() == 0
    assert error(acme, asked) == "given_up"


def test_a_failure_is_told_and_raised(acme: Session, asked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise KeyError("x")

    monkeypatch.setattr(simulation_runs, "simulate", fail)
    with pytest.raises(KeyError):
        run(asked)
    assert error(acme, asked) == "unexpected"


@pytest.mark.parametrize(
    ("change", "code"),
    [(("within: 20m", "within: never"), "problems"), (("UTC", "Asia/Tokyo"), "cuts_time_otherwise")],
)
def test_what_cannot_be_tried_by_now_says_why(
    acme: Session, asked: int, change: tuple[str, str], code: str
) -> None:
    kept = row(acme, asked)
    kept.document = kept.document.replace(*change)
    acme.add(kept)
    acme.commit()
    assert run(asked)
    assert error(acme, asked) == code


def test_a_period_that_is_none_by_now(acme: Session, asked: int) -> None:
    kept = row(acme, asked)
    kept.period = "2031-07"
    acme.add(kept)
    acme.commit()
    run(asked)
    assert error(acme, asked) == "refused"


def test_what_cannot_be_tried_is_not_asked(acme: Session, asked: int) -> None:
    before = rows_of_everything(acme)
    with pytest.raises(FileProblems):
        ask("rulebook: 1\n")
    with pytest.raises(TooMuchAsked, match="too_large"):
        ask(TEXT + "#" * 400_000)
    with pytest.raises(ValueError, match="is not a period"):
        ask_for_simulation(Asked(TEXT, "draft.yaml", "July", "user:1"))
    assert rows_of_everything(acme) == before


def test_one_person_asks_for_three_at_once(acme: Session, asked: int) -> None:
    ask()
    third = ask()
    with pytest.raises(TooMuchAsked, match="too_many"):
        ask()
    ask(actor="user:2")
    run(third)
    ask()


def test_what_is_old_is_forgotten(acme: Session, asked: int, at: SetClock) -> None:
    run(asked)
    assert simulation_runs.forget_old(at("2026-11-08T00:00:00Z")) == 0
    assert simulation_runs.forget_old(at("2026-11-08T00:00:01Z")) == 1
    assert acme.scalar(select(SimulationRun.id)) is None
