"""Trying a draft on what has happened: ask, wait, see."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.periods import PeriodKind
from leaderboard.files.problems import FileProblems, Problem
from leaderboard.queries import simulations as stored
from leaderboard.queries.board_page import PeriodFacts
from leaderboard.queries.ground import Reading
from leaderboard.queries.periods import choices, kept_periods
from leaderboard.services import simulation_runs
from leaderboard.services.answers import NoRulebook
from leaderboard.services.audit_log import actor_of
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.rulebook_apply import RulebookRefused
from leaderboard.services.simulation_results import result_of
from leaderboard.services.simulation_runs import Asked, TooMuchAsked
from leaderboard.web.access import logged_in
from leaderboard.web.formats import ago
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import N_, gettext, ngettext
from leaderboard.web.pages import read_again, reading, title_of
from leaderboard.web.presenters.reasons import problem_words
from leaderboard.web.presenters.runs import CUTS_OTHERWISE, RunView, present_run, too_much_words
from leaderboard.web.presenters.simulations import ResultView, present_result
from leaderboard.web.settings.areas import RULES, Area, Stand
from leaderboard.web.settings.simulation_forms import DRAFT, SimulationForm

_MOST_PROBLEMS = 8


def _may_edit_rules(who: LoggedIn) -> bool:
    return who.may_edit_rules


def _stand(_who: LoggedIn) -> Stand:
    """What was tried last."""
    now = reading()
    found = () if now is None else stored.newest(now.session)
    if now is None or not found:
        return Stand(
            (gettext("No draft was tried yet. See what a rule would have done before you publish it."),)
        )
    last = found[0]
    text = gettext("Last tried: %(name)s, %(time)s ago.", name=last.name, time=ago(now.now - last.asked_at))
    return Stand((text,))


AREA = Area(
    key="simulations",
    group=RULES,
    label=N_("Simulations"),
    title=N_("Try a rule before it counts"),
    icon="slope",
    order=40,
    is_open_to=_may_edit_rules,
    stand=_stand,
)
blueprint = AREA.blueprint(__name__)


@dataclass(frozen=True, slots=True)
class HomeView:
    """The form and what was asked for."""

    runs: tuple[RunView, ...]
    has_rules: bool


@dataclass(frozen=True, slots=True)
class SimulationView:
    """One simulation."""

    run: RunView
    result: ResultView | None
    state: str
    """Of the period: `open`, `sealed`."""


@blueprint.get("")
def home() -> AnyResponse:
    """What to try, on what; and what was tried."""
    form = SimulationForm(formdata=None)
    _offer(form, request.args.get("draft", ""))
    return _home(form)


@blueprint.post("")
def ask() -> AnyResponse:
    """Asks for a simulation, and leads to where it will be seen."""
    form = SimulationForm()
    _offer(form)
    if form.validate():
        run_id = _asked(form)
        if run_id is not None:
            return redirect(url_for(".simulation", run_id=run_id))
        read_again()
    return _home(form, 422)


@blueprint.get("/<int:run_id>")
def simulation(run_id: int) -> Response:
    """How far it is, or what came out; for htmx only that."""
    now = reading()
    run = None if now is None else stored.find(now.session, run_id)
    if now is None or run is None:
        abort(404)
    document = result_of(now, run_id) if run.state == "done" else None
    view = SimulationView(
        _run_view(now, run),
        None if document is None else present_result(document, partial(title_of, now)),
        "" if document is None else document["state"],
    )
    return page_or_part("settings/simulation.html", "state", view=view)


def _asked(form: SimulationForm) -> int | None:
    """The key of what is asked; None, with the faults beside the fields, where it cannot be."""
    now, draft_id, text = reading(), None, None
    if form.source.data == DRAFT and now is not None:
        chosen = (one.id for one in stored.drafts(now.session) if str(one.id) == form.draft.data)
        draft_id = next(chosen, None)
        text = None if draft_id is None else stored.draft_text(now.session, draft_id)
    given = form.document(text)
    if given is None:
        return None
    document, name = given
    try:
        return simulation_runs.ask_for_simulation(
            Asked(document, name, form.period.data or "", actor_of(logged_in().user_id), draft_id)
        )
    except FileProblems as problems:
        form.blame_document(_problem_words(problems.problems))
    except RulebookRefused:
        form.blame_document([gettext(CUTS_OTHERWISE)])
    except TooMuchAsked as much:
        form.blame_document([too_much_words(much.code)])
    except (NoRulebook, ValueError):
        form.period.errors = [gettext("Please choose one of these.")]
    return None


def _problem_words(problems: tuple[Problem, ...]) -> Iterator[str]:
    for one in problems[:_MOST_PROBLEMS]:
        words = problem_words(one)
        yield gettext("Line %(line)s, %(key)s: %(words)s.", line=one.line or 1, key=one.place, words=words)
    more = len(problems) - _MOST_PROBLEMS
    if more > 0:
        yield ngettext("And %(num)s more problem.", "And %(num)s more problems.", more)


def _offer(form: SimulationForm, draft: str = "") -> None:
    now = reading()
    if now is None:
        form.offer((), (), ())
        return
    quarters, months = (_periods(now, kind) for kind in (PeriodKind.QUARTER, PeriodKind.MONTH))
    form.offer(quarters, months, stored.drafts(now.session))
    if not form.period.data:
        ended = [one for one in quarters if one.last_on < now.ground.book.calendar.date_at(now.now)]
        form.period.data = (ended or list(quarters))[0].name
    if draft:
        form.draft.data, form.source.data = draft, "draft"


def _periods(now: Reading, kind: PeriodKind) -> tuple[PeriodFacts, ...]:
    return choices(now, kept_periods(now), kind, now.ground.book.calendar.at(kind, now.now))


def _home(form: SimulationForm, code: int = 200) -> AnyResponse:
    now = reading()
    runs = () if now is None else tuple(_run_view(now, run) for run in stored.newest(now.session))
    page = render_template("settings/simulations.html", form=form, view=HomeView(runs, now is not None))
    return make_response(page, code)


def _run_view(now: Reading, run: stored.Run) -> RunView:
    return present_run(run, run.name, title_of(now, run.period), now.now)
