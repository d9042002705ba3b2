"""What the audit log says, in words: a sentence for each action, a label for each value that was noted with it.

An action that is not here is told by its own name, so that nothing is ever hidden for want of words.
"""

from collections.abc import Mapping

from leaderboard.web.languages import N_

# `%(subject)s` is whom or what it was done to.
ACTIONS: Mapping[str, str] = {
    "user.created": N_("Made a login for %(subject)s"),
    "user.role": N_("Changed the role of %(subject)s"),
    "user.rep": N_("Changed whom the login of %(subject)s stands for"),
    "user.rights": N_("Changed the rights of %(subject)s"),
    "user.disabled": N_("Disabled the login of %(subject)s"),
    "user.enabled": N_("Let the login of %(subject)s in again"),
    "user.password": N_("Chose a new password for the login of %(subject)s"),
    "user.link": N_("Made a link to a new password for %(subject)s"),
    "user.sessions_ended": N_("Signed %(subject)s out everywhere"),
    "token.created": N_("Made the API token %(subject)s"),
    "token.revoked": N_("Took the API token %(subject)s back"),
    "roster.replaced": N_("Put another roster in use"),
    "rulebook.applied": N_("Applied the rulebook of %(subject)s"),
    "rulebook.taken_back": N_("Took the rulebook of %(subject)s back before its day"),
    "draft.created": N_("Began the draft %(subject)s"),
    "draft.saved": N_("Saved the draft %(subject)s"),
    "draft.renamed": N_("Renamed the draft %(subject)s"),
    "draft.withdrawn": N_("Withdrew the draft %(subject)s"),
    "draft.taken_up": N_("Took the draft %(subject)s up again"),
    "draft.signed": N_("Signed the draft %(subject)s"),
    "draft.scheduled": N_("Scheduled the draft %(subject)s"),
    "draft.restated": N_("Restated by the draft %(subject)s"),
    "draft.taken_back": N_("Took the schedule of the draft %(subject)s back"),
    "decision.approved": N_("Approved a measure for %(subject)s"),
    "decision.waived": N_("Waived a measure for %(subject)s"),
    "decision.badge": N_("Gave a badge to %(subject)s"),
    "decision.points": N_("Adjusted the points of %(subject)s"),
    "decision.task": N_("Confirmed a task of %(subject)s"),
    "decision.undone": N_("Undid a decision on %(subject)s"),
    "proposal.points": N_("Proposed an adjustment of points for %(subject)s"),
    "proposal.task": N_("Ticked a task off for %(subject)s, to be confirmed"),
    "proposal.refused": N_("Refused a proposal for %(subject)s"),
    "payout.approved": N_("Approved a payout to %(subject)s"),
    "payout.refused": N_("Refused a payout to %(subject)s"),
    "payout.paid": N_("Noted a payout to %(subject)s as paid"),
    "credential.taken_along": N_("Took an award along as a credential, for %(subject)s"),
    "credential.withdrawn": N_("Withdrew a credential of %(subject)s"),
    "credential.revoked": N_("Revoked a credential of %(subject)s"),
    "key.rotated": N_("Signs credentials with another key from now on"),
    "period.closed": N_("Sealed %(subject)s"),
    "self_check.differences": N_("Found differences in the self-check"),
    "demo.begun": N_("Began to load the demo"),
    "demo.loaded": N_("Loaded the demo"),
}

FIELDS: Mapping[str, str] = {
    "role": N_("Role"),
    "person": N_("Stands for"),
    "may_edit_rules": N_("May edit rulebooks"),
    "signs_for": N_("Signs the agreement for"),
    "sessions": N_("Sessions"),
    "scopes": N_("Scopes"),
    "sources": N_("Sources"),
    "revision": N_("Revision"),
    "restates": N_("Changes what is booked"),
    "reason": N_("Reason"),
    "why": N_("Why"),
    "name": N_("Name"),
    "sha256": N_("Fingerprint"),
    "closing_at": N_("With all received by"),
    "party": N_("Party"),
    "effective_from": N_("In force from"),
    "month": N_("Month"),
    "consequence": N_("Consequence"),
    "place": N_("Place in the step"),
    "points": N_("Points"),
    "badge": N_("Badge"),
    "task": N_("Task"),
    "number": N_("Number"),
    "undoes": N_("Undoes number"),
    "amount": N_("Amount"),
    "currency": N_("Currency"),
    "source": N_("Won by"),
    "state": N_("State"),
    "reference": N_("Reference"),
    "naming": N_("Named"),
    "thumbprint": N_("Thumbprint"),
    "differences": N_("Differences"),
    "first": N_("The first of them"),
    "version": N_("Version"),
    "scale": N_("Scale"),
    "anchor_at": N_("Until"),
}

KINDS: Mapping[str, str] = {
    "rules": N_("Rules and agreement"),
    "decisions": N_("Decisions"),
    "people": N_("People and roles"),
    "roster": N_("Roster"),
    "programs": N_("API tokens"),
    "product": N_("The product itself"),
}

# Who does something and is no login.
ACTORS: Mapping[str, str] = {
    "command": N_("Command line"),
    "command line": N_("Command line"),
    "setup": N_("First visit"),
    "self-check": N_("Nightly self-check"),
    "schedule": N_("Timetable"),
    "demo": N_("Demo"),
}
