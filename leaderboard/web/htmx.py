"""Pages and their parts: a part is a named block of its page's template, so that the two cannot drift."""

from typing import Any

from flask import Response, current_app, make_response, render_template, request


def wants_part() -> bool:
    """Whether htmx asks, for a part; a boosted or restored page is asked for whole."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type", "partial") == "partial"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def page_or_part(template: str, block: str, **context: Any) -> Response:
    """The page; for htmx only its block of that name."""
    html = render_block(template, block, **context) if wants_part() else render_template(template, **context)
    response = make_response(html)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def unchanged() -> Response:
    """Nothing new: htmx leaves the page as it is."""
    return Response(status=204)


def render_block(template: str, block: str, **context: Any) -> str:
    """One block of a template, with the context that Flask's own rendering would have."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    app.update_template_context(context)
    found = app.jinja_env.get_template(template)
    return "".join(found.blocks[block](found.new_context(context)))
