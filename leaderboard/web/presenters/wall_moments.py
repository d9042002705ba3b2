"""Moments and the reveal, in words."""

from dataclasses import dataclass

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.wall_moments import MomentFacts
from leaderboard.queries.wall_reveal import RevealFacts
from leaderboard.web.formats import ordinal, period_title
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.badge_signs import sign_of_mark
from leaderboard.web.presenters.board import StakeView, present_stake
from leaderboard.web.presenters.viewer import initials
from leaderboard.web.presenters.wall_standings import points_words

_MOST_IN_A_COLUMN = 4
_MOST_STEPS = 13


@dataclass(frozen=True, slots=True)
class MomentView:
    """Something to celebrate."""

    sign: str
    headline: str
    name: str
    initials: str
    team: str | None
    is_team: bool


@dataclass(frozen=True, slots=True)
class RevealStepView:
    """A place and who has it."""

    rank: int
    place: str
    names: tuple[str, ...]
    points: str
    prizes: tuple[StakeView, ...]


@dataclass(frozen=True, slots=True)
class RevealView:
    """The reveal of a quarter."""

    title: str
    steps: tuple[RevealStepView, ...]

    @property
    def width(self) -> int:
        """In how many columns the places below the first stand."""
        others = sum(step.rank > 1 for step in self.steps)
        return 1 if others <= _MOST_IN_A_COLUMN else 2 if others <= 2 * _MOST_IN_A_COLUMN else 3


def present_moment(facts: MomentFacts) -> MomentView:
    """A badge, a lead that changed hands, a target."""
    sign, headline = _words(facts)
    return MomentView(sign, headline, facts.name, initials(facts.name), facts.team, facts.is_team)


def _words(facts: MomentFacts) -> tuple[str, str]:
    if facts.badge is not None:
        return sign_of_mark(facts.badge), facts.badge.name
    if facts.kind == "target":
        return "target", gettext("Target reached: %(level)s", level=facts.level or "")
    return "crown", gettext("Takes the lead")


def present_reveal(facts: RevealFacts) -> RevealView:
    """Its steps, the first place last; of very many only the best, for the others would not be read."""
    steps = tuple(
        RevealStepView(
            step.rank,
            gettext("%(ordinal)s place", ordinal=ordinal(step.rank)),
            step.names,
            points_words(step.points),
            tuple(present_stake(stake, SubjectKind.TEAM) for stake in step.stakes),
        )
        for step in facts.steps[-_MOST_STEPS:]
    )
    return RevealView(period_title(facts.period), steps)
