"""Every table, a class each; import the module and say `models.Event`."""

from leaderboard.persistence.models.access import ApiToken, LoginAttempt, LoginSession, OneTimeLink, User
from leaderboard.persistence.models.credentials import Credential
from leaderboard.persistence.models.decisions import Decision
from leaderboard.persistence.models.displays import DisplayChoice
from leaderboard.persistence.models.drafts import Draft, DraftChange, RevisionTakenBack, Signature
from leaderboard.persistence.models.intake import Event, Import, IntakeProblem, Lead
from leaderboard.persistence.models.notes import Note, NotesSeen
from leaderboard.persistence.models.operations import AuditEntry, Heartbeat, Seal, Tick
from leaderboard.persistence.models.payouts import Payout, PayoutsProposed
from leaderboard.persistence.models.people import Person, RepKey, Team
from leaderboard.persistence.models.proposals import FormTaken, Proposal
from leaderboard.persistence.models.rules import RosterVersion, RulebookRevision
from leaderboard.persistence.models.scoring import Award, Contribution, LedgerEntry, Outcome, RunningClock
from leaderboard.persistence.models.screens import (
    Moment,
    Screen,
    ScreenOrder,
    ScreenPairing,
    ScreenSign,
    WallState,
)
from leaderboard.persistence.models.simulations import SimulationRun
from leaderboard.persistence.models.sums import (
    CountSum,
    DaySum,
    LadderState,
    MonthSum,
    RepSettlement,
    Settlement,
    StreakRun,
    Tally,
)
from leaderboard.persistence.models.trials import Trial, TrialResult
from leaderboard.persistence.models.work_orders import WorkOrder

__all__ = [
    "ApiToken",
    "AuditEntry",
    "Award",
    "Contribution",
    "CountSum",
    "Credential",
    "DaySum",
    "Decision",
    "DisplayChoice",
    "Draft",
    "DraftChange",
    "Event",
    "FormTaken",
    "Heartbeat",
    "Import",
    "IntakeProblem",
    "LadderState",
    "Lead",
    "LedgerEntry",
    "LoginAttempt",
    "LoginSession",
    "Moment",
    "MonthSum",
    "Note",
    "NotesSeen",
    "OneTimeLink",
    "Outcome",
    "Payout",
    "PayoutsProposed",
    "Person",
    "Proposal",
    "RepKey",
    "RepSettlement",
    "RevisionTakenBack",
    "RosterVersion",
    "RulebookRevision",
    "RunningClock",
    "Screen",
    "ScreenOrder",
    "ScreenPairing",
    "ScreenSign",
    "Seal",
    "Settlement",
    "Signature",
    "SimulationRun",
    "StreakRun",
    "Tally",
    "Team",
    "Tick",
    "Trial",
    "TrialResult",
    "User",
    "WallState",
    "WorkOrder",
]
