"""Every rule of rulebook.md is checked, and told with line and key."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from leaderboard.domain.rulebook import (
    AttributeWorth,
    GradeWorth,
    Limit,
    MeasureKind,
    OnReassign,
    Rating,
    Ratio,
    Response,
    StepMeasure,
    StopRule,
    Volume,
    Window,
)
from leaderboard.files.problems import FileProblems
from leaderboard.files.rulebook import read_rulebook, resolve_holidays, with_holidays
from tests.files.documents import RULEBOOK, spoilt, told

SHORT = {
    "service_levels.first-contact.": "FC.",
    "consequences.slow-contact.": "SC.",
    "badges.quick-draw.": "QD.",
}


def told_shortly(document: str) -> list[str]:
    """The problems, with the longest keys cut short."""
    problems = "\n".join(told(read_rulebook, document))
    for long, short in SHORT.items():
        problems = problems.replace(long, short)
    return problems.splitlines()


def test_a_rulebook_is_read_into_values() -> None:
    rulebook = read_rulebook(RULEBOOK, "f.yaml")
    assert rulebook.effective_from == dt.date(2026, 1, 1)
    assert rulebook.organization.zone == ZoneInfo("America/Sao_Paulo")
    assert rulebook.organization.closing_after_days == 5
    assert rulebook.calendars["desk"].week[0] == (Window(540, 720), Window(780, 1080))
    assert rulebook.calendars["desk"].week[1] == (Window(540, 1440),)
    contact = rulebook.service_levels["first-contact"]
    assert isinstance(contact, Response)
    assert contact.stop == StopRule(frozenset({"lead.contact_attempted"}), 3, "channel", 7200)
    assert contact.within == Limit({"A": 1800, "B": 3600}, 14400)
    assert contact.exceed_within == Limit({}, 900)
    assert contact.on_reassign is OnReassign.CONTINUE
    assert (contact.target, contact.exceed, contact.minimum) == (Decimal("0.9"), Decimal("0.975"), 2)
    assert (contact.each.missed, contact.month.exceeded) == (-1, 150)
    value, revenue = rulebook.service_levels["mql-value"], rulebook.service_levels["revenue"]
    assert isinstance(value, Volume)
    assert isinstance(revenue, Volume)
    assert value.counted.worth == GradeWorth({"A": Decimal(5), "B": Decimal("2.5")}, Decimal(1))
    assert revenue.counted.worth == AttributeWorth("amount")
    assert not revenue.counted.once_per_lead
    ratio = rulebook.service_levels["win-rate"]
    assert isinstance(ratio, Ratio)
    assert ratio.target == Decimal("1.5")
    ladder = rulebook.consequences["slow-contact"]
    assert ladder.steps[1][1] == StepMeasure(MeasureKind.COACHING, needs_approval=True)
    assert ladder.steps[2] == (StepMeasure(MeasureKind.DEDUCT, 100),)


def test_what_may_be_left_out_has_its_default() -> None:
    rulebook = read_rulebook(
        "rulebook: 1\neffective_from: 2026-02-01\norganization: {name: A, timezone: UTC, currency: EUR}\n"
        "service_levels:\n  r: {name: R, party: sales, measure: recorded}\n"
        "badges: {b: {for: {rank: 2, period: month, scope: rep}}}",
        "f.yaml",
    )
    assert (rulebook.organization.locale, rulebook.organization.fiscal_year_start) == ("en", 1)
    assert rulebook.organization.closing_after_days == 3
    level = rulebook.service_levels["r"]
    assert (level.minimum, level.target, level.exceed, level.each.of(Rating.MET)) == (1, None, None, 0)
    assert rulebook.badges["b"].name == "b"


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        ("rulebook: 1", "rulebook: 2", "1: rulebook: rulebook_format"),
        ("rulebook: 1\n", "", "1: rulebook: missing"),
        ("effective_from: 2026-01-01", "effective_from: 2026-01-02", "2: effective_from: not_first_of_month"),
        ("effective_from: 2026-01-01", "effective_from: 01/01/2026", "2: effective_from: need_date"),
        ("effective_from: 2026-01-01", "effective_from: 2026-13-01", "2: effective_from: need_date"),
        ("effective_from: 2026-01-01", "effective_from: 9999-01-01", "2: effective_from: date_out_of_range"),
        ("name: Acme", "name:", "4: organization.name: need_text"),
        ("name: Acme", "name: [Acme]", "4: organization.name: need_text"),
        ("name: Acme", 'name: "A\\nB"', "4: organization.name: need_one_line"),
        ("America/Sao_Paulo", "Sao_Paulo", "5: organization.timezone: bad_timezone"),
        ("America/Sao_Paulo", "../UTC", "5: organization.timezone: bad_timezone"),
        ("currency: BRL", "currency: R$", "6: organization.currency: bad_currency"),
        ("locale: pt_BR", "locale: Portuguese", "7: organization.locale: bad_locale"),
        ("fiscal_year_start: 4", "fiscal_year_start: 13", "8: organization.fiscal_year_start: too_large_number"),
        ("fiscal_year_start: 4", "fiscal_year_start: 1.5", "8: organization.fiscal_year_start: need_whole"),
        ("point_value: 0.50", "point_value: 1e400", "9: organization.point_value: need_number"),
        ("point_value: 0.50", "point_value: NaN", "9: organization.point_value: need_number"),
        ("point_value: 0.50", f"point_value: {'9' * 40}", "9: organization.point_value: too_many_digits"),
        ("after_days: 5", "after_days: -1", "10: organization.closing.after_days: too_small"),
        ("marketing: Demand", "demand: Demand", "13: agreement.parties.demand: unknown_key"),
        ("09:00-12:00", "09:00-25:00", "19: calendars.desk.hours.monday.1: bad_window"),
        ("09:00-12:00", "22:00-06:00", "19: calendars.desk.hours.monday.1: window_past_midnight"),
        ("13:00-18:00", "11:59-18:00", "19: calendars.desk.hours.monday.2: windows_overlap"),
        ("monday:", "mondays:", "19: calendars.desk.hours.mondays: unknown_key_near"),
        ('["09:00-24:00"]', "09:00-24:00", "20: calendars.desk.hours.tuesday: need_list"),
        ("country: BR", "country: XX", "21: calendars.desk.holidays.country: unknown_country"),
        ("subdivision: SP", "subdivision: ZZ", "21: calendars.desk.holidays.subdivision: unknown_subdivision_of"),
        ("[2026-12-24]", "[2026-12-32]", "22: calendars.desk.closed.1: need_date"),
        ("  mql-value:", "  MQL:", "55: service_levels.MQL: bad_id"),
        ("party: sales", "party: support", "27: FC.party: need_choice"),
        ("measure: response", "measure: clock", "28: FC.measure: need_choice"),
        ("start: lead.assigned", "start: Assigned", "29: FC.start: bad_event_type"),
        ("start: lead.assigned", "start: []", "29: FC.start: empty_list"),
        ("start: lead.assigned\n", "\n", "25: FC.start: missing"),
        ("count: 3", "count: 0", "30: FC.stop.count: too_small"),
        ("count: 3", "times: 3", "30: FC.stop.times: unknown_key"),
        ("apart: 2h", "apart: 2 hours", "30: FC.stop.apart: need_duration"),
        ("pause: lead.paused\n", "\n", "32: FC.resume: resume_without_pause"),
        ("resume: [lead.resumed]\n", "\n", "31: FC.pause: pause_without_resume"),
        ("calendar: desk", "calendar: dusk", "33: FC.calendar: unknown_reference_near"),
        ("A: 30m", "A: 1d", "34: FC.within.A: day_with_calendar"),
        ("A: 30m", "A: 1.5h", "34: FC.within.A: need_duration"),
        ("A: 30m", "A: 1h30m", "34: FC.within.A: need_duration"),
        ("A: 30m", f"A: {'9' * 30}h", "34: FC.within.A: too_large_number"),
        ("otherwise: 4h", "otherwise: 99999h", "34: FC.within: too_little_open_time"),
        ("exceed_within: 15m", "exceed_within: 99999h", "35: FC.exceed_within: too_little_open_time"),
        ("on_reassign: continue", "on_reassign: keep", "36: FC.on_reassign: need_choice"),
        ("minimum: 2", "minimum: -2", "37: FC.minimum: too_small"),
        ("target: 90%", "target: 90", "38: FC.target: share_above_one"),
        ("target: 90%", "target: -1%", "38: FC.target: share_below_zero"),
        ("target: 90%", "target: high", "38: FC.target: need_share"),
        ("exceed: 97.5%", "exceed: 80%", "39: FC.exceed: exceed_below_target"),
        ("missed: -1}", "missed: -1.5}", "41: FC.points.each.missed: need_whole"),
        ("missed: -1}", "mised: -1}", "41: FC.points.each.mised: unknown_key_near"),
        ("    target: 120\n", "\n", "56: service_levels.mql-value.target: missing"),
        ("target: 120", "target: 90%", "62: service_levels.mql-value.target: need_number"),
        ("{A: 5, B: 2.5, otherwise: 1}", "{}", "61: service_levels.mql-value.value.grade: empty_list"),
        ("{attribute: amount}", "{attribute: amount, grade: {A: 1}}", "69: service_levels.revenue.value: one_worth"),
        ("once_per_lead: false", "once_per_lead: no", "70: service_levels.revenue.once_per_lead: need_flag"),
        ("numerator:", "calendar: desk\n    numerator:", "76: service_levels.win-rate.calendar: unknown_key"),
        ("{events: lead.accepted}", "lead.accepted", "77: service_levels.win-rate.denominator: need_mapping"),
        ("service_level: first-contact, ", "", "80: QD.for.service_level: missing"),
        ("first-contact, rating", "revenue, rating", "80: QD.for.service_level: needs_outcomes"),
        ("rating: exceeded", "rating: missed", "80: QD.for.rating: need_choice"),
        ("count: 10", "count: 10, streak: 3", "80: QD.for: badge_rule_kind"),
        ("{streak: 25, service_level: quality}", "{}", "81: badges.unbroken.for: badge_rule_kind"),
        ("clean_month: 20", "clean_month: 0", "82: badges.clean-sheet.for.clean_month: too_small"),
        ("rank: 1, period: quarter", "rank: 1, period: week", "83: badges.champions.for.period: need_choice"),
        ("places: 1", "places: 0", "86: recognition.best-team.places: too_small"),
        ("bonus: 1500", "bonus: -1", "86: recognition.best-team.bonus: too_small"),
        ("badge: champions", "badge: champion", "86: recognition.best-team.badge: unknown_reference_near"),
        ("service_level: first-contact\n", "service_level: callback\n", "89: SC.service_level: needs_target"),
        ("do: notify_rep", "do: shout", "91: SC.steps.1.do: need_choice"),
        ("do: notify_rep}", "do: notify_rep, points: 3}", "91: SC.steps.1.points: points_without_deduct"),
        ("approval: manager", "approval: rep", "92: SC.steps.2.2.approval: need_choice"),
        ("do: deduct, points: 100", "do: deduct", "93: SC.steps.3: deduct_points"),
        ("do: deduct, points: 100", "do: deduct, points: 0", "93: SC.steps.3.points: too_small"),
        ("clears_after: 2", "clears_after: 0", "94: SC.clears_after: too_small"),
        ("consequences:", "consequence:", "87: consequence: unknown_key_near"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_line_and_key(good: str, bad: str, problem: str) -> None:
    assert told_shortly(spoilt(RULEBOOK, good, bad)) == [problem]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("09:00-12:00", "9:00-12:00"),
        ("13:00-18:00", "12:00-18:00"),  # windows may touch
        ("within: 2d", "within: 0s"),
        ("target: 90%", 'target: "90%"'),
        ("target: 90%", "target: 0.90"),
        ("exceed: 97.5%", "exceed: 100%"),
        ("minimum: 2", "minimum: 0"),
        ("missed: -1}", "missed: +1}"),
        ("B: 2.5", "B: -2.5"),
        ("holidays: {country: BR, subdivision: SP}", "holidays: {country: NO}"),
        ("locale: pt_BR", "locale: no"),
        ("{event: lead.contact_attempted, count: 3, distinct: channel, apart: 2h}", "lead.contacted"),
        ("service_level: first-contact\n", "service_level: revenue\n"),
        ("service_level: first-contact\n", "service_level: first-contact\n    name: N\n    description: D\n"),
        ("- {do: notify_rep}", "- []"),
        ("{name: Kind, description: Given by a manager}", "{}"),
        ("      monday:", "      sunday: []\n      monday:"),
    ],
)
def test_what_the_specification_allows_is_accepted(good: str, bad: str) -> None:
    assert told(read_rulebook, spoilt(RULEBOOK, good, bad)) == []


def test_all_problems_are_told_at_once_in_the_order_of_lines() -> None:
    document = RULEBOOK.replace("currency: BRL", "currency: reais").replace("target: 0.9\n", "target: x\n")
    document = document.replace("clears_after: 2", "clears_after: soon\nextra: 1")
    assert told_shortly(document) == [
        "6: organization.currency: bad_currency",
        "54: service_levels.quality.target: need_share",
        "94: SC.clears_after: need_whole",
        "95: extra: unknown_key",
    ]


def test_a_problem_is_printed_with_file_line_and_key() -> None:
    with pytest.raises(FileProblems) as raised:
        read_rulebook(RULEBOOK.replace("currency: BRL", "currency: brl"), "rules.yaml")
    assert str(raised.value) == (
        "rules.yaml:6: organization.currency: expected a currency's three capital letters, such as BRL, found `brl`"
    )


def test_a_rulebook_that_is_no_mapping_says_so() -> None:
    assert told(read_rulebook, "just text") == ["1: file: need_mapping"]


def test_a_broken_service_level_makes_no_dangling_references() -> None:
    document = RULEBOOK.replace("measure: recorded", "measure: noted")
    assert told_shortly(document) == ["53: service_levels.quality.measure: need_choice"]


def test_too_little_open_time_is_told_only_for_a_calendar_that_is_good_itself() -> None:
    document = RULEBOOK.replace("09:00-12:00", "25:00-12:00").replace("otherwise: 4h", "otherwise: 99999h")
    assert told_shortly(document) == ["19: calendars.desk.hours.monday.1: bad_window"]


def test_a_calendar_closed_all_year_offers_too_little() -> None:
    document = RULEBOOK.replace('monday: ["09:00-12:00", "13:00-18:00"]', "monday: []")
    document = document.replace('tuesday: ["09:00-24:00"]', "tuesday: []")
    assert told_shortly(document) == [
        "34: FC.within: too_little_open_time",
        "35: FC.exceed_within: too_little_open_time",
    ]


@pytest.mark.parametrize("language", ["C", "en_US.UTF-8", "pt_BR.UTF-8"])
def test_holidays_have_the_same_names_on_every_machine(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    monkeypatch.setenv("LANG", language)
    resolved = resolve_holidays(read_rulebook(RULEBOOK, "f.yaml"))
    assert resolved["desk"][dt.date(2026, 1, 1)] == "Confraternização Universal"


def test_holidays_are_resolved_for_the_years_around_the_version_and_kept_with_it() -> None:
    rulebook = read_rulebook(RULEBOOK, "f.yaml")
    assert not rulebook.calendars["desk"].holidays
    resolved = resolve_holidays(rulebook)
    assert {day.year for day in resolved["desk"]} == set(range(2025, 2042))
    assert dt.date(2026, 9, 7) in resolved["desk"]
    kept = with_holidays(rulebook, resolved)
    assert kept.calendars["desk"].holidays[dt.date(2026, 9, 7)] == "Independência do Brasil"
    assert with_holidays(kept, {}) == rulebook


@pytest.mark.parametrize("country", ["BRA", "Brazil", "HolidayBase", "__doc__"])
def test_a_country_is_a_code_of_the_package_not_any_name_in_it(country: str) -> None:
    document = RULEBOOK.replace("country: BR,", f"country: {country},").replace(", subdivision: SP", "")
    expected = [] if country == "BRA" else ["21: calendars.desk.holidays.country: unknown_country"]
    assert told(read_rulebook, document) == expected


def test_a_country_of_which_few_years_are_known_is_accepted_in_silence() -> None:
    document = RULEBOOK.replace("{country: BR, subdivision: SP}", "{country: IN}")
    assert resolve_holidays(read_rulebook(document, "f.yaml"))["desk"]
