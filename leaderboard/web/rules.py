"""The rules that everybody plays by: the version in force, read as sentences, and the agreement on paper."""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response

from leaderboard.domain.rulebook import Rulebook
from leaderboard.queries.rule_versions import Signed, VersionFacts, versions
from leaderboard.services.rule_versions import reading_session
from leaderboard.web.access import logged_in
from leaderboard.web.formats import short_day
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import gettext
from leaderboard.web.pages import reading
from leaderboard.web.presenters.audit_words import called
from leaderboard.web.presenters.rule_pages import SignatureView, signatures
from leaderboard.web.presenters.rules import RulesView, present_rules

blueprint = Blueprint("rules", __name__)


@dataclass(frozen=True, slots=True)
class RulesPage:
    """The version in force. `may_open`: the reader may go on to its history, `may_judge`: to whether it is fair."""

    rules: RulesView
    since: str
    may_open: bool
    may_judge: bool


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """The agreement, ready for paper. `sha256` is that of the text that was, or is to be, signed."""

    rules: RulesView
    starts: str
    standing: str
    signatures: tuple[SignatureView, ...]
    sha256: str
    back: str


@blueprint.get("/rules")
def in_force() -> Response:
    """For everybody who is logged in."""
    now = reading()
    if now is None:
        return page_or_part("board/no_rules.html", "content")
    version = now.ground.book.at(now.now) or now.ground.book.versions[0]
    who = logged_in()
    page = RulesPage(
        present_rules(version.rulebook),
        gettext("In force since %(day)s", day=short_day(version.effective_from)),
        who.may_edit_rules or who.signs_for is not None,
        who.may_edit_rules,
    )
    return page_or_part("rules/in_force.html", "content", view=page)


@blueprint.get("/rules/agreement")
def agreement() -> Response:
    """That of the version in force."""
    now = reading()
    if now is None:
        return page_or_part("board/no_rules.html", "content")
    version = now.ground.book.at(now.now) or now.ground.book.versions[0]
    listed = versions(reading_session())
    facts = next(one for one in listed if one.effective_from == version.effective_from)
    return of_version(version.rulebook, facts, "/rules")


def of_version(rulebook: Rulebook, facts: VersionFacts, back: str) -> Response:
    """The agreement of a version, with the signatures under it where it went that way."""
    standing = gettext("Applied by %(name)s", name=called(facts.latest.applied_by))
    if facts.signatures:
        standing = gettext("Signed by both parties")
    return paper(
        rulebook, facts.signatures, facts.signatures[0].sha256 if facts.signatures else "", standing, back
    )


def paper(rulebook: Rulebook, listed: tuple[Signed, ...], sha256: str, standing: str, back: str) -> Response:
    """The page for print."""
    page = AgreementPage(
        present_rules(rulebook),
        gettext("In force from %(day)s", day=short_day(rulebook.effective_from)),
        standing,
        signatures(listed),
        sha256,
        back,
    )
    return page_or_part("rules/agreement.html", "content", view=page)


def download(document: str, name: str) -> Response:
    """A rulebook's document, as a file."""
    answer = make_response(document)
    answer.headers["Content-Type"] = "application/yaml; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
