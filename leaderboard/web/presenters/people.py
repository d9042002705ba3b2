"""Logins as administrators and managers read them: who may come in, as what, and when they last did."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from leaderboard.domain.instants import MINUTE, Instant
from leaderboard.domain.terms import Party
from leaderboard.queries.ground import Reading
from leaderboard.queries.logins import Login, Without
from leaderboard.services.login_changes import Access
from leaderboard.services.users import ROLES
from leaderboard.web.formats import ago, moment, number
from leaderboard.web.languages import N_, gettext, ngettext
from leaderboard.web.presenters.viewer import initials, role_name

PARTIES = tuple(party.value for party in Party)
AT_ONCE = 50
_INVITATIONS_AT_ONCE = 24
_PARTIES = {Party.MARKETING.value: N_("marketing"), Party.SALES.value: N_("sales")}
_ALL = "all"

__all__ = ["PARTIES", "ROLES"]


@dataclass(frozen=True, slots=True)
class LoginView:
    """A row of the list, and the head of a login's page."""

    user_id: int
    name: str
    initials: str
    email: str
    role: str
    role_name: str
    team: str
    stands_for: str | None
    """The rep and their team, in words."""
    rights: tuple[str, ...]
    state: str
    is_stuck: bool
    """Whether nobody comes in with it until somebody does something."""
    is_disabled: bool
    sessions: str | None
    is_own: bool
    has_password: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to see fewer of them."""

    key: str
    label: str
    count: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class InvitationView:
    """A rep who has no login."""

    person_key: int
    name: str
    initials: str
    team: str


@dataclass(frozen=True, slots=True)
class PeopleView:
    """The list."""

    headline: str
    rows: tuple[LoginView, ...]
    choices: tuple[Choice, ...]
    found: int
    first: int
    before: int | None
    after: int | None
    show: str
    search: str
    without: tuple[InvitationView, ...]
    without_count: int
    is_admin: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the list was asked for."""

    search: str
    show: str
    first: int


_SHOWN: dict[str, tuple[str, Callable[[Login], bool]]] = {
    _ALL: (N_("All"), lambda _login: True),
    "admin": (N_("Administrators"), lambda login: login.role == "admin"),
    "manager": (N_("Managers"), lambda login: login.role == "manager"),
    "rep": (N_("Rep logins"), lambda login: login.role == "rep"),
    "waiting": (N_("No password yet"), lambda login: is_waiting(login)),
    "disabled": (N_("Disabled"), lambda login: login.is_disabled),
}


def party_name(party: str) -> str:
    """A party of the agreement, as inside a sentence."""
    return gettext(_PARTIES[party])


def stamp(access: Access) -> str:
    """What a form was filled from, so that what it did not see is not overwritten."""
    return hashlib.sha256(repr(access).encode()).hexdigest()[:16]


def access_of(login: Login) -> Access:
    """What a login is now."""
    return Access(login.role, login.person_key, login.may_edit_rules, login.signs_for, login.own_name)


def rep_choices(
    found: Iterable[Login], without: Iterable[Without], reading: Reading | None, own: int | None = None
) -> list[tuple[int, str]]:
    """Reps whom a login can stand for, by name with their team; who has another one than `own` already says so."""
    choices = [(one.person_key, one.name, team_words(one.rep_id, reading), False) for one in without] + [
        (
            login.person_key,
            login.name or login.rep_id or "–",
            team_words(login.rep_id, reading),
            login.person_key != own,
        )
        for login in {login.person_key: login for login in found}.values()
        if login.person_key is not None
    ]
    return [
        (key, _choice_words(name, team, has_login))
        for key, name, team, has_login in sorted(choices, key=lambda one: folded(one[1]))
    ]


def _choice_words(name: str, team: str, has_login: bool) -> str:
    words = f"{name} · {team}" if team else name
    return gettext("%(name)s (has a login)", name=words) if has_login else words


def is_waiting(login: Login) -> bool:
    """Whether nobody has chosen a password for it yet."""
    return not login.has_password and not login.is_disabled


def present_people(
    found: Iterable[Login],
    without: Iterable[Without],
    asked: Asked,
    reading: Reading | None,
    now: Instant,
    is_admin: bool,
    own_id: int,
) -> PeopleView:
    """The list: those of a kind whom the search finds, by name, a page of them."""
    everybody = sorted(found, key=lambda login: folded(login.shown_name))
    show = asked.show if asked.show in _SHOWN else _ALL
    kind = _SHOWN[show][1]
    matching = [login for login in everybody if kind(login) and _matches(asked.search, login)]
    last = max(0, (len(matching) - 1) // AT_ONCE * AT_ONCE)
    first = min(max(0, asked.first), last) // AT_ONCE * AT_ONCE
    invitations = sorted(
        (one for one in without if _has(asked.search, one.name, one.rep_id, one.email)),
        key=lambda one: folded(one.name),
    )
    return PeopleView(
        headline=_headline(len(everybody), is_admin),
        rows=tuple(present_login(login, reading, now, own_id) for login in matching[first : first + AT_ONCE]),
        choices=_choices(everybody, show),
        found=len(matching),
        first=first,
        before=first - AT_ONCE if first else None,
        after=first + AT_ONCE if first < last else None,
        show=show,
        search=asked.search,
        without=tuple(_invitation(one, reading) for one in invitations[:_INVITATIONS_AT_ONCE]),
        without_count=len(invitations),
        is_admin=is_admin,
    )


def present_login(login: Login, reading: Reading | None, now: Instant, own_id: int) -> LoginView:
    """A login in words."""
    state, is_stuck = _state(login, now)
    return LoginView(
        user_id=login.user_id,
        name=login.shown_name,
        initials=initials(login.shown_name),
        email=login.email,
        role=login.role,
        role_name=role_name(login.role),
        team=team_words(login.rep_id, reading),
        stands_for=_stands_for(login, reading),
        rights=rights_words(access_of(login)),
        state=state,
        is_stuck=is_stuck,
        is_disabled=login.is_disabled,
        sessions=_sessions(login.sessions),
        is_own=login.user_id == own_id,
        has_password=login.has_password,
    )


def rights_words(access: Access) -> tuple[str, ...]:
    """What goes beyond the role."""
    words = []
    if access.may_edit_rules and access.role != "admin":
        words.append(gettext("may edit rulebooks"))
    if access.signs_for is not None:
        words.append(gettext("signs for %(party)s", party=party_name(access.signs_for)))
    return tuple(words)


def team_words(rep_id: str | None, reading: Reading | None) -> str:
    """The team that a rep is in, or was last; nothing for none."""
    if rep_id is None or reading is None:
        return ""
    return reading.ground.team_name_of(rep_id, reading.now) or ""


def folded(text: str) -> str:
    """As one looks for it: José is found by jose."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if not unicodedata.combining(character))


def _headline(count: int, is_admin: bool) -> str:
    if is_admin:
        return ngettext("%(num)s login", "%(num)s logins", count)
    return ngettext("%(num)s login of your teams", "%(num)s logins of your teams", count)


def _choices(everybody: list[Login], show: str) -> tuple[Choice, ...]:
    """Only kinds of which there are some; nothing to choose among one."""
    counted = [(key, label, sum(map(kind, everybody))) for key, (label, kind) in _SHOWN.items()]
    shown = [(key, label, count) for key, label, count in counted if count or key in (_ALL, show)]
    if len({count for _, _, count in shown}) < 2:
        return ()
    return tuple(Choice(key, gettext(label), number(count), key == show) for key, label, count in shown)


def _state(login: Login, now: Instant) -> tuple[str, bool]:
    """How it stands with coming in, and whether somebody has to do something about it."""
    if login.is_disabled:
        return gettext("Disabled"), False
    if not login.has_password and login.link_until is None:
        return gettext("No password yet, and no link that opens"), True
    if not login.has_password:
        return gettext(
            "Invited; the link opens until %(moment)s", moment=moment(login.link_until or now)
        ), False
    if login.seen_at is None:
        return gettext("Never seen"), False
    if now - login.seen_at < 10 * MINUTE and login.sessions:
        return gettext("Here now"), False
    return gettext("Seen %(time)s ago", time=ago(now - login.seen_at)), False


def _sessions(count: int) -> str | None:
    if not count:
        return None
    return ngettext("%(num)s session open", "%(num)s sessions open", count)


def _stands_for(login: Login, reading: Reading | None) -> str | None:
    if login.person_key is None:
        return None
    name, team = login.name or login.rep_id or "–", team_words(login.rep_id, reading)
    return gettext("%(name)s, %(team)s", name=name, team=team) if team else name


def _invitation(one: Without, reading: Reading | None) -> InvitationView:
    return InvitationView(one.person_key, one.name, initials(one.name), team_words(one.rep_id, reading))


def _matches(search: str, login: Login) -> bool:
    return _has(search, login.email, login.name, login.rep_id)


def _has(search: str, *texts: str | None) -> bool:
    """Whether each word of the search stands in one of the texts."""
    where = " ".join(folded(text) for text in texts if text)
    return all(word in where for word in folded(search).split())
