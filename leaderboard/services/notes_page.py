"""A login's own notes with the facts behind them, and how many are new."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import Award, Decision, LedgerEntry, Note, Payout, Proposal
from leaderboard.persistence.models.proposals import TASK
from leaderboard.queries.actors import names_of
from leaderboard.queries.board_page import BadgeMark
from leaderboard.queries.ground import Reading
from leaderboard.queries.ladder_page import Party, Word
from leaderboard.queries.marks import badge_mark
from leaderboard.queries.note_page import (
    AskNote,
    Audience,
    BadgeNote,
    GiftNote,
    MeasureNote,
    NoteFacts,
    NotePage,
    PayoutNote,
    PrizeNote,
    StepNote,
    What,
)
from leaderboard.services.announcing import step_key
from leaderboard.services.budgets import badge_points
from leaderboard.services.directory import Directory
from leaderboard.services.ladder_cases import Cases, party, powers_of
from leaderboard.services.ladder_stands import strike_of
from leaderboard.services.ladder_words import Words
from leaderboard.services.login_sessions import LoggedIn

NOTES_A_PAGE = 20
_STEP, _DECISION, _PROPOSAL, _AWARD, _PRIZE, _PAYOUT = (
    "step", "decision", "proposal", "award", "prize", "payout",
)  # fmt: skip
_Subject = tuple[SubjectKind, int]


def theirs(who: LoggedIn) -> ColumnElement[bool]:
    """The notes that are for this login: a person's own, a manager's as long as they are one, an administrator's."""
    audiences = [Audience.SELF] if who.role == "rep" else [Audience.SELF, Audience.MANAGER]
    own = and_(Note.person_id == (who.person_id or 0), Note.audience.in_(audiences))
    return or_(own, Note.person_id.is_(None)) if who.role == "admin" else own


def notes_page(reading: Reading, who: LoggedIn, seen: int, before: int | None = None) -> NotePage:
    """One page, the newest first, those after `seen` as new; a fixed number of statements."""
    statement = select(Note).where(theirs(who)).order_by(Note.id.desc()).limit(NOTES_A_PAGE + 1)
    if before is not None:
        statement = statement.where(Note.id < before)
    rows = reading.session.scalars(statement).all()
    shown = rows[:NOTES_A_PAGE]
    facts = _Facts(reading, shown)
    powers = powers_of(reading, who)
    found = []
    for row in shown:
        what = facts.what(row.key)
        audience = Audience(row.audience)
        if what is None:
            continue
        subject, subject_id = what.who.subject, facts.id_of(what.who)
        # Who no longer decides on somebody reads no more about them; one's own requests stay one's own.
        is_own_request = isinstance(what, AskNote) and what.refused is not None
        if audience is not Audience.SELF and not is_own_request and not powers.on(subject, subject_id):
            continue
        manager = _manager_of(reading, subject, subject_id)
        found.append(NoteFacts(row.id, row.at, audience, row.id > seen, what, manager))
    return NotePage(tuple(found), shown[-1].id if len(rows) > NOTES_A_PAGE else None)


def _manager_of(reading: Reading, subject: SubjectKind, subject_id: str) -> str | None:
    placement = reading.ground.placement
    team_id = placement.team_at(subject_id, reading.now) if subject is SubjectKind.REP else subject_id
    team = placement.roster.teams.get(team_id or "")
    if team is None or team.manager is None or team.manager == subject_id:
        return None
    return placement.roster.rep_name(team.manager)


class _Facts:
    """What the notes of one page are about, each kind looked up at once."""

    def __init__(self, reading: Reading, rows: Iterable[Note]) -> None:
        self._reading = reading
        self._directory = Directory(reading.session)
        self._keys: dict[str, list[list[str]]] = defaultdict(list)
        for row in rows:
            kind, _, rest = row.key.partition("/")
            self._keys[kind].append(rest.split("/"))
        self._found: dict[str, What] = {}
        decisions = self._decisions()
        self._learn(decisions)
        self._steps(decisions)
        self._asked()
        self._awards()
        self._prizes()
        self._payouts()

    def what(self, key: str) -> What | None:
        """None for what is not there any more: rows of a database that somebody edited."""
        return self._found.get(key)

    def id_of(self, who: Party) -> str:
        """The one concerned, as the rules name them."""
        return self._id(who.subject, who.key)

    def _id(self, subject: SubjectKind, key: int) -> str:
        known = self._directory.rep_id if subject is SubjectKind.REP else self._directory.team_id
        return known(key)

    def _party(self, row: Any) -> Party:
        return self._party_of(
            SubjectKind(row.subject), row.person_id if row.subject == SubjectKind.REP else row.team_id
        )

    def _party_of(self, subject: SubjectKind, key: int) -> Party:
        return party(self._reading, subject, self._id(subject, key), key)

    def _rows(self, kind: str, model: Any, column: InstrumentedAttribute[Any] | None = None) -> list[Any]:
        wanted = sorted({int(parts[0]) for parts in self._keys[kind]})
        column = model.id if column is None else column
        statement = select(model).where(column.in_(wanted))
        return list(self._reading.session.scalars(statement)) if wanted else []

    def _decisions(self) -> list[tuple[Any, Any]]:
        wanted = sorted({int(parts[0]) for parts in self._keys[_DECISION]})
        if not wanted:
            return []
        made, first = Decision, aliased(Decision)
        statement = select(made, first).outerjoin(first, first.id == made.undoes).where(made.id.in_(wanted))
        return [(row, undone) for row, undone in self._reading.session.execute(statement)]

    def _learn(self, decisions: list[tuple[Any, Any]]) -> None:
        """All people who are decided on, with one statement."""
        keys = {row.person_id for pair in decisions for row in pair if row is not None and row.person_id}
        keys |= {int(parts[3]) for parts in self._keys[_STEP] if parts[2] == SubjectKind.REP}
        self._directory.learn_keys(keys)

    def _steps(self, decisions: list[tuple[Any, Any]]) -> None:
        """Steps, and the decisions on their measures, which are told in the ladders' own words."""
        about = [row if first is None else first for row, first in decisions]
        months = {parts[0] for parts in self._keys[_STEP]} | {row.month for row in about if row.month}
        cases = Cases(self._reading, since=Month.parse(min(months))) if months else None
        self._gifts([pair for pair in decisions if (pair[1] or pair[0]).month is None])
        if cases is None:
            return
        taken = {step_key(one): one for one in cases.taken}
        wanted = [f"{_STEP}/" + "/".join(parts) for parts in self._keys[_STEP]]
        chosen = [taken[key] for key in dict.fromkeys(wanted) if key in taken]
        words = Words(self._reading.session, cases.since) if chosen else ()
        made = cases.made(chosen, words) if isinstance(words, Words) else ()
        known = {step_key(one): (one, case) for one, case in zip(chosen, made, strict=True)}
        for key, (month, ladder, subject, number) in zip(wanted, self._keys[_STEP], strict=True):
            who = self._party_of(SubjectKind(subject), int(number))
            if key not in known:
                self._found[key] = StepNote(Month.parse(month), who, self._ladder(ladder, month))
                continue
            one, case = known[key]
            strikes = tuple(strike_of(case.rule, month) for month in one.strikes)
            name = case.rule.name or case.service_level
            self._found[key] = StepNote(case.month, who, name, case, one.version.effective_from, strikes)
        self._measures([pair for pair in decisions if (pair[1] or pair[0]).month], taken)

    def _ladder(self, consequence: str, month: str) -> str:
        """What it is called by the rules of that month."""
        version = self._reading.ground.book.in_month(Month.parse(month))
        rule = None if version is None else version.rulebook.consequences.get(consequence)
        if version is None or rule is None:
            return consequence
        return rule.name or version.service_levels[rule.service_level].name

    def _measures(self, pairs: list[tuple[Any, Any]], taken: Mapping[str, Any]) -> None:
        names = self._names(row.decided_by for row, _ in pairs)
        for row, first in pairs:
            about = row if first is None else first
            number = about.person_id if about.subject == SubjectKind.REP else about.team_id
            step = taken.get(f"{_STEP}/{about.month}/{about.consequence}/{about.subject}/{number}")
            measures = () if step is None else step.step.measures
            place = about.place or 0
            self._found[f"{_DECISION}/{row.id}"] = MeasureNote(
                kind=row.kind,
                month=Month.parse(about.month),
                who=self._party(about),
                ladder=self._ladder(about.consequence, about.month),
                word=Word(row.id, row.at, names[row.decided_by], row.reason),
                measure=measures[place] if place < len(measures) else None,
                undoes=None if first is None else first.kind,
            )

    def _gifts(self, pairs: list[tuple[Any, Any]]) -> None:
        book = self._reading.ground.book
        names = self._names(actor for row, _ in pairs for actor in (row.decided_by, row.seconded_by))
        for row, first in pairs:
            about = row if first is None else first
            version = book.at(about.done_at or about.at)
            rules = None if version is None else version.rulebook
            badge = None if rules is None else rules.badges.get(about.badge or "")
            task = None if rules is None else rules.tasks.get(about.task or "")
            points = about.points or badge_points(book, about.badge, about.at)
            self._found[f"{_DECISION}/{row.id}"] = GiftNote(
                kind=about.kind,
                who=self._party(about),
                what=(badge or task).name if badge or task else about.badge or about.task or "",  # type: ignore[union-attr]
                points=points if task is None else task.prize.points,
                word=Word(row.id, row.at, names[row.decided_by], row.reason),
                second=None if row.seconded_by is None else names[row.seconded_by],
                undoes=None if first is None else first.kind,
                money=None if task is None else task.prize.money,
                currency="" if rules is None else rules.organization.currency,
            )

    def _asked(self) -> None:
        rows = {row.id: row for row in self._rows(_PROPOSAL, Proposal)}
        names = self._names(actor for row in rows.values() for actor in (row.proposed_by, row.settled_by))
        for parts in self._keys[_PROPOSAL]:
            row = rows.get(int(parts[0]))
            if row is None:
                continue
            version = self._reading.ground.book.at(row.at)
            task = None if version is None else version.rulebook.tasks.get(row.task or "")
            refused = None
            if parts[1:] and row.settled_at is not None:
                refused = Word(row.id, row.settled_at, names[row.settled_by], row.settled_because)
            self._found[f"{_PROPOSAL}/" + "/".join(parts)] = AskNote(
                kind=row.kind,
                who=self._party(row),
                what=(task.name if task is not None else row.task or "") if row.kind == TASK else "",
                points=row.points or 0,
                by=names[row.proposed_by],
                reason=row.reason,
                state=row.state,
                refused=refused,
            )

    def _awards(self) -> None:
        keys = self._keys[_AWARD]
        instants = {int(parts[1]) for parts in keys}
        statement = select(Award).where(Award.awarded_at.in_(instants), Award.withdrawn_at.is_(None))
        rows = self._reading.session.scalars(statement).all() if instants else ()
        stands = {(one.badge, one.awarded_at, one.subject, one.person_id or one.team_id): one for one in rows}
        for badge, instant, subject, number in keys:
            row = stands.get((badge, int(instant), subject, int(number)))
            self._found["/".join((_AWARD, badge, instant, subject, number))] = BadgeNote(
                self._party_of(SubjectKind(subject), int(number)),
                self._badge(badge, int(instant), row),
                self._reading.ground.book.calendar.date_at(int(instant)),
                badge_points(self._reading.ground.book, badge, int(instant)),
                row is not None,
            )

    def _badge(self, badge: str, at: int, row: Award | None) -> BadgeMark:
        version = self._reading.ground.book.at(at)
        on = "" if version is None else version.effective_from.isoformat()
        return badge_mark(self._reading.ground.book, badge, on if row is None else row.rulebook_on, 1)

    def _prizes(self) -> None:
        wanted = {"/".join(parts): parts for parts in self._keys[_PRIZE]}
        if not wanted:
            return
        row = LedgerEntry
        booked = self._reading.session.scalars(
            select(row).where(row.reason_key.in_(wanted)).order_by(row.id)
        ).all()
        last = {one.reason_key: one for one in booked}
        for key, entry in last.items():
            points = entry.points if entry.takes_back is None else 0
            name = entry.reason or next(
                (one.reason for one in booked if one.reason_key == key and one.takes_back is None), None
            )
            self._found[f"{_PRIZE}/{key}"] = PrizeNote(
                wanted[key][0], self._party(entry), name or key, points
            )

    def _payouts(self) -> None:
        rows = {row.id: row for row in self._rows(_PAYOUT, Payout)}
        names = self._names(actor for row in rows.values() for actor in (row.decided_by, row.paid_by))
        for number, state in self._keys[_PAYOUT]:
            row = rows.get(int(number))
            if row is not None:
                by = row.paid_by if state == "paid" else row.decided_by
                self._found[f"{_PAYOUT}/{number}/{state}"] = PayoutNote(
                    state, self._party(row), row.name, row.period, Decimal(row.amount), row.currency,
                    None if by is None else names[by], row.reason, row.reference,
                )  # fmt: skip

    def _names(self, actors: Iterable[str | None]) -> Mapping[str, str]:
        return names_of(self._reading.session, actors)


def count_new(reading: Reading, who: LoggedIn, seen: int) -> int:
    """How many notes are newer than what was seen."""
    statement = select(func.count()).select_from(Note).where(theirs(who), Note.id > seen)
    return reading.session.scalar(statement) or 0
