"""Which logins somebody looks after: who cannot see one cannot do anything with it.

Administrators look after all. A manager looks after those of the reps whose team, now or last, they manage: they may
send them a link to a new password and end their sessions. Never a login of another role, or who manages an
administrator could become one.
"""

from leaderboard.domain.instants import Instant
from leaderboard.queries import logins
from leaderboard.queries.ground import Reading
from leaderboard.queries.logins import Alive, Login, Without
from leaderboard.services.login_sessions import IDLE, LONGEST, LoggedIn
from leaderboard.services.page_session import page_session
from leaderboard.services.visibility import LARGEST_KEY, manages


def looked_after(who: LoggedIn, reading: Reading | None, now: Instant) -> tuple[Login, ...]:
    """All logins that are theirs to look after."""
    found = logins.logins(page_session(), _alive(now), now)
    return tuple(one for one in found if _looks_after(who, one, reading))


def find(who: LoggedIn, user_id: int, reading: Reading | None, now: Instant) -> Login | None:
    """The login of a key where it is theirs to look after; None as if there were none."""
    if user_id > LARGEST_KEY:
        return None
    found = logins.login(page_session(), user_id, _alive(now), now)
    return found if found is not None and _looks_after(who, found, reading) else None


def without_login() -> tuple[Without, ...]:
    """The roster's reps who have no login."""
    return logins.without_login(page_session())


def _looks_after(who: LoggedIn, one: Login, reading: Reading | None) -> bool:
    if who.role == "admin":
        return True
    if who.role != "manager" or one.role != "rep" or one.person_key is None or who.person_id is None:
        return False
    return reading is not None and manages(reading, who.person_id, one.person_key)


def _alive(now: Instant) -> Alive:
    return Alive(now - IDLE, now - LONGEST)
