"""What a browser sends of the form of a badge, a recognition, a contest or a task."""

from werkzeug.datastructures import MultiDict

from leaderboard.web.presenters.carrot_fields import LISTS, TEXTS, CarrotFields

_MOST = 200
_LONGEST = 10_000


def read_fields(form: MultiDict[str, str], section: str, kind: str) -> CarrotFields:
    """The fields as they were typed."""
    texts = {name: _text(form, name) for name in TEXTS[section]}
    texts["name"] = " ".join(texts["name"].split())
    return CarrotFields(
        section,
        id=_text(form, "id").lower(),
        kind=kind,
        typed=texts,
        chosen={name: _several(form, name) for name in LISTS.get(section, ())},
    )


def _text(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()[:_LONGEST]


def _several(form: MultiDict[str, str], name: str) -> tuple[str, ...]:
    listed = (one.strip()[:_LONGEST] for one in form.getlist(name)[:_MOST])
    return tuple(dict.fromkeys(one for one in listed if one))
