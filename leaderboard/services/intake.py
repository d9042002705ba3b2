"""Events come in: each is stored once, whoever sends it and however often (interfaces.md, Events)."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from leaderboard.domain.events import EVENT_VOIDED, Event
from leaderboard.domain.instants import Instant
from leaderboard.files.event_json import event_line
from leaderboard.files.events import Reason
from leaderboard.job_queue import enqueue_after_commit
from leaderboard.persistence import event_store
from leaderboard.persistence.db import intake_barrier, intake_lock, is_sqlite
from leaderboard.persistence.event_store import EventRow, Key, StoredEvent
from leaderboard.persistence.lead_keys import lead_key
from leaderboard.services import problems, reps

VOIDS = "voids"

_write_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Conflict:
    """An event whose id came before with other content; the first received stands."""

    index: int
    event: Event
    fields: tuple[str, ...]
    """What differs: type, time, lead, rep, or an attribute's name."""

    @property
    def reason(self) -> Reason:
        """For whom it concerns."""
        return Reason("conflict", {"fields": ", ".join(self.fields)})


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What became of a batch. `lead_keys` are the leads whose evaluation is pending now."""

    accepted: int
    duplicates: int
    conflicts: tuple[Conflict, ...]
    lead_keys: frozenset[str]


def no_origin(_index: int) -> str | None:
    """Where a batch's events came in is not told."""
    return None


def accept(
    session: Session,
    events: Sequence[Event],
    received_at: Instant,
    origin: Callable[[int], str | None] = no_origin,
) -> IntakeResult:
    """Store what is new, mark its leads and ring for them; the caller commits, and calls it once a transaction.

    `origin` tells by an event's index where it came in, for the record of a conflict.
    """
    return accept_normal(session, in_normal_form(events), received_at, origin)


def accept_normal(
    session: Session,
    normal: "Normal",
    received_at: Instant,
    origin: Callable[[int], str | None] = no_origin,
) -> IntakeResult:
    """The same of events whose keys are in normal form already."""
    batch = _Batch(session, normal, received_at)
    at_once = batch.store_at_once()
    if at_once is not None:
        enqueue_after_commit(session, "evaluate_due")
        return IntakeResult(1, 0, (), frozenset({at_once}))
    batch.store()
    touched = batch.touched()
    event_store.touch(session, touched)
    if touched:
        enqueue_after_commit(session, "evaluate_due")
    duplicates, conflicts = batch.compare_losers()
    for conflict in conflicts:
        _note(session, conflict, origin(conflict.index), received_at)
    return IntakeResult(batch.accepted, duplicates, conflicts, frozenset(touched))


class Normal(NamedTuple):
    """Events with their keys trimmed and in NFC, by which they are compared; and by index those that were written
    otherwise, as they were.
    """

    events: list[Event]
    as_given: dict[int, Event]

    def packed(self) -> tuple[Any, ...]:
        """As plain values, for another process."""
        given = {index: tuple(event) for index, event in self.as_given.items()}
        return [tuple(event) for event in self.events], given

    @classmethod
    def unpacked(cls, packed: tuple[Any, ...]) -> "Normal":
        """The inverse of `packed`."""
        make = tuple.__new__  # for hundreds of thousands a second; `Event(*one)` takes thrice as long
        events, given = packed
        return cls(
            [make(Event, one) for one in events], {index: make(Event, one) for index, one in given.items()}
        )


def in_normal_form(events: Iterable[Event]) -> Normal:
    """The events by which intake compares."""
    normal = Normal([], {})
    for index, event in enumerate(events):
        made = _in_normal_form(event)
        if made is not event:
            normal.as_given[index] = event
        normal.events.append(made)
    return normal


class _Batch:
    """One batch on its way: which events came first, which lost to one that was there."""

    def __init__(self, session: Session, normal: Normal, received_at: Instant) -> None:
        self._session = session
        self._received_at = received_at
        self._events, self._as_given = normal
        self._losers: list[int] = []
        self._new: dict[Key, int] = {}
        for index, event in enumerate(self._events):
            if self._new.setdefault(event[:2], index) != index:
                self._losers.append(index)

    @property
    def accepted(self) -> int:
        return len(self._new)

    def store_at_once(self) -> str | None:
        """The shortest way that a single event has on PostgreSQL: its lead's key; None where it takes the long one."""
        if len(self._events) != 1 or is_sqlite(self._session) or self._events[0].type == EVENT_VOIDED:
            return None
        row, rep = self._row(0, None), self._events[0].rep
        return row[4] if event_store.store_one(self._session, row, rep) else None

    def store(self) -> None:
        """Stores the events; afterwards those that are new, and those that lost, are known apart."""
        # A voiding must see the event that it cancels, or that one must see it: so it is alone.
        voids = any(event.type == EVENT_VOIDED for event in self._events)
        (intake_barrier if voids else intake_lock)(self._session)
        keys = self._rep_keys()
        rows = [self._row(index, keys) for index in self._new.values()]
        stored = event_store.insert_new(self._session, rows)
        if stored is not None:
            self._lose(key for key in list(self._new) if key not in stored)

    def touched(self) -> set[str]:
        """The leads of the new events, and of those that the new ones cancel."""
        events = [self._events[index] for index in self._new.values()]
        voidings = [event for event in events if event.type == EVENT_VOIDED]
        # A voiding without a lead is evaluated by itself, too: it may be the first event there is.
        leads = {lead_key(event) for event in events}
        voided = {(event.source, voids) for event in voidings if (voids := _voids(event)) is not None}
        return leads | event_store.lead_keys_of(self._session, voided)

    def compare_losers(self) -> tuple[int, tuple[Conflict, ...]]:
        """How many of the losers say what is stored, and which say something else."""
        stored = event_store.find(self._session, (self._events[index][:2] for index in self._losers))
        conflicts = []
        for index in sorted(self._losers):
            event = self._events[index]
            fields = _differences(event, stored[event[:2]])
            if fields:
                conflicts.append(Conflict(index, self._as_given.get(index, event), fields))
        return len(self._losers) - len(conflicts), tuple(conflicts)

    def _rep_keys(self) -> dict[str, int]:
        """The keys of all reps. Only an event that is new makes a person of a rep whom nobody knew."""
        first = [self._events[index] for index in self._new.values()]
        named = {event.rep for event in first if event.rep is not None}
        known = reps.find_keys(self._session, named)
        if len(known) == len(named):
            return known
        doubtful = [event[:2] for event in first if event.rep is not None and event.rep not in known]
        self._lose(event_store.find(self._session, doubtful))
        remaining = (self._events[index].rep for index in self._new.values())
        unknown = {rep for rep in remaining if rep is not None and rep not in known}
        return known | reps.make_keys(self._session, unknown, self._received_at)

    def _lose(self, keys: Iterable[Key]) -> None:
        self._losers.extend(self._new.pop(key) for key in keys)

    def _row(self, index: int, rep_keys: Mapping[str, int] | None) -> EventRow:
        """As it is stored; without `rep_keys` its rep's key is left out."""
        event = self._events[index]
        given = self._as_given.get(index)
        source, event_id, kind, time_at, lead, rep, attributes = event
        return (
            source,
            event_id,
            kind,
            time_at,
            lead if lead is not None else lead_key(event),
            None if rep is None or rep_keys is None else rep_keys[rep],
            _write_json(dict(attributes)) if attributes else None,
            self._received_at,
            _voids(event) if kind == EVENT_VOIDED else None,
            None if given is None else _as_written(given, event),
        )


def _in_normal_form(event: Event) -> Event:
    """The event with its keys trimmed and in NFC, by which they are compared; itself where they already are."""
    source, event_id, _, _, lead, rep, _ = event
    keys = (source, event_id) if lead is None else (source, event_id, lead)
    for text in keys if rep is None else (*keys, rep):
        # Nearly all keys are plain, and a text with nothing to strip comes back as itself: no call for those.
        if not text.isascii() or text.strip() is not text:
            break
    else:
        return event
    return event._replace(
        source=_normal(source),
        id=_normal(event_id),
        lead=None if lead is None else _normal(lead),
        rep=None if rep is None else _normal(rep),
    )


def _normal(text: str) -> str:
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _as_written(given: Event, normal: Event) -> str | None:
    pairs = zip(Event._fields, given, normal, strict=True)
    other = {name: before for name, before, after in pairs if before != after}
    return _write_json(other) if other else None


def _voids(event: Event) -> str | None:
    """The id of the event that a voiding cancels; None where it names none, and so cancels nothing."""
    named = event.attributes.get(VOIDS)
    return None if named is None else _normal(named) or None


def _differences(event: Event, stored: StoredEvent) -> tuple[str, ...]:
    """What an event says that the stored one of the same key does not."""
    # Who was erased can no longer be compared, and a sender that repeats itself is no conflict.
    same_rep = stored.rep_erased or stored.rep == event.rep
    differs = {
        "type": stored.type != event.type,
        "time": stored.time_at != event.time,
        "lead": stored.lead_key != lead_key(event),
        "rep": not same_rep,
    }
    before = json.loads(stored.attributes) if stored.attributes else {}
    differs |= {
        name: _trimmed(before.get(name)) != _trimmed(event.attributes.get(name))
        for name in sorted(before.keys() | event.attributes.keys())
    }
    return tuple(name for name, is_other in differs.items() if is_other)


def _trimmed(text: str | None) -> str | None:
    return None if text is None else text.strip() or None


def _note(session: Session, conflict: Conflict, origin: str | None, at: Instant) -> None:
    problem = problems.Problem(
        kind=problems.CONFLICT,
        reasons=(conflict.reason,),
        source=conflict.event.source,
        event_id=conflict.event.id,
        origin=origin,
        payload=event_line(conflict.event),
    )
    problems.note(session, [problem], at)
