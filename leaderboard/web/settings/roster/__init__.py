"""Teams and reps: /settings/roster (who may do what there: leaderboard/services/roster_access.py)."""
