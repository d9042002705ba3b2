"""The leaderboard's page out of the store: the worked cases' standings, on both databases, in few statements."""

import contextlib
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from leaderboard.domain.instants import DAY, Instant, parse_rfc3339
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.files.events.csv_events import CsvEvents
from leaderboard.files.events.offered import Accepted
from leaderboard.persistence.db import db, writable
from leaderboard.queries import places
from leaderboard.queries.board import board_page
from leaderboard.queries.ground import Memo, Reading
from leaderboard.queries.periods import kept_periods
from leaderboard.queries.rep import rep_page, who
from leaderboard.services import clock
from leaderboard.services.closing import close_period
from leaderboard.services.closing_order import ClosingRefused
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from leaderboard.services.kept_standings import kept_standing
from leaderboard.services.reading import open_reading
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.rules import current_rules
from leaderboard.services.running_clocks import running_clocks
from tests.case_checks import Case, all_cases
from tests.databases import count_statements
from tests.services.loading import load as store

CASES = pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in all_cases()])
SetClock = Callable[[str], Instant]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    def set_clock(text: str) -> Instant:
        now = parse_rfc3339(text)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    return set_clock


def load(case: Case, session: Session, now: Instant) -> None:
    store(case, session, now)
    bring_up_to_date(now)


def read(session: Session, now: Instant) -> Reading:
    writable(session)
    reading = open_reading(now)
    assert reading is not None
    return reading


def keys(reading: Reading, scope: SubjectKind) -> dict[int, str]:
    ground = reading.ground
    known = ground.person_keys if scope is SubjectKind.REP else ground.team_keys
    return {key: name for name, key in known.items()}


@CASES
def test_the_page_shows_what_the_case_expects(case: Case, session: Session, at: SetClock) -> None:
    now = at(case.as_of)
    load(case, session, now)
    reading = read(session, now)
    for place, rows in case.expected["standings"].items():
        name, scope = place.split("/")
        period = reading.ground.book.calendar.parse(name)
        page = board_page(reading, period, SubjectKind(scope), None)
        shown = [(row.rank, row.name, row.points, row.exceeded, row.met, row.missed) for row in page.rows]
        wanted = [
            (row["rank"], row["name"], row["points"], row["exceeded"], row["met"], row["missed"])
            for row in rows
        ]
        assert shown == wanted
        assert page.total == len(wanted)
        assert page.freshness.waiting == 0


@CASES
def test_every_rep_has_a_page_whose_receipts_add_up(case: Case, session: Session, at: SetClock) -> None:
    now = at(case.as_of)
    load(case, session, now)
    reading = read(session, now)
    months = {name.split("/")[0] for name in case.expected["standings"] if "Q" not in name}
    for name in months:
        period = reading.ground.book.calendar.parse(name)
        board = board_page(reading, period, SubjectKind.REP, None)
        for row in board.rows:
            rep = who(reading, row.key)
            assert rep is not None
            page = rep_page(reading, rep, period, running_clocks(reading, rep.key, rep.rep_id), is_own=True)
            assert sum(day.points for day in page.days) == row.points
            # Where nobody has anything there is no place to speak of.
            assert (page.place is None) == board.is_empty
            assert page.place is None or page.place.rank == row.rank


def test_a_warm_page_takes_few_statements(session: Session, at: SetClock) -> None:
    case = next(all_cases())
    now = at(case.as_of)
    load(case, session, now)
    counts = []
    for _ in range(3):
        writable(session)
        with count_statements(db.engine) as statements:
            reading = open_reading(now)
            assert reading is not None
            period = reading.ground.book.calendar.month(reading.ground.book.calendar.month_at(now))
            board_page(reading, period, SubjectKind.REP, None)
        counts.append(len(statements))
    assert counts[1] == counts[2] <= 4
    assert counts[0] <= 16


def test_a_closed_month_is_shown_as_it_was_sealed(session: Session, at: SetClock) -> None:
    case = next(case for case in all_cases() if case.name.startswith("09"))
    now = at(case.as_of)
    load(case, session, now)
    reading = read(session, now)
    calendar, month = reading.ground.book.calendar, reading.ground.book.first_month
    period = calendar.before(calendar.month(calendar.month_at(now)))
    before = board_page(reading, period, SubjectKind.REP, None)
    later = now + 40 * DAY
    writable(session)
    bring_up_to_date(later)
    while month <= period.first_month:
        with contextlib.suppress(ClosingRefused):  # months without events are passed over
            close_period(str(month), "test", later)
        month = month.plus(1)
    sealed = board_page(read(session, later), period, SubjectKind.REP, None)
    assert sealed.period.sha256 is not None
    assert [row.rank_before for row in sealed.rows] == [None] * sealed.total
    assert {row.name for row in before.rows} <= {row.name for row in sealed.rows}


def test_what_is_remembered_of_a_standing_is_never_older_than_its_sums(
    session: Session, at: SetClock
) -> None:
    case = next(all_cases())
    now = at(case.as_of)
    for path in case.rulebooks:
        apply_rulebook(path.read_bytes(), path.name, now, "test")
    import_roster(case.roster.read_bytes(), case.roster.name, now, "test")
    rules = current_rules(session)
    assert rules is not None
    with CsvEvents(case.events) as offered:
        events = [row.event for row in offered if isinstance(row, Accepted)]
    for event in events:
        writable(session)
        accept(session, [event], now)
        session.commit()
        bring_up_to_date(now)
        reading = read(session, now)
        calendar = reading.ground.book.calendar
        periods = (
            calendar.month(calendar.month_at(event.time)),
            calendar.quarter_of(calendar.month_at(event.time)),
        )
        for period in periods:
            for scope in SubjectKind:
                kept = kept_periods(reading)
                remembered = places.places(reading, kept, period, scope)
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(places, "_memo", Memo(1))
                    patch.setattr(places, "_last_memo", Memo(1))
                    anew = places.places(reading, kept, period, scope)
                assert anew.version == remembered.version
                assert anew.between(0, len(anew)) == remembered.between(0, len(remembered))
                asked_whole = kept_standing(session, rules, period, scope)
                assert [(row.rank, row.score.id) for row in asked_whole] == [
                    (row.rank, row.id) for row in anew.between(0, len(anew))
                ]
