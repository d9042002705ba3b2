"""Use cases: one a file, each with one commit at its end."""
