"""Drafts: kept whole at every saving, never overwritten unseen, and nothing is stored of what is no text."""

import datetime as dt
import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.files.problems import FileProblems
from leaderboard.persistence import models
from leaderboard.services import drafts
from leaderboard.services.drafts import DraftRefused, NoSuchDraft, Origin, Overtaken
from tests.services.acme import RULEBOOK

NOW = 1_782_864_000_000_000
ANA, RUI = "user:1", "user:2"
SEPTEMBER = dt.date(2026, 9, 1)
LAUGHS = b"a: &a [x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c]\n" % (98 + i, 98 + i, 97 + i, 97 + i) for i in range(9)
)


def copied(name: str = "Stricter") -> int:
    return drafts.copy_of(Origin(revision=1), name, SEPTEMBER, ANA, NOW).draft_id


def row(session: Session, draft_id: int) -> models.Draft:
    session.expire_all()
    return session.get_one(models.Draft, draft_id)


def changes(session: Session, draft_id: int) -> list[models.DraftChange]:
    change = models.DraftChange
    of_draft = select(change).where(change.draft_id == draft_id).order_by(change.revision)
    return list(session.scalars(of_draft))


def stored(session: Session) -> tuple[int, ...]:
    tables = (models.Draft, models.DraftChange, models.AuditEntry)
    return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_a_copy_of_a_version_differs_in_its_month_only(acme: Session) -> None:
    draft = row(acme, copied())
    assert draft.document == RULEBOOK.decode().replace("2026-01-01", "2026-09-01")
    assert (draft.effective_from, draft.problems, draft.revision) == ("2026-09-01", 0, 1)
    assert (draft.based_on_revision, draft.created_by) == (1, ANA)


def test_what_ends_before_the_copy_begins_stays_behind(acme: Session) -> None:
    prizes = """contests:  # of the year
  race: {name: Race, service_level: first-contact, from: 2026-07-01, until: 2026-07-31, prize: {points: 5}}
  autumn: {name: September, service_level: first-contact, from: 2026-09-01, until: 2026-09-30, prize: {points: 5}}
tasks:
  training: {name: Training, until: 2026-08-31, prize: {points: 5}}
"""
    first = drafts.create(RULEBOOK.decode() + prizes, "Prizes", ANA, NOW)
    assert row(acme, first).problems == 0
    found = drafts.copy_of(Origin(draft=first), "Next", SEPTEMBER, ANA, NOW)
    copy = row(acme, found.draft_id)
    assert (found.ended, copy.problems) == (("Race", "Training"), 0)
    assert "autumn" in copy.document
    assert "# of the year" in copy.document
    assert "race" not in copy.document
    assert "tasks:" not in copy.document
    assert drafts.copy_of(Origin(draft=first), "The same", None, ANA, NOW).ended == ()


def test_a_draft_is_copied_with_what_is_wrong_in_it(acme: Session) -> None:
    broken = drafts.create("rulebook: [", "Broken", ANA, NOW)
    copy = row(acme, drafts.copy_of(Origin(draft=broken), "Again", SEPTEMBER, RUI, NOW).draft_id)
    assert (copy.document, copy.based_on_draft, copy.problems) == ("rulebook: [", broken, 1)
    with pytest.raises(NoSuchDraft):
        drafts.copy_of(Origin(draft=99), "None", SEPTEMBER, ANA, NOW)


def test_every_saving_is_kept_with_who_and_why(acme: Session) -> None:
    draft_id = copied()
    stricter = row(acme, draft_id).document.replace("within: 1h", "within: 30m")
    assert drafts.save(draft_id, 1, stricter, "  leads cool down ", RUI, NOW + 5) == 2
    first, second = changes(acme, draft_id)
    assert (first.actor, first.why) == (ANA, None)
    assert (second.actor, second.why, second.at, second.document) == (
        RUI,
        "leads cool down",
        NOW + 5,
        stricter,
    )
    draft = row(acme, draft_id)
    assert (draft.updated_by, draft.updated_at, draft.revision) == (RUI, NOW + 5, 2)


def test_of_two_who_edit_at_once_the_second_is_told(acme: Session) -> None:
    draft_id = copied()
    text = row(acme, draft_id).document
    drafts.save(draft_id, 1, text.replace("within: 1h", "within: 30m"), "", ANA, NOW)
    before = stored(acme)
    with pytest.raises(Overtaken) as told:
        drafts.save(draft_id, 1, text.replace("met: 2", "met: 3"), "", RUI, NOW)
    assert told.value.revision == 2
    assert stored(acme) == before
    assert "met: 2" in row(acme, draft_id).document


def test_saving_the_same_text_is_no_saving(acme: Session) -> None:
    draft_id = copied()
    text = row(acme, draft_id).document
    assert drafts.save(draft_id, 1, text.replace("\n", "\r\n"), "", ANA, NOW) == 1
    assert len(changes(acme, draft_id)) == 1


def test_a_draft_may_be_wrong_while_it_is_edited(acme: Session) -> None:
    draft_id = copied()
    drafts.save(draft_id, 1, "rulebook: 1\neffective_from: soon\n", "", ANA, NOW)
    draft = row(acme, draft_id)
    assert draft.problems >= 3
    assert draft.effective_from is None


def test_a_draft_that_cuts_time_otherwise_than_what_is_in_force_has_a_problem(acme: Session) -> None:
    draft_id = copied()
    moved = row(acme, draft_id).document.replace("timezone: UTC", "timezone: Europe/Lisbon")
    drafts.save(draft_id, 1, moved, "", ANA, NOW)
    assert row(acme, draft_id).problems == 1


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04" + b"\0" * 100, LAUGHS, b"\xff\xfe\0", b"\x80abc", b"a: \x00", b"", b"- - - [", b"a: !!python/x b"],
)  # fmt: skip
def test_an_upload_that_is_no_yaml_changes_nothing(acme: Session, content: bytes) -> None:
    before = stored(acme)
    with pytest.raises(FileProblems):
        drafts.import_file(content, "Nonsense", ANA, NOW)
    assert stored(acme) == before


@pytest.mark.parametrize("length", [400_001, 10_000_000])
def test_what_is_too_large_changes_nothing(acme: Session, length: int) -> None:
    before = stored(acme)
    with pytest.raises(DraftRefused, match="too_large"):
        drafts.import_file(b"a" * length, "Large", ANA, NOW)
    draft_id = copied()
    with pytest.raises(DraftRefused, match="too_large"):
        drafts.save(draft_id, 1, "a" * length, "", ANA, NOW)
    assert stored(acme) == (before[0] + 1, before[1] + 1, before[2] + 1)


@pytest.mark.parametrize(
    ("name", "code"), [(" ", "no_name"), ("x" * 121, "long_name"), ("a\x00b", "long_name")]
)
def test_a_name_is_a_line(acme: Session, name: str, code: str) -> None:
    with pytest.raises(DraftRefused, match=code):
        drafts.create("rulebook: 1", name, ANA, NOW)


def test_an_imported_file_may_be_no_good_rulebook(acme: Session) -> None:
    draft = row(acme, drafts.import_file("\ufeffrulebook: 2\n".encode(), "Imported", ANA, NOW))
    assert draft.document == "rulebook: 2\n"
    assert draft.problems > 0


def test_another_month_keeps_comments(acme: Session) -> None:
    document = "# ours\nrulebook: 1\neffective_from: 2026-09-01   # autumn\norganization: {}\n"
    draft_id = drafts.create(document, "Autumn", ANA, NOW)
    drafts.move(draft_id, 1, dt.date(2026, 10, 1), "later", RUI, NOW)
    assert row(acme, draft_id).document == document.replace("2026-09-01", "2026-10-01")


def test_a_withdrawn_draft_is_not_edited_until_it_is_taken_up(acme: Session) -> None:
    draft_id = copied()
    drafts.withdraw(draft_id, ANA, NOW)
    with pytest.raises(DraftRefused, match="withdrawn"):
        drafts.save(draft_id, 1, "x: 1", "", ANA, NOW)
    drafts.take_up(draft_id, RUI, NOW)
    drafts.take_up(draft_id, RUI, NOW)
    assert drafts.save(draft_id, 1, "x: 1", "", ANA, NOW) == 2


def test_a_name_is_not_changed_unseen_either(acme: Session) -> None:
    draft_id = copied("One")
    drafts.rename(draft_id, "One", "Two", ANA, NOW)
    with pytest.raises(DraftRefused, match="renamed_meanwhile"):
        drafts.rename(draft_id, "One", "Three", RUI, NOW)
    assert row(acme, draft_id).name == "Two"


def test_every_act_is_in_the_audit_log(acme: Session) -> None:
    draft_id = copied()
    drafts.save(draft_id, 1, "x: 1", "because", RUI, NOW)
    drafts.rename(draft_id, "Stricter", "Looser", RUI, NOW)
    drafts.withdraw(draft_id, ANA, NOW)
    entry = models.AuditEntry
    noted = list(acme.scalars(select(entry).where(entry.subject == f"draft:{draft_id}").order_by(entry.id)))
    assert [(one.actor, one.action) for one in noted] == [
        (ANA, "draft.created"), (RUI, "draft.saved"), (RUI, "draft.renamed"), (ANA, "draft.withdrawn"),
    ]  # fmt: skip
    assert json.loads(noted[1].after or "")["why"] == "because"
