"""Versions of the rulebook: what is in force, what is to come, what is being worked on, and what was."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import Response, abort, flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.instants import local_date
from leaderboard.domain.rulebook import Party, Rulebook
from leaderboard.domain.versions import Book
from leaderboard.queries.ground import Reading
from leaderboard.queries.rule_versions import DraftFacts, VersionFacts, drafts, versions
from leaderboard.queries.trials import TrialFacts, newest_by_draft, trials
from leaderboard.services import clock
from leaderboard.services.audit_log import actor_of
from leaderboard.services.drafts import DraftRefused
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.rule_versions import reading_session
from leaderboard.services.signing import take_back
from leaderboard.web.access import logged_in
from leaderboard.web.formats import moment, short_day
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import N_, gettext, ngettext
from leaderboard.web.pages import reading
from leaderboard.web.presenters.audit_words import called
from leaderboard.web.presenters.rule_changes import SectionOfChanges, present_changes
from leaderboard.web.presenters.rule_pages import (
    DraftRow,
    SignatureView,
    State,
    VersionRow,
    draft_row,
    draft_state,
    lines_of_difference,
    signatures,
    version_state,
)
from leaderboard.web.presenters.rules import RulesView, present_rules
from leaderboard.web.presenters.trials import running_words, waits_for_a_word
from leaderboard.web.rules import download, of_version
from leaderboard.web.settings.areas import RULES, Area, Need, Stand

_REVIEW_AHEAD = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class RulesHome:
    """The timeline. `review` says when the agreement is to be looked at again."""

    headline: str
    to_come: tuple[VersionRow, ...]
    in_force: VersionRow | None
    past: tuple[VersionRow, ...]
    drafts: tuple[DraftRow, ...]
    withdrawn: tuple[DraftRow, ...]
    review: str | None
    may_edit: bool
    has_trials: bool


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version: its rules, what it changed, and how it came about."""

    row: VersionRow
    revision: int
    rules: RulesView
    changes: tuple[SectionOfChanges, ...]
    before: str | None
    lines: tuple[tuple[str, str], ...]
    document: str
    signatures: tuple[SignatureView, ...]
    applied: tuple[str, ...]
    draft_id: int | None
    may_edit: bool


def is_open_to(who: LoggedIn) -> bool:
    """Who may edit rulebooks, and who signs them."""
    return who.may_edit_rules or who.signs_for is not None


def _stand(who: LoggedIn) -> Stand:
    """How the rules stand, and what waits: signatures, trials that ended, the review, versions to schedule."""
    now, tried = reading(), newest_by_draft(trials(reading_session()))
    listed = [one for one in drafts(reading_session()) if not one.is_withdrawn]
    words: list[str | Markup] = [_in_force_words(now)]
    if listed:
        words.append(
            ngettext("%(num)s draft is being worked on.", "%(num)s drafts are being worked on.", len(listed))
        )
    needs = [need for one in listed if (need := _need(one, tried.get(one.id), who)) is not None]
    if now is not None:
        words.extend(_trial_words(now, tried.values()))
    review = None if now is None else review_words(now)
    if review is not None:
        needs.append(Need(review, url_for("rules.agreement")))
    return Stand(tuple(words), tuple(needs))


def _trial_words(now: Reading, listed: Iterable[TrialFacts]) -> Iterator[Markup]:
    """Which drafts are in trial, and until when."""
    for one in listed:
        if not one.is_over(now.now):
            link = Markup('<a href="{}">{}</a>').format(
                url_for("settings_rules_trials.show", trial_id=one.id), one.name
            )
            until = running_words(one, now.ground.book.calendar, now.now)
            yield Markup("{} {} · {}").format(gettext("In trial:"), link, until)


def _in_force_words(now: Reading | None) -> str:
    if now is None:
        return gettext("No rulebook is in force yet.")
    version = now.ground.book.at(now.now) or now.ground.book.versions[0]
    return gettext("In force since %(day)s", day=short_day(version.effective_from)) + "."


def _need(draft: DraftFacts, trial: TrialFacts | None, who: LoggedIn) -> Need | None:
    href, now = url_for("settings_rules_drafts.show", draft_id=draft.id), clock.now()
    state = draft_state(draft, trial, now)
    if state is State.SIGNED and who.may_edit_rules:
        return Need(gettext("“%(draft)s” is signed by both: schedule it", draft=draft.name), href)
    if (
        state in (State.CHECKED, State.IN_TRIAL, State.TRIAL_ENDED)
        and who.signs_for
        and Party(who.signs_for) not in draft.signed_by
        and draft.signed_by
    ):
        return Need(gettext("“%(draft)s” waits for your signature", draft=draft.name), href)
    if trial is not None and not draft.signed_by and waits_for_a_word(trial, now):
        words = gettext("The trial of “%(draft)s” has ended: sign, edit or discard it", draft=draft.name)
        return Need(words, url_for("settings_rules_trials.show", trial_id=trial.id))
    return None


def review_words(now: Reading) -> str | None:
    """When the agreement is to be reviewed, where that is near or past."""
    version = now.ground.book.at(now.now)
    review_on = None if version is None else version.rulebook.agreement.review_on
    today = local_date(now.now, now.ground.book.calendar.zone)
    if review_on is None or review_on - today > _REVIEW_AHEAD:
        return None
    if review_on < today:
        return gettext("The agreement was to be reviewed on %(day)s", day=short_day(review_on))
    return gettext("The agreement is to be reviewed on %(day)s", day=short_day(review_on))


area = Area(
    key="rules",
    group=RULES,
    label=N_("Versions"),
    title=N_("Rules and agreement"),
    icon="scales",
    order=10,
    is_open_to=is_open_to,
    stand=_stand,
)
blueprint = area.blueprint(__name__)


@blueprint.get("")
def home() -> Response:
    """All versions and drafts, as a timeline."""
    now, session = reading(), reading_session()
    rows = [] if now is None else _rows(now, versions(session))
    listed, tried, at = drafts(session), newest_by_draft(trials(session)), clock.now()
    page = RulesHome(
        _headline(rows),
        tuple(row for row in rows if row.state is State.SCHEDULED),
        next((row for row in rows if row.state is State.IN_FORCE), None),
        tuple(row for row in reversed(rows) if row.state is State.SUPERSEDED),
        tuple(draft_row(one, tried.get(one.id), at) for one in listed if not one.is_withdrawn),
        tuple(draft_row(one, tried.get(one.id), at) for one in listed if one.is_withdrawn),
        None if now is None else review_words(now),
        logged_in().may_edit_rules,
        bool(tried),
    )
    return page_or_part("settings/rules/home.html", "settings", view=page)


def _headline(rows: list[VersionRow]) -> str:
    in_force = next((row for row in rows if row.state is State.IN_FORCE), None)
    if not rows:
        return gettext("No rulebook yet: write the first")
    if in_force is None:
        return gettext("The first rules begin on %(day)s", day=short_day(rows[0].effective_from))
    return gettext("These rules have been in force since %(day)s", day=short_day(in_force.effective_from))


def _rows(now: Reading, listed: tuple[VersionFacts, ...]) -> list[VersionRow]:
    book = now.ground.book
    before: Rulebook | None = None
    rows = []
    for version, facts in zip(book.versions, listed, strict=True):
        rows.append(_row(now, book, facts, version.rulebook, before))
        before = version.rulebook
    return rows


def _row(
    now: Reading, book: Book, facts: VersionFacts, rulebook: Rulebook, before: Rulebook | None
) -> VersionRow:
    state = version_state(facts, book, now.now)
    day = short_day(facts.effective_from)
    words = {
        State.SCHEDULED: gettext("Begins on %(day)s", day=day),
        State.IN_FORCE: gettext("Since %(day)s", day=day),
    }.get(state, gettext("From %(day)s", day=day))
    count = 0 if before is None else sum(len(one.changes) for one in present_changes(before, rulebook))
    changes = (
        gettext("The first version")
        if before is None
        else ngettext(
            "%(num)s change against the one before", "%(num)s changes against the one before", count
        )
    )
    return VersionRow(
        facts.effective_from,
        state,
        facts.draft_name or rulebook.agreement.title or rulebook.organization.name,
        words,
        _how(facts),
        changes,
        bool(facts.signatures),
    )


def _how(facts: VersionFacts) -> str:
    """Signed by both, or applied by somebody's command."""
    if facts.signatures:
        return gettext("Signed by %(names)s", names=", ".join(one.name for one in facts.signatures))
    return gettext(
        "Applied by %(name)s, %(moment)s",
        name=called(facts.latest.applied_by),
        moment=moment(facts.latest.applied_at),
    )


@blueprint.get("/versions/<day>")
def version(day: str) -> Response:
    """One version, its changes and its document."""
    now, facts, rulebook, before = _found(day)
    row = _row(now, now.ground.book, facts, rulebook, before[0] if before else None)
    page = VersionPage(
        row,
        facts.latest.revision,
        present_rules(rulebook),
        present_changes(before[0], rulebook) if before else (),
        short_day(before[1].effective_from) if before else None,
        lines_of_difference(before[1].document, facts.document) if before else (),
        facts.document,
        signatures(facts.signatures),
        tuple(_applied(facts)),
        facts.draft_id,
        logged_in().may_edit_rules,
    )
    return page_or_part("settings/rules/version.html", "settings", view=page)


def _applied(facts: VersionFacts) -> list[str]:
    told = []
    for one in (*facts.earlier, facts.latest):
        words = gettext(
            "Applied by %(name)s, %(moment)s", name=called(one.applied_by), moment=moment(one.applied_at)
        )
        if one.restates:
            words = gettext(
                "Restated by %(name)s, %(moment)s: %(reason)s",
                name=called(one.applied_by),
                moment=moment(one.applied_at),
                reason=one.reason or "",
            )
        told.append(words)
    return told


@blueprint.get("/versions/<day>/rulebook.yaml")
def version_file(day: str) -> Response:
    """Its document."""
    _, facts, _, _ = _found(day)
    return download(facts.document, f"rulebook-{facts.effective_from}.yaml")


@blueprint.get("/versions/<day>/agreement")
def version_agreement(day: str) -> Response:
    """Its agreement, for print."""
    _, facts, rulebook, _ = _found(day)
    return of_version(rulebook, facts, url_for(".version", day=day))


@blueprint.post("/versions/<day>/take-back")
def version_take_back(day: str) -> AnyResponse:
    """Undoes its scheduling, until its day."""
    if not logged_in().may_edit_rules:
        abort(404)
    _, facts, _, _ = _found(day)
    try:
        take_back(facts.latest.revision, request.form.get("why", ""), actor_of(logged_in().user_id))
    except DraftRefused:
        flash(gettext("It has come into force, and stays: only a restatement could change it now."), "error")
        return redirect(url_for(".version", day=day))
    flash(gettext("It is taken back: the version before stays in force."), "success")
    if facts.draft_id is not None:
        return redirect(url_for("settings_rules_drafts.show", draft_id=facts.draft_id))
    return redirect(url_for(".home"))


def _found(day: str) -> tuple[Reading, VersionFacts, Rulebook, tuple[Rulebook, VersionFacts] | None]:
    """The version of that first day, and the one before it. 404 where there is none."""
    now = reading()
    if now is None:
        abort(404)
    listed = versions(reading_session())
    place = next((i for i, one in enumerate(listed) if one.effective_from.isoformat() == day), None)
    if place is None:
        abort(404)
    rulebooks = [one.rulebook for one in now.ground.book.versions]
    before = (rulebooks[place - 1], listed[place - 1]) if place else None
    return now, listed[place], rulebooks[place], before
