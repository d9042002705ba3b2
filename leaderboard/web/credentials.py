"""Public: the page of a credential that somebody took along, its machine forms, the keys, and a box to check one.

Open to anybody, found by nobody: addresses cannot be guessed, and no search engine is let in. What ended tells nothing
but that it ended.
"""

import json
from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, render_template, request

from leaderboard.domain.instants import MINUTE
from leaderboard.files import open_badges
from leaderboard.files.credential_carriers import baked, baked_png
from leaderboard.queries.award_shelf import rule_of
from leaderboard.queries.credentials import CredentialFacts, CredentialState, by_address, ended_in, last_list
from leaderboard.queries.ground import Reading
from leaderboard.services.credential_checks import LARGEST, checked, shown
from leaderboard.services.credential_keys import KeyProblem, public_jwk, published
from leaderboard.services.credential_signing import signed, thumbprint_of
from leaderboard.services.login_throttle import network_of
from leaderboard.web.badge_images import badge_image, badge_png
from leaderboard.web.bearer import Rates
from leaderboard.web.credential_desk import desk
from leaderboard.web.languages import gettext
from leaderboard.web.pages import reading
from leaderboard.web.presenters.awards import badge_words
from leaderboard.web.presenters.credentials import VerdictView, present_credential, present_verdict
from leaderboard.web.shell import current_viewer

blueprint = Blueprint("credentials", __name__)

CHECKS_PER_MINUTE = 30
RATES = "credential_rates"
_TOKEN, _ENVELOPE = "application/vc+jwt", "application/vc"
_PAGE = "text/html"
_AS_TOKEN = (_TOKEN, "application/jwt", "text/plain")
_AS_ENVELOPE = (_ENVELOPE, "application/vc+ld+json", "application/ld+json", "application/json")
_AN_HOUR, _A_DAY = 3_600, 86_400
_LIST_SECONDS = 300
"""How old a list of the revoked may be that somebody keeps."""


class _Ended(Exception):
    """A credential is no longer valid: a program is told so, and not what it said."""


@dataclass(frozen=True, slots=True)
class CheckView:
    """The box to check a credential, and the last answer."""

    issuer: str
    verdict: VerdictView | None = None
    typed: str = ""
    fault: str | None = None
    largest: int = LARGEST


@dataclass(frozen=True, slots=True)
class IssuerView:
    """Who signs here, with which keys."""

    name: str
    address: str
    keys: tuple[tuple[str, str], ...]


@blueprint.after_request
def _open_to_programs(response: Response) -> Response:
    """No search engine; and for the machine forms, verifiers that run in a browser elsewhere."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if response.mimetype != _PAGE:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.errorhandler(_Ended)
def _ended(_error: _Ended) -> Response:
    return Response("This credential is no longer valid.\n", 410, mimetype="text/plain")


@blueprint.get("/credentials/<address>")
def page(address: str) -> Response:
    """What it says, for people; for programs, by what they accept, the signed credential itself."""
    asked = request.accept_mimetypes.best_match((_PAGE, *_AS_TOKEN, *_AS_ENVELOPE), default=_PAGE)
    if asked in _AS_TOKEN:
        response = _as_token(_valid(address), asked)
    elif asked in _AS_ENVELOPE:
        response = _as_envelope(_valid(address), asked)
    else:
        response = _as_page(address)
    response.headers["Vary"] = "Accept, Cookie"
    return response


@blueprint.get("/credentials/<address>/credential.jwt")
def token(address: str) -> Response:
    """The signed credential as a file."""
    return _as_file(_as_token(_valid(address), _TOKEN), "credential.jwt")


@blueprint.get("/credentials/<address>/credential.json")
def envelope(address: str) -> Response:
    """The same in JSON's clothes."""
    return _as_file(_as_envelope(_valid(address), _ENVELOPE), "credential.json")


@blueprint.get("/credentials/<address>/badge.svg")
def picture(address: str) -> Response:
    """The badge as a picture with the credential baked in."""
    found = _valid(address)
    assert found.token is not None
    icon = _icon(found)
    return _as_file(Response(baked(badge_image(icon), found.token), mimetype="image/svg+xml"), "badge.svg")


@blueprint.get("/credentials/<address>/badge.png")
def photograph(address: str) -> Response:
    """The same picture for those who take no SVG."""
    found = _valid(address)
    assert found.token is not None
    picture = baked_png(badge_png(_icon(found)), found.token)
    return _as_file(Response(picture, mimetype="image/png"), "badge.png")


@blueprint.get("/credentials/issuer")
def issuer() -> Response:
    """Who signs here: the profile that credentials name, with its keys; for people a page."""
    _published_reading()
    made_out = desk()
    asked = request.accept_mimetypes.best_match((_PAGE, *_AS_ENVELOPE), default=_PAGE)
    try:
        keys = published(made_out.keys)
    except KeyProblem:
        abort(503)
    if asked == _PAGE:
        shown_keys = tuple((thumbprint, made_out.issuer.key(thumbprint)) for thumbprint in keys)
        view = IssuerView(made_out.issuer.name, made_out.issuer.id, shown_keys)
        response = Response(render_template("credentials/issuer.html", view=view))
    else:
        response = _json(open_badges.issuer_profile(made_out.issuer, keys), asked or _ENVELOPE, _AN_HOUR)
    response.headers["Vary"] = "Accept, Cookie"
    return response


@blueprint.get("/credentials/keys/<thumbprint>")
def key(thumbprint: str) -> Response:
    """A public key, where the header of every credential says that it is."""
    try:
        return _json(public_jwk(desk().keys, thumbprint), "application/jwk+json", _AN_HOUR)
    except KeyProblem:
        abort(404)


@blueprint.get("/.well-known/jwks.json")
def key_set() -> Response:
    """All public keys, those of before among them."""
    _published_reading()
    try:
        keys = published(desk().keys)
    except KeyProblem:
        abort(503)
    return _json({"keys": list(keys.values())}, "application/jwk-set+json", _AN_HOUR)


@blueprint.get("/credentials/status/<int:number>")
def revoked(number: int) -> Response:
    """The signed list of what is revoked: bits, by which nobody can tell whose they are."""
    now = _reading()
    if not 0 < number <= last_list(now.session):
        abort(404)
    made_out, at = desk(), now.now // MINUTE * MINUTE
    document = open_badges.status_list(made_out.issuer, number, ended_in(now.session, number), at)
    try:
        response = Response(signed(made_out, document), mimetype=_TOKEN)
    except KeyProblem:
        abort(503)
    response.headers["Cache-Control"] = f"public, max-age={_LIST_SECONDS}"
    return response


@blueprint.get("/credentials/badges/<icon>.svg")
def image(icon: str) -> Response:
    """A badge as a picture, with nothing baked in."""
    try:
        response = Response(badge_image(icon), mimetype="image/svg+xml")
    except KeyError:
        abort(404)
    response.headers["Cache-Control"] = f"public, max-age={_A_DAY}"
    return response


@blueprint.route("/credentials/check", methods=["GET", "POST"])
def check() -> Response:
    """Whether something is genuine: pasted, or chosen as a file."""
    now, made_out = _published_reading(), desk()
    if request.method == "GET":
        return _check_page(CheckView(made_out.issuer.name))
    rates: Rates = current_app.extensions.setdefault(RATES, Rates(CHECKS_PER_MINUTE))
    typed = request.form.get("text", "").strip()[: LARGEST + 1]
    if wait := rates.take(network_of(request.remote_addr or "")):
        fault = gettext(
            "That was a lot in a short time. Please try again in %(seconds)s seconds.", seconds=wait
        )
        response = _check_page(CheckView(made_out.issuer.name, typed=typed, fault=fault), 429)
        response.headers["Retry-After"] = str(wait)
        return response
    chosen = request.files.get("file")
    data = chosen.read(LARGEST + 1) if chosen is not None and chosen.filename else typed.encode()
    if not data:
        fault = gettext("Please paste a credential, or choose a file.")
        return _check_page(CheckView(made_out.issuer.name, fault=fault), 422)
    answer = checked(now, made_out.keys, data)
    verdict = present_verdict(answer, made_out.issuer.name)
    return _check_page(CheckView(made_out.issuer.name, verdict, typed))


def _check_page(view: CheckView, status: int = 200) -> Response:
    return Response(render_template("credentials/check.html", view=view), status)


def _reading() -> Reading:
    now = reading()
    if now is None:
        abort(404)
    return now


def _published_reading() -> Reading:
    """As long as nobody took anything along nothing is public, and no key is made for whoever comes by."""
    now = _reading()
    if not last_list(now.session):
        abort(404)
    return now


def _found(address: str) -> CredentialFacts:
    found = by_address(_reading().session, address)
    if found is None:
        abort(404)
    return found


def _valid(address: str) -> CredentialFacts:
    """For programs: one that stands; 410 for one that ended, 404 for none such."""
    found = _found(address)
    if found.state is not CredentialState.VALID:
        raise _Ended
    return found


def _as_page(address: str) -> Response:
    now, found, made_out = _reading(), _found(address), desk()
    document = shown(found, made_out.keys)
    viewer = current_viewer()
    view = present_credential(
        found,
        document,
        made_out.issuer.name,
        made_out.issuer.credential(address),
        None if document is None or found.token is None else thumbprint_of(found.token),
        rule_of(now, found.badge, found.rulebook_on)[2],
        viewer is not None and viewer.person_key == found.person_key,
    )
    status = 410 if found.state is CredentialState.WITHDRAWN else 200
    return Response(render_template("credentials/credential.html", view=view), status)


def _as_token(found: CredentialFacts, mimetype: str) -> Response:
    return Response(found.token, mimetype=mimetype)


def _as_envelope(found: CredentialFacts, mimetype: str) -> Response:
    assert found.token is not None
    return _json(open_badges.enveloped(found.token), mimetype)


def _as_file(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _icon(found: CredentialFacts) -> str:
    rule, rulebook, _ = rule_of(_reading(), found.badge, found.rulebook_on)
    return badge_words(found.badge, rule, rulebook).icon


def _json(document: open_badges.Document, mimetype: str, seconds: int = 0) -> Response:
    text = json.dumps(document, ensure_ascii=False, indent=2)
    response = Response(text + "\n", mimetype=mimetype)
    if seconds:
        response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response
