"""The forms of screens: what a screen is called and shows, its line-up, and what it is told to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)

from leaderboard.domain.line_ups import (
    EVERY_DAY,
    LONGEST_SECONDS,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MINUTES_A_DAY,
    MOST_LINES,
    MOST_SLIDES,
    SHORTEST_SECONDS,
    LineUp,
    Slide,
    SlideKind,
    lines_of,
)
from leaderboard.services.screens import LONGEST_NAME, Look
from leaderboard.web.forms import blame
from leaderboard.web.languages import LANGUAGES, gettext

MOST_PLACES = 50
_DEFAULT_SECONDS = 15


class ScreenForm(FlaskForm):  # type: ignore[misc]
    """Name, language, looks and whose people."""

    code = StringField()
    name = StringField()
    language = SelectField(validate_choice=False)
    theme = RadioField(validate_choice=False)
    teams = SelectMultipleField(validate_choice=False)
    top_places = StringField()
    has_sound = BooleanField()
    night_from = StringField()
    night_until = StringField()
    revision = HiddenField()

    def offer(self, teams: Sequence[tuple[int, str]]) -> None:
        """Fills the choices."""
        self.language.choices = [(one.code, one.name) for one in LANGUAGES.values()]
        self.theme.choices = [("dark", gettext("Night")), ("light", gettext("Paper"))]
        self.teams.choices = [(str(key), name) for key, name in teams]

    def show(self, look: Look, revision: int) -> None:
        """Fills the fields with what a screen is given."""
        night = look.night or (None, None)
        self.name.data, self.language.data, self.theme.data = look.name, look.language, look.theme
        self.teams.data = [str(key) for key in look.teams]
        self.top_places.data, self.has_sound.data = str(look.top_places), look.has_sound
        self.night_from.data, self.night_until.data = (clock_text(minute) for minute in night)
        self.revision.data = str(revision)

    def look(self, line_up: LineUp) -> Look | None:
        """What was chosen; None where something is wrong, which then stands beside its field."""
        name = " ".join((self.name.data or "").split())
        if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
            blame(self.name, gettext("Please take 1 to %(most)s characters.", most=LONGEST_NAME))
        if self.language.data not in LANGUAGES:
            blame(self.language, gettext("Please choose one of these."))
        if self.theme.data not in ("dark", "light"):
            blame(self.theme, gettext("Please choose one of these."))
        known = {value for value, *_ in self.teams.iter_choices()}
        if not set(self.teams.data or ()) <= known:
            blame(self.teams, gettext("Please choose one of these."))
        places = whole_number(self.top_places.data or "")
        if not 1 <= places <= MOST_PLACES:
            blame(self.top_places, gettext("Please take a number from 1 to %(most)s.", most=MOST_PLACES))
        night = self._night()
        if any(one.errors for one in self):
            return None
        teams = tuple(int(key) for key in self.teams.data or ())
        return Look(
            name,
            self.language.data,
            line_up,
            teams,
            self.theme.data,
            bool(self.has_sound.data),
            places,
            night,
        )

    def _night(self) -> tuple[int, int] | None:
        ends = []
        for one in (self.night_from, self.night_until):
            minute = minute_of(one.data or "")
            if (one.data or "").strip() and minute is None:
                blame(one, gettext("Please write a time such as 19:30."))
            ends.append(minute)
        first, last = ends
        if (first is None) != (last is None) and not (self.night_from.errors or self.night_until.errors):
            blame(self.night_until, gettext("Please give both times, or none."))
        return None if first is None or last is None else (first, last)


def whole_number(text: str) -> int:
    """The number that was typed; -1 for anything that is none."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 6 else -1


def minute_of(text: str) -> int | None:
    """The minute of the day of `19:30`; None for anything else. 24:00 is the day's end."""
    hours, colon, minutes = text.strip().partition(":")
    if not (colon and hours.isascii() and minutes.isascii() and hours.isdigit() and minutes.isdigit()):
        return None
    if len(hours) > 2 or len(minutes) != 2 or int(minutes) > 59:
        return None
    minute = int(hours) * 60 + int(minutes)
    return minute if minute <= MINUTES_A_DAY else None


def clock_text(minute: int | None) -> str:
    """`19:30`; nothing for None."""
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


@dataclass(frozen=True, slots=True)
class SlideFields:
    """A slide as it stands in the form, with what is wrong with it by field."""

    kind: SlideKind
    seconds: str
    days: frozenset[int] = EVERY_DAY
    from_text: str = "00:00"
    until_text: str = "24:00"
    title: str = ""
    text: str = ""
    faults: dict[str, str] = field(default_factory=dict)

    def slide(self) -> Slide | None:
        """The slide that the fields say; None where something is wrong."""
        return None if self.checked().faults else self._made()

    def checked(self) -> "SlideFields":
        """The same with what is wrong beside its fields."""
        faults: dict[str, str] = {}
        seconds = (
            int(self.seconds)
            if self.seconds.isascii() and self.seconds.isdigit() and len(self.seconds) < 5
            else 0
        )
        if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
            faults["seconds"] = gettext(
                "Please take %(least)s to %(most)s seconds.", least=SHORTEST_SECONDS, most=LONGEST_SECONDS
            )
        if not self.days:
            faults["days"] = gettext("Please choose at least one day.")
        first, last = minute_of(self.from_text), minute_of(self.until_text)
        if first is None or last is None or first >= last:
            faults["hours"] = gettext("Please write two times of one day, such as 09:00 and 18:00.")
        if self.kind is SlideKind.NOTE and not (self.title.strip() or self.text.strip()):
            faults["title"] = gettext("An announcement needs a headline or a text.")
        if len(self.title) > LONGEST_TITLE or len(self.text) > LONGEST_TEXT:
            faults["text"] = gettext(
                "Please take at most %(headline)s characters for the headline and %(below)s for the text.",
                headline=LONGEST_TITLE, below=LONGEST_TEXT,
            )  # fmt: skip
        elif len(lines_of(self.text)) > MOST_LINES:
            faults["text"] = gettext("There is room for %(most)s lines.", most=MOST_LINES)
        return replace(self, faults=faults)

    def _made(self) -> Slide:
        first, last = minute_of(self.from_text), minute_of(self.until_text)
        return Slide(
            self.kind, int(self.seconds), self.days, first or 0, last or MINUTES_A_DAY, self.title.strip(),
            self.text.strip(),
        )  # fmt: skip


def fields_of(line_up: LineUp) -> list[SlideFields]:
    """A line-up as the form shows it."""
    return [
        SlideFields(
            slide.kind, str(slide.seconds), slide.days, clock_text(slide.from_minute), clock_text(slide.until_minute),
            slide.title, slide.text,
        )
        for slide in line_up.slides
    ]  # fmt: skip


def sent_slides() -> list[SlideFields]:
    """The slides of the form that was sent, in the order in which they stand there."""
    return [_sent(request.form, number) for number in sent_numbers()]


def sent_numbers() -> list[str]:
    """What the form calls its slides: a slide that was dragged keeps its number, and its buttons'."""
    form = request.form
    known = [number for number in form.getlist("slide") if form.get(f"kind-{number}") in tuple(SlideKind)]
    return known[:MOST_SLIDES]


def _sent(form: MultiDict[str, str], number: str) -> SlideFields:
    return SlideFields(
        SlideKind(form[f"kind-{number}"]),
        form.get(f"seconds-{number}", "").strip(),
        frozenset(int(day) for day in form.getlist(f"days-{number}") if day in set("1234567")),
        form.get(f"from-{number}", "").strip(),
        form.get(f"until-{number}", "").strip(),
        form.get(f"title-{number}", ""),
        form.get(f"text-{number}", "").replace("\r\n", "\n"),
    )


def after_press(slides: list[SlideFields], press: str) -> tuple[list[SlideFields], str]:
    """What the buttons `up-2`, `down-2`, `remove-2` and `add` (with the kind that was chosen) make of the slides.

    And which button whoever pressed it goes on with: a keyboard stays with the slide that it moves.
    """
    word, _, number = press.partition("-")
    if word == "add" and len(slides) < MOST_SLIDES and request.form.get("new", "") in tuple(SlideKind):
        made = SlideFields(SlideKind(request.form["new"]), str(_DEFAULT_SECONDS))
        return [*slides, made], f"up-{len(slides)}"
    numbers = sent_numbers()
    if number not in numbers:
        return slides, ""
    place = numbers.index(number)
    others = slides[:place] + slides[place + 1 :]
    if word == "remove":
        return others, f"remove-{min(place, len(others) - 1)}"
    to = min(max(0, {"up": place - 1, "down": place + 1}.get(word, place)), len(others))
    # At either end one of the two leads nowhere.
    goes_on = {0: "down", len(others): "up"}.get(to, word)
    return [*others[:to], slides[place], *others[to:]], f"{goes_on}-{to}"
