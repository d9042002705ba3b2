"""A draft of the rulebook: looked at, edited, signed, scheduled."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.instants import Instant, local_date
from leaderboard.domain.rulebook import Party, Rulebook
from leaderboard.files.problems import FileProblems
from leaderboard.files.rulebook import read_rulebook
from leaderboard.queries.rule_versions import DraftFacts, draft, history, saved_text, versions
from leaderboard.queries.trials import TrialFacts, trials_of
from leaderboard.services import clock, drafts, signing
from leaderboard.services.audit_log import actor_of
from leaderboard.services.draft_checks import DOCUMENT
from leaderboard.services.drafts import DraftRefused, NoSuchDraft
from leaderboard.services.rule_versions import Examined, examine, reading_session
from leaderboard.services.signing import Hindrance
from leaderboard.web.access import logged_in
from leaderboard.web.formats import moment, short_day
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import gettext, zone
from leaderboard.web.pages import reading
from leaderboard.web.presenters.audit_words import called
from leaderboard.web.presenters.draft_parts import DraftPart, draft_parts
from leaderboard.web.presenters.rule_changes import SectionOfChanges, present_changes
from leaderboard.web.presenters.rule_pages import (
    SignatureView,
    State,
    StepView,
    draft_state,
    hindrance_words,
    last_saved,
    lines_of_difference,
    made_of,
    months_to_come,
    signatures,
    starts,
    state_words,
    voided,
    way,
)
from leaderboard.web.presenters.rule_problems import ProblemView, present_problems
from leaderboard.web.presenters.rule_refusals import refusal_words
from leaderboard.web.presenters.rules import RulesView, present_rules
from leaderboard.web.presenters.trials import TrialRow, present_trial
from leaderboard.web.rules import download, paper
from leaderboard.web.settings.rules import area

blueprint = area.blueprint(__name__, "drafts")

_NAMES_FOR_FILES = 60
_VERSION = (State.SCHEDULED, State.IN_FORCE, State.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A saving, in the history."""

    revision: int
    name: str
    moment: str
    why: str | None


@dataclass(frozen=True, slots=True)
class DraftPage:
    """All about a draft, or the version that it has become.

    `can_sign` is the party that the reader may sign for now, in words; None for none.
    """

    id: int
    name: str
    revision: int
    sha256: str
    state: State
    state_words: str
    way: tuple[StepView, ...]
    starts: str
    last_saved: str
    based_on: str
    problems: tuple[ProblemView, ...]
    before: str | None
    changes: tuple[SectionOfChanges, ...]
    rules: RulesView | None
    signatures: tuple[SignatureView, ...]
    voided: tuple[str, ...]
    can_sign: str | None
    why_not_sign: str | None
    hindrances: tuple[str, ...]
    restates: bool
    """Whether its month has begun, so that it could only restate what is in force; and whether it may by now."""
    may_restate: bool
    history: tuple[SavedRow, ...]
    months: tuple[tuple[str, str, bool], ...]
    may_edit: bool
    version_on: str | None
    parts: tuple[DraftPart, ...]
    trial: TrialRow | None
    """Its newest one."""

    @property
    def is_open(self) -> bool:
        """Whether it can be edited."""
        return self.may_edit and not self.is_version and self.state is not State.WITHDRAWN

    @property
    def is_version(self) -> bool:
        """Whether it has become a version, which is edited no more."""
        return self.state in _VERSION


@dataclass(frozen=True, slots=True)
class SavingPage:
    """What one saving changed."""

    draft_id: int
    draft_name: str
    row: SavedRow
    changes: tuple[SectionOfChanges, ...] | None
    """None where one of the two texts could not be read as a rulebook."""
    lines: tuple[tuple[str, str], ...]


@blueprint.get("/drafts/<int:draft_id>")
def show(draft_id: int) -> Response:
    """What it changes, what is wrong with it, who signed, and what comes next."""
    found = existing(draft_id)
    return page_or_part("settings/rules/draft.html", "settings", view=_page(found))


def existing(draft_id: int) -> DraftFacts:
    """The draft; 404 where there is none."""
    found = draft(reading_session(), draft_id)
    if found is None:
        abort(404)
    return found


def _page(found: DraftFacts) -> DraftPage:
    now = clock.now()
    examined = examine(found.id, now)
    rulebook, before = examined.checked.rulebook, examined.before
    trial = next(iter(trials_of(reading_session(), found.id)), None)
    state = _state(found, trial, now)
    can_sign, why_not = _signing(found, examined, state)
    savings = history(reading_session(), found.id)
    return DraftPage(
        id=found.id,
        name=found.name,
        revision=found.revision,
        sha256=found.sha256,
        state=state,
        state_words=state_words(state),
        way=way(state, trial),
        trial=_trial_row(trial, now),
        starts=starts(found.effective_from, state),
        last_saved=last_saved(found),
        based_on=_based_on(found),
        problems=present_problems(examined.checked.problems, found.document),
        before=None if before is None else short_day(before.effective_from),
        changes=() if rulebook is None or before is None else present_changes(before, rulebook),
        rules=None if rulebook is None else present_rules(rulebook),
        signatures=signatures(found.signatures),
        voided=voided(found),
        can_sign=can_sign,
        why_not_sign=why_not,
        hindrances=tuple(hindrance_words(one, found) for one in examined.hindrances),
        restates=Hindrance.BEGUN in examined.hindrances,
        may_restate=not set(examined.hindrances) - {Hindrance.BEGUN},
        history=tuple(SavedRow(one.revision, called(one.name), moment(one.at), one.why) for one in savings),
        months=months_to_come(today(), found.effective_from),
        may_edit=logged_in().may_edit_rules,
        version_on=None
        if found.scheduled_as is None or found.effective_from is None
        else found.effective_from.isoformat(),
        parts=draft_parts(rulebook),
    )


def _state(found: DraftFacts, trial: TrialFacts | None, now: Instant) -> State:
    if found.scheduled_as is None:
        return draft_state(found, trial, now)
    ground = reading()
    return made_of(found, versions(reading_session()), None if ground is None else ground.ground.book, now)


def _signing(found: DraftFacts, examined: Examined, state: State) -> tuple[str | None, str | None]:
    """The party that the reader can sign for now; else why not."""
    party = logged_in().signs_for
    if party is None:
        return None, gettext("You may not sign for either party: an administrator can let you.")
    if state in (*_VERSION, State.WITHDRAWN):
        return None, None
    if not examined.checked.is_good:
        return None, gettext("A draft with problems cannot be signed.")
    if Party(party) in found.signed_by:
        return None, None
    if any(one.holds and one.user_id == logged_in().user_id for one in found.signatures):
        return None, gettext("You signed for the other party: nobody signs for both.")
    told = {Party.MARKETING: gettext("Sign for marketing"), Party.SALES: gettext("Sign for sales")}
    return told[Party(party)], None


def _trial_row(trial: TrialFacts | None, now: Instant) -> TrialRow | None:
    ground = reading()
    if trial is None or ground is None:
        return None
    return present_trial(trial, ground.ground.book.calendar, now)


def _based_on(found: DraftFacts) -> str:
    if found.based_on_version is not None:
        return gettext("Copied from the version of %(day)s", day=short_day(found.based_on_version))
    if found.based_on_draft is not None:
        return gettext("Copied from draft %(number)s", number=found.based_on_draft)
    return gettext("Begun by %(name)s", name=called(found.created_by))


def today() -> dt.date:
    """The present day, in the organization's time zone."""
    here = zone()
    return local_date(clock.now(), here)  # type: ignore[arg-type]


@blueprint.get("/drafts/<int:draft_id>/rulebook.yaml")
def file(draft_id: int) -> Response:
    """Its document."""
    found = existing(draft_id)
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in found.name.lower())[:_NAMES_FOR_FILES]
    return download(found.document, f"rulebook-draft-{found.id}-{plain.strip('-') or 'unnamed'}.yaml")


@blueprint.get("/drafts/<int:draft_id>/agreement")
def agreement(draft_id: int) -> Response:
    """Its agreement, for print; 404 as long as it cannot be read as a rulebook."""
    found = existing(draft_id)
    rulebook = _read(found.document)
    if rulebook is None:
        abort(404)
    is_signed = found.signed_by == frozenset(Party)
    standing = (
        gettext("Signed by both parties") if is_signed else gettext("Draft: not signed by both parties")
    )
    return paper(rulebook, found.signatures, found.sha256, standing, url_for(".show", draft_id=draft_id))


def _read(document: str) -> Rulebook | None:
    try:
        return read_rulebook(document, DOCUMENT)
    except FileProblems:
        return None


@blueprint.get("/drafts/<int:draft_id>/savings/<int:revision>")
def saving(draft_id: int, revision: int) -> Response:
    """What one saving changed, in words and line by line."""
    found = existing(draft_id)
    session = reading_session()
    row = next((one for one in history(session, draft_id) if one.revision == revision), None)
    if row is None:
        abort(404)
    was, text = (saved_text(session, draft_id, number) or "" for number in (revision - 1, revision))
    page = SavingPage(
        draft_id,
        found.name,
        SavedRow(row.revision, called(row.name), moment(row.at), row.why),
        told_changes(was, text),
        lines_of_difference(was, text) if was else (),
    )
    return page_or_part("settings/rules/saving.html", "settings", view=page)


def told_changes(was: str, text: str) -> tuple[SectionOfChanges, ...] | None:
    """What differs between two documents; None where one of them is no rulebook."""
    before, after = _read(was), _read(text)
    return None if before is None or after is None else present_changes(before, after)


@blueprint.post("/drafts/<int:draft_id>/sign")
def sign(draft_id: int) -> AnyResponse:
    """In the name of the reader's party, under the text that was seen."""
    existing(draft_id)
    who = logged_in()
    party = None if who.signs_for is None else Party(who.signs_for)
    signer = signing.Signer(who.user_id, party)
    if party is None:
        abort(404)
    seen = request.form.get("sha256", "")
    return _done(
        draft_id, lambda: signing.sign(draft_id, seen, signer, clock.now()), gettext("It is signed.")
    )


@blueprint.post("/drafts/<int:draft_id>/schedule")
def schedule(draft_id: int) -> AnyResponse:
    """For the month that it names."""
    found = _for_editors(draft_id)
    seen, actor = request.form.get("sha256", ""), actor_of(logged_in().user_id)
    try:
        signing.schedule(draft_id, seen, actor)
    except signing.Hindered as hindered:
        flash(" ".join(hindrance_words(one, found) for one in hindered.hindrances), "error")
    except DraftRefused as refused:
        flash(refusal_words(refused.code), "error")
    else:
        day = "" if found.effective_from is None else short_day(found.effective_from)
        flash(gettext("It is scheduled: it comes into force on %(day)s.", day=day), "success")
    return redirect(url_for(".show", draft_id=draft_id))


@blueprint.post("/drafts/<int:draft_id>/month")
def month(draft_id: int) -> AnyResponse:
    """Another month to start in."""
    _for_editors(draft_id)
    try:
        first_on = dt.date.fromisoformat(request.form.get("month", ""))
        revision = int(request.form.get("revision", ""))
    except ValueError:
        abort(400)
    why = gettext("To start on %(day)s", day=short_day(first_on))
    actor = actor_of(logged_in().user_id)
    return _done(
        draft_id,
        lambda: drafts.move(draft_id, revision, first_on, why, actor, clock.now()),
        gettext("Its month is changed."),
    )


@blueprint.post("/drafts/<int:draft_id>/name")
def rename(draft_id: int) -> AnyResponse:
    """Another name."""
    _for_editors(draft_id)
    was, name = request.form.get("was", ""), request.form.get("name", "")
    actor = actor_of(logged_in().user_id)
    return _done(
        draft_id,
        lambda: drafts.rename(draft_id, was, name, actor, clock.now()),
        gettext("It has another name."),
    )


@blueprint.post("/drafts/<int:draft_id>/withdraw")
def withdraw(draft_id: int) -> AnyResponse:
    """Off the list, to be taken up again at will."""
    _for_editors(draft_id)
    actor = actor_of(logged_in().user_id)
    return _done(
        draft_id,
        lambda: drafts.withdraw(draft_id, actor, clock.now()),
        gettext("It is withdrawn. Nothing of it is lost."),
    )


@blueprint.post("/drafts/<int:draft_id>/take-up")
def take_up(draft_id: int) -> AnyResponse:
    """On the list again."""
    _for_editors(draft_id)
    actor = actor_of(logged_in().user_id)
    return _done(
        draft_id, lambda: drafts.take_up(draft_id, actor, clock.now()), gettext("It is taken up again.")
    )


def _for_editors(draft_id: int) -> DraftFacts:
    if not logged_in().may_edit_rules:
        abort(404)
    return existing(draft_id)


def _done(draft_id: int, act: Callable[[], object], thanks: str) -> AnyResponse:
    """Back to the draft, with what was done, or why it was not."""
    try:
        act()
    except DraftRefused as refused:
        flash(refusal_words(refused.code), "error")
    except drafts.Overtaken:
        flash(gettext("Somebody saved it meanwhile: look at it again first."), "error")
    except NoSuchDraft:
        abort(404)
    else:
        flash(thanks, "success")
    return redirect(url_for(".show", draft_id=draft_id))
