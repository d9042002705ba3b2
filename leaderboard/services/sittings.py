"""The transaction in which a person decides something: rights asked, the form taken once, the decision noted."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cached_property

from sqlalchemy.orm import Session

from leaderboard.domain.decisions import Decision, Decisions
from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.job_queue import enqueue_after_commit
from leaderboard.persistence.db import writer_lock, writing_session
from leaderboard.services import audit_log, clock
from leaderboard.services.announcing import note_news
from leaderboard.services.decision_store import load_decisions
from leaderboard.services.decisions import decide
from leaderboard.services.directory import Directory
from leaderboard.services.forms_taken import take_once
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.powers import Powers
from leaderboard.services.rules import Rules, current_rules

LONGEST_REASON = 1_000
_LARGEST_KEY = 2**63 - 1


class NotTheirs(Exception):
    """There is nothing of the kind, or it is nobody's business of theirs: which of the two is not told."""


class Refusal(StrEnum):
    """Why something is not decided."""

    REASON_MISSING = "reason_missing"
    REASON_LONG = "reason_long"
    SETTLED = "settled"
    UNDONE = "undone"
    NO_RULES = "no_rules"
    SUBJECT = "subject"
    POINTS = "points"
    POINTS_SPENT = "points_spent"
    BADGE = "badge"
    BADGES_SPENT = "badges_spent"
    SAME_PERSON = "same_person"
    TASK_OVER = "task_over"
    TASK_DONE = "task_done"
    REFERENCE = "reference"
    REVOKED = "revoked"


class Refused(Exception):
    """It is not decided; `why` says why, and `left` how much of a budget there is."""

    def __init__(self, why: Refusal, left: int = 0) -> None:
        super().__init__(why.value)
        self.why = why
        self.left = left


class Sitting:
    """One login deciding at one instant, as the only writer."""

    def __init__(self, session: Session, rules: Rules, who: LoggedIn, now: Instant) -> None:
        self.session = session
        self.rules = rules
        self.who = who
        self.now = now
        self.actor = audit_log.actor_of(who.user_id)
        self.directory = Directory(session)

    @cached_property
    def powers(self) -> Powers:
        """On whom they may decide."""
        own = None if self.who.person_id is None else self.directory.rep_id(self.who.person_id)
        return Powers(self.who.role, own, self.rules.placement, self.now)

    @cached_property
    def decisions(self) -> Decisions:
        """All that was decided so far."""
        return Decisions(load_decisions(self.session, self.directory))

    def subject(self, subject: SubjectKind, key: int) -> str:
        """The id of the rep or team of a key. Raises NotTheirs for nobody, and for whom they may not decide on."""
        check_number(key)
        try:
            known = self.directory.rep_id if subject is SubjectKind.REP else self.directory.team_id
            found = known(key)
        except KeyError as error:
            raise NotTheirs from error
        if not self.powers.on(subject, found):
            raise NotTheirs
        return found

    def subject_key(self, decision: Decision) -> str:
        """The one concerned, as the audit log names them."""
        measure = decision.measure
        kind = decision.subject if measure is None else measure.subject
        who = decision.subject_id if measure is None else measure.id
        if kind is SubjectKind.TEAM:
            return f"team:{self.directory.team_key(who)}"
        return f"person:{self.directory.person_id(who)}"

    def decide(
        self,
        decision: Decision,
        *,
        made: Decision | None = None,
        by: str | None = None,
        second: str | None = None,
    ) -> int:
        """Notes a decision with what follows from it, and in the audit log; `made` is the one that it undoes."""
        number = decide(self.session, self.rules, decision, by or self.actor, second)
        self.note(f"decision.{decision.kind}", self.subject_key(made or decision), number, decision)
        # Months that lean on this one are settled by whoever is woken.
        enqueue_after_commit(self.session, "evaluate_due")
        return number

    def note(self, action: str, subject: str, number: int, decision: Decision) -> None:
        """An entry of the audit log, for what is decided and for what is proposed."""
        measure = decision.measure
        told: dict[str, object] = {"number": number, "reason": decision.reason}
        if measure is not None:
            told |= {"month": measure.month, "consequence": measure.consequence, "place": measure.place}
        known = (("points", decision.points), ("badge", decision.badge), ("task", decision.task))
        told |= {name: value for name, value in known if value}
        if decision.undoes is not None:
            told["undoes"] = decision.undoes
        audit_log.note(self.session, self.now, self.actor, action, subject, after=told)


@contextmanager
def sitting(who: LoggedIn, token: str) -> Iterator[Sitting | None]:
    """Opens one and commits at its end; None where the form was taken before, and all is as it should be."""
    session = writing_session()
    try:
        writer_lock(session)
        rules = current_rules(session)
        if rules is None:
            raise NotTheirs
        now = clock.now()
        at = Sitting(session, rules, who, now)
        if take_once(session, at.actor, token, now):
            yield at
            note_news(session, rules, now)
        else:
            yield None
        session.commit()
    except BaseException:
        session.rollback()
        raise


def check_number(key: int) -> None:
    """An address may bear any number; one that a database refuses loudly is nobody's. Raises NotTheirs."""
    if not 0 < key <= _LARGEST_KEY:
        raise NotTheirs


def checked_reason(reason: str) -> str:
    """A reason as it is kept. Raises Refused where there is none, or a novel."""
    text = " ".join(reason.split())
    if not text:
        raise Refused(Refusal.REASON_MISSING)
    if len(text) > LONGEST_REASON:
        raise Refused(Refusal.REASON_LONG)
    return text
