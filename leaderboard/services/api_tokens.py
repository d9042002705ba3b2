"""Bearer tokens: which program may do what, and for which sources it may speak."""

import json
import unicodedata
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select, update

from leaderboard.domain.instants import MINUTE, Instant
from leaderboard.persistence.db import current_session, look_up
from leaderboard.persistence.models import ApiToken, AuditEntry
from leaderboard.services.secret_tokens import hash_of, new_token
from leaderboard.services.visibility import LARGEST_KEY

EVENTS_WRITE = "events:write"
READ = "read"
METRICS = "metrics"
SCOPES = (EVENTS_WRITE, READ, METRICS)

PREFIX = "lb_"
"""So that a token in a log or a repository is known for what it is."""

_ANY = "*"
_LONGEST_NAME = 100
_LONGEST_SOURCE = 100
_USED_EVERY = 5 * MINUTE


_FIND = select(ApiToken.id, ApiToken.name, ApiToken.scopes, ApiToken.sources, ApiToken.last_used_at).where(
    ApiToken.token_hash == bindparam("token_hash"), ApiToken.revoked_at.is_(None)
)


class TokenProblem(Exception):
    """A token cannot be made or revoked; the message is one line in English."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token that opens something. `sources` is None where it may speak for any."""

    token_id: int
    name: str
    scopes: frozenset[str]
    sources: frozenset[str] | None
    last_used_at: Instant | None

    def speaks_for(self, source: str) -> bool:
        """Whether events of this source may come with it."""
        return self.sources is None or source in self.sources

    def needs_touch(self, now: Instant) -> bool:
        """Whether its last use is to be written down again; not at every request."""
        return self.last_used_at is None or now - self.last_used_at >= _USED_EVERY


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token as lists show it."""

    token_id: int
    name: str
    scopes: tuple[str, ...]
    sources: tuple[str, ...] | None
    created_at: Instant
    last_used_at: Instant | None
    revoked_at: Instant | None


def create(name: str, scopes: list[str], sources: list[str], *, actor: str, now: Instant) -> str:
    """A new token, told this once. Without sources it may speak for any. Raises TokenProblem."""
    _check(name, scopes, sources)
    session, token = current_session(), new_token(PREFIX)
    kept_scopes = sorted(set(scopes))
    # As intake compares them.
    kept_sources = sorted({unicodedata.normalize("NFC", source) for source in sources}) or [_ANY]
    row = ApiToken(
        name=name.strip(),
        token_hash=hash_of(token),
        scopes=json.dumps(kept_scopes),
        sources=json.dumps(kept_sources, ensure_ascii=False),
        created_at=now,
        created_by=actor,
    )
    session.add(row)
    session.flush()
    after = json.dumps({"scopes": kept_scopes, "sources": kept_sources}, ensure_ascii=False)
    session.add(
        AuditEntry(at=now, actor=actor, action="token.created", subject=f"token:{row.id}", after=after)
    )
    session.commit()
    return token


def find(text: str) -> Token | None:
    """The token of that text; None where it opens nothing, or no longer."""
    row = look_up(_FIND, {"token_hash": hash_of(text)})
    if row is None:
        return None
    sources = json.loads(row.sources)
    named = None if _ANY in sources else frozenset(sources)
    return Token(row.id, row.name, frozenset(json.loads(row.scopes)), named, row.last_used_at)


def touch(token: Token, now: Instant) -> None:
    """The token was used: written into the transaction at hand, which the caller commits."""
    if token.needs_touch(now):
        this = update(ApiToken).where(ApiToken.id == token.token_id)
        older = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < now)
        current_session().execute(this.where(older).values(last_used_at=now))


def list_all() -> list[TokenRow]:
    """All tokens, those revoked too, in the order of their making."""
    rows = current_session().scalars(select(ApiToken).order_by(ApiToken.id))
    return [
        TokenRow(
            row.id,
            row.name,
            tuple(json.loads(row.scopes)),
            None if _ANY in (sources := json.loads(row.sources)) else tuple(sources),
            row.created_at,
            row.last_used_at,
            row.revoked_at,
        )
        for row in rows
    ]


def revoke(token_id: int, *, actor: str, now: Instant) -> None:
    """The token opens nothing from now on. Raises TokenProblem for one that is not there."""
    session = current_session()
    row = session.get(ApiToken, token_id) if 0 < token_id <= LARGEST_KEY else None
    if row is None:
        session.rollback()
        raise TokenProblem(f"there is no token {token_id}; `flask tokens list` shows them")
    if row.revoked_at is None:
        row.revoked_at = now
        session.add(AuditEntry(at=now, actor=actor, action="token.revoked", subject=f"token:{row.id}"))
    session.commit()


def _check(name: str, scopes: list[str], sources: list[str]) -> None:
    if not 0 < len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
        raise TokenProblem(f"a token's name has 1 to {_LONGEST_NAME} characters on one line")
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise TokenProblem(
            f"a scope is one of {', '.join(SCOPES)}" + (f", not {unknown[0]}" if unknown else "")
        )
    for source in sources:
        if (
            not 0 < len(source.strip()) <= _LONGEST_SOURCE
            or not source.isprintable()
            or source != source.strip()
        ):
            raise TokenProblem(f"a source has 1 to {_LONGEST_SOURCE} characters on one line")
    if sources and EVENTS_WRITE not in scopes:
        raise TokenProblem(f"sources go with the scope {EVENTS_WRITE}")
