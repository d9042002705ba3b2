"""What a trial gives: what the pure function says, counted by a job, beside the real points and never among them."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from jobs.trials import count_trials
from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Period
from leaderboard.domain.replay import NO_PAST, World
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.versions import Book
from leaderboard.files.rulebook import read_rulebook
from leaderboard.persistence.models import Trial, TrialResult
from leaderboard.queries.trials import counted_periods
from leaderboard.services import drafts, trial_counting, trials
from leaderboard.services.closing import close_period
from leaderboard.services.directory import Directory
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.replaying import world_as_known
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.rules import Rules, current_rules
from leaderboard.services.simulation_names import with_names
from leaderboard.services.timelines import NO_HORIZON
from tests.services.acme import RULEBOOK, SetClock, july, send
from tests.services.test_simulation import DRAFT, asked, rows_of_everything, side
from tests.services.test_trials import AUGUST, JULY, LAST, TEXT, begin, draft_of, row, sha


@pytest.fixture
def trial(acme: Session, at: SetClock) -> int:
    """July by stricter rules, looked at on the tenth."""
    july(acme)
    trial_id = begin(acme, at, draft_of(acme, at))
    at("2026-07-10T10:01:00Z")
    return trial_id


def rules_of(session: Session) -> Rules:
    found = current_rules(session)
    assert found is not None
    return found


def result(session: Session, trial_id: int, period: str = "2026-07") -> dict[str, Any]:
    wanted = (TrialResult.trial_id == trial_id, TrialResult.period == period)
    kept = session.scalar(select(TrialResult.result).where(*wanted))
    found: dict[str, Any] = with_names(json.loads(kept or ""), Directory(session), rules_of(session).roster)
    session.rollback()
    return found


def as_if(session: Session, document: bytes, now: Instant) -> World:
    """The world if the document had come into force on its own first day."""
    rules = rules_of(session)
    draft = read_rulebook(document, "draft.yaml")
    earlier = [one.rulebook for one in rules.book.versions if one.effective_from < draft.effective_from]
    tried = Rules(Book([*earlier, draft]), rules.placement, rules.roster_version, rules.revisions)
    found = world_as_known(session, tried, now, NO_HORIZON, NO_PAST)
    session.rollback()
    return found


def points(world: World, name: str, scope: SubjectKind = SubjectKind.REP) -> dict[str, tuple[int, int]]:
    period: Period = world.book.calendar.parse(name)
    return {one.score.id: (one.rank, one.score.points) for one in world.standing(period, scope)}


def would_be(document: dict[str, Any], scope: str = "rep") -> dict[str, tuple[int, int]]:
    return {who: (one["rank"], one["points"]) for who, one in side(document, "would_be", scope).items()}


def test_it_gives_what_the_rules_would_have_given(acme: Session, at: SetClock, trial: int) -> None:
    now = at("2026-07-10T10:01:00Z")
    count_trials()
    world = as_if(acme, DRAFT.replace(b"2027-01-01", b"2026-07-01"), now)
    assert counted_periods(acme, trial) == ("2026-07", "2026-Q3")
    for name in ("2026-07", "2026-Q3"):
        found = result(acme, trial, name)
        for scope in SubjectKind:
            assert would_be(found, scope) == points(world, name, scope)
            assert side(found, "as_is", scope) == asked(name, scope)
    assert side(found, "as_is") != side(found, "would_be")


def test_it_goes_on_over_the_months_as_if_it_had_been_in_force(
    acme: Session, at: SetClock, trial: int
) -> None:
    count_trials()
    at("2026-08-02T00:00:00Z")
    send(
        acme,
        ("21", "lead.assigned", "2026-07-30T10:00:00Z", "L21", "ana"),
        ("22", "lead.contacted", "2026-07-30T10:30:00Z", "L21"),
        ("23", "lead.assigned", "2026-08-01T10:00:00Z", "L23", "ana"),
        ("24", "lead.contacted", "2026-08-01T10:05:00Z", "L23"),
    )
    now = at("2026-08-02T12:00:00Z")
    bring_up_to_date(now)
    count_trials()
    world = as_if(acme, DRAFT.replace(b"2027-01-01", b"2026-07-01"), now)
    assert counted_periods(acme, trial) == ("2026-08", "2026-07", "2026-Q3")
    for name in ("2026-07", "2026-08", "2026-Q3"):
        assert would_be(result(acme, trial, name)) == points(world, name)
    badges = [
        (one["badge"], one["as_is"], one["would_be"]) for one in result(acme, trial, "2026-08")["badges"]
    ]
    assert ("unbroken", 1, 0) in badges, "the streak of July goes on in August on each side by its own rules"


def test_a_month_that_is_closed_meanwhile_keeps_both_boards(acme: Session, at: SetClock, trial: int) -> None:
    at("2026-08-04T00:00:00Z")
    close_period("2026-07", "test")
    send(acme, ("9", "lead.contacted", "2026-07-03T10:05:00Z", "L3"))
    bring_up_to_date(at("2026-08-05T00:00:00Z"))
    count_trials()
    for name in ("2026-07", "2026-08", "2026-Q3"):
        assert side(result(acme, trial, name), "as_is") == asked(name)
    assert result(acme, trial, "2026-07")["state"] == "sealed"


def test_the_rules_in_force_in_trial_change_nothing(acme: Session, at: SetClock) -> None:
    july(acme)
    trial = begin(acme, at, draft_of(acme, at, text=RULEBOOK.decode()))
    at("2026-07-10T10:01:00Z")
    count_trials()
    found = result(acme, trial)
    assert side(found, "as_is") == side(found, "would_be")


def test_a_version_that_comes_into_force_meanwhile_is_the_real_side_only(
    acme: Session, at: SetClock, trial: int
) -> None:
    now = at("2026-07-20T00:00:00Z")
    other = RULEBOOK.replace(b"2026-01-01", b"2026-08-01").replace(b"met: 2", b"met: 5")
    apply_rulebook(other, "rulebook.yaml", now, "test")
    send(
        acme,
        ("23", "lead.assigned", "2026-08-01T10:00:00Z", "L23", "ana"),
        ("24", "lead.contacted", "2026-08-01T10:05:00Z", "L23"),
    )
    now = at("2026-08-02T12:00:00Z")
    bring_up_to_date(now)
    count_trials()
    found = result(acme, trial, "2026-08")
    assert side(found, "as_is") == asked("2026-08")
    world = as_if(acme, DRAFT.replace(b"2027-01-01", b"2026-07-01"), now)
    assert would_be(found) == points(world, "2026-08")


def test_nothing_but_the_trials_own_rows_is_written(acme: Session, trial: int) -> None:
    bring_up_to_date(trial_counting.clock.now())
    before = rows_of_everything(acme)
    count_trials()
    after = rows_of_everything(acme)
    assert {name for name in before if before[name] != after[name]} == {"trials", "trial_results"}
    assert "Ana" not in str(after["trial_results"])


def test_twice_changes_nothing(acme: Session, trial: int) -> None:
    count_trials()
    before = rows_of_everything(acme)
    count_trials()
    assert rows_of_everything(acme) == before


def test_it_is_counted_anew_after_a_while_and_when_somebody_asks(
    acme: Session, at: SetClock, trial: int
) -> None:
    assert trial_counting.count_due() == 1
    at("2026-07-10T10:09:00Z")
    assert trial_counting.count_due() == 0
    trials.ask_to_count(trial, at("2026-07-10T10:09:01Z"))
    at("2026-07-10T10:09:02Z")
    assert trial_counting.count_due() == 1
    at("2026-07-10T10:18:02Z")
    assert trial_counting.count_due() == 1


def test_what_takes_long_is_counted_less_often(acme: Session, at: SetClock, trial: int) -> None:
    trial_counting.count_due()
    kept = row(acme, trial)
    kept.took_ms = 60_000
    acme.add(kept)
    acme.commit()
    at("2026-07-10T10:20:59Z")
    assert trial_counting.count_due() == 0
    at("2026-07-10T10:21:00Z")
    assert trial_counting.count_due() == 1


def test_before_its_month_begins_there_is_nothing_to_count(acme: Session, at: SetClock) -> None:
    begin(acme, at, draft_of(acme, at), AUGUST)
    at("2026-07-31T23:59:59Z")
    assert trial_counting.count_due() == 0
    at("2026-08-01T00:00:01Z")
    assert trial_counting.count_due() == 1


def test_an_edit_of_the_draft_changes_nothing_of_what_is_counted(
    acme: Session, at: SetClock, trial: int
) -> None:
    count_trials()
    before = result(acme, trial)
    draft = row(acme, trial).draft_id
    drafts.save(draft, 1, TEXT.replace("missed: -1", "missed: -5"), "", "user:1", at("2026-07-10T11:00:00Z"))
    count_trials()
    after = result(acme, trial)
    assert {**before, "as_of": ""} == {**after, "as_of": ""}
    other = trials.restart(trial, sha(acme, draft), "user:1", at("2026-07-10T11:01:00Z"))
    at("2026-07-10T11:02:00Z")
    count_trials()
    assert would_be(result(acme, other)) != would_be(after)
    assert would_be(result(acme, trial)) == would_be(after), "what was counted stays"


def test_at_its_end_it_is_counted_once_more_and_never_again(acme: Session, at: SetClock, trial: int) -> None:
    count_trials()
    at("2026-08-09T00:00:00Z")
    assert trial_counting.count_due() == 1
    kept = row(acme, trial)
    assert (kept.as_of, kept.ending) == (kept.ends_at, "over")
    assert result(acme, trial, "2026-08")["as_of"] == "2026-08-08T00:00:00Z"
    before = rows_of_everything(acme)
    at("2026-08-20T00:00:00Z")
    assert trial_counting.count_due() == 0
    assert rows_of_everything(acme) == before


def test_stopped_it_is_counted_until_then(acme: Session, at: SetClock, trial: int) -> None:
    trials.stop(trial, "seen enough", "user:1", at("2026-07-12T00:00:00Z"))
    at("2026-07-13T00:00:00Z")
    assert trial_counting.count_due() == 1
    assert result(acme, trial)["as_of"] == "2026-07-12T00:00:00Z"
    assert trial_counting.count_due() == 0


def test_killed_in_the_middle_it_is_counted_by_the_next(
    acme: Session, at: SetClock, trial: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(trial_counting._Signs, "__call__", die)
        with pytest.raises(SystemExit):
            trial_counting.count_due()
    acme.rollback()
    assert row(acme, trial).as_of is None
    assert trial_counting.count_due() == 0, "whoever counts may still be alive"
    at("2026-07-10T10:02:31Z")
    assert trial_counting.count_due() == 1
    assert row(acme, trial).claims == 2


def test_who_was_taken_for_dead_writes_no_more(
    acme: Session, at: SetClock, trial: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    nested: list[bool] = []

    def sign(*_: Any) -> None:
        if not nested:
            nested.append(True)
            at("2026-07-10T10:05:00Z")
            assert trial_counting.count_due() == 1

    monkeypatch.setattr(trial_counting._Signs, "__call__", sign)
    assert trial_counting.count_due() == 0
    kept = row(acme, trial)
    assert (kept.claims, kept.as_of, kept.claimed_at) == (2, at("2026-07-10T10:05:00Z"), None)


def test_whoever_counts_long_shows_that_he_lives(
    acme: Session, at: SetClock, trial: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_counting, "_BETWEEN_SIGNS", 0)
    written: list[Any] = []
    write = trial_counting._write

    def noting(claimed: Any, results: Any = None, **values: Any) -> None:
        written.append(values)
        write(claimed, results, **values)

    monkeypatch.setattr(trial_counting, "_write", noting)
    assert trial_counting.count_due() == 1
    assert {"claimed_at": at("2026-07-10T10:01:00Z")} in written


def test_one_that_fails_keeps_no_other_from_its_turn(
    acme: Session, at: SetClock, trial: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = begin(acme, at, draft_of(acme, at, "Another"))
    at("2026-07-10T10:01:00Z")
    compare = trial_counting.compared
    calls: list[bool] = []

    def fail_once(*given: Any) -> Any:
        calls.append(True)
        if len(calls) == 1:
            raise KeyError("x")
        return compare(*given)

    monkeypatch.setattr(trial_counting, "compared", fail_once)
    with pytest.raises(KeyError):
        count_trials()
    assert (row(acme, trial).fault, row(acme, other).fault) == ("unexpected", None)
    assert row(acme, other).as_of is not None
    at("2026-07-10T10:09:59Z")
    assert trial_counting.count_due() == 0, "what fails is not tried without end"
    at("2026-07-10T10:10:00Z")
    count_trials()
    assert (row(acme, trial).fault, row(acme, trial).as_of is None) == (None, False)


def test_rules_that_cut_time_otherwise_by_now_are_told(
    acme: Session, trial: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = TEXT.replace("timezone: UTC", "timezone: Asia/Tokyo").encode()
    monkeypatch.setattr(trial_counting, "read_rulebook", lambda *_: read_rulebook(elsewhere, "x"))
    assert trial_counting.count_due() == 0
    assert row(acme, trial).fault == "refused"


def test_an_emptied_redis_loses_nothing(acme: Session, at: SetClock) -> None:
    """Nobody rings for it here: the timetable finds it."""
    july(acme)
    trial = begin(acme, at, draft_of(acme, at), JULY, LAST)
    at("2026-07-10T10:05:00Z")
    count_trials()
    assert row(acme, trial).as_of == at("2026-07-10T10:05:00Z")


def test_two_trials_are_counted_each_by_its_own_text(acme: Session, at: SetClock, trial: int) -> None:
    other = begin(acme, at, draft_of(acme, at, "The same as now", RULEBOOK.decode()))
    at("2026-07-10T10:02:00Z")
    assert trial_counting.count_due() == 2
    assert acme.scalars(select(Trial.as_of)).all() == [at("2026-07-10T10:02:00Z")] * 2
    assert would_be(result(acme, other)) != would_be(result(acme, trial))
