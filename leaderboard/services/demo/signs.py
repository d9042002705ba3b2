"""By what a demo is known in its database, and when it has been away for so long that something is to be made good."""

from leaderboard.domain.instants import HOUR

ACTOR = "demo"
SUBJECT = "demo"
BEGUN = "demo.begun"
LOADED = "demo.loaded"

FORMS, CRM, DIALER = "forms", "crm", "dialer"
SOURCES = (FORMS, CRM, DIALER)
"""The systems that are heard all the time."""

SHORT_BREAK = HOUR
"""A start must not wait for what the next run's first step fills in by itself."""
