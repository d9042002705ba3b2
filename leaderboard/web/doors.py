"""The doors of the product: logins and forms for people, tokens for programs, and what watches over it."""

from flask import Flask
from flask_wtf import CSRFProtect

from leaderboard.settings import Settings
from leaderboard.web import access, api, auth, bearer, health
from leaderboard.web.tv import door as tv


def init_app(app: Flask, settings: Settings) -> None:
    """Shuts them, and opens those that are public. Before the site, whose language may be a login's."""
    csrf = CSRFProtect(app)
    access.init_app(app)
    app.extensions["api_rates"] = bearer.rates_for(settings)
    for door in (auth, api, health):
        app.register_blueprint(door.blueprint)
    tv.init_app(app, settings)
    # No cookie opens these, so no other site can use one.
    csrf.exempt(api.blueprint)
    # What a screen sends bears a header that only a script of this site can set.
    csrf.exempt(tv.blueprint)
