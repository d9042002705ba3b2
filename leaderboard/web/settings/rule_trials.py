"""Versions in trial: seen beside the real board, given more time, stopped, begun again with a newer saving."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.periods import PeriodCalendar
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.trials import LONGEST, last_day
from leaderboard.queries.ground import Reading
from leaderboard.queries.trials import TrialFacts, counted_periods, trial, trials
from leaderboard.services import trials as service
from leaderboard.services.audit_log import actor_of
from leaderboard.services.simulation_results import trial_result_of
from leaderboard.services.trials import NoSuchTrial, TrialRefused
from leaderboard.web.access import logged_in
from leaderboard.web.formats import moment
from leaderboard.web.htmx import page_or_part, unchanged, wants_part
from leaderboard.web.languages import gettext
from leaderboard.web.pages import read_again, reading, title_of
from leaderboard.web.presenters.simulations import ResultView, in_time, present_result
from leaderboard.web.presenters.trials import (
    Course,
    TrialRow,
    TwoBoards,
    course,
    present_trial,
    two_boards,
    waits_for_a_word,
)
from leaderboard.web.settings.rule_drafts import existing
from leaderboard.web.settings.rules import area
from leaderboard.web.settings.trial_forms import (
    ExtendForm,
    PlainForm,
    StopForm,
    refusal_words,
)

blueprint = area.blueprint(__name__, "trials")

_FIRST = 10
"""So many places of each board stand side by side where nobody asks for all."""
_BOARDS = {SubjectKind.REP: "reps", SubjectKind.TEAM: "teams"}


@dataclass(frozen=True, slots=True)
class TrialsPage:
    """All trials: those under way, and those that ended."""

    running: tuple[TrialRow, ...]
    ended: tuple[TrialRow, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A scope or a period to look at."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class TrialPage:
    """A trial with its board beside the real one."""

    row: TrialRow
    course: Course
    scopes: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    period: str | None
    """What is looked at, by its title; None before anything was counted."""
    board_href: str | None
    """The real board of that period."""
    boards: TwoBoards | None
    all_href: str | None
    """To all places, where only the first ones are shown."""
    result: ResultView | None
    scope: str
    as_of: str | None
    counting: bool
    """Whether a result is under way, or waited for."""
    is_final: bool
    fault: str | None
    seen: str
    """Changes with what is shown."""
    here: str
    """The address of what is looked at."""
    next_steps: bool
    may_edit: bool
    newest_revision: int
    newest_sha256: str
    last_on: str


@blueprint.get("/trials")
def overview() -> Response:
    """What runs, when it ends, and what ended."""
    now = reading()
    listed = () if now is None else tuple(_row(one, now) for one in trials(now.session))
    page = TrialsPage(
        tuple(one for one in listed if one.state != "ended"),
        tuple(one for one in listed if one.state == "ended"),
    )
    return page_or_part("settings/rules/trials.html", "settings", view=page)


@blueprint.get("/trials/<int:trial_id>")
def show(trial_id: int) -> AnyResponse:
    """Its board beside the real one; for htmx only that, where it is another than before."""
    found, now = _existing(trial_id)
    page = _page(found, now)
    if wants_part() and request.args.get("seen") == page.seen:
        return unchanged()
    return _answer(page, found, now)


@blueprint.post("/trials/<int:trial_id>/more-time")
def extend(trial_id: int) -> AnyResponse:
    """Another last day."""
    found, now = _for_editors(trial_id)
    form = ExtendForm()
    form.validate()
    day = form.day()
    if day is None:
        return _answer(_page(found, now), found, now, extending=form, code=422)

    def act() -> None:
        service.extend(trial_id, form.was(), day, _actor(), now.now)

    refused = _refusal(act)
    if refused is None:
        flash(gettext("It has more time."), "success")
    elif form.refuse(refused):
        return _again(trial_id, extending=form)
    else:
        flash(refusal_words(refused.code), "error")
    return redirect(url_for(".show", trial_id=trial_id))


@blueprint.post("/trials/<int:trial_id>/stop")
def stop(trial_id: int) -> AnyResponse:
    """Ends it, for a reason."""
    _, now = _for_editors(trial_id)
    form = StopForm()
    form.validate()

    def act() -> None:
        service.stop(trial_id, form.reason.data or "", _actor(), now.now)

    refused = _refusal(act)
    if refused is None:
        flash(gettext("It is stopped. What was counted stays here to be read."), "success")
    elif form.refuse(refused):
        return _again(trial_id, stopping=form)
    else:
        flash(refusal_words(refused.code), "error")
    return redirect(url_for(".show", trial_id=trial_id))


@blueprint.post("/trials/<int:trial_id>/restart")
def restart(trial_id: int) -> AnyResponse:
    """Begins it again with the draft's newest text."""
    _, now = _for_editors(trial_id)
    seen = request.form.get("sha256", "")
    begun: list[int] = []
    refused = _refusal(lambda: begun.append(service.restart(trial_id, seen, _actor(), now.now)))
    if refused is None:
        flash(
            gettext("The trial goes on with the draft as it was last saved, from and until the same days."),
            "success",
        )
        return redirect(url_for(".show", trial_id=begun[0]))
    flash(refusal_words(refused.code), "error")
    return redirect(url_for(".show", trial_id=trial_id))


@blueprint.post("/trials/<int:trial_id>/count")
def count(trial_id: int) -> AnyResponse:
    """Wants it counted now."""
    _, now = _for_editors(trial_id)
    refused = _refusal(lambda: service.ask_to_count(trial_id, now.now))
    if refused is not None:
        flash(refusal_words(refused.code), "error")
    return redirect(url_for(".show", trial_id=trial_id))


def _existing(trial_id: int) -> tuple[TrialFacts, Reading]:
    """The trial; 404 where there is none."""
    now = reading()
    found = None if now is None else trial(now.session, trial_id)
    if now is None or found is None:
        abort(404)
    return found, now


def _for_editors(trial_id: int) -> tuple[TrialFacts, Reading]:
    if not logged_in().may_edit_rules:
        abort(404)
    return _existing(trial_id)


def _actor() -> str:
    return actor_of(logged_in().user_id)


def _refusal(act: Callable[[], object]) -> TrialRefused | None:
    """Does it; what kept it from being done. 404 for none such."""
    try:
        act()
    except TrialRefused as refused:
        return refused
    except NoSuchTrial:
        abort(404)
    return None


def _again(
    trial_id: int, extending: ExtendForm | None = None, stopping: StopForm | None = None
) -> AnyResponse:
    """The page with what was typed, and what is wrong with it."""
    read_again()
    found, now = _existing(trial_id)
    return _answer(_page(found, now), found, now, extending, stopping, 422)


def _answer(
    page: TrialPage,
    found: TrialFacts,
    now: Reading,
    extending: ExtendForm | None = None,
    stopping: StopForm | None = None,
    code: int = 200,
) -> AnyResponse:
    extend_form = extending or ExtendForm(formdata=None)
    calendar = now.ground.book.calendar
    last_on = last_day(calendar, found.end_at)
    extend_form.seen.data = last_on.isoformat()
    if extending is None:
        extend_form.until.data = max(last_on, calendar.date_at(now.now)) + dt.timedelta(weeks=1)
    stop_form = stopping or StopForm(formdata=None)
    answer = page_or_part(
        "settings/rules/trial.html",
        "live",
        view=page,
        extend_form=extend_form,
        stop_form=stop_form,
        plain=PlainForm(formdata=None),
    )
    answer.status_code = code
    return answer


def _row(found: TrialFacts, now: Reading) -> TrialRow:
    return present_trial(found, now.ground.book.calendar, now.now)


def _page(found: TrialFacts, now: Reading) -> TrialPage:
    calendar: PeriodCalendar = now.ground.book.calendar
    row, draft = _row(found, now), existing(found.draft_id)
    scope = SubjectKind.TEAM if request.args.get("scope") == "team" else SubjectKind.REP
    names = counted_periods(now.session, found.id)
    period = request.args.get("period") if request.args.get("period") in names else next(iter(names), None)
    document = None if period is None else trial_result_of(now, found.id, period)
    everybody = "all" in request.args
    to = partial(url_for, ".show", trial_id=found.id)
    boards = (
        None
        if document is None
        else two_boards(document, scope.value, in_time, None if everybody else _FIRST)
    )
    return TrialPage(
        row=row,
        course=course(found, calendar, now.now),
        scopes=tuple(
            Choice(label, to(scope=one.value, period=period), one is scope)
            for one, label in ((SubjectKind.REP, gettext("Reps")), (SubjectKind.TEAM, gettext("Teams")))
        ),
        periods=tuple(
            Choice(title_of(now, name), to(scope=scope.value, period=name), name == period) for name in names
        ),
        period=None if period is None else title_of(now, period),
        board_href=None if period is None else url_for("board.standing", scope=_BOARDS[scope], period=period),
        boards=boards,
        all_href=None
        if everybody or boards is None or boards.places <= _FIRST
        else to(scope=scope.value, period=period, all=1),
        result=None if document is None else present_result(document, partial(title_of, now)),
        scope=scope.value,
        as_of=None if found.as_of is None else moment(found.as_of),
        counting=row.state != "coming" and _is_counting(found, row),
        is_final=found.is_final(),
        fault=_fault(found),
        seen=f"{found.as_of}-{found.end_at}-{row.state}-{_is_counting(found, row):d}-{found.fault}",
        here=to(scope=scope.value, period=period, all=1 if everybody else None),
        next_steps=waits_for_a_word(found, now.now),
        may_edit=logged_in().may_edit_rules,
        newest_revision=draft.revision,
        newest_sha256=draft.sha256,
        last_on=(calendar.date_at(now.now) + LONGEST).isoformat(),
    )


def _is_counting(found: TrialFacts, row: TrialRow) -> bool:
    is_waited_for = found.is_asked or found.as_of is None or (row.state == "ended" and not found.is_final())
    return is_waited_for and found.fault is None


def _fault(found: TrialFacts) -> str | None:
    if found.fault is None:
        return None
    if found.fault == "refused":
        return gettext(
            "It cannot be counted: the rules in force have changed so that the two cannot be compared."
        )
    return gettext("The last try to count it failed. It was written down, and is tried again by itself.")
