"""What is public of an award that was taken along: its page, its machine forms, the keys, and the box to check one."""

import gzip
import hashlib
import io
import json
from base64 import urlsafe_b64decode

import jwt
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from leaderboard.files.credential_carriers import text_in
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Award, Credential
from leaderboard.services import deciding
from leaderboard.settings import Settings
from leaderboard.web.badge_images import ICONS, badge_png
from leaderboard.web.bearer import Rates
from leaderboard.web.credentials import RATES
from tests.cast import csrf
from tests.databases import count_statements
from tests.signing_keys import keys_in
from tests.web.settings.firm import Firm, fields

SHELF, CHECK = "/me/badges", "/credentials/check"


@pytest.fixture
def thanked(firm: Firm) -> Firm:
    """Ben was thanked, and there is a key to sign it with."""
    settings: Settings = firm.app.extensions["settings"]
    keys_in(settings.keys_folder)
    with firm.app.app_context():
        deciding.give_badge(firm.who.rui, firm.who.people["ben"], "thanks", "Good work", token="thanks")
    return firm


def award(firm: Firm) -> int:
    with firm.app.app_context():
        return current_session().scalars(select(Award.id).where(Award.badge == "thanks")).one()


def take(firm: Firm, **form: str) -> Credential:
    """Ben takes it along by the form."""
    browser, address = firm.browser("ben"), f"/awards/{award(firm)}/take-along"
    sent = fields(browser.get(address).text, address) | {"naming": "full", "with_email": "y"} | form
    assert browser.post(address, data=sent).status_code == 303
    with firm.app.app_context():
        return current_session().scalars(select(Credential).order_by(Credential.id.desc())).first()


def stranger(firm: Firm) -> FlaskClient:
    return firm.cast.browser()


def test_anybody_who_has_the_address_sees_what_was_achieved(thanked: Firm) -> None:
    taken = take(thanked)
    answer = stranger(thanked).get(f"/credentials/{taken.address}")
    assert answer.status_code == 200
    for words in (
        "Genuine, and still valid",
        "Ben Costa",
        "Thank you",
        "Acme",
        "The rule is still in force.",
    ):
        assert words in answer.text, words
    for private in ("Good work", "ben@example.com", "/reps/", "points", "Rui"):
        assert private not in answer.text.partition("<main")[2], private
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Accept" in answer.headers["Vary"]


def test_who_wants_no_name_is_not_named(thanked: Firm) -> None:
    taken = take(thanked, naming="none", with_email="")
    page = stranger(thanked).get(f"/credentials/{taken.address}").text
    assert "Ben" not in page
    assert "Whoever gave you this" in page
    assert "fingerprint" not in page


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("", "text/html"),
        ("application/vc+jwt", "application/vc+jwt"),
        ("text/plain", "text/plain"),
        ("application/vc+ld+json", "application/vc+ld+json"),
        ("application/json", "application/json"),
        ("image/gif", "text/html"),
    ],
)
def test_a_program_gets_the_form_that_it_accepts(thanked: Firm, accept: str, kind: str) -> None:
    taken = take(thanked)
    answer = stranger(thanked).get(f"/credentials/{taken.address}", headers={"Accept": accept})
    assert answer.mimetype == kind
    if "json" in kind:
        assert answer.json["type"] == "EnvelopedVerifiableCredential"
        assert answer.json["id"] == f"data:application/vc+jwt,{taken.token}"
    elif kind != "text/html":
        assert answer.text == taken.token
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers


def test_another_library_verifies_it_by_what_is_public_alone(thanked: Firm) -> None:
    browser, taken = stranger(thanked), take(thanked)
    token = browser.get(f"/credentials/{taken.address}/credential.jwt").text
    kid = jwt.get_unverified_header(token)["kid"]
    path = kid.removeprefix(thanked.app.extensions["settings"].base_url)
    key = browser.get(path)
    assert key.mimetype == "application/jwk+json"
    assert "public" in key.headers["Cache-Control"]
    assert "d" not in key.json
    said = jwt.decode(token, jwt.PyJWK.from_dict(key.json).key, algorithms=["RS256"])
    profile = browser.get("/credentials/issuer", headers={"Accept": "application/json"}).json
    assert said["iss"] == profile["id"]
    assert kid in profile["assertionMethod"]
    assert browser.get("/.well-known/jwks.json").json["keys"] == [key.json]
    status = said["credentialStatus"]
    assert not revoked(browser, status, key.json)
    image = said["credentialSubject"]["achievement"]["image"]["id"]
    picture = browser.get(image.removeprefix(thanked.app.extensions["settings"].base_url))
    assert picture.mimetype == "image/svg+xml"
    withdraw(thanked)
    assert revoked(browser, status, key.json)


def revoked(browser: FlaskClient, status: dict[str, str], key: dict[str, str]) -> bool:
    answer = browser.get("/" + status["statusListCredential"].split("/", 3)[3])
    assert answer.mimetype == "application/vc+jwt"
    assert "max-age=300" in answer.headers["Cache-Control"]
    said = jwt.decode(answer.text, jwt.PyJWK.from_dict(key).key, algorithms=["RS256"])
    assert said["id"] == status["statusListCredential"]
    packed = said["credentialSubject"]["encodedList"][1:]
    bits = gzip.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    index = int(status["statusListIndex"])
    return bool(bits[index // 8] & 0x80 >> index % 8)


def withdraw(firm: Firm) -> None:
    browser = firm.browser("ben")
    page = browser.get(SHELF).text
    action = page.partition('/withdraw"')[0].rpartition('action="')[2] + "/withdraw"
    assert browser.post(action, data=fields(page, action)).status_code == 303


def test_what_was_withdrawn_tells_nothing_to_people_or_programs(thanked: Firm) -> None:
    taken = take(thanked)
    withdraw(thanked)
    browser, address = stranger(thanked), f"/credentials/{taken.address}"
    page = browser.get(address)
    assert page.status_code == 410
    assert "Withdrawn by its owner" in page.text
    for private in ("Ben", "Thank you"):
        assert private not in page.text, private
    for form in ("credential.jwt", "credential.json", "badge.svg", "badge.png"):
        answer = browser.get(f"{address}/{form}")
        assert answer.status_code == 410
        assert answer.text == "This credential is no longer valid.\n"
    assert browser.get(address, headers={"Accept": "application/vc+jwt"}).status_code == 410


def test_what_fell_says_so_and_no_more(thanked: Firm) -> None:
    taken = take(thanked)
    with thanked.app.app_context():
        deciding.undo(thanked.who.ada, 1, "Somebody else's", token="undo")
    page = stranger(thanked).get(f"/credentials/{taken.address}")
    assert page.status_code == 200
    assert "No longer valid" in page.text
    assert "Ben" not in page.text


@pytest.mark.parametrize(
    "address", ["x", "A" * 32, "..", "%00" * 3, "é", "A" * 5000, "issuer/x", "' or 1=1 --"]
)
def test_an_address_that_was_guessed_is_not_found(thanked: Firm, address: str) -> None:
    take(thanked)
    assert stranger(thanked).get(f"/credentials/{address}").status_code == 404


def test_a_token_that_somebody_changed_in_the_database_is_no_longer_shown_as_genuine(thanked: Firm) -> None:
    taken = take(thanked)
    with thanked.app.app_context():
        row = current_session().get_one(Credential, taken.id)
        row.token = (row.token or "")[:-8] + "AAAAAAAA"
        current_session().commit()
    page = stranger(thanked).get(f"/credentials/{taken.address}").text
    assert "Its signature does not hold" in page
    assert "Ben" not in page


def check(browser: FlaskClient, text: str = "", file: bytes | None = None) -> str:
    form: dict[str, object] = {"csrf_token": csrf(browser, CHECK), "text": text}
    if file is not None:
        form["file"] = (io.BytesIO(file), "badge")
    return browser.post(CHECK, data=form, content_type="multipart/form-data").text


def test_the_box_says_what_is_genuine_in_whatever_it_comes(thanked: Firm) -> None:
    browser, taken = stranger(thanked), take(thanked)
    address = f"/credentials/{taken.address}"
    assert "Genuine" in check(browser, taken.token or "")
    for form in ("credential.jwt", "credential.json", "badge.svg", "badge.png"):
        answer = browser.get(f"{address}/{form}")
        assert "attachment" in answer.headers["Content-Disposition"]
        page = check(browser, file=answer.data)
        assert "untouched, and not revoked" in page, form
        assert "Ben Costa" in page


def test_the_box_says_what_is_not(thanked: Firm) -> None:
    browser, taken = stranger(thanked), take(thanked)
    token = taken.token or ""
    header, payload, signature = token.split(".")
    foreign = jwt.encode(
        {"id": "x"}, "k" * 40, algorithm="HS256", headers={"kid": "https://elsewhere/keys/1"}
    )
    ours = {"kid": jwt.get_unverified_header(token)["kid"]}
    confused = jwt.encode({"id": "x"}, "k" * 40, algorithm="HS256", headers=ours)
    unsigned = jwt.encode({"id": "x"}, None, algorithm="none")
    for text, words in (
        ("hello", "No credential is in it"),
        ("x" * 200_000, "No credential is in it"),
        ("[" * 90_000, "No credential is in it"),
        ('<svg><openbadges:credential verify="a.b.c"></svg>', "Not signed here"),
        (foreign, "Not signed here"),
        (confused, "Not signed here"),
        (unsigned + "c2ln", "Not signed here"),
        (f"{header}.{payload[:-4]}AAAA.{signature}", "Altered"),
        (f"{header}.{payload}.AAAA", "Altered"),
    ):
        page = check(browser, text)
        assert words in page, (words, text[:60])
        assert "untouched, and not revoked" not in page
    withdraw(thanked)
    page = check(browser, token)
    assert "its owner has withdrawn it" in page
    assert "Ben" not in page


def test_the_list_of_the_revoked_is_ours_and_no_credential_of_anybody(thanked: Firm) -> None:
    take(thanked)
    browser = stranger(thanked)
    assert "Signed here, but unknown" in check(browser, browser.get("/credentials/status/1").text)
    for number in (0, 2, 10**30):
        assert browser.get(f"/credentials/status/{number}").status_code == 404


def test_as_long_as_nobody_took_anything_along_nothing_is_public_and_no_key_is_made(firm: Firm) -> None:
    browser, settings = stranger(firm), firm.app.extensions["settings"]
    for path in (CHECK, "/credentials/issuer", "/.well-known/jwks.json", "/credentials/status/1"):
        assert browser.get(path).status_code == 404, path
    assert not settings.keys_folder.exists()


def test_who_asks_too_often_waits_and_keeps_what_was_typed(thanked: Firm) -> None:
    take(thanked)
    browser = stranger(thanked)
    form = {"csrf_token": csrf(browser, CHECK), "text": "hello"}
    assert browser.post(CHECK, data=form).status_code == 200
    thanked.app.extensions[RATES] = Rates(1)  # which a slow machine does not fill again meanwhile
    assert browser.post(CHECK, data=form).status_code == 200
    answer = browser.post(CHECK, data=form)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert "hello" in answer.text
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert browser.post(CHECK, data=form, environ_overrides=elsewhere).status_code == 200


def test_nothing_held_up_is_asked_for_beside_its_field(thanked: Firm) -> None:
    take(thanked)
    browser = stranger(thanked)
    answer = browser.post(CHECK, data={"csrf_token": csrf(browser, CHECK), "text": " "})
    assert answer.status_code == 422
    assert "Please paste a credential, or choose a file." in answer.text
    assert browser.post(CHECK, data={"text": "x"}).status_code == 400


def test_the_issuer_has_a_page_for_people_too(thanked: Firm) -> None:
    take(thanked)
    page = stranger(thanked).get("/credentials/issuer", headers={"Accept": "text/html"}).text
    assert "Credentials of Acme" in page
    assert "Signs now" in page


def test_every_badge_has_a_picture_and_nothing_else_has(thanked: Firm) -> None:
    browser = stranger(thanked)
    for icon in sorted(ICONS):
        svg = browser.get(f"/credentials/badges/{icon}.svg").text
        assert svg.startswith("<svg "), icon
        drawn_from = hashlib.sha256(svg.encode()).hexdigest()
        assert text_in(badge_png(icon), "drawn-from") == drawn_from, f"draw {icon} anew: tests.browser.medals"
    assert browser.get("/credentials/badges/settings.svg").status_code == 404


def test_with_a_broken_key_nothing_is_signed_and_nothing_breaks(thanked: Firm) -> None:
    settings: Settings = thanked.app.extensions["settings"]
    (settings.keys_folder / "signing.pem").write_text("broken")
    browser, address = thanked.browser("ben"), f"/awards/{award(thanked)}/take-along"
    form = fields(browser.get(address).text, address) | {"naming": "full"}
    answer = browser.post(address, data=form)
    assert answer.status_code == 503
    assert "It cannot be signed just now" in answer.text
    with thanked.app.app_context():
        assert current_session().scalars(select(Credential)).all() == []


def test_a_key_that_broke_later_is_told_as_a_passing_fault(thanked: Firm) -> None:
    take(thanked)
    settings: Settings = thanked.app.extensions["settings"]
    (settings.keys_folder / "signing.pem").write_text("broken")
    for path in ("/.well-known/jwks.json", "/credentials/issuer", "/credentials/status/1"):
        assert stranger(thanked).get(path).status_code == 503, path


def test_a_public_page_takes_few_statements(thanked: Firm) -> None:
    taken, browser = take(thanked), stranger(thanked)
    browser.get(f"/credentials/{taken.address}")
    with thanked.app.app_context(), count_statements(db.engine) as seen:
        assert browser.get(f"/credentials/{taken.address}").status_code == 200
    assert len(seen) <= 3, seen
    with thanked.app.app_context(), count_statements(db.engine) as seen:
        assert browser.get("/credentials/status/1").status_code == 200
    assert len(seen) <= 4, seen
    assert json.loads(browser.get("/.well-known/jwks.json").text)["keys"]
