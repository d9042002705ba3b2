"""Where credentials are made out, by the settings: the address by which the world reaches us, and the keys."""

from typing import cast

from flask import current_app

from leaderboard.files.open_badges import Issuer
from leaderboard.services.credential_signing import Desk
from leaderboard.settings import Settings
from leaderboard.web.shell import organization


def desk() -> Desk:
    """The desk of this request; the organization bears the name that it has now."""
    settings = cast(Settings, current_app.extensions["settings"])
    return Desk(Issuer(settings.base_url, organization().name or settings.base_url), settings.keys_folder)
