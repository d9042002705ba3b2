"""Certificates to print: of a badge, and of money that was won."""

from dataclasses import dataclass

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.award_shelf import HeldAward
from leaderboard.queries.payout_page import PayoutFacts
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.awards import award_day, badge_words
from leaderboard.web.presenters.payouts import present_payout


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate in the words of one language."""

    organization: str
    who: str
    says: str
    """What stands between the name and what was achieved."""
    what: str
    why: tuple[str, ...]
    icon: str
    day: str
    check_at: str | None
    """Where anybody can see that it is true."""
    back: str
    back_label: str


def certificate_of_award(
    award: HeldAward, organization: str, check_at: str | None, back: str, back_label: str
) -> Certificate:
    """The certificate of a badge; its day is that of the award, however late it is printed."""
    words = badge_words(award.badge, award.rule, award.rulebook)
    is_team = award.subject is SubjectKind.TEAM
    return Certificate(
        organization=organization,
        who=award.name,
        says=gettext("has earned, as a team, the badge") if is_team else gettext("has earned the badge"),
        what=words.name,
        why=tuple(text for text in (words.reason, words.description) if text),
        icon=words.icon,
        day=award_day(award.awarded_at),
        check_at=check_at,
        back=back,
        back_label=back_label,
    )


def certificate_of_payout(
    payout: PayoutFacts, organization: str, day: str, back: str, back_label: str
) -> Certificate:
    """The certificate of a bonus or a prize. It tells no amount: it will hang on a wall."""
    view = present_payout(payout)
    by_standing = gettext("By the sealed standing, for promises kept to those who asked.")
    why = (view.members, by_standing if payout.rank is not None else None)
    return Certificate(
        organization=organization,
        who=view.who,
        says=gettext("has won"),
        what=view.what,
        why=tuple(text for text in why if text),
        icon="trophy",
        day=day,
        check_at=None,
        back=back,
        back_label=back_label,
    )
