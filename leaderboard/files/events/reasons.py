"""Why an event was refused, in terms that a person can act on."""

from dataclasses import dataclass, field

from leaderboard.files.messages import Params, english


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is wrong with an event or a row: a code with parameters, for translation."""

    code: str
    params: Params = field(default_factory=dict, hash=False)

    @property
    def message(self) -> str:
        """The reason in English."""
        return english(self.code, self.params)


@dataclass(frozen=True, slots=True)
class Refusal:
    """All the reasons for which one event was refused; at least one."""

    reasons: tuple[Reason, ...]

    @property
    def message(self) -> str:
        """The reasons in English, joined by semicolons."""
        return joined_reasons(self.reasons)


def joined_reasons(reasons: tuple[Reason, ...]) -> str:
    """Several reasons as one text, each once."""
    return "; ".join(dict.fromkeys(reason.message for reason in reasons))


class Refused(Exception):
    """A value is refused, for this reason."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)
