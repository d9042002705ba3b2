"""Credentials as strangers see them: what was achieved, by whom, by which rules, and whether it still stands."""

from dataclasses import dataclass

from leaderboard.files.open_badges import Document
from leaderboard.queries.credentials import CredentialFacts, CredentialState
from leaderboard.services.credential_checks import Checked, Verdict
from leaderboard.web.formats import moment
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.awards import award_day

_USUAL_SIGN = "rosette"


@dataclass(frozen=True, slots=True)
class Said:
    """What a signed credential says, in the language in which it was signed."""

    who: str | None
    badge: str
    narrative: str
    description: str | None
    language: str
    icon: str
    knows_email: bool


@dataclass(frozen=True, slots=True)
class CredentialView:
    """The public page of a credential; of one that ended nothing but that."""

    state: str
    headline: str
    words: str
    said: Said | None
    day: str
    rule_words: str | None
    issuer: str
    address: str
    thumbprint: str | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class VerdictView:
    """The answer to something that was held up."""

    tone: str
    icon: str
    headline: str
    words: str
    said: Said | None
    address: str | None


def present_credential(
    found: CredentialFacts,
    document: Document | None,
    issuer: str,
    address: str,
    thumbprint: str | None,
    rule_is_in_force: bool,
    is_own: bool,
) -> CredentialView:
    """The view of a public page; `document` is what was signed, None of one that is not valid."""
    said = None if document is None else said_in(document)
    state = found.state if said is not None or found.state is not CredentialState.VALID else None
    headline, words = _state_words(found, state, issuer)
    rule_words = None
    if said is not None:
        rule_words = (
            gettext("The rule is still in force.")
            if rule_is_in_force
            else gettext("The rule has changed since. The award stands by the one in force then.")
        )
    return CredentialView(
        state="broken" if state is None else state.value,
        headline=headline,
        words=words,
        said=said,
        day=award_day(found.awarded_at),
        rule_words=rule_words,
        issuer=issuer,
        address=address,
        thumbprint=thumbprint,
        is_own=is_own,
    )


def said_in(document: Document) -> Said | None:
    """What a document of ours says; None where it is none of an award."""
    try:
        subject = document["credentialSubject"]
        achievement = subject["achievement"]
        named = {one["identityType"]: one["identityHash"] for one in subject.get("identifier", ())}
        narrative, description = achievement["criteria"]["narrative"], achievement["description"]
        return Said(
            who=named.get("name"),
            badge=achievement["name"],
            narrative=narrative,
            description=None if description in narrative else description,
            language=achievement["inLanguage"],
            icon=achievement["image"]["id"].rpartition("/")[2].removesuffix(".svg") or _USUAL_SIGN,
            knows_email="emailAddress" in named,
        )
    except (KeyError, TypeError, AttributeError):
        return None


def present_verdict(checked: Checked, issuer: str) -> VerdictView:
    """The answer in words."""
    words = {
        Verdict.UNREADABLE: (
            gettext("No credential is in it"),
            gettext("Paste the whole text, or choose the file or the picture as it was given to you."),
        ),
        Verdict.NOT_OURS: (
            gettext("Not signed here"),
            gettext(
                "No key of %(issuer)s has signed this. Its true issuer stands in it, and can tell.",
                issuer=issuer,
            ),
        ),
        Verdict.ALTERED: (
            gettext("Altered"),
            gettext(
                "It names a key of %(issuer)s, but what it says now is not what was signed.", issuer=issuer
            ),
        ),
        Verdict.UNKNOWN: (
            gettext("Signed here, but unknown"),
            gettext(
                "The signature is ours, and there is no record of it. Do not rely on it before you asked %(issuer)s.",
                issuer=issuer,
            ),
        ),
        Verdict.VALID: (
            gettext("Genuine"),
            gettext("Signed by %(issuer)s, untouched, and not revoked.", issuer=issuer),
        ),
        Verdict.FALLEN: (
            gettext("No longer valid"),
            gettext("It was signed here, but the award was taken back by facts that came later."),
        ),
        Verdict.REVOKED: (
            gettext("Revoked"),
            gettext("It was signed here, and %(issuer)s has revoked it.", issuer=issuer),
        ),
        Verdict.WITHDRAWN: (
            gettext("Withdrawn by its owner"),
            gettext("It was signed here, and its owner has withdrawn it."),
        ),
    }
    headline, text = words[checked.verdict]
    good = checked.verdict is Verdict.VALID
    said = None if checked.document is None else said_in(checked.document)
    return VerdictView(
        "met" if good else "broken", "check" if good else "care", headline, text, said, checked.address
    )


def _state_words(found: CredentialFacts, state: CredentialState | None, issuer: str) -> tuple[str, str]:
    on = moment(found.ended_at) if found.ended_at is not None else ""
    words = {
        CredentialState.VALID: (
            gettext("Genuine, and still valid"),
            gettext("Signed by %(issuer)s, untouched, and not revoked.", issuer=issuer),
        ),
        CredentialState.FALLEN: (
            gettext("No longer valid"),
            gettext("The award was taken back by facts that came later. Do not rely on copies of it."),
        ),
        CredentialState.REVOKED: (
            gettext("Revoked"),
            gettext(
                "%(issuer)s revoked it, %(moment)s. Do not rely on copies of it.", issuer=issuer, moment=on
            ),
        ),
        CredentialState.WITHDRAWN: (
            gettext("Withdrawn by its owner"),
            gettext("Its owner withdrew it, %(moment)s. Nothing is told of it any more.", moment=on),
        ),
    }
    broken = (
        gettext("Its signature does not hold"),
        gettext("Do not rely on it; ask %(issuer)s.", issuer=issuer),
    )
    return broken if state is None else words[state]
