"""Putting a draft in trial: from which month it counts, and until which day it runs."""

import datetime as dt
from dataclasses import dataclass

from flask import abort, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.trials import LONGEST, USUAL, months_to_count_from
from leaderboard.queries.ground import Reading
from leaderboard.queries.rule_versions import DraftFacts
from leaderboard.queries.trials import trials
from leaderboard.services import trials as service
from leaderboard.services.audit_log import actor_of
from leaderboard.services.drafts import NoSuchDraft
from leaderboard.services.trials import TrialRefused
from leaderboard.web.access import logged_in
from leaderboard.web.languages import gettext
from leaderboard.web.pages import read_again, reading
from leaderboard.web.settings.rule_drafts import existing, today
from leaderboard.web.settings.rules import area
from leaderboard.web.settings.trial_forms import StartForm, refusal_words

blueprint = area.blueprint(__name__, "trial_start")


@dataclass(frozen=True, slots=True)
class StartPage:
    """Before one is begun."""

    draft_id: int
    name: str
    revision: int
    first_on: str
    last_on: str
    """The days between which it may end, for the field."""
    hindrance: str | None


@blueprint.get("/drafts/<int:draft_id>/trial")
def new(draft_id: int) -> AnyResponse:
    """From when it is to count, and until when it is to run."""
    found = _for_editors(draft_id)
    form = StartForm(formdata=None)
    form.sha256.data = found.sha256
    return _start_page(found, form)


@blueprint.post("/drafts/<int:draft_id>/trial")
def start(draft_id: int) -> AnyResponse:
    """Puts the draft that was seen in trial."""
    found = _for_editors(draft_id)
    form = StartForm()
    form.validate()
    trial_id = _started(found, form)
    if trial_id is None:
        return _start_page(existing(draft_id), form, 422)
    flash(
        gettext("It is in trial. Nobody but managers with the right to rules sees anything of it."), "success"
    )
    return redirect(url_for("settings_rules_trials.show", trial_id=trial_id))


def _started(found: DraftFacts, form: StartForm) -> int | None:
    """The key of the trial that was begun; None, with the faults, where it could not be."""
    now = reading()
    _offer(form, now)
    since, until = form.since(), form.until()
    if now is None or since is None or until is None:
        return None
    seen, at = form.sha256.data or "", now.now
    try:
        return service.start(found.id, seen, since, until, actor_of(logged_in().user_id), at)
    except TrialRefused as refused:
        if not form.refuse(refused):
            flash(refusal_words(refused.code), "error")
    except NoSuchDraft:
        abort(404)
    read_again()
    return None


def _offer(form: StartForm, now: Reading | None) -> None:
    if now is None:
        form.counts_from.choices = []
        return
    calendar, first = now.ground.book.calendar, now.ground.book.first_month
    months = months_to_count_from(calendar, first, now.now)
    form.offer(months, calendar.month_at(now.now), calendar.date_at(now.now) + USUAL)


def _start_page(found: DraftFacts, form: StartForm, code: int = 200) -> AnyResponse:
    now = reading()
    _offer(form, now)
    form.sha256.data = found.sha256
    on = today()
    page = StartPage(
        found.id,
        found.name,
        found.revision,
        (on + dt.timedelta(days=1)).isoformat(),
        (on + LONGEST).isoformat(),
        _hindrance(found, now),
    )
    return make_response(render_template("settings/rules/trial_new.html", view=page, form=form), code)


def _hindrance(found: DraftFacts, now: Reading | None) -> str | None:
    """Why it cannot be begun at all, whatever is chosen."""
    running = () if now is None else tuple(one for one in trials(now.session) if not one.is_over(now.now))
    stands = {
        "no_rules": now is None or now.ground.book.at(now.now) is None,
        "withdrawn": found.is_withdrawn,
        "scheduled": found.scheduled_as is not None,
        "problems": bool(found.problems),
        "in_trial": any(one.draft_id == found.id for one in running),
        "too_many": len(running) >= service.MOST_AT_ONCE,
    }
    return next((refusal_words(code) for code, is_there in stands.items() if is_there), None)


def _for_editors(draft_id: int) -> DraftFacts:
    if not logged_in().may_edit_rules:
        abort(404)
    return existing(draft_id)
