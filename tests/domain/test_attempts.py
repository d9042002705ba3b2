"""Stopping by the n-th attempt, on different channels, apart (rulebook.md, `measure: response`, rule 5)."""

from tests.domain.build import attempts, event, outcomes, response

ASSIGNED = event("assigned", "10:00", rep="ana")


def tried(*tries: tuple[str, str | None], **rule: object) -> list[str]:
    """When a clock of a day is closed by these attempts; nothing where it is missed."""
    level = response(stop=attempts(**rule), within="1d")  # type: ignore[arg-type]
    events = [
        event("contact_attempted", time, **({} if channel is None else {"channel": channel}))
        for time, channel in tries
    ]
    found = outcomes([ASSIGNED, *events], level)
    return [when[6:] for rating, when, _ in found if rating != "missed"]


def phone(*times: str) -> list[tuple[str, str | None]]:
    return [(time, "phone") for time in times]


def test_the_nth_since_the_opening_stops() -> None:
    assert tried(*phone("10:30", "11:00"), number=3) == []
    assert tried(*phone("10:30", "11:00", "11:30", "12:00"), number=3) == ["11:30"]


def test_attempts_before_the_opening_do_not_count_and_one_at_its_time_does() -> None:
    assert tried(*phone("09:59", "10:00", "11:00"), number=2) == ["11:00"]


def test_other_types_do_not_count() -> None:
    level = response(stop=attempts(1), within="1d")
    assert outcomes([ASSIGNED, event("contacted", "11:00")], level, as_of="12:00") == []


def test_several_types_count_together() -> None:
    level = response(stop=attempts(2, events=["contact_attempted", "contacted"]))
    events = [ASSIGNED, event("contact_attempted", "10:10"), event("contacted", "10:20")]
    assert outcomes(events, level) == [("met", "08-03 10:20", "ana")]


def test_of_each_channel_only_the_first_counts() -> None:
    tries = [*phone("10:10", "10:20"), ("10:30", "email"), *phone("10:40"), ("10:50", "video")]
    assert tried(*tries, number=3, distinct="channel") == ["10:50"]


def test_no_channel_is_a_channel_too_but_only_once() -> None:
    assert tried(("10:10", None), ("10:20", None), number=2, distinct="channel") == []
    assert tried(("10:10", None), *phone("10:20"), number=2, distinct="channel") == ["10:20"]


def test_apart_by_two_hours_an_earlier_one_does_not_count() -> None:
    assert tried(*phone("10:00", "11:59:59"), number=2, apart="2h") == []
    assert tried(*phone("10:00", "12:00"), number=2, apart="2h") == ["12:00"]


def test_apart_is_reckoned_from_the_last_that_counted() -> None:
    assert tried(*phone("10:00", "11:00", "12:30", "14:30"), number=3, apart="2h") == ["14:30"]
    assert tried(*phone("10:00", "11:00", "12:30", "14:29"), number=3, apart="2h") == []


def test_the_first_needs_no_distance_from_the_opening() -> None:
    assert tried(*phone("10:00"), number=1, apart="2h") == ["10:00"]


def test_a_channel_tried_too_early_is_not_used_up() -> None:
    tries = [*phone("10:00"), ("11:00", "email"), ("12:00", "email")]
    assert tried(*tries, number=2, distinct="channel", apart="2h") == ["12:00"]


def test_an_attempt_on_a_used_channel_does_not_delay_the_next() -> None:
    tries = [*phone("10:00", "12:30"), ("13:00", "email")]
    assert tried(*tries, number=2, distinct="channel", apart="2h") == ["13:00"]


def test_apart_counts_every_second_pauses_too() -> None:
    level = response(stop=attempts(2, apart="2h"), within="1d")
    first, second = event("contact_attempted", "10:00"), event("contact_attempted", "12:00")
    events = [ASSIGNED, first, event("paused", "10:30"), second]
    assert outcomes(events, level) == [("met", "08-03 12:00", "ana")]


def test_attempts_after_the_due_instant_still_stop_the_missed_clock() -> None:
    level = response(stop=attempts(2))
    events = [ASSIGNED, *(event("contact_attempted", time) for time in ("10:30", "12:00"))]
    again = event("assigned", "13:00", rep="ana")
    assert outcomes([*events, again], level) == [
        ("missed", "08-03 11:00", "ana"),
        ("missed", "08-03 14:00", "ana"),
    ]


def test_a_reassignment_with_restart_begins_the_count_anew() -> None:
    level = response(stop=attempts(2))
    tries = [event("contact_attempted", time) for time in ("10:10", "10:40", "10:50")]
    events = [ASSIGNED, tries[0], event("assigned", "10:30", rep="ben"), tries[1]]
    assert outcomes(events, level, as_of="11:00") == []
    assert outcomes([*events, tries[2]], level) == [("met", "08-03 10:50", "ben")]
