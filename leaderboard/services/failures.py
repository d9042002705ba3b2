"""What the database raises when it cannot be reached or cannot take more: not our error, and it passes."""

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

DATABASE_AWAY: tuple[type[Exception], ...] = (
    OperationalError,
    InterfaceError,
    NoConnectionFree,
    TimeoutError,
)
"""Away, locked for too long, its disk full, or no connection free: worth trying again in a moment."""
