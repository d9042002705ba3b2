"""Notes in words: what happened, by which rule, what it means, what leads back, and whom to talk to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from leaderboard.domain.decisions import MeasureState
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.ladder_page import Case, Party, Word
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
)
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.web.formats import moment, money, short_day
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.badge_signs import sign_of_mark
from leaderboard.web.presenters.by_hand import points_words, prize_words
from leaderboard.web.presenters.ladders import (
    CaseView,
    month_words,
    present_case,
    strike_words,
)
from leaderboard.web.presenters.payouts import period_words
from leaderboard.web.presenters.rule_terms import step_measure

_GOOD, _CARE, _PLAIN = "good", "care", "plain"


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note. `case` is the step behind it, with its measures as they stand now."""

    number: int
    icon: str
    tone: str
    title: str
    when: str
    is_new: bool
    sentences: tuple[str | Markup, ...] = ()
    reason: str | None = None
    case: CaseView | None = None
    href: str | None = None
    href_words: str = ""


@dataclass(frozen=True, slots=True)
class NotesView:
    """The page."""

    notes: tuple[NoteView, ...] = ()
    new: int = 0
    older: str | None = None
    newest: str | None = None
    manages: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """What one kind of note says."""

    icon: str
    tone: str
    title: str
    sentences: tuple[str | Markup, ...] = ()
    reason: str | None = None
    case: CaseView | None = None
    href: str | None = None
    href_words: str = ""


def present_notes(page: NotePage, who: LoggedIn, before: int | None = None) -> NotesView:
    """The page of a login."""
    return NotesView(
        notes=tuple(_present(one) for one in page.notes),
        new=sum(one.is_new for one in page.notes),
        older=None if page.before is None else url_for("notes.mine", before=page.before),
        newest=None if before is None else url_for("notes.mine"),
        manages=who.role != "rep",
    )


def _present(note: NoteFacts) -> NoteView:
    said = _SAYERS[type(note.what)](note)
    return NoteView(
        note.number, said.icon, said.tone, said.title, moment(note.at), note.is_new,
        said.sentences, said.reason, said.case, said.href, said.href_words,
    )  # fmt: skip


def _is_own(note: NoteFacts) -> bool:
    return note.audience is Audience.SELF


def _whose(note: NoteFacts, who: Party, title: str) -> str:
    """With the name in front, where it is somebody else's or a team's."""
    if _is_own(note) and who.subject is SubjectKind.REP:
        return title
    return gettext("%(name)s: %(what)s", name=who.name, what=title)


def _step(note: NoteFacts) -> _Said:
    what: StepNote = note.what  # type: ignore[assignment]
    case, month = what.case, month_words(what.month)
    if case is None:
        title = gettext("a step of “%(ladder)s” in %(month)s stands no more", ladder=what.ladder, month=month)
        gone = gettext(
            "What was received since, or a rule, changed that month: nothing follows from it any more."
        )
        return _Said("undo", _PLAIN, _capital(_whose(note, what.who, title)), (gone,))
    view = present_case(case)
    title = gettext("“%(level)s” was missed in %(month)s", level=case.service_level, month=month)
    return _Said(
        icon="step",
        tone=_CARE,
        title=_whose(note, what.who, title),
        sentences=tuple(_step_sentences(note, what, case, view)),
        case=view,
        href=_step_href(note, view),
        href_words=gettext("Where I stand on each ladder")
        if _is_own(note)
        else gettext("Decide on it")
        if case.waits
        else gettext("Among the consequences"),
    )


def _step_href(note: NoteFacts, view: CaseView) -> str:
    if _is_own(note):
        return url_for("me.mine") + "#ladders-title"
    return url_for("settings_consequences.home") + f"#c-{view.id}"


def _step_sentences(note: NoteFacts, what: StepNote, case: Case, view: CaseView) -> Iterator[str | Markup]:
    if view.figures:
        yield view.figures
    if what.rules_on is not None:
        yield gettext(
            "By the ladder “%(ladder)s” of the rules in force from %(day)s this is %(step)s.",
            ladder=what.ladder, day=short_day(what.rules_on), step=view.step,
        )  # fmt: skip
    yield from (strike_words(one) for one in what.strikes if one.month == case.month)
    if case.rule.clears_after is not None:
        yield ngettext(
            "%(num)s month that is met leads back to the foot.",
            "%(num)s months in a row that are met lead back to the foot.",
            case.rule.clears_after,
        )
    if not _is_own(note):
        return
    if any(one.state is MeasureState.WAITING for one in case.measures):
        yield gettext("What waits for a manager does not apply unless it is approved.")
    yield _whom_to_talk_to(note)


def _whom_to_talk_to(note: NoteFacts) -> str:
    if note.manager is None:
        return gettext("Is something about it not right? Talk to whoever administers this board.")
    return gettext("Is something about it not right? Talk to %(name)s, who can waive it.", name=note.manager)


def _measure(note: NoteFacts) -> _Said:
    what: MeasureNote = note.what  # type: ignore[assignment]
    words = "–" if what.measure is None else step_measure(what.measure, with_approval=False)
    title, tone, sentence = {
        ("approved", None): (
            gettext("Approved: %(measure)s"), _CARE, gettext("It applies from then on.")
        ),
        ("waived", None): (gettext("Waived: %(measure)s"), _GOOD, gettext("It does not apply.")),
        ("undone", "approved"): (
            gettext("No longer approved: %(measure)s"), _GOOD,
            gettext("It does not apply; what it had booked was booked back."),
        ),
        ("undone", "waived"): (
            gettext("No longer waived: %(measure)s"), _CARE,
            gettext("It stands again as the rules have it."),
        ),
    }[what.kind, what.undoes]  # fmt: skip
    where = gettext("%(ladder)s, %(month)s", ladder=what.ladder, month=month_words(what.month))
    return _Said(
        icon="check" if what.kind == "approved" else "undo" if what.kind == "undone" else "shield",
        tone=tone,
        title=_whose(note, what.who, title % {"measure": words}),
        sentences=(where, sentence, _by(what.word)),
        reason=what.word.reason,
        href=url_for("me.mine") + "#ladders-title",
        href_words=gettext("Where I stand on each ladder"),
    )


def _by(word: Word, second: str | None = None) -> str:
    by = word.by if second is None else gettext("%(first)s and %(second)s", first=word.by, second=second)
    return gettext("%(by)s, %(moment)s", by=by, moment=moment(word.at))


def _gift(note: NoteFacts) -> _Said:
    what: GiftNote = note.what  # type: ignore[assignment]
    prize = ", ".join(prize_words(what.points, what.money, what.currency))
    title = {
        "badge": gettext("A badge for you: %(what)s") if _is_own(note) else "%(what)s",
        "points": "%(prize)s",
        "task": gettext("Confirmed: %(what)s"),
    }[what.kind] % {"what": what.what, "prize": points_words(what.points)}
    if what.undoes is not None:
        title = gettext("Undone: %(said)s", said=what.what or points_words(what.points))
    sentences = [_by(what.word, what.second)]
    if prize and what.kind != "points" and what.undoes is None:
        sentences.insert(0, gettext("It brings %(prize)s.", prize=prize))
    elif what.undoes is not None:
        sentences.insert(0, gettext("What it had booked is booked back."))
    elif what.kind == "points":
        sentences.insert(0, gettext("Adjusted by hand, outside the rules’ own points."))
    is_good = what.undoes is None and (what.kind != "points" or what.points > 0)
    icon = {"badge": "rosette", "points": "pen", "task": "check"}[what.kind]
    return _Said(
        icon="undo" if what.undoes is not None else icon,
        tone=_GOOD if is_good else _CARE,
        title=_whose(note, what.who, title),
        sentences=tuple(sentences),
        reason=what.word.reason,
        href=url_for("me.mine") + "#receipts-title",
        href_words=gettext("Every point, and why"),
    )


def _ask(note: NoteFacts) -> _Said:
    what: AskNote = note.what  # type: ignore[assignment]
    thing = what.what or points_words(what.points)
    if what.refused is not None:
        is_tick = what.kind == "task"
        title = gettext("Not confirmed: %(what)s", what=thing)
        again = [gettext("You can tick it off again once it is done.")] if is_tick else []
        again.append(_by(what.refused))
        return _Said(
            "ban", _CARE, _whose(note, what.who, title), tuple(again),
            what.refused.reason,
            href=url_for("me.mine") + "#tasks-title" if is_tick else url_for("settings_by-hand.home"),
            href_words=gettext("My tasks") if is_tick else gettext("By hand"),
        )  # fmt: skip
    is_over = what.state != "waiting"
    title = (
        gettext("%(name)s ticked off “%(task)s”", name=what.who.name, task=thing)
        if what.kind == "task"
        else gettext("%(points)s for %(name)s wait for a second person", points=thing, name=what.who.name)
    )
    state = {
        "waiting": gettext("It counts once you confirm it."),
        "confirmed": gettext("It was confirmed since."),
        "refused": gettext("It was refused since."),
    }[what.state]
    sentences = [state] if what.kind == "task" else [state, gettext("Asked for by %(name)s.", name=what.by)]
    return _Said(
        "waiting" if not is_over else "check", _PLAIN if is_over else _CARE, title, tuple(sentences), what.reason,
        href=url_for("settings_by-hand.home"),
        href_words=gettext("By hand") if is_over else gettext("Decide on it"),
    )  # fmt: skip


def _badge(note: NoteFacts) -> _Said:
    what: BadgeNote = note.what  # type: ignore[assignment]
    if not what.stands:
        title = gettext("The badge “%(name)s” was taken back", name=what.badge.name)
        why = gettext("What it rested on has changed since.")
        return _Said("undo", _PLAIN, _whose(note, what.who, title), (why,))
    title = gettext("A badge for you: %(what)s", what=what.badge.name)
    if what.who.subject is SubjectKind.TEAM:
        title = gettext("a badge for the team: %(what)s", what=what.badge.name)
    sentences = [gettext("Won on %(day)s.", day=short_day(what.won_on))]
    if what.points:
        sentences.append(gettext("It brings %(prize)s.", prize=points_words(what.points)))
    return _Said(
        sign_of_mark(what.badge), _GOOD, _whose(note, what.who, title), tuple(sentences),
        href=url_for("me.mine") + "#badges-title", href_words=gettext("My badges"),
    )  # fmt: skip


def _prize(note: NoteFacts) -> _Said:
    what: PrizeNote = note.what  # type: ignore[assignment]
    if not what.points:
        title = gettext("The prize of “%(name)s” was taken back", name=what.name)
        return _Said(
            "undo", _PLAIN, _whose(note, what.who, title), (gettext("What it rested on has changed since."),)
        )
    is_contest = what.kind == "contest"
    title = (
        gettext("Won: %(name)s", name=what.name) if is_contest else gettext("Done: %(name)s", name=what.name)
    )
    brings = gettext("It brings %(prize)s.", prize=points_words(what.points))
    return _Said(
        "trophy" if is_contest else "check", _GOOD, _whose(note, what.who, title), (brings,),
        href=url_for("me.mine") + "#receipts-title", href_words=gettext("Every point, and why"),
    )  # fmt: skip


def _payout(note: NoteFacts) -> _Said:
    what: PayoutNote = note.what  # type: ignore[assignment]
    amount = money(what.amount, what.currency)
    title, tone = {
        "approved": (gettext("Approved: %(amount)s for “%(name)s”"), _GOOD),
        "paid": (gettext("Paid: %(amount)s for “%(name)s”"), _GOOD),
        "refused": (gettext("Not approved: %(amount)s for “%(name)s”"), _CARE),
    }[what.state]
    sentences = [period_words(what.period)]
    if what.by is not None and what.state != "paid":
        sentences.append(gettext("Decided by %(name)s.", name=what.by))
    if what.state == "paid" and what.reference:
        sentences.append(gettext("Reference: %(reference)s", reference=what.reference))
    if what.state == "refused":
        sentences.append(_whom_to_talk_to(note))
    return _Said(
        "prize", tone, _whose(note, what.who, title % {"amount": amount, "name": what.name}),
        tuple(_capital(one) for one in sentences), what.reason if what.state == "refused" else None,
    )  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_SAYERS: dict[type[Any], Callable[[NoteFacts], _Said]] = {
    StepNote: _step,
    MeasureNote: _measure,
    GiftNote: _gift,
    AskNote: _ask,
    BadgeNote: _badge,
    PrizeNote: _prize,
    PayoutNote: _payout,
}
