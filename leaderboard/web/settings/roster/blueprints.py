"""All that the roster's part of the settings is made of."""

from leaderboard.web.settings.roster import files, history, rep, reps, teams, unplaced

BLUEPRINTS = (
    teams.blueprint,
    reps.blueprint,
    rep.blueprint,
    unplaced.blueprint,
    files.blueprint,
    history.blueprint,
)
