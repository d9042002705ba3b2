"""Logging: one line a record on standard error, JSON for machines and plain for a terminal."""

import logging
import sys
from typing import Any

import structlog

_QUIET = ("alembic", "rq.scheduler", "werkzeug")


class _StandardError(logging.StreamHandler[Any]):
    """Writes to what standard error is at that moment; standard output is free for what commands answer."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def configure_logging(level: str, log_format: str) -> None:
    """Sends structlog and the standard library's loggers through one formatter.

    `log_format` is json, text, or auto (text on a terminal, JSON elsewhere). May be called again.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = _StandardError(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_rendering(log_format))
    )
    _install(handler, level)


def _install(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    root.handlers = [old for old in root.handlers if not isinstance(old, _StandardError)] + [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _rendering(log_format: str) -> list[Any]:
    without_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if log_format == "text" or (log_format == "auto" and sys.stderr.isatty()):
        return [without_meta, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    return [
        without_meta,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
