"""A large file is read by a process beside the one that stores: it comes to what reading it here comes to."""

import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence import models
from leaderboard.services import event_import, import_chunks
from leaderboard.services.event_import import Progress, import_events
from tests.services.acme import SetClock

ROWS, CHUNK = 300, 140
HEAD = "id,source,type,time,lead,rep,channel\n"


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every file is large, and read beside, a few rows at a time; tells of each process."""
    forks: list[int] = []
    fork = import_chunks.ahead

    def noted(make: Callable[[], Iterator[Any]]) -> Any:
        forks.append(1)
        return fork(make)

    monkeypatch.setattr(event_import, "CHUNK", CHUNK)
    monkeypatch.setattr(import_chunks, "ahead", noted)
    monkeypatch.setattr(import_chunks, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(import_chunks, "can_work_beside", lambda: True)
    return forks


def written(folder: Path, source: str = "crm") -> Path:
    """Rows in no order: some wrong, some twice, some that contradict another, some written with spaces and accents."""
    chance = random.Random(3)
    rows = [
        f"e{n},{source},lead.assigned,2026-08-03T10:00:{n % 60:02}Z, L{n % 90},rep-{n % 7},{'' if n % 3 else 'é'}"
        for n in range(ROWS)
    ]
    rows += [row.replace("rep-", "other-") for row in rows[:20]] + rows[50:60]
    rows += [f"n{n},{source},lead.created,2026-08-04T10:00:00Z,Caf\u0065\u0301 {n},," for n in range(5)]
    rows += [f"v{n},{source},event.voided,2026-08-04T10:00:00Z,,," for n in range(3)]
    rows += [f"bad-{n},{source},Nonsense,2026,L1,," for n in range(10)]
    chance.shuffle(rows)
    path = folder / f"{source}.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def stored(session: Session, source: str) -> dict[str, list[str]]:
    """All that came of a file, less what is numbered by the database; by any other source's name it is the same."""
    event, problem = models.Event, models.IntakeProblem
    events = select(
        event.event_id, event.type, event.time_at, event.lead_key, event.attributes, event.voids, event.as_written,
        event.received_at, models.RepKey.text,
    ).outerjoin(models.RepKey).where(event.source == source).order_by(event.seq)  # fmt: skip
    problems = select(problem.kind, problem.reason, problem.params, problem.origin, problem.payload)
    found = {
        "events": [repr(row) for row in session.execute(events)],
        "problems": [
            repr(row).replace(source, "")
            for row in session.execute(
                problems.where(problem.origin.startswith(source)).order_by(problem.digest)
            )
        ],
    }
    found["problems"].sort()
    session.rollback()
    return found


def rejected(path: Path) -> str:
    text = path.with_name(path.name + ".rejected.csv").read_text(encoding="utf-8")
    return text.replace(path.stem, "")


@pytest.fixture
def now(at: SetClock) -> Instant:
    return at("2026-08-10T00:00:00Z")


def test_it_comes_to_the_same_as_here(
    session: Session, now: Instant, tmp_path: Path, beside: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = import_events(written(tmp_path, "there"))
    assert beside == [1]
    monkeypatch.setattr(import_chunks, "can_work_beside", lambda: False)
    here = import_events(written(tmp_path, "here"))
    assert beside == [1]
    assert (there.read, there.accepted, there.duplicates, there.rejected) == (348, 305, 10, 33)
    assert (here.read, here.accepted, here.duplicates, here.rejected) == (348, 305, 10, 33)
    assert stored(session, "there") == stored(session, "here")
    assert stored(session, "there")["problems"] != []
    assert rejected(tmp_path / "there.csv") == rejected(tmp_path / "here.csv")


def test_how_far_it_came_is_told(session: Session, now: Instant, tmp_path: Path, beside: list[int]) -> None:
    path, told = written(tmp_path), list[Progress]()
    import_events(path, on_progress=told.append)
    assert len(told) == -(-348 // CHUNK)
    assert {one.size for one in told} == {path.stat().st_size}
    assert told[-1].bytes_read == path.stat().st_size


def test_the_file_is_read_on_where_its_reader_was_killed(
    session: Session, now: Instant, tmp_path: Path, beside: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, read = os.getpid(), import_chunks._read

    def killed(*arguments: Any) -> Iterator[Any]:
        for number, chunk in enumerate(read(*arguments)):
            if number == 1 and os.getpid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)
            yield chunk

    monkeypatch.setattr(import_chunks, "_read", killed)
    summary = import_events(written(tmp_path))
    assert (summary.read, summary.accepted, summary.duplicates, summary.rejected) == (348, 305, 10, 33)
    assert beside == [1]


def test_what_the_file_does_not_let_be_read_is_told_as_it_is_here(
    session: Session, now: Instant, tmp_path: Path, beside: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: Any) -> Iterator[Any]:
        raise OSError("the disk is gone")

    monkeypatch.setattr(import_chunks, "_read", unreadable)
    with pytest.raises(OSError, match="the disk is gone"):
        import_events(written(tmp_path))


def test_a_small_file_is_read_here(
    session: Session, now: Instant, tmp_path: Path, beside: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_chunks, "WORTH_A_PROCESS", 1 << 20)
    assert import_events(written(tmp_path)).accepted == 305
    assert beside == []
