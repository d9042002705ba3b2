"""Signing by both parties, scheduling, and undoing it until the day comes."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.rulebook import Party
from leaderboard.persistence import models
from leaderboard.services import clock, drafts, users
from leaderboard.services.drafts import DraftRefused, Origin
from leaderboard.services.rulebook_apply import apply_rulebook, load_book
from leaderboard.services.signing import Hindered, Hindrance, Signer, schedule, sign, take_back
from tests.services.acme import RULEBOOK, SetClock

SEPTEMBER = dt.date(2026, 9, 1)
UNSIGNED = (Hindrance.UNSIGNED_MARKETING, Hindrance.UNSIGNED_SALES)


@pytest.fixture
def parties(acme: Session) -> dict[Party, Signer]:
    found = {}
    for party in Party:
        email = f"{party.value}@example.com"
        key = users.create(email, "manager", rep=None, password=None, actor="test", now=clock.now())
        found[party] = Signer(key, party)
    return found


def draft_of(acme: Session, first_on: dt.date = SEPTEMBER) -> models.Draft:
    draft_id = drafts.copy_of(Origin(revision=1), "Stricter", first_on, "user:1", clock.now()).draft_id
    text = acme.get_one(models.Draft, draft_id).document.replace("within: 1h", "within: 30m")
    drafts.save(draft_id, 1, text, "", "user:1", clock.now())
    return again(acme, draft_id)


def again(session: Session, draft_id: int) -> models.Draft:
    session.expire_all()
    return session.get_one(models.Draft, draft_id)


def sign_by(draft: models.Draft, *signers: Signer) -> None:
    for signer in signers:
        sign(draft.id, draft.sha256, signer, clock.now())


def first_days(session: Session) -> list[int]:
    return [version.effective_from.month for version in load_book(session)]


def test_both_sign_and_it_is_scheduled(acme: Session, parties: dict[Party, Signer]) -> None:
    draft = draft_of(acme)
    sign_by(draft, *parties.values())
    revision = schedule(draft.id, draft.sha256, "user:1")
    assert first_days(acme) == [1, 9]
    assert again(acme, draft.id).scheduled_as == revision
    assert acme.get_one(models.RulebookRevision, revision).document == draft.document


@pytest.mark.parametrize(
    ("who", "missing"),
    [([], UNSIGNED), ([Party.SALES], UNSIGNED[:1]), ([Party.MARKETING], UNSIGNED[1:])],
)
def test_it_is_not_scheduled_unsigned(
    acme: Session, parties: dict[Party, Signer], who: list[Party], missing: tuple[Hindrance, ...]
) -> None:
    draft = draft_of(acme)
    sign_by(draft, *(parties[party] for party in who))
    with pytest.raises(Hindered) as told:
        schedule(draft.id, draft.sha256, "user:1")
    assert told.value.hindrances == missing
    assert first_days(acme) == [1]


def test_nobody_signs_for_both(acme: Session, parties: dict[Party, Signer]) -> None:
    draft, sales = draft_of(acme), parties[Party.SALES]
    sign_by(draft, sales, sales)
    with pytest.raises(DraftRefused, match="signed_for_other"):
        sign_by(draft, Signer(sales.user_id, Party.MARKETING))
    with pytest.raises(DraftRefused, match="signed_already"):
        sign_by(draft, Signer(parties[Party.MARKETING].user_id, Party.SALES))
    with pytest.raises(DraftRefused, match="no_right"):
        sign_by(draft, Signer(sales.user_id, None))
    assert len(acme.scalars(select(models.Signature)).all()) == 1


def test_an_edit_voids_signatures_even_when_it_is_taken_back(
    acme: Session, parties: dict[Party, Signer]
) -> None:
    draft = draft_of(acme)
    text, digest = draft.document, draft.sha256
    sign_by(draft, *parties.values())
    drafts.save(draft.id, 2, text.replace("met: 2", "met: 3"), "", "user:1", clock.now())
    with pytest.raises(DraftRefused, match="changed_meanwhile"):
        schedule(draft.id, digest, "user:1")
    with pytest.raises(DraftRefused, match="changed_meanwhile"):
        sign(draft.id, digest, parties[Party.SALES], clock.now())
    drafts.save(draft.id, 3, text, "", "user:1", clock.now())
    with pytest.raises(Hindered) as told:
        schedule(draft.id, digest, "user:1")
    assert told.value.hindrances == UNSIGNED
    sign_by(again(acme, draft.id), *parties.values())
    schedule(draft.id, digest, "user:1")


def test_a_draft_with_problems_is_not_signed(acme: Session, parties: dict[Party, Signer]) -> None:
    draft = draft_of(acme)
    drafts.save(draft.id, 2, draft.document + "unknown: 1\n", "", "user:1", clock.now())
    with pytest.raises(DraftRefused, match="problems"):
        sign_by(again(acme, draft.id), parties[Party.SALES])


@pytest.mark.parametrize(
    ("first_on", "day"), [(dt.date(2026, 7, 1), "2026-07-15"), (SEPTEMBER, "2026-09-01")]
)
def test_a_month_that_has_begun_is_not_scheduled(
    acme: Session, parties: dict[Party, Signer], at: SetClock, first_on: dt.date, day: str
) -> None:
    draft = draft_of(acme, first_on)
    sign_by(draft, *parties.values())
    at(f"{day}T00:00:00Z")
    with pytest.raises(Hindered) as told:
        schedule(draft.id, draft.sha256, "user:1")
    assert told.value.hindrances == (Hindrance.BEGUN,)


def test_two_versions_do_not_begin_on_one_day(acme: Session, parties: dict[Party, Signer]) -> None:
    for hindered in (False, True):
        draft = draft_of(acme)
        sign_by(draft, *parties.values())
        if hindered:
            with pytest.raises(Hindered) as told:
                schedule(draft.id, draft.sha256, "user:1")
            assert told.value.hindrances == (Hindrance.MONTH_TAKEN,)
        else:
            schedule(draft.id, draft.sha256, "user:1")


def test_what_is_scheduled_is_not_edited_but_can_be_taken_back(
    acme: Session, parties: dict[Party, Signer], at: SetClock
) -> None:
    draft = draft_of(acme)
    sign_by(draft, *parties.values())
    revision = schedule(draft.id, draft.sha256, "user:1")
    for act in (
        lambda: drafts.save(draft.id, 2, "x: 1", "", "user:1", clock.now()),
        lambda: drafts.withdraw(draft.id, "user:1", clock.now()),
    ):
        with pytest.raises(DraftRefused, match="scheduled"):
            act()
    at("2026-08-31T23:59:59Z")
    take_back(revision, "not yet", "user:2")
    assert first_days(acme) == [1]
    assert again(acme, draft.id).scheduled_as is None
    second = schedule(draft.id, draft.sha256, "user:1")
    assert second != revision
    assert first_days(acme) == [1, 9]


def test_what_is_in_force_stays(acme: Session, parties: dict[Party, Signer], at: SetClock) -> None:
    draft = draft_of(acme)
    sign_by(draft, *parties.values())
    revision = schedule(draft.id, draft.sha256, "user:1")
    at("2026-09-01T00:00:00Z")
    for number, code in ((revision, "in_force"), (1, "in_force"), (99, "no_version")):
        with pytest.raises(DraftRefused, match=code):
            take_back(number, "", "user:1")
    with pytest.raises(DraftRefused, match="scheduled"):
        drafts.save(draft.id, 2, "x: 1", "", "user:1", clock.now())
    assert first_days(acme) == [1, 9]


def test_taking_back_a_replacement_brings_the_text_before_it_back(acme: Session) -> None:
    for limit in ("2h", "3h"):
        document = RULEBOOK.replace(b"2026-01-01", b"2026-09-01").replace(b"1h", limit.encode(), 1)
        applied = apply_rulebook(document, "later.yaml", clock.now(), "test")
    take_back(applied.revision, "", "user:1")
    (_, later) = load_book(acme)
    level = later.service_levels["first-contact"]
    assert getattr(level, "within").otherwise == 2 * 3600  # noqa: B009
    with pytest.raises(DraftRefused, match="no_version"):
        take_back(applied.revision, "", "user:1")
    noted = acme.scalars(select(models.AuditEntry).order_by(models.AuditEntry.id.desc()).limit(1)).one()
    assert (noted.action, noted.subject) == ("rulebook.taken_back", "rulebook:2026-09-01")


def test_the_first_rulebook_of_all_goes_the_same_way_and_may_begin_at_once(
    session: Session, at: SetClock
) -> None:
    now = at("2026-07-15T00:00:00Z")
    signers = []
    for party in Party:
        key = users.create(f"{party}@example.com", "manager", rep=None, password=None, actor="t", now=now)
        signers.append(Signer(key, party))
    draft = again(session, drafts.create(RULEBOOK.decode(), "The first", "user:1", now))
    sign_by(draft, *signers)
    schedule(draft.id, draft.sha256, "user:1")
    assert first_days(session) == [1]


def test_every_act_is_in_the_audit_log(acme: Session, parties: dict[Party, Signer]) -> None:
    draft = draft_of(acme)
    sign_by(draft, *parties.values())
    take_back(schedule(draft.id, draft.sha256, "user:7"), "why not", "user:8")
    entry = models.AuditEntry
    noted = acme.scalars(select(entry).where(entry.subject == f"draft:{draft.id}").order_by(entry.id)).all()
    signers = [("draft.signed", signer.actor) for signer in parties.values()]
    assert [(one.action, one.actor) for one in noted][2:] == [
        *signers,
        ("draft.scheduled", "user:7"),
        ("draft.taken_back", "user:8"),
    ]
