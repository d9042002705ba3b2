"""Whether rules are fair: ask, wait, see what stands out. A part of the simulations."""

from dataclasses import dataclass

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.periods import Month, PeriodKind
from leaderboard.files.problems import FileProblems
from leaderboard.queries import simulations as stored
from leaderboard.queries.board_page import PeriodFacts, PeriodState
from leaderboard.queries.ground import Reading
from leaderboard.services import simulation_runs
from leaderboard.services.answers import NoRulebook
from leaderboard.services.audit_log import actor_of
from leaderboard.services.fairness import MOST_MONTHS, ended_months, parse_span, span_name
from leaderboard.services.rulebook_apply import RulebookRefused
from leaderboard.services.simulation_results import result_of
from leaderboard.services.simulation_runs import FAIRNESS, Asked, TooMuchAsked
from leaderboard.web.access import logged_in
from leaderboard.web.formats import period_name, period_title, short_day
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import gettext
from leaderboard.web.pages import read_again, reading
from leaderboard.web.presenters.fairness import FairnessView, present_fairness
from leaderboard.web.presenters.fairness_findings import CALENDARS, CARROTS, LADDERS, LEVELS
from leaderboard.web.presenters.runs import CUTS_OTHERWISE, RunView, present_run, too_much_words
from leaderboard.web.settings.fairness_forms import IN_FORCE, FairnessForm
from leaderboard.web.settings.simulations import AREA

_FORMS = {
    LEVELS: "settings_rules_levels.home",
    LADDERS: "settings_rules_ladders.home",
    CARROTS: "settings_rules_carrots.home",
    CALENDARS: "settings_rules_calendars.home",
}
blueprint = AREA.blueprint(__name__, "fairness")


@dataclass(frozen=True, slots=True)
class HomeView:
    """What there is to look at. `months` is 0 as long as no month has ended."""

    runs: tuple[RunView, ...]
    has_rules: bool
    months: int
    first_end: str


@dataclass(frozen=True, slots=True)
class LookView:
    """One look, with what was found once it is done. `begins_draft`: what it looked at is no draft to be edited."""

    run: RunView
    found: FairnessView | None
    begins_draft: bool


@blueprint.get("/fairness")
def home() -> AnyResponse:
    """What to look at, over which months; and what was looked at."""
    form = FairnessForm(formdata=None)
    months = _offer(form, request.args.get("draft", ""))
    return _home(form, months)


@blueprint.post("/fairness")
def ask() -> AnyResponse:
    """Asks for a look, and leads to where it will be seen."""
    form = FairnessForm()
    months = _offer(form)
    if form.validate():
        run_id = _asked(form, months)
        if run_id is not None:
            return redirect(url_for(".look", run_id=run_id))
        read_again()
    return _home(form, months, 422)


@blueprint.get("/fairness/<int:run_id>")
def look(run_id: int) -> Response:
    """How far it is, or what was found; for htmx only that."""
    now = reading()
    run = None if now is None else stored.find(now.session, run_id, FAIRNESS)
    if now is None or run is None:
        abort(404)
    document = result_of(now, run_id) if run.state == "done" else None
    draft_id = _open_draft(now, run.draft_id) if document else None
    found = None if document is None else present_fairness(document, _Ways(draft_id))
    view = LookView(_run_view(now, run), found, found is not None and draft_id is None)
    return page_or_part("settings/fairness.html", "state", view=view)


class _Ways:
    """Where a part of the rules is edited: in the draft, while it is open; else nowhere yet."""

    def __init__(self, draft_id: int | None) -> None:
        self._draft_id = draft_id

    def __call__(self, part: str) -> tuple[str, str] | None:
        if self._draft_id is None:
            return None
        words = {
            LEVELS: gettext("Edit the service levels"),
            LADDERS: gettext("Edit the ladders"),
            CARROTS: gettext("Edit badges and prizes"),
            CALENDARS: gettext("Edit the calendars"),
        }
        return words[part], url_for(_FORMS[part], draft_id=self._draft_id)


def _open_draft(now: Reading, draft_id: int | None) -> int | None:
    if draft_id is None or draft_id not in {one.id for one in stored.drafts(now.session)}:
        return None
    return draft_id


def _asked(form: FairnessForm, months: tuple[Month, ...]) -> int | None:
    """The key of what is asked; None, with the fault beside the field, where it cannot be."""
    now = reading()
    count = form.chosen_months()
    if now is None or count is None or not months:
        return None
    found = _document(now, form)
    if found is None:
        form.blame_rules(gettext("Please choose one of these."))
        return None
    document, name, draft_id = found
    span = span_name(months[-count:])
    actor = actor_of(logged_in().user_id)
    try:
        return simulation_runs.ask_for_simulation(Asked(document, name, span, actor, draft_id, FAIRNESS))
    except FileProblems:
        form.blame_rules(gettext("This draft has problems. Please mend them first."))
    except RulebookRefused:
        form.blame_rules(gettext(CUTS_OTHERWISE))
    except TooMuchAsked as much:
        form.blame_rules(too_much_words(much.code))
    except (NoRulebook, ValueError):
        form.blame_months(gettext("Please choose one of these."))
    return None


def _document(now: Reading, form: FairnessForm) -> tuple[str, str, int | None] | None:
    """What is looked at: its YAML, its name (of a version the day) and the draft's key."""
    chosen = form.rules.data or ""
    if chosen == IN_FORCE:
        version = now.ground.book.at(now.now)
        text = None if version is None else stored.version_text(now.session, version.effective_from)
        return None if version is None or text is None else (text, version.effective_from.isoformat(), None)
    draft = next((one for one in stored.drafts(now.session) if str(one.id) == chosen), None)
    text = None if draft is None else stored.draft_text(now.session, draft.id)
    return None if draft is None or text is None else (text, draft.name, draft.id)


def _offer(form: FairnessForm, draft: str = "") -> tuple[Month, ...]:
    """Fills in what there is to choose from; the months that there are."""
    now = reading()
    if now is None:
        form.offer((), None, ())
        return ()
    months = ended_months(now.session, now.ground.book.calendar, now.now, MOST_MONTHS)
    version = now.ground.book.at(now.now)
    in_force = None if version is None else short_day(version.effective_from)
    form.offer(
        [(count, _span_words(months[-count:])) for count in _counts(len(months))],
        in_force,
        stored.drafts(now.session),
    )
    if draft:
        form.rules.data = draft
    return months


def _counts(there_are: int) -> list[int]:
    """3, 6 and 12 months, as far as there are so many; all of them where there are fewer."""
    return sorted({min(count, there_are) for count in (3, 6, MOST_MONTHS)}) if there_are else []


def _home(form: FairnessForm, months: tuple[Month, ...], code: int = 200) -> AnyResponse:
    now = reading()
    runs: tuple[RunView, ...] = ()
    first_end = ""
    if now is not None:
        runs = tuple(_run_view(now, run) for run in stored.newest(now.session, FAIRNESS))
        first_end = short_day(now.ground.book.calendar.month_at(now.now).plus(1).first_on)
    view = HomeView(runs, now is not None, len(months), first_end)
    return make_response(render_template("settings/fairness_home.html", form=form, view=view), code)


def _run_view(now: Reading, run: stored.Run) -> RunView:
    name = run.name if run.draft_id is not None else gettext("In force since %(day)s", day=_day(run.name))
    return present_run(run, name, _span_words(parse_span(run.period)), now.now)


def _day(iso: str) -> str:
    return short_day(Month.parse(iso[:7]).first_on)


def _span_words(months: tuple[Month, ...]) -> str:
    """`August 2026`, `May to October 2026`, `November 2025 to October 2026`."""
    first, last = (_facts(month) for month in (months[0], months[-1]))
    if first == last:
        return period_title(first)
    with_year = months[0].year != months[-1].year
    return gettext("%(first)s to %(last)s", first=period_title(first, with_year), last=period_name(last))


def _facts(month: Month) -> PeriodFacts:
    return PeriodFacts(str(month), PeriodKind.MONTH, month.first_on, month.last_on, PeriodState.OPEN)
