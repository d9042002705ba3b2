"""The demo: an invented company whose months of leads follow today, and go on while it runs."""
