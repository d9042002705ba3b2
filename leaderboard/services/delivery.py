"""Events that programs send us: read, checked against what the token may say, and on disk before the answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from leaderboard.domain.events import Event
from leaderboard.domain.instants import Instant
from leaderboard.files.events import Reason, joined_reasons
from leaderboard.files.events.json_events import BodyEvent, json_items, read_body
from leaderboard.files.messages import shown
from leaderboard.persistence.db import writing_session
from leaderboard.services import api_tokens, intake, problems
from leaderboard.services.api_tokens import Token

_MOST_NOTED = 500
"""Of one request, so that a sender gone mad does not fill the disk with its mistakes."""
_LONGEST_NOTED = 2_000


class ForeignSources(Exception):
    """The token may not speak for any of the sources that the events name. The message is one of them."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An event that was not taken, by its place from 0 in what was sent."""

    index: int
    event_id: str | None
    reasons: tuple[Reason, ...]

    @property
    def reason(self) -> str:
        """In English, what a person can act on."""
        return joined_reasons(self.reasons)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery."""

    accepted: int
    duplicates: int
    rejected: tuple[Rejected, ...]


def receive(body: bytes, cloudevents: bool, token: Token, now: Instant) -> Receipt:
    """Stores what is new of it. `cloudevents`: announced as such, so that everything in it must be one.

    Raises NotJson where nothing can be read of it, and ForeignSources where nothing in it may be said.
    """
    entries = read_body(body, cloudevents=cloudevents)
    good, refused = _sorted(entries, token)
    session = writing_session()
    result = intake.accept(session, [event for _, event in good], now, lambda _index: token.name)
    conflicts = [Rejected(good[one.index][0], one.event.id, (one.reason,)) for one in result.conflicts]
    if refused:
        problems.note(session, _noted(refused, body, token), now)
    api_tokens.touch(token, now)
    session.commit()
    rejected = sorted([*refused, *conflicts], key=lambda one: one.index)
    return Receipt(result.accepted, result.duplicates, tuple(rejected))


def _sorted(entries: Sequence[BodyEvent], token: Token) -> tuple[list[tuple[int, Event]], list[Rejected]]:
    """What may go in, by its place, and what may not. Raises ForeignSources."""
    good: list[tuple[int, Event]] = []
    refused: list[Rejected] = []
    foreign: list[str] = []
    for entry in entries:
        result = entry.result
        if not isinstance(result, Event):
            refused.append(Rejected(entry.index, entry.id, result.reasons))
        elif token.speaks_for(result.source):
            good.append((entry.index, result))
        else:
            foreign.append(result.source)
            reason = Reason("source_foreign", {"found": shown(result.source)})
            refused.append(Rejected(entry.index, entry.id, (reason,)))
    if foreign and not good:
        raise ForeignSources(foreign[0])
    return good, refused


def _noted(refused: Sequence[Rejected], body: bytes, token: Token) -> list[problems.Problem]:
    """The refused ones as data health shows them, as they were sent."""
    kept = refused[:_MOST_NOTED]
    text, places = body.decode("utf-8-sig"), {one.index for one in kept}
    payloads = {
        index: text[start:end][:_LONGEST_NOTED]
        for index, (start, end, _) in enumerate(json_items(text))
        if index in places
    }
    return [
        problems.Problem(
            kind=problems.REJECTED,
            # What no column holds (half a character, NUL) may stand in a refused id.
            event_id=one.event_id if one.event_id and one.event_id.isprintable() else None,
            origin=token.name,
            reasons=one.reasons,
            payload=payloads[one.index],
        )
        for one in kept
    ]
