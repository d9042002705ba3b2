"""A screen's line-up: composed by dragging or by buttons, each slide beside what it shows now."""

from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.line_ups import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_LINES,
    MOST_SLIDES,
    LineUp,
    SlideKind,
)
from leaderboard.services import clock, screen_lists, screens
from leaderboard.services.audit_log import actor_of
from leaderboard.services.reading import open_reading
from leaderboard.services.screens import KnownScreen, ScreenProblem
from leaderboard.services.wall import facts_of, wall_of
from leaderboard.web.access import logged_in
from leaderboard.web.formats import weekday_names
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import LANGUAGES, gettext, language, speaking
from leaderboard.web.presenters.slide_names import slide_name, slide_words
from leaderboard.web.presenters.wall import SlideView, present_slide
from leaderboard.web.settings.screen_forms import (
    SlideFields,
    after_press,
    fields_of,
    sent_numbers,
    sent_slides,
    whole_number,
)
from leaderboard.web.settings.screens import AREA, known_screen

blueprint = AREA.blueprint(__name__, "line_up")


@dataclass(frozen=True, slots=True)
class LineUpView:
    """The page."""

    screen_id: int
    name: str
    theme: str
    revision: str
    slides: tuple[SlideFields, ...]
    names: dict[str, str]
    words: dict[str, str]
    days: tuple[tuple[int, str], ...]
    previews: tuple[str | None, ...]
    """Of each slide the page that the wall would have, as HTML; None where it cannot be made yet."""
    fault: str | None = None
    focus: str = ""
    """The button that a keyboard goes on with."""
    most: int = MOST_SLIDES
    longest_title: int = LONGEST_TITLE
    longest_text: int = LONGEST_TEXT
    most_lines: int = MOST_LINES


@dataclass(frozen=True, slots=True)
class PreviewView:
    """What a slide of the form shows now. `number` is what the form calls it."""

    number: str
    kind: str
    page: str | None


@dataclass(frozen=True, slots=True)
class PreviewsView:
    """All of them, to be put beside their slides."""

    anew: tuple[PreviewView, ...]
    names: dict[str, str]


@blueprint.route("/<int:screen_id>/line-up", methods=["GET", "POST"])
def line_up(screen_id: int) -> AnyResponse:
    """The form; its buttons change what is in it, and only *Save* the screen."""
    known = known_screen(screen_id)
    if request.method == "GET":
        return _page(known, fields_of(known.look.line_up), str(known.revision))
    slides, press = sent_slides(), request.form.get("do", "save")
    revision = request.form.get("revision", "")
    if press != "save":
        pressed, focus = after_press(slides, press)
        return _page(known, pressed, revision, focus=focus)
    checked = [one.checked() for one in slides]
    if not checked:
        return _page(known, checked, revision, gettext("A line-up needs at least one slide."))
    if any(one.faults for one in checked):
        return _page(known, checked, revision, gettext("Something is still to be mended below."))
    return _save(known, checked, revision)


@blueprint.post("/<int:screen_id>/line-up/preview")
def preview(screen_id: int) -> str:
    """What the slides of the form would show now."""
    known = known_screen(screen_id)
    slides = sent_slides()
    pages = _previews(known, slides)
    anew = tuple(
        PreviewView(number, one.kind.value, page)
        for number, one, page in zip(sent_numbers(), slides, pages, strict=True)
    )
    return render_template("settings/screens/_previews.html", view=PreviewsView(anew, _names()))


def _save(known: KnownScreen, checked: list[SlideFields], revision: str) -> AnyResponse:
    made = tuple(slide for one in checked if (slide := one.slide()) is not None)
    look = known.look.with_line_up(LineUp(made))
    try:
        screens.change(
            known.screen_id,
            look,
            whole_number(revision),
            actor=actor_of(logged_in().user_id),
            now=clock.now(),
        )
    except ScreenProblem:
        fault = gettext(
            "Somebody else changed this screen meanwhile. Save once more to put yours in its place."
        )
        return _page(known, checked, str(known_screen(known.screen_id).revision), fault)
    flash(gettext("Saved. The screen shows it within seconds."), "success")
    return redirect(url_for("settings_screens_line_up.line_up", screen_id=known.screen_id), 303)


def _page(
    known: KnownScreen,
    slides: list[SlideFields],
    revision: str,
    fault: str | None = None,
    focus: str = "",
) -> Response:
    view = LineUpView(
        known.screen_id,
        known.look.name,
        known.look.theme,
        revision,
        tuple(slides),
        _names(),
        {kind.value: slide_words(kind.value) for kind in SlideKind},
        tuple(enumerate(weekday_names(), start=1)),
        _previews(known, slides),
        fault,
        focus,
    )
    response = page_or_part("settings/screens/line_up.html", "settings", view=view)
    response.status_code = 422 if fault else 200
    return response


def _names() -> dict[str, str]:
    return {kind.value: slide_name(kind.value) for kind in SlideKind}


def _previews(known: KnownScreen, slides: list[SlideFields]) -> tuple[str | None, ...]:
    """The first page of each slide as it hangs on the wall: in its language, and standing still where that does."""
    reading = open_reading()
    made = [one.slide() for one in slides]
    if reading is None:
        return tuple(None for _ in made)
    wall = wall_of(reading, known.look, screen_lists.frozen_days())
    facts = iter(facts_of(wall, [slide for slide in made if slide is not None]))
    with speaking(LANGUAGES[known.look.language]):
        return tuple(
            None if slide is None else _drawn(present_slide(next(facts)), known.look.theme) for slide in made
        )


def _drawn(slide: SlideView, theme: str) -> str:
    return render_template(
        "settings/screens/_preview.html", slide=slide, view=slide.view, theme=theme, language=language()
    )
