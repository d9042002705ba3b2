"""How things stand with people and roles, for the overview."""

from collections import Counter

from flask import url_for

from leaderboard.queries.logins import Login
from leaderboard.services import clock, login_directory
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.web.formats import number
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.pages import reading
from leaderboard.web.presenters.people import PARTIES, is_waiting, party_name
from leaderboard.web.settings.areas import Need, Stand


def people_stand(who: LoggedIn) -> Stand:
    """Who may come in; needs: invitations that lead nowhere, and a party for which nobody signs."""
    found = [
        login for login in login_directory.looked_after(who, reading(), clock.now()) if not login.is_disabled
    ]
    if who.role != "admin":
        return Stand((_of_teams(len(found)),), _stuck(found))
    return Stand(
        (_by_role(found), _without(len(login_directory.without_login()))), (*_stuck(found), *_unsigned(found))
    )


def _of_teams(count: int) -> str:
    if not count:
        return gettext("Nobody of a team that you manage has a login yet.")
    return ngettext(
        "%(num)s rep of your teams may come in. You can send a new password or end sessions.",
        "%(num)s reps of your teams may come in. You can send a new password or end sessions.",
        count,
    )


def _by_role(found: list[Login]) -> str:
    counts = Counter(login.role for login in found)
    return gettext(
        "May come in: administrators %(admins)s, managers %(managers)s, reps %(reps)s.",
        admins=number(counts["admin"]),
        managers=number(counts["manager"]),
        reps=number(counts["rep"]),
    )


def _without(count: int) -> str:
    if not count:
        return gettext("Every rep of the roster has a login.")
    return ngettext(
        "%(num)s rep of the roster has no login.", "%(num)s reps of the roster have no login.", count
    )


def _stuck(found: list[Login]) -> tuple[Need, ...]:
    """Who has neither a password nor a link that opens cannot come in."""
    stuck = [login for login in found if is_waiting(login) and login.link_until is None]
    if not stuck:
        return ()
    href = url_for("settings_people.home", show="waiting")
    if len(stuck) == 1:
        href = url_for("settings_people.login", user_id=stuck[0].user_id)
    text = ngettext("%(num)s invitation ran out unused", "%(num)s invitations ran out unused", len(stuck))
    return (Need(text, href),)


def _unsigned(found: list[Login]) -> tuple[Need, ...]:
    """Only where there are rules to sign."""
    if reading() is None:
        return ()
    signing = {login.signs_for for login in found}
    return tuple(
        Need(
            gettext("Nobody may sign the agreement for %(party)s", party=party_name(party)),
            url_for("settings_people.home"),
        )
        for party in PARTIES
        if party not in signing
    )
