"""The addresses of pages: what makes one is put together when it is first asked for."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule


class LateRule(Rule):
    """Werkzeug's rule, which compiles two functions that build its address as soon as it is known.

    Most processes (workers, commands, most of what a test starts) build few addresses or none, and with two
    hundred rules that was most of the time in which the application is made.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled: list[Callable[..., tuple[str, str]]] = []
        compile_now = super()._compile_builder

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(compile_now(append_unknown))
            return compiled[0](rule, **values)

        return build


def init_app(app: Flask) -> None:
    """Before the first blueprint."""
    app.url_rule_class = LateRule
