"""What was asked of a job, as it is listed and stands at the head of its page."""

from dataclasses import dataclass

from leaderboard.domain.instants import Instant
from leaderboard.queries.simulations import Run
from leaderboard.services.simulation_runs import MOST_AT_ONCE, MOST_CHARACTERS
from leaderboard.web.formats import ago, number
from leaderboard.web.languages import N_, gettext

CUTS_OTHERWISE = N_("The draft cuts months and quarters otherwise than the version in force.")
_FAILURES = {
    "problems": N_("The draft has problems that keep it from being read."),
    "cuts_time_otherwise": CUTS_OTHERWISE,
    "refused": N_("It could not be tried."),
    "given_up": N_("It was begun several times and never came to an end. Please ask again."),
    "unexpected": N_("Something went wrong here. It was written down; please ask again later."),
}


@dataclass(frozen=True, slots=True)
class RunView:
    """One that was asked for."""

    id: int
    name: str
    period: str
    asked: str
    state: str
    state_words: str
    percent: int
    is_over: bool
    fault: str | None
    told: tuple[str, ...]


def present_run(run: Run, name: str, period: str, now: Instant) -> RunView:
    """In the reader's language; `name` and `period` are how what was tried, and on what, are called there."""
    words = {
        "waiting": gettext("waits for its turn"),
        "running": gettext("is under way"),
        "done": gettext("done"),
        "failed": gettext("not possible"),
    }
    return RunView(
        run.id,
        name,
        period,
        gettext("asked for %(time)s ago", time=ago(max(0, now - run.asked_at))),
        run.state,
        words[run.state],
        run.progress // 10,
        run.is_over,
        gettext(_FAILURES.get(run.error_code, _FAILURES["unexpected"])) if run.error_code else None,
        run.told,
    )


def too_much_words(code: str) -> str:
    """Why no more can be asked, as TooMuchAsked names it."""
    if code == "too_large":
        most = number(MOST_CHARACTERS)
        return gettext("This is longer than %(most)s characters.", most=most)
    most = number(MOST_AT_ONCE)
    return gettext(
        "You have %(most)s simulations under way. Please wait until one of them is done.", most=most
    )
