"""A rulebook, read as sentences: what each side promises, what is won by it, and what happens else."""

from dataclasses import dataclass

from leaderboard.domain.rulebook import (
    Badge,
    Calendar,
    Consequence,
    Contest,
    Party,
    Recognition,
    Rulebook,
    Task,
)
from leaderboard.web.formats import money, signed
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters import rule_sentences as sentences
from leaderboard.web.presenters import rule_terms as terms
from leaderboard.web.presenters.badge_signs import sign_of
from leaderboard.web.presenters.level_sentences import LevelView, present_level


@dataclass(frozen=True, slots=True)
class CalendarView:
    """Opening hours, holidays and closed dates."""

    id: str
    hours: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]

    @property
    def summary(self) -> str:
        """All of it on one line."""
        return " ".join([", ".join(f"{days} {told}" for days, told in self.hours) + ".", *self.notes])


@dataclass(frozen=True, slots=True)
class Thing:
    """A badge, a bonus, a contest or a task: its name and what there is to say."""

    name: str
    sentence: str
    description: str | None = None
    points: str = ""
    worth: str = ""
    """The points, as a sentence."""
    icon: str | None = None


@dataclass(frozen=True, slots=True)
class LadderView:
    """A ladder, step by step."""

    name: str
    description: str | None
    sentences: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulesView:
    """All of a rulebook."""

    title: str
    organization: str
    facts: tuple[tuple[str, str], ...]
    parties: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    handover: tuple[str, ...]
    levels: tuple[LevelView, ...]
    calendars: tuple[CalendarView, ...]
    badges: tuple[Thing, ...]
    recognition: tuple[Thing, ...]
    contests: tuple[Thing, ...]
    tasks: tuple[Thing, ...]
    ladders: tuple[LadderView, ...]
    suspensions: tuple[str, ...]
    by_hand: tuple[str, ...]
    review_on: str | None


def present_rules(rulebook: Rulebook) -> RulesView:
    """The view of a rulebook."""
    signed_by = rulebook.agreement
    levels = sorted(rulebook.service_levels.values(), key=lambda level: level.party is not Party.MARKETING)
    return RulesView(
        title=signed_by.title or gettext("Agreement between marketing and sales"),
        organization=rulebook.organization.name,
        facts=tuple(_facts(rulebook)),
        parties=tuple((terms.party(party), signed_by.parties.get(party, "")) for party in Party),
        definitions=tuple(signed_by.definitions.items()),
        handover=signed_by.handover,
        levels=tuple(present_level(level, rulebook) for level in levels),
        calendars=tuple(present_calendar(one) for one in rulebook.calendars.values()),
        badges=tuple(badge_thing(one, rulebook) for one in rulebook.badges.values()),
        recognition=tuple(recognition_thing(one, rulebook) for one in rulebook.recognition.values()),
        contests=tuple(contest_thing(one, rulebook) for one in rulebook.contests.values()),
        tasks=tuple(task_thing(one, rulebook) for one in rulebook.tasks.values()),
        ladders=tuple(_ladder(one, rulebook) for one in rulebook.consequences.values()),
        suspensions=tuple(sentences.suspension_sentence(one, rulebook) for one in rulebook.suspensions),
        by_hand=sentences.by_hand_sentences(rulebook.by_hand),
        review_on=None if signed_by.review_on is None else terms.day(signed_by.review_on),
    )


def _facts(rulebook: Rulebook) -> list[tuple[str, str]]:
    """What the organization is, and how it cuts time."""
    who = rulebook.organization
    found = [
        (gettext("Time zone"), who.zone.key.replace("_", " ")),
        (gettext("Currency"), who.currency),
        (
            gettext("A month is sealed"),
            ngettext("%(num)s day after its end", "%(num)s days after its end", who.closing_after_days),
        ),
    ]
    if who.point_value is not None:
        found.append((gettext("A point is worth"), money(who.point_value, who.currency)))
    if rulebook.agreement.review_on is not None:
        found.append((gettext("To be reviewed on"), terms.day(rulebook.agreement.review_on)))
    return found


def present_calendar(one: Calendar) -> CalendarView:
    """The view of a calendar."""
    notes = []
    if one.region is not None:
        notes.append(gettext("Closed on the holidays of %(region)s.", region=terms.region(one.region)))
    if one.closed:
        notes.append(gettext("Also closed on %(days)s.", days=terms.days(one.closed)))
    return CalendarView(one.id, terms.week(one), tuple(notes))


def badge_thing(one: Badge, rulebook: Rulebook) -> Thing:
    """A badge: its symbol, what it is given for, what it is worth."""
    reason, sign = sentences.badge_reason(one, rulebook), sign_of(one)
    if not one.points:
        return Thing(one.name, reason, one.description, icon=sign)
    worth = gettext("It is worth %(points)s.", points=sentences.valued(one.points, rulebook.organization))
    return Thing(one.name, reason, one.description, signed(one.points), worth, sign)


def recognition_thing(one: Recognition, rulebook: Rulebook) -> Thing:
    """A recognition: who wins, and what."""
    return Thing(one.name or one.id, sentences.recognition_sentence(one, rulebook), one.description)


def contest_thing(one: Contest, rulebook: Rulebook) -> Thing:
    """A contest: when, by what, for what."""
    return Thing(one.name, sentences.contest_sentence(one, rulebook), one.description)


def task_thing(one: Task, rulebook: Rulebook) -> Thing:
    """A task: until when, for what, on whose word."""
    return Thing(one.name, sentences.task_sentence(one, rulebook), one.description)


def _ladder(one: Consequence, rulebook: Rulebook) -> LadderView:
    return LadderView(
        name=sentences.ladder_name(rulebook, one.id),
        description=one.description,
        sentences=sentences.ladder_sentences(one, rulebook),
        steps=tuple(_capital(terms.step(step)) for step in one.steps),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
