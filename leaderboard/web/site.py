"""The site that people see: languages, looks, pages and what they say when something goes wrong."""

from flask import Flask

from leaderboard.web import (
    appearance,
    assets,
    awards,
    board,
    credentials,
    data_health,
    errors,
    formats,
    languages,
    me,
    notes,
    pages,
    preferences,
    rules,
    sentences,
    shell,
)
from leaderboard.web.settings import (
    audit,
    awarded,
    by_hand,
    consequences,
    fairness,
    payouts,
    people,
    periods,
    rule_calendars,
    rule_carrots,
    rule_drafts,
    rule_editor,
    rule_ladders,
    rule_levels,
    rule_organization,
    rule_restating,
    rule_suspensions,
    rule_trial_start,
    rule_trials,
    screen_line_up,
    screens,
    simulations,
)
from leaderboard.web.settings import home as settings
from leaderboard.web.settings import rules as rule_settings
from leaderboard.web.settings.roster.blueprints import BLUEPRINTS as ROSTER


def init_app(app: Flask) -> None:
    """Everything but logins and the API, which come with rules of their own."""
    languages.init_app(app, lambda: shell.organization().locale, lambda: shell.organization().zone)
    shell.init_app(app, pages.organization_facts)
    assets.init_app(app)
    formats.init_app(app)
    sentences.init_app(app)
    errors.init_app(app)
    for area in (
        board,
        me,
        appearance,
        notes,
        awards,
        credentials,
        rules,
        data_health,
        settings,
        preferences,
    ):
        app.register_blueprint(area.blueprint)
    for part in (
        rule_settings,
        rule_drafts,
        rule_editor,
        rule_organization,
        rule_levels,
        rule_calendars,
        rule_restating,
        rule_carrots,
        rule_ladders,
        rule_suspensions,
        rule_trials,
        rule_trial_start,
        people,
        audit,
        consequences,
        by_hand,
        awarded,
        payouts,
        periods,
        screens,
        screen_line_up,
        simulations,
        fairness,
    ):
        app.register_blueprint(part.blueprint)
    for blueprint in ROSTER:
        app.register_blueprint(blueprint)
