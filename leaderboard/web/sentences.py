"""Sentences with fields in them: what stands in a line stays there."""

import re

from flask import Flask
from markupsafe import Markup

# A field of templates/settings/rules/_fields.html with the punctuation that follows it at once.
_FIELD_AND_STOP = re.compile(
    r"(<(select|details)\b(?:(?!</\2>).)*</\2>"
    r'|<span class="pair">(?:(?!</span>).)*</span>'
    r"|<input\b[^>]*>)"
    r"([.,;:)%]+)",
    re.DOTALL,
)


def init_app(app: Flask) -> None:
    """Makes `kept` a filter of the templates."""
    app.add_template_filter(kept, "kept")


def kept(sentence: Markup) -> Markup:
    """Keeps a full stop or comma on the line of the field before it: unlike after a word, browsers break there."""
    # A plain text, for whatever is put into Markup is escaped.
    return Markup(_FIELD_AND_STOP.sub(r'<span class="kept">\1\3</span>', str(sentence)))  # noqa: S704 -- it was markup
