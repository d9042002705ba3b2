"""Forms by which something is decided: each taken once, and what is wrong with it said beside the field."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import abort, request

from leaderboard.services.deciding import MOST_POINTS
from leaderboard.services.sittings import LONGEST_REASON, NotTheirs, Refusal, Refused
from leaderboard.web.formats import number
from leaderboard.web.languages import gettext, ngettext

_LONGEST_TOKEN = 200
_FIELDS = {
    Refusal.POINTS: "points",
    Refusal.POINTS_SPENT: "points",
    Refusal.BADGE: "badge",
    Refusal.BADGES_SPENT: "badge",
    Refusal.SUBJECT: "who",
    Refusal.REFERENCE: "reference",
}


_NOT_OF_A_FIELD = frozenset(
    {Refusal.SETTLED, Refusal.UNDONE, Refusal.NO_RULES, Refusal.SAME_PERSON, Refusal.REVOKED}
)
"""No other word in any field would help; the form itself may be gone from the page."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a form, at which of its fields, and what was typed into it."""

    form: str
    name: str
    text: str
    typed: Mapping[str, str] = field(default_factory=dict)
    is_over: bool = False
    """Whether it is to be said at the head of the page, for there is nothing to be mended."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a page as it is shown: a token for each, and the faults of the one that was sent."""

    fault: Fault | None = None
    page: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    def token(self, form: str) -> str:
        """What the form bears so that it is taken once."""
        return f"{self.page}/{form}"

    @property
    def over(self) -> Fault | None:
        """What came too late, or is another's to decide."""
        return self.fault if self.fault is not None and self.fault.is_over else None

    def failed(self, form: str) -> bool:
        """Whether it is this form that is to be mended."""
        return self.fault is not None and self.fault.form == form

    def typed(self, form: str, name: str) -> str:
        """What was typed into a field."""
        return self.fault.typed.get(name, "") if self.fault is not None and self.fault.form == form else ""

    def fault_of(self, form: str, name: str) -> str | None:
        """What is wrong with a field."""
        wrong = self.fault is not None and self.fault.form == form and self.fault.name == name
        return self.fault.text if wrong and self.fault is not None else None


def sent_token() -> str:
    """The token of the form that was sent; 400 without one."""
    token = request.form.get("token", "")
    if not 0 < len(token) <= _LONGEST_TOKEN:
        abort(400)
    return token


def sent(name: str) -> str:
    """A field of the form that was sent."""
    return request.form.get(name, "").strip()


def tried(form: str, act: Callable[[], object]) -> Fault | None:
    """Does it; None where all is well, 404 where it is nobody's business of theirs."""
    try:
        act()
    except NotTheirs:
        abort(404)
    except Refused as refused:
        field_ = _FIELDS.get(refused.why, "reason")
        typed = request.form.to_dict()
        return Fault(form, field_, refusal_text(refused), typed, is_over=refused.why in _NOT_OF_A_FIELD)
    return None


def refusal_text(refused: Refused) -> str:
    """Why it is not decided."""
    if refused.why is Refusal.POINTS_SPENT:
        return ngettext(
            "Your budget for this month has %(num)s point left.",
            "Your budget for this month has %(num)s points left.",
            refused.left,
        )
    words = {
        Refusal.REASON_MISSING: gettext("Please say why: the person concerned will read it."),
        Refusal.REASON_LONG: gettext("Please take at most %(most)s characters.", most=number(LONGEST_REASON)),
        Refusal.SETTLED: gettext("This was decided meanwhile."),
        Refusal.UNDONE: gettext("This was undone already."),
        Refusal.NO_RULES: gettext("No rulebook is in force."),
        Refusal.SUBJECT: gettext("Please choose somebody."),
        Refusal.POINTS: gettext(
            "Please write a whole number of points other than 0, at most %(most)s.", most=number(MOST_POINTS)
        ),
        Refusal.BADGE: gettext("Please choose a badge."),
        Refusal.BADGES_SPENT: gettext("You have given all the badges that this month has for you."),
        Refusal.SAME_PERSON: gettext("Somebody else has to say yes or no to this."),
        Refusal.TASK_OVER: gettext("This task can no longer be ticked off."),
        Refusal.TASK_DONE: gettext("You have ticked this off already."),
        Refusal.REVOKED: gettext("This award was revoked, and cannot be taken along again."),
        Refusal.REFERENCE: gettext("Please write how it was paid: a payroll run, a transfer."),
    }
    return words[refused.why]
