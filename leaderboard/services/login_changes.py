"""What a login is and may do is changed: role, the rep it stands for, rights, whether it opens anything.

Each change is an entry of the audit log, and takes effect with the next request of whoever is logged in.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.terms import Party
from leaderboard.persistence.db import writing_session
from leaderboard.persistence.models import Person, User
from leaderboard.services import login_sessions, one_time_links, users
from leaderboard.services.audit_log import actor_of
from leaderboard.services.users import ROLES, UserProblem, by_key

NOBODY = "nobody"
"""The party of whoever signs for none, as commands and forms write it."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a login is: its role, the key of the rep whose points are its own, and rights that a rep never has.

    `name` is what its holder is called; one that stands for a rep is called as the rep.
    """

    role: str
    person_id: int | None = None
    may_edit_rules: bool = False
    signs_for: str | None = None
    name: str | None = None

    def checked(self) -> "Access":
        """The same without rights that the role does not have. Raises UserProblem for words that are none."""
        if self.role not in ROLES:
            raise UserProblem("role", f"{self.role!r} is none of {', '.join(ROLES)}")
        if self.signs_for is not None and self.signs_for not in tuple(Party):
            raise UserProblem("party", f"{self.signs_for!r} is none of {', '.join(Party)}")
        named = self if self.person_id is None else replace(self, name=None)
        return named if self.role != "rep" else Access(self.role, self.person_id, name=named.name)


def access_of(user: User) -> Access:
    """What a login is now."""
    return Access(user.role, user.person_id, user.may_edit_rules, user.signs_for, user.name)


def invite(email: str, access: Access, *, actor: str, now: Instant) -> tuple[int, str]:
    """Makes a login without a password: its key, and the token of the link by which one is chosen.

    Raises UserProblem.
    """
    address, wanted = users.normal_email(email), access.checked()
    session = writing_session()
    _check_person(session, wanted.person_id)
    user_id = users.insert(session, address, wanted.role, wanted.person_id, None, now)
    user = by_key(session, user_id)
    user.may_edit_rules, user.signs_for = wanted.may_edit_rules, wanted.signs_for
    user.name = wanted.name
    users.audit(session, now, actor, "user.created", user_id, users.without_nameless(_told(wanted)))
    token = one_time_links.put(session, user, actor, now)
    session.commit()
    return user_id, token


def change(user_id: int, access: Access, *, actor: str, now: Instant, seen: Access | None = None) -> bool:
    """Makes a login what `access` says; whether that changed anything. Another role ends its sessions.

    Raises UserProblem: also where it is no longer what the one who changes it has `seen`.
    """
    wanted, session = access.checked(), writing_session()
    _hold_administrators(session)
    user = by_key(session, user_id)
    before = access_of(user)
    try:
        _check_change(session, user, before, wanted, actor, seen)
    except UserProblem:
        session.rollback()
        raise
    user.role, user.person_id, user.name = wanted.role, wanted.person_id, wanted.name
    user.may_edit_rules, user.signs_for = wanted.may_edit_rules, wanted.signs_for
    for action, names in _differences(before, wanted):
        old, new = _told(before), _told(wanted)
        users.audit(
            session,
            now,
            actor,
            action,
            user.id,
            {one: new[one] for one in names},
            {one: old[one] for one in names},
        )
    if before.role != wanted.role:
        login_sessions.end_all(session, user.id)
    session.commit()
    return before != wanted


def change_role(user_id: int, role: str, *, actor: str, now: Instant) -> None:
    """Gives a login another role; of its rights it keeps those that go with it. Raises UserProblem."""
    change(user_id, replace(_access_now(user_id), role=role), actor=actor, now=now)


def change_rights(
    user_id: int, *, may_edit_rules: bool | None, signs_for: str | None, actor: str, now: Instant
) -> None:
    """Gives rights or takes them; None leaves one as it is, NOBODY takes the signature. Raises UserProblem."""
    access = _access_now(user_id)
    if access.role == "rep":
        writing_session().rollback()
        raise UserProblem("rep_rights", "a rep has no rights of this kind; make the login a manager's first")
    if may_edit_rules is not None:
        access = replace(access, may_edit_rules=may_edit_rules)
    if signs_for is not None:
        access = replace(access, signs_for=None if signs_for == NOBODY else signs_for)
    change(user_id, access, actor=actor, now=now)


def disable(user_id: int, *, actor: str, now: Instant) -> None:
    """Nobody comes in with it any more, and whoever is in is out. Raises UserProblem."""
    session = writing_session()
    _hold_administrators(session)
    user = by_key(session, user_id)
    if user.disabled_at is None:
        try:
            _check_leaves(session, user, actor)
        except UserProblem:
            session.rollback()
            raise
        user.disabled_at = now
        users.audit(session, now, actor, "user.disabled", user.id)
    login_sessions.end_all(session, user.id)
    session.commit()


def enable(user_id: int, *, actor: str, now: Instant) -> None:
    """Lets a disabled login in again. Raises UserProblem."""
    session = writing_session()
    user = by_key(session, user_id)
    if user.disabled_at is not None:
        user.disabled_at = None
        users.audit(session, now, actor, "user.enabled", user.id)
    session.commit()


def end_sessions(user_id: int, *, actor: str, now: Instant) -> int:
    """Logs it out everywhere; how many sessions there were. Raises UserProblem."""
    session = writing_session()
    user = by_key(session, user_id)
    ended = login_sessions.end_all(session, user.id)
    if ended:
        users.audit(session, now, actor, "user.sessions_ended", user.id, {"sessions": ended})
    session.commit()
    return ended


def _access_now(user_id: int) -> Access:
    """Held as it is until the commit."""
    session = writing_session()
    _hold_administrators(session)
    return access_of(by_key(session, user_id))


def _check_change(
    session: Session, user: User, before: Access, wanted: Access, actor: str, seen: Access | None
) -> None:
    if seen is not None and seen != before:
        raise UserProblem("changed", f"{user.email} was changed meanwhile")
    if before.role == "admin" and wanted.role != "admin":
        _check_leaves(session, user, actor)
    if wanted.person_id != before.person_id:
        _check_person(session, wanted.person_id)


def _check_leaves(session: Session, user: User, actor: str) -> None:
    """Raises UserProblem for who would lock themselves out, or where nobody would be left to let others in."""
    if actor == actor_of(user.id):
        raise UserProblem("own", "nobody takes their own way in away; another administrator can")
    others = select(User.id).where(User.role == "admin", User.id != user.id, User.disabled_at.is_(None))
    if user.role == "admin" and session.scalar(others.limit(1)) is None:
        raise UserProblem("last_admin", f"{user.email} is the only administrator")


def _hold_administrators(session: Session) -> None:
    """Of two who remove each other at once, the second finds what the first did. SQLite lets one write at a time."""
    session.execute(select(User.id).where(User.role == "admin").order_by(User.id).with_for_update())


def _check_person(session: Session, person_id: int | None) -> None:
    if person_id is None:
        return
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        session.rollback()
        raise UserProblem("rep", f"no rep {person_id} is known")


def _told(access: Access) -> dict[str, object]:
    """As the audit log names it."""
    told = asdict(access)
    told["person"] = told.pop("person_id")
    return told


def _differences(before: Access, after: Access) -> Iterator[tuple[str, tuple[str, ...]]]:
    """An entry for each kind of change, so that one finds all that ever happened to rights or to roles."""
    old, new = _told(before), _told(after)
    for action, names in (
        ("user.role", ("role",)),
        ("user.rep", ("person",)),
        ("user.name", ("name",)),
        ("user.rights", ("may_edit_rules", "signs_for")),
    ):
        changed = tuple(name for name in names if old[name] != new[name])
        if changed:
            yield action, changed
