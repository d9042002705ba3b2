"""What a browser sends of the form of a service level."""

from werkzeug.datastructures import MultiDict

from leaderboard.web.presenters.level_fields import (
    RATINGS,
    ROWS,
    CountedFields,
    LevelFields,
    Span,
)
from leaderboard.web.settings.typed_text import typed_line, typed_number, typed_share, typed_text

_MOST = 200
_MOST_ROWS = 40


def read_fields(form: MultiDict[str, str], measure: str) -> LevelFields:
    """The fields as they were typed."""
    threshold = typed_number if measure == "volume" else typed_share
    return LevelFields(
        measure=measure,
        id=_text(form, "id").lower(),
        name=typed_line(form.get("name", "")),
        description=_text(form, "description"),
        party=_text(form, "party"),
        subject=_text(form, "subject"),
        minimum=_number(form, "minimum"),
        target=threshold(form.get("target", "")),
        exceed=threshold(form.get("exceed", "")),
        points={
            f"{row}.{rating}": _number(form, f"points.{row}.{rating}") for row in ROWS for rating in RATINGS
        },
        start=_events(form, "start"),
        stop=_events(form, "stop"),
        count=_number(form, "count"),
        distinct=_text(form, "distinct"),
        apart=Span(_number(form, "apart.amount"), _text(form, "apart.unit")),
        within=_spans(form, "within"),
        exceed_within=_spans(form, "exceed_within"),
        pause=_events(form, "pause"),
        resume=_events(form, "resume"),
        calendar=_text(form, "calendar"),
        on_reassign=_text(form, "on_reassign"),
        prorate=_text(form, "prorate"),
        counted=_counted(form, "counted"),
        numerator=_counted(form, "numerator"),
        denominator=_counted(form, "denominator"),
    )


def _text(form: MultiDict[str, str], name: str) -> str:
    return typed_text(form.get(name, ""))


def _number(form: MultiDict[str, str], name: str) -> str:
    return typed_number(form.get(name, ""))


def _events(form: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """Those that were ticked, and others, written with commas or spaces between."""
    ticked = form.getlist(name)[:_MOST]
    written = form.get(f"{name}.other", "").replace(",", " ").split()[:_MOST]
    return tuple(dict.fromkeys(one for one in map(typed_line, (*ticked, *written)) if one))


def _spans(form: MultiDict[str, str], name: str) -> tuple[Span, ...]:
    """The time for all, and those by grade; rows without a time are none."""
    rows = zip(
        form.getlist(f"{name}.grade")[:_MOST_ROWS],
        form.getlist(f"{name}.amount")[:_MOST_ROWS],
        form.getlist(f"{name}.unit")[:_MOST_ROWS],
        strict=False,
    )
    return tuple(
        Span(typed_number(amount), typed_line(unit), typed_line(grade))
        for grade, amount, unit in rows
        if amount.strip() or grade.strip()
    )


def _counted(form: MultiDict[str, str], name: str) -> CountedFields:
    grades = zip(
        form.getlist(f"{name}.grade")[:_MOST_ROWS],
        form.getlist(f"{name}.worth_of_grade")[:_MOST_ROWS],
        strict=False,
    )
    return CountedFields(
        events=_events(form, f"{name}.events"),
        worth=_text(form, f"{name}.worth"),
        amount=_number(form, f"{name}.amount"),
        attribute=_text(form, f"{name}.attribute"),
        grades=tuple(
            (typed_line(grade), typed_number(worth))
            for grade, worth in grades
            if worth.strip() or grade.strip()
        ),
        once_per_lead=form.get(f"{name}.again") != "yes",
    )
