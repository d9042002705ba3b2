"""Versions in trial: what is begun, prolonged, stopped, begun again, and over; and what keeps it from that."""

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leaderboard.persistence.models import AuditEntry, Draft, Trial
from leaderboard.services import drafts, trials
from leaderboard.services.drafts import DraftRefused, NoSuchDraft
from leaderboard.services.trials import NoSuchTrial, TrialRefused
from tests.services.acme import SetClock
from tests.services.test_simulation import DRAFT, rows_of_everything

TEXT = DRAFT.decode()
JULY, AUGUST = dt.date(2026, 7, 1), dt.date(2026, 8, 1)
LAST = dt.date(2026, 8, 7)


def draft_of(acme: Session, at: SetClock, name: str = "Stricter", text: str = TEXT) -> int:
    return drafts.create(text, name, "user:1", at("2026-07-10T09:00:00Z"))


def sha(session: Session, draft_id: int) -> str:
    found = session.scalar(select(Draft.sha256).where(Draft.id == draft_id))
    session.rollback()
    assert found is not None
    return found


def begin(acme: Session, at: SetClock, draft_id: int, since: dt.date = JULY, last_on: dt.date = LAST) -> int:
    now = at("2026-07-10T10:00:00Z")
    return trials.start(draft_id, sha(acme, draft_id), since, last_on, "user:1", now)


def row(session: Session, trial_id: int) -> Trial:
    found = session.scalar(
        select(Trial).where(Trial.id == trial_id).execution_options(populate_existing=True)
    )
    session.rollback()
    assert found is not None
    return found


def noted(session: Session) -> list[tuple[str, str, Any, Any]]:
    wanted = AuditEntry.action.like("trial.%")
    rows = session.scalars(select(AuditEntry).where(wanted).order_by(AuditEntry.id)).all()
    session.rollback()
    return [
        (
            one.actor,
            one.action,
            *(None if side is None else json.loads(side) for side in (one.before, one.after)),
        )
        for one in rows
    ]


@pytest.fixture
def draft(acme: Session, at: SetClock) -> int:
    return draft_of(acme, at)


@pytest.fixture
def trial(acme: Session, at: SetClock, draft: int) -> int:
    return begin(acme, at, draft)


def test_a_trial_runs_from_a_month_until_the_end_of_its_last_day(
    acme: Session, at: SetClock, draft: int, trial: int
) -> None:
    kept = row(acme, trial)
    assert (kept.draft_id, kept.revision, kept.counts_from, kept.started_by) == (
        draft,
        1,
        "2026-07-01",
        "user:1",
    )
    assert (kept.ends_at, kept.ended_at) == (at("2026-08-08T00:00:00Z"), None)
    [(actor, action, before, after)] = noted(acme)
    assert (actor, action, before) == ("user:1", "trial.started", None)
    assert after == {
        "counts_from": "2026-07-01", "ends_on": "2026-08-07", "revision": 1, "sha256": sha(acme, draft),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("since", "last_on", "code"),
    [
        (JULY, dt.date(2026, 7, 10), "ends_too_soon"),
        (AUGUST, dt.date(2026, 7, 20), "ends_before"),
        (JULY, dt.date(2027, 1, 9), "ends_too_late"),
        (dt.date(2026, 6, 1), LAST, "counts_from"),
        (dt.date(2026, 9, 1), LAST, "counts_from"),
        (dt.date(2026, 7, 2), LAST, "counts_from"),
    ],
)
def test_days_that_make_no_trial_are_refused(
    acme: Session, at: SetClock, draft: int, since: dt.date, last_on: dt.date, code: str
) -> None:
    before = rows_of_everything(acme)
    with pytest.raises(TrialRefused, match=code):
        begin(acme, at, draft, since, last_on)
    assert rows_of_everything(acme) == before


def test_it_may_count_from_next_month_and_last_half_a_year(acme: Session, at: SetClock, draft: int) -> None:
    assert row(acme, begin(acme, at, draft, AUGUST, dt.date(2027, 1, 8))).counts_from == "2026-08-01"


def test_a_draft_is_in_one_trial_at_a_time(acme: Session, at: SetClock, draft: int, trial: int) -> None:
    with pytest.raises(TrialRefused, match="in_trial"):
        begin(acme, at, draft)
    acme.add(
        Trial(
            draft_id=draft,
            revision=1,
            counts_from="2026-07-01",
            started_at=0,
            started_by="x",
            ends_at=1,
            claims=0,
        )
    )
    with pytest.raises(IntegrityError):
        acme.flush()
    acme.rollback()


def test_three_drafts_are_in_trial_at_once_and_no_fourth(acme: Session, at: SetClock) -> None:
    made = [draft_of(acme, at, f"Draft {number}") for number in range(4)]
    begun = [begin(acme, at, one) for one in made[:3]]
    with pytest.raises(TrialRefused, match="too_many"):
        begin(acme, at, made[3])
    trials.stop(begun[0], "seen enough", "user:1", at("2026-07-11T00:00:00Z"))
    begin(acme, at, made[3])


def test_what_is_over_by_the_clock_takes_no_place(
    acme: Session, at: SetClock, draft: int, trial: int
) -> None:
    now = at("2026-08-08T00:00:00Z")
    other = trials.start(draft, sha(acme, draft), AUGUST, dt.date(2026, 9, 1), "user:2", now)
    assert (row(acme, trial).ending, row(acme, other).ending) == ("over", None)


def test_only_a_good_draft_as_it_was_seen_is_tried(acme: Session, at: SetClock, draft: int) -> None:
    now = at("2026-07-10T10:00:00Z")

    def refused(code: str, seen: str | None = None) -> None:
        with pytest.raises(TrialRefused, match=code):
            trials.start(draft, seen or sha(acme, draft), JULY, LAST, "user:1", now)

    refused("draft_changed", "another")
    drafts.save(draft, 1, TEXT.replace("within: 20m", "within: never"), "", "user:1", now)
    refused("problems")
    drafts.save(draft, 2, TEXT, "", "user:1", now)
    drafts.withdraw(draft, "user:1", now)
    refused("withdrawn")
    with pytest.raises(NoSuchDraft):
        trials.start(999, "x", JULY, LAST, "user:1", now)


def test_without_rules_in_force_there_is_nothing_to_run_beside(session: Session, at: SetClock) -> None:
    draft = draft_of(session, at)
    with pytest.raises(TrialRefused, match="no_rules"):
        begin(session, at, draft)


def test_more_time_is_given_to_the_trial_that_was_seen(acme: Session, at: SetClock, trial: int) -> None:
    now, later = at("2026-07-20T00:00:00Z"), dt.date(2026, 8, 21)
    for seen, last_on, code in (
        (LAST, LAST, "not_later"),
        (LAST, dt.date(2027, 2, 1), "ends_too_late"),
        (later, later, "changed_meanwhile"),
    ):
        with pytest.raises(TrialRefused, match=code):
            trials.extend(trial, seen, last_on, "user:2", now)
    trials.extend(trial, LAST, later, "user:2", now)
    assert row(acme, trial).ends_at == at("2026-08-22T00:00:00Z")
    assert noted(acme)[-1] == (
        "user:2",
        "trial.extended",
        {"ends_on": "2026-08-07"},
        {"ends_on": "2026-08-21"},
    )


def test_it_is_stopped_for_a_reason(acme: Session, at: SetClock, trial: int) -> None:
    now = at("2026-07-20T00:00:00Z")
    for reason, code in ((" \n", "no_reason"), ("x" * 501, "long_reason")):
        with pytest.raises(TrialRefused, match=code):
            trials.stop(trial, reason, "user:2", now)
    trials.stop(trial, "  nobody\n gains ", "user:2", now)
    kept = row(acme, trial)
    assert (kept.ending, kept.ended_at, kept.ended_by, kept.reason) == (
        "stopped",
        now,
        "user:2",
        "nobody gains",
    )
    assert noted(acme)[-1] == ("user:2", "trial.stopped", None, {"reason": "nobody gains", "revision": 1})


def test_editing_the_draft_changes_no_trial_until_it_is_begun_again(
    acme: Session, at: SetClock, draft: int, trial: int
) -> None:
    now = at("2026-07-20T00:00:00Z")
    with pytest.raises(TrialRefused, match="same_text"):
        trials.restart(trial, sha(acme, draft), "user:2", now)
    seen = sha(acme, draft)
    drafts.save(draft, 1, TEXT.replace("within: 20m", "within: 25m"), "", "user:1", now)
    assert row(acme, trial).revision == 1
    with pytest.raises(TrialRefused, match="draft_changed"):
        trials.restart(trial, seen, "user:2", now)
    other = row(acme, trials.restart(trial, sha(acme, draft), "user:2", now))
    assert (other.revision, other.counts_from, other.ends_at) == (2, "2026-07-01", row(acme, trial).ends_at)
    assert row(acme, trial).ending == "restarted"
    assert noted(acme)[-1] == ("user:2", "trial.restarted", {"revision": 1}, {"revision": 2})


def test_what_is_over_is_neither_prolonged_nor_stopped_nor_begun_again(
    acme: Session, at: SetClock, draft: int, trial: int
) -> None:
    now = at("2026-08-08T00:00:00Z")
    acts = (
        lambda: trials.extend(trial, LAST, dt.date(2026, 9, 1), "user:1", now),
        lambda: trials.stop(trial, "why not", "user:1", now),
        lambda: trials.restart(trial, sha(acme, draft), "user:1", now),
        lambda: trials.ask_to_count(trial, now),
    )
    before = rows_of_everything(acme)
    for act in acts:
        with pytest.raises(TrialRefused, match="over"):
            act()
    with pytest.raises(NoSuchTrial):
        trials.stop(999, "why", "user:1", now)
    assert rows_of_everything(acme) == before


def test_its_end_is_noted_once_as_of_its_day(acme: Session, at: SetClock, trial: int) -> None:
    assert trials.end_over(at("2026-08-07T23:59:59Z")) == 0
    assert trials.end_over(at("2026-08-09T05:00:00Z")) == 1
    kept, before = row(acme, trial), rows_of_everything(acme)
    assert (kept.ending, kept.ended_at, kept.ended_by) == ("over", kept.ends_at, "schedule")
    assert noted(acme)[-1] == ("schedule", "trial.over", None, {"revision": 1})
    assert trials.end_over(at("2026-08-09T05:10:00Z")) == 0
    assert rows_of_everything(acme) == before


def test_a_draft_in_trial_is_not_withdrawn(acme: Session, at: SetClock, draft: int, trial: int) -> None:
    with pytest.raises(DraftRefused, match="in_trial"):
        drafts.withdraw(draft, "user:1", at("2026-07-20T00:00:00Z"))
    drafts.withdraw(draft, "user:1", at("2026-08-08T00:00:00Z"))
