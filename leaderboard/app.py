"""The one place that wires things together."""

import gc

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from leaderboard import job_queue
from leaderboard.cli import (
    backups,
    credentials,
    demo,
    events,
    explain,
    periods,
    roster,
    rulebook,
    serve,
    simulation,
    standings,
    tokens,
    tv,
    users,
)
from leaderboard.logs import configure_logging
from leaderboard.persistence import db
from leaderboard.settings import ROOT, Settings, settings_or_exit
from leaderboard.web import addresses, doors, headers, incoming, site, template_cache
from leaderboard.web.presenters.receipts import told_day
from leaderboard.web.tv import gate

MOST_BODY_BYTES = 5_000_000


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Without `settings` they come from the environment; a bad one ends the process."""
    settings = settings or settings_or_exit()
    configure_logging(settings.log_level, settings.log_format)
    app = Flask(
        "leaderboard",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.instance_dir),
        root_path=str(ROOT),
    )
    _configure(app, settings)
    template_cache.init_app(app, settings.instance_dir)
    addresses.init_app(app)
    incoming.init_app(app)
    gate.init_app(app, settings.web_threads)
    headers.init_app(app, is_https=settings.is_https)
    db.init_app(app, settings.database_url, settings.migration_database_url)
    job_queue.init_app(app, settings.bell_url)
    doors.init_app(app, settings)
    site.init_app(app)
    _commands(app)
    _trust_proxies(app, settings.proxy_hops)
    _collect_seldom()
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MOST_BODY_BYTES,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        # Secure and __Host- only where people come by https: a phone on the office network must get in too.
        SESSION_COOKIE_NAME="__Host-session" if settings.is_https else "session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PREFERRED_URL_SCHEME="https" if settings.is_https else "http",
        # Tokens live as long as the session: a board left open overnight must still be able to send its form.
        WTF_CSRF_TIME_LIMIT=None,
        TEMPLATES_AUTO_RELOAD=False,
    )


def _commands(app: Flask) -> None:
    """A line for each group of commands."""
    app.cli.add_command(serve.serve)
    app.cli.add_command(rulebook.rulebook)
    app.cli.add_command(roster.roster)
    app.cli.add_command(events.events)
    app.cli.add_command(users.group)
    app.cli.add_command(tokens.group)
    app.cli.add_command(credentials.group)
    app.cli.add_command(tv.group)
    app.cli.add_command(demo.group)
    for command in (
        standings.evaluate,
        standings.standings,
        standings.ratings,
        standings.ledger,
        standings.badges,
    ):
        app.cli.add_command(command)
    app.cli.add_command(simulation.command)
    app.cli.add_command(periods.periods)
    app.cli.add_command(backups.backup)
    app.cli.add_command(backups.restore)
    app.cli.add_command(explain.command(told_day))


def before_fork(app: Flask) -> None:
    """Closes what a process that is about to fork has open: neither SQLite nor PostgreSQL bears being shared."""
    with app.app_context():
        db.db.engine.dispose()


def after_fork(app: Flask) -> None:
    """The first thing in a forked process that was given the application by its parent."""
    with app.app_context():
        db.dispose_after_fork()


def _collect_seldom() -> None:
    """The collector of cycles looks seldom, and not at what the start made: it took a third of an evaluation's time.

    Evaluations make hundreds of thousands of small values without a cycle among them.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def _trust_proxies(app: Flask, hops: int) -> None:
    """X-Forwarded-* is believed from exactly so many proxies, and from none by default."""
    if hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_prefix=0
        )
