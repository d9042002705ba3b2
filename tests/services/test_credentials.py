"""Awards taken along by their owners: ended when the award falls, withdrawn with all that is personal, revoked."""

from itertools import count
from pathlib import Path

import jwt
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.files.open_badges import Achievement, Issuer
from leaderboard.persistence.models import AuditEntry, Award, Credential, Decision
from leaderboard.queries.credentials import CredentialState, by_address, ended_in
from leaderboard.services import credentials, deciding
from leaderboard.services.closing import close_due
from leaderboard.services.credential_keys import public_jwk, signing_key
from leaderboard.services.credential_signing import Desk
from leaderboard.services.credential_upkeep import rotate_key
from leaderboard.services.credentials import Naming, Wish, shown_name
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.sittings import NotTheirs, Refusal, Refused
from tests.services.acme import SetClock, send
from tests.services.deciding_house import Deciders, build, login
from tests.signing_keys import keys_in

THANKS = Achievement("thanks/2026-01-01", "Thank you", "Given by hand.", "Given by hand.", "rosette", "en")
NEEDED = {"require": ["iss", "jti", "sub", "nbf"]}
_tokens = count()


def fresh() -> str:
    return f"c{next(_tokens)}"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Issuer("https://board.example.com", "Acme"), keys_in(tmp_path / "keys"))


@pytest.fixture
def house(session: Session, at: SetClock) -> Deciders:
    """Ben was thanked by Rui's hand."""
    return build(session, at)


def thank(session: Session, house: Deciders) -> Award:
    deciding.give_badge(house.rui, house.people["ben"], "thanks", "Good work", token=fresh())
    return session.scalars(select(Award).where(Award.badge == "thanks")).one()


def take(who: LoggedIn, award: Award, desk: Desk, naming: Naming = Naming.FULL, email: bool = True) -> None:
    credentials.take_along(who, award.id, Wish(naming, email), THANKS, desk, token=fresh())


def held(session: Session) -> list[Credential]:
    session.expire_all()
    return list(session.scalars(select(Credential).order_by(Credential.id)))


def state_of(session: Session, row: Credential) -> CredentialState:
    found = by_address(session, row.address)
    assert found is not None
    return found.state


def test_a_credential_is_signed_as_any_other_library_reads_it(
    session: Session, house: Deciders, desk: Desk
) -> None:
    take(house.ben, thank(session, house), desk)
    token = held(session)[0].token
    assert token is not None
    header = jwt.get_unverified_header(token)
    thumbprint = signing_key(desk.keys).thumbprint
    assert header == {"alg": "RS256", "typ": "JWT", "kid": desk.issuer.key(thumbprint)}
    key = jwt.PyJWK.from_dict(public_jwk(desk.keys, thumbprint)).key
    said = jwt.decode(token, key, algorithms=["RS256"], issuer=desk.issuer.id, options=NEEDED)
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["jti"] == said["id"]
    assert said["sub"] == said["credentialSubject"]["id"]
    names = {one["identityType"]: one["identityHash"] for one in said["credentialSubject"]["identifier"]}
    assert names["name"] == "Ben Costa"
    assert names["emailAddress"].startswith("sha256$")
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token[:-8] + "AAAAAAAA", key, algorithms=["RS256"])


def test_nothing_that_is_ours_alone_is_in_it(session: Session, house: Deciders, desk: Desk) -> None:
    take(house.ben, thank(session, house), desk, Naming.NONE, email=False)
    token = held(session)[0].token
    assert token is not None
    said = str(jwt.decode(token, options={"verify_signature": False}))
    for private in ("Ben", "ben@example.com", "Good work", "points", "south", "ben'"):
        assert private not in said, private


def test_only_its_owner_takes_an_award_along(session: Session, house: Deciders, desk: Desk) -> None:
    award = thank(session, house)
    for who in (house.rui, house.ada, house.head):
        with pytest.raises(NotTheirs):
            take(who, award, desk)
    for number in (0, 4711, 2**63):
        with pytest.raises(NotTheirs):
            credentials.take_along(house.ben, number, Wish(Naming.FULL, False), THANKS, desk, token=fresh())
    assert held(session) == []


def test_a_form_sent_twice_and_an_award_taken_twice_are_one(
    session: Session, house: Deciders, desk: Desk
) -> None:
    award = thank(session, house)
    for _ in range(2):
        credentials.take_along(
            house.ben, award.id, Wish(Naming.SHORT, True), THANKS, desk, token="the same form"
        )
    with pytest.raises(Refused) as refused:
        take(house.ben, award, desk)
    assert refused.value.why is Refusal.SETTLED
    assert len(held(session)) == 1


def test_withdrawing_takes_what_is_personal_and_leaves_the_bit(
    session: Session, house: Deciders, desk: Desk
) -> None:
    award = thank(session, house)
    take(house.ben, award, desk)
    row = held(session)[0]
    assert ended_in(session, row.status_list) == []
    for who in (house.rui, house.ada):
        with pytest.raises(NotTheirs):
            credentials.withdraw(who, row.id, token=fresh())
    credentials.withdraw(house.ben, row.id, token=fresh())
    row = held(session)[0]
    assert row.token is None
    assert state_of(session, row) is CredentialState.WITHDRAWN
    assert ended_in(session, row.status_list) == [row.status_index]
    with pytest.raises(Refused):
        credentials.withdraw(house.ben, row.id, token=fresh())
    take(house.ben, award, desk)
    first, second = held(session)
    assert first.address != second.address
    assert state_of(session, second) is CredentialState.VALID


def test_a_manager_revokes_for_good_with_a_reason_and_nobody_their_own(
    session: Session, house: Deciders, desk: Desk, at: SetClock
) -> None:
    award = thank(session, house)
    take(house.ben, award, desk)
    row = held(session)[0]
    with pytest.raises(NotTheirs):
        credentials.revoke(house.ben, row.id, "Mine", token=fresh())
    with pytest.raises(NotTheirs):
        credentials.revoke(house.head, row.id, "No rep", token=fresh())
    with pytest.raises(Refused) as refused:
        credentials.revoke(house.rui, row.id, " ", token=fresh())
    assert refused.value.why is Refusal.REASON_MISSING
    credentials.revoke(house.rui, row.id, "Given by mistake", token=fresh())
    assert state_of(session, row) is CredentialState.REVOKED
    assert ended_in(session, row.status_list) == [row.status_index]
    with pytest.raises(Refused):
        credentials.revoke(house.ada, row.id, "Again", token=fresh())
    credentials.withdraw(house.ben, row.id, token=fresh())
    with pytest.raises(Refused) as refused:
        take(house.ben, award, desk)
    assert refused.value.why is Refusal.REVOKED
    said = session.execute(
        select(AuditEntry.actor, AuditEntry.action, AuditEntry.after)
        .where(AuditEntry.action.like("credential.%"))
        .order_by(AuditEntry.id)
    ).all()
    assert [row.action.partition(".")[2] for row in said] == ["taken_along", "revoked", "withdrawn"]
    assert "Given by mistake" in (said[1].after or "")
    assert not any("Ben" in (row.after or "") for row in said)


def test_who_was_wronged_takes_the_badge_along_anew_and_the_revoked_one_stays_revoked(
    session: Session, house: Deciders, desk: Desk
) -> None:
    award = thank(session, house)
    take(house.ben, award, desk)
    first = held(session)[0]
    with pytest.raises(Refused) as refused:
        credentials.allow_anew(house.rui, first.id, "Not revoked at all", token=fresh())
    assert refused.value.why is Refusal.SETTLED
    credentials.revoke(house.rui, first.id, "Given by mistake", token=fresh())
    for who in (house.ben, house.head):
        with pytest.raises(NotTheirs):
            credentials.allow_anew(who, first.id, "Mine", token=fresh())
    with pytest.raises(Refused) as refused:
        credentials.allow_anew(house.rui, first.id, "", token=fresh())
    assert refused.value.why is Refusal.REASON_MISSING
    credentials.allow_anew(house.ada, first.id, "The mistake was mine", token=fresh())
    with pytest.raises(Refused) as refused:
        credentials.allow_anew(house.ada, first.id, "Twice", token=fresh())
    assert refused.value.why is Refusal.SETTLED
    take(house.ben, award, desk)
    first, second = held(session)
    assert (first.address, first.status_index) != (second.address, second.status_index)
    assert state_of(session, first) is CredentialState.REVOKED
    assert state_of(session, second) is CredentialState.VALID
    assert ended_in(session, first.status_list) == [first.status_index]
    with pytest.raises(Refused) as refused:
        take(house.ben, award, desk)
    assert refused.value.why is Refusal.SETTLED
    said = session.scalars(select(AuditEntry.after).where(AuditEntry.action == "credential.allowed_anew"))
    assert "The mistake was mine" in (said.one() or "")


def test_a_badge_taken_back_by_hand_ends_its_credential(
    session: Session, house: Deciders, desk: Desk
) -> None:
    take(house.ben, thank(session, house), desk)
    number = session.scalars(select(Decision.id).where(Decision.kind == "badge")).one()
    deciding.undo(house.ada, number, "Somebody else's", token=fresh())
    row = held(session)[0]
    assert state_of(session, row) is CredentialState.FALLEN
    assert row.revoked_at is None
    assert ended_in(session, row.status_list) == [row.status_index]


def test_an_award_that_falls_by_a_late_fact_ends_its_credential_and_revives_it_when_it_comes_back(
    session: Session, house: Deciders, desk: Desk, at: SetClock
) -> None:
    for number, hour in (("a", "08"), ("b", "09")):
        send(
            session,
            (f"{number}1", "lead.assigned", f"2026-08-03T{hour}:00:00Z", f"S{number}", "ana"),
            (f"{number}2", "lead.contacted", f"2026-08-03T{hour}:10:00Z", f"S{number}"),
        )
    now = at("2026-08-04T10:00:00Z")
    bring_up_to_date(now)
    award = session.scalars(
        select(Award).where(Award.badge == "unbroken", Award.withdrawn_at.is_(None)).order_by(Award.id.desc())
    ).first()
    assert award is not None
    ana = login(session, "ana@example.com", now)
    take(ana, award, desk)
    row = held(session)[0]
    assert state_of(session, row) is CredentialState.VALID
    send(session, ("v", "event.voided", "2026-08-03T12:00:00Z", ""), voids="b2")
    bring_up_to_date(at("2026-08-04T11:00:00Z"))
    assert state_of(session, held(session)[0]) is CredentialState.FALLEN
    send(session, ("b3", "lead.contacted", "2026-08-03T09:10:00Z", "Sb"))
    bring_up_to_date(at("2026-08-04T12:00:00Z"))
    assert state_of(session, held(session)[0]) is CredentialState.VALID


def test_a_team_s_award_is_its_people_s_of_that_day(
    session: Session, house: Deciders, desk: Desk, at: SetClock
) -> None:
    close_due(at("2026-10-05T10:00:00Z"))
    award = session.scalars(select(Award).where(Award.badge == "champions")).one()
    now = at("2026-10-05T11:00:00Z")
    ana, ben = (login(session, f"{name}@example.com", now) for name in ("ana", "ben"))
    with pytest.raises(NotTheirs):
        take(ben, award, desk)
    take(ana, award, desk)
    row = held(session)[0]
    assert (row.team_id, row.person_id) == (house.north, house.people["ana"])
    assert state_of(session, row) is CredentialState.VALID


def test_whoever_is_to_be_forgotten_is_out_of_every_token(
    session: Session, house: Deciders, desk: Desk
) -> None:
    take(house.ben, thank(session, house), desk)
    assert credentials.withdraw_all("ben", actor="test") == 1
    assert credentials.withdraw_all("ben", actor="test") == 0
    assert [row.token for row in held(session)] == [None]
    with pytest.raises(KeyError):
        credentials.withdraw_all("nobody", actor="test")


def test_another_key_is_noted_and_the_old_signature_holds(
    session: Session, house: Deciders, desk: Desk
) -> None:
    take(house.ben, thank(session, house), desk)
    old = signing_key(desk.keys).thumbprint
    new = rotate_key(desk.keys, actor="test")
    token = held(session)[0].token
    assert token is not None
    key = jwt.PyJWK.from_dict(public_jwk(desk.keys, old)).key
    assert jwt.decode(token, key, algorithms=["RS256"])["name"] == "Thank you"
    noted = session.scalars(select(AuditEntry.after).where(AuditEntry.action == "key.rotated")).one()
    assert new in (noted or "")


@pytest.mark.parametrize(
    ("name", "naming", "shown"),
    [
        ("Ana Clara Souza", Naming.FULL, "Ana Clara Souza"),
        ("Ana Clara Souza", Naming.SHORT, "Ana S."),
        ("Ana", Naming.SHORT, "Ana"),
        ("Ana Souza", Naming.NONE, None),
        ("", Naming.FULL, None),
    ],
)
def test_a_name_is_shown_as_its_owner_wants(name: str, naming: Naming, shown: str | None) -> None:
    assert shown_name(name, naming) == shown
