"""Intake: every event is stored once, whoever sends it and however often."""

import threading
from collections.abc import Callable, Sequence
from typing import Any, cast

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from leaderboard.domain.events import Event
from leaderboard.persistence import event_store, models
from leaderboard.persistence.db import AppSession, current_session, db, intake_barrier, is_sqlite
from leaderboard.services.intake import IntakeResult, accept
from tests.databases import count_statements

NOW = 1_800_000_000_000_000


def event(event_id: str, **others: Any) -> Event:
    given = {
        "source": "crm",
        "id": event_id,
        "type": "lead.assigned",
        "time": 1_000,
        "lead": "L1",
        "rep": "ana",
    }
    return Event(**given | others)


def take(session: Session, *events: Event) -> IntakeResult:
    result = accept(session, events, NOW)
    session.commit()
    return result


def stored(session: Session) -> list[tuple[Any, ...]]:
    row = models.Event
    rows = session.execute(select(row.source, row.event_id, row.time_at, row.lead_key).order_by(row.seq))
    return [tuple(found) for found in rows]


def touched(session: Session) -> dict[str, int]:
    rows = session.execute(select(models.Lead.lead_key, models.Lead.touched_seq))
    return {row.lead_key: row.touched_seq for row in rows}


def problems(session: Session) -> list[models.IntakeProblem]:
    return list(session.scalars(select(models.IntakeProblem).order_by(models.IntakeProblem.id)))


def test_new_events_are_stored_and_their_leads_are_pending(session: Session) -> None:
    result = take(session, event("1"), event("2", lead="L2"), event("3", time=2_000))
    assert (result.accepted, result.duplicates, result.conflicts) == (3, 0, ())
    assert result.lead_keys == {"L1", "L2"}
    assert stored(session) == [
        ("crm", "1", 1_000, "L1"),
        ("crm", "2", 1_000, "L2"),
        ("crm", "3", 2_000, "L1"),
    ]
    assert touched(session) == {"L1": 1, "L2": 1}


def test_nothing_given_is_nothing_stored(session: Session) -> None:
    assert take(session) == IntakeResult(0, 0, (), frozenset())


def test_the_same_again_is_a_duplicate_and_touches_nothing(session: Session) -> None:
    take(session, event("1", attributes={"grade": "A"}))
    result = take(session, event("1", attributes={"grade": "A"}), event("2", lead="L2"))
    assert (result.accepted, result.duplicates, result.conflicts) == (1, 1, ())
    assert touched(session) == {"L1": 1, "L2": 1}


def test_an_id_of_another_source_is_another_event(session: Session) -> None:
    assert take(session, event("1"), event("1", source="ads")).accepted == 2


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        ({"type": "lead.contacted"}, ("type",)),
        ({"time": 1_001}, ("time",)),
        ({"lead": "L2"}, ("lead",)),
        ({"lead": None, "type": "outcome.recorded"}, ("type", "lead")),
        ({"rep": "rui"}, ("rep",)),
        ({"rep": None}, ("rep",)),
        ({"attributes": {"grade": "B"}}, ("grade",)),
        ({"attributes": {"grade": "A", "channel": "phone"}}, ("channel",)),
        ({"attributes": {}}, ("grade",)),
    ],
)
def test_the_same_id_with_other_content_is_a_conflict(
    session: Session, other: dict[str, Any], fields: tuple[str, ...]
) -> None:
    first = event("1", attributes={"grade": "A"})
    take(session, first)
    result = take(session, event("2"), first._replace(**other))
    assert (result.accepted, result.duplicates) == (1, 0)
    (conflict,) = result.conflicts
    assert (conflict.index, conflict.fields) == (1, fields)
    assert "the first received stands" in conflict.reason.message
    assert stored(session)[0] == ("crm", "1", 1_000, "L1")
    (problem,) = problems(session)
    assert (problem.kind, problem.source, problem.event_id, problem.noted_at) == ("conflict", "crm", "1", NOW)


def test_a_conflict_that_comes_again_is_noted_once(session: Session) -> None:
    take(session, event("1"))
    for _ in range(3):
        assert len(take(session, event("1", time=5)).conflicts) == 1
    assert len(problems(session)) == 1
    take(session, event("1", time=6))
    assert len(problems(session)) == 2


def test_within_a_batch_the_first_of_an_id_stands(session: Session) -> None:
    result = take(session, event("1"), event("1", time=9), event("1"))
    assert (result.accepted, result.duplicates, [c.index for c in result.conflicts]) == (1, 1, [1])


def test_a_batch_that_repeats_a_conflict_is_compared_with_what_is_stored(session: Session) -> None:
    take(session, event("1"))
    result = take(session, event("1", time=9), event("1"), event("1", time=9))
    assert (result.accepted, result.duplicates, [c.index for c in result.conflicts]) == (0, 1, [0, 2])


def test_where_a_conflict_came_in_is_told(session: Session) -> None:
    take(session, event("1"))
    accept(session, [event("2"), event("1", time=9)], NOW, origin=lambda index: f"events.csv:{index + 2}")
    assert problems(session)[0].origin == "events.csv:3"


def test_spaces_and_the_form_of_unicode_make_no_other_content(session: Session) -> None:
    composed, decomposed = "Jos\u00e9", "Jose\u0301"
    first = event("1", lead=decomposed, rep=composed, attributes={"grade": " A "})
    take(session, first)
    result = take(
        session, event(" 1", source=" crm", lead=composed, rep=decomposed, attributes={"grade": "A"})
    )
    assert (result.accepted, result.duplicates) == (0, 1)
    row = session.scalars(select(models.Event)).one()
    assert row.lead_key == composed
    assert row.as_written is not None
    assert decomposed in row.as_written


def test_aliases_are_compared_as_written(session: Session) -> None:
    take(session, event("1", rep="ana"))
    session.add(models.RepKey(text="0055A", person_id=session.scalar(select(models.Person.id))))
    session.commit()
    assert take(session, event("1", rep="0055A")).conflicts[0].fields == ("rep",)


def test_a_rep_whom_nobody_knew_becomes_a_person(session: Session) -> None:
    take(session, event("1", rep="ana"), event("2", rep="ana"), event("3", rep="rui"), event("4", rep=None))
    people = session.scalars(select(models.Person).order_by(models.Person.rep_id)).all()
    assert [(person.rep_id, person.name, person.in_roster) for person in people] == [
        ("ana", None, False),
        ("rui", None, False),
    ]
    keys = session.execute(select(models.RepKey.text, models.RepKey.person_id).order_by(models.RepKey.text))
    assert [tuple(key) for key in keys] == [("ana", people[0].id), ("rui", people[1].id)]


def test_a_conflict_makes_nobody_a_person(session: Session) -> None:
    take(session, event("1", rep="ana"))
    take(session, event("1", rep="ghost"))
    assert session.scalars(select(models.Person.rep_id)).all() == ["ana"]


def test_an_alias_finds_its_person(session: Session) -> None:
    session.add(models.Person(id=7, rep_id="ana", in_roster=True, created_at=0))
    session.flush()
    session.add(models.RepKey(id=8, text="0055A", person_id=7))
    session.commit()
    take(session, event("1", rep="0055A"))
    assert session.scalar(select(models.Event.rep_key_id)) == 8
    assert session.scalar(select(func.count()).select_from(models.Person)) == 1


def test_an_erased_rep_makes_a_repeated_event_no_conflict(session: Session) -> None:
    take(session, event("1", rep="ana"))
    session.execute(text("UPDATE rep_keys SET text = NULL"))
    session.commit()
    result = take(session, event("1", rep="ana"))
    assert (result.duplicates, result.conflicts) == (1, ())
    assert session.scalar(select(func.count()).select_from(models.Person)) == 1


ITSELF = " 3 crm v"
"""A voiding without a lead is evaluated under a key of its own."""


def test_a_voiding_touches_the_lead_of_what_it_voids(session: Session) -> None:
    take(session, event("1", lead="L1"), event("1", lead="L9", source="ads"))
    voiding = event("v", type="event.voided", lead=None, rep=None, attributes={"voids": " 1 "})
    assert take(session, voiding).lead_keys == {"L1", ITSELF}
    assert touched(session) == {"L1": 2, "L9": 1, ITSELF: 1}
    assert session.scalar(select(models.Event.voids).where(models.Event.event_id == "v")) == "1"


def test_a_voiding_in_the_same_batch_or_before_is_nothing_special(session: Session) -> None:
    voiding = event("v", type="event.voided", lead=None, rep=None, attributes={"voids": "1"})
    assert take(session, voiding).lead_keys == {ITSELF}
    assert take(session, event("1")).lead_keys == {"L1"}
    both = [
        event("v2", type="event.voided", lead=None, rep=None, attributes={"voids": "2"}),
        event("2", lead="L2"),
    ]
    assert take(session, *both).lead_keys == {"L2", " 3 crm v2"}


def test_a_voided_verdict_without_a_lead_is_touched_too(session: Session) -> None:
    verdict = event(
        "1", type="outcome.recorded", lead=None, attributes={"rating": "met", "service_level": "x"}
    )
    (key,) = take(session, verdict).lead_keys
    assert key.startswith(" ")
    voiding = event("v", type="event.voided", lead=None, rep=None, attributes={"voids": "1"})
    assert take(session, voiding).lead_keys == {key, ITSELF}


def test_verdicts_without_a_lead_never_share_a_key(session: Session) -> None:
    verdicts = [event("b c", source="a", lead=None), event("c", source="a b", lead=None)]
    assert len(take(session, *verdicts).lead_keys) == 2


def test_what_the_caller_does_not_commit_is_not_there(session: Session) -> None:
    accept(session, [event("1")], NOW)
    session.rollback()
    assert stored(session) == []
    assert touched(session) == {}


def test_one_event_costs_few_statements(session: Session) -> None:
    take(session, event("0"))
    with count_statements(db.engine) as seen:
        take(session, event("1"))
    assert len(seen) <= 4, seen


def test_a_single_event_takes_the_short_way_where_there_is_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_ways: list[object] = []
    insert_new = event_store.insert_new

    def counted(session: Session, rows: Sequence[event_store.EventRow]) -> set[event_store.Key] | None:
        long_ways.append(rows)
        return insert_new(session, rows)

    monkeypatch.setattr(event_store, "insert_new", counted)
    take(session, event("0"))
    assert len(long_ways) == 1, "nobody knew the rep"
    assert take(session, event("1")) == IntakeResult(1, 0, (), frozenset({"L1"}))
    assert take(session, event("1")) == IntakeResult(0, 1, (), frozenset())
    assert len(long_ways) == (3 if is_sqlite(session) else 2), "one that is there is compared"
    assert len(stored(session)) == 2


def test_a_single_event_that_cannot_be_stored_is_told_of_as_ever(session: Session) -> None:
    if is_sqlite(session):
        pytest.skip("there nobody stores while another does")
    take(session, event("0"))
    other = cast(Session, sessionmaker(db.engine, class_=AppSession, db=db)())
    intake_barrier(other)
    session.execute(text("SET LOCAL lock_timeout = 50"))
    with pytest.raises(OperationalError):
        take(session, event("1"))
    session.rollback()
    other.rollback()
    other.close()
    assert take(session, event("1")).accepted == 1


def test_a_thousand_events_cost_hardly_more_statements_than_one(session: Session) -> None:
    take(session, event("0"))
    with count_statements(db.engine) as seen:
        take(session, *(event(str(number), lead=f"L{number}") for number in range(1, 1_001)))
    assert len(seen) <= 7, seen


def test_a_chunk_of_many_reps_and_repeats(session: Session) -> None:
    events = [event(str(n), lead=f"L{n % 700}", rep=f"rep-{n % 3000}", time=n) for n in range(12_000)]
    assert take(session, *events).accepted == 12_000
    result = take(session, *(e._replace(time=e.time + n % 2) for n, e in enumerate(events)))
    assert (result.accepted, result.duplicates, len(result.conflicts)) == (0, 6_000, 6_000)


def test_a_chunk_in_which_some_are_known_already(session: Session) -> None:
    events = [event(str(n), lead=f"L{n % 700}", time=n) for n in range(3_000)]
    take(session, *events[1_000:1_010])
    result = take(session, *events)
    assert (result.accepted, result.duplicates) == (2_990, 10)
    assert len(stored(session)) == 3_000


def test_two_at_once_store_every_event_once(make_app: Callable[..., Flask]) -> None:
    """The same ids in other orders, from two processes: no deadlock, no double, none lost."""
    batches = [[event(str((n * 7 + b) % 400), lead=f"L{n % 50}", rep=f"r{n % 90}") for n in range(b, b + 200)]
               for b in range(0, 400, 40)]  # fmt: skip
    results: list[IntakeResult] = []
    failures: list[BaseException] = []

    def run(own: Sequence[list[Event]]) -> None:
        app = make_app()
        with app.app_context():
            try:
                results.extend(take(current_session(), *batch) for batch in own)
            except BaseException as error:
                failures.append(error)

    threads = [threading.Thread(target=run, args=(part,)) for part in (batches, batches[::-1], batches[3:])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    distinct = {item.id for batch in batches for item in batch}
    assert sum(result.accepted for result in results) == len(distinct)
    app = make_app()
    with app.app_context():
        assert len(stored(current_session())) == len(distinct)


def test_a_voiding_and_its_event_at_once_leave_the_lead_pending_last(make_app: Callable[..., Flask]) -> None:
    """On PostgreSQL neither sees the other's uncommitted row, so one of them waits for the other."""
    app = make_app()
    with app.app_context():
        session = current_session()
        if is_sqlite(session):
            pytest.skip("SQLite has one writer at a time")
        accept(session, [event("1")], NOW)
        waited = threading.Event()

        def void() -> None:
            other = make_app()
            with other.app_context():
                voiding = event("v", type="event.voided", lead=None, rep=None, attributes={"voids": "1"})
                assert take(current_session(), voiding).lead_keys == {"L1", ITSELF}
                waited.set()

        thread = threading.Thread(target=void)
        thread.start()
        assert not waited.wait(0.3)
        session.commit()
        thread.join()
        assert waited.is_set()
        assert touched(session) == {"L1": 2, ITSELF: 1}


batches = st.lists(
    st.lists(
        st.builds(
            event,
            st.sampled_from("abcdefgh"),
            time=st.sampled_from([1, 1, 1, 2]),
            rep=st.sampled_from(["ana", "rui", None]),
            lead=st.sampled_from(["L1", "L2"]),
        ),
        max_size=8,
    ),
    max_size=4,
)


@given(sent=batches)
@settings(
    max_examples=40, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_the_first_received_stands_whatever_comes_after(app: Flask, sent: list[list[Event]]) -> None:
    with app.app_context():
        session = current_session()
        expected: dict[str, Event] = {}
        prefix = session.scalar(select(func.count()).select_from(models.Event))
        for batch in sent:
            batch = [item._replace(source=f"s{prefix}") for item in batch]
            duplicates = conflicts = accepted = 0
            for item in batch:
                first = expected.setdefault(item.id, item)
                accepted += first is item
                duplicates += first is not item and first == item
                conflicts += first != item
            result = take(session, *batch)
            assert (result.accepted, result.duplicates, len(result.conflicts)) == (
                accepted,
                duplicates,
                conflicts,
            )
        session.rollback()
