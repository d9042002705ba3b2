"""What a browser sends of the form of a badge, a recognition, a contest or a task."""

from werkzeug.datastructures import MultiDict

from leaderboard.web.presenters.carrot_fields import LISTS, NUMBERS, TEXTS, CarrotFields
from leaderboard.web.settings.typed_text import typed_line, typed_number, typed_text

_MOST = 200


def read_fields(form: MultiDict[str, str], section: str, kind: str) -> CarrotFields:
    """The fields as they were typed."""
    texts = {name: _text(form, name) for name in TEXTS[section]}
    texts["name"] = typed_line(texts["name"])
    texts |= {name: typed_number(text) for name, text in texts.items() if name in NUMBERS}
    return CarrotFields(
        section,
        id=_text(form, "id").lower(),
        kind=kind,
        typed=texts,
        chosen={name: _several(form, name) for name in LISTS.get(section, ())},
    )


def _text(form: MultiDict[str, str], name: str) -> str:
    return typed_text(form.get(name, ""))


def _several(form: MultiDict[str, str], name: str) -> tuple[str, ...]:
    listed = (typed_line(one) for one in form.getlist(name)[:_MOST])
    return tuple(dict.fromkeys(one for one in listed if one))
