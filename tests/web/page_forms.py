"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_SENDS = ("action", "formaction", "hx-post")
_NO_FIELD = ("submit", "button", "reset", "image")


@dataclass(slots=True)
class PageForm:
    """A form: where it leads (a button or a field may lead elsewhere), and its fields as they stand."""

    method: str
    actions: set[str]
    fields: list[tuple[str, str]] = field(default_factory=list)
    presses: list[tuple[str, str]] = field(default_factory=list)
    """The buttons that say which of them was pressed."""
    files: set[str] = field(default_factory=set)

    @property
    def names(self) -> frozenset[str]:
        """What its fields are called."""
        return frozenset(name for name, _ in (*self.fields, *self.presses)) | self.files


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._path = path
        self._open: PageForm | None = None
        self._by_id: dict[str, PageForm] = {}
        self._select: list[str] | None = None
        self._text: list[str] | None = None
        self._name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._begin(given)
        form = self._by_id.get(given.get("form", ""), self._open)
        if form is None:
            return
        form.actions |= {given[name] for name in _SENDS[1:] if given.get(name)}
        self._name = given.get("name", self._name) if tag in ("select", "textarea") else self._name
        if tag in ("input", "button") and given.get("name"):
            _put(form, tag, given)
        elif tag == "select":
            self._select = []
        elif tag == "option" and self._select is not None:
            self._select.insert(0 if "selected" in given else len(self._select), given.get("value", ""))
        elif tag == "textarea":
            self._text = []

    def _begin(self, given: dict[str, str]) -> None:
        form = PageForm(given.get("method", "get").lower(), {given.get("action") or self._path})
        self._open = self._by_id[given.get("id", "")] = form
        self.forms.append(form)

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if self._open is None:
            return
        if tag == "select" and self._select is not None:
            self._open.fields.append((self._name, self._select[0] if self._select else ""))
            self._select = None
        elif tag == "textarea" and self._text is not None:
            self._open.fields.append((self._name, "".join(self._text).removeprefix("\n")))
            self._text = None


def _put(form: PageForm, tag: str, given: dict[str, str]) -> None:
    kind = given.get("type", "submit" if tag == "button" else "text")
    if kind == "file":
        form.files.add(given["name"])
    elif kind in _NO_FIELD:
        form.presses.append((given["name"], given.get("value", "")))
    elif kind not in ("checkbox", "radio") or "checked" in given:
        form.fields.append((given["name"], given.get("value", "on" if kind == "checkbox" else "")))


def forms_of(page: str, path: str) -> list[PageForm]:
    """All of them; one without an action leads to the page itself."""
    reader = _Reader(path)
    reader.feed(page)
    return reader.forms
