"""Reading and writing rulebooks, rosters, event files and import profiles: all problems of a file at once."""
