"""Settings, Screens: the walls of the house, each let in by a code, with what it shows and how it is."""

from dataclasses import dataclass
from typing import NoReturn

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.line_ups import MOST_LINES, STANDARD, lines_of
from leaderboard.queries.screens import ScreenRow
from leaderboard.services import clock, screen_lists, screen_orders, screen_pairing, screens
from leaderboard.services.audit_log import actor_of
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.screen_lists import MOST_FROZEN_DAYS, SILENT_AFTER
from leaderboard.services.screen_orders import LONGEST_MESSAGE, OrderKind
from leaderboard.services.screen_pairing import PairingProblem
from leaderboard.services.screens import DEFAULT_PLACES, KnownScreen, Look, ScreenProblem
from leaderboard.web.access import logged_in
from leaderboard.web.formats import ago, moment, period_title
from leaderboard.web.forms import blame
from leaderboard.web.htmx import page_or_part, wants_part
from leaderboard.web.languages import LANGUAGES, N_, gettext, language, ngettext
from leaderboard.web.pages import reading
from leaderboard.web.presenters.browsers import browser_name
from leaderboard.web.presenters.slide_names import slide_name
from leaderboard.web.settings.areas import SCREENS, Area, Need, Stand
from leaderboard.web.settings.screen_forms import ScreenForm, whole_number
from leaderboard.web.settings.screen_reveals import reveal_choices
from leaderboard.web.settings.screen_slides import choosable, is_empty, named, wanted

_HOME = "settings_screens.home"
_MINUTES = (2, 10, 30, 120)


def _stand(_who: LoggedIn) -> Stand:
    found, silent = screen_lists.screen_counts(clock.now())
    if not found:
        return Stand((gettext("No screen on the wall yet: open /tv on one, and type its code here."),))
    words = ngettext("%(num)s screen on the wall.", "%(num)s screens on the wall.", found)
    if not silent:
        return Stand((words,))
    text = ngettext("%(num)s screen gives no sign of life", "%(num)s screens give no sign of life", silent)
    return Stand((words,), (Need(text, AREA.href),))


AREA = Area(
    key="screens",
    group=SCREENS,
    label=N_("Screens"),
    title=N_("Screens on the wall"),
    icon="screen",
    order=10,
    is_open_to=lambda who: who.role in ("manager", "admin"),
    stand=_stand,
)
blueprint = AREA.blueprint(__name__)


@dataclass(frozen=True, slots=True)
class ScreenView:
    """A screen in the list."""

    screen_id: int
    name: str
    language: str
    shows: str
    sign: str
    is_silent: bool
    browser: str
    sound: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """The field of a message, with what was typed into it where that was refused, and why."""

    text: str = ""
    minutes: int = _MINUTES[1]
    fault: str | None = None
    longest: int = LONGEST_MESSAGE
    most_lines: int = MOST_LINES


@dataclass(frozen=True, slots=True)
class ScreensView:
    """The page."""

    screens: tuple[ScreenView, ...]
    address: str
    frozen_days: int
    most_frozen: int
    reveals: tuple[tuple[str, str], ...]
    """Sealed quarters whose winners can be revealed: name and title."""
    message: MessageView
    minutes: tuple[int, ...] = _MINUTES
    fault: str | None = None


@blueprint.get("")
def home() -> AnyResponse:
    """The list, and what can be said to all of them."""
    return _home()


def _home(fault: str | None = None, message: MessageView | None = None) -> Response:
    now = clock.now()
    view = ScreensView(
        screens=tuple(_present(row, now) for row in screen_lists.all_screens()),
        address=url_for("tv.show", _external=True).partition("://")[2],
        frozen_days=screen_lists.frozen_days(),
        most_frozen=MOST_FROZEN_DAYS,
        reveals=tuple((one.name, period_title(one)) for one in reveal_choices(reading())),
        message=message or MessageView(),
        fault=fault,
    )
    response = page_or_part("settings/screens/home.html", "settings", view=view)
    response.status_code = 422 if fault or message else 200
    return response


def _present(row: ScreenRow, now: int) -> ScreenView:
    if row.seen_at is None:
        sign, is_silent = gettext("never heard of"), now - row.created_at > SILENT_AFTER
    else:
        age = max(0, now - row.seen_at)
        is_silent = age > SILENT_AFTER
        sign = moment(row.seen_at) if is_silent else gettext("%(time)s ago", time=ago(age))
    size = f"{row.width} × {row.height}" if row.width and row.height else ""
    sound = "" if not row.has_sound else gettext("muted") if row.is_muted else gettext("with sound")
    browser = " · ".join(part for part in (browser_name(row.browser or ""), size) if part)
    kind = (row.slide or "").partition("-")[2].rpartition("-")[0]
    return ScreenView(
        row.screen_id,
        row.name,
        LANGUAGES[row.language].name,
        slide_name(kind),
        sign,
        is_silent,
        browser,
        sound,
    )


@blueprint.route("/pair", methods=["GET", "POST"])
def pair() -> AnyResponse:
    """Lets a screen in by its code."""
    form = ScreenForm()
    form.offer(_teams())
    if request.method == "GET":
        form.show(Look("", language().code, STANDARD, top_places=DEFAULT_PLACES), 0)
        form.code.data = request.args.get("code", "")[:20]
    elif form.validate():
        look = form.look(STANDARD)
        if look is not None:
            try:
                made = screen_pairing.let_in(form.code.data or "", look, actor=_actor(), now=clock.now())
            except PairingProblem:
                blame(form.code, gettext("No screen shows this code now. It may have a new one already."))
            else:
                flash(
                    gettext("%(name)s is in. It shows the board within seconds.", name=look.name), "success"
                )
                return redirect(url_for("settings_screens_line_up.line_up", screen_id=made), 303)
    return _form("settings/screens/pair.html", form)


@blueprint.route("/<int:screen_id>", methods=["GET", "POST"])
def screen(screen_id: int) -> AnyResponse:
    """One screen: how it looks, and what it is told."""
    known = known_screen(screen_id)
    form = ScreenForm()
    form.offer(_teams())
    if request.method == "GET":
        form.show(known.look, known.revision)
    elif form.validate():
        look = form.look(known.look.line_up)
        if look is not None:
            revision = whole_number(form.revision.data or "")
            try:
                screens.change(screen_id, look, revision, actor=_actor(), now=clock.now())
            except ScreenProblem:
                form.form_errors.append(
                    gettext(
                        "Somebody else changed this screen meanwhile. Look at it again, and save once more."
                    )
                )
                form.revision.data = str(known_screen(screen_id).revision)
            else:
                flash(gettext("Saved. The screen shows it within seconds."), "success")
                return redirect(url_for(".screen", screen_id=screen_id), 303)
    return _screen(known, form)


def _screen(known: KnownScreen, form: ScreenForm, message: MessageView | None = None) -> Response:
    response = _form(
        "settings/screens/screen.html",
        form,
        known=known,
        slides=_slides(known),
        message=message or MessageView(),
    )
    if message:
        response.status_code = 422
    return response


@blueprint.post("/<int:screen_id>/revoke")
def revoke(screen_id: int) -> AnyResponse:
    """Shuts a screen out."""
    known = known_screen(screen_id)
    screens.revoke(screen_id, actor=_actor(), now=clock.now())
    flash(gettext("%(name)s is shut out, and shows a code again.", name=known.look.name), "success")
    return redirect(url_for(_HOME), 303)


@blueprint.post("/<int:screen_id>/orders")
def order(screen_id: int) -> AnyResponse:
    """Tells one screen something."""
    known = known_screen(screen_id)
    fault = _lines_fault() or _give(known)
    if fault and request.form.get("do") == OrderKind.MESSAGE:
        form = ScreenForm(formdata=None)
        form.offer(_teams())
        form.show(known.look, known.revision)
        return _screen(known, form, _refused(fault))
    if fault:
        flash(fault, "warning")
    return redirect(url_for(".screen", screen_id=screen_id), 303)


@blueprint.post("/orders")
def order_all() -> AnyResponse:
    """Tells all screens something: a message, the reveal of a quarter, or to stop."""
    fault = _lines_fault() or _give(None)
    if fault and request.form.get("do") == OrderKind.MESSAGE:
        return _home(message=_refused(fault))
    return _home(fault) if fault else redirect(url_for(_HOME), 303)


@blueprint.post("/freeze")
def freeze() -> AnyResponse:
    """On how many last days of a quarter the standings on walls stand still."""
    days = whole_number(request.form.get("days", ""))
    if not 0 <= days <= MOST_FROZEN_DAYS:
        return _home(gettext("Please take a number from 0 to %(most)s.", most=MOST_FROZEN_DAYS))
    screen_lists.freeze(days, actor=_actor(), now=clock.now())
    flash(gettext("Saved. The screens show it within seconds."), "success")
    return redirect(url_for(_HOME), 303)


def _lines_fault() -> str | None:
    """What is wrong with the lines of a message; None for any other order."""
    is_message = request.form.get("do") == OrderKind.MESSAGE
    if is_message and len(lines_of(request.form.get("text", ""))) > MOST_LINES:
        return gettext("There is room for %(most)s lines.", most=MOST_LINES)
    return None


def _refused(fault: str) -> MessageView:
    """A message as it was sent, to be mended."""
    minutes = whole_number(request.form.get("minutes", ""))
    return MessageView(request.form.get("text", "").replace("\r\n", "\n"), minutes, fault)


def _give(known: KnownScreen | None) -> str | None:
    """Gives the order that was sent, to all screens where it is for none; what is wrong with it, in words."""
    word = request.form.get("do", "")
    if word not in tuple(OrderKind):
        abort(404)
    kind, payload = OrderKind(word), dict[str, str]()
    if kind is OrderKind.MESSAGE:
        text = request.form.get("text", "").strip()
        if not 0 < len(text) <= LONGEST_MESSAGE:
            return gettext("Please write a message of at most %(most)s characters.", most=LONGEST_MESSAGE)
        payload["text"] = text
    elif kind is OrderKind.SLIDE:
        slide = choosable(known.look.line_up).get(request.form.get("slide", "")) if known else None
        if known is None or slide is None:
            return gettext("This slide is not in the line-up.")
        if is_empty(slide, known.look):
            return gettext("%(name)s: there is nothing to show now.", name=named(slide))
        payload |= wanted(slide)
    elif kind is OrderKind.REVEAL:
        payload["period"] = request.form.get("period", "")
        if payload["period"] not in {one.name for one in reveal_choices(reading())}:
            return gettext("Only a quarter that is sealed can be revealed.")
    minutes = request.form.get("minutes", "")
    length = int(minutes) if minutes in {str(one) for one in _MINUTES} else _MINUTES[1]
    screen_id = known.screen_id if known else None
    try:
        screen_orders.give(kind, payload, length, screen_id=screen_id, actor=_actor(), now=clock.now())
    except ScreenProblem:
        abort(404)
    flash(_told(kind), "success")
    return None


def _told(kind: OrderKind) -> str:
    return {
        OrderKind.RELOAD: gettext("The screen loads itself anew."),
        OrderKind.MESSAGE: gettext("The message is on its way."),
        OrderKind.SLIDE: gettext("The slide is shown now."),
        OrderKind.REVEAL: gettext("The reveal begins."),
        OrderKind.STOP: gettext("Stopped."),
    }[kind]


def known_screen(screen_id: int) -> KnownScreen:
    """The screen of a key; 404 for none."""
    found = screens.existing(screen_id)
    if found is None:
        _turn_away(screen_id)
    return found


def _turn_away(screen_id: int) -> NoReturn:
    """Whoever comes back to a screen that was shut out finds the list, with a word on it; for any other number 404."""
    name = screens.shut_out(screen_id)
    if name is None or wants_part():
        abort(404)
    words = gettext("%(name)s is shut out. The code that it shows now lets it in again.", name=name)
    flash(words, "warning")
    abort(redirect(url_for(_HOME), 303))


def _slides(known: KnownScreen) -> tuple[tuple[str, str], ...]:
    return tuple((value, named(slide)) for value, slide in choosable(known.look.line_up).items())


def _teams() -> list[tuple[int, str]]:
    now = reading()
    if now is None:
        return []
    roster = now.ground.placement.roster
    return sorted(
        ((now.ground.team_keys[team], roster.team_name(team)) for team in roster.teams),
        key=lambda one: one[1],
    )


def _form(template: str, form: ScreenForm, **context: object) -> Response:
    response = page_or_part(template, "settings", form=form, **context)
    response.status_code = 422 if form.errors or form.form_errors else 200
    return response


def _actor() -> str:
    return actor_of(logged_in().user_id)
