"""Flask commands, a file for each group."""
