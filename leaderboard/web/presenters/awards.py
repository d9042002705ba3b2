"""Awards in words: on a person's shelf, on a certificate, in a credential."""

from dataclasses import dataclass

from leaderboard.domain.instants import Instant, to_datetime
from leaderboard.domain.rulebook import Badge, Rulebook, SubjectKind
from leaderboard.files.open_badges import Achievement
from leaderboard.queries.award_shelf import HeldAward
from leaderboard.queries.credentials import CredentialFacts, CredentialState
from leaderboard.web.formats import moment, short_day
from leaderboard.web.languages import gettext, language, zone
from leaderboard.web.presenters.badge_signs import sign_of
from leaderboard.web.presenters.rule_sentences import badge_reason
from leaderboard.web.presenters.viewer import initials

_USUAL_SIGN = "rosette"
_TONES = {
    CredentialState.VALID: "met",
    CredentialState.FALLEN: "missed",
    CredentialState.REVOKED: "broken",
    CredentialState.WITHDRAWN: "plain",
}


@dataclass(frozen=True, slots=True)
class BadgeWords:
    """A badge in words: its name, its symbol, what it is given for, and what its rulebook adds to that."""

    name: str
    icon: str
    reason: str | None
    description: str | None


@dataclass(frozen=True, slots=True)
class TakenView:
    """A credential of an award, as its owner and their manager see it."""

    number: int
    address: str
    state: str
    tone: str
    words: str
    because: str | None
    is_valid: bool
    who: str | None
    """Named where the award is a team's."""
    may_revoke: bool
    may_allow: bool
    """Whether its award may be let be taken along anew."""
    allowed_because: str | None


@dataclass(frozen=True, slots=True)
class AwardView:
    """An award."""

    number: int
    who: str
    initials: str
    is_team: bool
    badge: BadgeWords
    day: str
    taken: tuple[TakenView, ...] = ()
    may_take: bool = False


def badge_words(badge: str, rule: Badge | None, rulebook: Rulebook | None) -> BadgeWords:
    """The words of a badge; its id where the rules that gave it are gone."""
    if rule is None or rulebook is None:
        return BadgeWords(badge, _USUAL_SIGN, None, None)
    return BadgeWords(rule.name, sign_of(rule), badge_reason(rule, rulebook), rule.description)


def award_day(at: Instant) -> str:
    """The day of an award, where the organization is."""
    return short_day(to_datetime(at, zone()).date())


def present_award(award: HeldAward, taken: tuple[TakenView, ...] = (), may_take: bool = False) -> AwardView:
    """The view of an award with what became of its credentials."""
    return AwardView(
        number=award.number,
        who=award.name,
        initials=initials(award.name),
        is_team=award.subject is SubjectKind.TEAM,
        badge=badge_words(award.badge, award.rule, award.rulebook),
        day=award_day(award.awarded_at),
        taken=taken,
        may_take=may_take,
    )


def present_taken(one: CredentialFacts, who: str | None = None, may_decide: bool = False) -> TakenView:
    """The view of a credential."""
    words = {
        CredentialState.VALID: gettext("Public since %(moment)s", moment=moment(one.taken_at)),
        CredentialState.FALLEN: gettext("No longer valid: the award was taken back by facts that came later"),
        CredentialState.REVOKED: gettext("Revoked"),
        CredentialState.WITHDRAWN: gettext("Withdrawn by its owner"),
    }
    if one.ended_at is not None:
        ended = {
            CredentialState.REVOKED: gettext("Revoked %(moment)s", moment=moment(one.ended_at)),
            CredentialState.WITHDRAWN: gettext("Withdrawn %(moment)s", moment=moment(one.ended_at)),
        }
        words |= ended
    is_valid = one.state is CredentialState.VALID
    return TakenView(
        number=one.number,
        address=one.address,
        state=one.state.value,
        tone=_TONES[one.state],
        words=words[one.state],
        because=one.because,
        is_valid=is_valid,
        who=who,
        may_revoke=may_decide and is_valid,
        may_allow=may_decide and one.is_barred,
        allowed_because=one.allowed_because,
    )


def achievement_of(award: HeldAward) -> Achievement:
    """An award as a credential tells it, in the language of who takes it along."""
    words = badge_words(award.badge, award.rule, award.rulebook)
    reason = words.reason or words.name
    with_team = (
        gettext("Won as one of the team %(team)s.", team=award.name)
        if award.subject is SubjectKind.TEAM
        else ""
    )
    return Achievement(
        key=f"{award.badge}/{award.rulebook_on}",
        name=words.name,
        description=words.description or reason,
        narrative=" ".join(part for part in (reason, with_team) if part),
        icon=words.icon,
        language=language().tag,
    )
